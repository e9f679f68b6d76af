"""The two commands that are made so often that they have a function, and what names a request to be called."""

from broker.core.commands import Call, Send, SocketId, refuse, say
from policy.decision import Reason
from wire.frames import Frame, FrameKind
from wire.messages.presence import Refused
from wire.messages.signin import Done
from wire.schema import encode
from wire.statements import Algorithm, Label, Statement


def test_a_message_is_said_in_a_control_frame() -> None:
    assert say(SocketId(1), Done()) == Send(SocketId(1), Frame(FrameKind.CONTROL, encode(Done())).encode())


def test_a_refusal_carries_the_reason_and_nothing_else() -> None:
    assert refuse(SocketId(1), "hello", Reason.MALFORMED) == say(SocketId(1), Refused("hello", Reason.MALFORMED))


def test_one_request_of_each_technician_waits_at_each_host() -> None:
    statement = Statement(Label.CALL_WANTED, Algorithm.P256, b"", bytes(64))
    assert Call("h-1", "t-1", statement, 10).key == Call("h-1", "t-1", statement, 20).key == ("h-1", "t-1")
