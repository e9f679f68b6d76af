"""Watches whether the running broker can remember: ends visits while it cannot, tries again by itself, and warns before the disk is full.

Refusing what is new needs nobody to watch: every widening asks the log first.
"""

import asyncio
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from audit.events.evidence import DiskLow
from broker.core.disk import DiskWarning
from broker.core.narrowing import log_lost
from broker.web.shell import Shell
from policy.instant import Instant
from policy.session import EndCause
from wire.limits import LOG_GRACE_SECONDS
from wire.messages.evidence import Doubt

PROBE_SECONDS = 2.0
_LOG = logging.getLogger(__name__)


def free_percent(folder: Path) -> int:
    """How much of the disk under this folder is free for us. Raises OSError."""
    told = os.statvfs(folder)
    return told.f_bavail * 100 // max(1, told.f_blocks)


@dataclass(slots=True)
class LogWatch:
    """One broker's. `look` is called every moment, `probe` runs beside it: an append may wait for whoever locks the database."""

    shell: Shell
    state: Path
    _disk: DiskWarning = field(default_factory=DiskWarning)
    _said: str = ""
    _doubted: str = ""

    async def look(self) -> None:
        """What follows from how the log stands at this moment."""
        now, log = self.shell.clock(), self.shell.log
        self._say(log.fault)
        doubtful, since = log.doubtful, log.failing_since
        if doubtful is not None:
            await self.shell.perform(log_lost(self.shell.board, EndCause.LOG_DOUBTED, now))
            await self._keep_doubt(doubtful.held, doubtful.given, now)
        elif since is not None and now.elapsed_since(since) >= LOG_GRACE_SECONDS:
            await self.shell.perform(log_lost(self.shell.board, EndCause.LOG_UNAVAILABLE, now))
        await self._look_at_disk()

    def _say(self, fault: Exception | None) -> None:
        said = str(fault) if fault is not None else ""
        if said and said != self._said:
            _LOG.error("the log cannot be written (%s): nothing new is allowed", said)
        elif self._said and not said:
            _LOG.warning("the log is written again")
        self._said = said

    async def _keep_doubt(self, held: str, given: str, now: Instant) -> None:
        """So that whoever acknowledges it knows which of our checkpoints the log does not continue."""
        if self._doubted == held + given:
            return
        try:
            await self.shell.store.evidence.add_doubt(self.shell.board.broker_id, Doubt.OWN_LOG, held, given, now.utc)
            self._doubted = held + given
        except SQLAlchemyError as fault:
            _LOG.error("a doubt about the log could not be kept (%s)", type(fault).__name__)

    async def _look_at_disk(self) -> None:
        try:
            percent = free_percent(self.state)
        except OSError as fault:
            _LOG.error("how full the disk is cannot be said (%s)", fault.strerror)
            return
        if self._disk.due(percent):
            _LOG.warning("only %d %% of the disk under %s is free; when it is full, nothing is allowed any more", percent, self.state)
            await self.shell.log.note(DiskLow(percent=percent))

    async def probe(self) -> None:
        """Try again while something is late, and while visits run: whoever is being helped should not be the first to find out."""
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            log = self.shell.log
            if log.failing_since is not None or log.late:
                await log.flush()
            elif self.shell.board.visits:
                await log.flush(probe=True)
