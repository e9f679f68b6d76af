"""The documents' own time."""

from dataclasses import replace

from policy.instant import Instant
from tests.helpers.host_core import Stage
from tests.helpers.playbook import NOON


def test_time_never_goes_back_and_runs_without_the_calendar() -> None:
    documents = Stage().documents()
    assert documents.moment(NOON) == NOON.utc
    assert documents.moment(Instant(0.0, NOON.boot + 7)) == NOON.utc + 7
    assert documents.moment(Instant(0.0, NOON.boot - 7)) == NOON.utc
    assert documents.moment(Instant(NOON.utc + 70, NOON.boot + 7)) == NOON.utc + 70


def test_a_machine_that_slept_past_the_moment_knows_it_by_either_clock() -> None:
    documents = replace(Stage().documents(), until=NOON.utc + 60)
    assert not documents.overdue(NOON.after(59))
    assert documents.overdue(NOON.after(60))
    assert documents.overdue(Instant(0.0, NOON.boot + 60))
