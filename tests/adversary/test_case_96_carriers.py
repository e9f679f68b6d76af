"""Case 96: whichever way a record goes, and however often that changes, no key and nonce is used for two records and no record counts
twice; and what is said of the way opens nothing.

Here is what needs no browser: the seals, and the broker, who carries nothing of a direct path. That nothing is lost or doubled while the
way changes is `tests/host_client/core/test_carriage.py`'s; what a report may say, `tests/broker/core/test_carriage.py`'s; who is told
between which of a site's addresses content went, case 47's. A visit with a real browser is this case's other file.

Mutations, each seen to fail a test here: the nonce, or the AAD, takes a byte of the way; a record that is sent again is sealed again; an
opener takes a record twice; a report opens a lane, or leaves one open that was taken back; a report of a console is recorded; a flood
of reports is.
"""

from collections import Counter
from typing import ClassVar

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.events.visit import DirectEnded, DirectStarted, FrameRefused
from broker.core.lanes import Relayed
from policy.carrier import Carrier, DirectCause
from policy.decision import Reason
from policy.permissions import Direction, Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_core import HOST, TECHNICIAN, Meeting, Table, control, messages, noted
from wire.errors import PeerMisbehaved
from wire.frames import Frame, FrameKind, RecordHeader, split_record
from wire.messages.ledger import Withdrawn
from wire.messages.session import CarrierReport, SessionOver
from wire.sealed import records
from wire.sealed.records import Channel, Opener, Sealer
from wire.statements import Label

pytestmark = pytest.mark.adversary
SECRET, SCREEN = b"s" * 32, Channel("s-1", Lane.SCREEN, 7, Direction.TO_TECHNICIAN)


class Watched:
    """AES-GCM that remembers what it sealed with which key, nonce and AAD."""

    sealed: ClassVar[list[tuple[bytes, bytes, bytes]]] = []

    def __init__(self, key: bytes) -> None:
        self._key, self._cipher = key, AESGCM(key)

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        Watched.sealed.append((self._key, nonce, aad))
        return self._cipher.encrypt(nonce, data, aad)

    def decrypt(self, nonce: bytes, data: bytes, aad: bytes) -> bytes:
        return self._cipher.decrypt(nonce, data, aad)


# ---- the seals


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_records_go_either_way_sealed_once_and_taken_once(monkeypatch: pytest.MonkeyPatch, turns: list[tuple[bool, int, int]]) -> None:
    """Each turn: directly or by relay, how many records, and how many of them the other end had not taken when the way changed."""
    Watched.sealed = []
    monkeypatch.setattr(records, "AESGCM", Watched)
    sealer, opener, said, taken, waiting = Sealer(SECRET, SCREEN, 0.0), Opener(SECRET, SCREEN), 0, [], list[bytes]()
    for directly, count, lost in turns:
        waiting += [sealer.seal(b"%d" % number, 0.0) for number in range(said, said + count)]
        said += count
        arriving = waiting[: max(0, len(waiting) - lost)] if directly else waiting
        taken += [opener.open(*split_record(each)) for each in arriving]
        waiting = waiting[len(arriving) :]
    taken += [opener.open(*split_record(each)) for each in waiting]
    assert taken == [b"%d" % number for number in range(said)]
    used = Counter((key, nonce) for key, nonce, _ in Watched.sealed)
    assert set(used.values()) <= {1}
    assert len(used) == said, "what is sent again was not sealed again"


def test_nonce_and_aad_are_of_session_lane_grant_epoch_and_sequence_and_of_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    Watched.sealed = []
    monkeypatch.setattr(records, "AESGCM", Watched)
    sealer = Sealer(SECRET, SCREEN, 0.0)
    sealed = [sealer.seal(b"x", 0.0) for _ in range(3)]
    assert [(nonce, aad) for _, nonce, aad in Watched.sealed] == [
        (bytes(4) + number.to_bytes(8, "big"), b"s-1" + body[:15]) for number, body in enumerate(sealed)
    ]


def test_a_record_that_comes_both_ways_is_a_fault_and_nothing_is_opened_after_it() -> None:
    sealer, opener = Sealer(SECRET, SCREEN, 0.0), Opener(SECRET, SCREEN)
    first, second = sealer.seal(b"1", 0.0), sealer.seal(b"2", 0.0)
    opener.open(*split_record(first))
    with pytest.raises(PeerMisbehaved):
        opener.open(*split_record(first))
    with pytest.raises(PeerMisbehaved):
        opener.open(*split_record(second))


# ---- the broker, which carries nothing of it


def report(meeting: Meeting, attempt: int = 1) -> CarrierReport:
    return CarrierReport(meeting.visit.session_id, attempt, Carrier.DIRECT, "10.0.0.0/8", "10.0.0.0/8", None, 0, 0)


def over(meeting: Meeting, attempt: int = 1) -> CarrierReport:
    return CarrierReport(meeting.visit.session_id, attempt, Carrier.RELAY, "", "", DirectCause.STALLED, 5_000_000, 900)


def picture(grant: int, sequence: int) -> bytes:
    return Frame(FrameKind.SEALED, RecordHeader(Lane.SCREEN, grant, 0, sequence).encode() + bytes(40)).encode()


def judged(meeting: Meeting, grant: int, sequence: int) -> Relayed:
    return meeting.host_end.judge(picture(grant, sequence), meeting.table.now)[0]


@pytest.mark.parametrize("said", [(), ("report",), ("report", "over")], ids=["silent", "direct", "direct and back"])
def test_lanes_stand_and_fall_with_grants_whatever_is_said_of_the_way(said: tuple[str, ...]) -> None:
    meeting = Table().meet()
    meeting.view()
    for each in said:
        meeting.table.run(meeting.host_end, control({"report": report, "over": over}[each](meeting)))
    assert judged(meeting, 1, 40) is Relayed.FORWARD, "the relay goes on with the sequence that comes next"
    taken = Withdrawn(meeting.visit.session_id, 1, HOST, Permission.VIEW, 1)
    meeting.by_host(Label.WITHDRAWN, taken)
    assert judged(meeting, 1, 41) is Relayed.DISCARD
    assert judged(meeting, 2, 0) is Relayed.MISBEHAVED


def test_a_way_that_is_told_before_anything_was_allowed_lets_nothing_through() -> None:
    meeting = Table().meet()
    meeting.seal()
    meeting.table.run(meeting.host_end, control(report(meeting)))
    assert judged(meeting, 1, 0) is Relayed.MISBEHAVED


def causes(commands: list[object]) -> set[EndCause]:
    return {said.cause for said in messages(commands, SessionOver)}


def test_a_console_says_nothing_of_the_way() -> None:
    meeting = Table().meet()
    meeting.view()
    commands = meeting.table.run(meeting.console_end, control(report(meeting)))
    assert causes(commands) == {EndCause.PEER_MISBEHAVED}
    assert [each.what for each in noted(commands) if isinstance(each, FrameRefused)] == [f"sent by {TECHNICIAN}"]
    assert not [each for each in noted(commands) if isinstance(each, DirectStarted)]


def test_a_flood_of_reports_ends_the_visit_after_two_entries() -> None:
    meeting = Table().meet()
    meeting.view()
    commands = [meeting.table.run(meeting.host_end, control(of(meeting, 1 + turn))) for turn in range(50) for of in (report, over)]
    told = [each for some in commands for each in noted(some)]
    assert [type(each) for each in told if isinstance(each, DirectStarted | DirectEnded)] == [DirectStarted, DirectEnded]
    assert [each.reason for each in told if isinstance(each, FrameRefused)] == [Reason.TOO_FAST]
    assert causes(commands[2]) == {EndCause.PEER_MISBEHAVED}
    assert commands[3:] == [[]] * len(commands[3:])
