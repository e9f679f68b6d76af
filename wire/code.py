"""The support code as a value: `482-913 K7QF-2M9X` (docs/protocol.md, section 3). Pure; entropy is passed in.

ticket        six digits, the broker's; names the call and is no secret
first half    four characters for the broker, which knows only a keyed digest of them until somebody types them
second half   four characters for the ends, typed at the console and never sent
"""

from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest, digest

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U."""
CODE_ENTROPY = 8
TICKET_DIGITS = 6
_HALF = 4
_SEEN_AS = str.maketrans("OIL", "011", " -\u2010\u2011\u2013\u00a0\t")
_DIGITS = "0123456789"


class CodeMistyped(ValueError):
    """What was typed cannot be a support code. A slip of the hand, not an attack."""


@dataclass(frozen=True, slots=True)
class SupportCode:
    """A whole code. Its secret halves never show in a log: the value prints as its ticket."""

    ticket: str
    first: str = field(repr=False)
    second: str = field(repr=False)

    def shown(self) -> str:
        """As the person at the host reads it out."""
        return f"{self.ticket[:3]}-{self.ticket[3:]} {self.first}-{self.second}"


def draw_halves(entropy: bytes) -> tuple[str, str]:
    """Eight characters, 40 bits, from eight bytes of entropy. Raises ValueError for any other amount."""
    if len(entropy) != CODE_ENTROPY:
        raise ValueError(f"a code takes {CODE_ENTROPY} bytes of entropy")
    letters = "".join(ALPHABET[byte & 31] for byte in entropy)  # 256 is a multiple of 32, so no letter is favoured
    return letters[:_HALF], letters[_HALF:]


def read_code(typed: str) -> SupportCode:
    """The code behind what somebody typed: any case, spaces and dashes anywhere, O for 0, I and L for 1.

    Raises CodeMistyped.
    """
    letters = typed.upper().translate(_SEEN_AS)
    ticket, halves = letters[:TICKET_DIGITS], letters[TICKET_DIGITS:]
    if len(halves) != 2 * _HALF or not set(ticket) <= set(_DIGITS) or not set(halves) <= set(ALPHABET):
        raise CodeMistyped("not a support code")
    return SupportCode(ticket, halves[:_HALF], halves[_HALF:])


def first_half_digest(salt: bytes, half: str) -> bytes:
    """What the broker keeps of the first half: HMAC-SHA-256(salt, ASCII). It protects a stolen database, not the broker."""
    return digest(salt, half.encode("ascii"), sha256)


def is_first_half(half: str, salt: bytes, kept: bytes) -> bool:
    """Is this the half behind `kept`? Takes as long for a near miss as for a far one; False for what is not a half at all."""
    if not half.isascii():
        return False
    return compare_digest(kept, first_half_digest(salt, half))
