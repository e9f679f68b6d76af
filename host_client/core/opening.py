"""The opening of the control socket: who is the broker, and who are we (docs/protocol.md, sections 1 and 2).

    1  hello with a fresh nonce goes out, and says which documents we hold
    2  the broker's hello comes in time, in this version, for this host
    3  the documents that came before it, if there were any, verify from the pinned roots and are not older than ours
    4  the statement is signed by the broker's key, as the documents list it (before the first: as enrolment told)
    5  it names our nonce, us and the broker
    6  the certificate that TLS was given is among those the broker signed for: nobody opened the line in between
    7  our proof goes out, and the broker says welcome

Nothing is said to anybody before step 6 but the hello.
"""

from typing import assert_never

from host_client.core.commands import SendControl, StartTimer, StopTimer, Talk, to_broker
from host_client.core.documents import NotOpened, Post
from host_client.core.events import Timer
from host_client.core.ports import Ports
from host_client.core.trusted import Trusted
from policy.decision import Reason
from policy.instant import Instant
from trust.signatures import SignatureInvalid, verify
from wire.limits import AUTHENTICATION_SECONDS, PROTOCOL_VERSION
from wire.messages.documents import DocumentsPiece
from wire.messages.presence import BrokerHello, BrokerHelloPayload, EndProof, EndProofPayload, EndRole, Hello, Refused, Welcome
from wire.schema import MalformedMessage, decode, read_part
from wire.statements import Algorithm, Label, Statement

OPENING_SECONDS = 2 * AUTHENTICATION_SECONDS
Said = BrokerHello | Welcome | Refused | DocumentsPiece
_BEFORE: tuple[type[Said], ...] = (BrokerHello, Refused, DocumentsPiece)
_AFTER: tuple[type[Said], ...] = (Welcome, Refused, DocumentsPiece)


class Opening:
    """One opening. `done` once the broker said welcome; `proven` from step 6 on."""

    def __init__(self, trusted: Trusted, ports: Ports, post: Post, leaf: bytes) -> None:
        self._trusted, self._ports, self._post, self._leaf = trusted, ports, post, leaf
        self._nonce = ports.entropy(32)
        self.proven = False
        self.done = False
        self.listed = False
        self.broker_key = b""
        """The one that was proven."""

    def begin(self) -> Talk:
        """Step 1."""
        held = self._trusted.held
        yield StartTimer(Timer.OPENING, OPENING_SECONDS)
        yield to_broker(Hello(PROTOCOL_VERSION, EndRole.HOST, self._trusted.enrolled.host_id, self._nonce, held.vendor, held.site))

    def received(self, body: bytes, now: Instant) -> Talk:
        """One control message. Raises NotOpened."""
        try:
            said = decode(body, *(_AFTER if self.proven else _BEFORE))
        except MalformedMessage:
            raise NotOpened(Reason.MALFORMED) from None
        match said:
            case Refused(_, reason):
                raise NotOpened(reason)
            case DocumentsPiece():
                yield from self._post.came(said, now)
            case BrokerHello():
                yield from self._hello(said, now)
            case Welcome(listed):
                self.done, self.listed = True, listed
                yield StopTimer(Timer.OPENING)
            case _:
                assert_never(said)

    def _hello(self, hello: BrokerHello, now: Instant) -> Talk:
        if hello.version != PROTOCOL_VERSION:
            raise NotOpened(Reason.VERSION_NOT_SPOKEN)
        payload = self._verified(hello.statement, now)
        self.proven = True
        yield self._proof(payload)

    def _verified(self, statement: Statement, now: Instant) -> BrokerHelloPayload:
        self.broker_key = self._trusted.broker_key(now)
        try:
            signed = verify(statement, Label.BROKER_HELLO, self.broker_key, Algorithm.ED25519)
            payload = read_part(BrokerHelloPayload, signed)
        except (SignatureInvalid, MalformedMessage):
            raise NotOpened(Reason.IDENTITY_NOT_PROVEN) from None
        enrolled = self._trusted.enrolled
        told = (payload.broker_id, payload.role, payload.subject, payload.end_nonce)
        if told != (enrolled.broker_id, EndRole.HOST, enrolled.host_id, self._nonce):
            raise NotOpened(Reason.IDENTITY_NOT_PROVEN)
        if self._leaf not in payload.leaves:
            raise NotOpened(Reason.IDENTITY_NOT_PROVEN)
        return payload

    def _proof(self, payload: BrokerHelloPayload) -> SendControl:
        enrolled = self._trusted.enrolled
        proof = EndProofPayload(enrolled.host_id, enrolled.broker_id, payload.broker_nonce, self._nonce)
        return to_broker(EndProof(self._ports.signer.sign(Label.HOST_HELLO, proof)))
