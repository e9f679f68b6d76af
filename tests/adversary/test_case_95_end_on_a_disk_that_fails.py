"""Case 95: disk error while the person presses *End*: it ends, and the entries are written late, before anything else."""

import pytest

from audit.events import evidence
from audit.events import host as log
from host_client.core.commands import CloseSession
from host_client.guardian.logbook import Logbook
from host_client.link import EndPressed, StopCapture, StopInput
from policy.permissions import Permission
from tests.helpers.host_core import Stage
from tests.helpers.plain_log import PlainLog
from tests.helpers.playbook import NOON
from wire.statements import Label

pytestmark = pytest.mark.adversary


def test_everything_stops_and_the_end_is_signed_though_nothing_can_be_written() -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    stage.allow()
    stage.disk = False
    assert [type(each) for each in stage.core.narrow_now()] == [StopInput, StopCapture]
    stage.says(EndPressed())
    assert CloseSession() in stage.did
    assert far.statements(Label.ENDED)
    assert stage.core.visit is None


async def test_what_could_not_be_written_is_written_late_and_before_anything_else() -> None:
    disk = PlainLog()
    book = Logbook(disk, lambda: NOON)
    disk.works = False
    await book.note(log.HostStopped(host_id="h-1"))
    await book.note(log.InputStopped(session_id="s-1", ask=2))
    assert not await book.record((log.HostStarted(host_id="h-1", version="1"),))
    assert book.late == 2
    disk.works = True
    assert await book.record((log.HostStarted(host_id="h-1", version="2"),))
    assert [type(each) for each in disk.rows] == [evidence.LogFailed, log.LateEntries, log.HostStopped, log.InputStopped, log.HostStarted]
    assert book.late == 0


async def test_a_disk_that_hangs_is_a_disk_that_fails() -> None:
    disk = PlainLog()
    book = Logbook(disk, lambda: NOON, patience=0.05)
    disk.moving.clear()
    assert not await book.record((log.HostStarted(host_id="h-1", version="1"),))
    assert not await book.record((log.HostStarted(host_id="h-1", version="2"),))
    disk.moving.set()
    while not await book.record((log.HostStarted(host_id="h-1", version="3"),)):
        pass
    assert disk.rows
