"""One visit, from the broker's offer to its end. Order is policy.session's; what is granted is policy.consent's.

    offered     the broker says who entered its half of the code; a session socket is opened
    admitted    runs of the key agreement, until tag *and* signature are right (`proving.py`)
    sealed      both ends are proven; nothing was asked before this
    asking      the first request, for view, is before the person (`asking.py`)
    viewing     pictures flow; more may be asked
    ended       everything was stopped first, then told, then recorded (`ending.py`)

A peer that breaks a rule which an honest one cannot break by accident ends the visit. The lease bounds what a broker that
is lost leaves running: without it the visit ends by itself (docs/protocol.md, section 5).
"""

from typing import assert_never

from audit.events import host
from audit.events import visit as log
from host_client.core.asking import Asking, OfThePrompt
from host_client.core.chat import CHAT
from host_client.core.clipboards import OfTheClipboard
from host_client.core.commands import AddUnclosed, Note, OpenSession, Record, SendSession, StartTimer, StopTimer, Talk, Tell, to_broker
from host_client.core.direct import DirectPath
from host_client.core.ending import end_visit, unsigned_end
from host_client.core.events import OfDirect, Timer
from host_client.core.files import Files, FilesOfDesk
from host_client.core.idling import Idling
from host_client.core.leases import resume, suspend
from host_client.core.masking import exchange
from host_client.core.pausing import go_on, screen_paused, veiled
from host_client.core.person import OfThePerson, acted
from host_client.core.proving import Proving
from host_client.core.receiving import Receiving
from host_client.core.reconnecting import Reconnecting
from host_client.core.restarting import Restarting
from host_client.core.standing import PauseCause, Proven, Standing
from host_client.core.trusted import verifies
from host_client.core.watching import watch_hours
from host_client.core.withdrawing import not_taken_up, withdraw
from host_client.link import (
    CapturePaused,
    CaptureResumed,
    CaptureStopped,
    ChatNotSent,
    ChatSaid,
    ClipboardGiven,
    ClipboardNotGiven,
    ClipboardPut,
    InjectorBlocked,
    InputVeiled,
    KeepOpenPressed,
    LocalInput,
    PausePressed,
    PromptAnswered,
    ResumePressed,
    ShowAdmitted,
    TakeBackPressed,
)
from host_client.link_files import FileFailed, FileKept, FilePicked, FilePicking, FileStop, FileWritten
from host_client.link_frames import FilePiece
from host_client.link_restart import RestartStopped
from policy.carrier import Direct
from policy.consent import may_pass
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.permissions import Lane, Permission
from policy.session import EndCause, SessionEvent, SessionState
from wire.errors import PeerMisbehaved
from wire.frames import Frame, FrameKind, RecordHeader, SealedBytes, split_frame, split_record
from wire.limits import LEASE_RENEW_EVERY, LEASE_SECONDS
from wire.messages.ledger import Ended
from wire.messages.presence import Refused
from wire.messages.session import BulkOffered, LeaseRenew, PeerPresent, ReconnectOffered, SessionOver, VisitLeft
from wire.schema import MalformedMessage, decode, read_part
from wire.sealed.direct import DirectAnswer, DirectOver, DirectTurn
from wire.sealed.inner import AnswerLost, AskWords, FileOver, HostNotice, Notice, StillHere
from wire.statements import Label, Statement

_FROM_BROKER: tuple[type[PeerPresent | SessionOver | BulkOffered | Refused], ...] = (PeerPresent, SessionOver, BulkOffered, Refused)
_Inside = AskWords | FileOver | StillHere | AnswerLost | DirectAnswer | DirectTurn | DirectOver
_INSIDE: tuple[type[_Inside], ...] = (AskWords, FileOver, StillHere, AnswerLost, DirectAnswer, DirectTurn, DirectOver)
_OfCapture = CaptureStopped | CapturePaused | CaptureResumed | InputVeiled
_Doing = OfThePrompt | ChatSaid | OfThePerson | FilesOfDesk | ClipboardGiven | RestartStopped
_OfTheDesk = _Doing | InjectorBlocked | _OfCapture | OfTheClipboard


class Visit:
    """The host's side of one visit."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self._proving = Proving(standing)
        self._files = Files(standing)
        self._asking = Asking(standing, self._files)
        self._receiving = Receiving(standing)
        self._restarting = Restarting(standing)
        self._reconnecting = Reconnecting(standing, self._asking)
        self._idling = Idling(standing, self.end)
        self._direct = DirectPath(standing)
        self.ended_by_person = False
        """The person pressed *End*, or left: the code goes with the visit."""

    # ---- the way in

    def begin(self) -> Talk:
        """The broker offered this visit. Recorded before a socket opens."""
        standing, offer = self.standing, self.standing.offer
        standing.move(SessionEvent.CLAIMED)
        offered = host.SessionOffered(
            session_id=offer.session_id,
            ticket=offer.ticket,
            technician_id=offer.technician_id,
            purpose=offer.purpose,
            case_reference=offer.case_reference,
        )
        recorded = (yield AddUnclosed(offer.session_id)) and (yield Record((offered,)))
        if standing.stopping:
            return
        if not recorded:
            standing.stopping = True
            standing.move(SessionEvent.ENDED)
            return
        yield OpenSession(offer.session_id, offer.socket_pass)
        yield Tell(ShowAdmitted())

    def opened(self) -> Talk:
        """The session socket is up: the lease runs from here."""
        if self.standing.over:
            return
        self.standing.joined = True
        yield StartTimer(Timer.LEASE, LEASE_SECONDS)
        yield from self.renew()

    def renew(self) -> Talk:
        """Ask for the lease, now and every LEASE_RENEW_EVERY seconds."""
        if not self.standing.over:
            yield StartTimer(Timer.RENEW, LEASE_RENEW_EVERY)
            yield to_broker(LeaseRenew(self.standing.session_id))

    def lease_held(self, seconds: int, now: Instant) -> Talk:
        """The broker holds the lease for so long; never longer than we would by ourselves."""
        if self.standing.over:
            return
        yield StartTimer(Timer.LEASE, min(seconds, LEASE_SECONDS))
        if PauseCause.BROKER in self.standing.paused and not self.standing.parted:
            yield from self.recheck(now)
            if not self.standing.over:
                yield from resume(self.standing, now)
                yield from self._guarded(self._files.resumed(now), now)

    def _lease_over(self, now: Instant) -> Talk:
        """A question that is before the person goes with the lease: nobody could act on its answer. A visit whose line is cut has its own
        end.
        """
        if self.standing.parted:
            return
        if PauseCause.BROKER in self.standing.paused:
            yield from self.end(EndCause.LEASE_EXPIRED, now)
            return
        yield from suspend(self.standing, now)
        yield from self._restarting.heed(now)
        yield from self._asking.no_answer(now)

    # ---- what the session socket says

    def received(self, data: bytes, now: Instant) -> Talk:
        """One frame. Whatever breaks a rule ends the visit."""
        if self.standing.over or self.standing.stopping:
            return
        try:
            frame = split_frame(data)
        except MalformedMessage as fault:
            yield from self._misbehaved(str(fault), now)
            return
        yield from self._guarded(self._frame(frame, now), now)

    def bulk(self, data: bytes, now: Instant) -> Talk:
        """One frame of the bulk socket, by the same rule."""
        if not (self.standing.over or self.standing.stopping):
            yield from self._guarded(self._files.received(data, now), now)
            yield from self._idling.deed(now)

    def bulk_closed(self, now: Instant) -> Talk:
        """The bulk socket is gone; the visit goes on."""
        yield from self._files.closed(now)

    def channel(self, event: OfDirect, now: Instant) -> Talk:
        """What became of the channel of the direct path."""
        yield from self._guarded(self._direct.happened(event, now), now)

    def _guarded(self, talk: Talk, now: Instant) -> Talk:
        try:
            yield from talk
        except PeerMisbehaved as fault:
            yield from self._misbehaved(fault.what, now)
        except MalformedMessage as fault:
            yield from self._misbehaved(str(fault), now)

    def _misbehaved(self, what: str, now: Instant) -> Talk:
        yield from self.standing.tell_cut()
        yield Note(log.FrameRefused(subject=self.standing.session_id, reason=Reason.MALFORMED, what=what))
        yield from end_visit(self.standing, EndCause.PEER_MISBEHAVED, now)

    def _frame(self, frame: Frame, now: Instant) -> Talk:
        match frame.kind:
            case FrameKind.CONTROL:
                yield from self._control(frame.body, now)
            case FrameKind.HANDSHAKE if self.standing.parted:
                yield from self._reconnecting.handshake(frame.body, now)
            case FrameKind.HANDSHAKE:
                yield from self._proving.handshake(frame.body, now)
            case FrameKind.SEALED:
                yield from self._sealed(frame.body, now)
            case FrameKind.LEDGER:
                yield from self._ledger(decode(frame.body, Statement), now)
            case _:
                assert_never(frame.kind)

    def _control(self, body: bytes, now: Instant) -> Talk:
        said = decode(body, *_FROM_BROKER)
        match said:
            case PeerPresent():
                yield from self._peer_present(said)
            case SessionOver():
                yield from self.over(said, now)
            case BulkOffered():
                yield from self._files.offered(said)
            case Refused():
                yield Note(host.Refusal(session_id=self.standing.session_id, about=said.about, reason=said.reason))
                if said.about == CHAT and self.standing.proven is not None:
                    yield from self.standing.chat.shut(said.reason, self.standing.session_id, self.standing.proven.seals, now)
            case _:
                assert_never(said)

    def _peer_present(self, said: PeerPresent) -> Talk:
        standing = self.standing
        if said.session_id != standing.session_id:
            return
        if standing.parted and standing.proven is not None:
            yield from self._reconnecting.begin(standing.proven)
        elif standing.state is SessionState.ADMITTED:
            yield from self._proving.begin_run()

    def reconnect(self, said: ReconnectOffered | None) -> Talk:
        """The broker has a new pass for us; None: it is there again to be asked for one."""
        if not self.standing.parted:
            return
        if said is None:
            yield from self._reconnecting.want()
        else:
            yield StopTimer(Timer.RECONNECT_TRY)
            yield OpenSession(said.session_id, said.socket_pass)

    def over(self, said: SessionOver, now: Instant) -> Talk:
        """The broker closed this visit. A narrowing needs no signature."""
        if said.session_id == self.standing.session_id:
            broker = self.standing.trusted.enrolled.broker_id
            yield from end_visit(self.standing, said.cause, now, unsigned_end(self.standing, broker, said.cause, now))

    def _ledger(self, statement: Statement, now: Instant) -> Talk:
        if statement.label is Label.ENDED:
            yield from self._ended(statement, now)
        elif statement.label is Label.ASKED and self.standing.proven is not None and not self.standing.parted:
            yield from self._asking.asked(statement, self.standing.proven, now)
            yield from self._idling.deed(now)
        else:
            raise PeerMisbehaved("a statement at the wrong moment")

    def _ended(self, statement: Statement, now: Instant) -> Talk:
        technician, proven = self.standing.offer.technician_id, self.standing.proven
        if proven is not None:
            genuine = verifies(statement, Label.ENDED, proven.device)
        else:
            genuine = self.standing.trusted.signed_by(technician, statement, Label.ENDED, now) is not None
        if not genuine:
            raise PeerMisbehaved("an end that is not signed by the technician's device")
        said = read_part(Ended, statement.payload)
        if (said.session_id, said.by) != (self.standing.session_id, technician):
            raise PeerMisbehaved("an end of another visit")
        yield from end_visit(self.standing, said.cause, now, log.ended(said, statement.sig))

    # ---- sealed records

    def _sealed(self, body: bytes, now: Instant) -> Talk:
        header, sealed = split_record(body)
        proven = self.standing.proven
        if proven is None:
            yield from self._first_record(header, sealed, now)
        elif self.standing.parted:
            yield from self._reconnecting.record(proven, header, sealed, now)
            yield from self._ways(now)
        elif header.lane is Lane.CONTROL:
            yield from self._control_lane(proven, header, sealed, now)
        elif header.lane is Lane.CHAT:
            yield from self._chat_lane(proven, header, sealed, now)
            yield from self._idling.deed(now)
        else:
            yield from self._receiving.record(proven, header, sealed, now)
            if header.lane is not Lane.SCREEN:  # what comes there is no deed: the console says by itself what it has drawn
                yield from self._idling.deed(now)

    def _first_record(self, header: RecordHeader, sealed: SealedBytes, now: Instant) -> Talk:
        if self._proving.seals is None or header.lane is not Lane.CONTROL:
            raise PeerMisbehaved("a sealed record before the agreement")
        yield from self._proving.identity(self._proving.seals.open(header, sealed), now)
        yield from self._idling.deed(now)
        yield from self._ways(now)

    def _ways(self, now: Instant) -> Talk:
        """Both ends are proven, at first or anew: perhaps content may go directly."""
        standing = self.standing
        if standing.proven is not None and not standing.parted and not standing.stopping:
            yield from self._direct.begin(now)

    def _control_lane(self, proven: Proven, header: RecordHeader, sealed: SealedBytes, now: Instant) -> Talk:
        if header.grant != 0:
            raise PeerMisbehaved("a control record under a grant")
        said = decode(proven.seals.open(header, sealed), *_INSIDE)
        match said:
            case AskWords():
                self._asking.words(said)
            case FileOver():
                yield from self._files.over(said, now)
            case StillHere():
                yield from self._idling.deed(now)
            case AnswerLost():
                yield from not_taken_up(self.standing, said.ask, now)
            case DirectAnswer():
                yield from self._direct.answered(said, proven, now)
            case DirectTurn():
                yield from self._direct.turned(said)
            case DirectOver():
                yield from self._direct.over(said, proven, now)
            case _:
                assert_never(said)

    def _chat_lane(self, proven: Proven, header: RecordHeader, sealed: SealedBytes, now: Instant) -> Talk:
        if header.grant != 0:
            raise PeerMisbehaved("a message under a grant")
        yield from self.standing.chat.heard(proven.seals.open(header, sealed), now)

    def picture(self, grant: int, message: bytes, now: Instant) -> tuple[bytes, ...]:
        """The frames of one screen message of the desk; none without a live grant. Quick, because there are many.

        Raises MalformedMessage if it is no screen message: then the desk is not what it should be.
        """
        standing = self.standing
        allowed = not standing.stopping and not isinstance(may_pass(standing.consent, Lane.SCREEN, grant, now), Deny)
        if not allowed or standing.halted or standing.away or standing.proven is None or standing.view.grant != grant:
            return ()
        seals = standing.proven.seals
        return tuple(seals.seal(Lane.SCREEN, grant, plain, now) for plain in standing.view.outgoing(message))

    def piece(self, piece: FilePiece, now: Instant) -> tuple[bytes, ...]:
        """The same of a file: the frames of one piece that the desk read."""
        return self._files.piece(piece, now)

    # ---- the desk, deadlines, documents

    def desk(self, said: _OfTheDesk, now: Instant) -> Talk:
        """The desk says something about this visit."""
        if isinstance(said, _Doing):
            yield from self._idling.deed(now)
        yield from self._desk_said(said, now)
        yield from self._restarting.heed(now)

    def _desk_said(self, said: _OfTheDesk, now: Instant) -> Talk:
        match said:
            case PromptAnswered() | FilePicking() | FilePicked():
                yield from self._asking.desk(said, now)
                yield from watch_hours(self.standing, now)
            case InjectorBlocked():
                yield Note(host.InjectorBlocked(session_id=self.standing.session_id, ask=said.ask))
            case CaptureStopped() | CapturePaused() | CaptureResumed() | InputVeiled():
                yield from self._captured(said, now)
            case ChatSaid():
                yield from self._written(said, now)
            case FileWritten() | FileKept() | FileFailed() | FileStop():
                yield from self._files.desk(said, now)
            case TakeBackPressed() | PausePressed() | ResumePressed() | KeepOpenPressed() | LocalInput():
                yield from self._guarded(acted(self.standing, self._files, said, now), now)
            case ClipboardPut() | ClipboardGiven() | ClipboardNotGiven():
                yield from self._receiving.clipboard(said, now)
            case RestartStopped():
                yield from self._restarting.stopped(said.grant, now)
            case _:
                assert_never(said)

    def _captured(self, said: _OfCapture, now: Instant) -> Talk:
        match said:
            case CaptureStopped():
                yield from self._stopped_by_itself(said, now)
            case CapturePaused():
                yield from screen_paused(self.standing, said, now)
            case CaptureResumed():
                yield from go_on(self.standing, said, now)
            case InputVeiled():
                yield from veiled(self.standing, said, now)
            case _:
                assert_never(said)

    def _written(self, said: ChatSaid, now: Instant) -> Talk:
        """The person wrote to the technician."""
        standing = self.standing
        if standing.parted:
            yield Tell(ChatNotSent(Reason.WRONG_MOMENT))  # the line is cut; it stays in the field
        elif standing.proven is not None and not standing.stopping:
            yield from standing.chat.said(said.text, standing.proven.seals, now)

    def _stopped_by_itself(self, said: CaptureStopped, now: Instant) -> Talk:
        """Without eyes on the banner there is no visit; without any other ability there is one less."""
        standing = self.standing
        stopped = next((each for each in standing.granted if standing.abilities[each].grant == said.grant), None)
        if stopped is Permission.VIEW:
            yield from standing.tell_cut(said.reason)
            if said.reason is Reason.NO_SCREEN and standing.proven is not None:
                yield SendSession(standing.proven.seals.say(HostNotice(Notice.NO_SCREEN), now))
            yield from self.end(EndCause.DESK_LOST, now)
        elif stopped is not None:
            yield from withdraw(standing, stopped, said.reason, now)

    def fired(self, timer: Timer, now: Instant) -> Talk:
        """A deadline of this visit passed."""
        match timer:
            case Timer.AGREEMENT:
                yield from self._proving.timed_out(now)
            case Timer.PROMPT:
                yield from self._asking.no_answer(now)
            case Timer.RENEW:
                yield from self.renew()
            case Timer.LEASE:
                yield from self._lease_over(now)
            case Timer.HARD_LIMIT | Timer.LOG:
                yield from self.end(EndCause.TIME_LIMIT if timer is Timer.HARD_LIMIT else EndCause.LOG_UNAVAILABLE, now)
            case Timer.RECONNECT | Timer.RECONNECT_TRY:
                yield from self._reconnecting.over(now) if timer is Timer.RECONNECT else self._reconnecting.want()
            case Timer.POLICY:
                yield from self.recheck(now)
            case Timer.BULK | Timer.IDLE | Timer.RESTART | Timer.DIRECT:
                late = {Timer.BULK: self._files.fired, Timer.IDLE: self._idling.fired}
                late |= {Timer.RESTART: self._restarting.due, Timer.DIRECT: self._direct.fired}
                yield from self._guarded(late[timer](now), now)
            case Timer.OPENING | Timer.CODE | Timer.DOCUMENTS | Timer.HEADS | Timer.RETURN:
                raise ValueError(f"{timer} is not of a visit")
            case _:
                assert_never(timer)

    def recheck(self, now: Instant) -> Talk:
        """Documents or hours changed: who may no longer be here is no longer here, and what is closed is taken back."""
        standing, proven = self.standing, self.standing.proven
        if proven is None or standing.over:
            return
        last = standing.trusted.steps(standing.offer.technician_id, proven.device, Permission.VIEW, now)[-1].decision
        if standing.watches and standing.trusted.direct(now).mode is Direct.ONLY:
            last = Deny(Reason.SITE_POLICY)  # the one channel there is belongs to the technician
        if isinstance(last, Deny):
            yield from self.end(EndCause.POLICY, now)
            yield Note(host.Refusal(session_id=standing.session_id, about="visit", reason=last.reason))
            return
        for permission in standing.granted:
            decision = standing.trusted.steps(standing.offer.technician_id, proven.device, permission, now)[-1].decision
            if isinstance(decision, Deny):
                yield from withdraw(standing, permission, decision.reason, now)
        yield from exchange(standing, now)
        chat = standing.may_write(now)
        if isinstance(chat, Deny):
            yield from standing.chat.shut(chat.reason, standing.session_id, proven.seals, now)
        yield from watch_hours(standing, now)
        yield from self._idling.rules_changed(now)
        yield from self._direct.rules_changed(now)

    def lost(self, now: Instant) -> Talk:
        """The session socket is gone; whose cable it was nobody can say. What was granted waits for both ends to come back."""
        self.standing.joined = False
        if self.standing.proven is not None and self.standing.state is SessionState.VIEWING:
            yield from self._reconnecting.cut(now)
            yield from self._files.parted(now)
            yield from self._restarting.heed(now)
            yield from self._direct.cut()
            return
        yield from end_visit(self.standing, EndCause.CONNECTION_LOST, now, unsigned_end(self.standing, "", EndCause.CONNECTION_LOST, now))

    def lost_for_good(self, now: Instant) -> Talk:
        """The broker has no such visit any more."""
        yield from self._reconnecting.over(now)

    def end(self, cause: EndCause, now: Instant) -> Talk:
        """This side ends the visit."""
        if not self.standing.over:
            yield from self.standing.tell_cut()
            if self.standing.parted:
                yield to_broker(VisitLeft(self.standing.session_id))
            yield from self._receiving.record_dropped()
            yield from end_visit(self.standing, cause, now)
