"""What is gathered of a log for a comparison: visits of this host, statements in the bytes that were signed, restarts, retention."""

from dataclasses import replace

from audit.entry import At, Entry, decode_entry
from audit.events import broker, evidence, host, visit
from audit.events.shape import Event
from audit.facts import Facts
from audit.log import Side
from tests.helpers.two_logs import DEVICE, DEVICE_KEY, HOST, HOST_KEY, MemoryBook, answered, asked, ended, held, withdrawn
from trust.signatures import verify_bytes
from wire.statements import Algorithm, Label, signed_bytes


def entry(event: Event, utc_ms: int = 5_000) -> Entry:
    return Entry(At(utc_ms, 1, clock_suspect=False), event)


def gathered(facts: Facts, *events: Event) -> Facts:
    for index, event in enumerate(events, 1):
        facts.take(index, entry(event, 1000 * index))
    return facts


def test_statements_come_back_in_the_bytes_that_were_signed() -> None:
    said: list[Event] = [asked("s", 1, 7), answered("s", 1, 7), withdrawn("s", 1, 8), ended("s", 9)]
    facts = gathered(Facts(Side.HOST), *said)
    visit_of = facts.visits["s"]
    assert list(visit_of.said) == [(Label.ASKED, 1), (Label.ANSWERED, 1), (Label.WITHDRAWN, 1), (Label.ENDED, 0)]
    for (label, ask), key in zip(visit_of.said, (DEVICE_KEY, HOST_KEY, HOST_KEY, HOST_KEY), strict=True):
        found = visit_of.find((label, ask))
        assert found is not None
        assert found.event.signature is not None
        verify_bytes(Algorithm.ED25519, key.public_key, found.event.signature, signed_bytes(label, found.payload))
    assert visit_of.find((Label.ASKED, 2)) is None


def test_an_entry_that_no_statement_can_say_has_no_bytes() -> None:
    facts = gathered(Facts(Side.HOST), visit.SessionEnded(session_id="", by=HOST, cause=ended("s", 1).cause, said_at=1))
    assert facts.visits[""].said[Label.ENDED, 0][0].payload == b""


def test_a_broker_s_visits_to_other_hosts_are_passed_over() -> None:
    facts = Facts(Side.BROKER, HOST, {"s-1"})
    opened = {"ticket": "T", "technician_id": "t", "purpose": asked("s", 1, 1).purpose, "case_reference": ""}
    gathered(
        facts,
        broker.SessionOpened(session_id="s-1", host_id="h-9", **opened),  # type: ignore[arg-type]
        broker.SessionOpened(session_id="s-2", host_id=HOST, **opened),  # type: ignore[arg-type]
        broker.SessionOpened(session_id="s-3", host_id="h-3", **opened),  # type: ignore[arg-type]
        ended("s-3", 1),
        ended("s-2", 1),
        evidence.VisitClosed(session_id="s-3", subject="h-3", entry=9),
        evidence.VisitClosed(session_id="s-2", subject=HOST, entry=7),
    )
    assert {each: facts.visits[each].opened for each in facts.visits} == {"s-1": True, "s-2": True}
    assert (facts.visits["s-2"].closed, facts.visits["s-2"].closed_at, facts.visits["s-2"].last) == (7, 7, 5)


def test_a_host_s_log_says_which_host_and_whose_device() -> None:
    facts = gathered(Facts(Side.HOST), host.Enrolled(host_id=HOST, broker_id="b", fingerprint=""))
    assert facts.host_id == HOST
    gathered(facts, host.HostStarted(host_id="", version="1"), host.HostStarted(host_id="h-2", version="1"))
    assert facts.host_id == "h-2"
    identity = host.IdentityProven(session_id="s-1", technician_id="t", name="", company="", fingerprint=DEVICE)
    assert gathered(Facts(Side.HOST), identity).visits["s-1"].fingerprint == DEVICE
    assert gathered(Facts(Side.BROKER, "", ()), identity).visits == {}


def test_what_a_visit_last_touched_is_noted() -> None:
    facts = gathered(Facts(Side.HOST), asked("s", 1, 1), host.CaptureStarted(session_id="s", ask=1, width=1, height=1))
    assert (facts.visits["s"].first, facts.visits["s"].last) == (1, 2)
    gathered(facts, host.CaptureStarted(session_id="other", ask=1, width=1, height=1))
    assert list(facts.visits) == ["s"]


def test_a_program_that_starts_without_having_stopped_was_killed() -> None:
    started, stopped = host.HostStarted(host_id=HOST, version="1"), host.HostStopped(host_id=HOST)
    facts = gathered(Facts(Side.HOST), started, started, stopped, started)
    assert [facts.killed_after(index) for index in range(5)] == [True, True, False, True, False]
    begun, ends = broker.BrokerStarted(broker_id="b", version="1"), broker.BrokerStopped(broker_id="b")
    assert [gathered(Facts(Side.BROKER), begun, ends).killed_after(index) for index in (0, 1, 2)] == [True, False, False]


def test_rows_without_an_entry_are_holes_and_those_that_were_altered_say_what_they_claim_to_be() -> None:
    book = MemoryBook(Side.HOST)
    book.write(asked("s", 1, 1), answered("s", 1, 1), held(book), evidence.EntriesExpired(first=1, last=1, older_than_days=9, by=""))
    facts = Facts(Side.HOST)
    facts.look(replace(book.rows[0], salt=b"", entry=b""), None)
    facts.look(book.rows[1], None)  # a body that reads well, and is not the one that was hashed
    facts.look(book.rows[2], None)
    facts.look(replace(book.rows[2], index=4, entry=b"nonsense"), None)
    facts.look(replace(book.rows[3], index=5), decode_entry(book.rows[3].entry))
    assert facts.claims == {("s", Label.ANSWERED, 1): 2}
    assert [(each.first, each.last, each.bare) for each in facts.holes.found] == [(1, 1, True), (2, 4, False)]
    assert (facts.holes.expired, [each.first for each in facts.holes.broken()]) == ([(1, 1)], [2])
    assert facts.visits == {}


def test_heads_late_entries_and_acknowledged_doubts_are_gathered() -> None:
    shown = MemoryBook(Side.BROKER)
    shown.write(ended("s", 1))
    head = held(shown)
    begun = evidence.LogBegun(held_size=9, size=4)
    acknowledged = evidence.DoubtAcknowledged(subject="b", by="Kim", why="disk")
    facts = gathered(Facts(Side.HOST), head, host.LateEntries(count=2), begun, acknowledged)
    assert (facts.heads, facts.late, facts.begun, facts.acknowledged) == ([(1, head)], [(3, 4)], [begun], 4)


def test_a_visit_knows_where_its_line_was_cut() -> None:
    cut = visit.VisitParted(session_id="s")
    facts = gathered(Facts(Side.HOST), cut, asked("s", 1, 7), cut, visit.VisitRejoined(session_id="s", number=1), cut)
    assert (facts.visits["s"].cuts, facts.visits["s"].last) == ([3, 5], 5)


def test_who_only_watches_says_what() -> None:
    begun = host.WatchBegun(session_id="s-1", watcher_session="s-2", watcher_id="t", name="", company="")
    identity = host.IdentityProven(session_id="s-2", technician_id="t", name="", company="", fingerprint=DEVICE)
    assert gathered(Facts(Side.HOST), begun).visits == {}
    assert gathered(Facts(Side.HOST), identity, begun).visits["s-2"].watches == "s-1"
