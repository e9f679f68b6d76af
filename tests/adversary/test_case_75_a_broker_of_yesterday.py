"""Case 75, and 74, from the hosts' side: a broker put back whole, its database together with the anchor file beside it.

Nothing on that machine can tell. A host that was there today holds a head that yesterday's log cannot continue: it stops itself, says so,
and the broker finds in its own tree that it is true and stops everybody, until a named person at each side has seen it.

Mutations, each seen to fail here: the host believes whatever head it is shown; the broker does not look into its own tree when it is
told; its own doubt stops the one host that told it.
"""

import shutil
from pathlib import Path

import pytest

from audit.events import evidence
from host_client.guardian.evidence import read_evidence
from host_client.link import GetHelp, Online, ShowCode, ShowCodeOver, ShowIdle
from policy.decision import Reason
from tests.helpers.broker_log import logged
from tests.helpers.broker_process import BrokerProcess, running_broker
from tests.helpers.ends import FIRST_HALF, open_host
from tests.helpers.host_process import EnrolledHost, command, enrolled_host, logged_at_host, running_guardian, scripted_desk, until
from wire.code import first_half_digest
from wire.messages.evidence import Doubt
from wire.messages.presence import Refused
from wire.messages.ticket import TicketOpen, TicketOpened

pytestmark = pytest.mark.adversary
SEEN = ("--by", "Ida Inspector", "--why", "the server was restored from its backup")


async def put_back(broker: BrokerProcess, backup: Path) -> None:
    """The whole state folder as it was."""
    await broker.stop()
    shutil.rmtree(broker.folder / "state")
    shutil.copytree(backup, broker.folder / "state")
    await broker.start_again()


def held_by(host: EnrolledHost, more_than: int) -> int | None:
    """How many entries of the broker's log this host holds, if they are more."""
    held = read_evidence(host.files.evidence).held
    return held.checkpoint.size if held is not None and held.checkpoint.size > more_than else None


async def test_hosts_find_a_broker_of_yesterday_and_everybody_stops_until_it_was_seen(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    (tmp_path / "host").mkdir()
    async with running_broker(tmp_path / "broker") as broker:
        await broker.stay_at_its_port()
        host, other = await enrolled_host(broker, tmp_path / "host"), await broker.host("Analyser 2")
        await broker.publish()
        await broker.stop()
        shutil.copytree(broker.folder / "state", tmp_path / "yesterday")
        await broker.start_again()
        async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
            await guardian.online()
            await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
            await logged_at_host(host, evidence.HeadHeld)
            before = held_by(host, 0) or 0
            for name in ("Analyser 3", "Analyser 4"):
                await broker.host(name)
        async with running_guardian(host) as guardian:  # what it holds covers all of today
            await guardian.online()
            held = await until(lambda: held_by(host, before))
        await put_back(broker, tmp_path / "yesterday")
        async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
            await desk.until(ShowIdle, lambda shown: shown.why is Reason.LOG_DOUBTED)
            found = await logged_at_host(host, evidence.LogDoubted)
            assert (found.subject, found.held_size) == (broker.id, held)
            assert found.doubt in {Doubt.ROLLED_BACK, Doubt.FORKED}
            told = await logged(broker, evidence.DoubtTold, lambda event: event.subject == host.known.id)
            own = await logged(broker, evidence.LogDoubted, lambda event: event.subject == broker.id)
            assert (told.doubt, own.doubt, own.held_size) == (found.doubt, Doubt.OWN_LOG, held)
            # Another host, which holds nothing that differs, gets no code either.
            opening = TicketOpen(bytes(32), first_half_digest(bytes(32), FIRST_HALF))
            async with await open_host(broker, other) as wire:
                await wire.say(opening)
                assert (await wire.until(Refused)).reason is Reason.LOG_DOUBTED
            await broker.run("doubts", "acknowledge", broker.id, *SEEN)
            await broker.run("doubts", "acknowledge", host.known.id, *SEEN)
            code, said = await command("doubts", "acknowledge", *SEEN, "--state", str(host.files.state))
            assert code == 0, said
            await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
            said_to_desk: object = None
            while not isinstance(said_to_desk, ShowCode):
                desk.say(GetHelp())
                said_to_desk = await desk.until(object, lambda each: isinstance(each, ShowCode | ShowCodeOver))
            async with await open_host(broker, other) as wire:
                await wire.say(opening)
                await wire.until(TicketOpened)
