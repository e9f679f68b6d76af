"""The guardian's core: what each event finds, and what a host without a broker, a desk or a listing does."""

from dataclasses import replace

from audit.events import host as log
from audit.events import visit as both
from audit.questions import Raised
from host_client.core.commands import CloseControl, Command, LookAgain, MarkCode, Note, OpenSession, StartTimer, Talk
from host_client.core.events import (
    Acknowledged,
    ControlOpened,
    ControlReceived,
    DeskLost,
    DoubtsRead,
    Fired,
    ReturnFound,
    SessionClosed,
    SessionOpened,
    SiteRulesRead,
    Stopping,
    Timer,
)
from host_client.core.in_force import Held, Taken
from host_client.link import (
    CallsRead,
    CancelHelp,
    CaptureStopped,
    DeskReady,
    EndPressed,
    GetHelp,
    Given,
    Heartbeat,
    InjectorBlocked,
    Online,
    PromptAnswered,
    ShowAttempt,
    ShowCalls,
    ShowCode,
    ShowCodeOver,
    ShowIdle,
    StopCapture,
    StopDesk,
    UiKind,
    WatchWanted,
)
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.session import EndCause
from tests.helpers.host_channel import a_whole_channel
from tests.helpers.host_core import BROKER, HOST, LEAF, SESSION, TECHNICIAN, TICKET, Stage
from tests.helpers.host_second import a_whole_watch, watched_stage
from tests.helpers.host_transfer import Transfer
from tests.helpers.host_visit import cause, online, viewed
from tests.helpers.site_rules import ALL, BROKEN, LOOK, site
from wire.code import read_code
from wire.frames import Frame, FrameKind
from wire.messages.call import CallAsked, CallWanted
from wire.messages.evidence import Doubt, Head, HeadWanted, LogDoubted, ReceiptKept, ReceiptSigned
from wire.messages.presence import Refused, Welcome
from wire.messages.session import BulkWanted, LeaseHeld, LeaseRenew, ReconnectOffered, ReconnectWanted, SessionOver
from wire.messages.ticket import TicketClose, TicketOpen, TicketOpened, TicketOver, TicketTried
from wire.schema import encode, name_of
from wire.statements import Algorithm, Label, Statement


def test_get_help_needs_a_desk_a_broker_and_a_listing() -> None:
    stage = Stage()
    stage.says(GetHelp())
    assert stage.did == []
    stage.desk_comes()
    stage.says(GetHelp())
    assert stage.told(ShowCodeOver)[0].reason is Reason.HOST_OFFLINE
    stage = Stage()
    stage.online(stage.papers(listed=False))
    stage.says(GetHelp())
    assert stage.told(ShowCodeOver)[0].reason is Reason.HOST_NOT_LISTED


def test_help_during_a_visit_is_nothing_new() -> None:
    stage, _ = viewed()
    for said in (GetHelp(), CancelHelp(), Heartbeat()):
        assert stage.says(said) == []


def test_without_a_visit_the_desk_has_nothing_to_answer_or_end() -> None:
    stage = online()
    for said in (EndPressed(), PromptAnswered(1, Given.ALLOW), InjectorBlocked(1)):
        assert stage.says(said) == []
    assert stage.core.narrow_now() == ()
    assert stage.hears(SessionOver(SESSION, EndCause.IDLE)) == []
    assert stage.hears(LeaseHeld(SESSION, 30)) == []
    stage.give(ReturnFound(b"no ticket"))
    assert stage.give(Fired(Timer.RETURN)) == []


def test_a_lost_control_socket_kills_the_code_and_shows_that_it_connects() -> None:
    stage = online()
    stage.code()
    stage.lose_control_socket()
    assert stage.told(ShowCodeOver)[0].reason is Reason.CODE_EXPIRED
    assert stage.told(ShowIdle)[0].online is Online.CONNECTING
    assert MarkCode(None) in stage.did
    assert stage.logged(log.BrokerDisconnected)


def test_a_lost_control_socket_leaves_the_visit_to_its_lease() -> None:
    stage = online()
    stage.viewing().stage.lose_control_socket()
    assert not stage.told(StopCapture)
    stage.give(Fired(Timer.LEASE))
    assert stage.told(StopCapture)
    stage.give(Fired(Timer.LEASE))
    assert cause(stage) is EndCause.LEASE_EXPIRED


def test_an_offer_for_another_code_or_without_one_or_during_a_visit_is_refused() -> None:
    stage = online()
    stage.offer()
    stage.code()
    stage.offer(ticket="000000")
    assert stage.core.visit is None
    stage.offer()
    stage.offer("s-2")
    assert [each.reason for each in stage.logged(log.Refusal)] == [Reason.CODE_EXPIRED, Reason.CODE_EXPIRED, Reason.HOST_BUSY]


def test_an_offer_after_the_desk_is_gone_or_the_time_is_up_is_refused() -> None:
    stage = online()
    stage.code()
    stage.wait(601)
    stage.offer()
    assert stage.core.visit is None
    stage = online()
    stage.code()
    stage.core._seat = None
    stage.offer()
    assert stage.logged(log.Refusal)[0].reason is Reason.NOBODY_LOGGED_IN


def test_frames_of_a_session_that_is_not_ours_are_nobodys() -> None:
    stage = online()
    assert stage.give(SessionOpened("s-9")) == []
    stage.admitted()
    assert stage.give(SessionClosed("s-9")) == []


def test_end_before_the_agreement_takes_the_code_too() -> None:
    stage = online()
    stage.admitted()
    stage.says(EndPressed())
    assert cause(stage) is EndCause.HOST_ENDED
    assert stage.told(ShowCodeOver)
    stage.offer("s-2")
    assert stage.core.visit is None


def test_a_broken_off_visit_shows_the_code_again_with_the_time_it_has_left() -> None:
    stage = online()
    stage.admitted()
    stage.wait(100)
    stage.give(SessionClosed(SESSION))
    assert stage.told(ShowCode)[0].seconds == 500


def test_the_code_that_ran_out_during_the_agreement_is_over_with_it() -> None:
    stage = online()
    stage.admitted()
    stage.hears(TicketOver(TICKET, Reason.CODE_EXPIRED))
    assert stage.told(ShowCodeOver)[0].reason is Reason.CODE_EXPIRED
    stage.hears(SessionOver(SESSION, EndCause.CODE_EXPIRED))
    assert cause(stage) is EndCause.CODE_EXPIRED
    assert stage.told(ShowIdle)
    stage, _ = viewed()
    assert stage.hears(TicketOver(TICKET, Reason.CODE_USED)) == []
    assert stage.give(Fired(Timer.CODE)) == []


def test_an_offer_that_cannot_be_recorded_shows_the_code_again() -> None:
    stage = online()
    stage.code()
    stage.disk = False
    stage.offer()
    assert stage.core.visit is None
    assert stage.told(ShowCode)


def test_the_desk_that_dies_takes_visit_and_code_with_it() -> None:
    stage, _ = viewed()
    stage.give(DeskLost())
    assert cause(stage) is EndCause.DESK_LOST
    stage = online()
    stage.code()
    stage.give(DeskLost())
    assert stage.to_broker(TicketClose)
    stage.lose_control_socket()
    assert not stage.told(ShowIdle)


def test_documents_that_change_are_shown_and_forged_ones_end_the_connection() -> None:
    stage = online()
    stage.hears(stage.papers(listed=False))
    assert stage.told(ShowIdle)[0].online is Online.NEW
    stage.hears(stage.papers())
    stage.code()
    stage.hears(stage.papers())
    assert not stage.told(ShowIdle)
    stage.hears(stage.piece(99))
    assert stage.logged(log.DocumentsRefusedHere)[-1].reason is Reason.DOCUMENT_INVALID
    assert CloseControl(Reason.DOCUMENT_INVALID) in stage.did


def test_documents_that_cannot_be_kept_end_visit_and_connection() -> None:
    stage, _ = viewed()
    stage.disk = False
    stage.hears(stage.papers(active=False))
    assert stage.told(StopCapture)
    assert cause(stage) is EndCause.LOG_UNAVAILABLE
    assert CloseControl(Reason.LOG_UNAVAILABLE) in stage.did
    assert stage.trusted.version(stage.now) == 1
    stage.disk = True
    stage.online()
    assert stage.trusted.version(stage.now) == 3


def test_documents_that_are_over_are_safe_mode_and_a_visit_ends() -> None:
    stage, _ = viewed()
    stage.wait(86_400)
    stage.give(Fired(Timer.DOCUMENTS))
    assert stage.told(StopCapture)
    assert cause(stage) is EndCause.POLICY
    assert not stage.trusted.listed(stage.now)
    stage.says(GetHelp())
    assert stage.told(ShowCodeOver)[0].reason is Reason.DOCUMENT_STALE
    stage.give(Fired(Timer.DOCUMENTS))
    idle = stage.told(ShowIdle)[0]
    assert (idle.online, idle.why) == (Online.REFUSED, Reason.DOCUMENT_STALE)
    stage.hears(stage.papers())
    assert stage.told(ShowIdle)[0].online is Online.READY


def test_what_is_over_is_looked_at_before_anything_else_when_the_machine_slept_past_its_timer() -> None:
    stage = online()
    stage.code()
    stage.hears(stage.papers(until=stage.now.utc + 60))
    stage.wait(59)
    assert LookAgain() not in stage.says(Heartbeat())
    stage.wait(1)
    assert stage.says(Heartbeat())[0] == LookAgain()


def test_a_code_goes_with_the_sites_documents_and_no_other_is_given() -> None:
    stage = online()
    stage.code()
    stage.hears(stage.papers(site_over=True))
    assert stage.told(ShowCodeOver)[0].reason is Reason.DOCUMENT_STALE
    assert stage.to_broker(TicketClose)
    stage.says(GetHelp())
    assert stage.told(ShowCodeOver)[0].reason is Reason.DOCUMENT_STALE
    stage.says(DeskReady(UiKind.TERMINAL, "en", "lab", "c1", 640, 480))
    assert (stage.told(ShowIdle)[0].online, stage.told(ShowIdle)[0].why) == (Online.REFUSED, Reason.DOCUMENT_STALE)


def test_new_documents_and_the_same_again_leave_a_code_as_it_is() -> None:
    stage = online()
    stage.code()
    stage.hears(stage.piece(1))
    assert len(stage.logged(log.DocumentsAccepted)) == 1
    stage.hears(stage.papers())
    assert len(stage.logged(log.DocumentsAccepted)) == 2
    assert not stage.told(ShowCodeOver)
    assert not stage.told(ShowIdle)


def test_in_safe_mode_an_offer_burns_no_run() -> None:
    stage = online()
    stage.code()
    stage.trusted.documents = replace(stage.published[1], site=None)
    stage.offer()
    assert stage.core.visit is None
    assert stage.logged(log.Refusal)[-1].reason is Reason.DOCUMENT_STALE


def test_documents_that_the_log_missed_are_in_it_before_anything_that_follows() -> None:
    stage, _ = viewed()
    piece = stage.papers()
    kept = stage.published[2]
    talk = stage.core.handle(ControlReceived(Frame(FrameKind.CONTROL, encode(piece)).encode()), stage.now)
    did: list[Command] = [next(talk)]
    replies = iter([Taken(True, kept, Held(("metadata/2.snapshot.json",))), False])
    while (command := _after(talk, next(replies, None))) is not None:
        did.append(command)
    entries = [type(each.event).__name__ for each in did if isinstance(each, Note)]
    assert entries.count("DocumentsAccepted") == 1
    assert entries.index("SessionEnded") < entries.index("DocumentsAccepted"), "everything was narrowed before"


def _after(talk: Talk, reply: object) -> Command | None:
    try:
        return talk.send(reply)
    except StopIteration:
        return None


def test_documents_that_changed_on_this_or_on_a_new_socket_are_looked_at_in_the_visit_that_runs() -> None:
    for new in (False, True):
        stage = online()
        stage.viewing()
        if new:
            stage.give(ControlOpened(LEAF))
        stage.hears(stage.papers(active=False))
        assert stage.told(StopCapture)
        assert cause(stage) is EndCause.POLICY


def test_refusals_of_the_broker_are_shown_or_noted() -> None:
    stage = online()
    stage.says(GetHelp())
    stage.hears(Refused("ticket_open", Reason.HOST_BUSY))
    assert stage.told(ShowCodeOver)[0].reason is Reason.HOST_BUSY
    assert stage.hears(Refused("ticket_open", Reason.HOST_BUSY)) == []
    stage.hears(Refused("lease_renew", Reason.SESSION_OVER))
    assert stage.logged(log.Refusal)[-1].about == "lease_renew"


def test_stopping_ends_everything_in_order() -> None:
    stage, _ = viewed()
    stage.give(Stopping())
    assert cause(stage) is EndCause.HOST_ENDED
    assert stage.told(StopDesk)
    assert isinstance(stage.log[-1], log.HostStopped)
    stage = online()
    stage.give(Stopping())
    assert stage.told(StopDesk)


def test_an_opening_that_is_done_has_no_deadline() -> None:
    stage = online()
    assert stage.give(Fired(Timer.OPENING)) == []
    stage.code()
    assert StartTimer(Timer.CODE, 600) in stage.did
    stage.hears(TicketTried(TICKET, 3))
    assert stage.told(ShowAttempt)[0].tries_left == 3
    stage.give(Fired(Timer.CODE))
    assert stage.told(ShowCodeOver)[0].reason is Reason.CODE_EXPIRED
    assert stage.to_broker(TicketClose)
    stage.says(GetHelp())
    assert stage.to_broker(TicketOpen)
    stage.hears(TicketOpened("111111", 600))
    assert read_code(stage.told(ShowCode)[0].code).ticket == "111111"


def test_an_opening_that_fails_or_falls_silent_is_given_up_and_the_rest_of_the_desks_words_find_the_visit() -> None:
    stage = Stage()
    stage.desk_comes()
    stage.give(ControlOpened(LEAF))
    stage.give(Fired(Timer.OPENING))
    assert CloseControl(Reason.IDENTITY_NOT_PROVEN) in stage.did
    assert stage.hears(Welcome(True, 0)) == []
    stage.give(ControlOpened(LEAF))
    stage.give(ControlReceived(b"\x02{}"))
    assert CloseControl(Reason.MALFORMED) in stage.did
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    stage.allow()
    stage.says(InjectorBlocked(1))
    assert stage.hears(LeaseHeld(SESSION, 30)) == [StartTimer(Timer.LEASE, 30)]
    stage.give(Fired(Timer.RENEW))
    stage.says(CaptureStopped(1, Reason.NO_SCREEN))
    assert cause(stage) is EndCause.DESK_LOST
    stage = online()
    stage.code()
    stage.hears(TicketOver(TICKET, Reason.CODE_BURNT))
    assert stage.told(ShowCodeOver)
    stage.says(CancelHelp())
    assert stage.told(ShowIdle)
    far = stage.admitted()
    for _ in range(3):
        far.agree("0000")
    assert stage.told(ShowCodeOver)[0].reason is Reason.CODE_BURNT
    assert stage.give(Fired(Timer.LEASE)) == []


def test_the_broker_ends_a_visit_on_the_control_socket_or_leads_it_back_to_one_or_says_that_there_is_none() -> None:
    stage, _ = viewed()
    stage.hears(SessionOver(SESSION, EndCause.BROKER_STOPPED))
    assert cause(stage) is EndCause.BROKER_STOPPED
    stage, _ = viewed()
    stage.give(SessionClosed(SESSION))
    stage.hears(ReconnectOffered(SESSION, b"p" * 32, 30))
    assert OpenSession(SESSION, b"p" * 32) in stage.did
    stage.hears(Refused(name_of(ReconnectWanted), Reason.SESSION_OVER))
    assert cause(stage) is EndCause.CONNECTION_LOST


def test_what_the_bulk_socket_brings_finds_the_visit_which_outlives_it() -> None:
    moving = Transfer.begun(b"content")
    moving.send(b"con")
    assert moving.pieces() == [b"con"]
    moving.cut()
    assert Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION))) in moving.far.frames()
    assert moving.stage.core.visit is not None


def test_the_sites_rules_are_recorded_before_they_open_and_after_they_closed() -> None:
    stage = online()
    assert stage.give(SiteRulesRead(None)) == [], "no document is no news"
    stage.give(SiteRulesRead(site(LOOK, 2)))
    assert stage.logged(log.SitePolicyAccepted)[-1].version == 2
    stage.give(SiteRulesRead(site(ALL, 1)))
    assert stage.logged(log.Refusal)[-1] == log.Refusal(session_id="", about="site_policy", reason=Reason.DOCUMENT_STALE)
    stage.disk = False
    stage.give(SiteRulesRead(site(ALL, 3)))
    assert len(stage.trusted.site.pages) == 2, "both must allow until the new one is recorded"
    stage.disk = True
    stage.viewing()
    stage.give(SiteRulesRead(BROKEN))
    assert stage.logged(log.SitePolicyBroken)
    assert stage.trusted.site.broken
    assert cause(stage) is EndCause.POLICY


def test_a_request_to_be_called_and_its_reading_find_their_part() -> None:
    stage = online()
    wanted = CallWanted(TECHNICIAN, HOST, BROKER, Purpose.FAULT, "CASE-1", int(stage.now.utc))
    stage.hears(CallAsked(TECHNICIAN, stage.device.sign(Label.CALL_WANTED, wanted)))
    assert len(stage.told(ShowCalls)[0].lines) == 1
    stage.says(CallsRead())
    assert stage.told(ShowCalls)[0].lines == ()


def test_messages_of_the_logs_find_their_part_and_a_doubt_stops_code_and_visit() -> None:
    stage = online()
    stage.broker_log.add(log.HostStopped(host_id=HOST))
    stage.hears(HeadWanted(0, ""))
    assert stage.to_broker(Head)
    stage.hears(stage.broker_log.head(0))
    stage.hears(Refused(name_of(HeadWanted), Reason.LOG_UNAVAILABLE))
    assert stage.logged(log.Refusal)[-1].reason is Reason.LOG_UNAVAILABLE
    stage.give(Fired(Timer.HEADS))
    assert stage.to_broker(HeadWanted) == [HeadWanted(1, "")]
    stage.code()
    stage.hears(LogDoubted(Doubt.FORKED, "a note", ""))
    assert stage.told(ShowCodeOver)[-1].reason is Reason.LOG_DOUBTED
    stage.says(GetHelp())
    assert stage.told(ShowCodeOver)[-1].reason is Reason.LOG_DOUBTED
    stage.offer()
    assert stage.core.visit is None
    stage.give(Acknowledged(BROKER))
    assert stage.told(ShowIdle)[-1].online is Online.READY
    stage.hears(LogDoubted(Doubt.FORKED, "one more", ""))
    stage.give(Acknowledged(BROKER))
    stage.viewing()
    stage.give(Fired(Timer.RENEW))
    assert stage.to_broker(LeaseRenew)
    stage.hears(LogDoubted(Doubt.FORKED, "another", ""))
    assert cause(stage) is EndCause.LOG_DOUBTED
    for said in (ReceiptSigned(Statement(Label.RECEIPT_BROKER, Algorithm.ED25519, b"", bytes(64))), ReceiptKept("s-1", bytes(32))):
        assert CloseControl(Reason.WRONG_MOMENT) in online().hears(said), "nobody waits for it"


def test_without_a_broker_or_beside_a_code_nothing_is_compared_and_nothing_shown_over_it() -> None:
    stage = Stage()
    assert stage.give(Fired(Timer.HEADS)) == []
    stage.give(DoubtsRead((Raised(BROKER, Doubt.FORKED),)))
    assert stage.give(Acknowledged(BROKER)) == []
    stage.online()
    stage.code()
    stage.give(Acknowledged(BROKER))
    assert stage.told(ShowIdle) == []
    stage.give(DoubtsRead((Raised(BROKER, Doubt.FORKED),)))
    stage.offer()
    assert stage.logged(log.Refusal)[-1].reason is Reason.LOG_DOUBTED


def test_a_doubt_about_a_visit_whose_code_is_gone_shows_its_end_and_no_page_over_it() -> None:
    stage = online()
    stage.viewing().stage.lose_control_socket()
    stage.give(ControlOpened(LEAF))
    for said in (stage.greeting(), Welcome(True, 1), LogDoubted(Doubt.FORKED, "a note", "")):
        stage.hears(said)
    assert cause(stage) is EndCause.LOG_DOUBTED
    assert stage.told(ShowIdle) == []


def test_what_happens_to_a_second_person_finds_him() -> None:
    stage = watched_stage()
    assert (stage.says(WatchWanted()), stage.core.second.visit) == ([], None)
    stage.viewing()
    a_whole_watch(stage)
    assert [each.session_id for each in stage.logged(both.SessionEnded)] == ["s-2", "s-2"]


def test_what_becomes_of_a_channel_finds_the_visit_that_it_belongs_to() -> None:
    assert a_whole_channel().core.visit is not None
