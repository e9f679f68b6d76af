"""Looks after the log while the guardian runs: tries again what failed, ends a visit that cannot be recorded, warns of a full disk.

Nothing new is allowed while the log fails: that is `Logbook.record`'s answer. Here is what happens without anybody asking.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from audit.events.evidence import DiskLow
from host_client.guardian.logbook import Logbook
from policy.instant import Instant
from wire.limits import LOG_GRACE_SECONDS

LOOK_SECONDS = 2.0
ROOM_EVERY = 15
"""Looks from one question for free space to the next."""
CHECKPOINT_EVERY = 30
"""Looks from one checkpoint to the next; one is only kept if there is something new."""
ROOM_LOW, ROOM_AGAIN = 20, 25
"""Percent: warned under the first, and again only after there was more than the second."""
_LOG = logging.getLogger(__name__)


class LogWatch:
    """One watch. `visiting` says whether there is a visit, `failing` ends it."""

    def __init__(
        self, logbook: Logbook, clock: Callable[[], Instant], visiting: Callable[[], bool], failing: Callable[[], Awaitable[None]]
    ) -> None:
        self._logbook, self._clock, self._visiting, self._failing = logbook, clock, visiting, failing
        self._looks = 0
        self._low = self._said = False

    async def keep(self) -> None:
        """Look every LOOK_SECONDS. Ends when it is cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Once."""
        logbook = self._logbook
        if logbook.late or logbook.failing_since is not None or self._visiting():
            await logbook.probe()
        self._tell()
        since = logbook.failing_since
        if since is not None and self._visiting() and self._clock().elapsed_since(since) >= LOG_GRACE_SECONDS:
            await self._failing()
        if self._looks % ROOM_EVERY == 0:
            await self._room()
        self._looks += 1
        if self._looks % CHECKPOINT_EVERY == 0 and logbook.failing_since is None:
            await logbook.checkpoint()

    def _tell(self) -> None:
        """Say on this program's own log of faults when it begins and when it is over."""
        failing = self._logbook.failing_since is not None
        if failing and not self._said:
            _LOG.error("the log cannot be written: nothing new is allowed, and a visit ends after %d s", LOG_GRACE_SECONDS)
        elif self._said and not failing:
            _LOG.warning("the log can be written again")
        self._said = failing

    async def _room(self) -> None:
        percent = await self._logbook.room()
        if percent is None:
            return
        if percent < ROOM_LOW and not self._low:
            self._low = True
            _LOG.warning("only %d %% of the disk of the log is free; at nothing, nothing more is allowed", percent)
            await self._logbook.note(DiskLow(percent=percent))
        elif percent > ROOM_AGAIN:
            self._low = False
