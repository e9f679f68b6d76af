"""A visit at the host: how it begins, every door that it has, its deadlines, a line that is cut, and its end.

Mutations that were tried, each of which makes this file fail:
    host_client/core/visit.py    a picture leaves in a pause or while the screen is away; a file is no deed; an old try goes on
"""

import pytest

from audit.events import host as log
from host_client.core.commands import OpenSession, StartTimer, StopTimer
from host_client.core.events import Fired, SessionClosed, SessionOpened, SiteRulesRead, Timer
from host_client.link import (
    CapturePaused,
    CaptureResumed,
    ClosePrompt,
    EndPressed,
    InjectorBlocked,
    PausePressed,
    ResumePressed,
    StopCapture,
)
from host_client.link_files import FileDrop, FileKept
from host_client.link_frames import FilePiece
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_channel import a_whole_channel
from tests.helpers.host_core import HOST, SESSION
from tests.helpers.host_leaving import Leaving
from tests.helpers.host_transfer import Transfer
from tests.helpers.host_visit import cause, controlled, drawn, online, parted, viewed
from tests.helpers.parcels import parcel
from tests.helpers.site_rules import ALL, site
from wire.frames import Frame, FrameKind, split_frame
from wire.limits import SESSION_IDLE_SECONDS
from wire.messages.handshake import RenewalOpen
from wire.messages.session import BulkWanted, LeaseHeld, LeaseRenew, PeerPresent, ReconnectOffered, ReconnectWanted, SessionOver, VisitLeft
from wire.schema import MalformedMessage, encode
from wire.sealed.inner import AskWords, FileOver
from wire.sealed.screen import Layout
from wire.statements import Label


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


def test_every_door_leads_to_its_part() -> None:
    stage, far = viewed()
    assert stage.hears(LeaseHeld(SESSION, 3600)) == [StartTimer(Timer.LEASE, 30)]
    stage.says(InjectorBlocked(1))
    assert stage.logged(log.InjectorBlocked)[0].ask == 1
    stage.give(SiteRulesRead(site(ALL)))
    assert stage.core.visit is not None
    far.control(SessionOver("s-2", EndCause.SIGNED_OUT))
    assert stage.core.visit is not None
    stage.hears(SessionOver(SESSION, EndCause.SIGNED_OUT))
    assert cause(stage) is EndCause.SIGNED_OUT


def test_pictures_are_sealed_under_the_grant_and_no_other() -> None:
    stage = online()
    far = stage.sealed()
    visit = stage.core.visit
    assert visit is not None
    assert visit.picture(1, parcel(Layout(64, 48)), stage.now) == ()
    far.ask(Permission.VIEW)
    stage.allow()
    assert visit.picture(2, parcel(Layout(64, 48)), stage.now) == ()
    assert [lane for lane, _ in far.open([split_frame(each) for each in drawn(stage)])] == [Lane.SCREEN, Lane.SCREEN]
    with pytest.raises(MalformedMessage):
        visit.picture(1, bytes((3, 0)), stage.now)
    stage.says(CapturePaused(1, Reason.SCREEN_LOCKED))
    assert drawn(stage, 2) == ()
    stage.says(CaptureResumed(1))
    stage.says(PausePressed())
    assert drawn(stage, 2) == ()
    stage.says(ResumePressed())
    assert len(drawn(stage, 2)) == 2
    stage.core.narrow_now()
    assert visit.picture(1, parcel(Layout(64, 48)), stage.now) == ()


def test_a_piece_of_a_file_leaves_under_its_grant_alone() -> None:
    leaving = Leaving.begun(b"content")
    assert leaving.gave(FilePiece(leaving.ask + 1, 0, b"con")) == []


def test_a_file_has_a_socket_of_its_own_that_is_asked_for_again_when_it_is_lost() -> None:
    moving = Transfer.begun(b"content")
    wanted = Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION)))
    moving.cut()
    assert wanted in moving.far.frames()
    moving.stage.give(Fired(Timer.BULK))
    assert wanted in moving.far.frames()
    moving.carried()
    moving.stage.wait(SESSION_IDLE_SECONDS)
    moving.stage.give(Fired(Timer.IDLE))
    assert StartTimer(Timer.IDLE, SESSION_IDLE_SECONDS) in moving.send_all(), "a file that moves is a deed"
    assert moving.pieces() == [b"content"]
    moving.stage.says(FileKept(moving.ask, "method.bin"))
    assert moving.over() == [FileOver(moving.ask, None)]


def test_no_file_goes_on_after_end_was_pressed() -> None:
    moving = Transfer.begun(b"content")
    assert FileDrop(moving.ask) in moving.stage.core.narrow_now()
    assert moving.send(b"con") == []
    assert moving.bulk(FrameKind.HANDSHAKE, b"") == [], "not even what would have ended the visit"


# ---- deadlines


def test_each_deadline_finds_its_part() -> None:
    stage = online()
    stage.admitted()
    stage.give(Fired(Timer.AGREEMENT))
    assert cause(stage) is EndCause.CONNECTION_LOST
    stage, _ = viewed()
    assert stage.give(Fired(Timer.PROMPT)) == []
    stage.give(Fired(Timer.RENEW))
    assert stage.to_broker(LeaseRenew)
    assert [type(each) for each in stage.give(Fired(Timer.POLICY))] == [StartTimer, StartTimer]
    stage.give(Fired(Timer.IDLE))
    assert [each.timer for each in stage.did if isinstance(each, StartTimer)] == [Timer.IDLE]
    stage.give(Fired(Timer.LEASE))
    assert stage.told(StopCapture)


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


# ---- a line that is cut (test_reconnecting.py has the whole way back), and the end


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
    assert stage.did == [StopTimer(Timer.RECONNECT_TRY), OpenSession(SESSION, b"p" * 32)]
    far.control(PeerPresent("s-2"))
    assert stage.did == []
    far.control(PeerPresent(SESSION))
    assert far.handshake(RenewalOpen).number == 1


def test_a_line_that_is_lost_before_the_view_was_granted_ends_the_visit() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    stage.give(SessionClosed(SESSION))
    assert cause(stage) is EndCause.CONNECTION_LOST
    assert stage.told(ClosePrompt)


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


def test_what_comes_after_the_end_is_heard_by_nobody() -> None:
    stage, far = viewed()
    visit = stage.core.visit
    assert visit is not None
    stage.says(EndPressed())
    held = visit.lease_held(30, stage.now)
    for talk in (visit.opened(), held, visit.recheck(stage.now), visit.end(EndCause.IDLE, stage.now)):
        assert list(talk) == []
    assert list(visit.received(encode(AskWords(1, bytes(32), "")), stage.now)) == []
    assert list(visit.lost(stage.now)) == []
    assert far.about.host_id == HOST


def test_the_channel_of_a_visit_finds_every_door_that_there_is_for_it() -> None:
    stage = a_whole_channel()
    stage.says(EndPressed())
    assert cause(stage) is EndCause.HOST_ENDED
