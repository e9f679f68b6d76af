"""What the documents say is asked through the board (`test_board.py`); here is what they say by themselves."""

from policy.instant import Instant
from tests.helpers.broker_core import Table, believed, site_word
from tests.helpers.playbook import NOON
from tests.helpers.views import SITE


def test_time_is_the_documents_own() -> None:
    table = Table()
    made = believed(table.person, table.listed)
    assert made.moment(NOON) == NOON.utc
    assert made.moment(NOON.after(5)) == NOON.utc + 5
    assert made.moment(Instant(0.0, NOON.boot + 7)) == NOON.utc + 7
    assert made.moment(Instant(0.0, NOON.boot - 7)) == NOON.utc


def test_a_site_without_documents_of_its_own_is_silent_and_one_whose_documents_are_over_is_none() -> None:
    table, word = Table(), site_word("")
    made = believed(table.person, table.listed, sites={SITE: word, "Site B": None})
    assert made.site(SITE) is word
    assert made.site("Site B") is None
    silent = made.site("Site C")
    assert silent is not None
    assert silent.book.pages == ()
