"""Performs what the cores ask of logs: the broker's own, and what hosts showed of theirs (docs/protocol.md, section 8).

What cannot be stored is said on the process's own log and stands in memory: a doubt stops a host whether the disk takes it or not.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy.exc import SQLAlchemyError

from audit.checkpoint import NoteInvalid, open_note
from audit.heads import Doubted, Held, follow
from audit.log import Side
from audit.questions import Raised
from broker.core.commands import (
    AddUnclosed,
    Compared,
    Disagrees,
    FindHead,
    FindHeld,
    FindUnclosed,
    HoldHead,
    KeepDoubt,
    MarkClosed,
    WasRaised,
)
from broker.storage.evidence import Evidence
from broker.storage.log import AuditLog, LogUnavailable
from policy.decision import Deny, Reason
from policy.instant import Instant
from trust.signatures import ed25519_verifies
from wire.messages.evidence import Doubt, Head

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Comparing:
    """One broker's. `key` is its public key."""

    evidence: Evidence
    log: AuditLog
    broker_id: str
    key: bytes
    clock: Callable[[], Instant]

    async def perform(self, command: Compared) -> object:
        """What this command answers. Raises SQLAlchemyError where what is held cannot be read: nothing is judged without it."""
        match command:
            case FindHead() | Disagrees():
                return await self._own(command)
            case FindHeld() | FindUnclosed() | WasRaised():
                return await self._find(command)
            case HoldHead(subject, held):
                return await self._stored(self.evidence.hold(subject, held))
            case AddUnclosed(session_id, host_id):
                return await self._stored(self.evidence.add_unclosed(session_id, host_id))
            case MarkClosed(session_id):
                return await self._stored(self.evidence.closed(session_id))
            case KeepDoubt(raised):
                return await self._keep(raised)
            case _:
                assert_never(command)

    async def _own(self, command: FindHead | Disagrees) -> Head | Deny | bool | None:
        if isinstance(command, FindHead):
            return await self._head(command.since, command.session_id)
        return await self._disagrees(command.note)

    async def _find(self, command: FindHeld | FindUnclosed | WasRaised) -> object:
        match command:
            case FindHeld(subject):
                return await self.evidence.held(subject)
            case FindUnclosed(host_id):
                return await self.evidence.unclosed(host_id)
            case WasRaised(raised):
                return await self.evidence.was_raised(raised.subject, raised.doubt, raised.held)
            case _:
                assert_never(command)

    async def _head(self, since: int, session_id: str) -> Head | Deny | None:
        """An end that is late is written before it is looked for: it must not seem to be missing."""
        if await self.log.flush():
            try:
                return await self.log.head(since, session_id)
            except LogUnavailable as fault:
                _LOG.error("the log cannot be shown (%s)", fault)
        return Deny(Reason.LOG_UNAVAILABLE)

    async def _disagrees(self, note: str) -> bool:
        try:
            held = Held(open_note(note, self.key, ed25519_verifies), note)
        except NoteInvalid:
            return False
        if await self.evidence.was_acknowledged(self.broker_id, Doubt.OWN_LOG):
            return False
        head = await self._head(held.checkpoint.size, "")
        if not isinstance(head, Head):
            return False  # a log that cannot be shown lets nobody in by itself
        try:
            follow(held, head, Side.BROKER, self.key, ed25519_verifies)
        except Doubted:
            return True
        return False

    async def _keep(self, raised: Raised) -> bool:
        said = f"{raised.subject} says that our log" if raised.told else f"the log of {raised.subject}"
        _LOG.error(
            "ALARM: %s does not fit to what was shown of it before (%s): no visit begins; see: doubts list", said, raised.doubt.value
        )
        utc = self.clock().utc
        return await self._stored(self.evidence.add_doubt(raised.subject, raised.doubt, raised.held, raised.given, utc))

    async def _stored(self, writing: Awaitable[object]) -> bool:
        try:
            await writing
        except SQLAlchemyError as fault:
            _LOG.error("what is held of a log could not be stored (%s)", type(fault).__name__)
            return False
        return True
