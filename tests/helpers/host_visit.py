"""A visit at the host's core, brought to where a test begins: viewed, controlled, with a frame on the technician's screen."""

import json

from audit.events import visit as both
from host_client.core.events import SessionClosed
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.parcels import parcel
from wire.schema import decode, name_of
from wire.sealed.inner import HostNotice, Notice
from wire.sealed.input import Batch, Key, encode_batch
from wire.sealed.screen import FrameEnd, Layout

KEY = (Key("KeyA", down=True),)


def online() -> Stage:
    stage = Stage()
    stage.online()
    return stage


def viewed() -> tuple[Stage, Far]:
    """A visit whose screen the technician may see."""
    stage = online()
    return stage, stage.viewing()


def cause(stage: Stage) -> EndCause:
    return stage.logged(both.SessionEnded)[-1].cause


def drawn(stage: Stage, frame: int = 1) -> tuple[bytes, ...]:
    """The desk captured a frame."""
    assert stage.core.visit is not None
    end, run = FrameEnd(frame, int(stage.now.boot * 1e6)), stage.core.visit.standing.view.run
    made = [stage.core.visit.picture(1, parcel(each), stage.now, run) for each in (Layout(64, 48), end)]
    return (*made[0], *made[1])


def batch(stage: Stage, milliseconds: int = 0, picture: int = 1) -> bytes:
    return encode_batch(Batch(picture, milliseconds, KEY))


def controlled() -> tuple[Stage, Far]:
    stage = online()
    far = stage.viewing()
    drawn(stage)
    far.ask(Permission.CONTROL)
    stage.allow()
    stage.wait(1)
    return stage, far


def parted() -> tuple[Stage, Far]:
    """A controlled visit whose line is cut."""
    stage, far = controlled()
    stage.give(SessionClosed(SESSION))
    return stage, far


def since(stage: Stage) -> int:
    """Session time now."""
    visit = stage.core.visit
    assert visit is not None
    zero = visit.standing.view.zero
    assert zero is not None
    return int(stage.now.boot * 1000 - zero / 1000)


def notices(far: Far) -> list[Notice]:
    """What the host told the technician last, beside other things."""
    inside = [plain for lane, plain in far.opened() if lane is Lane.CONTROL and json.loads(plain)["type"] == name_of(HostNotice)]
    return [decode(plain, HostNotice).notice for plain in inside]
