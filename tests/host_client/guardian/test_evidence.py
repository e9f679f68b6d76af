"""What a host holds against logs, in one private file."""

from pathlib import Path

import pytest

from audit.checkpoint import Checkpoint, signed_note
from audit.heads import Held
from host_client.guardian.evidence import UNCLOSED_MAX, Evidence, EvidenceUnreadable, KeptDoubt, read_evidence
from trust.signatures import Ed25519Signer
from wire.messages.evidence import Doubt

SIGNER = Ed25519Signer(b"b" * 32)
DOUBT = KeptDoubt("b-1", Doubt.FORKED, "", "", 5)


def held(size: int) -> Held:
    checkpoint = Checkpoint("chaperone/broker/l-1", size, bytes([size]) * 32)
    return Held(checkpoint, signed_note(checkpoint, SIGNER.public_key, SIGNER.sign_note))


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return read_evidence(tmp_path / "evidence.json")


def again(tmp_path: Path) -> Evidence:
    return read_evidence(tmp_path / "evidence.json")


def test_nothing_is_held_at_first(evidence: Evidence) -> None:
    assert (evidence.held, evidence.unclosed, evidence.doubts) == (None, (), ())


def test_what_is_held_outlives_the_program_and_is_for_its_owner_alone(evidence: Evidence, tmp_path: Path) -> None:
    evidence.hold(held(7))
    evidence.hold(held(9))
    assert again(tmp_path).held == held(9)
    assert (tmp_path / "evidence.json").stat().st_mode & 0o777 == 0o600


def test_visits_stay_unclosed_until_their_end_was_shown(evidence: Evidence, tmp_path: Path) -> None:
    for session in ("s-1", "s-2", "s-1"):
        evidence.add_unclosed(session)
    assert set(again(tmp_path).unclosed) == {"s-1", "s-2"}
    evidence.closed("s-1")
    evidence.closed("s-1")
    assert again(tmp_path).unclosed == ("s-2",)


def test_there_is_a_bound_to_what_a_broker_can_leave_open(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("host_client.guardian.evidence.write_private", lambda _path, _content: None)
    for number in range(UNCLOSED_MAX + 5):
        evidence.add_unclosed(f"s-{number}")
    assert evidence.unclosed[0] == "s-5"
    assert len(evidence.unclosed) == UNCLOSED_MAX


def test_a_log_is_in_doubt_until_somebody_acknowledges_it_and_the_first_doubt_is_what_they_see(evidence: Evidence, tmp_path: Path) -> None:
    evidence.hold(held(7))
    own = KeptDoubt("h-1", Doubt.OWN_LOG, held(7).note, "", 6)
    assert evidence.add_doubt(DOUBT)
    assert evidence.add_doubt(own)
    assert not evidence.add_doubt(KeptDoubt("b-1", Doubt.ROLLED_BACK, "", "", 9))
    assert again(tmp_path).doubts == (DOUBT, own)
    evidence.acknowledge("h-1", forget_held=False)
    assert again(tmp_path).held == held(7)
    evidence.acknowledge("b-1", forget_held=True)
    assert (again(tmp_path).held, again(tmp_path).doubts) == (None, ())


def test_what_cannot_be_written_is_not_held(evidence: Evidence, tmp_path: Path) -> None:
    evidence.hold(held(7))
    tmp_path.rename(tmp_path.with_name("away"))
    with pytest.raises(OSError, match="No such file"):
        evidence.hold(held(9))
    assert evidence.held == held(7)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"doubts":[],"held":"a note","unclosed":[]}'])
def test_a_file_that_was_changed_is_not_taken_for_an_empty_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "evidence.json").write_bytes(content)
    (tmp_path / "evidence.json").chmod(0o600)
    with pytest.raises(EvidenceUnreadable):
        again(tmp_path)


def test_a_file_that_others_can_read_is_not_used(evidence: Evidence, tmp_path: Path) -> None:
    evidence.hold(held(7))
    (tmp_path / "evidence.json").chmod(0o644)
    with pytest.raises(EvidenceUnreadable, match="chmod"):
        again(tmp_path)
