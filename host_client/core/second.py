"""A second person who only watches: the supervisor or trainer of the technician, beside the one visit there is (docs/adr/0011).

He has a visit of his own, made of the same parts: a code, a key agreement, seals, a prompt, pictures that are counted for him alone. What
is different stands here, in one table: what his visit wants done goes to a socket, deadlines and numbers of his own, and what is the
technician's alone (the banner, bulk socket, chat) is not done for him.

    asked for     by the person at the PC, while the technician sees the screen; one at a time
    held back     while another question is before the person
    over          when he leaves or his line is cut, the person stops him, or the visit that he watches stops for whatever reason: he first
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from audit.events import host
from host_client.abilities import View
from host_client.core.agreement import Code
from host_client.core.commands import (
    CloseBulk,
    CloseSession,
    Command,
    Inject,
    Note,
    OpenBulk,
    OpenSession,
    Record,
    SendBulk,
    SendSession,
    StartTimer,
    StopTimer,
    Talk,
    Tell,
)
from host_client.core.ending import end_visit, unsigned_end
from host_client.core.events import BulkClosed, BulkReceived, SessionClosed, SessionOpened, SessionReceived, Timer
from host_client.core.help import Help
from host_client.core.masking import exchange
from host_client.core.ports import Ports, Seat
from host_client.core.standing import PauseCause, Standing
from host_client.core.trusted import Trusted
from host_client.core.visit import Visit
from host_client.core.waiting import pause, resume
from host_client.link import (
    SECOND,
    CapturePaused,
    CaptureResumed,
    CaptureStopped,
    ClosePrompt,
    InjectorBlocked,
    PictureShown,
    PromptAnswered,
    SecondStep,
    ShowAdmitted,
    ShowAttempt,
    ShowCode,
    ShowCodeOver,
    ShowPrompt,
    ShowSecond,
    StartCapture,
    StopCapture,
)
from host_client.link_frames import FilePiece, ToDesk, ToGuardian
from policy.carrier import Direct
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from policy.session import EndCause
from wire.frames import FrameKind
from wire.messages.session import LeaseHeld, ReconnectOffered, SessionOver
from wire.messages.ticket import SessionOffered, TicketOpened, TicketOver, TicketTried
from wire.sealed.inner import SecondPerson

OfTheSocket = SessionOpened | SessionReceived | SessionClosed | BulkReceived | BulkClosed
_MINE = PromptAnswered | InjectorBlocked | CaptureStopped | CapturePaused | CaptureResumed
_NOT_HIS = OpenBulk | SendBulk | CloseBulk | Inject
Ended = Callable[[str, Instant], Talk]
"""Compares how the broker's log ends this visit."""
_ALONE: frozenset[Timer] = frozenset({Timer.IDLE})
"""Deadlines that he has not: whether anybody does anything is the technician's visit's to tell."""
HELD_FRAMES = 4
"""Frames of his that wait for another question to be answered. An honest console sends one, and then it waits too."""


class Second:
    """At most one, beside one visit."""

    def __init__(self, trusted: Trusted, ports: Ports, ended: Ended) -> None:
        self._trusted, self._ports, self._ended = trusted, ports, ended
        self._help = Help(ports)
        self._first: Visit | None = None
        """The visit that he, or whoever has his code, watches."""
        self.visit: Visit | None = None
        self._held: list[bytes] = []
        self._over: list[str] = []
        """Visits of his that are over, and whose ends are still to be compared."""
        self._introduced = self._begun = False

    # ---- the code

    def wanted(self, first: Visit, seat: Seat, now: Instant) -> Talk:
        """*Let a second person watch* was pressed. Only while somebody sees the screen, and nobody watches him yet."""
        if self.visit is None and _seen(first):
            self._first = first
            yield from self._aside(self._help.pressed(seat, first.standing.session_id), now)

    @property
    def waits_for_code(self) -> bool:
        """Has the broker not answered yet?"""
        return self._help.waiting

    def of_the_code(self, said: TicketOpened | TicketTried | TicketOver, now: Instant) -> Talk:
        """What the broker says of a code; of another than his it changes nothing."""
        match said:
            case TicketOpened():
                yield from self._aside(self._help.opened(said, now), now)
            case TicketTried():
                yield from self._aside(self._help.tried(said), now)
            case _:
                if self.visit is None or self.visit.standing.proven is None:
                    yield from self._aside(self._help.over(said), now)

    def refused(self, reason: Reason, now: Instant) -> Talk:
        """The broker opened no ticket for him."""
        yield from self._aside(self._help.refused(reason), now)

    def has_code(self, ticket: str) -> bool:
        """Is it his code that somebody entered?"""
        return self._help.code is not None and self._help.code.value.ticket == ticket

    def offered(self, said: SessionOffered, seat: Seat | None, now: Instant) -> Talk:
        """The broker says who entered its half of his code."""
        first, code = self._first, self._help.code
        reason = self._why_not(said, first, code, seat, now)
        if reason is not None or first is None or code is None or seat is None:
            yield Note(host.Refusal(session_id=said.session_id, about="session_offered", reason=reason or Reason.WRONG_MOMENT))
            return
        standing = Standing(said, code, self._trusted, self._ports, seat, abilities={Permission.VIEW: View()})
        standing.watches, standing.beside, first.standing.beside = True, first.standing, standing
        self.visit, self._held = Visit(standing), []
        self._introduced = self._begun = False
        yield from self._aside(self.visit.begin(), now)

    def _why_not(self, said: SessionOffered, first: Visit | None, code: Code | None, seat: Seat | None, now: Instant) -> Reason | None:
        if self.visit is not None:
            return Reason.HOST_BUSY
        if code is None or not code.usable(now):
            return Reason.CODE_EXPIRED
        if first is None or not _seen(first):
            return Reason.SESSION_OVER
        if said.technician_id == first.standing.offer.technician_id:
            return Reason.SAME_PERSON
        if seat is None:
            return Reason.NOBODY_LOGGED_IN
        if self._trusted.safe_mode(now):
            return Reason.DOCUMENT_STALE
        return Reason.SITE_POLICY if self._trusted.direct(now).mode is Direct.ONLY else None  # the one channel is the technician's

    # ---- his visit

    def has(self, session_id: str) -> bool:
        """Is this his visit?"""
        return self.visit is not None and self.visit.standing.session_id == session_id

    def session(self, event: OfTheSocket, now: Instant) -> Talk:
        """His session socket. He has no bulk socket, and a line that was cut is his end: he does not come back without another code."""
        visit = self.visit
        assert visit is not None
        match event:
            case SessionOpened():
                yield from self._aside(visit.opened(), now)
            case SessionReceived(_, data):
                yield from self._received(visit, data, now)
            case SessionClosed():
                yield from self._lost(visit, now)
            case _:
                return

    def _received(self, visit: Visit, data: bytes, now: Instant) -> Talk:
        asks = data[:1] == bytes((FrameKind.LEDGER,))
        other = visit.standing.beside
        if self._held or (asks and other is not None and other.request is not None):
            self._held.append(data)  # another question is before the person: his comes after it
            if len(self._held) > HELD_FRAMES:
                self._held.clear()
                yield from self._aside(visit.end(EndCause.PEER_MISBEHAVED, now), now)
            return
        yield from self._aside(visit.received(data, now), now)

    def _lost(self, visit: Visit, now: Instant) -> Talk:
        standing, cause = visit.standing, EndCause.CONNECTION_LOST
        standing.joined = False
        yield from self._aside(end_visit(standing, cause, now, unsigned_end(standing, "", cause, now)), now)

    def heard(self, said: LeaseHeld | SessionOver | ReconnectOffered, now: Instant) -> Talk:
        """What the broker says of his visit on the control socket."""
        visit = self.visit
        assert visit is not None
        match said:
            case LeaseHeld():
                yield from self._aside(visit.lease_held(said.seconds, now), now)
            case SessionOver():
                yield from self._aside(visit.over(said, now), now)
            case _:
                return

    def takes(self, said: ToGuardian) -> bool:
        """Is this of the desk about him?"""
        return isinstance(said, _MINE) and _number(said) >= SECOND

    def desk(self, said: ToGuardian, now: Instant) -> Talk:
        """The person answered his prompt, or his picture stopped or paused."""
        if self.visit is None or not isinstance(said, _MINE):
            return
        here: dict[str, Any] = {"ask" if hasattr(said, "ask") else "grant": _number(said) - SECOND}
        yield from self._aside(self.visit.desk(replace(said, **here), now), now)

    def stop(self, now: Instant) -> Talk:
        """The person takes his code back, or stops him."""
        if self.visit is not None:
            self.visit.ended_by_person = True
            yield from self._aside(self.visit.end(EndCause.HOST_ENDED, now), now)
        else:
            yield from self._aside(self._help.close(None), now)
            yield Tell(ShowSecond(SecondStep.NOBODY))

    def fired(self, timer: Timer, now: Instant) -> Talk:
        """One of his deadlines passed."""
        if timer is Timer.CODE:
            if self.visit is None:
                yield from self._aside(self._help.expired(), now)
        elif self.visit is not None:
            yield from self._aside(self.visit.fired(timer, now), now)

    def remask(self, now: Instant) -> Talk:
        """What is hidden from now on is hidden from him too, whatever else is still to be done for the visit that he watches."""
        if self.visit is not None:
            yield from self._aside(exchange(self.visit.standing, now), now)

    def recheck(self, now: Instant) -> Talk:
        """Documents or hours changed."""
        if self.visit is not None:
            yield from self._aside(self.visit.recheck(now), now)

    def line_gone(self, now: Instant) -> Talk:
        """The broker forgets his code with the control socket."""
        yield from self._aside(self._help.finish(Reason.CODE_EXPIRED), now)

    def picture(self, grant: int, parcel: bytes, now: Instant, run: int = 0) -> tuple[bytes, ...]:
        """The frames of one parcel that the desk made for him; none without his own live grant."""
        return self.visit.picture(grant - SECOND, parcel, now, run) if self.visit is not None and grant >= SECOND else ()

    # ---- beside the technician's visit

    def cut(self) -> tuple[ToDesk, ...]:
        """Stop his picture and his prompt at once; what the desk must be told."""
        return tuple(self._to_desk(self.visit.standing.cut())) if self.visit is not None else ()

    def beside(self, talk: Talk, now: Instant) -> Talk:
        """This conversation, and after each of its commands whatever follows from it for him."""
        reply: object = None
        while True:
            try:
                command = talk.send(reply)
            except StopIteration:
                break
            reply = yield command
            yield from self._keep_up(now)
        yield from self._after(now)

    def _keep_up(self, now: Instant) -> Talk:
        """After each thing that was done for the technician's visit: what stops or pauses there does so here, before anything else."""
        first, visit = self._first, self.visit
        if first is not None and not _seen(first):
            self._first = None
            if visit is not None:
                visit.ended_by_person = True
                yield from self._aside(visit.end(EndCause.WATCHED_VISIT_OVER, now), now)
                yield from self._leave(visit, first, now)
            first.standing.beside = None
            yield from self._aside(self._help.close(Reason.SESSION_OVER, tell=False), now)
        elif first is not None and visit is not None and visit.standing.proven is not None and not visit.standing.stopping:
            yield from self._pause_with(first.standing, visit.standing, now)

    def _pause_with(self, first: Standing, his: Standing, now: Instant) -> Talk:
        cause = PauseCause.PERSON
        if first.halted and cause not in his.paused:
            yield from self._aside(pause(his, cause, now), now)
        elif not first.halted and cause in his.paused:
            yield from self._aside(resume(his, cause, now), now)

    def _after(self, now: Instant) -> Talk:
        """At the end of each event: introduce them, let the question go on that waited, and take leave of a visit that is over."""
        visit, first = self.visit, self._first
        if visit is not None and not visit.standing.over:
            yield from self._go_on(visit, first, now)
        if self.visit is not None and self.visit.standing.over:
            yield from self._leave(self.visit, first, now)
        while self._over:
            yield from self._ended(self._over.pop(0), now)

    def _go_on(self, visit: Visit, first: Visit | None, now: Instant) -> Talk:
        if first is not None and visit.standing.proven is not None and first.standing.proven is not None and not self._introduced:
            self._introduced = True
            person = first.standing.proven.person
            words = SecondPerson(view_only=True, name=person.name, company=person.company)
            yield SendSession(visit.standing.proven.seals.say(words, now), second=True)
        while self._held and not visit.standing.over and not visit.standing.prompting:
            yield from self._aside(visit.received(self._held.pop(0), now), now)
        if visit.standing.view.grant and not self._begun:
            self._begun = True
            yield from self._told(first, now)

    def _leave(self, visit: Visit, first: Visit | None, now: Instant) -> Talk:
        """His visit is over: everybody hears it, and a code that is still good is shown again."""
        self.visit, self._held = None, []
        self._over.append(visit.standing.session_id)
        if first is not None:
            first.standing.beside = None
        if self._begun:
            yield from self._told(first, now)
            yield Note(host.WatchOver(**_ids(visit.standing)))
        code = self._help.code
        if code is visit.standing.code and code.usable(now) and not visit.ended_by_person:
            yield from self._aside(self._help.show(now), now)
            return
        yield from self._aside(self._help.finish(None, tell=False), now)
        yield Tell(ShowSecond(SecondStep.NOBODY, reason=visit.standing.denied))

    def _told(self, first: Visit | None, now: Instant) -> Talk:
        """Who watches, or that nobody does any more: on the screen, and to the technician inside his own seals."""
        visit, name, company = self.visit, "", ""
        if visit is not None and visit.standing.proven is not None:
            name, company = visit.standing.proven.person.name, visit.standing.proven.person.company
            yield Tell(ShowSecond(SecondStep.WATCHING, name=name, company=company))
        if first is not None and first.standing.proven is not None and not first.standing.parted and not first.standing.over:
            words = SecondPerson(view_only=False, name=name, company=company)
            yield SendSession(first.standing.proven.seals.say(words, now))

    # ---- what his visit wants done, done beside

    def _aside(self, talk: Talk, now: Instant) -> Talk:
        reply: object = None
        while True:
            try:
                command = talk.send(reply)
            except StopIteration:
                return
            reply = None
            for each in self._translated(command):
                reply = yield each

    def _translated(self, command: Command) -> Iterable[Command]:
        match command:
            case StartTimer(timer) | StopTimer(timer):
                return () if timer in _ALONE else (replace(command, second=True),)
            case OpenSession() | SendSession() | CloseSession():
                return (replace(command, second=True),)
            case Tell(said):
                return () if isinstance(said, FilePiece) else map(Tell, self._to_desk((said,)))
            case Record(events):
                return (Record((*events, *self._widening(events))),)
            case _:
                return () if isinstance(command, _NOT_HIS) else (command,)

    def _widening(self, events: tuple[object, ...]) -> Iterable[host.WatchBegun]:
        """Beside the entry about his own visit stands one in the technician's, before the first pixel."""
        visit = self.visit
        if visit is None or visit.standing.proven is None or not any(isinstance(each, host.CaptureStarted) for each in events):
            return
        person = visit.standing.proven.person
        yield host.WatchBegun(**_ids(visit.standing), name=person.name, company=person.company)

    def _to_desk(self, told: Iterable[ToDesk]) -> Iterable[ToDesk]:
        """With numbers of his own; what is the technician's alone is not said."""
        for said in told:
            match said:
                case ShowPrompt() | ClosePrompt():
                    yield replace(said, ask=said.ask + SECOND)
                case StartCapture() | StopCapture() | PictureShown():
                    yield replace(said, grant=said.grant + SECOND)
                case ShowCode():
                    yield ShowSecond(SecondStep.CODE, code=said.code, seconds=said.seconds)
                case ShowAttempt():
                    yield self._attempt(said)
                case ShowCodeOver():
                    yield ShowSecond(SecondStep.NOBODY, reason=said.reason)
                case ShowAdmitted():
                    yield ShowSecond(SecondStep.CHECKING)
                case _:
                    pass

    def _attempt(self, said: ShowAttempt) -> ShowSecond:
        code = self._help.code
        shown = code.value.shown() if code is not None else ""
        return ShowSecond(SecondStep.CODE, code=shown, tries_left=max(1, said.tries_left))


def _seen(first: Visit) -> bool:
    """Does the technician of this visit see the screen, or would he if nothing paused it?"""
    standing = first.standing
    return bool(standing.view.grant) and not (standing.over or standing.stopping or standing.parted)


def _number(said: object) -> int:
    number = getattr(said, "ask", None) or getattr(said, "grant", 0)
    assert isinstance(number, int)
    return number


def _ids(his: Standing) -> dict[str, str]:
    watched = his.beside.session_id if his.beside is not None else ""
    return {"session_id": watched, "watcher_session": his.session_id, "watcher_id": his.offer.technician_id}
