"""What both ways of a file share: an end that both sides hear of, and progress that does not flicker."""

from audit.events import files as log
from host_client.core.commands import Tell
from host_client.core.file_ends import Showing, stop_file
from host_client.link_files import FileDrop, FileShown
from policy.decision import Reason
from policy.permissions import Permission
from tests.helpers.host_core import Stage
from tests.helpers.host_transfer import Transfer, words_of
from wire.sealed.inner import FileOver


def test_a_file_that_is_stopped_is_told_to_both_sides_and_recorded() -> None:
    moving = Transfer.begun(b"content")
    visit = moving.stage.core.visit
    assert visit is not None
    moving.stage.perform(stop_file(visit.standing, Permission.FILE_TO_HOST, Reason.FILE_CUT, moving.stage.now))
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]
    assert moving.over() == [FileOver(moving.ask, Reason.FILE_CUT)]
    assert [each.reason for each in moving.stage.logged(log.FileStopped)] == [Reason.FILE_CUT]
    assert moving.stage.perform(stop_file(visit.standing, Permission.FILE_TO_HOST, Reason.FILE_CUT, moving.stage.now)) == []


def test_progress_is_shown_at_first_then_a_few_times_a_second_and_at_the_end() -> None:
    stage, showing, file = Stage(), Showing(Permission.FILE_FROM_HOST), words_of(bytes(100))

    def shown(done: int, seconds: float) -> list[FileShown]:
        stage.wait(seconds)
        told = [each.said for each in showing.show(3, file, done, (7, 9), stage.now) if isinstance(each, Tell)]
        return [each for each in told if isinstance(each, FileShown)]

    assert shown(10, 0) == [FileShown(3, Permission.FILE_FROM_HOST, file.name, 10, 100, 7, 9, waits=False)]
    assert shown(20, 0.1) == []
    assert len(shown(30, 0.2)) == 1
    assert len(shown(100, 0.01)) == 1


def test_a_file_that_waits_says_so_and_what_comes_after_is_shown_at_once() -> None:
    stage, showing, file = Stage(), Showing(Permission.FILE_FROM_HOST), words_of(bytes(100))
    stage.perform(showing.show(3, file, 10, (7, 9), stage.now))
    stage.perform(showing.wait(3, file, 20))
    assert stage.told(FileShown) == [FileShown(3, Permission.FILE_FROM_HOST, file.name, 20, 100, 0, 0, waits=True)]
    assert stage.perform(showing.show(3, file, 30, (7, 9), stage.now)) != []
