"""A picture that waits for room on the line is sealed when there is room, by what may be seen then.

Mutations that were tried, each of which makes this file fail: a picture is sealed before there is room; any run of a grant passes; a line
that is gone is waited for. A visit that was stopped is held by its grant and by its end: with either taken away nothing goes either.
"""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import cast

import pytest

from host_client.carriers.relay import Line
from host_client.core.events import SiteRulesRead
from host_client.guardian.session import SecondSession, Session
from host_client.guardian.shell import Shell, Tasks
from host_client.link import SECOND, EndPressed
from host_client.link_frames import Picture
from policy.instant import Instant
from tests.helpers.host_core import Stage
from tests.helpers.host_second import watched_stage, watching
from tests.helpers.parcels import parcel
from tests.helpers.site_rules import ALL, site
from wire.sealed.screen import FrameEnd

WITHIN = 5.0
MASK = '[[mask]]\nname = "list"\ntitle = "Patient*"\n'
OLD = parcel(FrameEnd(1, 0))


@dataclass
class Narrow:
    """A line without room, until it has some."""

    sent: list[bytes] = field(default_factory=list)
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    free: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def has_room(self) -> bool:
        return self.free.is_set()

    async def room(self) -> None:
        self.waits.set()
        await self.free.wait()

    async def show(self, frame: bytes) -> None:
        await self.free.wait()
        self.sent.append(frame)


@dataclass
class Loop:
    """What of the shell a session asks while it sends."""

    stage: Stage

    @property
    def core(self) -> object:
        return self.stage.core

    def clock(self) -> Instant:
        return self.stage.now


def session(stage: Stage, line: Narrow | None, *, second: bool) -> Session:
    kind = SecondSession if second else Session
    made = kind(cast(Shell, Loop(stage)), Tasks(lambda _fault: None), "https://localhost:1", ssl.create_default_context())
    made._line = cast(Line | None, line)
    return made


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("meanwhile", ["nothing", "masks", "end"])
async def test_what_may_not_be_seen_any_more_when_there_is_room_is_not_sealed(meanwhile: str, *, second: bool) -> None:
    stage, line = watched_stage(), Narrow()
    stage.viewing()
    watching(stage)
    at = session(stage, line, second=second)
    grant = 1 + SECOND * second
    waiting = asyncio.ensure_future(at.show(Picture(grant, OLD)))
    await asyncio.wait_for(line.waits.wait(), WITHIN)
    if meanwhile == "masks":
        stage.give(SiteRulesRead(site(ALL + MASK)))
    elif meanwhile == "end":
        stage.says(EndPressed())
    line.free.set()
    await waiting
    assert len(line.sent) == (meanwhile == "nothing")
    await at.show(Picture(grant, OLD, 1))
    assert len(line.sent) == (meanwhile != "end"), "of the newest run, and of no other"


async def test_without_a_line_nothing_is_sealed_and_nobody_waits() -> None:
    stage = watched_stage()
    stage.viewing()
    await asyncio.wait_for(session(stage, None, second=False).show(Picture(1, OLD)), WITHIN)
