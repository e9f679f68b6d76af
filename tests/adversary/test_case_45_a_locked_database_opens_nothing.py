"""Case 45: another process holds the database locked: nothing is let in unrecorded, nobody waits for ever, everybody else is answered.

The lock is held until the visit is over and sign-ins were refused, with a wait of one second for a lock in place of five; and, in the long
loops, for a minute. What needs no database is answered all the while: the longest answer is measured, and compared with the longest
before and after, so that a machine with other work to do is not taken for a broker that stalls.

Mutations, each seen to fail here: no end after the grace; what cannot be recorded counts as recorded; a lock is waited for a minute and an
append that hangs is no failure. Half of the last does not show: whoever waits that long is refused because the append hangs.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path

import pytest

from audit.events.visit import SessionEnded
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.broker_log import findings, logged
from tests.helpers.broker_process import BrokerProcess, running_broker
from tests.helpers.ends import Meeting, ready_to_meet
from tests.helpers.log_losing import health, healthy, longest_answer, over, sign_in_refused
from wire.limits import LOG_GRACE_SECONDS
from wire.messages.presence import Refused
from wire.messages.ticket import TicketOpen

pytestmark = pytest.mark.adversary

STALL_MAX = 0.25
"""Seconds that nothing may hold up the event loop, on a machine that is quick enough."""
A_MINUTE = 60.0


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """As a backup program that takes its time, or somebody's shell."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def everything_new_is_refused(broker: BrokerProcess, visit: Meeting) -> None:
    assert await sign_in_refused(broker, visit.technician) is Reason.LOG_UNAVAILABLE
    await visit.host_control.say(TicketOpen(bytes(32), bytes(32)))
    assert (await visit.host_control.until(Refused)).reason is Reason.LOG_UNAVAILABLE


@pytest.mark.parametrize("held", [0.0, pytest.param(A_MINUTE, marks=pytest.mark.long)])
async def test_a_lock_ends_visits_refuses_what_is_new_and_stalls_nobody(tmp_path: Path, held: float) -> None:
    async with running_broker(tmp_path, lock_wait=1) as broker, AsyncExitStack() as stack:
        async with longest_answer(broker) as before:
            visit = await stack.enter_async_context(ready_to_meet(broker))
            await visit.spent()
            await visit.ask()
            await visit.allow()
        began = asyncio.get_running_loop().time()
        async with longest_answer(broker) as meanwhile:
            with locked(broker.database):
                for end in await over(visit, LOG_GRACE_SECONDS + 8.0):
                    assert end.cause is EndCause.LOG_UNAVAILABLE
                await everything_new_is_refused(broker, visit)
                while asyncio.get_running_loop().time() < began + held:
                    assert await health(broker) == 503
                if held:
                    await everything_new_is_refused(broker, visit)
        await healthy(broker)
        began = asyncio.get_running_loop().time()
        async with longest_answer(broker) as after:
            while asyncio.get_running_loop().time() < began + held:
                assert await health(broker) == 200
        assert meanwhile.longest < max(STALL_MAX, 2 * before.longest, 2 * after.longest)
        await logged(broker, SessionEnded, lambda end: (end.session_id, end.cause) == (visit.session_id, EndCause.LOG_UNAVAILABLE))
        assert findings(broker) == []
