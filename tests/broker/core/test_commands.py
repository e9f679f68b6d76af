"""The two commands that are made so often that they have a function."""

from broker.core.commands import Send, SocketId, refuse, say
from policy.decision import Reason
from wire.frames import Frame, FrameKind
from wire.messages.presence import Refused
from wire.messages.signin import Done
from wire.schema import encode


def test_a_message_is_said_in_a_control_frame() -> None:
    assert say(SocketId(1), Done()) == Send(SocketId(1), Frame(FrameKind.CONTROL, encode(Done())).encode())


def test_a_refusal_carries_the_reason_and_nothing_else() -> None:
    assert refuse(SocketId(1), "hello", Reason.MALFORMED) == say(SocketId(1), Refused("hello", Reason.MALFORMED))
