"""Refusals of strangers are recorded, and a flood of them is counted."""

from audit.events.broker import PeersRefused
from broker.core import strangers
from broker.core.commands import SocketId
from broker.core.strangers import EVERYBODY_ELSE, UNPROVEN_AT_ONCE, Door, Strangers
from policy.decision import Allow, Deny, Reason
from tests.helpers.playbook import NOON


def test_ten_a_minute_have_a_row_and_the_rest_are_counted() -> None:
    counts = Strangers()
    assert list(counts.minute_over(NOON)) == []
    rows = [counts.row_of_its_own("192.0.2.1") for _ in range(25)]
    assert rows == [True] * 10 + [False] * 15
    assert counts.row_of_its_own("192.0.2.2")
    assert list(counts.minute_over(NOON)) == []
    minute = int(NOON.utc // 60)
    assert list(counts.minute_over(NOON.after(60))) == [PeersRefused(address="192.0.2.1", minute=minute, count=15)]
    assert counts.row_of_its_own("192.0.2.1")


def test_addresses_beyond_memory_are_counted_together() -> None:
    counts = Strangers()
    list(counts.minute_over(NOON))
    for number in range(strangers.ADDRESSES_HELD):
        counts.row_of_its_own(str(number))
    assert not counts.row_of_its_own("one more")
    assert counts.row_of_its_own("0")
    (summary,) = counts.minute_over(NOON.after(60))
    assert (summary.address, summary.count) == (EVERYBODY_ELSE, 1)


def test_so_many_of_one_address_may_stand_at_the_door_and_one_goes_for_each_that_comes() -> None:
    door = Door()
    taken = [door.enter("192.0.2.1", SocketId(number)) for number in range(UNPROVEN_AT_ONCE)]
    assert taken == [Allow()] * UNPROVEN_AT_ONCE
    assert door.enter("192.0.2.1", SocketId(1000)) == Deny(Reason.TOO_FAST)
    assert door.enter("192.0.2.2", SocketId(1001)) == Allow(), "another address has a door of its own"
    door.leave("192.0.2.1", SocketId(7))
    door.leave("192.0.2.1", SocketId(7))
    assert door.enter("192.0.2.1", SocketId(1002)) == Allow()
    assert door.enter("192.0.2.1", SocketId(1003)) == Deny(Reason.TOO_FAST)


def test_a_door_where_nobody_stands_is_not_remembered() -> None:
    door = Door()
    door.enter("192.0.2.1", SocketId(1))
    door.leave("192.0.2.1", SocketId(1))
    door.leave("192.0.2.3", SocketId(2))
    assert door == Door()
