"""The documents' own time."""

from policy.instant import Instant
from tests.helpers.host_core import Stage
from tests.helpers.playbook import NOON


def test_time_never_goes_back_and_runs_without_the_calendar() -> None:
    documents = Stage().documents()
    assert documents.moment(NOON) == NOON.utc
    assert documents.moment(Instant(0.0, NOON.boot + 7)) == NOON.utc + 7
    assert documents.moment(Instant(0.0, NOON.boot - 7)) == NOON.utc
    assert documents.moment(Instant(NOON.utc + 70, NOON.boot + 7)) == NOON.utc + 70
