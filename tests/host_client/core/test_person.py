"""What the person does beside answering: pause, continue, take back, use the PC.

Mutations, each seen to fail here: a file moves in a pause, or not on after it; a right or a file that is taken back stays, or *All files*
with it; the mouse of a person whom nobody controls is news.
"""

import pytest

from audit.events import files as of_files
from audit.events import host as log
from host_client.core.commands import Inject
from host_client.link import (
    Given,
    KeepOpenPressed,
    LocalInput,
    PausePressed,
    ResumePressed,
    ShowPrompt,
    StopCapture,
    StopInput,
    TakeBackPressed,
)
from host_client.link_files import FileDrop, FileKeep, FileStop
from policy.decision import Reason
from policy.permissions import Lane, Permission
from tests.helpers.host_core import SESSION, Stage
from tests.helpers.host_transfer import Transfer, allowing_all, ask_file, words_of
from tests.helpers.host_visit import batch, controlled, drawn, online, since
from wire.sealed.inner import FileOver

CONTENT = bytes(range(256)) * 40


def told_desk(stage: Stage) -> list[type]:
    return [type(each.said) for each in stage.did if hasattr(each, "said")]


def test_a_person_who_acts_while_nobody_controls_is_no_news() -> None:
    stage = online()
    stage.viewing()
    stage.says(LocalInput(active=True))
    assert stage.did == []


@pytest.mark.parametrize("taken", [Permission.CONTROL, Permission.VIEW])
def test_a_right_that_is_taken_back_stops_at_once_and_others_go_on(taken: Permission) -> None:
    stage, far = controlled()
    stage.says(TakeBackPressed(taken))
    stopped = [StopInput] if taken is Permission.CONTROL else [StopInput, StopCapture]
    assert told_desk(stage)[: len(stopped)] == stopped
    assert stage.core.visit is not None
    assert bool(drawn(stage, 2)) is (taken is Permission.CONTROL)
    far.record(Lane.INPUT, 2, batch(stage, since(stage)))
    assert not any(isinstance(each, Inject) for each in stage.did)
    stage.says(TakeBackPressed(taken))
    assert stage.did == []


def test_a_visit_that_is_kept_open_is_as_it_was() -> None:
    stage, _ = controlled()
    assert stage.says(KeepOpenPressed()) == []


def test_hand_and_pause_are_counted_from_when_they_began_to_when_they_were_over() -> None:
    stage, far = controlled()
    for said, carries in (
        (PausePressed(), False),
        (LocalInput(active=True), False),
        (ResumePressed(), False),
        (LocalInput(active=False), True),
    ):
        stage.says(said)
        stage.wait(1)
        far.record(Lane.INPUT, 2, batch(stage, since(stage)))
        assert any(isinstance(each, Inject) for each in stage.did) is carries
    assert stage.logged(log.VisitPaused) == [log.VisitPaused(session_id=SESSION)]


# ---- files


def test_a_file_stands_still_in_a_pause_and_goes_on_with_it() -> None:
    moving = Transfer.begun(CONTENT)
    moving.stage.says(PausePressed())
    moving.send_all()
    assert moving.pieces() == []
    assert moving.stage.told(FileKeep) == []
    moving.stage.says(ResumePressed())
    assert b"".join(moving.pieces()) == CONTENT


def test_the_right_to_send_files_taken_back_removes_what_came_and_is_said_and_recorded() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:100])
    moving.far.opened()
    moving.stage.says(TakeBackPressed(Permission.FILE_TO_HOST))
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]
    assert moving.over() == [FileOver(moving.ask, Reason.FILE_STOPPED_AT_HOST)]
    (stopped,) = moving.stage.logged(of_files.FileStopped)
    assert stopped.reason is Reason.FILE_STOPPED_AT_HOST
    moving.stage.says(TakeBackPressed(Permission.FILE_TO_HOST))
    assert moving.stage.did == []


@pytest.mark.parametrize(("taken", "asked_again"), [(Permission.FILE_TO_HOST, True), (Permission.VIEW, True), (Permission.CONTROL, False)])
def test_all_files_of_this_session_end_with_the_right_that_they_rest_on(taken: Permission, asked_again: bool) -> None:
    moving = Transfer.begun(CONTENT, stage=allowing_all())
    moving.stage.says(FileStop(moving.ask))
    moving.again(Given.ALLOW_ALL)
    moving.stage.says(TakeBackPressed(taken))
    moving.stage.says(FileStop(moving.ask))
    if taken is Permission.VIEW:
        moving.far.ask(Permission.VIEW)
        moving.stage.allow()
    ask_file(moving.far, words_of(b"second", "second.bin"))
    assert bool(moving.stage.told(ShowPrompt)) is asked_again
