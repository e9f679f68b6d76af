"""`chaperone-audit verify` and `open-receipt` as typed, with receipts that host and broker made: of this log, and of something else."""

import json
from pathlib import Path

import pytest

from tests.helpers.audit_program import Audit, audit
from tests.helpers.kept_visits import BROKER_TEXT, HOST_TEXT, Kept, kept_visits
from tests.helpers.two_logs import DEVICE_KEY
from trust.keys import public_key_text
from trust.sealing import make_auditor_key, seal

__all__ = ["audit"]
STRANGER = public_key_text(b"\x05" * 32)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return kept_visits(tmp_path_factory.mktemp("kept"))


def test_a_receipt_fits_to_the_log_of_either_side(audit: Audit, kept: Kept) -> None:
    for session in ("s-1", "s-2"):
        receipt = kept.receipt(session)
        at_host = audit("verify", kept.log, "--against", receipt, "--key", HOST_TEXT, "--other-key", BROKER_TEXT)
        assert (at_host.code, f"Receipt of visit {session}: it fits to this log." in at_host.out) == (0, True)
        at_broker = audit("verify", kept.database, "--against", receipt, "--key", BROKER_TEXT)
        assert (at_broker.code, "it fits to this log" in at_broker.out) == (0, True)
    body = json.loads(audit("verify", kept.log, "--against", kept.receipt("s-1"), "--key", HOST_TEXT, "--json").out)
    assert (body["found"], body["receipt"]) == (0, {"session": "s-1", "keys": ["host"], "findings": []})


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("--key", HOST_TEXT), "Checked with the host\u2019s key"),
        (("--key", BROKER_TEXT), "Checked with the broker\u2019s key"),
        (("--key", BROKER_TEXT, "--other-key", HOST_TEXT), "Checked with both keys"),
        ((), "which anybody can write"),
    ],
    ids=["host", "broker", "both", "none"],
)
def test_a_receipt_by_itself_is_checked_with_whichever_key_there_is(audit: Audit, kept: Kept, keys: tuple[str, ...], said: str) -> None:
    answer = audit("verify", kept.receipt("s-1"), *keys)
    assert (answer.code, said in answer.out) == (0, True)
    assert "Receipt of visit s-1: every line of it is proven." in answer.out


def test_a_key_of_somebody_else_is_named(audit: Audit, kept: Kept) -> None:
    for key in (STRANGER, public_key_text(DEVICE_KEY.public_key)):
        answer = audit("verify", kept.receipt("s-1"), "--key", key)
        assert (answer.code, "neither the host\u2019s nor the broker\u2019s" in answer.out) == (1, True)
        body = json.loads(audit("verify", kept.receipt("s-1"), "--key", key, "--json").out)
        assert (body["found"], body["receipt"]["keys"]) == (1, [])


def test_a_file_that_only_begins_like_a_receipt_is_named(audit: Audit, kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(kept.receipt("s-1").read_bytes()[:-1])
    for arguments in ((path,), (kept.log, "--against", path)):
        said = audit("verify", *arguments, "--language", "fr")
        assert (said.code, "Reçu : 1 défaut trouvé." in said.out) == (1, True)


def test_a_log_comes_before_its_receipt(audit: Audit, kept: Kept) -> None:
    said = audit("verify", kept.receipt("s-1"), "--against", kept.log)
    assert (said.code, "give the log first" in said.err) == (2, True)


def test_a_copy_that_was_opened_is_checked(audit: Audit, kept: Kept, tmp_path: Path) -> None:
    public = make_auditor_key(tmp_path / "auditor.key")
    own, other = kept.receipt("s-1").read_bytes(), kept.receipt("s-2").read_bytes()
    for name, content, key, code, said in (
        ("good", own, HOST_TEXT, 0, "every line of it is proven"),
        ("stranger", own, STRANGER, 1, "neither the host\u2019s nor the broker\u2019s"),
        ("exchanged", other, HOST_TEXT, 1, "not of the visit that it was said to be of"),
        ("nonsense", b"{}", HOST_TEXT, 1, "no receipt of a form"),
    ):
        (tmp_path / name).write_bytes(seal(content, "s-1", public))
        out = tmp_path / f"{name}.json"
        answer = audit(
            "open-receipt", tmp_path / name, "--session", "s-1", "--key", tmp_path / "auditor.key", "--out", out, "--signed-by", key
        )
        assert (answer.code, said in answer.out, out.read_bytes() == content) == (code, True, True), name


def test_one_is_not_several_in_either_language(audit: Audit, kept: Kept, tmp_path: Path) -> None:
    for language, lines in (("en", ("1 entry in", "1 entry:")), ("fr", ("1 entrée dans", "1 entrée :"))):
        out = tmp_path / f"{language}.csv"
        said = audit("export", kept.log, out, "--event", "host_started", "--language", language)
        assert (said.code, lines[0] in said.out) == (0, True)
        assert "Log" not in said.out
    said = audit("verify", kept.log, "--key", HOST_TEXT, "--language", "fr")
    assert said.code == 0
    for english in ("Log ", "entries", "checkpoint,", "Checked", "Head", "nothing"):
        assert english not in said.out
