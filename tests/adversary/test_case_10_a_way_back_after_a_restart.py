"""Case 10, the way back after a restart: it leads one technician, with one device, back once, to a new question.

Here whoever restarts, comes back or steals is a real console at a real broker, and the host a real guardian that the configured command
kills: it ends its own parent at once, as a power cut would, without time for a goodbye. What can be done to the file itself is tried at
the host's core.

Mutations that were tried, each of which makes this file fail:
    broker/core/host_control.py          a number that was asked for is given without a look whether it was given before
    host_client/core/proving.py          whoever agreed on the key is not held to the technician and the device of the way back
    host_client/core/agreement.py        `is_for` looks at the technician alone
    host_client/core/returning.py        a file that another host signed, or for another host, is opened; its age is not looked at
    host_client/core/returning.py        what the file says it is good for is believed beyond ten minutes
    host_client/guardian/restarting.py   the file is read and not removed
"""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from audit.events import host as log
from audit.events.visit import Answered
from host_client.core.events import ReturnFound
from host_client.link import Online, ShowCodeOver, ShowIdle, ShowPrompt, ShowSummary
from host_client.link_restart import ShowReturning
from policy.decision import Reason
from policy.permissions import Permission
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import BrokerProcess
from tests.helpers.ends import open_host
from tests.helpers.host_core import Stage
from tests.helpers.host_process import EnrolledHost, enrolled_host, running_guardian, scripted_desk
from tests.helpers.restarted import asked_to_restart, code_kept, comes_back, counted_down, payload_of, payload_signed_by, started_again
from tests.helpers.scripted_console import ScriptedConsole, VisitOver, signed_in
from tests.helpers.visit_place import Place, after
from trust.signatures import Ed25519Signer
from wire.code import SupportCode
from wire.messages import ticket
from wire.messages.ledger import Answer
from wire.messages.presence import Refused
from wire.schema import decode, encode
from wire.sealed.returning import code_of
from wire.statements import Label, Statement

__all__ = ["broker"]
pytestmark = pytest.mark.adversary
POWER_CUT = 'read now < "$0.now"\nkill -KILL $PPID\n'
SECONDS = 20.0


async def restart(console: ScriptedConsole, host: EnrolledHost, folder: Path) -> SupportCode:
    """Asked, allowed, done; what the technician holds then."""
    (script := folder / "restart.sh").write_text(POWER_CUT)
    (pipe := folder / "restart.sh.now").unlink(missing_ok=True)
    os.mkfifo(pipe)
    now = os.open(pipe, os.O_RDWR)
    settings = {**os.environ, "CHAPERONE_HOST_RESTART": f"sh {script}", "CHAPERONE_HOST_RESTART_SECONDS": "0"}
    async with running_guardian(host, settings) as guardian, scripted_desk(guardian) as desk:
        await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
        place = Place(console.broker, console.technician, console, host, guardian, desk)
        visit = await place.viewing()
        await place.granted(visit, Permission.RESTART)
        os.write(now, b"\n")  # a guardian that dies at once may take its answer along
        await guardian.process.wait()
        os.close(now)
        await visit.last_words()
    assert visit.returning is not None
    return code_of(payload_signed_by(host.known.signer.public_key, visit.returning))


async def over(host: EnrolledHost) -> Reason:
    """Why a way back led nowhere, as soon as that is in the log."""
    async with asyncio.timeout(SECONDS):
        while not host.events(log.ReturnOver):
            await after(0.05)
    return host.events(log.ReturnOver)[-1].reason


@ON_ONE_LOOP
async def test_the_same_technician_comes_back_once_and_a_file_that_was_put_back_opens_nothing(
    broker: BrokerProcess, tmp_path: Path
) -> None:
    technician = await broker.technician("t-ann")
    host = await enrolled_host(broker, tmp_path)
    await broker.publish()
    console = await signed_in(broker, technician)
    code = await restart(console, host, tmp_path)
    kept = host.files.returning.read_bytes()
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
    host.files.returning.write_bytes(kept)
    host.files.returning.chmod(0o600)
    async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
        await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
        assert await over(host) is Reason.CODE_USED
    assert len(host.events(log.ReturnOpened)) == 1
    asked = [event.permission for event in host.events(Answered) if event.answer is Answer.ALLOW]
    assert asked == [Permission.VIEW, Permission.RESTART, Permission.VIEW]
    assert code.second not in "".join(map(repr, host.entries()))
    await console.control.socket.close()


@ON_ONE_LOOP
async def test_whoever_stole_it_sees_nothing_and_it_is_worth_nothing_any_more(broker: BrokerProcess, tmp_path: Path) -> None:
    """Ticket and both halves, and another account that may help there too."""
    robbed, thief = await broker.technician("t-robbed"), await broker.technician("t-thief")
    host = await enrolled_host(broker, tmp_path, "Analyser 9")
    await broker.publish()
    console = await signed_in(broker, robbed)
    code = await restart(console, host, tmp_path)
    async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
        await desk.until(ShowReturning)
        other = await signed_in(broker, thief)
        with pytest.raises(VisitOver):
            await other.visit(code.shown(), host.known)
        assert (await desk.until(ShowCodeOver)).reason is Reason.CODE_BURNT
        assert await console.claim(code.shown()) is Reason.CODE_BURNT
        assert not [each for each in desk.heard if isinstance(each, ShowPrompt)]
    assert Reason.RETURN_NOT_YOURS in [each.reason for each in host.events(log.Refusal)]
    assert [each.permission for each in host.events(Answered)] == [Permission.VIEW, Permission.RESTART]
    for each in (console, other):
        await each.control.socket.close()


@ON_ONE_LOOP
async def test_two_hosts_that_hold_the_same_number_do_not_both_get_it(broker: BrokerProcess) -> None:
    first, second = await broker.host("Analyser 7"), await broker.host("Analyser 8")
    await broker.publish()
    opened = ticket.TicketOpen(bytes(32), bytes(32), "015886")
    async with await open_host(broker, first) as one, await open_host(broker, second) as other:
        await one.say(opened)
        assert (await one.until(ticket.TicketOpened)).ticket == "015886"
        for wire in (other, one):
            await wire.say(opened)
            assert (await wire.until(Refused)).reason is Reason.CODE_USED


def test_the_same_technician_with_another_device_sees_nothing() -> None:
    before = Stage()
    asked_to_restart(before)
    assert counted_down(before)
    stage, code = started_again(before), code_kept(before)
    far = comes_back(stage, code)
    standing = stage.core.visit
    assert standing is not None
    held = standing.standing.code.returning
    assert held is not None
    standing.standing.code.returning = replace(held, device=replace(held.device, key=bytes(32)))
    far.identify()
    assert [each.reason for each in stage.logged(log.Refusal)] == [Reason.RETURN_NOT_YOURS]
    assert stage.core.visit is None


@pytest.mark.parametrize(
    "done", ["aged", "from the future", "lengthened", "another host's", "for another host", "for another technician", "cut"]
)
def test_what_is_done_to_the_file_opens_nothing(done: str) -> None:
    before = Stage()
    asked_to_restart(before)
    assert counted_down(before)
    assert before.returning is not None
    statement = decode(before.returning, Statement)
    payload = payload_of(statement, before)
    forged = replace(statement, payload=statement.payload.replace(b"t-ann", b"t-bob"))
    found = {
        "lengthened": encode(before.key.sign(Label.RETURN_TICKET, replace(payload, seconds=86_400))),
        "another host's": encode(Ed25519Signer(b"x" * 32).sign(Label.RETURN_TICKET, payload)),
        "for another host": encode(before.key.sign(Label.RETURN_TICKET, replace(payload, host_id="h-2"))),
        "for another technician": encode(forged),
        "cut": before.returning[:-1],
    }.get(done, before.returning)
    assert forged != statement
    stage = Stage(now=before.now.after({"aged": 600.0, "from the future": -600.0}.get(done, 60.0)))
    stage.give(ReturnFound(found))
    stage.online()
    assert not stage.to_broker(ticket.TicketOpen)
    assert [each.reason for each in stage.logged(log.ReturnOver)] == [
        Reason.CODE_EXPIRED if done in {"aged", "from the future"} else Reason.RETURN_INVALID
    ]
