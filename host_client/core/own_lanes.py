"""The lanes of the visit itself, which need no grant: control and chat.

The first record under any seals is the technician's proof (`proving.py`); nothing else is heard before it.
"""

from typing import assert_never

from host_client.core.commands import Talk
from host_client.core.parts import Parts
from host_client.core.standing import Proven
from host_client.core.withdrawing import not_taken_up
from policy.instant import Instant
from policy.permissions import Lane
from wire.errors import PeerMisbehaved
from wire.frames import RecordHeader, SealedBytes
from wire.schema import decode
from wire.sealed.direct import DirectAnswer, DirectOver, DirectTurn
from wire.sealed.inner import AnswerLost, AskWords, FileOver, StillHere

_Inside = AskWords | FileOver | StillHere | AnswerLost | DirectAnswer | DirectTurn | DirectOver
_INSIDE: tuple[type[_Inside], ...] = (AskWords, FileOver, StillHere, AnswerLost, DirectAnswer, DirectTurn, DirectOver)


class OwnLanes:
    """What the technician's end says of the visit itself."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._standing = parts, parts.standing

    def first(self, header: RecordHeader, sealed: SealedBytes, now: Instant) -> Talk:
        """A record while nobody is proven. Raises PeerMisbehaved."""
        parts = self._parts
        if parts.proving.seals is None or header.lane is not Lane.CONTROL:
            raise PeerMisbehaved("a sealed record before the agreement")
        yield from parts.proving.identity(parts.proving.seals.open(header, sealed), now)
        yield from parts.idling.deed(now)
        yield from self._both_proven(now)

    def anew(self, proven: Proven, header: RecordHeader, sealed: SealedBytes, now: Instant) -> Talk:
        """A record while the line is cut. Raises PeerMisbehaved."""
        yield from self._parts.reconnecting.record(proven, header, sealed, now)
        if not self._standing.parted:
            yield from self._parts.files.rejoined(now)
        yield from self._both_proven(now)

    def _both_proven(self, now: Instant) -> Talk:
        """At first or anew: perhaps content may go directly."""
        standing = self._standing
        if standing.proven is not None and not standing.parted and not standing.stopping:
            yield from self._parts.direct.begin(now)

    def control(self, proven: Proven, header: RecordHeader, sealed: SealedBytes, now: Instant) -> Talk:
        """A record of the control lane. Raises PeerMisbehaved."""
        if header.grant != 0:
            raise PeerMisbehaved("a control record under a grant")
        said, parts = decode(proven.seals.open(header, sealed), *_INSIDE), self._parts
        match said:
            case AskWords():
                parts.asking.words(said)
            case FileOver():
                yield from parts.files.over(said, now)
            case StillHere():
                yield from parts.idling.deed(now)
            case AnswerLost():
                yield from not_taken_up(self._standing, said.ask, now)
            case DirectAnswer():
                yield from parts.direct.answered(said, proven, now)
            case DirectTurn():
                yield from parts.direct.turned(said)
            case DirectOver():
                yield from parts.direct.over(said, proven, now)
            case _:
                assert_never(said)

    def chat(self, proven: Proven, header: RecordHeader, sealed: SealedBytes, now: Instant) -> Talk:
        """What the technician writes. Raises PeerMisbehaved."""
        if header.grant != 0:
            raise PeerMisbehaved("a message under a grant")
        yield from self._standing.chat.heard(proven.seals.open(header, sealed), now)
        yield from self._parts.idling.deed(now)
