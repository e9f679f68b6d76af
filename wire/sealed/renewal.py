"""New keys after a line was cut: both ends prove that they still hold the visit's secret, and add fresh shares.
(docs/protocol.md, section 4)

    host -> console   renewal_open{number, nonce, share}
    console -> host   renewal_share{number, nonce, share, tag}     the technician's tag first
    host -> console   renewal_tag{number, tag}                     only after that one was right

    resumption        HKDF(session secret, info = "chaperone resumption v1")
    new secret        HKDF(resumption | X25519 of both shares, salt = new transcript, info = "chaperone renewal v1")

The old session secret opens nothing of what follows, and whoever learns the new one later knows nothing of what went before: a share of
each end is in it. Who may come back at all, and for how long, is decided elsewhere. One object is one try.
"""

from hashlib import sha256
from hmac import compare_digest, digest
from struct import pack

from wire.errors import PeerMisbehaved
from wire.messages.handshake import RenewalOpen, RenewalShare, RenewalTag
from wire.sealed.agreement import SCALAR_BYTES, Agreed, Visit, multiply
from wire.sealed.inner import SessionRole
from wire.sealed.keys import hkdf

_BASE = (9).to_bytes(32, "little")
"""The base point of X25519 (RFC 7748)."""


def _share_of(scalar: bytes) -> bytes:
    if len(scalar) != SCALAR_BYTES:
        raise ValueError(f"a scalar has {SCALAR_BYTES} bytes")
    share = multiply(scalar, _BASE)
    assert share is not None, "the base point is not of small order"
    return share


def _renewed(visit: Visit, before: Agreed, opened: RenewalOpen, answered: RenewalShare, point: bytes | None) -> Agreed:
    """What both ends arrive at. `point` is the product of one end's scalar and the other's share. Raises PeerMisbehaved."""
    if point is None:
        raise PeerMisbehaved("a share of small order, or written in a second way")
    pieces = (
        visit.session_id.encode(),
        visit.channel_identifier(),
        before.transcript,
        pack(">I", opened.number),
        opened.host_nonce,
        answered.console_nonce,
        opened.share,
        answered.share,
    )
    transcript = sha256(b"chaperone renewal transcript\0" + b"".join(pack(">I", len(piece)) + piece for piece in pieces)).digest()
    resumption = hkdf(before.secret, salt=b"", info=b"chaperone resumption v1")
    return Agreed(hkdf(resumption + point, salt=transcript, info=b"chaperone renewal v1"), transcript)


def _tag(renewed: Agreed, role: SessionRole) -> bytes:
    key = hkdf(renewed.secret, salt=b"", info=b"chaperone renewal tag\0" + role.value.encode())
    return digest(key, renewed.transcript, "sha256")


class HostRenewal:
    """The host's side of one try: opened, then confirmed once."""

    def __init__(self, visit: Visit, before: Agreed, number: int, *, nonce: bytes, scalar: bytes) -> None:
        """`before` is what the last agreement of this visit left. Raises ValueError for a scalar of another length."""
        self._visit, self._before, self._scalar = visit, before, scalar
        self._opened = RenewalOpen(number, nonce, _share_of(scalar))
        self._done = False
        self.agreed: Agreed | None = None
        """Set when the console's tag was right."""

    def open(self) -> RenewalOpen:
        """The first message."""
        return self._opened

    def confirm(self, message: RenewalShare) -> RenewalTag | None:
        """Our tag and, in `agreed`, the result; None when the other end does not hold this visit's secret. Raises PeerMisbehaved."""
        if self._done or message.number != self._opened.number:
            raise PeerMisbehaved("a renewal out of order")
        self._done = True
        renewed = _renewed(self._visit, self._before, self._opened, message, multiply(self._scalar, message.share))
        if not compare_digest(message.tag, _tag(renewed, SessionRole.TECHNICIAN)):
            return None
        self.agreed = renewed
        return RenewalTag(self._opened.number, _tag(renewed, SessionRole.HOST))


class ConsoleRenewal:
    """The console's side of one try. Kept beside the host's so that each checks the other; the browser has its own."""

    def __init__(self, visit: Visit, before: Agreed, opened: RenewalOpen, *, nonce: bytes, scalar: bytes) -> None:
        """Raises PeerMisbehaved for a share of the host's that is no point to use."""
        blank = RenewalShare(opened.number, nonce, _share_of(scalar), bytes(32))
        self._renewed = _renewed(visit, before, opened, blank, multiply(scalar, opened.share))
        self._share = RenewalShare(opened.number, nonce, blank.share, _tag(self._renewed, SessionRole.TECHNICIAN))

    def share(self) -> RenewalShare:
        """Our share, with the tag that proves us."""
        return self._share

    def confirm(self, message: RenewalTag) -> Agreed:
        """What was agreed. Raises PeerMisbehaved for another try's tag or a wrong one."""
        right = compare_digest(message.tag, _tag(self._renewed, SessionRole.HOST))
        if message.number != self._share.number or not right:
            raise PeerMisbehaved("a wrong tag of renewal")
        return self._renewed
