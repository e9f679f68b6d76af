"""Vectors of the record layer: streams of records, and what becomes of each when they are opened in this order."""

from collections.abc import Iterator

from policy.permissions import Direction, Lane
from tests.vector_sets.messages import Json
from wire.errors import PeerMisbehaved
from wire.frames import split_record
from wire.limits import EPOCH_SECONDS
from wire.sealed.records import Channel, Opener, Sealer

SECRET = bytes(range(100, 132))
SESSION = "s-7f3a"


def record_set() -> Json:
    """Each stream is opened by a fresh opener; `plain` null means that the visit ends there, and after that all are null."""
    return {"session_secret": SECRET.hex(), "session_id": SESSION, "streams": [_judged(*stream) for stream in _streams()]}


def _judged(name: str, channel: Channel, bodies: list[bytes]) -> Json:
    opener = Opener(SECRET, channel)
    return {
        "name": name,
        "lane": int(channel.lane),
        "grant": channel.grant,
        "direction": channel.direction.value,
        "records": [{"body": body.hex(), "plain": _opened(opener, body)} for body in bodies],
    }


def _opened(opener: Opener, body: bytes) -> str | None:
    try:
        return opener.open(*split_record(body)).hex()
    except PeerMisbehaved:
        return None


def _sealed(channel: Channel, *plains: tuple[bytes, float]) -> list[bytes]:
    sealer = Sealer(SECRET, channel, 0.0)
    return [sealer.seal(plain, now) for plain, now in plains]


def _streams() -> Iterator[tuple[str, Channel, list[bytes]]]:
    control = Channel(SESSION, Lane.CONTROL, 0, Direction.TO_HOST)
    screen = Channel(SESSION, Lane.SCREEN, 1, Direction.TO_TECHNICIAN)
    pointer = Channel(SESSION, Lane.INPUT, 2, Direction.TO_HOST)
    three = _sealed(control, (b"one", 0.0), (b"two", 1.0), (b"three", 2.0))
    moved = _sealed(control, (b"one", 0.0), (b"two", EPOCH_SECONDS), (b"three", EPOCH_SECONDS + 1), (b"four", 2 * EPOCH_SECONDS))
    yield "three in order", control, three
    yield (
        "acknowledgements on the way back",
        Channel(SESSION, Lane.SCREEN, 1, Direction.TO_HOST),
        _sealed(Channel(SESSION, Lane.SCREEN, 1, Direction.TO_HOST), (b"\x01\0\0\0\x09", 0.0)),
    )
    yield "a picture", screen, _sealed(screen, (b"\0\x01\x05\0\x03\0", 0.0), (b"\0" * 1000, 0.1))
    yield "input", pointer, _sealed(pointer, (bytes(64), 0.0))
    yield "epochs move", control, moved
    yield "an epoch without records is left behind", control, _sealed(control, (b"late", EPOCH_SECONDS))
    yield "a repeat", control, [three[0], three[0], three[1]]
    yield "a gap", control, [three[0], three[2]]
    yield "out of order", control, [three[1], three[0]]
    yield "an old epoch", control, [moved[0], moved[1], three[1]]
    yield "two epochs at once", control, [moved[0], moved[3]]
    yield "a new epoch not from its start", control, [moved[0], moved[2]]
    yield "one bit of the ciphertext", control, [_flipped(three[0], 15), three[0]]
    yield "one bit of the tag", control, [_flipped(three[0], len(three[0]) - 1)]
    yield "another lane", control, [_flipped(three[0], 0)]
    yield "another grant", control, [_flipped(three[0], 4)]
    yield "cut short", control, [three[0][:-1]]
    yield "one byte more", control, [three[0] + b"\0"]
    yield "reflected to its sender", Channel(SESSION, Lane.CONTROL, 0, Direction.TO_TECHNICIAN), three[:1]
    yield "input that is not padded", pointer, [_flipped(_sealed(pointer, (bytes(64), 0.0))[0][:-1], 20)]


def _flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes((body[at] ^ 1,)) + body[at + 1 :]
