"""Case 44, what comes after: broker or host is killed in the middle of a visit, and once both are there again the visit is closed.

Whoever died writes the end that it never wrote, each shows the other its own, and neither log has a visit without an end.
Seen to fail: where a broker that is asked for an end does not ask for the host's.
"""

import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from audit.events import broker as doings
from audit.events import evidence
from audit.events import visit as both
from host_client.link import Online, ShowIdle
from policy.session import EndCause
from tests.helpers.broker_log import entries, findings, logged
from tests.helpers.broker_process import BrokerProcess, running_broker
from tests.helpers.host_process import EnrolledHost, enrolled_host, logged_at_host, running_guardian, scripted_desk
from tests.helpers.scripted_console import signed_in
from tests.helpers.visit_place import Place

pytestmark = [pytest.mark.adversary, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Pair:
    broker: BrokerProcess
    host: EnrolledHost

    async def closed(self, session: str) -> None:
        """Both logs say so, and no visit is without its end."""
        await logged_at_host(self.host, evidence.VisitClosed, lambda event: event.session_id == session)
        await logged(self.broker, evidence.VisitClosed, lambda event: event.session_id == session)
        events = [entry.event for entry in entries(self.broker)]
        begun = {event.session_id for event in events if isinstance(event, doings.SessionOpened)}
        ended = [event.session_id for event in events if isinstance(event, both.SessionEnded)]
        assert sorted(begun) == sorted(ended)
        assert findings(self.broker) == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    folder: Path = tmp_path_factory.mktemp("pair")
    (folder / "broker").mkdir()
    (folder / "host").mkdir()
    async with running_broker(folder / "broker") as broker:
        await broker.stay_at_its_port()
        await broker.technician("t-ann")
        host = await enrolled_host(broker, folder / "host")
        await broker.publish()
        yield Pair(broker, host)


async def test_a_host_that_was_killed_ends_the_visit_when_it_is_back(pair: Pair) -> None:
    async with running_guardian(pair.host) as guardian, scripted_desk(guardian) as desk:
        await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
        console = await signed_in(pair.broker, pair.broker.technicians[0])
        visit = await Place(pair.broker, console.technician, console, pair.host, guardian, desk).viewing()
        await guardian.stop(signal.SIGKILL)
        await visit.cut()
        await console.control.socket.close()
    session = visit.about.session_id
    async with running_guardian(pair.host) as guardian:
        await pair.closed(session)
    (ended,) = [event for event in pair.host.events(both.SessionEnded) if event.session_id == session]
    assert (ended.by, ended.cause) == ("", EndCause.FAILED_INSIDE)


async def test_a_broker_that_was_killed_ends_the_visit_when_it_is_back(pair: Pair) -> None:
    async with running_guardian(pair.host) as guardian, scripted_desk(guardian) as desk:
        await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
        console = await signed_in(pair.broker, pair.broker.technicians[0])
        visit = await Place(pair.broker, console.technician, console, pair.host, guardian, desk).viewing()
        session = visit.about.session_id
        await pair.broker.stop(signal.SIGKILL)
        await logged_at_host(pair.host, both.VisitParted, lambda event: event.session_id == session)
        await pair.broker.start_again()
        ended = await logged_at_host(pair.host, both.SessionEnded, lambda event: event.session_id == session)
        assert ended.cause is EndCause.CONNECTION_LOST  # a broker that began anew knows of no visit
        await pair.closed(session)
    (at_broker,) = [
        entry.event for entry in entries(pair.broker) if isinstance(entry.event, both.SessionEnded) and entry.event.session_id == session
    ]
    assert (at_broker.by, at_broker.cause) == ("", EndCause.FAILED_INSIDE)
