"""Requests at the host: policy first, recorded before they are shown, recorded before they widen anything."""

from dataclasses import replace

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import FindRestart, Note, Record, StartTimer, Tell
from host_client.core.events import Fired, Timer
from host_client.link import (
    BannerState,
    ClosePrompt,
    EndPressed,
    Given,
    PausePressed,
    PromptAnswered,
    ShowBanner,
    ShowPrompt,
    ShowSummary,
    StartCapture,
    StartInput,
    StopCapture,
)
from host_client.link_files import FileDrop, FileKept, FilePicking
from policy.decision import Reason
from policy.permissions import TERMS, Lane, Permission
from policy.session import EndCause, SessionState
from tests.helpers.host_core import RESTART_SECONDS, Far, Stage
from tests.helpers.host_leaving import picked
from tests.helpers.host_transfer import words_of
from tests.helpers.restarted import visit_of
from tests.helpers.views import rules
from trust.signatures import Ed25519Signer
from wire.commitments import matches
from wire.limits import FILE_PICK_SECONDS
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


@pytest.mark.parametrize("rules_offer_it", [True, False])
def test_what_is_not_offered_is_refused_by_policy_and_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, *, rules_offer_it: bool) -> None:
    stage = online()
    far = stage.viewing()
    if rules_offer_it:  # and this host has no ability for it
        del visit_of(stage).standing.abilities[Permission.RESTART]
    else:
        monkeypatch.setitem(TERMS, Permission.RESTART, replace(TERMS[Permission.RESTART], available=False))
    far.ask(Permission.RESTART)
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


@pytest.mark.parametrize("moment", ["looked up", "shown", "answered"])
def test_whoever_presses_end_while_something_is_written_has_ended_it(moment: str) -> None:
    stage = online()
    restart = moment == "looked up"
    far = stage.viewing() if restart else stage.sealed()
    if moment == "answered":
        far.ask(Permission.VIEW)
    keep = stage._record

    def press(command: object) -> object:
        if isinstance(command, FindRestart if restart else Record):
            stage.core.narrow_now()
        return keep(command)  # type: ignore[arg-type]

    stage._record = press  # type: ignore[method-assign]
    if moment == "answered":
        stage.allow()
    else:
        far.ask(Permission.RESTART if restart else Permission.VIEW)
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
    visit_of(stage).standing.state = SessionState.ASKING
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
    visit_of(stage).standing.state = SessionState.ASKING
    far.ask(Permission.FILE_TO_HOST)
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    assert not far.answers(), "what was allowed once does not reach past the order of a visit"


def test_more_than_a_visit_may_bring_is_refused_by_policy() -> None:
    stage = once()
    far = stage.viewing()
    visit_of(stage).standing.files_taken = stage.ports.files_most + 1
    far.ask(Permission.FILE_TO_HOST)
    assert far.answers()[0].reason is Reason.FILES_TOO_LARGE


def test_a_restart_waits_as_long_as_the_settings_say_and_is_not_begun_in_a_visit_that_was_paused_meanwhile() -> None:
    for paused in (False, True):
        stage = online()
        far = stage.viewing()
        far.ask(Permission.RESTART)
        stage.wait(1.0)
        if paused:
            stage.says(PausePressed())
        stage.says(PromptAnswered(2, Given.ALLOW))
        assert (StartTimer(Timer.RESTART, RESTART_SECONDS) in stage.did) is not paused
        assert [each.reason for each in far.answers()] == ([Reason.VISIT_PAUSED] if paused else [None])


# ---- a file of this PC: picked, and then asked for by its name and hash


def asked_for_a_file(stage: Stage) -> Far:
    far = stage.viewing()
    far.ask(Permission.FILE_FROM_HOST, "the table of the last run")
    return far


def test_a_file_of_this_pc_is_picked_first_and_then_allowed_by_its_hash() -> None:
    stage = online()
    far = asked_for_a_file(stage)
    (first,) = stage.told(ShowPrompt)
    assert first.pick
    assert any("the table of the last run" in line for line in first.lines)
    stage.wait(1.5)
    stage.says(picked(words_of(b"content", "run.csv"), 2, left_out=3))
    (second,) = stage.told(ShowPrompt)
    assert (second.pick, second.ask) == (False, 2)
    told = " ".join(second.lines)
    assert all(each in told for each in ("run.csv", words_of(b"content").digest.hex(), "Left out", ": 3"))
    assert [each.prompt for each in stage.logged(log.PromptShown)][-2:] == [first.lines, second.lines]
    stage.says(PromptAnswered(2, Given.ALLOW))
    assert far.answers() == [], "its own first second counts"
    stage.wait(1.5)
    stage.says(PromptAnswered(2, Given.ALLOW))
    (answer,) = far.answers()
    assert answer.scope is FileScope.THIS
    assert answer.file is not None
    entry = stage.logged(both.Answered)[-1]
    assert both.opens(answer.file, "run.csv", words_of(b"content").digest, entry.file_key or b"")
    (said,) = (decode(plain, AnswerWords) for _, plain in far.opened() if b'"answer_words"' in plain)
    assert said.file is not None
    assert (said.file.name, said.file.size, said.file.key) == ("run.csv", 7, entry.file_key)


def test_nothing_can_be_allowed_before_it_is_picked() -> None:
    stage = online()
    far = asked_for_a_file(stage)
    stage.wait(1.5)
    for given in (Given.ALLOW, Given.ALLOW_ALL):
        stage.says(PromptAnswered(2, given))
        assert far.answers() == []
    stage.says(PromptAnswered(2, Given.REFUSE))
    assert far.answers()[0].answer is Answer.REFUSE
    assert stage.told(FileDrop) == [FileDrop(2)]


def test_looking_for_it_gives_more_time_once() -> None:
    stage = online()
    asked_for_a_file(stage)
    more = StartTimer(Timer.PROMPT, FILE_PICK_SECONDS)
    for ask, given in ((7, False), (2, True), (2, False)):
        stage.says(FilePicking(ask))
        assert (more in stage.did) is given


def test_what_nobody_was_asked_to_pick_is_not_taken() -> None:
    stage = online()
    far = stage.viewing()
    stage.says(picked(words_of(b"x"), 1))
    far.ask(Permission.FILE_FROM_HOST)
    stage.says(picked(words_of(b"x"), 9))
    stage.says(picked(words_of(b"x"), 2))
    stage.says(picked(words_of(b"another"), 2))
    assert [each.about for each in stage.logged(log.Refusal)] == ["desk.file_picked"] * 3
    far.ask(Permission.CONTROL)
    assert stage.logged(both.Answered)[-1].reason is Reason.ALREADY_ASKED


def test_more_than_one_visit_may_move_is_refused_by_policy() -> None:
    stage = online()
    far = asked_for_a_file(stage)
    stage.says(replace(picked(words_of(b"x"), 2), size=stage.ports.files_most + 1))
    assert (far.answers()[0].answer, far.answers()[0].reason) == (Answer.POLICY, Reason.FILES_TOO_LARGE)
    assert stage.told(FileDrop) == [FileDrop(2)]


def test_a_second_prompt_that_cannot_be_recorded_is_not_shown() -> None:
    stage = online()
    asked_for_a_file(stage)
    stage.disk = False
    stage.says(picked(words_of(b"x"), 2))
    assert stage.told(ShowPrompt) == []
    assert cause(stage) is EndCause.LOG_UNAVAILABLE


def test_an_end_meanwhile_lets_go_of_what_was_picked() -> None:
    stage = online()
    asked_for_a_file(stage)
    stage.says(picked(words_of(b"x"), 2))
    assert FileDrop(2) in stage.core.narrow_now()
