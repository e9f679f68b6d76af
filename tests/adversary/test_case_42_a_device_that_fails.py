"""Case 42: a device that gives EIO, and a quota that is used up: nothing new is allowed, visits end after the grace, it goes on by itself.

EIO is the kernel's own, from ext2 on a loop device whose end is taken away; that wants root. It comes to the host, and to the broker,
which refuses the very first request after it. A quota wants a kernel and a file system that know of one: here writing gives the same
error at the one place where the host's log is written.

Mutations that were tried and turn it red: `Logbook.record` answering yes for a log that raised; an fsync whose error is passed over; a line
that failed left where it is.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.events.evidence import LogFailed
from audit.events.visit import SessionEnded
from audit.log import verify
from policy.decision import Reason
from policy.session import EndCause
from runtime.log_lines import stored_log
from tests.adversary.test_case_74_a_log_of_yesterday_is_not_gone_on_with import enrolment
from tests.helpers.broker_log import findings, logged, names
from tests.helpers.broker_process import read, running_broker
from tests.helpers.ends import ready_to_meet
from tests.helpers.failing_device import failing_device
from tests.helpers.full_disk import WIDENING, Scene, events_of
from tests.helpers.log_losing import health, healthy, over, sign_in_refused
from wire.limits import LOG_GRACE_SECONDS
from wire.messages.presence import Refused
from wire.schema import from_base64url

pytestmark = pytest.mark.adversary


async def outage(folder: Path, fails: Callable[[bool], None]) -> None:
    """At the host: its real log, logbook and watch, through a whole outage."""
    scene = Scene(folder, {})
    assert await scene.book.record((WIDENING,))
    fails(True)
    await scene.outage("device")
    fails(False)
    await scene.recovered("device")
    scene.log.close()
    saw = scene.saw
    assert (saw["device: widened"], saw["device: ended early"], saw["device: ended"], saw["device: late"]) == (False, 0, 1, 1)
    assert (saw["device: failing after"], saw["device: widened after"]) == (False, True)
    with scene.opened() as log:
        assert log.doubt is None
    stored = stored_log(folder / "log")
    assert verify(stored.rows(), stored.meta.log_id, stored.meta.side).findings == ()
    names = [type(event).__name__ for event in events_of(folder / "log")]
    assert names == ["HelpPressed", "LogFailed", "LateEntries", "FrameRefused", "HelpPressed"], "what was refused is not there"


@pytest.mark.parametrize("fault", [errno.EDQUOT, errno.EIO], ids=errno.errorcode.get)
@pytest.mark.parametrize("call", ["write", "fsync"])
async def test_an_error_that_is_given_where_the_hosts_log_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, fault: int
) -> None:
    failing = False
    real: Callable[..., int | None] = getattr(os, call)

    def fails(so: bool) -> None:
        nonlocal failing
        failing = so

    def answer(file: int, *given: bytes) -> int | None:
        if failing and Path(f"/proc/self/fd/{file}").readlink().is_relative_to(tmp_path):
            raise OSError(fault, os.strerror(fault))
        return real(file, *given)

    monkeypatch.setattr(os, call, answer)
    await outage(tmp_path, fails)


@pytest.mark.long
async def test_a_device_that_gives_errors_to_the_host(tmp_path: Path) -> None:
    with failing_device(tmp_path / "disk", 8) as fails:
        await outage(tmp_path / "disk", fails)


@pytest.mark.long
async def test_a_device_that_gives_errors_to_the_broker(tmp_path: Path) -> None:
    with failing_device(tmp_path / "state", 24) as fails:
        async with running_broker(tmp_path) as broker, ready_to_meet(broker) as visit:
            await visit.spent()
            await visit.ask()
            await visit.allow()
            token = from_base64url((await broker.run("hosts", "token", "--site", "Site A")).strip())
            fails(True)
            at_once = await broker.post("/api/enrol", enrolment(token), origin=None)
            assert read(at_once, Refused).reason is Reason.LOG_UNAVAILABLE, "before anybody noticed"
            for end in await over(visit, LOG_GRACE_SECONDS + 8.0):
                assert end.cause is EndCause.LOG_UNAVAILABLE
            assert await health(broker) == 503
            assert await sign_in_refused(broker, visit.technician) is Reason.LOG_UNAVAILABLE
            assert "I/O error" in (tmp_path / "broker.log").read_text()
            fails(False)
            await healthy(broker)
            await logged(broker, SessionEnded, lambda end: (end.session_id, end.cause) == (visit.session_id, EndCause.LOG_UNAVAILABLE))
            assert (await logged(broker, LogFailed, lambda _failed: True)).lost == 0
            assert names(broker).count("host_enrolled") == 1, "what was refused is not there"
            assert findings(broker) == []
