"""A host's core with a visit, and somebody who only watches it at the end of a line of his own.

stage = watched_stage()
far = stage.viewing()                 the technician
watcher = watching(stage)             Bob: his own code, keys and consent; he sees the screen
"""

from typing import Any

from audit.events import visit as both
from audit.events.shape import Event
from host_client.core.commands import Command, Note, Record
from host_client.core.events import Fired, SessionOpened, Timer
from host_client.link import SECOND, CapturePaused, SecondStep, ShowSecond, WatchStopped, WatchWanted
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.purpose import Purpose
from policy.session import EndCause
from tests.helpers.host_core import HOST, TECHNICIAN, Far, Stage
from tests.helpers.parcels import parcel
from tests.helpers.views import device, listed_host, technician
from trust.signatures import Ed25519Signer
from wire.code import read_code
from wire.messages.presence import Refused
from wire.messages.session import LeaseHeld, PeerPresent
from wire.messages.ticket import SessionOffered, TicketOpened, WatchOpen
from wire.schema import decode, name_of
from wire.sealed.inner import HostNotice, Notice, SecondPerson
from wire.sealed.screen import FrameEnd

WATCHER, WATCH, WATCH_TICKET = "t-bob", "s-2", "555123"
BOBS = Ed25519Signer(b"o" * 32)
END = parcel(FrameEnd(1, 5))
"""The end of one frame, as the desk gives it."""


class Watcher(Far):
    """Bob's end."""

    session, ticket, technician, watches = WATCH, WATCH_TICKET, WATCHER, True

    def __init__(self, stage: Stage, second: str) -> None:
        super().__init__(stage, second)
        self.device = BOBS


def people(stage: Stage, *, groups: tuple[str, ...] = ("blue",), active: bool = True) -> dict[str, Any]:
    """The documents list Ann and Bob."""
    ann = technician(TECHNICIAN, "blue", devices=(device(stage.device.public_key),), name="Ann", company="Acme")
    bob = technician(WATCHER, *groups, devices=(device(BOBS.public_key),), name="Bob", company="Acme", active=active)
    host = listed_host(HOST, "blue", stage.key.public_key, name="Analyser", site="Site", model="AX", phi=stage.phi)
    return {"technicians": (ann, bob), "hosts": (host,)}


def watched_stage() -> Stage:
    """A host that is on line and knows both."""
    stage = Stage()
    stage.online(stage.papers(**people(stage)))
    return stage


def code_for_second(stage: Stage) -> str:
    """*Let a second person watch* was pressed: his code."""
    stage.says(WatchWanted())
    assert stage.to_broker(WatchOpen)
    stage.hears(TicketOpened(WATCH_TICKET, 600))
    (shown,) = stage.told(ShowSecond)
    assert shown.step is SecondStep.CODE
    return shown.code


def offer_second(stage: Stage, session: str = WATCH, technician_id: str = WATCHER) -> list[Command]:
    """The broker says who entered it."""
    return stage.hears(SessionOffered(session, WATCH_TICKET, technician_id, Purpose.FAULT, "CASE-1", bytes(32), 60))


def admitted_second(stage: Stage) -> Watcher:
    """His session socket is up."""
    code = code_for_second(stage)
    offer_second(stage)
    stage.give(SessionOpened(WATCH))
    watcher = stage.beside = Watcher(stage, read_code(code).second)
    watcher.control(PeerPresent(WATCH))
    return watcher


def sealed_second(stage: Stage) -> Watcher:
    """He is proven."""
    watcher = admitted_second(stage)
    watcher.agree()
    watcher.identify()
    return watcher


def watching(stage: Stage) -> Watcher:
    """The person let him see the screen."""
    watcher = sealed_second(stage)
    watcher.ask(Permission.VIEW)
    stage.allow()
    return watcher


def a_whole_watch(stage: Stage) -> None:
    """From a code that the broker does not open to the end of his visit, through every door that the guardian has for him."""
    stage.says(WatchWanted())
    stage.hears(Refused(name_of(WatchOpen), Reason.SESSION_OVER))
    watching(stage)
    stage.hears(LeaseHeld(WATCH, 30))
    stage.give(Fired(Timer.RENEW, second=True))
    stage.says(CapturePaused(1 + SECOND, Reason.SCREEN_LOCKED))
    stage.says(WatchStopped())
    watching(stage)
    stage.lose_control_socket()
    stage.says(WatchStopped())


# ---- what came of it


def seen() -> tuple[Stage, Watcher]:
    """Ann helps, and Bob watches her."""
    stage = watched_stage()
    stage.viewing()
    return stage, watching(stage)


def notices(end: Far | None) -> list[Notice]:
    """What the host told this end on the control lane by the last event."""
    assert end is not None
    records = [plain for lane, plain in end.opened() if lane is Lane.CONTROL]
    return [decode(plain, HostNotice).notice for plain in records if b'"host_notice"' in plain]


def persons(end: Far | None) -> list[SecondPerson]:
    """Whom the host named to this end by the last event."""
    assert end is not None
    records = [plain for lane, plain in end.opened() if lane is Lane.CONTROL]
    return [decode(plain, SecondPerson) for plain in records if b'"second_person"' in plain]


def steps(stage: Stage) -> list[SecondStep]:
    """What the desk was told of him by the last event."""
    return [each.step for each in stage.told(ShowSecond)]


def ends(stage: Stage) -> list[tuple[str, EndCause]]:
    """Which visits ended, and why."""
    return [(each.session_id, each.cause) for each in stage.logged(both.SessionEnded)]


def place(did: list[Command], event: type[Event]) -> int:
    """Which of the last commands wrote this entry down."""
    return next(
        at
        for at, each in enumerate(did)
        if (isinstance(each, Note) and isinstance(each.event, event))
        or (isinstance(each, Record) and any(isinstance(one, event) for one in each.events))
    )
