"""What opening finds: a log continues its newest checkpoint, or it is in doubt; a named person ends the doubt."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.checkpoint import open_note
from audit.entry import At, decode_entry
from audit.events import evidence, host, visit
from audit.heads import check_end, follow
from audit.log import Side
from policy.session import EndCause
from runtime.file_log import FileLog, Notary
from runtime.log_lines import segments, stored_log
from runtime.log_notes import CHECKPOINTS, stored_notes
from runtime.log_opening import open_log
from trust.signatures import Ed25519Signer, ed25519_verifies
from wire.messages.evidence import Doubt

WHEN = At(1_700_000_000_000, 5_000, clock_suspect=False)
SIGNER = Ed25519Signer(b"h" * 32)
NOTARY = Notary(SIGNER.public_key, SIGNER.sign_note, ed25519_verifies)
STARTED = host.HostStarted(host_id="h-1", version="1")


def ended(session_id: str) -> visit.SessionEnded:
    return visit.SessionEnded(session_id=session_id, by="h-1", cause=EndCause.HOST_ENDED, said_at=5)


def opened(folder: Path, segment_bytes: int = 1_500) -> FileLog:
    return open_log(folder, Side.HOST, WHEN, NOTARY, segment_bytes=segment_bytes)


def written(folder: Path, count: int = 20) -> None:
    """A log of several files whose checkpoint covers all of it."""
    with opened(folder) as log:
        for number in range(count):
            log.append([ended(f"s-{number}") if number % 5 == 2 else STARTED], WHEN)
        log.checkpoint()


def test_a_head_continues_what_was_shown_and_shows_the_end_of_a_visit(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        log.append([STARTED], WHEN)
        first = log.head(0)
        assert first is not None
        held = follow(None, first, Side.HOST, SIGNER.public_key, ed25519_verifies)
        assert log.head(1, "s-1") is None
        log.append([STARTED, ended("s-1"), STARTED], WHEN)
    with opened(tmp_path) as log:
        log.append([STARTED], WHEN)
        shown = log.head(1, "s-1")
        assert shown is not None
        held = follow(held, shown, Side.HOST, SIGNER.public_key, ed25519_verifies)
        assert held.checkpoint.size == 5
        assert check_end(held.checkpoint, "s-1", shown.end).event == ended("s-1")
        ahead = log.head(100)
        assert ahead is not None
        assert ahead.consistency == ()
    assert len(stored_notes(tmp_path)) == 2


def shorter(folder: Path) -> None:
    segments(folder)[-1].unlink()


def longer_ago(folder: Path) -> None:
    for segment in segments(folder):
        segment.unlink()
    written(folder.with_name("other"), 5)
    for segment in segments(folder.with_name("other")):
        shutil.copy(segment, folder)


def rewritten(folder: Path) -> None:
    segment = segments(folder)[1]
    segment.write_bytes(segment.read_bytes().replace(b"s-7", b"s-8"))


@pytest.mark.parametrize("tamper", [shorter, longer_ago, rewritten])
def test_what_was_done_to_a_log_is_found_at_opening_and_stays_until_it_is_acknowledged(
    tmp_path: Path, tamper: Callable[[Path], None]
) -> None:
    folder = tmp_path / "log"
    written(folder)
    with opened(folder) as log:
        assert log.doubt is None
    before = stored_notes(folder)
    tamper(folder)
    for _ in range(2):
        with opened(folder) as log:
            assert log.doubt is Doubt.OWN_LOG
            assert log.doubted is not None
            assert log.doubted.held is not None
            assert log.doubted.held.size == 20
            open_note(log.checkpoint(), SIGNER.public_key, ed25519_verifies)
    assert stored_notes(folder) == before
    with opened(folder) as log:
        log.acknowledged(WHEN)
        log.acknowledged(WHEN)
        assert log.doubt is None
    with opened(folder) as log:
        assert log.doubt is None
    assert isinstance(decode_entry(list(stored_log(folder).rows())[-1].entry).event, evidence.LogBegun)


def test_half_a_checkpoint_is_cut_and_an_entry_says_so(tmp_path: Path) -> None:
    written(tmp_path)
    whole = (tmp_path / CHECKPOINTS).read_bytes()
    (tmp_path / CHECKPOINTS).write_bytes(whole + whole[: len(whole) // 2])
    with opened(tmp_path) as log:
        assert log.doubt is None
    assert (tmp_path / CHECKPOINTS).read_bytes() == whole
    last = decode_entry(list(stored_log(tmp_path).rows())[-1].entry).event
    assert last == host.LogRepaired(segment=CHECKPOINTS, bytes_cut=len(whole) // 2)
