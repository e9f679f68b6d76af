"""Performs what the core asks of logs: this host's own, and what is held of the broker's (docs/protocol.md, section 8).

What cannot be stored is said on the process's own log and stands in memory: a doubt stops visits whether the disk takes it or not.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from audit.heads import Held
from audit.questions import Raised
from host_client.core.commands import AddUnclosed, Compared, FindHead, FindHeld, FindUnclosed, HoldHead, KeepDoubt, MarkClosed, WasTold
from host_client.guardian.evidence import Evidence, KeptDoubt
from host_client.guardian.logbook import Logbook
from policy.decision import Deny, Reason
from policy.instant import Instant
from wire.messages.evidence import Head

_LOG = logging.getLogger(__name__)
Answer = Head | Held | Deny | tuple[str, ...] | bool | None


@dataclass(frozen=True, slots=True)
class Comparing:
    """One host's."""

    logbook: Logbook
    evidence: Evidence
    clock: Callable[[], Instant]

    async def perform(self, command: Compared) -> Answer:
        """What this command answers."""
        match command:
            case FindHead(since, session_id):
                return await self._head(since, session_id)
            case FindHeld():
                return self.evidence.held
            case FindUnclosed():
                return self.evidence.unclosed
            case WasTold(raised):
                return self.evidence.was_told(self._kept(raised))
            case HoldHead() | AddUnclosed() | MarkClosed() | KeepDoubt():
                return await asyncio.to_thread(self._store, command)
            case _:
                assert_never(command)

    async def _head(self, since: int, session_id: str) -> Head | Deny | None:
        """An end that is late is written before it is looked for: it must not seem to be missing."""
        if self.logbook.late and not await self.logbook.record(()):
            return Deny(Reason.LOG_UNAVAILABLE)
        head = await self.logbook.head(since, session_id)
        return Deny(Reason.LOG_UNAVAILABLE) if head is None and self.logbook.failing_since is not None else head

    def _store(self, command: HoldHead | AddUnclosed | MarkClosed | KeepDoubt) -> bool:
        try:
            match command:
                case HoldHead(held):
                    self.evidence.hold(held)
                case AddUnclosed(session_id):
                    self.evidence.add_unclosed(session_id)
                case MarkClosed(session_id):
                    self.evidence.closed(session_id)
                case KeepDoubt(raised):
                    self._keep(raised)
                case _:
                    assert_never(command)
        except OSError as fault:
            _LOG.error("what is held of a log could not be stored (%s)", fault.strerror)
            return False
        return True

    def _keep(self, raised: Raised) -> None:
        said = f"{raised.subject} says that our log" if raised.told else f"the log of {raised.subject}"
        _LOG.error(
            "ALARM: %s does not fit to what was shown of it before (%s): no visit begins; see: doubts list", said, raised.doubt.value
        )
        if raised.told:
            self.evidence.add_told(self._kept(raised))
        else:
            self.evidence.add_doubt(self._kept(raised))

    def _kept(self, raised: Raised) -> KeptDoubt:
        return KeptDoubt(raised.subject, raised.doubt, raised.held, raised.given, int(self.clock().utc))


def standing(evidence: Evidence) -> tuple[Raised, ...]:
    """The doubts that nobody has acknowledged yet, as the core knows them."""
    told = evidence.told
    return tuple(Raised(each.subject, each.doubt, each.held, each.given, each in told) for each in evidence.doubts)
