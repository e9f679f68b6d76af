"""How a control socket begins: both sides prove a key over the other's nonce, before anything else is said.

1. The end names itself, and which signed documents it holds. Whether that name exists is not told.
2. It is sent those it lacks; the broker's key stands in them. Then the broker signs both nonces and the certificates it serves, so that the
   end sees who terminates its TLS.
3. The end signs the broker's nonce. Only now is it anybody.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from broker.core.believed import Believed
from broker.core.board import Board
from broker.core.commands import Command, Draw, Sign, SocketId, say
from broker.core.handing_on import to_newcomer
from broker.core.proof import read_signed
from policy.decision import Deny, Reason
from policy.instant import Instant
from wire.frames import FrameKind, split_frame
from wire.limits import PROTOCOL_VERSION
from wire.messages.documents import Authenticator
from wire.messages.presence import BrokerHello, BrokerHelloPayload, EndProof, EndProofPayload, EndRole, Hello
from wire.schema import MalformedMessage, decode, encode_part
from wire.statements import Label

T = TypeVar("T")

_PROOF_LABEL = {EndRole.HOST: Label.HOST_HELLO, EndRole.CONSOLE: Label.DEVICE_HELLO}
NONCE = 32


@dataclass(frozen=True, slots=True)
class Greeting:
    """What was said so far, and must be found again under the end's signature."""

    subject: str
    end_nonce: bytes
    broker_nonce: bytes
    documents: Believed | None
    """Those that were sent."""


def control_message(data: bytes, *allowed: type[T]) -> T:
    """Read a CONTROL frame. Raises MalformedMessage."""
    frame = split_frame(data)
    if frame.kind is not FrameKind.CONTROL:
        raise MalformedMessage("frame.kind", "is not expected here")
    return decode(frame.body, *allowed)


def greet(
    board: Board, socket: SocketId, role: EndRole, hello: Hello, site: str | None, now: Instant
) -> Generator[Command, Any, Greeting | Deny]:
    """Steps 1 and 2. `site`: whose hosts this end is told of; None: it is sent no documents. Raises MalformedMessage."""
    if hello.version != PROTOCOL_VERSION:
        return Deny(Reason.VERSION_NOT_SPOKEN)
    if hello.role is not role:
        return Deny(Reason.IDENTITY_NOT_PROVEN)
    documents = board.in_force(now) if site is not None else None
    if documents is not None and site is not None:
        yield from to_newcomer(documents, board.parcels, socket, hello, site)
    nonce: bytes = yield Draw(NONCE)
    payload = BrokerHelloPayload(board.broker_id, role, hello.subject, hello.nonce, nonce, board.leaves, int(now.utc))
    statement = yield Sign(Label.BROKER_HELLO, encode_part(payload))
    yield say(socket, BrokerHello(PROTOCOL_VERSION, statement))
    return Greeting(hello.subject, hello.nonce, nonce, documents)


def proven(board: Board, role: EndRole, greeting: Greeting, data: bytes, keys: tuple[Authenticator, ...]) -> Authenticator | Deny:
    """Step 3: the key that signed. Raises MalformedMessage."""
    proof = control_message(data, EndProof)
    signed = read_signed(proof.statement, _PROOF_LABEL[role], keys, EndProofPayload)
    if isinstance(signed, Deny):
        return signed
    expected = EndProofPayload(greeting.subject, board.broker_id, greeting.broker_nonce, greeting.end_nonce)
    return signed.by if signed.said == expected else Deny(Reason.IDENTITY_NOT_PROVEN)
