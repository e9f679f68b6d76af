"""What may be let go of an old log."""

import pytest

from audit.entry import At, encode_entry
from audit.events import evidence, host, visit
from audit.events.shape import EVENTS, Event
from audit.retention import KEPT, may_go, older
from policy.session import EndCause

WHEN = At(5_000, 1, clock_suspect=True)
STARTED = host.HostStarted(host_id='"type":"session_ended","v":1}', version="1")
ENDED = visit.SessionEnded(session_id="s-1", by="", cause=EndCause.TIME_LIMIT, said_at=1)


@pytest.mark.parametrize(
    ("event", "goes"),
    [
        (STARTED, True),
        (ENDED, False),
        (evidence.DiskLow(percent=3), False),
        (evidence.EntriesExpired(first=1, last=2, older_than_days=3, by="A"), False),
        (evidence.LogBegun(held_size=1, size=2), False),
        (host.LateEntries(count=3), True),
    ],
)
def test_ends_and_what_logs_say_of_themselves_stay(event: Event, goes: bool) -> None:
    assert may_go(encode_entry(event, WHEN)) is goes


def test_what_stays_is_named_as_events_are() -> None:
    assert set(EVENTS) >= KEPT
    assert "session_ended" in KEPT
    assert "log_begun" in KEPT
    assert "signed_in" not in KEPT


def test_what_cannot_be_read_stays() -> None:
    assert not may_go(b"")
    assert not may_go(b'{"type":"host_started","v":1}')
    assert not older(b"", 10_000)


def test_an_entry_is_older_than_every_later_moment() -> None:
    entry = encode_entry(STARTED, WHEN)
    assert not older(entry, 5_000)
    assert older(entry, 5_001)
