"""The record layer: sealing and opening, in strict order, under a key that only moves forward (docs/protocol.md, section 4).

    body    lane u8 | grant u32 | epoch u16 | sequence u64 | ciphertext | tag (16)
    nonce   epoch u32 | sequence u64          AAD   session id as UTF-8 | the 15 bytes of the header

One Sealer and one Opener belong to one lane, grant and direction; there is never a second Sealer for the same three.
The sender alone begins an epoch. The receiver takes epoch e in sequence, or e + 1 at sequence 0, and then forgets e.
A bulk lane begins one on each new socket too, because what was on its way on the old one is lost: there, and only with the first
record, the receiver takes any of the next CARRIERS_MAX epochs at sequence 0. What is missing shows in the offsets (`files.py`).
"""

from dataclasses import dataclass
from struct import pack

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from policy.permissions import LANE_PERMISSION, TERMS, Direction, Lane
from wire.errors import PeerMisbehaved
from wire.frames import FILE_LANES, RecordHeader, SealedBytes
from wire.limits import (
    ACK_PLAIN_MAX,
    CARRIERS_MAX,
    CONTROL_RECORD_MAX,
    EPOCH_RECORDS,
    EPOCH_SECONDS,
    FILE_PLAIN_MAX,
    INPUT_PLAIN,
    RECORD_PLAIN_MAX,
    RECORD_TAG,
)
from wire.sealed.keys import epoch_key, lane_secret, next_secret

EPOCH_LAST = 2**16 - 1


@dataclass(frozen=True, slots=True)
class Channel:
    """What a key belongs to. `session_id` stands in the AAD of every record."""

    session_id: str
    lane: Lane
    grant: int
    direction: Direction


def plain_bounds(lane: Lane, direction: Direction) -> tuple[int, int]:
    """Shortest and longest plaintext of a lane this way, in bytes. The way back carries acknowledgements only."""
    permission = LANE_PERMISSION.get(lane)
    if permission is None:
        return 1, CONTROL_RECORD_MAX
    if direction is not TERMS[permission].direction:
        return 1, ACK_PLAIN_MAX
    if lane is Lane.INPUT:
        return INPUT_PLAIN, INPUT_PLAIN
    return 1, FILE_PLAIN_MAX if lane in FILE_LANES else RECORD_PLAIN_MAX


class _Epochs:
    """The key of the current epoch, and the way to the next. The old secret is dropped as soon as it is used up."""

    def __init__(self, secret: bytes) -> None:
        self.number = 0
        self._secret = secret
        self.cipher = AESGCM(epoch_key(secret))

    def following(self) -> "_Epochs":
        after = _Epochs(next_secret(self._secret))
        after.number = self.number + 1
        return after


class Sealer:
    """Seals the records of one channel. Not to be copied or made twice: a (key, nonce) pair must never come back."""

    def __init__(self, session_secret: bytes, channel: Channel, now: float) -> None:
        """`now` and later readings are seconds on a clock that never jumps."""
        self._channel = channel
        self._epochs = _Epochs(lane_secret(session_secret, channel.lane, channel.grant, channel.direction))
        self._sequence = 0
        self._epoch_began = now

    def seal(self, plain: bytes, now: float) -> bytes:
        """The body of one SEALED frame. Raises ValueError for a plaintext that this lane does not carry, OverflowError
        when the last epoch is used up (years beyond the longest visit)."""
        shortest, longest = plain_bounds(self._channel.lane, self._channel.direction)
        if not shortest <= len(plain) <= longest:
            raise ValueError(f"{len(plain)} bytes do not fit the lane")
        if self._sequence >= EPOCH_RECORDS or now - self._epoch_began >= EPOCH_SECONDS:
            self._begin_epoch(now)
        header = RecordHeader(self._channel.lane, self._channel.grant, self._epochs.number, self._sequence)
        sealed = self._epochs.cipher.encrypt(_nonce(header), plain, _aad(self._channel, header))
        self._sequence += 1
        return header.encode() + sealed

    def renew(self, now: float) -> None:
        """A bulk lane goes on over another socket. Raises OverflowError when the last epoch is used up."""
        self._begin_epoch(now)

    def _begin_epoch(self, now: float) -> None:
        if self._epochs.number >= EPOCH_LAST:
            raise OverflowError("no epoch is left")
        self._epochs = self._epochs.following()
        self._sequence = 0
        self._epoch_began = now


class Opener:
    """Opens the records of one channel, each exactly once and in order. After a fault it opens nothing any more."""

    def __init__(self, session_secret: bytes, channel: Channel) -> None:
        self._channel = channel
        self._epochs: _Epochs | None = _Epochs(lane_secret(session_secret, channel.lane, channel.grant, channel.direction))
        self._expected = 0
        self._leap = 1
        """How many epochs the next record may be ahead."""

    def renewed(self) -> None:
        """A bulk lane goes on over another socket: the sender has begun an epoch for each socket since we heard it."""
        self._leap = CARRIERS_MAX

    def open(self, header: RecordHeader, sealed: SealedBytes) -> bytes:
        """The plaintext. Raises PeerMisbehaved for a gap, repeat, reorder, foreign channel, wrong length or wrong tag."""
        epochs, self._epochs = self._epochs, None  # a fault leaves no key behind
        if epochs is None:
            raise PeerMisbehaved("a record after a fault")
        if (header.lane, header.grant) != (self._channel.lane, self._channel.grant):
            raise PeerMisbehaved("a record of another channel")
        moved = self._epoch_of(epochs, header)
        plain = self._decrypt(moved, header, sealed)
        self._epochs = moved
        self._expected = header.sequence + 1
        self._leap = 1
        return plain

    def _epoch_of(self, epochs: _Epochs, header: RecordHeader) -> _Epochs:
        if header.epoch == epochs.number and header.sequence == self._expected:
            return epochs
        if 0 < header.epoch - epochs.number <= self._leap and header.sequence == 0:
            while epochs.number < header.epoch:
                epochs = epochs.following()
            return epochs
        raise PeerMisbehaved("a record out of order")

    def _decrypt(self, epochs: _Epochs, header: RecordHeader, sealed: SealedBytes) -> bytes:
        shortest, longest = plain_bounds(self._channel.lane, self._channel.direction)
        if not shortest <= len(sealed) - RECORD_TAG <= longest:
            raise PeerMisbehaved("a record of a length that its lane does not carry")
        try:
            return epochs.cipher.decrypt(_nonce(header), sealed, _aad(self._channel, header))
        except InvalidTag:
            raise PeerMisbehaved("a record that does not open") from None


def _nonce(header: RecordHeader) -> bytes:
    return pack(">IQ", header.epoch, header.sequence)


def _aad(channel: Channel, header: RecordHeader) -> bytes:
    return channel.session_id.encode() + header.encode()
