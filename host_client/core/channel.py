"""The end of a channel of the direct path, however it comes: closed first, then recorded, then reported to the broker."""

from collections.abc import Generator
from typing import Any

from audit.events import visit as log
from host_client.core.commands import Carried, CloseDirect, Command, Note, SendSession, to_peer
from host_client.core.standing import Standing
from policy.carrier import Carrier, DirectCause
from wire.frames import FrameKind
from wire.messages.session import CarrierReport


def let_go(standing: Standing, cause: DirectCause) -> Generator[Command, Any, Carried]:
    """Close whatever there is of a channel. Returns what went over it."""
    channel = standing.channel
    was_open, channel.open, channel.carrying = channel.open, False, False
    carried: Carried = yield CloseDirect()
    if was_open:
        yield ended(standing, cause, carried)
        yield report(standing, Carrier.RELAY, "", "", cause, carried)
    return carried


def ended(standing: Standing, cause: DirectCause, carried: Carried) -> Note:
    """The entry that belongs to every one that says it began."""
    counted = {"to_technician_bytes": carried.to_technician, "to_host_bytes": carried.to_host}
    return Note(log.DirectEnded(session_id=standing.session_id, attempt=standing.channel.attempt, cause=cause, **counted))


def report(standing: Standing, carrier: Carrier, near: str, far: str, cause: DirectCause | None, carried: Carried) -> SendSession:
    """What the broker is told: it sees no content either way, and rules nothing by this."""
    counted = (carried.to_technician, carried.to_host)
    return to_peer(FrameKind.CONTROL, CarrierReport(standing.session_id, standing.channel.attempt, carrier, near, far, cause, *counted))
