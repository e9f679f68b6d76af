"""A visit whose line was cut at the host: it stops at once, and goes on only for the same person at the same device, under new keys."""

from typing import Any

import pytest

from audit.events import host
from audit.events import visit as log
from host_client.core.commands import Record, StartTimer, StopTimer, Tell
from host_client.core.events import ControlClosed, Fired, Timer
from host_client.core.site_rules import rules_of
from host_client.core.withdrawing import withdraw
from host_client.link import (
    BannerState,
    ChatLine,
    ChatNotSent,
    ChatSaid,
    ClosePrompt,
    EndPressed,
    Given,
    PromptAnswered,
    ShowBanner,
    ShowIdle,
    ShowPrompt,
    StartCapture,
    StartInput,
    StopCapture,
    StopInput,
)
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_returning import cut_line, present, renew_keys, returned
from tests.helpers.host_visit import batch, cause, controlled, drawn, online, since
from tests.helpers.site_rules import ALL, NOTHING, site
from tests.helpers.views import rules
from trust.signatures import Ed25519Signer
from wire.frames import Frame, FrameKind
from wire.limits import RECONNECT_SECONDS
from wire.messages.ledger import Ended, Withdrawn
from wire.messages.presence import Refused
from wire.messages.session import LeaseHeld, PeerPresent, ReconnectOffered, ReconnectWanted, VisitLeft
from wire.schema import encode, read_part
from wire.sealed.agreement import Agreed
from wire.sealed.identities import identity_of
from wire.sealed.inner import AnswerLost, ChatStanding, HostNotice, Notice, SessionIdentity, SessionRole, VisitRejoined
from wire.statements import Label

STRANGER = Ed25519Signer(b"x" * 32)


def test_an_allow_that_was_lost_with_the_line_is_taken_back_as_soon_as_the_technicians_end_says_so() -> None:
    stage, far = controlled()
    cut_line(stage)
    assert VisitRejoined((1, 2)) in returned(stage, far)
    far.whisper(AnswerLost(2))
    assert stage.told(StopInput) == [StopInput(2)]
    assert read_part(Withdrawn, far.statements(Label.WITHDRAWN)[0].payload).ask == 2
    assert stage.logged(host.InputStopped)[-1].ask == 2
    assert far.whisper(AnswerLost(2)) == far.whisper(AnswerLost(9)) == []
    assert not stage.logged(log.SessionEnded)
    far.ask(Permission.CONTROL)
    assert stage.told(ShowPrompt)


def test_what_was_to_be_said_meanwhile_is_said_once_and_before_what_still_stands() -> None:
    stage, far = controlled()
    visit = stage.core.visit
    assert visit is not None
    cut_line(stage)
    visit.standing.unsaid.append(HostNotice(Notice.PROMPT_GONE))
    told = returned(stage, far)
    assert told.index(HostNotice(Notice.PROMPT_GONE)) < told.index(VisitRejoined((1, 2)))
    assert visit.standing.unsaid == []


def test_everything_stops_at_once_the_frame_says_so_and_the_broker_is_asked() -> None:
    stage, _ = controlled()
    cut_line(stage)
    assert (stage.told(StopInput), stage.told(StopCapture)) == ([StopInput(2)], [StopCapture(1)])
    assert isinstance(stage.did[0], Tell)
    assert [each.state for each in stage.told(ShowBanner)] == [BannerState.SUSPENDED]
    assert stage.to_broker(ReconnectWanted) == [ReconnectWanted(SESSION)]
    assert StartTimer(Timer.RECONNECT, RECONNECT_SECONDS) in stage.did
    assert stage.logged(log.VisitParted) == [log.VisitParted(session_id=SESSION)]
    assert not stage.logged(log.SessionEnded)


def test_while_it_is_cut_no_picture_leaves() -> None:
    stage, _ = controlled()
    cut_line(stage)
    assert drawn(stage, 2) == ()


def test_a_question_before_the_person_is_over_with_the_line() -> None:
    stage = online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    cut_line(stage)
    assert stage.told(ClosePrompt) == [ClosePrompt(2)]
    assert stage.logged(log.Answered)[-1].reason is Reason.NO_ANSWER
    stage.says(PromptAnswered(2, Given.ALLOW))
    assert stage.logged(host.InputStarted) == []


def test_both_ends_are_back_under_new_keys_and_what_was_granted_goes_on() -> None:
    stage, far = controlled()
    old = far.agreed
    cut_line(stage)
    said = returned(stage, far)
    assert far.agreed != old
    assert isinstance(said[0], SessionIdentity)
    assert said[1] == VisitRejoined((1, 2))
    assert (stage.told(StartCapture), stage.told(StartInput)) == ([StartCapture(1, run=1)], [StartInput(2)])
    assert [each.state for each in stage.told(ShowBanner)] == [BannerState.CONTROLLING]
    assert {each.timer for each in stage.did if isinstance(each, StopTimer)} >= {Timer.RECONNECT, Timer.RECONNECT_TRY}
    assert stage.logged(log.VisitRejoined) == [log.VisitRejoined(session_id=SESSION, number=1)]
    assert drawn(stage, 2)
    far.record(Lane.INPUT, 2, batch(stage, since(stage)))
    assert len(stage.did) == 1


def test_the_chat_waits_for_the_line_and_the_technician_hears_how_it_stands() -> None:
    stage, far = controlled()
    cut_line(stage)
    stage.says(ChatSaid("hello?"))
    assert stage.told(ChatNotSent) == [ChatNotSent(Reason.WRONG_MOMENT)]
    assert returned(stage, far)[-1] == ChatStanding(None)
    stage.says(ChatSaid("hello!"))
    assert stage.told(ChatLine) == [ChatLine(mine=True, text="hello!")]
    cut_line(stage)
    stage.hears(stage.papers(vendor_policy=rules("vendor", f"[visits]\nchat = 'never'\n{ALL}")))
    assert returned(stage, far)[-1] == ChatStanding(Reason.VENDOR_POLICY)


def test_it_is_recorded_before_anything_goes_on() -> None:
    stage, far = controlled()
    cut_line(stage)
    returned(stage, far)
    kinds = [type(each) for each in stage.did]
    assert kinds.index(Record) == 0
    stage, far = controlled()
    cut_line(stage)
    present(stage, far)
    renew_keys(far)
    stage.disk = False
    far.identify()
    assert stage.told(StartCapture) == []
    assert cause(stage) is EndCause.LOG_UNAVAILABLE


def test_it_may_be_cut_again_and_again() -> None:
    stage, far = controlled()
    for number in (1, 2, 3):
        cut_line(stage)
        returned(stage, far)
        assert stage.logged(log.VisitRejoined)[-1].number == number


def test_a_socket_that_cannot_be_opened_is_tried_again_after_a_pause() -> None:
    stage, _ = controlled()
    cut_line(stage)
    stage.hears(ReconnectOffered(SESSION, b"p" * 32, 30))
    cut_line(stage)
    assert stage.to_broker(ReconnectWanted) == []
    assert next(each for each in stage.did if isinstance(each, StartTimer)).timer is Timer.RECONNECT_TRY
    stage.give(Fired(Timer.RECONNECT_TRY))
    assert stage.to_broker(ReconnectWanted) == [ReconnectWanted(SESSION)]
    assert len(stage.logged(log.VisitParted)) == 1


def test_when_nobody_comes_back_in_time_it_is_over() -> None:
    stage, _ = controlled()
    cut_line(stage)
    stage.give(Fired(Timer.RECONNECT))
    assert cause(stage) is EndCause.CONNECTION_LOST
    assert stage.core.visit is None


def test_a_broker_that_has_no_such_visit_any_more_ends_it() -> None:
    stage, _ = controlled()
    stage.hears(Refused("reconnect_wanted", Reason.SESSION_OVER))
    assert not stage.logged(log.SessionEnded)
    cut_line(stage)
    stage.hears(Refused("reconnect_wanted", Reason.SESSION_OVER))
    assert cause(stage) is EndCause.CONNECTION_LOST


def test_a_control_socket_that_fell_too_asks_when_it_is_proven_again() -> None:
    stage, far = controlled()
    stage.give(ControlClosed())
    cut_line(stage)
    stage.online()
    assert stage.to_broker(ReconnectWanted) == [ReconnectWanted(SESSION)]
    assert stage.told(ShowIdle) == []
    assert returned(stage, far)[1] == VisitRejoined((1, 2))


def test_a_visit_that_is_not_cut_opens_no_second_socket() -> None:
    stage, far = controlled()
    stage.hears(ReconnectOffered(SESSION, b"p" * 32, 30))
    assert stage.did == []
    stage.hears(ReconnectOffered("s-2", b"p" * 32, 30))
    far.control(PeerPresent("s-2"))
    far.control(PeerPresent(SESSION))
    assert stage.did == []


def test_who_does_not_hold_the_visits_secret_is_shown_no_tag() -> None:
    stage, far = controlled()
    cut_line(stage)
    present(stage, far)
    renew_keys(far, Agreed(b"z" * 32, b"z" * 32))
    assert cause(stage) is EndCause.IDENTITY_NOT_PROVEN
    assert not any(frame.kind is FrameKind.HANDSHAKE for frame in far.frames())


def test_another_device_is_not_who_was_here() -> None:
    stage, far = controlled()
    cut_line(stage)
    present(stage, far)
    renew_keys(far)
    far.identify(STRANGER)
    assert cause(stage) is EndCause.IDENTITY_NOT_PROVEN
    assert stage.told(StartCapture) == []


def test_the_identity_of_the_last_agreement_is_not_good_for_this_one() -> None:
    stage, far = controlled()
    old = far.agreed
    cut_line(stage)
    present(stage, far)
    renew_keys(far)
    assert old is not None
    far.whisper(SessionIdentity(_identity(stage, far, old)))
    assert cause(stage) is EndCause.IDENTITY_NOT_PROVEN


def _identity(stage: Stage, far: Far, agreed: Agreed) -> Any:
    return stage.device.sign(Label.SESSION_TECHNICIAN, identity_of(SessionRole.TECHNICIAN, far.about, agreed))


@pytest.mark.parametrize("early", ["record", "handshake", "asked"])
def test_nothing_else_is_said_before_the_keys_are_new(early: str) -> None:
    stage, far = controlled()
    cut_line(stage)
    present(stage, far)
    if early == "record":
        far.record(Lane.CONTROL, 0, b"{}")
    elif early == "handshake":
        renew_keys(far)
        far.send(FrameKind.HANDSHAKE, b"{}")
    else:
        far.state(Label.ASKED, Ended(SESSION, "t", EndCause.TECHNICIAN_ENDED, 1))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_who_may_not_be_here_any_more_does_not_come_back() -> None:
    stage, far = controlled()
    cut_line(stage)
    present(stage, far)
    renew_keys(far)
    stage.hears(stage.papers(active=False))
    assert cause(stage) is EndCause.POLICY


def test_what_the_documents_say_at_the_return_counts() -> None:
    stage, far = controlled()
    cut_line(stage)
    present(stage, far)
    renew_keys(far)
    stage.trusted.site = rules_of(site(NOTHING))  # nobody has looked again yet
    far.identify()
    assert cause(stage) is EndCause.POLICY
    assert stage.told(StartCapture) == []


def test_what_is_taken_back_meanwhile_is_told_when_both_are_back() -> None:
    stage, far = controlled()
    cut_line(stage)
    visit = stage.core.visit
    assert visit is not None
    stage.perform(withdraw(visit.standing, Permission.CONTROL, Reason.SITE_POLICY, stage.now))
    assert far.statements(Label.WITHDRAWN) == []
    said = returned(stage, far)
    assert [read_part(Withdrawn, each.payload).ask for each in far.statements(Label.WITHDRAWN)] == [2]
    assert said[1] == VisitRejoined((1,))
    assert stage.told(StartInput) == []


def test_the_lease_has_no_say_while_the_line_is_cut() -> None:
    stage, _ = controlled()
    cut_line(stage)
    stage.give(Fired(Timer.LEASE))
    stage.hears(LeaseHeld(SESSION, 30))
    assert stage.told(StartCapture) == []
    assert not stage.logged(log.SessionEnded)


def test_a_visit_that_was_suspended_already_is_not_stopped_twice() -> None:
    stage, far = controlled()
    stage.give(Fired(Timer.LEASE))
    cut_line(stage)
    assert (stage.told(StopInput), stage.told(StopCapture)) == ([], [])
    assert returned(stage, far)[1] == VisitRejoined((1, 2))


def test_end_works_without_a_line() -> None:
    stage, _ = controlled()
    cut_line(stage)
    stage.says(EndPressed())
    assert cause(stage) is EndCause.HOST_ENDED
    assert stage.to_broker(VisitLeft) == [VisitLeft(SESSION)]


def test_end_pressed_while_the_return_is_recorded_stops_it() -> None:
    stage, far = controlled()
    cut_line(stage)
    present(stage, far)
    renew_keys(far)
    visit = stage.core.visit
    assert visit is not None
    assert visit.standing.proven is not None
    talk = _identifying(stage, far)
    command = next(talk)
    assert isinstance(command, Record)
    stage.core.narrow_now()
    with pytest.raises(StopIteration):
        talk.send(True)


def _identifying(stage: Stage, far: Far) -> Any:
    assert far.agreed is not None
    statement = _identity(stage, far, far.agreed)
    body = far.seal(Lane.CONTROL, 0, encode(SessionIdentity(statement)))
    visit = stage.core.visit
    assert visit is not None
    return visit.received(Frame(FrameKind.SEALED, body).encode(), stage.now)
