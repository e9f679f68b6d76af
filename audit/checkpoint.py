"""A checkpoint: how long a log is and which root its tree has, signed by whose log it is (C2SP tlog-checkpoint, signed-note).

    chaperone/host/l-5f0c...                            origin: whose kind of log, and which
    4711                                                entries
    9x0aVv...=                                          root, base64
                                                        (an empty line ends what is signed)
    — chaperone/host/l-5f0c... Az3grl...=               key id (4 bytes) and Ed25519 signature, base64

The name of the key is the origin. Texts of a note never hold a NUL, and statements (wire/statements.py) begin with a label and
one: a signature for one never verifies for the other. Pure: signing and checking a signature come as arguments.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from audit.log import Side
from audit.merkle import HASH

Sign = Callable[[bytes], bytes]
"""Message to Ed25519 signature."""
Verifies = Callable[[bytes, bytes, bytes], bool]
"""Key, signature, message: is it right? `trust.signatures.ed25519_verifies`."""

NOTE_MAX = 1000
"""Characters of a note. Ours have about 300."""
SIZE_MAX = 2**53 - 1
"""What a browser counts exactly."""
_ED25519 = b"\x01"
_KEY_ID = 4
_SIGNATURE = 64
_FORM = re.compile(
    r"(?P<text>(?P<origin>chaperone/(?:broker|host)/[\x21-\x2a\x2c-\x7e]{1,64})\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)"
    r"\n— (?P<name>[\x21-\x2a\x2c-\x7e]{1,100}) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)
"""Ours has one signature and no extension line; a note with more is refused, not read past. A name has neither space nor plus."""


class NoteInvalid(Exception):
    """This is no checkpoint of that log, signed with that key."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`size` entries, `root` over their leaves."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def origin_of(side: Side, log_id: str) -> str:
    """The origin of a log, and the name of the key that signs for it."""
    return f"chaperone/{side.value}/{log_id}"


def key_id(name: str, key: bytes) -> bytes:
    """The four bytes by which a note says which key signed it; a hint, never a proof."""
    return sha256(name.encode() + b"\n" + _ED25519 + key).digest()[:_KEY_ID]


def signed_note(checkpoint: Checkpoint, key: bytes, sign: Sign) -> str:
    """The note of this checkpoint. `key` is the public key that belongs to `sign`."""
    signature = key_id(checkpoint.origin, key) + sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n— {checkpoint.origin} {b64encode(signature).decode()}\n"


def said_by(note: str) -> Checkpoint:
    """What a note says, whoever wrote it: not a word of it is proven. Raises NoteInvalid."""
    return _read(note)[0]


def open_note(note: str, key: bytes, verifies: Verifies) -> Checkpoint:
    """What this note says, now that `key` is known to have signed it. The caller compares the origin. Raises NoteInvalid."""
    checkpoint, name, signature = _read(note)
    if name != checkpoint.origin or signature[:_KEY_ID] != key_id(name, key):
        raise NoteInvalid("signed with another key")
    if not verifies(key, signature[_KEY_ID:], checkpoint.text.encode()):
        raise NoteInvalid("wrong signature")
    return checkpoint


def signature_of(note: str) -> bytes:
    """The 64 bytes of its signature, right or not. Raises NoteInvalid."""
    return _read(note)[2][_KEY_ID:]


def _read(note: str) -> tuple[Checkpoint, str, bytes]:
    form = _FORM.fullmatch(note) if len(note) <= NOTE_MAX else None
    if form is None or int(form["size"]) > SIZE_MAX:
        raise NoteInvalid("not in the form of a checkpoint")
    root, signature = _bytes(form["root"], HASH), _bytes(form["signature"], _KEY_ID + _SIGNATURE)
    return Checkpoint(form["origin"], int(form["size"]), root), form["name"], signature


def _bytes(text: str, count: int) -> bytes:
    read = b64decode(text)
    # Base64 has spare bits at its end: two texts for the same bytes would be two notes for one checkpoint.
    if len(read) != count or b64encode(read).decode() != text:
        raise NoteInvalid("not written plainly")
    return read
