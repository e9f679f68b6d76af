"""`chaperone-host` as an administrator meets it: help worth reading, terms before anything, and exit codes that mean something."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from audit.events import host as log
from host_client import cli
from host_client.cli_common import EXIT_NO_GUARDIAN
from host_client.config import HostFiles, read_enrolment, read_site_root, write_enrolment
from host_client.core.in_force import Taken
from host_client.guardian import enrol
from host_client.guardian.main import EXIT_NO_LOG, EXIT_NOT_ENROLLED, EXIT_WORDS, documents_of
from runtime.private_files import private_folder
from tests.helpers.broker_process import Host
from tests.helpers.documents import SiteSigners, VendorSigners
from tests.helpers.free_ports import free_ports
from tests.helpers.host_files import enrolled_files
from tests.helpers.host_process import EnrolledHost
from tests.helpers.views import listed_host
from trust.signatures import Ed25519Signer
from wire.messages.documents import ListedBroker, VendorDocument
from wire.schema import base64url

VENDOR, SITE = VendorSigners("Acme"), SiteSigners("Site A")
COMMANDS = ("enrol", "fingerprint", "guardian", "desk", "start", "status", "site-root")
OF_THE_LOG = ("log expire", "log correct", "doubts list", "doubts acknowledge")


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's own settings, and wide lines."""
    for name in os.environ:
        if name.startswith("CHAPERONE_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "300")


@pytest.fixture
def files(tmp_path: Path) -> HostFiles:
    """A PC that was enrolled at a broker that nobody runs."""
    return enrolled_files(tmp_path / "state", VENDOR.root)


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """Where a broker would be. `came` looks whether anybody was there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def came(door: socket.socket) -> bool:
    try:
        door.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def port_of(door: socket.socket) -> int:
    return int(door.getsockname()[1])


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli.app, words, input=typed)


def wish(port: int, folder: Path, *more: str) -> tuple[str, ...]:
    """The words of an enrolment at this port."""
    (folder / "vendor.root.json").write_bytes(VENDOR.root)
    named = ("--token", base64url(bytes(32)), "--vendor-root", str(folder / "vendor.root.json"), "--name", "PC 1", "--model", "AX")
    return (
        "enrol",
        "--broker",
        f"https://localhost:{port}",
        *named,
        "--no-phi",
        "--language",
        "en",
        "--state",
        str(folder / "state"),
        *more,
    )


# ---- help


def test_help_names_every_command_and_every_exit_code() -> None:
    said = run("--help").output
    assert all(f" {command} " in said for command in COMMANDS)
    assert "Exit codes: 0 done" in said
    assert all(f"{number} " in said for number in range(6))


@pytest.mark.parametrize("command", [*COMMANDS, *OF_THE_LOG])
def test_every_command_says_what_it_does(command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "--state" in result.output


def test_without_a_word_help_is_shown_and_a_wrong_word_is_one() -> None:
    assert "enrol" in run().output
    assert run("stroll").exit_code == EXIT_WORDS


# ---- the terms come first


def test_nothing_is_opened_or_made_before_the_terms_are_accepted(door: socket.socket, tmp_path: Path) -> None:
    result = run(*wish(port_of(door), tmp_path), typed="\n")
    assert result.exit_code == EXIT_NOT_ENROLLED
    assert "nothing was sent" in result.output
    assert not came(door)
    assert not (tmp_path / "state").exists()
    assert run(*wish(port_of(door), tmp_path)).exit_code == EXIT_NOT_ENROLLED  # nobody at the keyboard
    assert not came(door)


def test_the_terms_the_whole_list_and_the_one_target_are_shown(door: socket.socket, tmp_path: Path) -> None:
    said = run(*wish(port_of(door), tmp_path)).output
    shown = [line.strip() for line in said.splitlines()]
    made = enrol.Wish(f"https://localhost:{port_of(door)}", b"", b"", b"", "", "PC 1", "AX", phi=False)
    for line in "\n".join(enrol.terms(made, "en")).splitlines():
        assert line.strip() in shown
    assert f"localhost:{port_of(door)}" in said


def test_who_accepted_stands_in_the_log_although_nobody_answered(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    result = run(*wish(port, tmp_path, "--accept-by", " Local Admin "))
    assert result.exit_code == EXIT_NOT_ENROLLED
    assert "cannot be reached" in result.output
    files = HostFiles(tmp_path / "state")
    accepted = [each for each in log_of(files) if isinstance(each, log.TermsAccepted)]
    assert [(each.by, each.egress_target) for each in accepted] == [("Local Admin", f"localhost:{port}")]
    assert not files.enrolment.exists()


def log_of(files: HostFiles) -> list[object]:
    nobody = Host("h-1", "PC 1", "Site A", "blue", False, Ed25519Signer(bytes(32)))
    return [entry.event for entry in EnrolledHost(files, nobody).entries()]


def test_a_host_is_enrolled_once(files: HostFiles, door: socket.socket) -> None:
    result = run(*wish(port_of(door), files.state.parent, "--accept-by", "Local Admin"))
    assert result.exit_code == EXIT_NOT_ENROLLED
    assert "enrolled already" in result.output
    assert not came(door)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--broker", "http://localhost"),
        ("--broker", "https://localhost/page"),
        ("--token", "!"),
        ("--vendor-root", "/nowhere"),
        ("--vendor-root", __file__),
        ("--site-root", __file__),
        ("--ca", "/nowhere"),
    ],
)
def test_words_that_cannot_be_meant_are_refused_before_the_terms(door: socket.socket, tmp_path: Path, option: str, value: str) -> None:
    result = run(*wish(port_of(door), tmp_path), option, value)
    assert result.exit_code == EXIT_WORDS
    assert "PC may be supported" not in result.output
    assert not came(door)


# ---- exit codes


@pytest.mark.parametrize("command", ["guardian", "status", "fingerprint"])
def test_a_host_that_is_not_enrolled_says_so(command: str, tmp_path: Path) -> None:
    result = run(command, "--state", str(tmp_path))
    assert result.exit_code == EXIT_NOT_ENROLLED
    assert result.output.strip()


@pytest.mark.parametrize("command", ["guardian", "status", "fingerprint"])
def test_files_that_others_can_read_are_not_used(command: str, files: HostFiles) -> None:
    (files.key if command == "fingerprint" else files.enrolment).chmod(0o644)
    result = run(command, "--state", str(files.state))
    assert result.exit_code == EXIT_NOT_ENROLLED
    assert "chmod 600" in result.output


def test_what_was_said_about_health_data_no_command_takes_back(files: HostFiles, door: socket.socket) -> None:
    write_enrolment(files.enrolment, replace(read_enrolment(files.enrolment), phi=True))
    result = run(*wish(port_of(door), files.state.parent, "--accept-by", "Local Admin"))
    assert (result.exit_code, "no command takes it back" in result.output) == (EXIT_NOT_ENROLLED, True)
    assert read_enrolment(files.enrolment).phi
    assert not came(door)


def test_an_enrolment_does_not_exchange_a_sites_root(files: HostFiles, tmp_path: Path, door: socket.socket) -> None:
    files.enrolment.unlink()
    enrol.pin_site_root(files, SITE.root)
    (tmp_path / "other.root.json").write_bytes(SiteSigners("Site B").root)
    result = run(*wish(port_of(door), tmp_path, "--accept-by", "Local Admin", "--site-root", str(tmp_path / "other.root.json")))
    assert (result.exit_code, "by hand" in result.output) == (EXIT_NOT_ENROLLED, True)
    assert read_site_root(files) == SITE.root
    assert not came(door)


@pytest.mark.parametrize("command", ["guardian", "status"])
def test_documents_that_were_changed_on_the_disk_are_not_used(command: str, files: HostFiles) -> None:
    private_folder(files.documents)
    (files.documents / "vendor.json").write_bytes(b"{}")
    assert run(command, "--state", str(files.state)).exit_code == EXIT_NOT_ENROLLED


def test_a_sites_root_is_pinned_once(files: HostFiles, tmp_path: Path) -> None:
    (tmp_path / "site.root.json").write_bytes(SITE.root)
    (tmp_path / "other.root.json").write_bytes(SiteSigners("Site B").root)
    words = ("site-root", str(tmp_path / "site.root.json"), "--state", str(files.state))
    assert "start the guardian again" in run(*words).output
    assert "already" in run(*words).output
    assert read_site_root(files) == SITE.root
    pinned = log.SiteRootPinned(digest=sha256(SITE.root).digest())
    assert [each for each in log_of(files) if isinstance(each, log.SiteRootPinned)] == [pinned]
    other = run("site-root", str(tmp_path / "other.root.json"), "--state", str(files.state))
    assert (other.exit_code, "by hand" in other.output) == (EXIT_NOT_ENROLLED, True)
    assert read_site_root(files) == SITE.root
    assert run("site-root", __file__, "--state", str(files.state)).exit_code == EXIT_WORDS
    assert "site's documents none yet" in run("status", "--state", str(files.state)).output


def test_a_guardian_whose_log_cannot_be_written_does_nothing(files: HostFiles) -> None:
    files.log.write_text("in the way")
    result = run("guardian", "--state", str(files.state))
    assert result.exit_code == EXIT_NO_LOG


@pytest.mark.parametrize("settings", ['theme = "purple"', "theem = 'dark'", f"desk_socket = '/tmp/{'x' * 120}'"])
@pytest.mark.parametrize("command", ["guardian", "desk"])
def test_wrong_settings_are_refused_by_name(command: str, settings: str, files: HostFiles) -> None:
    (files.state / "host.toml").write_text(settings)
    result = run(command, "--state", str(files.state))
    assert result.exit_code == EXIT_WORDS
    assert settings.split(maxsplit=1)[0] in result.output


def test_a_desk_without_a_guardian_says_what_to_start(files: HostFiles) -> None:
    words = (sys.executable, "-m", "host_client.cli", "desk", "--ui", "terminal", "--state", str(files.state))
    said = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=20)
    assert said.returncode == EXIT_NO_GUARDIAN
    assert "chaperone-host guardian" in said.stderr


def test_start_ends_as_its_guardian_did(tmp_path: Path) -> None:
    words = (sys.executable, "-m", "host_client.cli", "start", "--state", str(tmp_path))
    said = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=20)
    assert said.returncode == EXIT_NOT_ENROLLED
    assert "not enrolled" in said.stderr


def test_status_says_who_this_host_is_and_whom_it_trusts(files: HostFiles) -> None:
    result = run("status", "--state", str(files.state))
    assert result.exit_code == 0
    for word in ("h-1", "PC 1", "Site A", "b-1", "https://localhost:1", "Local Admin", "fingerprint"):
        assert word in result.output
    assert "vendor's documents none yet" in result.output
    assert "listed no" in result.output
    shown = run("fingerprint", "--state", str(files.state)).output
    assert shown.strip() in result.output


def test_status_says_until_when_documents_are_in_force(files: HostFiles) -> None:
    documents = documents_of(files, read_enrolment(files.enrolment))
    listed = listed_host("h-1", "blue", bytes(32))
    bundle = VENDOR.sign(VendorDocument("Acme", ListedBroker("b-1", bytes(32)), "", b""), (), {}, (listed,))
    assert isinstance(documents.take(bundle), Taken)
    said = run("status", "--state", str(files.state)).output
    assert "vendor's documents version 1, in force until" in said
    assert "listed yes" in said
