"""What the technician's records mean, lane by lane: one table, and nothing else opens a record that is under a grant.

Whether a record may be opened is the consent's question, asked first. A record of a grant that is over was on its way when
it ended and means nothing (docs/protocol.md, section 4); one of a grant that never was ends the visit.
"""

from collections.abc import Callable

from audit.events import host
from host_client.core.clipboards import Clipboards, OfTheClipboard
from host_client.core.commands import Inject, Note, SendSession, Talk, Tell
from host_client.core.standing import Proven, Standing
from host_client.core.waiting import AWAY, dropped_for
from policy.consent import may_pass
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.permissions import Lane
from wire.errors import PeerMisbehaved
from wire.frames import RecordHeader, SealedBytes
from wire.sealed.inner import HostNotice, Notice

NOTICE_EVERY = 1.0
"""Seconds between two notices about dropped input: the control lane is narrow."""
_DROPPED = {
    Notice.INPUT_STALE: Reason.TOO_FAST,
    Notice.INPUT_DROPPED_PROMPT: Reason.WRONG_MOMENT,
    Notice.SUSPENDED: Reason.TOO_FAST,
    Notice.PAUSED_BY_PERSON: Reason.WRONG_MOMENT,
    Notice.LOCAL_INPUT: Reason.WRONG_MOMENT,
} | {notice: reason for reason, notice in AWAY.items()}
_Taker = Callable[[bytes, Proven, Instant], Talk]


class Receiving:
    """The lanes that a grant opened, towards the host."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._dropped: tuple[Notice, int] | None = None
        self._noticed: Instant | None = None
        self._clipboards = Clipboards(standing)
        self._takers: dict[Lane, _Taker] = {
            Lane.SCREEN: self._shown,
            Lane.INPUT: self._input,
            Lane.CLIPBOARD_TO_HOST: self._clipboards.put,
            Lane.CLIPBOARD_FROM_HOST: self._clipboards.fetch,
        }

    @property
    def lanes(self) -> frozenset[Lane]:
        """The lanes that mean something here."""
        return frozenset(self._takers)

    def record(self, proven: Proven, header: RecordHeader, sealed: SealedBytes, now: Instant) -> Talk:
        """One record of a lane that needs a grant. Raises PeerMisbehaved."""
        if isinstance(may_pass(self._standing.consent, header.lane, header.grant, now), Deny):
            if header.grant > self._standing.consent.newest_ask or not header.grant:
                raise PeerMisbehaved("a record of a grant that never was")
            return
        if header.lane not in self._takers:
            raise PeerMisbehaved("a record of a lane that has no place on this socket")
        yield from self._takers[header.lane](proven.seals.open(header, sealed), proven, now)

    def clipboard(self, said: OfTheClipboard, now: Instant) -> Talk:
        """What the desk says about the clipboard."""
        yield from self._clipboards.desk(said, now)

    def _shown(self, plain: bytes, proven: Proven, now: Instant) -> Talk:
        yield Tell(self._standing.view.shown(plain))

    def _input(self, plain: bytes, proven: Proven, now: Instant) -> Talk:
        standing = self._standing
        notice = standing.control.judge(plain, standing.view, prompting=standing.prompting, now=now)
        notice = dropped_for(standing) or notice
        if notice is None:
            yield Inject(standing.control.grant, plain)
            yield from self.record_dropped()
            return
        before = self._dropped
        if before is not None and before[0] is not notice:
            yield from self.record_dropped()
            before = None
        self._dropped = (notice, before[1] + 1 if before else 1)
        if self._noticed is None or now.elapsed_since(self._noticed) >= NOTICE_EVERY:
            self._noticed = now
            yield SendSession(proven.seals.say(HostNotice(notice), now))

    def record_dropped(self) -> Talk:
        """What was dropped in a row stands in the log as one entry, once the row is over."""
        dropped, self._dropped = self._dropped, None
        if dropped is not None:
            notice, count = dropped
            yield Note(host.InputDropped(session_id=self._standing.session_id, count=count, reason=_DROPPED[notice]))
