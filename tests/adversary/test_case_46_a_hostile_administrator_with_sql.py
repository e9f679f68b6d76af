"""Case 46: somebody with the database, and without the broker's key, alters its log: found before the next entry is written.

Triggers are dropped, every hash is computed anew: `tests/helpers/hostile_sql.py` has the list, and `tests/broker/storage/test_log_tip.py`
runs all of it against the store. Here the real broker meets one of each kind, stops everything, after a restart too, and goes on when a
named person has seen it: with everybody signed out. An entry in the middle that was altered is found by `chaperone-audit verify`,
and by the running broker itself, which reads old entries again (`tests/broker/storage/test_log_patrol.py` has each kind).

Mutations tried: a broker that reads nothing again, and one that only says so, fail the last test; one that takes a checkpoint for
signed whoever signed it fails the first, and so does one whose doubt neither ends visits nor is kept. Either of these two is enough:
what is kept ends visits as well.
"""

from pathlib import Path

import pytest

from audit.cli import main
from audit.events.evidence import DoubtAcknowledged, LogBegun, LogDoubted
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.broker_log import entries, findings, logged
from tests.helpers.broker_process import BrokerProcess, read, running_broker
from tests.helpers.ends import ready_to_meet
from tests.helpers.hostile_sql import ATTACKS, attack, sql
from tests.helpers.log_losing import health, healthy, over, sign_in_refused
from wire.messages.evidence import Doubt
from wire.messages.presence import Refused

pytestmark = pytest.mark.adversary

KINDS = (
    "a row put in, and signed with another key",
    pytest.param("another story, as if nothing had been signed yet", marks=pytest.mark.long),
    pytest.param("the newest row taken out", marks=pytest.mark.long),
)
"""The stores find all thirty-one, running and starting (tests/broker/storage/test_log_tip.py); here one of them meets the whole broker."""


async def is_signed_in(broker: BrokerProcess, cookie: str) -> bool:
    async with broker.http(cookie=cookie) as http:
        answer = await http.get("/api/me")
        return answer.status_code == 200 or read(answer, Refused).reason is not Reason.NOT_SIGNED_IN


@pytest.mark.parametrize("name", KINDS)
async def test_everything_stops_until_a_named_person_has_seen_it(name: str, tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        async with ready_to_meet(broker) as visit:
            attack(broker.database, *ATTACKS[name])
            for end in await over(visit, 15):
                assert end.cause is EndCause.LOG_DOUBTED
            assert await sign_in_refused(broker, visit.technician) is Reason.LOG_UNAVAILABLE
        assert "does not continue what was signed of it" in (tmp_path / "broker.log").read_text()
        assert await broker.stop() == 0
        await broker.start_again()
        assert await health(broker) == 503, "a restart forgets nothing"
        assert broker.id in await broker.run("doubts", "list")
        await broker.run("doubts", "acknowledge", broker.id, "--by", "Mia Admin", "--why", "database restored")
        await healthy(broker)
        assert not await is_signed_in(broker, visit.cookie)
        said = [each for entry in entries(broker) if isinstance(each := entry.event, LogDoubted | DoubtAcknowledged | LogBegun)]
        assert {type(each) for each in said} == {LogDoubted, DoubtAcknowledged, LogBegun}
        assert await broker.sign_in(await broker.technician("t-berta"))


async def test_an_entry_altered_in_the_middle_is_named_by_the_verifier(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        attack(broker.database, sql("UPDATE audit_log SET entry = CAST(entry || ' ' AS BLOB) WHERE position = 2"))
        assert [(each.fault.value, each.index) for each in findings(broker)] == [("altered", 2)]
        with pytest.raises(SystemExit) as ended:
            main(["verify", str(broker.database)])
        assert ended.value.code == 1


async def test_an_old_entry_altered_while_the_broker_runs_is_found_without_anybody_asking(tmp_path: Path) -> None:
    async with running_broker(tmp_path, reread_rows=1000) as broker:
        async with ready_to_meet(broker) as visit:
            signed = len(entries(broker))
            other = "CAST(replace(CAST(entry AS TEXT), 'broker_id\":\"b-', 'broker_id\":\"c-') AS BLOB)"
            attack(broker.database, sql(f"UPDATE audit_log SET entry = {other} WHERE position = 2"))  # noqa: S608
            for end in await over(visit, 15):
                assert end.cause is EndCause.LOG_DOUBTED
        said = await logged(broker, LogDoubted, lambda each: each.subject == broker.id)
        assert said.doubt is Doubt.OWN_LOG
        assert "entry 2 is wrong (altered)" in (tmp_path / "broker.log").read_text()
        assert broker.id in await broker.run("doubts", "list")
        await broker.run("doubts", "acknowledge", broker.id, "--by", "Mia Admin", "--why", "looked into it")
        begun = await logged(broker, LogBegun, lambda each: each.size > 2)
        assert signed <= begun.held_size <= begun.size
