"""Requests at the host: policy first, recorded before they are shown, recorded before they widen anything."""

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import Note, Record, Tell
from host_client.core.events import Fired, Timer
from host_client.link import (
    BannerState,
    ClosePrompt,
    EndPressed,
    Given,
    PromptAnswered,
    ShowBanner,
    ShowPrompt,
    ShowSummary,
    StartCapture,
    StartInput,
    StopCapture,
)
from host_client.link_files import FileKept
from policy.decision import Reason
from policy.permissions import TERMS, Lane, Permission
from policy.session import EndCause, SessionState
from tests.helpers.host_core import Stage
from tests.helpers.views import rules
from trust.signatures import Ed25519Signer
from wire.commitments import matches
from wire.messages.ledger import Answer, FileScope, Withdrawn
from wire.schema import decode
from wire.sealed.inner import AnswerWords, AskWords, HostNotice
from wire.statements import Label

STRANGER = Ed25519Signer(b"x" * 32)


def online() -> Stage:
    stage = Stage()
    stage.online()
    return stage


def cause(stage: Stage) -> EndCause:
    return stage.logged(both.SessionEnded)[-1].cause


def test_a_prompt_says_who_what_where_why_and_what_not_and_is_in_the_log_before_it_is_shown() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW, "stuck \u202eneedle")
    prompt = stage.told(ShowPrompt)[0]
    text = "\n".join(prompt.lines)
    for expected in ("Ann", "Acme", "Analyser", "CASE-1", "stuck [U+202E]needle", "Not allowed"):
        assert expected in text
    kinds = [type(each) for each in stage.did]
    assert kinds.index(Record) < kinds.index(Tell)
    assert stage.logged(log.PromptShown)[0].prompt == prompt.lines
    assert (prompt.seconds, prompt.armed_after_ms) == (60, 1000)


def test_an_allow_is_recorded_then_signed_then_begun() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    prompt = stage.allow()
    kinds = [type(each.said) if isinstance(each, Tell) else type(each) for each in stage.did]
    assert kinds.index(Record) < kinds.index(StartCapture)
    answered = far.answers()[0]
    assert (answered.answer, answered.reason, answered.ask) == (Answer.ALLOW, None, 1)
    assert 0 < answered.seconds <= 3600
    words = [decode(plain, AnswerWords, HostNotice) for lane, plain in far.opened() if lane is Lane.CONTROL][-1]
    assert isinstance(words, AnswerWords)
    assert words.prompt.split("\n") == list(prompt.lines)
    assert matches(answered.prompt_commitment, words.key, words.prompt)
    assert stage.told(ShowBanner)[0].state is BannerState.VIEWING
    assert isinstance(stage.log[-1], log.CaptureStarted)


def test_control_after_view_and_its_refusal_leaves_the_view() -> None:
    stage = online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    stage.says(PromptAnswered(2, Given.REFUSE))
    assert far.answers()[0].reason is Reason.REFUSED_BY_PERSON
    assert not stage.told(StopCapture)
    far.ask(Permission.CONTROL)
    stage.allow()
    assert stage.told(StartInput)
    assert stage.told(ShowBanner)[0].state is BannerState.CONTROLLING


def test_a_refused_view_and_no_answer_end_the_visit_with_their_own_causes() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    stage.says(PromptAnswered(1, Given.REFUSE))
    assert cause(stage) is EndCause.REFUSED
    assert stage.told(ShowSummary)
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    stage.give(Fired(Timer.PROMPT))
    assert stage.told(ClosePrompt)
    assert far.answers()[0].answer is Answer.NO_ANSWER
    assert cause(stage) is EndCause.NO_ANSWER


def test_a_deadline_without_a_prompt_does_nothing() -> None:
    stage = online()
    stage.viewing()
    stage.give(Fired(Timer.PROMPT))
    assert stage.did == []


def test_an_allow_in_the_first_second_or_to_another_prompt_is_none() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    stage.says(PromptAnswered(1, Given.ALLOW))
    assert not far.answers()
    stage.wait(2)
    stage.says(PromptAnswered(7, Given.ALLOW))
    assert not far.answers()
    assert [each.reason for each in stage.logged(log.Refusal)] == [Reason.WRONG_MOMENT] * 2
    stage.says(PromptAnswered(1, Given.ALLOW))
    assert far.answers()[0].answer is Answer.ALLOW


@pytest.mark.parametrize("permission", [each for each in Permission if not TERMS[each].available])
def test_what_is_not_offered_is_refused_by_policy_and_nobody_is_asked(permission: Permission) -> None:
    stage = online()
    far = stage.viewing()
    far.ask(permission)
    answered = far.answers()[0]
    assert (answered.answer, answered.reason) == (Answer.POLICY, Reason.PERMISSION_NOT_OFFERED)
    assert not stage.told(ShowPrompt)
    assert not stage.told(StopCapture)


def test_what_needs_view_is_refused_before_view_and_the_visit_goes_on() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.CONTROL)
    assert far.answers()[0].reason is Reason.REQUIRES_VIEW
    far.ask(Permission.VIEW)
    assert stage.told(ShowPrompt)


def test_what_is_granted_already_is_refused_and_stays() -> None:
    stage = online()
    far = stage.viewing()
    far.ask(Permission.VIEW)
    assert far.answers()[0].reason is Reason.ALREADY_ASKED
    assert not stage.told(StopCapture)


def test_a_second_request_while_one_is_before_the_person_is_refused_and_the_first_stays() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    shown = stage.told(ShowPrompt)[0]
    far.ask(Permission.CONTROL)
    assert far.answers()[0].reason is Reason.ALREADY_ASKED
    stage.wait(2)
    stage.says(PromptAnswered(shown.ask, Given.ALLOW))
    assert stage.told(StartCapture)


def test_without_a_screen_there_is_nothing_to_ask_for() -> None:
    stage = Stage()
    stage.online()
    stage.desk_comes(width=0)
    far = stage.sealed()
    far.ask(Permission.VIEW)
    assert far.answers()[0].reason is Reason.NO_SCREEN
    assert cause(stage) is EndCause.POLICY


@pytest.mark.parametrize(
    "changed",
    [
        {"signer": STRANGER},
        {"session_id": "s-2"},
        {"host_id": "h-2"},
        {"technician_id": "t-eve"},
        {"ask": 9},
        {"words_commitment": bytes(32)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_request_that_is_not_of_this_visit_ends_it(changed: dict[str, object]) -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW, **changed)  # type: ignore[arg-type]
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    assert not stage.told(ShowPrompt)


def test_a_request_that_came_before_ends_the_visit() -> None:
    stage = online()
    far = stage.viewing()
    far.asks = 0
    far.ask(Permission.CONTROL)
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_statement_that_is_no_request_ends_the_visit() -> None:
    stage = online()
    far = stage.sealed()
    far.whisper(AskWords(1, b"k" * 32, ""))
    far.state(Label.ASKED, Withdrawn("s-1", 1, "h-1", Permission.VIEW, 0))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_log_that_fails_before_the_prompt_shows_none_and_ends_the_visit() -> None:
    stage = online()
    far = stage.sealed()
    stage.disk = False
    far.ask(Permission.VIEW)
    assert not stage.told(ShowPrompt)
    assert far.answers()[0].reason is Reason.LOG_UNAVAILABLE
    assert cause(stage) is EndCause.LOG_UNAVAILABLE


def test_a_log_that_fails_at_the_answer_grants_nothing_and_takes_what_there_was() -> None:
    stage = online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    stage.disk = False
    stage.allow()
    assert not stage.told(StartInput)
    assert stage.told(StopCapture)
    assert [each.answer for each in far.answers()] == [Answer.POLICY]
    assert cause(stage) is EndCause.LOG_UNAVAILABLE


def test_a_technician_who_was_taken_off_the_list_meanwhile_gets_nothing() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    stage.papers(active=False)
    stage.trusted.documents = stage.published[stage.version]
    stage.allow()
    assert far.answers()[0].reason is Reason.NOT_ASSIGNED
    assert cause(stage) is EndCause.POLICY
    stage = online()
    stage.viewing()
    stage.hears(stage.papers(active=False))
    assert cause(stage) is EndCause.POLICY


def test_view_that_ran_out_while_control_was_asked_gives_no_control() -> None:
    stage = online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    stage.wait(3599)
    stage.allow()
    assert far.answers()[0].reason is Reason.REQUIRES_VIEW


@pytest.mark.parametrize("moment", ["shown", "answered"])
def test_whoever_presses_end_while_something_is_written_has_ended_it(moment: str) -> None:
    stage = online()
    far = stage.sealed()
    if moment == "answered":
        far.ask(Permission.VIEW)
    keep = stage._record

    def press(command: object) -> object:
        if isinstance(command, Record):
            stage.core.narrow_now()
        return keep(command)  # type: ignore[arg-type]

    stage._record = press  # type: ignore[method-assign]
    if moment == "answered":
        stage.allow()
    else:
        far.ask(Permission.VIEW)
    stage._record = keep  # type: ignore[method-assign]
    assert not stage.told(StartCapture)
    assert not stage.told(ShowPrompt)
    assert not far.answers()
    stage.says(EndPressed())
    assert cause(stage) is EndCause.HOST_ENDED
    assert any(isinstance(each, Note) for each in stage.did)


def test_a_request_after_the_end_is_heard_by_nobody() -> None:
    stage = online()
    far = stage.sealed()
    stage.says(EndPressed())
    assert far.ask(Permission.VIEW) == []


def test_the_request_and_its_words_are_in_the_log_whatever_came_of_it() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.CONTROL, "let me click")
    asked = stage.logged(both.Asked)[0]
    assert (asked.words, asked.permission) == ("let me click", Permission.CONTROL)


def test_a_view_asked_again_after_it_was_withdrawn_in_the_visit_is_at_the_wrong_moment() -> None:
    stage = online()
    far = stage.sealed()
    visit = stage.core.visit
    assert visit is not None
    visit.standing.state = SessionState.ASKING
    far.ask(Permission.VIEW)
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def once() -> Stage:
    stage = Stage()
    rule = '[[allow]]\nname = "all"\npermissions = ["view", "file_to_host"]\n[visits]\nfiles_ask = "session"\n'
    stage.online(stage.papers(vendor_policy=rules("vendor", rule)))
    return stage


def test_all_files_are_allowed_once_and_each_is_recorded_and_answered() -> None:
    stage = once()
    far = stage.viewing()
    far.ask(Permission.FILE_TO_HOST)
    (prompt,) = stage.told(ShowPrompt)
    assert prompt.all_files
    stage.says(PromptAnswered(2, Given.ALLOW_ALL))
    assert not far.answers(), "not in the first second"
    stage.wait(1.5)
    stage.says(PromptAnswered(2, Given.ALLOW_ALL))
    assert (far.answers()[0].scope, far.answers()[0].under) == (FileScope.SESSION, 0)
    stage.says(FileKept(2, "a.txt"))
    far.ask(Permission.FILE_TO_HOST)
    assert not stage.told(ShowPrompt)
    assert (far.answers()[0].scope, far.answers()[0].under) == (FileScope.SESSION, 2)
    stage.says(FileKept(3, "a.txt"))
    stage.disk = False
    far.ask(Permission.FILE_TO_HOST)
    assert far.answers()[0].reason is Reason.LOG_UNAVAILABLE


def test_a_visit_that_ends_while_a_following_file_is_recorded_allows_nothing() -> None:
    stage = once()
    far = stage.viewing()
    far.ask(Permission.FILE_TO_HOST)
    stage.wait(1.5)
    stage.says(PromptAnswered(2, Given.ALLOW_ALL))
    stage.says(FileKept(2, "a.txt"))
    visit = stage.core.visit
    assert visit is not None
    talk_record = stage._record

    def cut(command: object) -> object:
        if isinstance(command, Record):
            stage.core.narrow_now()
        return talk_record(command)  # type: ignore[arg-type]

    stage._record = cut  # type: ignore[method-assign]
    far.ask(Permission.FILE_TO_HOST)
    assert not far.answers()


def test_a_following_file_while_the_view_is_before_the_person_again_is_at_the_wrong_moment() -> None:
    stage = once()
    far = stage.viewing()
    far.ask(Permission.FILE_TO_HOST)
    stage.wait(1.5)
    stage.says(PromptAnswered(2, Given.ALLOW_ALL))
    stage.says(FileKept(2, "a.txt"))
    visit = stage.core.visit
    assert visit is not None
    visit.standing.state = SessionState.ASKING
    far.ask(Permission.FILE_TO_HOST)
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    assert not far.answers(), "what was allowed once does not reach past the order of a visit"


def test_more_than_a_visit_may_bring_is_refused_by_policy() -> None:
    stage = once()
    far = stage.viewing()
    visit = stage.core.visit
    assert visit is not None
    visit.standing.files_taken = stage.ports.files_most + 1
    far.ask(Permission.FILE_TO_HOST)
    assert far.answers()[0].reason is Reason.FILES_TOO_LARGE
