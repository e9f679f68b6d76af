"""Case 69: weak shares, weak or oddly written keys and signatures, and signatures made for something else are refused.

The published sets (small-order and non-canonical points, 914 cases) run against Python and browser by `make vectors`.
"""

from dataclasses import replace

import pytest

from policy.session import EndCause
from tests.helpers.broker_process import P256Signer
from trust.signatures import Ed25519Signer, SignatureInvalid, verify
from wire.errors import PeerMisbehaved
from wire.messages.handshake import SUITE_V1, ConsoleShare
from wire.messages.ledger import Ended
from wire.messages.presence import EndProofPayload
from wire.sealed.agreement import ConsoleAgreement, HostAgreement, Visit
from wire.statements import Algorithm, Label, Statement

P = 2**255 - 19
VISIT = Visit("s-1", "482913", "b-1", "h-1", "t-1")
PROOF = EndProofPayload("h-1", "b-1", b"b" * 32, b"e" * 32)
ENDED = Ended("s-1", "h-1", EndCause.HOST_ENDED, 1)
WEAK_SHARES = {
    "all zeros": 0,
    "one": 1,
    "order eight": 325606250916557431795983626356110631294008115727848805560023387167927233504,
    "order eight, the other": 39382357235489614581723060781553021112529911719440698176882885853963445705823,
    "minus one": P - 1,
    "the prime": P,
    "the prime and one": P + 1,
    "the top bit": 2**255 + 9,
}
SIGNER = Ed25519Signer(b"k" * 32)


def a_share(number: int) -> bytes:
    return number.to_bytes(32, "little")


@pytest.mark.parametrize("weak", WEAK_SHARES.values(), ids=WEAK_SHARES)
def test_the_host_refuses_a_share_that_fixes_the_secret(weak: int) -> None:
    host = HostAgreement(VISIT, "2M9X", 1, nonce=b"n" * 32, scalar=b"s" * 32)
    host.open()
    with pytest.raises(PeerMisbehaved, match="small order"):
        host.answer(ConsoleShare(1, b"c" * 32, SUITE_V1, a_share(weak)))


@pytest.mark.parametrize("weak", WEAK_SHARES.values(), ids=WEAK_SHARES)
def test_the_console_refuses_it_too(weak: int) -> None:
    opened = HostAgreement(VISIT, "2M9X", 1, nonce=b"n" * 32, scalar=b"s" * 32)
    console = ConsoleAgreement(VISIT, "2M9X", opened.open(), nonce=b"c" * 32, scalar=b"t" * 32)
    answered = replace(opened.answer(console.share()), share=a_share(weak))
    with pytest.raises(PeerMisbehaved, match="small order"):
        console.tag(answered)


def refused(statement: Statement, label: Label, key: bytes, alg: Algorithm) -> bool:
    try:
        verify(statement, label, key, alg)
    except SignatureInvalid:
        return True
    return False


def test_a_signature_counts_for_the_purpose_it_was_made_for() -> None:
    proof = SIGNER.sign(Label.HOST_HELLO, PROOF)
    assert not refused(proof, Label.HOST_HELLO, SIGNER.public_key, Algorithm.ED25519)
    for label in set(Label) - {Label.HOST_HELLO}:
        assert refused(proof, label, SIGNER.public_key, Algorithm.ED25519)
        assert refused(replace(proof, label=label), label, SIGNER.public_key, Algorithm.ED25519)


def test_the_algorithm_is_the_keys_and_never_the_statements() -> None:
    device = P256Signer()
    ended = device.sign(Label.ENDED, ENDED)
    assert not refused(ended, Label.ENDED, device.public_key, Algorithm.P256)
    assert refused(replace(ended, alg=Algorithm.ED25519), Label.ENDED, device.public_key, Algorithm.P256)
    assert refused(ended, Label.ENDED, SIGNER.public_key, Algorithm.ED25519)
    assert refused(replace(ended, alg=Algorithm.ED25519), Label.ENDED, device.public_key[:32], Algorithm.ED25519)


def test_a_key_of_small_order_signs_nothing() -> None:
    # With the neutral point as key, R = neutral and S = 0 satisfies the bare equation for every message.
    neutral = a_share(1)
    forged = replace(SIGNER.sign(Label.ENDED, ENDED), sig=neutral + bytes(32))
    assert refused(forged, Label.ENDED, neutral, Algorithm.ED25519)
    assert refused(forged, Label.ENDED, a_share(P + 1), Algorithm.ED25519)


def test_a_signature_has_one_spelling() -> None:
    ended = SIGNER.sign(Label.ENDED, ENDED)
    order = 2**252 + 27742317777372353535851937790883648493
    again = int.from_bytes(ended.sig[32:], "little") + order
    assert refused(replace(ended, sig=ended.sig[:32] + again.to_bytes(32, "little")), Label.ENDED, SIGNER.public_key, Algorithm.ED25519)


@pytest.mark.parametrize("zero", [bytes(64), bytes(32) + b"\1" * 32, b"\1" * 32 + bytes(32)], ids=["both", "r", "s"])
def test_an_ecdsa_signature_of_zeros_is_none(zero: bytes) -> None:
    device = P256Signer()
    ended = replace(device.sign(Label.ENDED, ENDED), sig=zero)
    assert refused(ended, Label.ENDED, device.public_key, Algorithm.P256)
