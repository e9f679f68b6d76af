"""Case 42: the broker's disk is full, or fails: what is new is refused, a visit that runs is over, and it goes on by itself.

Full: a tmpfs of a few megabytes, filled up. Failing: every write of the process gives an error (its file size limit is taken to
nothing, which comes to it as a device that fails). A file system that is made read-only under a program which writes on it is refused by
the kernel, and FUSE is not there on every machine that runs this: both would come to the same errors as these two. On a disk that is full
already a broker does not start, and says why.

Mutations, each seen to fail a test here: no warning under 20 percent; a log that failed is taken for well before it wrote anything.
"""

import resource
from pathlib import Path

import pytest

from audit.events.evidence import DiskLow, LogFailed
from audit.events.visit import SessionEnded
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.broker_log import findings, logged
from tests.helpers.broker_process import BrokerProcess, running_broker
from tests.helpers.ends import Meeting, ready_to_meet
from tests.helpers.log_losing import health, healthy, over, sign_in_refused
from tests.helpers.small_disk import small_disk
from wire.limits import LOG_GRACE_SECONDS
from wire.messages.presence import Refused
from wire.messages.ticket import TicketOpen

pytestmark = pytest.mark.adversary

MEGABYTES = 12
WITHIN = LOG_GRACE_SECONDS + 8.0


async def everything_new_is_refused(broker: BrokerProcess, visit: Meeting) -> None:
    assert await health(broker) == 503
    assert await sign_in_refused(broker, visit.technician) is Reason.LOG_UNAVAILABLE
    await visit.host_control.say(TicketOpen(bytes(32), bytes(32)))
    assert (await visit.host_control.until(Refused)).reason is Reason.LOG_UNAVAILABLE


async def it_went_on(broker: BrokerProcess, visit: Meeting) -> None:
    """The log says that it failed, and how the visit ended while it did; people come in again."""
    await healthy(broker)
    await logged(broker, SessionEnded, lambda end: (end.session_id, end.cause) == (visit.session_id, EndCause.LOG_UNAVAILABLE))
    failed = await logged(broker, LogFailed, lambda _failed: True)
    assert failed.seconds >= LOG_GRACE_SECONDS - 1
    assert failed.lost == 0
    assert findings(broker) == []
    assert await broker.sign_in(await broker.technician("t-berta"))


async def test_a_full_disk_ends_visits_refuses_what_is_new_and_is_over_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "state", MEGABYTES) as ballast:
        async with running_broker(tmp_path) as broker, ready_to_meet(broker) as visit:
            await visit.spent()
            await visit.ask()
            await visit.allow()
            ballast.leave(15)
            low = await logged(broker, DiskLow, lambda _low: True)
            assert low.percent < 20
            assert "free; when it is full" in (tmp_path / "broker.log").read_text()
            ballast.leave(0)
            for end in await over(visit, WITHIN):
                assert end.cause is EndCause.LOG_UNAVAILABLE
            await everything_new_is_refused(broker, visit)
            assert "nothing new is allowed" in (tmp_path / "broker.log").read_text()
            ballast.drop()
            await it_went_on(broker, visit)


async def test_a_disk_that_gives_errors_does_the_same(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker, ready_to_meet(broker) as visit:
        await visit.spent()
        await visit.ask()
        await visit.allow()
        before = resource.prlimit(broker.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(broker.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
        for end in await over(visit, WITHIN):
            assert end.cause is EndCause.LOG_UNAVAILABLE
        await everything_new_is_refused(broker, visit)
        resource.prlimit(broker.process.pid, resource.RLIMIT_FSIZE, before)
        await it_went_on(broker, visit)
