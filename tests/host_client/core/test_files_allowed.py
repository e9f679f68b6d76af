"""What the person's answer to a file means: this one, or all of the visit where the rules offer that."""

from dataclasses import replace

from audit.events import visit as both
from host_client.link import Given, PromptAnswered, ShowPrompt
from host_client.link_files import FileBegin, FileKept, FileStop
from policy.decision import Reason
from tests.helpers.host_core import Stage
from tests.helpers.host_transfer import Transfer, allowing_all, ask_file, words_of
from wire.messages.ledger import FileScope

CONTENT = bytes(range(256)) * 40


# ---- consent


def test_ask_each_cannot_be_raised() -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    ask_file(far, words_of(CONTENT))
    assert [each.all_files for each in stage.told(ShowPrompt)] == [False]
    stage.wait(1.5)
    stage.says(PromptAnswered(far.asks, Given.ALLOW_ALL))
    assert stage.told(FileBegin) == []
    stage.says(PromptAnswered(far.asks, Given.ALLOW))
    assert len(stage.told(FileBegin)) == 1


def test_all_files_are_allowed_once_and_each_is_still_recorded_and_answered() -> None:
    moving = Transfer.begun(CONTENT, stage=allowing_all())
    moving.stage.says(FileStop(moving.ask))
    moving.again(Given.ALLOW_ALL)
    first = moving.ask
    moving.send_all()
    moving.stage.says(FileKept(moving.ask, "method.bin"))
    moving.words, moving.stream, moving.sent = words_of(b"second", "second.bin"), b"second", 0
    ask_file(moving.far, moving.words)
    moving.ask = moving.far.asks
    assert moving.stage.told(ShowPrompt) == []
    (answer,) = moving.far.answers()
    assert (answer.scope, answer.under) == (FileScope.SESSION, first)
    assert moving.stage.logged(both.Asked)[-1].file_name == "second.bin"


def test_all_files_wait_for_the_first_second_too() -> None:
    stage = allowing_all()
    far = stage.viewing()
    ask_file(far, words_of(CONTENT))
    assert [each.all_files for each in stage.told(ShowPrompt)] == [True]
    stage.says(PromptAnswered(far.asks, Given.ALLOW_ALL))
    assert stage.told(FileBegin) == []


def test_a_following_file_that_cannot_be_recorded_is_not_allowed() -> None:
    moving = Transfer.begun(CONTENT, stage=allowing_all())
    moving.stage.says(FileStop(moving.ask))
    moving.again(Given.ALLOW_ALL)
    moving.stage.says(FileStop(moving.ask))
    moving.stage.disk = False
    ask_file(moving.far, words_of(b"second"))
    assert moving.stage.told(FileBegin) == []


def test_one_visit_brings_no_more_than_this_host_takes() -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    ask_file(far, replace(words_of(b""), size=stage.ports.files_most + 1))
    (answer,) = far.answers()
    assert answer.reason is Reason.FILES_TOO_LARGE
    assert stage.told(ShowPrompt) == []
