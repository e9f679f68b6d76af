"""The direct path of one visit: content goes straight to the technician's browser where the site allows it (docs/protocol.md, section 9).

    waiting    this PC opens UDP ports at its own addresses within the site's ranges
    offered    a statement of this host says where, and by which fingerprint it is known
    joining    the technician's device answered with its own; both ends try to reach each other
    emptying   the channel is open, its addresses are within the ranges, and that is recorded; what the relay was given leaves first
    turned     content goes over the channel
    over       nothing more is taken from it; what the other end did not take goes over the relay, or waits for the next channel

A channel is a carrier and knows nothing else: no right comes or goes with it. One that is not as agreed is not tried again.
"""

from collections.abc import Generator
from enum import Enum, auto
from typing import Any, assert_never

from audit.events import visit as log
from host_client.core.channel import ended, let_go, report
from host_client.core.commands import (
    Carried,
    Command,
    HoldContent,
    JoinDirect,
    OpenDirect,
    Record,
    RelayContent,
    SendSession,
    StartTimer,
    StopTimer,
    TakeDirect,
    Talk,
    Tell,
    TurnDirect,
)
from host_client.core.events import DirectEmptied, DirectEnd, DirectLost, DirectOpened, DirectWaits, OfDirect, Timer
from host_client.core.standing import Proven, Standing
from host_client.core.trusted import verifies
from policy.carrier import Carrier, Direct, DirectCause
from policy.direct import NO_DIRECT
from policy.instant import Instant
from wire.errors import PeerMisbehaved
from wire.limits import DIRECT_PAUSE_MAX, DIRECT_TRY_SECONDS
from wire.schema import read_part
from wire.sealed.direct import DirectAnswer, DirectDescription, DirectOffer, DirectOnly, DirectOver, DirectTurn
from wire.statements import Label


class _Phase(Enum):
    NONE = auto()
    WAITING = auto()
    OFFERED = auto()
    JOINING = auto()
    EMPTYING = auto()
    TURNED = auto()


_OPEN = frozenset({_Phase.EMPTYING, _Phase.TURNED})


class DirectPath:
    """At most one channel at a time."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._terms = NO_DIRECT
        self._phase = _Phase.NONE
        self._tries = 0
        self._owed = False
        """This end said that the channel is over, and the other has not yet."""
        self._peer_turned = False
        self._shunned = False
        """Something was not as agreed: no more of it in this visit."""
        self._turned: Instant | None = None
        """Since when content goes over the channel."""
        self._only_said: bool | None = None

    # ---- the way up

    def begin(self, now: Instant) -> Talk:
        """Both ends are proven, at first or anew: all that was of an earlier line is forgotten."""
        self._phase, self._owed, self._tries = _Phase.NONE, False, 0
        self._terms = self._standing.trusted.direct(now)
        yield from self._rule(now, anew=True)
        yield from self._try()

    def _try(self) -> Talk:
        if not self._terms.ranges or self._shunned or self._standing.watches:
            return
        self._standing.channel.attempt += 1
        self._tries += 1
        self._phase, self._peer_turned = _Phase.WAITING, False
        yield OpenDirect(self._attempt, tuple(map(str, self._terms.ranges)), self._only)
        yield StartTimer(Timer.DIRECT, DIRECT_TRY_SECONDS)

    def happened(self, event: OfDirect, now: Instant) -> Talk:
        """What became of the channel. Of an earlier one it means nothing."""
        proven = self._standing.proven
        if event.attempt != self._attempt or proven is None or self._standing.parted or self._standing.stopping:
            return
        match event:
            case DirectWaits():
                yield from self._waits(event, proven, now)
            case DirectOpened():
                yield from self._opened(event, now)
            case DirectEmptied():
                yield from self._emptied(proven, now)
            case DirectLost():
                yield from self.give_up(event.cause, now)
            case _:
                assert_never(event)

    def _waits(self, event: DirectWaits, proven: Proven, now: Instant) -> Talk:
        if self._phase is not _Phase.WAITING:
            return
        if event.here is None:
            yield from self.give_up(DirectCause.FAILED, now)
            return
        self._phase = _Phase.OFFERED
        here = event.here
        described = DirectDescription(
            self._standing.session_id, self._attempt, here.fingerprint, here.ufrag, here.pwd, here.candidates, self._only
        )
        statement = self._standing.ports.signer.sign(Label.DIRECT_HOST, described)
        yield SendSession(proven.seals.say(DirectOffer(statement), now))

    def answered(self, said: DirectAnswer, proven: Proven, now: Instant) -> Talk:
        """The technician's end. Raises PeerMisbehaved, MalformedMessage."""
        if not verifies(said.statement, Label.DIRECT_TECHNICIAN, proven.device):
            raise PeerMisbehaved("a channel that is not signed by the technician's device")
        there = read_part(DirectDescription, said.statement.payload)
        if there.session_id != self._standing.session_id or there.attempt > self._attempt or there.candidates or there.only:
            raise PeerMisbehaved("a channel that was not offered")
        if there.attempt == self._attempt and self._phase is _Phase.OFFERED:
            self._phase = _Phase.JOINING
            yield JoinDirect(DirectEnd(there.fingerprint, there.ufrag, there.pwd, ()))

    def _opened(self, event: DirectOpened, now: Instant) -> Talk:
        """Recorded before anything goes over it."""
        if self._phase is not _Phase.JOINING:
            return
        near, far = self._terms.range_of(event.near), self._terms.range_of(event.far)
        if near is None or far is None:
            yield from self.give_up(DirectCause.NOT_AS_AGREED, now)
            return
        standing = self._standing
        started = log.DirectStarted(session_id=standing.session_id, attempt=self._attempt, host_range=near, console_range=far)
        recorded = yield Record((started,))
        if standing.stopping or standing.parted or self._phase is not _Phase.JOINING:
            if recorded:  # the visit stopped meanwhile: nothing ever went over it
                yield ended(standing, DirectCause.CUT if standing.parted else DirectCause.TURNED_OFF, Carried())
            return
        if not recorded:
            yield from self.give_up(DirectCause.FAILED, now)
            return
        self._phase, standing.channel.open = _Phase.EMPTYING, True
        yield report(standing, Carrier.DIRECT, near, far, None, Carried())
        yield HoldContent()

    def _emptied(self, proven: Proven, now: Instant) -> Talk:
        if self._phase is not _Phase.EMPTYING:
            return
        self._phase, self._turned, self._standing.channel.carrying = _Phase.TURNED, now, True
        yield StopTimer(Timer.DIRECT)
        yield SendSession(proven.seals.say(DirectTurn(self._attempt), now))
        yield TurnDirect()
        yield from self._shown(now)

    def turned(self, said: DirectTurn) -> Talk:
        """The technician's end sends over the channel from here on. Raises PeerMisbehaved."""
        if said.attempt > self._attempt:
            raise PeerMisbehaved("a turn to a channel that was not offered")
        if said.attempt == self._attempt and self._phase in {_Phase.JOINING, *_OPEN}:
            if self._peer_turned:
                raise PeerMisbehaved("a second turn")
            self._peer_turned = True
            yield TakeDirect()

    # ---- the way down

    def give_up(self, cause: DirectCause, now: Instant) -> Talk:
        """This end is done with the channel. Where the other end knows of it, content waits until it has said how much it took."""
        proven, told = self._standing.proven, self._phase not in {_Phase.NONE, _Phase.WAITING}
        if self._phase is _Phase.NONE or proven is None:
            return
        self._shunned = self._shunned or cause is DirectCause.NOT_AS_AGREED
        carried = yield from self._let_go(cause)
        if told:
            self._owed = True
            yield SendSession(proven.seals.say(DirectOver(self._attempt, carried.received, cause), now))
            yield StartTimer(Timer.DIRECT, DIRECT_TRY_SECONDS)
        else:
            yield from self._after(0, now)

    def over(self, said: DirectOver, proven: Proven, now: Instant) -> Talk:
        """The other end is done with it, and says how much it took. Raises PeerMisbehaved."""
        if said.attempt > self._attempt:
            raise PeerMisbehaved("the end of a channel that was not offered")
        if said.attempt < self._attempt or (self._phase is _Phase.NONE and not self._owed):
            return
        if not self._owed:
            self._shunned = self._shunned or said.cause is DirectCause.NOT_AS_AGREED
            carried = yield from self._let_go(said.cause)
            yield SendSession(proven.seals.say(DirectOver(self._attempt, carried.received, said.cause), now))
        self._owed = False
        yield from self._after(said.received, now)

    def _after(self, received: int, now: Instant) -> Talk:
        if not (yield RelayContent(received, self._only)):
            raise PeerMisbehaved("a count of what was not sent")
        turned, self._turned = self._turned, None
        if turned is not None and now.elapsed_since(turned) >= DIRECT_PAUSE_MAX:
            self._tries = 1  # one that lasted is no sign that the next will not
        pause = min(DIRECT_PAUSE_MAX, DIRECT_TRY_SECONDS << min(self._tries, 8) >> 1)
        yield StartTimer(Timer.DIRECT, pause)
        yield from self._shown(now)

    def fired(self, now: Instant) -> Talk:
        """A try takes too long, the other end does not say what it took, or the next try is due. Raises PeerMisbehaved."""
        if self._standing.parted:
            return
        if self._owed:
            raise PeerMisbehaved("a channel whose end nobody confirms")
        if self._phase is _Phase.NONE:
            yield from self._try()
        else:
            yield from self.give_up(DirectCause.FAILED, now)

    def rules_changed(self, now: Instant) -> Talk:
        """A site that takes its word back has it at once."""
        before, self._terms = self._terms, self._standing.trusted.direct(now)
        if before == self._terms or self._standing.parted:
            return
        yield from self._rule(now)
        if self._phase is not _Phase.NONE:
            yield from self.give_up(DirectCause.POLICY, now)
        elif not self._owed:
            self._tries = 0
            yield RelayContent(0, self._only)
            yield from self._try()

    def cut(self) -> Talk:
        """The line is cut: nothing of the channel is left."""
        self._owed = False
        if self._attempt:
            yield StopTimer(Timer.DIRECT)
            yield from self._let_go(DirectCause.CUT)

    # ---- parts of these

    @property
    def _attempt(self) -> int:
        return self._standing.channel.attempt

    @property
    def _only(self) -> bool:
        return self._terms.mode is Direct.ONLY

    def _rule(self, now: Instant, *, anew: bool = False) -> Talk:
        """The technician's end holds its content back too where the relay may carry none, from before it has any.

        `anew`: what was said last may have been lost with the line.
        """
        proven = self._standing.proven
        was, self._only_said = self._only_said, self._only if self._only or self._only_said is not None else None
        if proven is not None and self._only_said is not None and (anew or was is not self._only_said):
            yield SendSession(proven.seals.say(DirectOnly(self._only), now))

    def _let_go(self, cause: DirectCause) -> Generator[Command, Any, Carried]:
        self._phase = _Phase.NONE
        return (yield from let_go(self._standing, cause))

    def _shown(self, now: Instant) -> Talk:
        banner = self._standing.banner(now)
        assert banner is not None, "only a visit whose ends are proven has a channel"
        yield Tell(banner)
