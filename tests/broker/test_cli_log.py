"""`chaperone-broker log`, `doubts` and `status` against the database of a running broker."""

from audit.events.evidence import Correction, DoubtAcknowledged
from broker.storage.store import Store
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries, names
from tests.helpers.broker_process import BrokerProcess
from tests.helpers.command_line import typed
from wire.messages.evidence import Doubt

pytestmark = ON_ONE_LOOP
__all__ = ["broker"]


async def test_a_correction_is_added_and_says_whose_it_is(broker: BrokerProcess) -> None:
    assert await typed(broker, "log", "correct", "1", "--words", "The clock was an hour fast.") == (0, "", "")
    said = entries(broker)[-1].event
    assert isinstance(said, Correction)
    assert (said.about, said.words) == (1, "The clock was an hour fast.")
    before = names(broker)
    code, _, errors = await typed(broker, "log", "correct", "100000", "--words", "There is no such entry.")
    assert (code, "there is no entry 100000" in errors) == (1, True)
    assert (await typed(broker, "log", "correct", "1", "--words", ""))[0] == 2
    assert names(broker) == before


async def test_nothing_expires_that_is_young_and_a_dry_run_changes_nothing(broker: BrokerProcess) -> None:
    before = names(broker)
    for words in (("--dry-run",), ()):
        assert await typed(broker, "log", "expire", "--older-than", "1", *words) == (0, "no entry is that old\n", "")
    assert (await typed(broker, "log", "expire", "--older-than", "0"))[0] == 2
    assert names(broker) == before


async def test_a_doubt_is_listed_shown_in_the_status_and_acknowledged_by_name(broker: BrokerProcess) -> None:
    code, shown, _ = await typed(broker, "status")
    assert "entries" in shown
    assert "doubt" not in shown
    assert "reading again: 50 entries a second, all of them within 1 min" in shown
    store = await Store.open_file(broker.database)
    await store.evidence.add_doubt("h-one", Doubt.ROLLED_BACK, "held", "given", 1_800_000_000.0)
    await store.close()
    code, shown, _ = await typed(broker, "status")
    assert (code, "doubt: the log of h-one (rolled_back), since 2027-01-15" in shown) == (1, True)
    assert "h-one" in (await typed(broker, "doubts", "list"))[1]
    saw = ("--by", "Mia Admin", "--why", "the host was set up anew")
    assert (await typed(broker, "doubts", "acknowledge", "h-other", *saw))[0] == 1
    assert (await typed(broker, "doubts", "acknowledge", broker.id, *saw))[0] == 1
    assert (await typed(broker, "doubts", "acknowledge", "h-one", "--by", "", "--why", "x"))[0] == 2
    assert await typed(broker, "doubts", "acknowledge", "h-one", *saw) == (0, "h-one can be visited again\n", "")
    said = entries(broker)[-1].event
    assert said == DoubtAcknowledged(subject="h-one", by="Mia Admin", why="the host was set up anew")
    assert "h-one" not in (await typed(broker, "doubts", "list"))[1]
