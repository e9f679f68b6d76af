"""The direct path: what is agreed over it inside the sealed control lane, and what its channel carries (docs/protocol.md, section 9).

    host->console  direct_only      whether content may go over the relay at all: before anything is offered, and when the rules change
    host->console  direct_offer     a statement of the host: how it is reached, and by which fingerprint it is known there
    console->host  direct_answer    a statement of the device: the same, without an address
    both ends      direct_turn      all content sent over the relay has left before this; what follows goes over the channel
    both ends      direct_over      nothing more is taken from the channel; so many records of it were

    on the channel SEALED frame     exactly as on the session socket
                   TAKEN            0x41 | count u64 (big endian): so many records of this channel were taken

A carrier is no part of a record's key, nonce or header: the same sealed bytes go over either.
"""

from struct import Struct, error
from typing import Annotated

from policy.carrier import DirectCause
from policy.permissions import Lane
from wire.frames import FrameKind
from wire.limits import SEALED_FRAME_MAX
from wire.schema import SAFE_INTEGER, U32, Count, Hash, Identity, MalformedMessage, Number, Text, message, part
from wire.statements import Statement

DIRECT_LANES = frozenset({Lane.SCREEN, Lane.INPUT, Lane.CLIPBOARD_TO_HOST, Lane.CLIPBOARD_FROM_HOST, Lane.CHAT})
"""What moves to the channel. Everything else stays with the broker, which has to see it, or with a socket of its own."""
_TAKEN = 0x41
_COUNT = Struct(">BQ")


@part
class DirectCandidate:
    """Where the host waits: an address of its own and a UDP port that it opened for this visit."""

    address: Annotated[str, Text(45, 2)]
    port: Annotated[int, Number(1, 65535)]
    priority: U32


@part
class DirectDescription:
    """One end of the channel. `fingerprint` is SHA-256 of its certificate there, `ufrag` and `pwd` are those of ICE (RFC 8839).

    `only`: the host's site lets no content go over the relay. A console has no candidates, and False.
    """

    session_id: Identity
    attempt: U32
    fingerprint: Hash
    ufrag: Annotated[str, Text(256, 4)]
    pwd: Annotated[str, Text(256, 22)]
    candidates: Annotated[tuple[DirectCandidate, ...], Count(8)]
    only: bool


@message("direct_only")
class DirectOnly:
    """`only`: from here on no content goes over the relay; False takes that back. Until it is said, content may."""

    only: bool


@message("direct_offer")
class DirectOffer:
    """Label DIRECT_HOST over a DirectDescription. `attempt` rises within the visit."""

    statement: Statement


@message("direct_answer")
class DirectAnswer:
    """Label DIRECT_TECHNICIAN over a DirectDescription of the same attempt."""

    statement: Statement


@message("direct_turn")
class DirectTurn:
    """What this end sends from here on goes over the channel of this attempt."""

    attempt: U32


@message("direct_over")
class DirectOver:
    """The channel of this attempt is over, or never was. Each end says it once, and answers the other's with its own.

    `received`: how many records were taken from it. The other end sends the rest of its own again over the relay.
    """

    attempt: U32
    received: Annotated[int, Number(0, SAFE_INTEGER)]
    cause: DirectCause


def moves(frame: bytes) -> bool:
    """Does this frame of the session socket go over the channel, where there is one?"""
    return len(frame) > 1 and frame[0] == FrameKind.SEALED and frame[1] in DIRECT_LANES


def encode_taken(count: int) -> bytes:
    """So many records were taken."""
    return _COUNT.pack(_TAKEN, count)


def read_channel(data: bytes) -> int | None:
    """A count of records taken, or None for a record that is to be taken whole. Raises MalformedMessage."""
    if data[:1] == bytes((_TAKEN,)):
        try:
            return int(_COUNT.unpack(data)[1])
        except error:
            raise MalformedMessage("channel", "is no count") from None
    if not moves(data) or len(data) > SEALED_FRAME_MAX:
        raise MalformedMessage("channel", "is no record that moves")
    return None
