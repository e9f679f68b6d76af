"""The logbook: what was not written comes late, in order, and says so; a log that fails is tried again without anybody asking."""

import pytest

from audit.events import evidence, host, visit
from host_client.guardian.log_watch import LOOK_SECONDS, LogWatch
from host_client.guardian.logbook import Logbook
from policy.decision import Reason
from policy.instant import Instant
from tests.helpers.plain_log import PlainLog
from tests.helpers.playbook import NOON
from wire.limits import LOG_GRACE_SECONDS

STARTED = host.HostStarted(host_id="h-1", version="1")
ENDED = visit.FrameRefused(subject="s-1", reason=Reason.MALFORMED, what="")


class Scene:
    """A logbook on a log that the test breaks and mends, and a watch over it."""

    def __init__(self) -> None:
        self.now, self.visits, self.ended = NOON, False, 0
        self.disk = PlainLog()
        self.book = Logbook(self.disk, lambda: self.now, patience=0.2)
        self.watch = LogWatch(self.book, lambda: self.now, lambda: self.visits, self.failing)

    async def failing(self) -> None:
        self.ended += 1
        self.visits = False

    async def look(self, seconds: float = LOOK_SECONDS) -> None:
        self.now = Instant(self.now.utc + seconds, self.now.boot + seconds)
        await self.watch.look()

    def kinds(self) -> list[type]:
        return [type(each) for each in self.disk.rows]


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_a_log_that_works_again_says_how_long_it_did_not(scene: Scene) -> None:
    scene.disk.works = False
    assert not await scene.book.record((STARTED,))
    await scene.book.note(ENDED)
    await scene.look(7)
    assert scene.book.failing_since == NOON
    scene.disk.works = True
    await scene.look(3)
    assert scene.disk.rows == [evidence.LogFailed(seconds=10, late=1, lost=0), host.LateEntries(count=1), ENDED]


async def test_what_waits_for_the_disk_is_bounded_and_what_was_lost_is_counted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("host_client.guardian.logbook.LATE_MAX", 2)
    scene.disk.works = False
    for _ in range(5):
        await scene.book.note(ENDED)
    assert scene.book.late == 2
    scene.disk.works = True
    assert await scene.book.record(())
    assert scene.disk.rows[0] == evidence.LogFailed(seconds=0, late=2, lost=3)
    assert scene.kinds()[1:] == [host.LateEntries, type(ENDED), type(ENDED)]


async def test_what_cannot_be_written_down_holds_up_nothing_behind_it(scene: Scene) -> None:
    unfit, said = host.LateEntries(count=-1), evidence.EventUnfit(kind="late_entries", why="LateEntries.count is out of range")
    scene.disk.works = False
    for event in (ENDED, unfit, STARTED):
        await scene.book.note(event)
    scene.disk.works = True
    assert await scene.book.probe()
    await scene.book.note(unfit)
    assert scene.disk.rows[2:] == [ENDED, said, STARTED, said]


async def test_a_visit_is_borne_for_so_long_without_a_log_and_no_longer(scene: Scene) -> None:
    scene.visits = True
    scene.disk.works = False
    await scene.look()
    for _ in range(round(LOG_GRACE_SECONDS / LOOK_SECONDS) - 1):
        await scene.look()
    assert scene.ended == 0
    await scene.look()
    assert scene.ended == 1


async def test_a_log_that_works_in_between_ends_no_visit(scene: Scene) -> None:
    scene.visits = True
    for works in (False, False, False, True, False, False, False, False):
        scene.disk.works = works
        await scene.look(3)
    assert scene.ended == 0


async def test_a_disk_that_hangs_ends_a_visit_too(scene: Scene) -> None:
    scene.visits = True
    scene.disk.moving.clear()
    await scene.look()
    await scene.look(LOG_GRACE_SECONDS)
    assert scene.ended == 1
    scene.disk.moving.set()


async def test_nothing_is_tried_while_nobody_visits_and_nothing_is_late(scene: Scene) -> None:
    await scene.look()
    scene.disk.works = False
    await scene.look()
    assert scene.book.failing_since is None


async def test_little_room_is_told_once_and_again_only_after_there_was_more(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("host_client.guardian.log_watch.ROOM_EVERY", 1)
    for free in (50, 20, 19, 5, 24, 10, 26, 18):
        scene.disk.free = free
        await scene.look()
    assert scene.disk.rows == [evidence.DiskLow(percent=19), evidence.DiskLow(percent=18)]


async def test_room_is_asked_for_now_and_then(scene: Scene) -> None:
    await scene.look()
    scene.disk.free = 1
    for _ in range(14):
        await scene.look()
    assert scene.disk.rows == []
    await scene.look()
    assert scene.disk.rows == [evidence.DiskLow(percent=1)]


async def test_a_log_that_does_not_answer_shows_nothing(scene: Scene) -> None:
    assert await scene.book.head(0) is None
    assert await scene.book.checkpoint()
    scene.disk.works = False
    assert not await scene.book.checkpoint()
    assert await scene.book.room() is None
    assert await scene.book.head(0) is None
