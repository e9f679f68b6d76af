"""A place where visits happen: real broker, real guardian, and a test that is both the desk and the technician's console.

A file says `pytestmark = ON_ONE_LOOP`, imports `broker` and `place`, and has one of each for all its tests.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import numpy as np
import pytest
import pytest_asyncio

from host_client.link import GetHelp, Given, PromptAnswered, ShowCode, ShowIdle, ShowPrompt, StartCapture, StartInput
from host_client.screen.png import png
from policy.permissions import Permission
from tests.helpers.broker_process import BrokerProcess, Technician
from tests.helpers.host_process import EnrolledHost, GuardianProcess, ScriptedDesk, enrolled_host, running_guardian, scripted_desk
from tests.helpers.parcels import parcel
from tests.helpers.scripted_console import ScriptedConsole, ScriptedVisit, signed_in
from wire.limits import PROMPT_ARMED_AFTER
from wire.messages.ledger import Answer
from wire.sealed.screen import FrameEnd, Layout, Picture, Piece
from wire.sealed.tiles import Codec

WIDTH, HEIGHT = 640, 480


def boot_microseconds() -> int:
    """The host's run-time clock, as the desk writes it into FRAME_END."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


def noise(frame: int, x: int = 0, y: int = 0, side: int = 200) -> Piece:
    """A piece that does not compress: more than one record long."""
    pixels = np.frombuffer(os.urandom(side * side * 4), dtype=np.uint32).reshape(side, side)
    return Piece(frame, x, y, side, side, Codec.PNG, png(pixels))


def whole_frame(frame: int) -> tuple[Picture, ...]:
    """A frame as the desk sends it; the first begins with a layout."""
    layout: tuple[Picture, ...] = (Layout(WIDTH, HEIGHT),) if frame == 1 else ()
    return (*layout, noise(frame), FrameEnd(frame, boot_microseconds()))


async def after(seconds: float) -> None:
    """The first second of a prompt is what is being waited for."""
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    await asyncio.wait((never,), timeout=seconds)


@dataclass
class Place:
    """Everything, running."""

    broker: BrokerProcess
    technician: Technician
    console: ScriptedConsole
    host: EnrolledHost
    guardian: GuardianProcess
    desk: ScriptedDesk

    async def code(self) -> str:
        """Press *Get help*, as soon as the host is ready for it; the code as shown."""
        self.desk.say(GetHelp())
        return (await self.desk.until(ShowCode)).code

    async def sealed(self) -> ScriptedVisit:
        """A visit whose both ends are proven."""
        return await self.console.visit(await self.code(), self.host.known)

    async def allow(self) -> ShowPrompt:
        """Say yes to the next prompt, once its first second is over."""
        prompt = await self.desk.until(ShowPrompt)
        await after(PROMPT_ARMED_AFTER + 0.1)
        self.desk.say(PromptAnswered(prompt.ask, Given.ALLOW))
        return prompt

    async def refuse(self) -> ShowPrompt:
        """Say no to the next prompt."""
        prompt = await self.desk.until(ShowPrompt)
        self.desk.say(PromptAnswered(prompt.ask, Given.REFUSE))
        return prompt

    async def viewing(self) -> ScriptedVisit:
        """A visit with one whole frame on the technician's screen."""
        visit = await self.sealed()
        await self.granted(visit, Permission.VIEW)
        grant = (await self.desk.until(StartCapture)).grant
        self.show(grant, *whole_frame(1))
        await visit.next_frame()
        return visit

    async def controlling(self) -> ScriptedVisit:
        """A visit in which the technician has mouse and keyboard."""
        visit = await self.viewing()
        await self.granted(visit, Permission.CONTROL)
        await self.desk.until(StartInput)
        return visit

    async def granted(self, visit: ScriptedVisit, permission: Permission) -> None:
        """Ask and allow."""
        await visit.request(permission)
        await self.allow()
        answered, _ = await visit.answer()
        assert answered.answer is Answer.ALLOW, answered

    def show(self, grant: int, *pictures: Picture) -> None:
        """The desk captured this."""
        for picture in pictures:
            self.desk.show(grant, parcel(picture))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(broker: BrokerProcess, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """One technician at one host, for all tests of a file."""
    technician = await broker.technician("t-ann")
    host = await enrolled_host(broker, tmp_path_factory.mktemp("host"))
    await broker.publish()
    async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
        await guardian.online()
        await desk.until(ShowIdle, lambda shown: shown.online == "ready")
        console = await signed_in(broker, technician)
        yield Place(broker, technician, console, host, guardian, desk)
        await console.control.socket.close()
