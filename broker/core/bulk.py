"""The bulk sockets of a visit: offered when a file was allowed, one for each end, gone when no file is left (docs/protocol.md, section 1).

A file has a socket of its own so that it never delays a keystroke. Both ends get a pass that works once; when both have come each
hears which grants stand open there, and sends no record of one before. If either socket is lost both are closed and an end may ask anew.
"""

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING

from broker.core.commands import Close, Draw, SocketId, Talk, say
from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.one_time import within
from wire.limits import CARRIERS_MAX, PASS_SECONDS
from wire.messages.presence import EndRole
from wire.messages.session import BulkOffered, BulkOpened

if TYPE_CHECKING:
    from broker.core.visit import Visit

_PASS_BYTES = 32
CROSSED_SECONDS = 2
"""An end that asks so soon after an offer may have asked before it heard of it."""


@dataclass(slots=True)
class Bulk:
    """The passes that are out, and the sockets that came with them."""

    passes: dict[EndRole, bytes] = field(default_factory=dict)
    made: Instant | None = None
    sockets: dict[EndRole, SocketId] = field(default_factory=dict)
    carriers: int = 0
    """How often sockets were offered."""

    @property
    def joined(self) -> bool:
        """Are both ends there?"""
        return len(self.sockets) == len(EndRole)

    def waiting(self, now: Instant) -> bool:
        """Are passes out that may still be used?"""
        return bool(self.passes) and self.made is not None and within(self.made, PASS_SECONDS, now)

    def unused(self, role: EndRole, now: Instant) -> bool:
        """Does this end still have its pass, long after it heard of it? Whoever asks then could not come with it."""
        return role in self.passes and self.made is not None and not within(self.made, CROSSED_SECONDS, now)

    def enter(self, role: EndRole, offered: bytes, socket: SocketId, now: Instant) -> Decision:
        """Use a pass. A wrong, late or repeated one opens nothing, and a wrong one does not use it up."""
        kept = self.passes.get(role)
        if kept is None or not compare_digest(kept, offered) or not self.waiting(now):
            return Deny(Reason.PASS_INVALID)
        del self.passes[role]
        self.sockets[role] = socket
        return Allow()

    def left(self, role: EndRole, socket: SocketId) -> None:
        """One socket is gone; passes of the same offer are worth nothing any more."""
        if self.sockets.get(role) == socket:
            del self.sockets[role]
            self.passes.clear()


def granted(visit: "Visit", ask: int, now: Instant) -> Talk:
    """A file was allowed, and that is recorded: its lane stands open."""
    if visit.bulk.joined:
        yield from _opened(visit, ask)
    elif not visit.bulk.waiting(now):
        yield from _offer(visit, now)


def joined(visit: "Visit", now: Instant) -> Talk:
    """The second socket has come: say which lanes stand open."""
    visit.lanes.again()
    for ask in visit.lanes.files(now):
        yield from _opened(visit, ask)


def wanted(visit: "Visit", role: EndRole, now: Instant) -> Talk:
    """An end has lost its socket while a file moves, or could not open one. Both begin anew, not without end, and not for nothing."""
    bulk = visit.bulk
    coming = bulk.waiting(now) and not bulk.unused(role, now)
    if coming or bulk.carriers >= CARRIERS_MAX or not visit.lanes.files(now):
        return
    yield from close(visit)
    yield from _offer(visit, now)


def close(visit: "Visit") -> Talk:
    """Shut both sockets, and take back the passes that are out."""
    sockets = tuple(visit.bulk.sockets.values())
    visit.bulk.sockets.clear()
    visit.bulk.passes.clear()
    for socket in sockets:
        yield Close(socket, Reason.SESSION_OVER)


def _offer(visit: "Visit", now: Instant) -> Talk:
    drawn: bytes = yield Draw(2 * _PASS_BYTES)
    bulk = visit.bulk
    bulk.passes = {EndRole.HOST: drawn[:_PASS_BYTES], EndRole.CONSOLE: drawn[_PASS_BYTES:]}
    bulk.made = now
    bulk.carriers += 1
    for role, entry in visit.entries.items():
        if entry.socket is not None:
            yield say(entry.socket, BulkOffered(visit.session_id, bulk.passes[role], PASS_SECONDS))


def _opened(visit: "Visit", ask: int) -> Talk:
    for socket in visit.bulk.sockets.values():
        yield say(socket, BulkOpened(visit.session_id, ask))
