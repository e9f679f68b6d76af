"""One visit, from the broker's offer to its end. Order is policy.session's; what is granted is policy.consent's.

    offered     the broker says who entered its half of the code; a session socket is opened
    admitted    runs of the key agreement, until tag *and* signature are right (`proving.py`)
    sealed      both ends are proven; nothing was asked before this
    asking      the first request, for view, is before the person (`asking.py`)
    viewing     pictures flow; more may be asked
    ended       everything was stopped first, then told, then recorded (`ending.py`)

Here is every door of a visit: what comes through it is answered elsewhere.

    the session socket       `frames.py`; a frame that breaks a rule ends the visit (`misbehaving.py`)
    the desk                 `desk_words.py`
    documents and hours      `rechecking.py`
    the lease                `leases.py`: it bounds what a broker that is lost leaves running (docs/protocol.md, section 5)
    everything else          the part that it belongs to (`parts.py`)
"""

from typing import assert_never

from audit.events import host
from host_client.core.commands import AddUnclosed, OpenSession, Record, StopTimer, Talk, Tell
from host_client.core.desk_words import DeskWords, OfTheDesk
from host_client.core.ending import broker_ended, end_visit, unsigned_end
from host_client.core.events import OfDirect, Timer
from host_client.core.frames import Frames
from host_client.core.leases import Lease
from host_client.core.parts import Parts
from host_client.core.rechecking import recheck
from host_client.core.standing import Standing
from host_client.link import ShowAdmitted
from host_client.link_frames import FilePiece
from policy.consent import may_pass
from policy.decision import Deny
from policy.instant import Instant
from policy.permissions import Lane
from policy.session import EndCause, SessionEvent, SessionState
from wire.messages.session import ReconnectOffered, SessionOver


class Visit:
    """The host's side of one visit."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self._parts = Parts(standing)
        self._frames = Frames(self._parts)
        self._desk_words = DeskWords(self._parts)
        self._lease = Lease(self._parts)
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
        """The session socket is up."""
        if not self.standing.over:
            self.standing.joined = True
            yield from self._lease.begin()

    # ---- what comes

    def received(self, data: bytes, now: Instant) -> Talk:
        """One frame of the session socket."""
        yield from self._frames.received(data, now)

    def bulk(self, data: bytes, now: Instant) -> Talk:
        """One frame of the bulk socket, by the same rule."""
        if not (self.standing.over or self.standing.stopping):
            yield from self._parts.guarded(self._parts.files.received(data, now), now)
            yield from self._parts.idling.deed(now)

    def bulk_closed(self, now: Instant) -> Talk:
        """The bulk socket is gone; the visit goes on."""
        yield from self._parts.files.closed(now)

    def channel(self, event: OfDirect, now: Instant) -> Talk:
        """What became of the channel of the direct path."""
        yield from self._parts.guarded(self._parts.direct.happened(event, now), now)

    def desk(self, said: OfTheDesk, now: Instant) -> Talk:
        """The desk says something about this visit."""
        yield from self._desk_words.heard(said, now)

    def lease_held(self, seconds: int, now: Instant) -> Talk:
        """The broker holds the lease for so long."""
        yield from self._lease.held(seconds, now)

    def recheck(self, now: Instant) -> Talk:
        """Documents or hours changed."""
        yield from recheck(self._parts, now)

    # ---- what leaves

    def picture(self, grant: int, parcel: bytes, now: Instant, run: int = 0) -> tuple[bytes, ...]:
        """The frames of one parcel of the desk; none without a live grant, and none of a capture before the newest, which may have
        other masks. Quick, because there are many.

        Raises MalformedMessage if it is none: then the desk is not what it should be.
        """
        standing = self.standing
        allowed = not standing.stopping and not isinstance(may_pass(standing.consent, Lane.SCREEN, grant, now), Deny)
        if (
            not allowed
            or standing.halted
            or standing.away
            or standing.proven is None
            or (standing.view.grant, standing.view.run) != (grant, run)
        ):
            return ()
        seals = standing.proven.seals
        return tuple(seals.seal(Lane.SCREEN, grant, plain, now) for plain in standing.view.outgoing(parcel))

    def piece(self, piece: FilePiece, now: Instant) -> tuple[bytes, ...]:
        """The same of a file: the frames of one piece that the desk read."""
        return self._parts.files.piece(piece, now)

    # ---- deadlines

    def fired(self, timer: Timer, now: Instant) -> Talk:
        """A deadline of this visit passed."""
        parts = self._parts
        match timer:
            case Timer.AGREEMENT:
                yield from parts.proving.timed_out(now)
            case Timer.PROMPT:
                yield from parts.asking.no_answer(now)
            case Timer.RENEW:
                yield from self._lease.renew()
            case Timer.LEASE:
                yield from self._lease.ran_out(now)
            case Timer.HARD_LIMIT | Timer.LOG:
                yield from self.end(EndCause.TIME_LIMIT if timer is Timer.HARD_LIMIT else EndCause.LOG_UNAVAILABLE, now)
            case Timer.RECONNECT | Timer.RECONNECT_TRY:
                yield from parts.reconnecting.over(now) if timer is Timer.RECONNECT else parts.reconnecting.want()
            case Timer.POLICY:
                yield from self.recheck(now)
            case Timer.BULK | Timer.IDLE | Timer.RESTART | Timer.DIRECT:
                late = {Timer.BULK: parts.files.fired, Timer.IDLE: parts.idling.fired}
                late |= {Timer.RESTART: parts.restarting.due, Timer.DIRECT: parts.direct.fired}
                yield from parts.guarded(late[timer](now), now)
            case Timer.OPENING | Timer.CODE | Timer.DOCUMENTS | Timer.HEADS | Timer.RETURN:
                raise ValueError(f"{timer} is not of a visit")
            case _:
                assert_never(timer)

    # ---- a line that is cut, and the end

    def lost(self, now: Instant) -> Talk:
        """The session socket is gone; whose cable it was nobody can say. What was granted waits for both ends to come back."""
        standing, parts = self.standing, self._parts
        standing.joined = False
        if standing.proven is not None and standing.state is SessionState.VIEWING:
            yield from parts.reconnecting.cut(now)
            yield from parts.files.parted()
            yield from parts.restarting.heed(now)
            yield from parts.direct.cut()
            return
        yield from end_visit(standing, EndCause.CONNECTION_LOST, now, unsigned_end(standing, "", EndCause.CONNECTION_LOST, now))

    def reconnect(self, said: ReconnectOffered | None) -> Talk:
        """The broker has a new pass for us; None: it is there again to be asked for one."""
        if not self.standing.parted:
            return
        if said is None:
            yield from self._parts.reconnecting.want()
        else:
            yield StopTimer(Timer.RECONNECT_TRY)
            yield OpenSession(said.session_id, said.socket_pass)

    def lost_for_good(self, now: Instant) -> Talk:
        """The broker has no such visit any more."""
        yield from self._parts.reconnecting.over(now)

    def over(self, said: SessionOver, now: Instant) -> Talk:
        """The broker closed this visit."""
        yield from broker_ended(self.standing, said, now)

    def end(self, cause: EndCause, now: Instant) -> Talk:
        """This side ends the visit."""
        yield from self._parts.end(cause, now)
