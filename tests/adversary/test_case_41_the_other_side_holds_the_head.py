"""Case 41, the two logs beside each other: what is done to a host's log while it is down, the broker finds at the next contact.

Cut, written anew and hashed again, put back from a copy, begun anew: each raises the alarm at both sides, nobody gets a code before a
named person at each side has seen it, and then everything goes on without a restart.

Mutations, each seen to fail here: any head is believed; a doubt about a host stops nothing; a host in doubt is given a code; a doubt is
acknowledged without an entry.
"""

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from audit.events import evidence
from audit.events import visit as both
from host_client.link import EndPressed, GetHelp, Online, ShowCode, ShowCodeOver, ShowIdle
from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import findings, logged
from tests.helpers.broker_process import BrokerProcess
from tests.helpers.host_process import EnrolledHost, ScriptedDesk, command, enrolled_host, logged_at_host, running_guardian, scripted_desk
from tests.helpers.scripted_console import ScriptedConsole, signed_in
from tests.helpers.tampering import begin_anew, cut_tail, put_back, rewrite_middle
from tests.helpers.visit_place import Place
from wire.messages.evidence import Doubt

__all__ = ["broker"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
SEEN = ("--by", "Ida Inspector", "--why", "a disk was exchanged")


@dataclass
class Outside:
    """What lives longer than a guardian."""

    broker: BrokerProcess
    host: EnrolledHost
    console: ScriptedConsole
    backup: Path

    @property
    def id(self) -> str:
        return self.host.known.id

    async def visited(self) -> None:
        """A guardian runs through a visit that both sides close, and stops."""
        async with running_guardian(self.host) as guardian, scripted_desk(guardian) as desk:
            await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
            place = Place(self.broker, self.console.technician, self.console, self.host, guardian, desk)
            await self.visit_at(place)

    async def visit_at(self, place: Place) -> None:
        visit = await place.viewing()
        place.desk.say(EndPressed())
        await visit.over()
        session = visit.about.session_id
        await logged_at_host(self.host, evidence.VisitClosed, lambda event: event.session_id == session)
        await logged(self.broker, evidence.VisitClosed, lambda event: event.session_id == session)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outside(broker: BrokerProcess, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Outside]:
    technician = await broker.technician("t-ann")
    host = await enrolled_host(broker, tmp_path_factory.mktemp("host"))
    await broker.publish()
    console = await signed_in(broker, technician)
    made = Outside(broker, host, console, tmp_path_factory.mktemp("backup") / "log")
    await made.visited()
    shutil.copytree(host.files.log, made.backup)
    yield made
    await console.control.socket.close()


@pytest.mark.parametrize(
    ("tamper", "doubts"),
    [
        (cut_tail, {Doubt.ROLLED_BACK, Doubt.FORKED}),
        (rewrite_middle, {Doubt.FORKED}),
        (put_back, {Doubt.ROLLED_BACK, Doubt.FORKED}),
        (begin_anew, {Doubt.OTHER_LOG}),
    ],
)
async def test_the_broker_finds_what_was_done_to_the_hosts_log(
    outside: Outside, tamper: Callable[[Path, Path], None], doubts: set[Doubt]
) -> None:
    await outside.visited()
    tamper(outside.host.files.log, outside.backup)
    async with running_guardian(outside.host) as guardian, scripted_desk(guardian) as desk:
        # The alarm is raised at both sides, and shown.
        shown = await desk.until(ShowIdle, lambda shown: shown.why is Reason.LOG_DOUBTED)
        assert shown.online is Online.DOUBTED
        told = await logged_at_host(outside.host, evidence.DoubtTold)
        found = await logged(outside.broker, evidence.LogDoubted, lambda event: event.subject == outside.id)
        assert (told.subject, told.doubt) == (outside.broker.id, found.doubt)
        assert found.doubt in doubts
        # Nobody gets a code.
        desk.say(GetHelp())
        assert (await desk.until(ShowCodeOver)).reason is Reason.LOG_DOUBTED
        # A named person at one side alone does not let anybody in.
        code, said = await command("doubts", "acknowledge", *SEEN, "--state", str(outside.host.files.state))
        assert code == 0, said
        await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
        desk.say(GetHelp())
        assert (await desk.until(ShowCodeOver)).reason is Reason.LOG_DOUBTED
        await outside.broker.run("doubts", "acknowledge", outside.id, *SEEN)
        seen = await logged(outside.broker, evidence.DoubtAcknowledged, lambda event: event.subject == outside.id)
        assert (seen.by, seen.why) == ("Ida Inspector", "a disk was exchanged")
        held = len(outside.host.events(both.SessionEnded))
        # And then everything goes on, without a restart.
        await until_code(desk)
        place = Place(outside.broker, outside.console.technician, outside.console, outside.host, guardian, desk)
        await outside.visit_at(place)
        assert len(outside.host.events(both.SessionEnded)) == held + 1
    assert findings(outside.broker) == []


async def until_code(desk: ScriptedDesk) -> None:
    """The broker hears of an acknowledgement within a second: press again until it gives a code."""
    said: object = None
    while not isinstance(said, ShowCode):
        desk.say(GetHelp())
        said = await desk.until(object, lambda each: isinstance(each, ShowCode | ShowCodeOver))
