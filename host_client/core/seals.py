"""The sealers and openers of one visit: each lane, grant and direction has one, made when it is first needed.

A grant's number never comes twice in a session, so no key does either (docs/protocol.md, section 4). Whether a lane may
be used at all is the consent's question, and is asked before this file is.
"""

from policy.instant import Instant
from policy.permissions import Direction, Lane
from wire.frames import Frame, FrameKind, RecordHeader, SealedBytes
from wire.schema import encode
from wire.sealed.records import Channel, Opener, Sealer


class Seals:
    """Seals towards the technician, opens what comes from there."""

    def __init__(self, session_id: str, secret: bytes) -> None:
        self._session_id, self._secret = session_id, secret
        self._sealers: dict[tuple[Lane, int], Sealer] = {}
        self._openers: dict[tuple[Lane, int], Opener] = {}

    def seal(self, lane: Lane, grant: int, plain: bytes, now: Instant) -> bytes:
        """The whole frame of one record. Raises ValueError for a plaintext that the lane does not carry."""
        sealer = self._sealers.get((lane, grant))
        if sealer is None:
            sealer = Sealer(self._secret, self._channel(lane, grant, Direction.TO_TECHNICIAN), now.boot)
            self._sealers[lane, grant] = sealer
        return Frame(FrameKind.SEALED, sealer.seal(plain, now.boot)).encode()

    def renew(self, lane: Lane, grant: int, now: Instant) -> None:
        """This bulk lane goes on over another socket; on its first there is nothing to renew."""
        if (lane, grant) in self._sealers:
            self._sealers[lane, grant].renew(now.boot)
        if (lane, grant) in self._openers:
            self._openers[lane, grant].renewed()

    def say(self, said: object, now: Instant) -> bytes:
        """The frame of one JSON message on the control lane."""
        return self.seal(Lane.CONTROL, 0, encode(said), now)

    def open(self, header: RecordHeader, sealed: SealedBytes) -> bytes:
        """The plaintext. Raises PeerMisbehaved; after that the visit must end."""
        opener = self._openers.get((header.lane, header.grant))
        if opener is None:
            opener = Opener(self._secret, self._channel(header.lane, header.grant, Direction.TO_HOST))
            self._openers[header.lane, header.grant] = opener
        return opener.open(header, sealed)

    def _channel(self, lane: Lane, grant: int, direction: Direction) -> Channel:
        return Channel(self._session_id, lane, grant, direction)
