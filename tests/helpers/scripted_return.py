"""A scripted console that loses the line of its visit and comes back to it."""

import os

from tests.helpers.broker_process import ORIGIN
from tests.helpers.ends import dial
from tests.helpers.scripted_console import ScriptedVisit
from wire.frames import FrameKind
from wire.messages.handshake import RenewalOpen, RenewalTag
from wire.messages.session import PeerPresent, ReconnectOffered, ReconnectWanted, SocketPass
from wire.schema import MalformedMessage, decode, encode
from wire.sealed.inner import VisitRejoined
from wire.sealed.renewal import ConsoleRenewal


async def break_line(visit: ScriptedVisit) -> None:
    """The cable of this end's session socket is cut."""
    visit.wire.socket.transport.abort()
    await visit.wire.socket.wait_closed()


async def come_back(visit: ScriptedVisit) -> tuple[int, ...]:
    """Another socket, other keys, both ends proven anew; which grants still stand."""
    about, control = visit.about, visit.console.control
    await control.say(ReconnectWanted(about.session_id))
    offered = await control.until(ReconnectOffered)
    visit.wire = await dial(visit.console.broker, "/session", origin=ORIGIN, cookie=visit.console.cookie)
    await visit.wire.say(SocketPass(about.session_id, offered.socket_pass))
    await visit.wire.until(PeerPresent)
    assert visit.agreed is not None
    renewal = ConsoleRenewal(about, visit.agreed, await visit.handshake(RenewalOpen), nonce=os.urandom(32), scalar=os.urandom(32))
    await visit.wire.send(FrameKind.HANDSHAKE, encode(renewal.share()))
    visit.take_keys(renewal.confirm(await visit.handshake(RenewalTag)))
    await visit.identify()
    return await _rejoined(visit)


async def _rejoined(visit: ScriptedVisit) -> tuple[int, ...]:
    while True:
        plain = await visit.control_record()
        try:
            return decode(plain, VisitRejoined).grants
        except MalformedMessage:
            visit.heard_control(plain)
