"""Content on two carriers: whatever the moment at which they change, the same bytes arrive, in order, once.

Seen to fail: without `_drop` in `back`, with `<` for `<=` at either bound of a count, with what was kept not sent again
at a turn, with records taken before the turn, and with records taken after the end.
"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_client.core.carriage import Incoming, Outgoing, Phase
from wire.limits import DIRECT_STALL_SECONDS, DIRECT_WINDOW
from wire.schema import MalformedMessage


def turned(*, only: bool = False) -> Outgoing:
    outgoing = Outgoing(only=only)
    outgoing.hold()
    assert outgoing.turn(0.0) == ()
    return outgoing


def test_content_goes_over_the_relay_unless_a_site_forbids_it() -> None:
    assert [Outgoing(only=only).phase for only in (False, True)] == [Phase.RELAY, Phase.HELD]


def test_a_channel_has_room_for_a_window() -> None:
    outgoing = Outgoing(only=False)
    rooms = [outgoing.room]
    outgoing.hold()
    rooms.append(outgoing.room)
    outgoing.turn(0.0)
    assert [*rooms, outgoing.room] == [False, False, True]
    outgoing.sent(bytes(DIRECT_WINDOW - 1), 0.0)
    rooms = [outgoing.room]
    outgoing.sent(b"1", 0.0)
    assert [*rooms, outgoing.room] == [True, False]
    assert (outgoing.under_way, outgoing.bytes) == (DIRECT_WINDOW, DIRECT_WINDOW)
    assert outgoing.taken(1, 0.0) == DIRECT_WINDOW - 1
    assert outgoing.room
    assert outgoing.under_way == 1


@pytest.mark.parametrize("count", [0, 3])
def test_a_count_of_what_was_not_sent_is_refused(count: int) -> None:
    says: tuple[Callable[[Outgoing], object], ...] = (lambda each: each.taken(count, 0.0), lambda each: each.back(count))
    for say in says:
        outgoing = turned()
        outgoing.sent(b"a", 0.0)
        outgoing.sent(b"b", 0.0)
        outgoing.taken(1, 0.0)
        with pytest.raises(MalformedMessage):
            say(outgoing)


def test_what_was_not_taken_goes_over_the_relay_again() -> None:
    outgoing = turned()
    for frame in (b"a", b"b", b"c"):
        outgoing.sent(frame, 0.0)
    outgoing.taken(1, 0.0)
    outgoing.hold()
    assert outgoing.back(2) == (b"c",)
    assert (outgoing.phase, outgoing.under_way) == (Phase.RELAY, 0)


def test_a_channel_that_ends_holds_what_went_over_it_and_nothing_that_never_left_the_relay() -> None:
    for outgoing, after in ((Outgoing(only=False), Phase.RELAY), (Outgoing(only=True), Phase.HELD), (turned(), Phase.HELD)):
        outgoing.over()
        assert outgoing.phase is after


def test_where_content_may_not_be_relayed_it_waits_for_the_next_channel() -> None:
    outgoing = turned(only=True)
    outgoing.sent(b"a", 0.0)
    outgoing.sent(b"b", 0.0)
    outgoing.hold()
    assert outgoing.back(1) == ()
    assert outgoing.phase is Phase.HELD
    assert outgoing.turn(1.0) == (b"b",)
    assert outgoing.bytes == 1
    assert outgoing.taken(1, 1.0) == 1


def test_an_acknowledgement_after_the_end_says_nothing() -> None:
    outgoing = turned()
    outgoing.sent(b"a", 0.0)
    outgoing.hold()
    assert outgoing.taken(1, 0.0) == 0
    assert outgoing.under_way == 1


def test_a_channel_stalls_when_nothing_moves_though_something_should() -> None:
    outgoing = turned()
    assert not outgoing.stalled(100.0)
    outgoing.sent(b"a", 100.0)
    outgoing.sent(b"b", 101.0)
    late = 100.0 + DIRECT_STALL_SECONDS
    assert not outgoing.stalled(late - 0.01)
    assert outgoing.stalled(late)
    outgoing.taken(0, late)
    assert outgoing.stalled(late)
    outgoing.taken(1, late)
    assert not outgoing.stalled(late)
    outgoing.hold()
    assert not outgoing.stalled(late + 100)


def test_records_wait_until_the_other_end_has_turned() -> None:
    incoming = Incoming()
    assert incoming.arrived(b"a") == incoming.arrived(b"bc") == ()
    assert incoming.turned() == (b"a", b"bc")
    assert incoming.received == 0
    assert incoming.arrived(b"d") == (b"d",)
    for frame in (b"a", b"bc", b"d"):
        assert incoming.take(frame)
    assert (incoming.received, incoming.bytes) == (3, 4)


def test_nothing_is_taken_after_the_end() -> None:
    incoming = Incoming()
    incoming.turned()
    assert incoming.arrived(b"a") == (b"a",)
    assert incoming.arrived(b"b") == (b"b",)
    assert incoming.take(b"a")
    assert incoming.over() == 1
    assert not incoming.take(b"b")
    assert incoming.arrived(b"c") == ()
    assert incoming.received == 1


def test_what_waits_for_a_turn_is_bounded() -> None:
    incoming = Incoming()
    incoming.arrived(bytes(DIRECT_WINDOW - 1))
    incoming.arrived(b"more")
    with pytest.raises(MalformedMessage):
        incoming.arrived(b"even more")


@given(st.lists(st.sampled_from(["send", "deliver", "handle", "ack", "turn", "hear", "over"]), max_size=120), st.booleans())
def test_the_same_records_arrive_once_and_in_order_whatever_the_carrier_does(steps: list[str], only: bool) -> None:  # noqa: C901
    outgoing, incoming = Outgoing(only=only), Incoming()
    relay: list[bytes | str] = []
    channel: list[bytes] = []
    waiting: list[bytes] = []
    sent: list[bytes] = []
    got: list[bytes] = []
    inbox: list[bytes] = []
    turning = False

    def take(frames: tuple[bytes, ...]) -> None:
        inbox.extend(frames)

    def handle() -> None:
        if inbox and incoming.take(inbox[0]):
            got.append(inbox[0])
        del inbox[:1]

    def deliver_relay() -> None:
        for each in relay:
            if isinstance(each, str):
                take(incoming.turned())
            else:
                got.append(each)
        relay.clear()

    def flush() -> None:
        while waiting and outgoing.phase is Phase.RELAY:
            relay.append(waiting.pop(0))
        while waiting and outgoing.room:
            outgoing.sent(waiting[0], 0.0)
            channel.append(waiting.pop(0))

    def over() -> None:
        nonlocal incoming, turning
        outgoing.hold()
        channel.clear()
        deliver_relay()
        relay.extend(outgoing.back(incoming.over()))
        inbox.clear()
        incoming, turning = Incoming(), False

    for number, step in enumerate(steps):
        if step == "send":
            frame = number.to_bytes(2, "big")
            sent.append(frame)
            waiting.append(frame)
        elif step == "deliver" and channel:
            take(incoming.arrived(channel.pop(0)))
        elif step == "handle":
            handle()
        elif step == "ack" and outgoing.phase is Phase.DIRECT:
            outgoing.taken(incoming.received, 0.0)
        elif step == "turn" and not turning:
            turning = True
            outgoing.hold()
            relay.append("turn")
            channel.extend(outgoing.turn(0.0))
        elif step == "hear":
            deliver_relay()
        elif step == "over":
            over()
        flush()
    outgoing.only = False
    over()
    flush()
    deliver_relay()
    assert got == sent
