"""The running broker's rounds through its own log: a few old entries every second, beside everything else.

What is found is the doubt that an append would raise: recorded, kept, and every visit over until a named person has seen it.
"""

import asyncio
import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from broker.core.heads import own_log_doubted
from broker.storage.log_faults import LogDoubtful
from broker.storage.log_patrol import Patrol
from broker.web.shell import Shell

STEP_SECONDS = 1.0
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Rounds:
    """One broker's. `rows` are read in a step."""

    shell: Shell
    patrol: Patrol
    rows: int
    _said: str = ""

    async def go(self) -> None:
        """A step every second. Ends when it is cancelled."""
        while True:
            await asyncio.sleep(STEP_SECONDS)
            await self.step()

    async def step(self) -> None:
        """One. While a doubt about this log waits for a person there is nothing to add to it."""
        board = self.shell.board
        if board.broker_id in board.doubted:
            return
        try:
            await self.patrol.step(self.rows)
        except LogDoubtful as doubt:
            _LOG.error("old entries were read again, and the log %s", str(doubt).removeprefix("it "))
            # Where it is the newest that does not fit, the log finds that by itself and takes no entry.
            if await self.shell.log.flush(probe=True):
                await self.shell.perform(own_log_doubted(board, doubt.held, doubt.given, self.shell.clock()))
        except (SQLAlchemyError, OSError) as fault:
            self._say(f"old entries cannot be read again ({type(fault).__name__})")
        else:
            self._said = ""

    def _say(self, said: str) -> None:
        if said != self._said:
            _LOG.error(said)
        self._said = said
