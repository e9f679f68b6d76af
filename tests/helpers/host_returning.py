"""A visit at the host's core whose line is cut, and both ends on their way back."""

from typing import Any

from host_client.core.commands import OpenSession
from host_client.core.events import SessionClosed, SessionOpened
from tests.helpers.host_core import SESSION, Far, Stage
from wire.frames import FrameKind
from wire.messages.handshake import RenewalOpen, RenewalTag
from wire.messages.session import PeerPresent, ReconnectOffered
from wire.schema import decode, encode
from wire.sealed.agreement import Agreed
from wire.sealed.inner import ChatStanding, HostNotice, SessionIdentity, VisitRejoined
from wire.sealed.renewal import ConsoleRenewal


def cut_line(stage: Stage) -> None:
    """The session socket is lost."""
    stage.give(SessionClosed(SESSION))


def present(stage: Stage, far: Far) -> None:
    """A new pass, a new socket, and both ends on it."""
    stage.hears(ReconnectOffered(SESSION, b"p" * 32, 30))
    assert OpenSession(SESSION, b"p" * 32) in stage.did
    stage.give(SessionOpened(SESSION))
    far.control(PeerPresent(SESSION))


def renew_keys(far: Far, before: Agreed | None = None) -> None:
    """The technician's end proves that it holds the visit's secret."""
    ground = before or far.agreed
    assert ground is not None
    try_ = ConsoleRenewal(far.about, ground, far.handshake(RenewalOpen), nonce=b"n" * 32, scalar=b"c" * 32)
    far.agreed = None  # nothing of the old seals opens anything any more
    far.send(FrameKind.HANDSHAKE, encode(try_.share()))
    if before is None:
        far.agreed = try_.confirm(far.handshake(RenewalTag))
        far.sealers.clear()
        far.openers.clear()


def returned(stage: Stage, far: Far) -> list[Any]:
    """All of it; what the technician's end was told at last."""
    present(stage, far)
    renew_keys(far)
    far.identify()
    return [decode(plain, SessionIdentity, VisitRejoined, HostNotice, ChatStanding) for _, plain in far.opened()]
