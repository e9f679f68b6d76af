"""A visit at the host: records, pictures, input, the lease, and every way to its end."""

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import CloseSession, Inject, Note, OpenDirect, OpenSession, StartTimer
from host_client.core.events import Fired, SessionClosed, SessionOpened, SessionReceived, SiteRulesRead, Timer
from host_client.link import (
    BannerState,
    CapturePaused,
    CaptureResumed,
    CaptureStopped,
    ChatClosed,
    ChatLine,
    ChatNotSent,
    ChatSaid,
    ClipboardPut,
    ClosePrompt,
    EndPressed,
    Given,
    InjectorBlocked,
    InputVeiled,
    LocalInput,
    PausePressed,
    PromptAnswered,
    ResumePressed,
    ShowBanner,
    ShowCode,
    ShowSummary,
    StartCapture,
    StopCapture,
    StopInput,
    TakeBackPressed,
)
from host_client.link_files import FileDrop, FileKept
from host_client.link_frames import FilePiece
from host_client.link_restart import RestartStopped
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_channel import a_whole_channel
from tests.helpers.host_core import HOST, SESSION, TECHNICIAN, Far
from tests.helpers.host_leaving import Leaving
from tests.helpers.host_transfer import Transfer
from tests.helpers.host_visit import batch, cause, controlled, drawn, online, parted, viewed
from tests.helpers.site_rules import ALL, LOOK, NOTHING, site
from tests.helpers.views import rules
from tests.host_client.core.test_reconnecting import returned
from trust.signatures import Ed25519Signer
from wire.frames import Frame, FrameKind, split_frame
from wire.messages.handshake import RenewalOpen
from wire.messages.ledger import Ended
from wire.messages.presence import Refused
from wire.messages.session import BulkWanted, LeaseHeld, LeaseRenew, PeerPresent, ReconnectOffered, ReconnectWanted, SessionOver, VisitLeft
from wire.schema import MalformedMessage, decode, encode
from wire.sealed.chat import decode_said, encode_said
from wire.sealed.inner import AnswerLost, AskWords, ChatStanding, FileOver, HostNotice, Notice, StillHere
from wire.sealed.screen import Layout, encode_ack, encode_picture
from wire.statements import Label

STRANGER = Ed25519Signer(b"x" * 32)


# ---- the way in


def test_an_offer_is_recorded_before_a_socket_opens() -> None:
    stage = online()
    stage.code()
    stage.offer()
    assert OpenSession(SESSION, bytes(32)) in stage.did
    assert stage.logged(log.SessionOffered)
    stage = online()
    stage.code()
    stage.disk = False
    stage.offer()
    assert not any(isinstance(each, OpenSession) for each in stage.did)
    assert stage.core.visit is None


def test_the_lease_is_asked_for_at_once_and_again_and_its_second_end_is_the_end() -> None:
    stage, _ = viewed()
    stage.give(Fired(Timer.RENEW))
    assert stage.to_broker(LeaseRenew)[0].session_id == SESSION
    stage.hears(LeaseHeld(SESSION, 3600))
    assert StartTimer(Timer.LEASE, 30) in stage.did
    stage.hears(LeaseHeld("s-2", 30))
    assert stage.did == []
    stage.give(Fired(Timer.LEASE))
    assert stage.told(StopCapture)
    stage.give(Fired(Timer.LEASE))
    assert cause(stage) is EndCause.LEASE_EXPIRED


def test_the_longest_visit_ends() -> None:
    stage, far = viewed()
    stage.give(Fired(Timer.HARD_LIMIT))
    assert cause(stage) is EndCause.TIME_LIMIT
    assert far.statements(Label.ENDED)


def test_a_visit_that_cannot_be_recorded_any_more_ends_and_its_entries_come_late() -> None:
    stage, far = viewed()
    stage.disk = False
    stage.give(Fired(Timer.LOG))
    assert stage.told(StopCapture)
    assert cause(stage) is EndCause.LOG_UNAVAILABLE
    assert far.statements(Label.ENDED)


def test_a_deadline_of_something_else_is_a_mistake_of_ours() -> None:
    visit = (stage := online()).viewing().stage.core.visit
    assert visit is not None
    with pytest.raises(ValueError, match="not of a visit"):
        list(visit.fired(Timer.CODE, stage.now))


# ---- records


def test_pictures_are_sealed_under_the_grant_and_no_other() -> None:
    stage = online()
    far = stage.sealed()
    visit = stage.core.visit
    assert visit is not None
    assert visit.picture(1, encode_picture(Layout(64, 48)), stage.now) == ()
    far.ask(Permission.VIEW)
    stage.allow()
    assert visit.picture(2, encode_picture(Layout(64, 48)), stage.now) == ()
    assert [lane for lane, _ in far.open([split_frame(each) for each in drawn(stage)])] == [Lane.SCREEN, Lane.SCREEN]
    with pytest.raises(MalformedMessage):
        visit.picture(1, bytes((3, 0)), stage.now)
    stage.core.narrow_now()
    assert visit.picture(1, encode_picture(Layout(64, 48)), stage.now) == ()


@pytest.mark.parametrize(("lane", "grant"), [(Lane.INPUT, 9), (Lane.SCREEN, 0), (Lane.CONTROL, 1), (Lane.CHAT, 5)])
def test_a_record_of_a_grant_that_never_was_ends_the_visit(lane: Lane, grant: int) -> None:
    stage, far = viewed()
    far.record(lane, grant, encode_ack(1) if lane is not Lane.INPUT else bytes(64))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_sealed_record_before_any_agreement_ends_the_visit() -> None:
    stage = online()
    far = stage.admitted()
    far.send(FrameKind.SEALED, bytes((Lane.CONTROL,)) + bytes(40))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize("data", [b"", b"\xff", bytes((1,)) + b"{}", bytes((2,)) + b"{}", bytes((4,)) + b"x"])
def test_a_frame_that_cannot_be_read_ends_the_visit(data: bytes) -> None:
    stage, _ = viewed()
    stage.give(SessionReceived(SESSION, data))
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    assert stage.logged(both.FrameRefused)[0].subject == SESSION


# ---- the end


def test_the_technician_ends_with_a_signature_that_stands_in_our_log() -> None:
    stage, far = viewed()
    far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0))
    ended = stage.logged(both.SessionEnded)[0]
    assert (ended.by, ended.cause) == (TECHNICIAN, EndCause.TECHNICIAN_ENDED)
    assert not far.statements(Label.ENDED)
    assert stage.told(StopCapture)
    assert stage.told(ShowSummary)


def test_the_technician_may_end_before_the_agreement() -> None:
    stage = online()
    far = stage.admitted()
    far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0))
    assert cause(stage) is EndCause.TECHNICIAN_ENDED
    assert stage.told(ShowCode)


@pytest.mark.parametrize("proven", [False, True])
def test_an_end_that_nobody_listed_signed_is_misbehaviour(proven: bool) -> None:
    stage = online()
    far = stage.viewing() if proven else stage.admitted()
    far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0), STRANGER)
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_an_end_of_another_visit_is_misbehaviour() -> None:
    stage, far = viewed()
    far.state(Label.ENDED, Ended("s-2", TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_statement_at_the_wrong_moment_is_misbehaviour() -> None:
    stage = online()
    far = stage.admitted()
    far.state(Label.ASKED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_the_broker_ends_on_either_socket_without_a_signature() -> None:
    stage, far = viewed()
    far.control(SessionOver("s-2", EndCause.SIGNED_OUT))
    assert stage.core.visit is not None
    far.control(SessionOver(SESSION, EndCause.SIGNED_OUT))
    assert cause(stage) is EndCause.SIGNED_OUT
    stage, _ = viewed()
    stage.hears(SessionOver(SESSION, EndCause.BROKER_STOPPED))
    assert cause(stage) is EndCause.BROKER_STOPPED
    stage.hears(SessionOver(SESSION, EndCause.BROKER_STOPPED))
    assert len(stage.logged(both.SessionEnded)) == 1


def test_a_line_that_is_lost_before_the_view_was_granted_ends_the_visit() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    stage.give(SessionClosed(SESSION))
    assert cause(stage) is EndCause.CONNECTION_LOST
    assert stage.told(ClosePrompt)


def test_end_at_the_host_acts_first_and_is_recorded_after() -> None:
    stage, far = controlled()
    assert [type(each) for each in stage.core.narrow_now()] == [StopInput, StopCapture]
    stage.disk = False
    stage.says(EndPressed())
    assert CloseSession() in stage.did
    assert far.statements(Label.ENDED)
    assert cause(stage) is EndCause.HOST_ENDED


def test_a_prompt_goes_away_with_the_visit() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    stage.says(EndPressed())
    assert cause(stage) is EndCause.HOST_ENDED
    stage.says(PromptAnswered(1, Given.ALLOW))
    assert stage.did == []


def test_the_desk_reports_what_it_may() -> None:
    stage, far = viewed()
    stage.says(InjectorBlocked(1))
    assert stage.logged(log.InjectorBlocked)[0].ask == 1
    stage.says(CaptureStopped(7, Reason.NO_SCREEN))
    assert stage.did == []
    stage.says(CaptureStopped(1, Reason.NO_SCREEN))
    assert cause(stage) is EndCause.DESK_LOST
    assert Notice.NO_SCREEN in [decode(plain, HostNotice).notice for _, plain in far.opened()][-1:]
    stage, _ = viewed()
    stage.says(CaptureStopped(1, Reason.WRONG_MOMENT))
    assert stage.logged(log.CaptureStopped)[0].reason is Reason.WRONG_MOMENT


def test_a_desk_that_cannot_inject_ends_control_and_not_the_visit() -> None:
    stage, far = controlled()
    stage.says(CaptureStopped(2, Reason.INPUT_UNAVAILABLE))
    assert stage.told(StopInput)
    assert far.statements(Label.WITHDRAWN)
    assert not stage.logged(both.SessionEnded)


def test_refusals_of_the_broker_are_noted_and_strange_times_of_presence_ignored() -> None:
    stage, far = viewed()
    far.control(Refused("asked", Reason.PHI_POLICY))
    assert stage.logged(log.Refusal)[-1].about == "asked"
    far.control(PeerPresent(SESSION))
    assert stage.did == []


def test_what_comes_after_the_end_is_heard_by_nobody() -> None:
    stage, far = viewed()
    visit = stage.core.visit
    assert visit is not None
    stage.says(EndPressed())
    held = visit.lease_held(30, stage.now)
    for talk in (visit.opened(), visit.renew(), held, visit.recheck(stage.now), visit.end(EndCause.IDLE, stage.now)):
        assert list(talk) == []
    assert list(visit.received(encode(AskWords(1, bytes(32), "")), stage.now)) == []
    assert list(visit.lost(stage.now)) == []
    assert far.about.host_id == HOST


def test_whoever_presses_end_while_an_offer_is_recorded_opens_no_socket() -> None:
    stage = online()
    stage.code()
    keep = stage._record

    def press(command: object) -> object:
        stage.core.narrow_now()
        return keep(command)  # type: ignore[arg-type]

    stage._record = press  # type: ignore[method-assign]
    stage.offer()
    assert not any(isinstance(each, OpenSession) for each in stage.did)
    stage.give(SessionOpened(SESSION))


def test_deadlines_of_agreement_and_prompt_find_their_parts_and_a_technician_off_the_list_leaves() -> None:
    stage = online()
    stage.admitted()
    stage.give(Fired(Timer.AGREEMENT))
    assert cause(stage) is EndCause.CONNECTION_LOST
    stage, _ = viewed()
    assert stage.give(Fired(Timer.PROMPT)) == stage.says(RestartStopped(1)) == []
    visit = stage.core.visit
    assert visit is not None
    assert [type(each) for each in visit.recheck(stage.now)] == [StartTimer, StartTimer]
    stage.hears(stage.papers(active=False))
    assert cause(stage) is EndCause.POLICY


def test_control_that_the_site_closes_is_taken_back_and_what_it_leaves_open_stays() -> None:
    stage = online()
    stage.controlling()
    stage.give(SiteRulesRead(site(ALL)))
    assert stage.told(StopInput) == []
    stage.give(SiteRulesRead(site(LOOK, 2)))
    assert stage.told(StopInput)
    assert stage.told(StopCapture) == []
    stage.give(SiteRulesRead(site(NOTHING, 3)))
    assert stage.told(StopCapture)
    assert cause(stage) is EndCause.POLICY


def test_hours_that_end_are_looked_at_again() -> None:
    stage, _ = viewed()
    stage.give(Fired(Timer.POLICY))
    assert stage.told(StopCapture) == []


def test_a_lease_that_is_held_again_resumes_or_ends_as_the_documents_now_say() -> None:
    stage, _ = viewed()
    stage.give(Fired(Timer.LEASE))
    stage.hears(LeaseHeld(SESSION, 30))
    assert stage.told(StartCapture)
    stage.give(Fired(Timer.LEASE))
    stage.papers(active=False)
    stage.trusted.documents = stage.published[stage.version]
    stage.hears(LeaseHeld(SESSION, 30))
    assert cause(stage) is EndCause.POLICY


# ---- chat, pauses, files (each has a test file of its own)


def standing(far: Far) -> list[Reason | None]:
    """What the technician was told about the chat by the last event."""
    said = [decode(plain, ChatStanding, HostNotice) for lane, plain in far.opened() if lane is Lane.CONTROL]
    return [each.reason for each in said if isinstance(each, ChatStanding)]


def test_what_is_written_goes_both_ways_once_the_other_end_is_proven_and_until_the_line_is_cut() -> None:
    stage = online()
    stage.admitted()
    assert stage.says(ChatSaid("is anybody there?")) == []
    stage, far = controlled()
    far.record(Lane.CHAT, 0, encode_said("is the pump on?"))
    assert stage.told(ChatLine) == [ChatLine(mine=False, text="is the pump on?")]
    stage.says(ChatSaid("yes"))
    assert [decode_said(plain) for lane, plain in far.opened() if lane is Lane.CHAT] == ["yes"]
    stage.give(SessionClosed(SESSION))
    stage.says(ChatSaid("hello?"))
    assert stage.told(ChatNotSent) == [ChatNotSent(Reason.WRONG_MOMENT)]


def test_the_chat_is_shut_by_the_broker_or_by_documents_that_change_and_the_visit_goes_on() -> None:
    stage = online()
    far = stage.admitted()
    far.control(Refused("chat", Reason.PHI_POLICY))
    assert [type(each) for each in stage.did] == [Note], "there is nobody to tell yet"
    stage, far = controlled()
    far.control(Refused("chat", Reason.PHI_POLICY))
    assert (stage.told(ChatClosed), standing(far)) == ([ChatClosed(Reason.PHI_POLICY)], [Reason.PHI_POLICY])
    assert stage.core.visit is not None
    stage, far = controlled()
    stage.hears(stage.papers(site_policy=rules("site", f'[visits]\nchat = "never"\n{ALL}')))
    assert (stage.told(ChatClosed), standing(far)) == ([ChatClosed(Reason.SITE_POLICY)], [Reason.SITE_POLICY])
    assert stage.core.visit is not None


def test_a_screen_that_is_locked_sends_no_picture_until_it_is_open_and_a_mask_that_was_met_is_told() -> None:
    stage, far = controlled()
    stage.says(CapturePaused(1, Reason.SCREEN_LOCKED))
    assert drawn(stage, 2) == ()
    stage.says(CaptureResumed(1))
    assert len(drawn(stage, 3)) == 2
    stage.says(InputVeiled(2))
    assert [decode(plain, HostNotice).notice for _, plain in far.opened()] == [Notice.INPUT_MASKED]


def test_a_file_has_a_socket_of_its_own_that_is_asked_for_again_when_it_is_lost() -> None:
    moving = Transfer.begun(b"content")
    wanted = Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION)))
    moving.cut()
    assert wanted in moving.far.frames()
    moving.stage.give(Fired(Timer.BULK))
    assert wanted in moving.far.frames()
    moving.carried()
    moving.send_all()
    assert moving.pieces() == [b"content"]
    moving.stage.says(FileKept(moving.ask, "method.bin"))
    assert moving.over() == [FileOver(moving.ask, None)]


def test_a_piece_of_a_file_leaves_under_its_grant_alone() -> None:
    leaving = Leaving.begun(b"content")
    assert leaving.gave(FilePiece(leaving.ask + 1, 0, b"con")) == []


def test_a_file_is_stopped_by_the_technician_and_none_goes_on_after_end_was_pressed() -> None:
    moving = Transfer.begun(b"content")
    moving.far.whisper(FileOver(moving.ask, Reason.FILE_STOPPED_BY_TECHNICIAN))
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]
    moving.again()
    assert FileDrop(moving.ask) in moving.stage.core.narrow_now()
    assert moving.send(b"con") == []
    assert moving.bulk(FrameKind.HANDSHAKE, b"") == [], "not even what would have ended the visit"


# ---- a line that was cut (test_reconnecting.py has the whole way back)


def test_a_cut_line_waits_for_both_ends_and_everything_finds_its_part() -> None:
    stage, far = controlled()
    stage.hears(ReconnectOffered(SESSION, b"p" * 32, 30))
    assert stage.did == []
    stage.give(SessionClosed(SESSION))
    assert stage.to_broker(ReconnectWanted) == [ReconnectWanted(SESSION)]
    stage.give(Fired(Timer.RECONNECT_TRY))
    assert stage.to_broker(ReconnectWanted) == [ReconnectWanted(SESSION)]
    stage.give(Fired(Timer.LEASE))
    stage.hears(LeaseHeld(SESSION, 30))
    assert stage.told(StopCapture) == []
    visit = stage.core.visit
    assert visit is not None
    stage.perform(visit.reconnect(None))
    assert stage.to_broker(ReconnectWanted) == [ReconnectWanted(SESSION)]
    stage.hears(ReconnectOffered(SESSION, b"p" * 32, 30))
    assert OpenSession(SESSION, b"p" * 32) in stage.did
    far.control(PeerPresent("s-2"))
    assert stage.did == []
    far.control(PeerPresent(SESSION))
    assert far.handshake(RenewalOpen).number == 1


@pytest.mark.parametrize("kind", [FrameKind.HANDSHAKE, FrameKind.SEALED])
def test_a_frame_that_is_none_of_the_way_back_ends_the_visit(kind: FrameKind) -> None:
    stage, far = parted()
    far.send(kind, bytes((Lane.CONTROL,)) + bytes(40))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_way_back_has_its_end_by_time_by_the_broker_or_by_the_person() -> None:
    stage, _ = parted()
    stage.give(Fired(Timer.RECONNECT))
    assert cause(stage) is EndCause.CONNECTION_LOST
    stage, _ = parted()
    visit = stage.core.visit
    assert visit is not None
    stage.perform(visit.lost_for_good(stage.now))
    assert cause(stage) is EndCause.CONNECTION_LOST
    stage, _ = parted()
    stage.says(EndPressed())
    assert stage.to_broker(VisitLeft) == [VisitLeft(SESSION)]


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
    assert far.whisper(StillHere()) == far.whisper(AnswerLost(9)) == []
    for lane, grant, plain in ((Lane.INPUT, 2, batch(stage)), (Lane.SCREEN, 1, encode_ack(1))):
        assert not [each for each in far.record(lane, grant, plain) if isinstance(each, Inject)]


def test_the_channel_of_a_visit_finds_every_door_that_there_is_for_it() -> None:
    stage = a_whole_channel()
    stage.says(EndPressed())
    assert cause(stage) is EndCause.HOST_ENDED
    returned(*parted())
    far = online().admitted()
    far.agree()
    far.identify(STRANGER)
    assert not any(isinstance(each, OpenDirect) for each in far.stage.did)
