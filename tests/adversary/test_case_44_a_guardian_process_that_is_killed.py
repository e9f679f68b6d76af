"""Case 44, with real processes: `kill -9` of a guardian in the middle of a visit, at each moment where it has most to lose.

The desk hears nothing more, the technician hears that it is over, both logs are whole, nothing had begun without its
entry, and the code is worth nothing to the guardian that comes after.
"""

import signal
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio

from audit.events import host as log
from audit.events import visit as both
from host_client.link import ShowIdle, ShowPrompt, StartCapture, StartInput
from policy.decision import Reason
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import findings, logged
from tests.helpers.broker_process import BrokerProcess
from tests.helpers.host_process import EnrolledHost, enrolled_host, running_guardian, scripted_desk
from tests.helpers.scripted_console import ScriptedConsole, ScriptedVisit, signed_in
from tests.helpers.visit_place import Place
from wire.messages.ledger import Answer

__all__ = ["broker"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]


@dataclass
class Outside:
    """What lives longer than a guardian."""

    broker: BrokerProcess
    host: EnrolledHost
    console: ScriptedConsole

    @asynccontextmanager
    async def started(self) -> AsyncIterator[Place]:
        """A guardian that is on line, and its desk."""
        async with running_guardian(self.host) as guardian, scripted_desk(guardian) as desk:
            await guardian.online()
            await desk.until(ShowIdle, lambda shown: shown.online == "ready")
            yield Place(self.broker, self.console.technician, self.console, self.host, guardian, desk)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outside(broker: BrokerProcess, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Outside]:
    technician = await broker.technician("t-ann")
    host = await enrolled_host(broker, tmp_path_factory.mktemp("host"))
    await broker.publish()
    console = await signed_in(broker, technician)
    yield Outside(broker, host, console)
    await console.control.socket.close()


async def with_a_prompt(place: Place) -> ScriptedVisit:
    visit = await place.sealed()
    await visit.request(Permission.VIEW)
    await place.desk.until(ShowPrompt)
    return visit


MOMENTS: dict[str, tuple[Callable[[Place], Awaitable[ScriptedVisit]], int]] = {
    "with a prompt up": (with_a_prompt, 0),
    "while the screen is seen": (Place.viewing, 1),
    "under control": (Place.controlling, 2),
}
"""How to get there, and how many grants are live then."""


async def is_whole(*where: str) -> None:
    process = await create_subprocess_exec(sys.executable, "-m", "audit.cli", "verify", *where, stdout=PIPE, stderr=PIPE)
    said, faults = await process.communicate()
    assert process.returncode == 0, (said + faults).decode()


async def logs_are_whole(outside: Outside) -> None:
    await is_whole(str(outside.host.files.log))
    assert findings(outside.broker) == []


@pytest.mark.parametrize("moment", sorted(MOMENTS))
async def test_a_visit_dies_with_its_guardian_and_both_sides_know_it(outside: Outside, moment: str) -> None:
    reach, grants = MOMENTS[moment]
    async with outside.started() as place:
        visit = await reach(place)
        assert await place.guardian.stop(signal.SIGKILL) == -signal.SIGKILL
        await place.desk.until_closed()
        if grants:  # what was granted waits for the host: it comes back as another process, which is not in the visit
            await visit.cut()
        else:
            assert await visit.over() is EndCause.CONNECTION_LOST
        begun = [each for each in place.desk.heard if isinstance(each, StartCapture | StartInput)]
    session = visit.about.session_id
    async with outside.started():
        ended = await logged(outside.broker, both.SessionEnded, lambda event: event.session_id == session)
    assert ended.cause is EndCause.CONNECTION_LOST
    answers = [each for each in outside.host.events(both.Answered) if each.session_id == session]
    assert [(each.ask, each.answer) for each in answers] == [(each.grant, Answer.ALLOW) for each in begun]
    assert len(begun) == grants
    assert [each.session_id for each in outside.host.events(log.PromptShown)].count(session) == max(1, grants)
    await logs_are_whole(outside)


async def test_the_code_of_a_guardian_that_was_killed_is_burnt_when_it_comes_back(outside: Outside) -> None:
    async with outside.started() as place:
        code = await place.code()
        await place.guardian.stop(signal.SIGKILL)
        await place.desk.until_closed()
    async with outside.started() as place:
        over = outside.host.events(log.CodeOver)[-1]
        assert (over.ticket, over.reason) == (code[:7].replace("-", ""), Reason.CODE_BURNT)
        assert isinstance(await outside.console.claim(code), Reason)
        visit = await place.sealed()  # and a fresh one works
        await visit.end()
        assert await visit.over() is EndCause.TECHNICIAN_ENDED
    await logs_are_whole(outside)
