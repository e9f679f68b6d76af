"""Refusals of strangers are recorded, and a flood of them is counted."""

from audit.events.broker import PeersRefused
from broker.core import strangers
from broker.core.strangers import EVERYBODY_ELSE, Strangers
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
