"""Which sealed records pass: by lane, grant, direction, size and time; and a state machine that tries to get round it."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from broker.core.lanes import Lanes, Relayed, file_room
from policy.permissions import LANE_PERMISSION, TERMS, Direction, Lane
from tests.helpers.playbook import NOON
from wire.frames import FILE_LANES, FrameKind, RecordHeader
from wire.limits import ACK_PLAIN_MAX, CONTROL_LANE_BYTES_PER_MINUTE, CONTROL_RECORD_MAX, FILE_FRAME_MAX, FILE_WINDOW, SEALED_FRAME_MAX
from wire.messages.presence import EndRole

LATER = NOON.after(600)
LANES = sorted(set(LANE_PERMISSION) - FILE_LANES)


def frame(lane: int, grant: int, plain: int = 10) -> bytes:
    header = RecordHeader(Lane(lane), grant, 0, 0).encode()
    return bytes((FrameKind.SEALED,)) + header + bytes(plain + 16)


def viewing() -> Lanes:
    lanes = Lanes()
    lanes.open(Lane.SCREEN, 1, LATER)
    return lanes


def test_a_picture_passes_under_its_grant_alone() -> None:
    lanes = viewing()
    assert lanes.judge(EndRole.HOST, frame(Lane.SCREEN, 1, 60_000), NOON) is Relayed.FORWARD
    assert lanes.judge(EndRole.HOST, frame(Lane.SCREEN, 2), NOON) is Relayed.MISBEHAVED
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.INPUT, 1), NOON) is Relayed.MISBEHAVED
    assert lanes.judge(EndRole.HOST, frame(Lane.CHAT, 0), NOON) is Relayed.MISBEHAVED


def test_the_chat_passes_both_ways_within_its_own_bounds() -> None:
    lanes = viewing()
    lanes.open_chat()
    assert lanes.judge(EndRole.HOST, frame(Lane.CHAT, 0, CONTROL_RECORD_MAX), NOON) is Relayed.FORWARD
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.CHAT, 0), NOON) is Relayed.FORWARD
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.CHAT, 1), NOON) is Relayed.MISBEHAVED
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.CHAT, 0, CONTROL_RECORD_MAX + 1), NOON) is Relayed.MISBEHAVED
    assert dict(lanes.carried) == {EndRole.HOST: 1, EndRole.CONSOLE: 1}


def test_the_chat_has_a_minute_of_its_own() -> None:
    lanes = viewing()
    lanes.open_chat()
    weight = CONTROL_RECORD_MAX + 32
    for _ in range(CONTROL_LANE_BYTES_PER_MINUTE // weight):
        assert lanes.judge(EndRole.CONSOLE, frame(Lane.CHAT, 0, CONTROL_RECORD_MAX), NOON) is Relayed.FORWARD
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.CHAT, 0, CONTROL_RECORD_MAX), NOON) is Relayed.MISBEHAVED
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.CONTROL, 0), NOON) is Relayed.FORWARD
    assert lanes.judge(EndRole.HOST, frame(Lane.CHAT, 0), NOON) is Relayed.FORWARD
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.CHAT, 0), NOON.after(60)) is Relayed.FORWARD


def test_a_chat_that_was_shut_stays_shut_and_one_that_never_was_is_no_slip() -> None:
    lanes = viewing()
    assert not lanes.close_chat()
    assert lanes.judge(EndRole.HOST, frame(Lane.CHAT, 0), NOON) is Relayed.MISBEHAVED
    lanes.open_chat()
    assert lanes.close_chat()
    lanes.open_chat()
    assert lanes.judge(EndRole.HOST, frame(Lane.CHAT, 0), NOON) is Relayed.DISCARD
    assert not lanes.close_chat()
    over = Lanes()
    over.close_all()
    over.open_chat()
    assert not over.close_chat()


def test_the_reverse_direction_carries_only_acknowledgements() -> None:
    lanes = viewing()
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.SCREEN, 1, ACK_PLAIN_MAX), NOON) is Relayed.FORWARD
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.SCREEN, 1, ACK_PLAIN_MAX + 1), NOON) is Relayed.MISBEHAVED


def test_records_of_a_closed_grant_are_discarded_without_blame() -> None:
    lanes = viewing()
    lanes.close(Lane.SCREEN, 1)
    lanes.close(Lane.SCREEN, 7)
    assert lanes.judge(EndRole.HOST, frame(Lane.SCREEN, 1), NOON) is Relayed.DISCARD
    assert lanes.judge(EndRole.HOST, frame(Lane.SCREEN, 7), NOON) is Relayed.MISBEHAVED


def test_a_grant_ends_by_itself() -> None:
    lanes = viewing()
    assert lanes.judge(EndRole.HOST, frame(Lane.SCREEN, 1), LATER) is Relayed.DISCARD
    assert lanes.judge(EndRole.HOST, frame(Lane.SCREEN, 1), NOON) is Relayed.DISCARD


def test_nothing_passes_after_the_end_and_nothing_opens() -> None:
    lanes = viewing()
    lanes.close_all()
    lanes.open(Lane.SCREEN, 2, LATER)
    for grant in (1, 2):
        assert lanes.judge(EndRole.HOST, frame(Lane.SCREEN, grant), NOON) is Relayed.DISCARD
    assert lanes.judge(EndRole.HOST, frame(Lane.CONTROL, 0), NOON) is Relayed.DISCARD


@pytest.mark.parametrize(
    "data", [b"\x04", b"\x04" + bytes(31), frame(1, 1) + bytes(SEALED_FRAME_MAX)], ids=["empty", "no lane", "too long"]
)
def test_what_is_no_record_is_misbehaviour(data: bytes) -> None:
    assert viewing().judge(EndRole.HOST, data, NOON) is Relayed.MISBEHAVED


def test_a_record_of_a_file_is_longer_than_others_and_has_an_end_too() -> None:
    lanes = filing(20)
    room = FILE_FRAME_MAX - len(frame(Lane.FILE_TO_HOST, 1, 0))
    assert lanes.judge_bulk(EndRole.CONSOLE, frame(Lane.FILE_TO_HOST, 2, room), NOON) is Relayed.FORWARD
    assert lanes.judge_bulk(EndRole.CONSOLE, frame(Lane.FILE_TO_HOST, 2, room + 1), NOON) is Relayed.MISBEHAVED
    assert viewing().judge(EndRole.HOST, frame(Lane.SCREEN, 1, room), NOON) is Relayed.MISBEHAVED


def test_the_control_lane_is_small_and_slow() -> None:
    lanes = Lanes()
    assert lanes.judge(EndRole.HOST, frame(Lane.CONTROL, 1), NOON) is Relayed.MISBEHAVED
    assert lanes.judge(EndRole.HOST, frame(Lane.CONTROL, 0, CONTROL_RECORD_MAX + 1), NOON) is Relayed.MISBEHAVED
    whole = frame(Lane.CONTROL, 0, CONTROL_RECORD_MAX)
    most = CONTROL_LANE_BYTES_PER_MINUTE // len(whole)
    lanes = Lanes()
    passed = [lanes.judge(EndRole.HOST, whole, NOON) for _ in range(most + 1)]
    assert passed == [Relayed.FORWARD] * most + [Relayed.MISBEHAVED]
    assert lanes.judge(EndRole.CONSOLE, whole, NOON) is Relayed.FORWARD
    assert lanes.judge(EndRole.HOST, whole, NOON.after(60)) is Relayed.FORWARD


def filing(size_class: int = 10) -> Lanes:
    lanes = Lanes()
    lanes.open(Lane.FILE_TO_HOST, 2, LATER, file_room(size_class))
    lanes.again()
    return lanes


def test_a_file_passes_on_the_bulk_socket_alone_and_nothing_else_does() -> None:
    lanes = filing()
    lanes.open(Lane.SCREEN, 1, LATER)
    assert lanes.files(NOON) == (2,)
    assert lanes.files(LATER) == ()
    assert lanes.judge_bulk(EndRole.CONSOLE, frame(Lane.FILE_TO_HOST, 2, 1000), NOON) is Relayed.FORWARD
    assert lanes.judge_bulk(EndRole.HOST, frame(Lane.FILE_TO_HOST, 2), NOON) is Relayed.FORWARD
    assert lanes.judge(EndRole.CONSOLE, frame(Lane.FILE_TO_HOST, 2), NOON) is Relayed.MISBEHAVED
    for lane, grant in ((Lane.SCREEN, 1), (Lane.CONTROL, 0), (Lane.FILE_TO_HOST, 3), (Lane.FILE_FROM_HOST, 2)):
        assert lanes.judge_bulk(EndRole.HOST, frame(lane, grant), NOON) is Relayed.MISBEHAVED
    assert lanes.judge_bulk(EndRole.CONSOLE, b"\x04short", NOON) is Relayed.MISBEHAVED


def test_the_reverse_of_a_file_carries_only_acknowledgements() -> None:
    assert filing().judge_bulk(EndRole.HOST, frame(Lane.FILE_TO_HOST, 2, ACK_PLAIN_MAX + 1), NOON) is Relayed.MISBEHAVED


def test_no_more_of_a_file_passes_than_was_said_and_what_a_cut_may_cost() -> None:
    lanes, passed = filing(), 0
    piece = frame(Lane.FILE_TO_HOST, 2, 60_000)
    while lanes.judge_bulk(EndRole.CONSOLE, piece, NOON) is Relayed.FORWARD:
        passed += len(piece)
    assert FILE_WINDOW < passed + len(piece) <= FILE_WINDOW + file_room(10) + len(piece)
    lanes.again()
    assert lanes.judge_bulk(EndRole.CONSOLE, piece, NOON) is Relayed.FORWARD
    assert file_room(0) >= 1


def test_a_file_of_a_closed_grant_or_an_ended_visit_is_discarded() -> None:
    lanes = filing()
    lanes.close(Lane.FILE_TO_HOST, 2)
    assert lanes.judge_bulk(EndRole.CONSOLE, frame(Lane.FILE_TO_HOST, 2), NOON) is Relayed.DISCARD
    over = filing()
    over.close_all()
    assert over.judge_bulk(EndRole.CONSOLE, frame(Lane.FILE_TO_HOST, 2), NOON) is Relayed.DISCARD
    assert over.files(NOON) == ()


class NoPassageWithoutAllow(RuleBasedStateMachine):
    """Opens and closes at random, and keeps a plain list of what is allowed beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.lanes = Lanes()
        self.allowed: dict[tuple[Lane, int], float] = {}
        self.now = NOON
        self.over = False

    @rule(lane=st.sampled_from(LANES), grant=st.integers(1, 4), seconds=st.integers(1, 50))
    def allow(self, lane: Lane, grant: int, seconds: int) -> None:
        self.lanes.open(lane, grant, self.now.after(seconds))
        if not self.over:
            self.allowed[lane, grant] = self.now.boot + seconds

    @rule(lane=st.sampled_from(LANES), grant=st.integers(1, 4))
    def withdraw(self, lane: Lane, grant: int) -> None:
        self.lanes.close(lane, grant)
        self.allowed.pop((lane, grant), None)

    @rule(seconds=st.integers(1, 30))
    def wait(self, seconds: int) -> None:
        self.now = self.now.after(seconds)

    @rule()
    def end(self) -> None:
        self.lanes.close_all()
        self.allowed.clear()
        self.over = True

    @rule(lane=st.sampled_from(LANES), grant=st.integers(0, 5), sender=st.sampled_from(EndRole), size=st.integers(0, 200))
    def send(self, lane: Lane, grant: int, sender: EndRole, size: int) -> None:
        passed = self.lanes.judge(sender, frame(lane, grant, size), self.now) is Relayed.FORWARD
        live = self.allowed.get((lane, grant), 0.0) > self.now.boot
        towards = Direction.TO_TECHNICIAN if sender is EndRole.HOST else Direction.TO_HOST
        fits = TERMS[LANE_PERMISSION[lane]].direction is towards or size <= ACK_PLAIN_MAX
        assert passed == (live and fits)

    @invariant()
    def what_is_over_stays_over(self) -> None:
        assert not (self.over and self.allowed)


NoPassageWithoutAllow.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestNoSealedFramePassesWithoutALiveAllow = NoPassageWithoutAllow.TestCase
