"""A guardian that the configured command kills, and that is started again: the same technician comes back by what both ends hold, once.

What stands for the system here is a command that ends its own parent at once, as a power cut would: the guardian has no time for a goodbye.
"""

import os
from pathlib import Path

from audit.events import host as log
from audit.events.visit import Answered
from host_client.link import Online, ShowIdle, ShowSummary
from host_client.link_restart import ShowReturning
from policy.decision import Reason
from policy.permissions import Permission
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import BrokerProcess
from tests.helpers.host_process import EnrolledHost, enrolled_host, running_guardian, scripted_desk
from tests.helpers.restarted import payload_signed_by
from tests.helpers.scripted_console import ScriptedConsole, signed_in
from tests.helpers.visit_place import Place
from wire.code import SupportCode
from wire.messages.ledger import Answer
from wire.sealed.returning import code_of

__all__ = ["broker"]
pytestmark = ON_ONE_LOOP
POWER_CUT = "kill -KILL $PPID\n"


async def restart(console: ScriptedConsole, host: EnrolledHost, folder: Path) -> SupportCode:
    """Asked, allowed, done; what the technician holds then."""
    (script := folder / "restart.sh").write_text(POWER_CUT)
    settings = {**os.environ, "CHAPERONE_HOST_RESTART": f"sh {script}", "CHAPERONE_HOST_RESTART_SECONDS": "0"}
    async with running_guardian(host, settings) as guardian, scripted_desk(guardian) as desk:
        await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
        place = Place(console.broker, console.technician, console, host, guardian, desk)
        visit = await place.viewing()
        await place.granted(visit, Permission.RESTART)
        await guardian.process.wait()
        await visit.last_words()
    assert visit.returning is not None
    return code_of(payload_signed_by(host.known.signer.public_key, visit.returning))


async def test_the_same_technician_comes_back_once_to_a_new_question(broker: BrokerProcess, tmp_path: Path) -> None:
    technician = await broker.technician("t-ann")
    host = await enrolled_host(broker, tmp_path)
    await broker.publish()
    console = await signed_in(broker, technician)
    code = await restart(console, host, tmp_path)
    assert host.files.returning.stat().st_mode & 0o777 == 0o600
    async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
        shown = await desk.until(ShowReturning)
        assert 0 < shown.seconds <= 600
        assert not host.files.returning.exists()
        visit = await console.visit(code.shown(), host.known)
        place = Place(broker, technician, console, host, guardian, desk)
        await place.granted(visit, Permission.VIEW)
        await visit.end()
        await desk.until(ShowSummary)
        assert await console.claim(code.shown()) is Reason.CODE_USED
    async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
        await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
        assert len(host.events(log.ReturnOpened)) == 1
    asked = [event.permission for event in host.events(Answered) if event.answer is Answer.ALLOW]
    assert asked == [Permission.VIEW, Permission.RESTART, Permission.VIEW]
    assert code.second not in "".join(map(repr, host.entries()))
    await console.control.socket.close()
