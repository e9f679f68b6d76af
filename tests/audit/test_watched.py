"""A second person who only watched, in two logs: the same visit in both, or it is told."""

import pytest

from audit.events import broker, host
from audit.facts import Facts, Visit
from audit.log import Side
from audit.watched import watched_otherwise
from tests.audit.test_facts import gathered
from tests.helpers.two_logs import HOST, answered

BEGUN = {"session_id": "s-1", "watcher_session": "s-2", "watcher_id": "t-bob"}
AT_HOST = host.WatchBegun(**BEGUN, name="Bob", company="Acme")
AT_BROKER = broker.WatchOpened(**BEGUN)


def visit(side: Side, *events: object, allow: bool = True) -> Visit:
    """The watcher's visit, as this log has it."""
    facts = Facts(side, HOST)
    gathered(facts, answered("s-2", 1, 1, allow=allow), *events)  # type: ignore[arg-type]
    return facts.visits["s-2"]


def test_both_name_the_same_visit() -> None:
    assert visit(Side.HOST, AT_HOST).watches == "s-1"
    assert watched_otherwise(visit(Side.HOST, AT_HOST), visit(Side.BROKER, AT_BROKER)) is None
    assert watched_otherwise(visit(Side.HOST), visit(Side.BROKER)) is None


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ((AT_HOST,), ()),
        ((), (AT_BROKER,)),
        ((AT_HOST,), (broker.WatchOpened(session_id="s-9", watcher_session="s-2", watcher_id="t-bob"),)),
    ],
    ids=["host alone", "broker alone", "another visit"],
)
def test_anything_else_is_told(mine: tuple[object, ...], theirs: tuple[object, ...]) -> None:
    assert watched_otherwise(visit(Side.HOST, *mine), visit(Side.BROKER, *theirs)) == (1, 1)


def test_a_no_is_nothing_to_compare() -> None:
    assert watched_otherwise(visit(Side.HOST, AT_HOST, allow=False), visit(Side.BROKER)) is None
    assert watched_otherwise(visit(Side.HOST, AT_HOST), visit(Side.BROKER, allow=False)) is None
    empty = visit(Side.BROKER)
    empty.said = {key: [] for key in empty.said}
    assert watched_otherwise(visit(Side.HOST, AT_HOST), empty) is None


def test_the_link_of_a_visit_that_is_not_there_is_passed_over() -> None:
    facts = Facts(Side.HOST, HOST)
    gathered(facts, AT_HOST)
    assert facts.visits == {}
