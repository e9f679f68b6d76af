"""Messages become frames of the right kind."""

from host_client.core.commands import SendControl, SendSession, Tell, tell, to_broker, to_peer
from host_client.link import ShowAdmitted, StopDesk
from wire.frames import FrameKind
from wire.messages.handshake import AgreementFailed
from wire.messages.session import LeaseRenew
from wire.schema import encode


def test_what_is_said_to_the_broker_is_a_control_frame() -> None:
    assert to_broker(LeaseRenew("s-1")) == SendControl(bytes((FrameKind.CONTROL,)) + encode(LeaseRenew("s-1")))


def test_what_is_said_to_the_other_end_has_the_kind_it_is_given() -> None:
    said = AgreementFailed(1, 2)
    assert to_peer(FrameKind.HANDSHAKE, said) == SendSession(bytes((FrameKind.HANDSHAKE,)) + encode(said))


def test_what_is_said_to_the_desk_is_said_in_order() -> None:
    assert list(tell((ShowAdmitted(), StopDesk()))) == [Tell(ShowAdmitted()), Tell(StopDesk())]
