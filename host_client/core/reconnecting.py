"""A line that was cut: the visit is *parted*, and goes on when both ends are back and proven anew (docs/protocol.md, section 4).

    1  everything stops at once: nothing is captured or injected, a question before the person is over, the frame says so
    2  the broker is asked for a new pass, now and until RECONNECT_SECONDS have passed
    3  both ends are there: new keys, from what only these two hold and a fresh share of each (`wire.sealed.renewal`)
    4  the first record under them is the technician's session identity, by the very device of before
    5  recorded, and only then everything that is still granted goes on; what was taken back meanwhile is told first

Whoever reloads a page or starts a process again holds nothing of it, and needs a new code.
"""

from audit.events import visit as log
from host_client.core.asking import Asking
from host_client.core.commands import Note, Record, SendSession, StartTimer, StopTimer, Talk, Tell, tell, to_broker, to_peer
from host_client.core.ending import end_visit, unsigned_end
from host_client.core.events import Timer
from host_client.core.seals import Seals
from host_client.core.standing import PauseCause, Proven, Standing
from host_client.core.waiting import dropped_for
from host_client.core.watching import watch_hours
from policy.decision import Deny
from policy.instant import Instant
from policy.permissions import Permission
from policy.session import EndCause
from wire.errors import PeerMisbehaved
from wire.frames import FrameKind, RecordHeader, SealedBytes
from wire.limits import RECONNECT_SECONDS, RECONNECT_TRY_SECONDS
from wire.messages.handshake import RenewalShare
from wire.messages.session import ReconnectWanted
from wire.schema import MalformedMessage, decode
from wire.sealed import agreement
from wire.sealed.identities import LABELS, check_identity, identity_of
from wire.sealed.inner import HostNotice, Notice, SessionIdentity, SessionRole, VisitRejoined
from wire.sealed.renewal import HostRenewal
from wire.statements import Statement


class Reconnecting:
    """The way back of one visit, as often as its line is cut."""

    def __init__(self, standing: Standing, asking: Asking) -> None:
        self._standing, self._asking = standing, asking
        offer, enrolled = standing.offer, standing.trusted.enrolled
        self._about = agreement.Visit(offer.session_id, offer.ticket, enrolled.broker_id, enrolled.host_id, offer.technician_id)
        self._tries = self._rejoins = 0
        self._renewal: HostRenewal | None = None
        self._seals: Seals | None = None
        """Set from the confirmed tags on; good for one record, the identity, until that is right."""

    # ---- cut

    def cut(self, now: Instant) -> Talk:
        """The session socket is gone, or could not be opened."""
        standing = self._standing
        self._renewal = self._seals = None
        if standing.parted:
            yield StartTimer(Timer.RECONNECT_TRY, RECONNECT_TRY_SECONDS)
            return
        standing.parted = True
        halted = standing.halted
        standing.paused |= {PauseCause.BROKER}
        if not halted:
            for ability in standing.at_work:
                yield from tell(ability.paused())
        yield from self._asking.no_answer(now)
        banner = standing.banner(now)
        assert banner is not None, "only a visit whose ends are proven parts"
        yield Tell(banner)
        yield StartTimer(Timer.RECONNECT, RECONNECT_SECONDS)
        yield from self.want()
        yield Note(log.VisitParted(session_id=standing.session_id))

    def want(self) -> Talk:
        """Ask the broker for a pass, and again if nothing comes of it. Without a control socket it is asked for when there is one."""
        yield StartTimer(Timer.RECONNECT_TRY, RECONNECT_SECONDS / 10)
        yield to_broker(ReconnectWanted(self._standing.session_id))

    def over(self, now: Instant) -> Talk:
        """Nobody came back in time, or the broker has no such visit any more."""
        yield from end_visit(self._standing, EndCause.CONNECTION_LOST, now, unsigned_end(self._standing, "", EndCause.CONNECTION_LOST, now))

    # ---- back

    def begin(self, proven: Proven) -> Talk:
        """Both ends are there: step 3."""
        entropy = self._standing.ports.entropy
        self._tries += 1
        self._seals = None
        self._renewal = HostRenewal(self._about, proven.agreed, self._tries, nonce=entropy(32), scalar=entropy(32))
        yield to_peer(FrameKind.HANDSHAKE, self._renewal.open())

    def handshake(self, body: bytes, now: Instant) -> Talk:
        """The technician's share and tag. Raises PeerMisbehaved, MalformedMessage."""
        if self._renewal is None or self._seals is not None:
            raise PeerMisbehaved("a renewal at the wrong moment")
        tag = self._renewal.confirm(decode(body, RenewalShare))
        if tag is None or self._renewal.agreed is None:
            yield from end_visit(self._standing, EndCause.IDENTITY_NOT_PROVEN, now)
            return
        self._seals = Seals(self._standing.session_id, self._renewal.agreed.secret)
        yield to_peer(FrameKind.HANDSHAKE, tag)

    def record(self, proven: Proven, header: RecordHeader, sealed: SealedBytes, now: Instant) -> Talk:
        """Step 4. Raises PeerMisbehaved, MalformedMessage."""
        if self._seals is None:
            raise PeerMisbehaved("a sealed record before the renewal")
        seals, self._seals = self._seals, None
        statement = decode(seals.open(header, sealed), SessionIdentity).statement
        if not self._same_device(statement, proven, now):
            yield from end_visit(self._standing, EndCause.IDENTITY_NOT_PROVEN, now)
            return
        yield from self._rejoined(proven, seals, now)

    def _same_device(self, statement: Statement, proven: Proven, now: Instant) -> bool:
        standing = self._standing
        assert self._renewal is not None
        assert self._renewal.agreed is not None
        device = standing.trusted.signed_by(standing.offer.technician_id, statement, LABELS[SessionRole.TECHNICIAN], now)
        if device != proven.device:
            return False
        try:
            check_identity(statement.payload, SessionRole.TECHNICIAN, self._about, self._renewal.agreed)
        except (PeerMisbehaved, MalformedMessage):
            return False
        return True

    def _rejoined(self, proven: Proven, seals: Seals, now: Instant) -> Talk:
        standing = self._standing
        renewal, self._renewal = self._renewal, None
        assert renewal is not None
        assert renewal.agreed is not None
        last = standing.trusted.steps(standing.offer.technician_id, proven.device, Permission.VIEW, now)[-1].decision
        if isinstance(last, Deny):
            yield from end_visit(standing, EndCause.POLICY, now)
            return
        recorded = yield Record((log.VisitRejoined(session_id=standing.session_id, number=self._rejoins + 1),))
        if standing.stopping or not standing.joined:
            return
        if not recorded:
            yield from end_visit(standing, EndCause.LOG_UNAVAILABLE, now)
            return
        self._rejoins += 1
        proven.seals, proven.agreed = seals, renewal.agreed
        standing.parted = False
        standing.paused -= {PauseCause.BROKER}
        for timer in (Timer.RECONNECT, Timer.RECONNECT_TRY):
            yield StopTimer(timer)
        own = identity_of(SessionRole.HOST, self._about, renewal.agreed)
        yield SendSession(seals.say(SessionIdentity(standing.ports.signer.sign(LABELS[SessionRole.HOST], own)), now))
        yield from self._go_on(seals, now)

    def _go_on(self, seals: Seals, now: Instant) -> Talk:
        """Step 5: what is still granted."""
        standing = self._standing
        while standing.unsaid:  # why something is gone comes before that it is
            yield SendSession(seals.say(standing.unsaid.pop(0), now))
        while standing.untold:
            yield to_peer(FrameKind.LEDGER, standing.untold.pop(0))
        yield SendSession(seals.say(VisitRejoined(tuple(sorted(each.grant for each in standing.at_work))), now))
        for ability in () if standing.halted else reversed(standing.at_work):
            yield from tell(ability.again())
        banner = standing.banner(now)
        assert banner is not None
        yield Tell(banner)
        yield SendSession(seals.say(HostNotice(dropped_for(standing) or Notice.SCREEN_RESUMED), now))
        yield from standing.chat.rejoined(seals, now)
        yield from watch_hours(standing, now)
