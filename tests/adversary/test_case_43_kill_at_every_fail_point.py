"""Case 43: the broker is killed at every point around its log, from a host's first word to the end of a visit. After each kill:
nothing that a peer was given lacks its entry, nothing that was acknowledged is lost, the chain is whole, and it goes on.

The host's part of this case is case 44.
"""

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException

from audit.events.broker import BrokerStarted
from audit.events.shape import name_of
from broker.config import read_config
from broker.serving import assemble
from policy.decision import Reason
from policy.permissions import Lane, Permission
from tests.helpers.broker_log import entries, findings
from tests.helpers.broker_process import ORIGIN, STARTED_WITHIN, BrokerProcess, running_broker
from tests.helpers.ends import Meeting, claim, join, open_console, open_host, open_ticket, record
from tests.helpers.fail_points import KILLED
from tests.helpers.failing_broker import CARELESS
from wire.frames import FrameKind
from wire.messages import ticket
from wire.messages.session import PeerPresent, SessionOver

pytestmark = pytest.mark.adversary
LEAST_KILLS = 50
MANY_KILLS, PARTS = 1_000, 20
"""No test may take longer than five minutes, on any machine."""
RESTART_EVERY = 5
VIEW_AND_CONTROL = ((1, Permission.VIEW, Lane.SCREEN), (2, Permission.CONTROL, Lane.INPUT))


@dataclass
class Seen:
    """What the two ends were given before the broker died: the event that must stand in the log, and some of its fields."""

    given: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def now(self, name: str, **fields: object) -> None:
        """An end was given what only this event may precede."""
        self.given.append((name, fields))


@dataclass
class Failing:
    """The program that serves and dies, and the state that each of its brokers starts with."""

    program: Process
    prepared: BrokerProcess
    cookie: str
    folder: Path
    runs: int = 0

    async def run(self, kill_at: int | str, *words: str) -> tuple[BrokerProcess, Seen, list[str]]:
        """One broker, one visit, and at some point the end. The dead broker, what was seen, and its trace."""
        self.runs += 1
        folder, trace = self.folder / str(self.runs), self.folder / f"{self.runs}.trace"
        shutil.copytree(self.prepared.folder, folder)
        broker = replace(self.prepared, folder=folder, config=folder / "broker.toml")
        broker.refresh_factors()
        assert self.program.stdin is not None
        self.program.stdin.write(f"{broker.config} {kill_at} {trace} {' '.join(words)}\n".encode())
        seen, line = Seen(), await self._line()
        if line.startswith("ready "):
            broker.port = int(line.rsplit(":", 1)[1])
            if await whole_visit(broker, self.cookie, seen):
                with suppress(ProcessLookupError):  # it may have died of its last entries
                    os.kill(int(trace.read_text().split()[1]), signal.SIGTERM)
            line = await self._line()
        assert line == f"ended {int(signal.SIGKILL) if KILLED in trace.read_text().splitlines() else 0}"
        return broker, seen, trace.read_text().splitlines()

    async def _line(self) -> str:
        assert self.program.stdout is not None
        return (await asyncio.wait_for(self.program.stdout.readline(), STARTED_WITHIN)).decode().strip()


async def whole_visit(broker: BrokerProcess, cookie: str, seen: Seen) -> bool:
    """Whether the broker lived through it. One that dies cuts its sockets: nobody waits in vain."""
    try:
        await visit(broker, cookie, seen)
    except TimeoutError:
        raise
    except (WebSocketException, OSError):
        return False
    return True


async def visit(broker: BrokerProcess, cookie: str, seen: Seen) -> None:
    """A whole visit, in which whatever an end is given is noted at once."""
    anna, host = broker.technicians[0], broker.hosts[0]
    async with AsyncExitStack() as stack:
        host_control = await stack.enter_async_context(await open_host(broker, host))
        seen.now("host_connected", host_id=host.id)
        console_control = await stack.enter_async_context(await open_console(broker, anna, cookie))
        seen.now("technician_connected", technician_id=anna.id)
        number = await open_ticket(host_control)
        seen.now("ticket_opened", ticket=number)
        admitted = await claim(console_control, number)
        assert not isinstance(admitted, Reason), admitted
        seen.now("session_opened", session_id=admitted.session_id)
        offered = await host_control.until(ticket.SessionOffered)
        console = await stack.enter_async_context(
            await join(broker, admitted.session_id, admitted.socket_pass, cookie=cookie, origin=ORIGIN)
        )
        host_wire = await stack.enter_async_context(await join(broker, offered.session_id, offered.socket_pass))
        await console.hear(PeerPresent)
        await host_wire.hear(PeerPresent)
        session = admitted.session_id
        met = Meeting(broker, host, anna, cookie, host_control, console_control, host_wire, console, session, number)
        await met.spent()
        for ask, permission, lane in VIEW_AND_CONTROL:
            await _grant(met, seen, ask, permission, lane)
        await met.end()
        await console.until(SessionOver)


async def _grant(met: Meeting, seen: Seen, ask: int, permission: Permission, lane: Lane) -> None:
    own = {"session_id": met.session_id, "ask": ask}
    await met.ask(ask, permission)
    seen.now("asked", **own)
    if lane is Lane.SCREEN:
        # The picture follows the answer at once: if the lane opened before its entry, the picture would get through.
        await asyncio.gather(met.allow(ask, permission), met.host_wire.send(FrameKind.SEALED, record(lane, ask)))
    else:
        await met.allow(ask, permission)
        await met.console_wire.send(FrameKind.SEALED, record(lane, ask, size=64))
    seen.now("answered", **own)
    heard = await (met.console_wire if lane is Lane.SCREEN else met.host_wire).frame()
    assert heard.kind is FrameKind.SEALED
    seen.now("lane_opened", **own)


def missing(broker: BrokerProcess, seen: Seen, trace: list[str]) -> list[str]:
    """What was given or acknowledged and does not stand in the log."""
    logged = [(name_of(entry.event), entry.event) for entry in entries(broker)]
    lost = [
        f"given without an entry: {name} {fields}"
        for name, fields in seen.given
        if not any(kind == name and all(getattr(event, key) == value for key, value in fields.items()) for kind, event in logged)
    ]
    names = iter(name for name, _ in logged)
    return lost + [line for line in trace if line.startswith("durable ") and line.removeprefix("durable ") not in names]


async def starts_again(broker: BrokerProcess) -> None:
    """The broker's real parts open on what the kill left, with no visit, and the log goes on."""
    parts = await assemble(read_config(broker.config, {}))
    try:
        assert (parts.shell.board.visits, parts.shell.board.tickets) == ({}, {})
        await parts.shell.log.record(BrokerStarted(broker_id=parts.shell.board.broker_id, version="again"))
    finally:
        parts.passwords.close()
        await parts.store.close()


@asynccontextmanager
async def failing(folder: Path) -> AsyncIterator[Failing]:
    """An installation with a technician who is signed in and a host, and the program that serves copies of it."""
    place = folder / "prepared"
    place.mkdir()
    async with running_broker(place) as prepared:
        anna = await prepared.technician("t-anna")
        await prepared.host()
        await prepared.publish()
        cookie = await prepared.sign_in(anna)
        await prepared.stop()
    with (folder / "failing.log").open("ab") as errors:
        command = (sys.executable, "-m", "tests.helpers.failing_broker")
        program = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=errors)
    try:
        yield Failing(program, prepared, cookie, folder)
    finally:
        assert program.stdin is not None
        program.stdin.close()
        await program.wait()


async def test_a_broker_killed_at_any_point_leaves_no_effect_without_its_entry(tmp_path: Path) -> None:
    async with failing(tmp_path) as runs:
        for kill_at in count(1):
            broker, seen, trace = await runs.run(kill_at)
            if kill_at % RESTART_EVERY == 0:
                await starts_again(broker)
            assert (missing(broker, seen, trace), findings(broker)) == ([], []), trace[-2:]
            shutil.rmtree(broker.folder)
            if KILLED not in trace:
                assert [name for name, _ in seen.given][-1] == "lane_opened", "the last run was a whole visit"
                break
        assert runs.runs > LEAST_KILLS


def drawn(part: int, run: int) -> int:
    """The same number for the same run of every day."""
    return int.from_bytes(sha256(f"case 43, part {part}, run {run}".encode()).digest()[:8], "big")


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
async def test_a_broker_killed_a_thousand_times_leaves_no_effect_without_its_entry(tmp_path: Path, part: int) -> None:
    """Points in any order: a signature, a socket and a timer do not come in the same order in any two runs."""
    async with failing(tmp_path) as runs:
        most, killed = LEAST_KILLS, 0
        while killed < MANY_KILLS // PARTS:
            broker, seen, trace = await runs.run(1 + drawn(part, runs.runs) % most)
            assert (missing(broker, seen, trace), findings(broker)) == ([], []), trace[-2:]
            if runs.runs % (RESTART_EVERY * RESTART_EVERY) == 0:
                await starts_again(broker)
            shutil.rmtree(broker.folder)
            killed += KILLED in trace
            most = max(most, sum(line.startswith("point ") for line in trace) + 1)


async def test_a_log_that_acknowledges_before_it_wrote_would_be_found_out(tmp_path: Path) -> None:
    async with failing(tmp_path) as runs:
        broker, seen, trace = await runs.run("after:host_connected", CARELESS)
        assert trace[-2:] == ["point after host_connected", KILLED]
        assert missing(broker, seen, trace) == ["durable host_connected"]
