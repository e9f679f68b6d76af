"""Whose signature it is, and that only then anything is read."""

from broker.core.proof import Signed, host_key, read_signed
from policy.decision import Deny, Reason
from trust.signatures import Ed25519Signer
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.ledger import Ended
from wire.messages.presence import EndProofPayload
from wire.statements import Label

SIGNER = Ed25519Signer(b"s" * 32)
OTHER = Ed25519Signer(b"o" * 32)
PART = EndProofPayload("h-one", "b-one", bytes(32), bytes(32))
STATEMENT = SIGNER.sign(Label.HOST_HELLO, PART)
OWN = host_key(SIGNER.public_key)


def test_the_key_that_signed_is_found_among_several() -> None:
    webauthn = Authenticator(AuthenticatorType.WEBAUTHN, SIGNER.public_key, "")
    keys = (webauthn, host_key(OTHER.public_key), OWN)
    assert read_signed(STATEMENT, Label.HOST_HELLO, keys, EndProofPayload) == Signed(PART, OWN)


def test_without_the_right_key_or_label_nothing_is_read() -> None:
    invalid = Deny(Reason.SIGNATURE_INVALID)
    assert read_signed(STATEMENT, Label.HOST_HELLO, (), EndProofPayload) == invalid
    assert read_signed(STATEMENT, Label.HOST_HELLO, (host_key(OTHER.public_key),), EndProofPayload) == invalid
    assert read_signed(STATEMENT, Label.DEVICE_HELLO, (OWN,), EndProofPayload) == invalid


def test_a_signed_part_of_another_kind_is_malformed() -> None:
    assert read_signed(STATEMENT, Label.HOST_HELLO, (OWN,), Ended) == Deny(Reason.MALFORMED)
