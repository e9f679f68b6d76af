"""`chaperone-host receipts` as typed: listed, shown, exported; what is wrong is named, and nothing is written over."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from audit.receipt_form import encode_receipt
from host_client import cli
from host_client.config import HostFiles
from host_client.guardian.main import EXIT_FAULT, EXIT_NOT_ENROLLED, EXIT_WORDS
from runtime.private_files import private_folder, write_private
from tests.helpers.documents import VendorSigners
from tests.helpers.host_files import enrolled_files
from tests.helpers.kept_visits import Kept, kept_visits
from trust.keys import make_key

VENDOR = VendorSigners("Acme")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return kept_visits(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def files(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HostFiles:
    """The host whose visits these were; the second receipt waits for the broker."""
    monkeypatch.setenv("COLUMNS", "300")
    state = private_folder(tmp_path / "state")
    private_folder(HostFiles(state).key.parent)
    make_key(HostFiles(state).key, lambda count: b"\1" * count)
    made = enrolled_files(state, VENDOR.root)
    private_folder(made.receipts)
    write_private(made.receipts / "2026-09-21-s-1.json", kept.receipt("s-1").read_bytes())
    write_private(made.receipts / "2026-09-21-s-2.json", encode_receipt(replace(kept.data("s-2"), broker=None)))
    return made


def run(files: HostFiles, *words: str) -> Result:
    return CliRunner().invoke(cli.app, ("receipts", *words, "--state", str(files.state)))


def test_they_are_listed_oldest_first_with_who_has_signed(files: HostFiles) -> None:
    write_private(files.receipts / "2026-09-20-odd.json", b"{}")
    assert run(files, "list").stdout.splitlines() == [
        "2026-09-20  odd  cannot be read",
        "2026-09-21  s-1  signed by both",
        "2026-09-21  s-2  not signed by the broker yet",
    ]


def test_one_is_shown_in_words_of_either_language(files: HostFiles) -> None:
    said = run(files, "show", "s-1")
    assert said.exit_code == 0
    for words in ("Ana of Vendor visited Analyser 1", "every line below is proven", "For at most: 10 min 00 s"):
        assert words in said.stdout
    assert "Reçu" in run(files, "show", "s-1", "--language", "fr").stdout


def test_what_is_wrong_with_it_is_said_first_and_in_the_exit_code(files: HostFiles) -> None:
    said = run(files, "show", "s-2")
    assert (said.exit_code, "  ! The broker did not sign this receipt." in said.stdout) == (EXIT_FAULT, True)
    assert run(files, "show", "s-9").exit_code == EXIT_WORDS
    write_private(files.receipts / "2026-09-20-odd.json", b"{}")
    assert run(files, "show", "odd").exit_code == EXIT_FAULT


@pytest.mark.parametrize(("form", "begins"), [("json", b'{"broker":'), ("html", b"<!doctype html>"), ("pdf", b"%PDF-")])
def test_each_form_is_written_once_and_over_nothing(files: HostFiles, tmp_path: Path, form: str, begins: bytes) -> None:
    out = tmp_path / f"receipt.{form}"
    said = run(files, "export", "s-1", "--as", form, "--out", str(out))
    assert (said.exit_code, out.read_bytes().startswith(begins)) == (0, True)
    assert f"{out}: {out.stat().st_size} bytes" in said.stdout
    before = out.read_bytes()
    assert run(files, "export", "s-1", "--as", form, "--out", str(out)).exit_code == EXIT_WORDS
    assert out.read_bytes() == before


def test_the_exported_json_is_the_receipt_itself(files: HostFiles, kept: Kept, tmp_path: Path) -> None:
    assert run(files, "export", "s-1", "--out", str(tmp_path / "receipt.json")).exit_code == 0
    assert (tmp_path / "receipt.json").read_bytes() == kept.receipt("s-1").read_bytes()


def test_a_host_that_is_not_enrolled_checks_nothing(files: HostFiles) -> None:
    files.enrolment.unlink()
    assert run(files, "show", "s-1").exit_code == EXIT_NOT_ENROLLED
