"""The opening of control sockets: what the broker signs, and what it takes as proof."""

import pytest

from broker.core.commands import SocketId
from broker.core.opening import Greeting, control_message, greet, proven
from broker.core.proof import host_key
from policy.decision import Deny, Reason
from tests.helpers.broker_core import HOST, Table, control, framed, one
from tests.helpers.playbook import Playbook
from tests.helpers.views import SITE
from trust.signatures import verify
from wire.frames import FrameKind
from wire.messages.presence import BrokerHello, BrokerHelloPayload, EndProof, EndProofPayload, EndRole, Hello
from wire.schema import MalformedMessage, read_part
from wire.statements import Algorithm, Label

GREETING = Greeting(HOST, bytes(32), b"n" * 32, None)


def greeted(table: Table, hello: Hello, site: str | None = SITE) -> tuple[list[object], object]:
    answers: list[object] = []

    def talk(_event: object, now: object) -> object:
        answers.append((yield from greet(table.board, SocketId(1), EndRole.HOST, hello, site, table.now)))

    return (Playbook(talk, table.now) >> None).drain(table.answer), answers[0]  # type: ignore[arg-type]


def test_the_broker_signs_both_nonces_and_what_it_serves() -> None:
    table = Table()
    commands, answer = greeted(table, Hello(1, EndRole.HOST, HOST, b"e" * 32, (), ()))
    hello = one(commands, BrokerHello)
    payload = read_part(BrokerHelloPayload, verify(hello.statement, Label.BROKER_HELLO, table.broker_key.public_key, Algorithm.ED25519))
    assert (payload.end_nonce, payload.leaves, payload.subject) == (b"e" * 32, (bytes(32),), HOST)
    assert answer == Greeting(HOST, b"e" * 32, payload.broker_nonce, table.board.believed)


@pytest.mark.parametrize(
    ("hello", "reason"),
    [
        (Hello(2, EndRole.HOST, HOST, bytes(32), (), ()), Reason.VERSION_NOT_SPOKEN),
        (Hello(1, EndRole.CONSOLE, HOST, bytes(32), (), ()), Reason.IDENTITY_NOT_PROVEN),
    ],
)
def test_another_version_or_role_is_not_answered(hello: Hello, reason: Reason) -> None:
    assert greeted(Table(), hello) == ([], Deny(reason))


@pytest.mark.parametrize("nonce", [b"n" * 32, b"x" * 32])
def test_only_a_signature_over_this_very_greeting_is_proof(nonce: bytes) -> None:
    table = Table()
    proof = table.host_key.sign(Label.HOST_HELLO, EndProofPayload(HOST, "b-broker", nonce, bytes(32)))
    keys = (host_key(table.host_key.public_key),)
    decided = proven(table.board, EndRole.HOST, GREETING, control(EndProof(proof)).data, keys)
    assert decided == (keys[0] if nonce == GREETING.broker_nonce else Deny(Reason.IDENTITY_NOT_PROVEN))
    nobody = proven(table.board, EndRole.HOST, GREETING, control(EndProof(proof)).data, ())
    assert nobody == Deny(Reason.SIGNATURE_INVALID)


def test_only_control_frames_open_a_control_socket() -> None:
    with pytest.raises(MalformedMessage):
        control_message(framed(FrameKind.LEDGER, b"{}").data, Hello)


def test_an_end_that_nobody_knows_is_proven_to_without_any_documents() -> None:
    table = Table()
    hello = Hello(1, EndRole.HOST, "h-nobody", b"e" * 32, (), ())
    commands, answer = greeted(table, hello, None)
    assert one(commands, BrokerHello).version == 1
    assert isinstance(answer, Greeting)
    assert answer.documents is None
    table.board.believed = None
    assert isinstance(greeted(table, hello)[1], Greeting)
