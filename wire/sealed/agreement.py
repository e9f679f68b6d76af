"""Key agreement from the second half of the code: CPACE-X25519-SHA512 with confirmation both ways (docs/protocol.md, section 3).

One object is one run. The console is the initiator and shows its tag first; the host sends none before it has verified
that. Entropy (nonce and scalar, 32 bytes each) is passed in and must be fresh for every run. Who counts the runs, and
what a failed one costs, is not decided here: `HostAgreement.answer` is the moment from which a run counts as failed.

The `cpace` package draws its scalar from the system by itself in `CPace.start`. Its constructor takes one instead, so
the share is computed here with the package's own generator and scalar multiplication: the same two calls `start` makes.
"""

from dataclasses import dataclass
from hashlib import sha256, sha512
from struct import pack

from cpace import CPace, CPaceRole, _calculate_generator, _scalar_mult_vfy

from wire.errors import PeerMisbehaved
from wire.messages.handshake import SUITE_V1, AgreementOpen, ConsoleShare, ConsoleTag, HostShare, HostTag
from wire.schema import base64url, canonical
from wire.sealed.inner import SessionRole
from wire.sealed.keys import session_secret

SCALAR_BYTES = 32
OFFERED: tuple[str, ...] = (SUITE_V1,)
"""What this version speaks. The console chooses the first of the offered that it knows."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who agrees with whom, about which code. Both ends must mean the same, or the tags differ."""

    session_id: str
    ticket: str
    broker_id: str
    host_id: str
    technician_id: str

    def channel_identifier(self) -> bytes:
        """`ci`: canonical JSON of the four names."""
        return canonical(
            {"broker": self.broker_id, "host": self.host_id, "technician": self.technician_id, "ticket": self.ticket},
        )


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a confirmed run leaves behind: the secret of all lanes, and the transcript that both ends now sign."""

    secret: bytes
    transcript: bytes


@dataclass(frozen=True, slots=True)
class _Options:
    """What one run is about, beside the visit: the numbers that both ends contribute in clear."""

    run: int
    host_nonce: bytes
    console_nonce: bytes
    offered: tuple[str, ...]
    chosen: str


def session_identifier(session_id: str, host_nonce: bytes, console_nonce: bytes) -> bytes:
    """`sid`: fresh for every run, because both ends add a nonce."""
    return sha512(b"\0".join((b"chaperone sid", session_id.encode(), host_nonce, console_nonce))).digest()


def transcript_of(sid: bytes, ci: bytes, shares: tuple[bytes, bytes], data: tuple[bytes, bytes]) -> bytes:
    """SHA-256 over everything that was said, each piece with its length (u32) before it. Technician first in each pair."""
    pieces = (sid, ci, *shares, *data)
    told = b"".join(pack(">I", len(piece)) + piece for piece in pieces)
    return sha256(b"chaperone transcript\0" + told).digest()


def _technician_data(visit: Visit, options: _Options) -> bytes:
    return canonical(
        {
            "chosen": options.chosen,
            "nonce": base64url(options.console_nonce),
            "role": SessionRole.TECHNICIAN.value,
            "subject": visit.technician_id,
        },
    )


def _host_data(visit: Visit, options: _Options) -> bytes:
    return canonical(
        {
            "nonce": base64url(options.host_nonce),
            "offered": list(options.offered),
            "role": SessionRole.HOST.value,
            "run": options.run,
            "subject": visit.host_id,
        },
    )


_PRIME = 2**255 - 19


def multiply(scalar: bytes, point: bytes) -> bytes | None:
    """X25519, or None for a result of all zeros and for a point not written in the one way an honest end writes it.

    RFC 7748 would read the same number with its top bit set, or with the prime added: several of these stand for points
    of small order, and libraries do not agree on all of them.
    """
    return _scalar_mult_vfy(scalar, point) if int.from_bytes(point, "little") < _PRIME else None


class _Run:
    """One end's side of one CPace run, with the names and the transcript around it."""

    def __init__(self, role: CPaceRole, visit: Visit, options: _Options, half: str, scalar: bytes) -> None:
        if len(scalar) != SCALAR_BYTES:
            raise ValueError(f"a scalar has {SCALAR_BYTES} bytes")
        self._role = role
        self._sid = session_identifier(visit.session_id, options.host_nonce, options.console_nonce)
        self._ci = visit.channel_identifier()
        self.data = (_technician_data(visit, options), _host_data(visit, options))
        generator = _calculate_generator(half.encode("ascii"), self._ci, self._sid)
        share = multiply(scalar, generator)
        assert share is not None, "the map never leads to a point of small order"
        self._cpace = CPace(role=role, sid=self._sid, ad=self._own(self.data), scalar=scalar, public_share=share)
        self.share = share

    def _own(self, pair: tuple[bytes, bytes]) -> bytes:
        return pair[0] if self._role is CPaceRole.INITIATOR else pair[1]

    def _other(self, pair: tuple[bytes, bytes]) -> bytes:
        return pair[1] if self._role is CPaceRole.INITIATOR else pair[0]

    def derive(self, share: bytes) -> bytes:
        """Take the other end's share; this end's tag. Raises PeerMisbehaved for a share that is no point to use."""
        if multiply(bytes(SCALAR_BYTES), share) is None:  # the verdict does not depend on the scalar
            raise PeerMisbehaved("a share of small order, or written in a second way")
        self._cpace.derive(share, self._other(self.data))
        shares = (self.share, share) if self._role is CPaceRole.INITIATOR else (share, self.share)
        self._transcript = transcript_of(self._sid, self._ci, shares, self.data)
        return self._cpace.tag()

    def agreed(self, tag: bytes) -> Agreed | None:
        """What was agreed, if the other end's tag shows that it knows the same half; else None."""
        if not self._cpace.verify(tag):
            return None
        return Agreed(session_secret(self._cpace.isk, self._transcript), self._transcript)


def _same_run(told: int, run: int) -> None:
    if told != run:
        raise PeerMisbehaved("a message of another run")


class HostAgreement:
    """The host's side of one run: open, answer, confirm, each once and in this order."""

    def __init__(self, visit: Visit, half: str, run: int, *, nonce: bytes, scalar: bytes) -> None:
        self._visit, self._half, self._number = visit, half, run
        self._nonce, self._scalar = nonce, scalar
        self._run: _Run | None = None
        self._tag = b""
        self.agreed: Agreed | None = None
        """Set when the console's tag was right."""

    def open(self) -> AgreementOpen:
        """The first message of the run."""
        return AgreementOpen(self._number, self._nonce, OFFERED)

    def answer(self, message: ConsoleShare) -> HostShare:
        """The host's share. Raises PeerMisbehaved; from here on the run counts as failed until `confirm` succeeds."""
        _same_run(message.run, self._number)
        if self._run is not None:
            raise PeerMisbehaved("a second share in one run")
        if message.chosen not in OFFERED:
            raise PeerMisbehaved("a choice that was not offered")
        options = _Options(self._number, self._nonce, message.console_nonce, OFFERED, message.chosen)
        self._run = _Run(CPaceRole.RESPONDER, self._visit, options, self._half, self._scalar)
        self._tag = self._run.derive(message.share)
        return HostShare(self._number, self._run.share)

    def confirm(self, message: ConsoleTag) -> HostTag | None:
        """The host's tag and, in `agreed`, the result; None when the halves differ. Raises PeerMisbehaved out of order."""
        _same_run(message.run, self._number)
        if self._run is None or self._tag == b"":
            raise PeerMisbehaved("a tag out of order")
        tag, self._tag = self._tag, b""
        self.agreed = self._run.agreed(message.tag)
        return HostTag(self._number, tag) if self.agreed else None


class ConsoleAgreement:
    """The console's side of one run. Kept beside the host's so that each checks the other; the browser has its own."""

    def __init__(self, visit: Visit, half: str, opened: AgreementOpen, *, nonce: bytes, scalar: bytes) -> None:
        """Raises PeerMisbehaved when nothing that is offered is spoken here."""
        chosen = next((suite for suite in opened.offered if suite in OFFERED), None)
        if chosen is None:
            raise PeerMisbehaved("nothing offered that is spoken here")
        self._options = _Options(opened.run, opened.host_nonce, nonce, opened.offered, chosen)
        self._run = _Run(CPaceRole.INITIATOR, visit, self._options, half, scalar)
        self._derived = False

    @property
    def associated_data(self) -> tuple[bytes, bytes]:
        """What both tags cover beside the shares: the technician's, then the host's."""
        return self._run.data

    def share(self) -> ConsoleShare:
        """The console's nonce, choice and share."""
        return ConsoleShare(self._options.run, self._options.console_nonce, self._options.chosen, self._run.share)

    def tag(self, message: HostShare) -> ConsoleTag:
        """The console's tag, which the host must see before it shows its own. Raises PeerMisbehaved."""
        _same_run(message.run, self._options.run)
        if self._derived:
            raise PeerMisbehaved("a second share in one run")
        self._derived = True
        return ConsoleTag(self._options.run, self._run.derive(message.share))

    def confirm(self, message: HostTag) -> Agreed:
        """What was agreed. Raises PeerMisbehaved for a wrong tag: the host had seen ours, so it is no slip of the hand."""
        _same_run(message.run, self._options.run)
        if not self._derived:
            raise PeerMisbehaved("a tag out of order")
        agreed = self._run.agreed(message.tag)
        if agreed is None:
            raise PeerMisbehaved("a wrong tag after ours was accepted")
        return agreed
