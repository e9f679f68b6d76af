"""Case 44, a thousand times: `kill -9` of a guardian at every await between what is asked, its entry and what it does.

A real broker, and a desk and a console that note what they are given. After each kill: nothing that they were given lacks its entry in the
host's log, no entry that was acknowledged is lost, the chain is whole. The next guardian goes on with the same log and the same broker,
which has no doubt; in the end the two logs are compared, and nothing differs that is not explained.

The last two tests run a guardian that acknowledges before it wrote, and one that acts before it recorded: both are found out.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from audit.cli_verify import both_checked
from audit.events import evidence
from audit.events.shape import name_of
from audit.log import Side, verify
from audit.stores import open_stored
from host_client.config import HostConfig
from host_client.link import EndPressed, GetHelp, Given, Online, PromptAnswered, ShowCode, ShowIdle, ShowPrompt, StartCapture, StartInput
from host_client.link_frames import FilePiece, Input, ToDesk
from policy.permissions import Permission
from runtime.log_lines import stored_log
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import STARTED_WITHIN, BrokerProcess, Technician
from tests.helpers.ends import open_console
from tests.helpers.fail_points import KILLED
from tests.helpers.failing_guardian import CARELESS, HASTY
from tests.helpers.host_process import READY, EnrolledHost, ScriptedDesk, enrolled_host, logged_at_host, meet
from tests.helpers.parcels import parcel
from tests.helpers.scripted_console import ScriptedConsole, ScriptedVisit
from tests.helpers.visit_place import whole_frame
from wire.limits import PROMPT_ARMED_AFTER
from wire.messages.ledger import Answer
from wire.sealed.input import Key
from wire.statements import Algorithm

__all__ = ["broker"]
pytestmark = [pytest.mark.adversary, pytest.mark.long, ON_ONE_LOOP]
KILLS, PARTS = 1_000, 20
"""No test may take longer than five minutes, on any machine."""


@dataclass
class Seen:
    """What desk and console were given, and the visit if there was one."""

    heard: list[ToDesk | Input | FilePiece] = field(default_factory=list)
    given: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    visit: ScriptedVisit | None = None
    whole: bool = False

    def all_given(self) -> list[tuple[str, dict[str, object]]]:
        """The event that must stand in the log, and some of its fields."""
        found = list(self.given)
        for said in self.heard:
            match said:
                case ShowCode():
                    found += [("help_pressed", {}), ("code_shown", {})]
                case ShowPrompt(ask, permission):
                    found.append(("prompt_shown", {"ask": ask, "permission": permission}))
                case StartCapture(grant):
                    found.append(("answered", {"ask": grant, "permission": Permission.VIEW, "answer": Answer.ALLOW}))
                case StartInput(grant) | Input(grant):
                    found.append(("answered", {"ask": grant, "permission": Permission.CONTROL, "answer": Answer.ALLOW}))
                case _:
                    pass  # it shows how things stand, or narrows
        return found


def pid_in(trace: Path) -> int:
    """Whose trace it is."""
    return int(trace.read_text().split()[1])


def is_dying(trace: Path) -> bool:
    """Was it killed?"""
    return KILLED in trace.read_text().splitlines()


@dataclass
class Failing:
    """One host and its technician, and the program in which its guardians live and die."""

    broker: BrokerProcess
    host: EnrolledHost
    technician: Technician
    cookie: str
    program: Process
    runs: int = 0

    async def run(self, kill_at: int | str, *words: str) -> tuple[Seen, list[str], int]:
        """One guardian, one visit, and at some point the end: what was seen, its trace, and how many entries there were before."""
        self.runs += 1
        before = len(self.host.entries())
        trace = self.host.files.state.parent / f"{self.runs}.trace"
        self.broker.refresh_factors()
        assert self.program.stdin is not None
        self.program.stdin.write(f"{self.host.files.state} {kill_at} {trace} {' '.join(words)}\n".encode())
        seen, console = Seen(), await open_console(self.broker, self.technician, self.cookie)
        try:
            line = await self._line()
            if line.startswith("ready"):
                line = await self._lived(ScriptedConsole(self.broker, self.technician, self.cookie, console), seen, trace)
        finally:
            await console.socket.close()
            if seen.visit is not None:
                await seen.visit.wire.socket.close()
        lines = trace.read_text().splitlines()
        trace.unlink()
        assert line == f"ended {int(signal.SIGKILL) if KILLED in lines else 0}", lines[-5:]
        return seen, lines, before

    async def _lived(self, console: ScriptedConsole, seen: Seen, trace: Path) -> str:
        """How it ended."""
        desk = await meet(self.host.files.socket(HostConfig()))
        ended = asyncio.ensure_future(self._ended())
        visit = asyncio.ensure_future(self._visit(desk, console, seen))
        await asyncio.wait((ended, visit), return_when=asyncio.FIRST_COMPLETED)
        seen.whole = visit.done() and visit.exception() is None
        # A visit may break because its guardian dies at this very moment: the last line of its trace says so.
        if not ended.done() and not is_dying(trace):
            os.kill(pid_in(trace), signal.SIGTERM)
            visit.result()
        line = await ended
        visit.cancel()
        await asyncio.wait((visit,))
        await desk.until_closed()
        await desk.leave()
        seen.heard = desk.heard
        return line

    async def _visit(self, desk: ScriptedDesk, console: ScriptedConsole, seen: Seen) -> None:
        """A whole visit, until both sides have closed it."""
        desk.say(READY)
        await desk.until(ShowIdle, lambda shown: shown.online is Online.READY)
        desk.say(GetHelp())
        code = (await desk.until(ShowCode)).code
        seen.visit = await console.visit(code, self.host.known)
        seen.given.append(("identity_proven", {"technician_id": self.technician.id}))
        await self._granted(desk, seen.visit, Permission.VIEW, seen)
        grant = (await desk.until(StartCapture)).grant
        for picture in whole_frame(1):
            desk.show(grant, parcel(picture))
        await seen.visit.next_frame()
        await self._granted(desk, seen.visit, Permission.CONTROL, seen)
        await desk.until(StartInput)
        # The guardian's clock jumped over two prompts' first seconds; the desk's, which the console reckons with, did not.
        await seen.visit.input(Key("Enter", down=True), milliseconds=seen.visit.now_ms() + int(2_000 * PROMPT_ARMED_AFTER))
        await desk.until(Input)
        desk.say(EndPressed())
        await seen.visit.over()
        session = seen.visit.about.session_id
        await logged_at_host(self.host, evidence.VisitClosed, lambda event: event.session_id == session)

    async def _granted(self, desk: ScriptedDesk, visit: ScriptedVisit, permission: Permission, seen: Seen) -> None:
        await visit.request(permission)
        prompt = await desk.until(ShowPrompt)
        desk.say(PromptAnswered(prompt.ask, Given.ALLOW))
        answered, _ = await visit.answer()
        assert answered.answer is Answer.ALLOW
        session = visit.about.session_id
        seen.given.append(("answered", {"session_id": session, "ask": prompt.ask, "permission": permission, "answer": Answer.ALLOW}))

    async def _ended(self) -> str:
        while not (line := await self._line()).startswith("ended"):
            pass
        return line

    async def _line(self) -> str:
        assert self.program.stdout is not None
        return (await asyncio.wait_for(self.program.stdout.readline(), STARTED_WITHIN)).decode().strip()

    def missing(self, seen: Seen, trace: list[str], before: int) -> list[str]:
        """What was given or acknowledged in this run and does not stand in the host's log."""
        logged = [(name_of(entry.event), entry.event) for entry in self.host.entries()[before:]]
        lost = [
            f"given without an entry: {name} {fields}"
            for name, fields in seen.all_given()
            if not any(kind == name and all(getattr(event, key) == value for key, value in fields.items()) for kind, event in logged)
        ]
        names = iter(name for name, _ in logged)
        return lost + [line for line in trace if line.startswith("durable ") and line.removeprefix("durable ") not in names]

    def wrong(self) -> list[object]:
        """What is wrong with the chain of the host's log."""
        stored = stored_log(self.host.files.log)
        return list(verify(stored.rows(), stored.meta.log_id, stored.meta.side).findings)

    def differing(self) -> list[str]:
        """What both logs together show to be wrong, and is not explained."""
        sides = {
            Side.HOST: (open_stored(self.host.files.log), self.host.known.signer.public_key, None),
            Side.BROKER: (open_stored(self.broker.database), self.broker.key, None),
        }
        reports, compared = both_checked(sides, {self.technician.id: (Algorithm.P256, self.technician.device.public_key)})
        assert compared.visits, "there was something to compare"
        findings = [f"{side.value}: {each}" for side, report in reports.items() for each in report.findings]
        return findings + [str(each) for each in compared.unfit if not each.explained]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Process]:
    with (tmp_path_factory.mktemp("guardians") / "guardians.err").open("ab") as errors:
        command = (sys.executable, "-m", "tests.helpers.failing_guardian")
        program = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=errors)
    yield program
    assert program.stdin is not None
    program.stdin.close()
    await program.wait()


@pytest_asyncio.fixture(loop_scope="module")
async def failing(broker: BrokerProcess, program: Process, tmp_path: Path) -> Failing:
    """A host of its own for each test."""
    number = len(broker.technicians)
    technician = await broker.technician(f"t-{number}")
    host = await enrolled_host(broker, tmp_path, f"Analyser {number}")
    await broker.publish()
    return Failing(broker, host, technician, await broker.sign_in(technician), program)


@pytest.mark.parametrize("part", range(PARTS))
async def test_a_guardian_killed_at_any_point_leaves_no_effect_without_its_entry(failing: Failing, part: int) -> None:
    seen, trace, before = await failing.run(0)
    assert (seen.whole, failing.missing(seen, trace, before)) == (True, [])
    points, killed = sum(line.startswith("point ") for line in trace), 0
    while killed < KILLS // PARTS:
        seen, trace, before = await failing.run(1 + (part + PARTS * failing.runs) % points)
        assert (failing.missing(seen, trace, before), failing.wrong()) == ([], []), trace[-2:]
        killed += KILLED in trace
    seen, trace, before = await failing.run(0)
    assert seen.whole, "the next guardian helps again"
    assert failing.differing() == []
    assert not failing.host.events(evidence.LogDoubted)


async def test_a_guardian_that_acknowledges_before_it_wrote_would_be_found_out(failing: Failing) -> None:
    seen, trace, before = await failing.run("acknowledged:host_started", CARELESS)
    assert trace[-2:] == ["point acknowledged host_started", KILLED]
    assert failing.missing(seen, trace, before) == ["durable host_started"]


async def test_a_guardian_that_acts_before_it_recorded_would_be_found_out(failing: Failing) -> None:
    seen, trace, before = await failing.run("after:Tell:StartCapture", HASTY)
    assert trace[-2:] == ["point after Tell StartCapture", KILLED]
    (lost,) = {each for each in failing.missing(seen, trace, before) if "Permission.VIEW" in each}
    assert lost.startswith("given without an entry: answered")
