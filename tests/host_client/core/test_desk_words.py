"""What the desk says about a visit: each word finds its part, and what stopped by itself ends what rests on it.

Mutations that were tried, each of which makes this file fail:
    host_client/core/desk_words.py    what a program reports is a deed; any capture that ends is told as a lost screen; chat after a cut
"""

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import Inject, StartTimer
from host_client.core.events import Fired, Timer
from host_client.link import (
    BannerState,
    CapturePaused,
    CaptureResumed,
    CaptureStopped,
    ChatNotSent,
    ChatSaid,
    ClipboardPut,
    InjectorBlocked,
    InputVeiled,
    KeepOpenPressed,
    LocalInput,
    PausePressed,
    ResumePressed,
    ShowBanner,
    StopInput,
    TakeBackPressed,
)
from host_client.link_files import FileKept
from host_client.link_restart import RestartStopped
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_transfer import Transfer
from tests.helpers.host_visit import batch, cause, controlled, drawn, online, parted, viewed
from wire.limits import SESSION_IDLE_SECONDS
from wire.schema import decode
from wire.sealed.chat import decode_said
from wire.sealed.inner import FileOver, HostNotice, Notice
from wire.sealed.screen import encode_ack
from wire.statements import Label


def test_the_desk_reports_what_it_may() -> None:
    stage, far = viewed()
    stage.says(InjectorBlocked(1))
    assert stage.logged(log.InjectorBlocked)[0].ask == 1
    stage.says(CaptureStopped(7, Reason.NO_SCREEN))
    assert stage.did == []
    stage.says(CaptureStopped(1, Reason.NO_SCREEN))
    assert cause(stage) is EndCause.DESK_LOST
    assert Notice.NO_SCREEN in [decode(plain, HostNotice).notice for _, plain in far.opened()][-1:]
    stage, far = viewed()
    stage.says(CaptureStopped(1, Reason.WRONG_MOMENT))
    assert Lane.CONTROL not in [lane for lane, _ in far.opened()], "only a screen that is gone is told as one"
    assert stage.logged(log.CaptureStopped)[0].reason is Reason.WRONG_MOMENT


def test_a_desk_that_cannot_inject_ends_control_and_not_the_visit() -> None:
    stage, far = controlled()
    stage.says(CaptureStopped(2, Reason.INPUT_UNAVAILABLE))
    assert stage.told(StopInput)
    assert far.statements(Label.WITHDRAWN)
    assert not stage.logged(both.SessionEnded)


def test_what_the_person_writes_goes_out_once_the_other_end_is_proven_and_until_the_line_is_cut() -> None:
    stage = online()
    stage.admitted()
    assert stage.says(ChatSaid("is anybody there?")) == []
    stage, far = controlled()
    stage.says(ChatSaid("yes"))
    assert [decode_said(plain) for lane, plain in far.opened() if lane is Lane.CHAT] == ["yes"]
    stage.core.narrow_now()
    assert stage.says(ChatSaid("no")) == []
    stage, _ = parted()
    stage.says(ChatSaid("hello?"))
    assert stage.told(ChatNotSent) == [ChatNotSent(Reason.WRONG_MOMENT)]


def test_a_screen_that_is_locked_sends_no_picture_until_it_is_open_and_a_mask_that_was_met_is_told() -> None:
    stage, far = controlled()
    stage.says(CapturePaused(1, Reason.SCREEN_LOCKED))
    assert drawn(stage, 2) == ()
    stage.says(CaptureResumed(1))
    assert len(drawn(stage, 3)) == 2
    stage.says(InputVeiled(2))
    assert [decode(plain, HostNotice).notice for _, plain in far.opened()] == [Notice.INPUT_MASKED]


def test_what_the_person_does_beside_the_technician_counts_at_once() -> None:
    stage, far = controlled()
    for said, state in (
        (LocalInput(active=True), BannerState.WAITING),
        (LocalInput(active=False), BannerState.CONTROLLING),
        (PausePressed(), BannerState.PAUSED),
        (ResumePressed(), BannerState.CONTROLLING),
        (TakeBackPressed(Permission.CONTROL), BannerState.VIEWING),
    ):
        stage.says(said)
        assert stage.told(ShowBanner)[-1].state is state
    assert [stage.says(each) for each in (LocalInput(active=True), ClipboardPut(9, 1, done=True))] == [[], []]
    for lane, grant, plain in ((Lane.INPUT, 2, batch(stage)), (Lane.SCREEN, 1, encode_ack(1))):
        assert not [each for each in far.record(lane, grant, plain) if isinstance(each, Inject)]


def test_a_file_that_was_kept_is_told_and_a_restart_that_is_stopped_is_none() -> None:
    moving = Transfer.begun(b"content")
    moving.send_all()
    moving.stage.says(FileKept(moving.ask, "method.bin"))
    assert moving.over() == [FileOver(moving.ask, None)]
    assert moving.stage.says(RestartStopped(1)) == []


def test_whatever_a_person_does_ends_a_stillness_and_what_a_program_reports_does_not() -> None:
    for said, deed in ((KeepOpenPressed(), True), (RestartStopped(1), True), (InjectorBlocked(2), False), (InputVeiled(2), False)):
        stage, _ = controlled()
        stage.wait(SESSION_IDLE_SECONDS)
        stage.give(Fired(Timer.IDLE))
        assert (StartTimer(Timer.IDLE, SESSION_IDLE_SECONDS) in stage.says(said)) is deed
