"""The guardian's core: every event of control socket, session socket and desk finds its part here.

    connection   the control socket (`connection.py`)    until it is proven, nothing else is heard on it
    help         the code (`help.py`)                    at most one
    evidence     the two logs (`evidence.py`)            a doubt stops code and visit
    calls        requests to be called (`calls.py`)      they open nothing
    returns      a way back after a restart              becomes the code (`returning.py`)
    visit        the visit (`visit.py`)                  at most one
    second       who only watches it (`second.py`)       at most one

`handle` answers one event at a time. `narrow_now` is the exception: it stops everything at once, at any moment, and the
event that caused it is handled after.
"""

from typing import assert_never

from audit.events import host
from host_client.core.calls import Calls
from host_client.core.commands import Note, Talk, Tell
from host_client.core.connection import Connection, OfTheVisit, ToHost
from host_client.core.documents import NotOpened, look_again
from host_client.core.events import (
    Acknowledged,
    BulkClosed,
    BulkReceived,
    ControlClosed,
    ControlOpened,
    ControlReceived,
    DeskLost,
    DeskSaid,
    DirectEmptied,
    DirectLost,
    DirectOpened,
    DirectWaits,
    DoubtsRead,
    Event,
    Fired,
    OfDirect,
    ReturnFound,
    SessionClosed,
    SessionOpened,
    SessionReceived,
    SiteRulesRead,
    Stopping,
    Timer,
)
from host_client.core.evidence import Evidence
from host_client.core.following import follow
from host_client.core.help import Help
from host_client.core.ports import Ports, Seat
from host_client.core.returning import Returns
from host_client.core.second import OfTheSocket, Second
from host_client.core.standing import Standing
from host_client.core.trusted import Trusted
from host_client.core.visit import Visit
from host_client.link import (
    CallsRead,
    CancelHelp,
    DeskReady,
    EndPressed,
    GetHelp,
    Heartbeat,
    ShowCodeOver,
    StopDesk,
    WatchStopped,
    WatchWanted,
)
from host_client.link_frames import ToDesk, ToGuardian
from policy.decision import Reason
from policy.instant import Instant
from policy.session import EndCause
from wire.messages.call import CallAsked
from wire.messages.documents import DocumentsPiece
from wire.messages.evidence import Head, HeadWanted, LogDoubted, ReceiptKept, ReceiptSigned
from wire.messages.presence import Refused
from wire.messages.session import LeaseHeld, ReconnectOffered, ReconnectWanted, SessionOver
from wire.messages.ticket import SessionOffered, TicketOpen, TicketOpened, TicketOver, TicketTried, WatchOpen
from wire.schema import name_of


class Guardian:
    """Everything this host decides."""

    def __init__(self, trusted: Trusted, ports: Ports) -> None:
        self._trusted, self._ports = trusted, ports
        self._connection = Connection(trusted, ports)
        self._help = Help(ports)
        self._returns = Returns(trusted, ports, self._help)
        self._calls = Calls(trusted, ports)
        self._evidence = Evidence(trusted, ports, self._stop_in_doubt, self._running)
        self._second = Second(trusted, ports, self._compare_end)
        self._visit: Visit | None = None
        self._seat: Seat | None = None

    @property
    def visit(self) -> Visit | None:
        """The visit that runs."""
        return self._visit

    @property
    def second(self) -> Second:
        """Whoever watches it."""
        return self._second

    @property
    def ready(self) -> bool:
        """Is the control socket proven?"""
        return self._connection.ready

    def narrow_now(self) -> tuple[ToDesk, ...]:
        """Stop capture, input and prompt at once; what the desk must be told. The event that follows ends the visit."""
        return (*(self._visit.standing.cut() if self._visit else ()), *self._second.cut())

    def handle(self, event: Event, now: Instant) -> Talk:
        """Answer one event, by documents that say what they say now."""
        yield from self._second.beside(self._whole_answer(event, now), now)

    def _whole_answer(self, event: Event, now: Instant) -> Talk:
        documents = self._trusted.documents
        if documents is not None and documents.overdue(now):
            yield from self._look_again(now)
        yield from self._answer(event, now)
        yield from self._after_visit(now)

    def _compare_end(self, session_id: str, now: Instant) -> Talk:
        if self.ready:
            yield from self._evidence.ended(session_id, now)

    def _look_again(self, now: Instant) -> Talk:
        yield from look_again(self._trusted, now)
        yield from self._documents_changed(now)

    def _answer(self, event: Event, now: Instant) -> Talk:
        match event:
            case ControlOpened(leaf):
                yield from self._connection.opened(leaf, now)
            case ControlReceived(data):
                yield from self._control(data, now)
            case ControlClosed(certificate):
                yield from self._control_closed(certificate, now)
            case (SessionOpened() | SessionReceived() | SessionClosed() | BulkReceived() | BulkClosed()) | (
                DirectWaits() | DirectOpened() | DirectEmptied() | DirectLost()
            ):
                yield from self._session(event, now)
            case DeskSaid(said):
                yield from self._desk(said, now)
            case DeskLost():
                yield from self._desk_lost(now)
            case SiteRulesRead() | DoubtsRead() | ReturnFound() | Acknowledged():
                yield from self._by_people(event, now)
            case Fired():
                yield from self._second.fired(event.timer, now) if event.second else self._fired(event.timer, now)
            case Stopping():
                yield from self._stopping(now)
            case _:
                assert_never(event)

    def _by_people(self, event: SiteRulesRead | DoubtsRead | ReturnFound | Acknowledged, now: Instant) -> Talk:
        match event:
            case SiteRulesRead(read):
                yield from follow(self._trusted, read, self._recheck, now)
            case DoubtsRead(standing):
                yield from self._evidence.read(standing, now)
            case ReturnFound(kept):
                yield from self._returns.found(kept, now)
            case Acknowledged(subject):
                yield from self._acknowledged(subject, now)
            case _:
                assert_never(event)

    # ---- the control socket

    def _control(self, data: bytes, now: Instant) -> Talk:
        connection = self._connection
        try:
            if connection.ready:
                yield from self._heard(connection.read(data), now)
                return
            before = self._trusted.documents
            yield from connection.prove(data, now)
            if self._trusted.documents is not before and self._visit is not None:
                yield from self._recheck(now)
            yield from self._proven(now)
        except NotOpened as fault:
            if fault.reason is Reason.LOG_UNAVAILABLE and self._visit is not None:
                yield from self._visit.end(EndCause.LOG_UNAVAILABLE, now)
            yield from connection.turn_away(fault.reason)
            if fault.late is not None:
                yield Note(fault.late)

    def _proven(self, now: Instant) -> Talk:
        if self.ready:
            if self._visit is not None:
                yield from self._visit.reconnect(None)
            else:
                yield from self._idle(now)
            yield from self._evidence.begin(self._connection.broker_key, now)

    def _running(self) -> frozenset[str]:
        """The visits that run."""
        return frozenset(each.standing.session_id for each in (self._visit, self._second.visit) if each is not None)

    def _heard(self, said: ToHost, now: Instant) -> Talk:
        match said:
            case TicketOpened() | TicketTried() | TicketOver():
                yield from self._of_the_code(said, now)
            case SessionOffered():
                yield from self._offered(said, now)
            case LeaseHeld() | SessionOver() | ReconnectOffered():
                yield from self._of_the_visit(said, now)
            case DocumentsPiece():
                before = self._trusted.documents
                yield from self._connection.documents(said, now)
                if self._trusted.documents is not before:
                    yield from self._documents_changed(now)
            case CallAsked():
                yield from self._calls.asked(said, self._seat if self._free else None, now)
            case HeadWanted() | Head() | LogDoubted() | ReceiptSigned() | ReceiptKept():
                yield from self._evidence.heard(said, now)
            case Refused(about, reason):
                yield from self._refused(about, reason, now)
            case _:
                assert_never(said)

    def _refused(self, about: str, reason: Reason, now: Instant) -> Talk:
        if about == name_of(TicketOpen):
            yield from self._help.refused(reason)
            return
        if about == name_of(WatchOpen):
            yield from self._second.refused(reason, now)
            return
        if about == name_of(ReconnectWanted) and self._visit is not None and self._visit.standing.parted:
            yield from self._visit.lost_for_good(now)
        yield from self._evidence.refused(about, reason, now)

    def _stop_in_doubt(self, now: Instant) -> Talk:
        """The two logs do not fit together: nobody is here, and nobody comes, until a named person has seen it."""
        if self._visit is not None:
            self._visit.ended_by_person = True
            yield from self._visit.end(EndCause.LOG_DOUBTED, now)
        if not self._help.idle:
            yield from self._help.close(Reason.LOG_DOUBTED)
        elif self._visit is None:
            yield from self._idle(now)

    def _acknowledged(self, subject: str, now: Instant) -> Talk:
        self._evidence.acknowledged(subject)
        if self.ready:
            yield from self._evidence.compare(now)
        if self._visit is None and self._help.idle:
            yield from self._idle(now)

    def _of_the_code(self, said: TicketOpened | TicketTried | TicketOver, now: Instant) -> Talk:
        if not isinstance(said, TicketOpened) or self._second.waits_for_code:
            yield from self._second.of_the_code(said, now)
            if isinstance(said, TicketOpened):
                return
        match said:
            case TicketOpened():
                yield from self._help.opened(said, now)
            case TicketTried():
                yield from self._help.tried(said)
            case TicketOver():
                if self._visit is None or self._visit.standing.proven is None:
                    yield from self._help.over(said)
            case _:
                assert_never(said)

    def _documents_changed(self, now: Instant) -> Talk:
        if self._visit is not None:
            yield from self._recheck(now)
        elif self._help.idle:
            yield from self._idle(now)
        elif self._trusted.safe_mode(now):
            yield from self._help.close(Reason.DOCUMENT_STALE)

    def _recheck(self, now: Instant) -> Talk:
        """First nobody sees what is hidden now; then who may no longer be here is no longer here."""
        yield from self._second.remask(now)
        yield from self._visit.recheck(now) if self._visit is not None else ()
        yield from self._second.recheck(now)

    def _of_the_visit(self, said: OfTheVisit, now: Instant) -> Talk:
        if self._second.has(said.session_id):
            yield from self._second.heard(said, now)
            return
        if self._visit is None or self._visit.standing.session_id != said.session_id:
            return
        match said:
            case LeaseHeld():
                yield from self._visit.lease_held(said.seconds, now)
            case ReconnectOffered():
                yield from self._visit.reconnect(said)
            case SessionOver():
                yield from self._visit.over(said, now)
            case _:
                assert_never(said)

    def _offered(self, said: SessionOffered, now: Instant) -> Talk:
        if self._second.has_code(said.ticket) and not self._evidence.doubted:
            yield from self._second.offered(said, self._seat, now)
            return
        code, seat = self._help.code, self._seat
        reason = None
        if self._visit is not None:
            reason = Reason.HOST_BUSY
        elif code is None or code.value.ticket != said.ticket or not code.usable(now):
            reason = Reason.CODE_EXPIRED
        elif seat is None:
            reason = Reason.NOBODY_LOGGED_IN
        elif self._trusted.safe_mode(now):
            reason = Reason.DOCUMENT_STALE
        elif self._evidence.doubted:
            reason = Reason.LOG_DOUBTED
        if reason is not None or code is None or seat is None:
            yield Note(host.Refusal(session_id=said.session_id, about=name_of(SessionOffered), reason=reason or Reason.WRONG_MOMENT))
            return
        self._visit = Visit(Standing(said, code, self._trusted, self._ports, seat))
        yield from self._visit.begin()

    def _control_closed(self, certificate: bool, now: Instant) -> Talk:
        yield from self._connection.closed(certificate=certificate)
        yield from self._second.line_gone(now)
        if not self._help.idle:  # the broker forgets the code with this socket, so nobody reads out a dead one
            used = self._visit is not None and self._visit.standing.proven is not None
            yield from self._help.finish(Reason.CODE_USED if used else Reason.CODE_EXPIRED, tell=not used)
        if self._visit is None:
            yield from self._idle(now)

    # ---- the session socket

    def _session(self, event: OfTheSocket | OfDirect, now: Instant) -> Talk:
        if self._second.has(event.session_id):
            if isinstance(event, OfTheSocket):  # he has no channel
                yield from self._second.session(event, now)
            return
        visit = self._visit
        if visit is None or visit.standing.session_id != event.session_id:
            return
        match event:
            case SessionOpened():
                yield from visit.opened()
            case SessionReceived(_, data):
                yield from visit.received(data, now)
            case SessionClosed():
                yield from visit.lost(now)
            case BulkReceived(_, data):
                yield from visit.bulk(data, now)
            case BulkClosed():
                yield from visit.bulk_closed(now)
            case DirectWaits() | DirectOpened() | DirectEmptied() | DirectLost():
                yield from visit.channel(event, now)
            case _:
                assert_never(event)

    def _after_visit(self, now: Instant) -> Talk:
        """A visit that is over makes room; a code that is still good is shown again, any other is finished."""
        visit = self._visit
        if visit is None or not visit.standing.over:
            return
        self._visit = None
        if self.ready:
            yield from self._evidence.ended(visit.standing.session_id, now)
        code = self._help.code
        if code is None or visit.standing.code is not code:
            if visit.standing.proven is None:
                yield from self._idle(now)
            return
        if code.usable(now) and self.ready and not visit.ended_by_person:
            yield from self._help.show(now)
            return
        worth = Reason.CODE_USED if code.proven else Reason.CODE_BURNT if code.burnt else Reason.CODE_EXPIRED
        yield from self._help.finish(visit.standing.denied or worth, tell=visit.standing.proven is None)

    # ---- the desk

    def _desk(self, said: ToGuardian, now: Instant) -> Talk:
        match said:
            case DeskReady():
                self._seat = Seat(said.language, said.account, said.login_session, said.width, said.height)
                yield from self._idle(now)
            case Heartbeat():
                return
            case GetHelp():
                yield from self._get_help(now)
            case CancelHelp():
                yield from self._cancel_help(now)
            case CallsRead():
                yield from self._calls.put_away()
            case EndPressed():
                yield from self._end_pressed(now)
            case WatchWanted() | WatchStopped():
                yield from self._watch(said, now)
            case _:
                if self._second.takes(said):
                    yield from self._second.desk(said, now)
                elif self._visit is not None:
                    yield from self._visit.desk(said, now)

    def _watch(self, said: WatchWanted | WatchStopped, now: Instant) -> Talk:
        if isinstance(said, WatchStopped):
            yield from self._second.stop(now)
        elif self._visit is not None and self._seat is not None and self.ready and not self._evidence.doubted:
            yield from self._second.wanted(self._visit, self._seat, now)

    def _get_help(self, now: Instant) -> Talk:
        if self._visit is not None or self._seat is None:
            return
        if self._evidence.doubted:
            yield Tell(ShowCodeOver(Reason.LOG_DOUBTED))
        elif not self.ready:
            yield Tell(ShowCodeOver(Reason.HOST_OFFLINE))
        elif self._trusted.safe_mode(now):
            yield Tell(ShowCodeOver(Reason.DOCUMENT_STALE))
        elif not self._trusted.listed(now):
            yield Tell(ShowCodeOver(Reason.HOST_NOT_LISTED))
        else:
            yield from self._calls.put_away()
            yield from self._returns.drop(Reason.RETURN_INVALID)
            yield from self._help.pressed(self._seat)

    def _cancel_help(self, now: Instant) -> Talk:
        if self._visit is None:
            yield from self._help.close(None)
            yield from self._idle(now)

    def _end_pressed(self, now: Instant) -> Talk:
        if self._visit is not None:
            self._visit.ended_by_person = True
            yield from self._visit.end(EndCause.HOST_ENDED, now)

    def _desk_lost(self, now: Instant) -> Talk:
        self._seat = None
        if self._visit is not None:
            self._visit.ended_by_person = True
            yield from self._visit.end(EndCause.DESK_LOST, now)
        yield from self._help.close(Reason.NOBODY_LOGGED_IN)

    def _idle(self, now: Instant) -> Talk:
        yield from self._connection.idle(self._seat, now, doubted=self._evidence.doubted)
        if self._free:
            yield from self._calls.show(self._seat, now)
            may_ask = self._seat is not None and not self._evidence.doubted and not self._trusted.safe_mode(now)
            if may_ask and self._trusted.listed(now):
                yield from self._returns.open(now)

    @property
    def _free(self) -> bool:
        """Neither a code nor a visit, and a broker that can be answered: time to tell who asks to be called."""
        return self.ready and self._visit is None and self._help.idle

    # ---- deadlines and the end

    def _fired(self, timer: Timer, now: Instant) -> Talk:
        if timer is Timer.OPENING:
            yield from self._connection.silent()
        elif timer is Timer.DOCUMENTS:
            yield from self._look_again(now)
        elif timer is Timer.HEADS:
            if self.ready:
                yield from self._evidence.compare(now)
        elif timer is Timer.RETURN:
            yield from self._returns.drop(Reason.CODE_EXPIRED)
        elif timer is Timer.CODE:
            if self._visit is None:
                yield from self._help.expired()
        elif self._visit is not None:
            yield from self._visit.fired(timer, now)
            if timer is Timer.RENEW and self.ready:
                yield from self._evidence.compare(now)

    def _stopping(self, now: Instant) -> Talk:
        if self._visit is not None:
            self._visit.ended_by_person = True
            yield from self._visit.end(EndCause.HOST_ENDED, now)
        yield from self._help.close(None)
        yield Tell(StopDesk())
        yield Note(host.HostStopped(host_id=self._trusted.enrolled.host_id))
