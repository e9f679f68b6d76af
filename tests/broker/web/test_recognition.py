"""A device is recognised by a nonce of ours, once, soon, under a key that the directory lists for that technician."""

from dataclasses import replace

import pytest

from broker.core.board import Board
from broker.web.recognition import NONCE_SECONDS, Recognition
from policy.instant import Instant
from tests.helpers.broker_core import believed
from tests.helpers.broker_process import P256Signer
from tests.helpers.views import device, technician
from trust.keys import fingerprint
from wire.messages.documents import AuthenticatorType
from wire.messages.signin import DeviceSignInPayload
from wire.statements import Label, Statement

DEVICE, OTHER = P256Signer(), P256Signer()


class Place:
    def __init__(self) -> None:
        self.now = Instant(1_800_000_000.0, 5000.0)
        ana = technician("t-anna", devices=(device(DEVICE.public_key, AuthenticatorType.P256),))
        board = Board("b-1", (), fingerprint)
        board.believed = believed(ana)
        self.recognition = Recognition(board, lambda: self.now)

    def proof(self, device: P256Signer = DEVICE, label: Label = Label.DEVICE_SIGN_IN, nonce: bytes | None = None) -> Statement:
        made = self.recognition.nonce() if nonce is None else nonce
        return device.sign(label, DeviceSignInPayload(made, AuthenticatorType.P256, device.public_key))

    def recognised(self, proof: Statement | None, technician: str = "t-anna") -> bool:
        return self.recognition.recognised(technician, self.recognition.signer(proof))


def test_a_listed_device_is_recognised_for_its_technician_alone() -> None:
    place = Place()
    assert place.recognised(place.proof())
    assert not place.recognised(place.proof(), "t-berta")
    assert not place.recognised(place.proof(OTHER))
    assert not place.recognised(None)


def test_a_nonce_is_good_once_and_soon() -> None:
    place = Place()
    proof, late = place.proof(), place.proof()
    assert place.recognised(proof)
    assert not place.recognised(proof)
    place.now = place.now.after(NONCE_SECONDS + 1)
    assert not place.recognised(late)


@pytest.mark.parametrize("nonce", [bytes(56), bytes(32)])
def test_a_nonce_that_is_not_ours_is_worth_nothing(nonce: bytes) -> None:
    place = Place()
    assert not place.recognised(place.proof(nonce=nonce))
    assert not place.recognised(place.proof(nonce=Place().recognition.nonce()))


def test_another_signature_is_no_proof() -> None:
    place = Place()
    assert not place.recognised(place.proof(label=Label.DEVICE_HELLO))
    signed = place.proof()
    assert not place.recognised(replace(signed, payload=place.proof().payload))
    assert not place.recognised(replace(signed, payload=b"no payload"))
