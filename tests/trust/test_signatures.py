"""Signatures count for one key, one purpose and one algorithm; points on which libraries differ count for nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vector_sets.statements import LOW_ORDER, PART, SECOND_WAY, SEED, p256_pair
from trust import signatures
from trust.signatures import Ed25519Signer, SignatureInvalid, verify, verify_bytes
from wire.schema import encode_part
from wire.statements import Algorithm, Label, Statement

SIGNER = Ed25519Signer(SEED)
MADE = SIGNER.sign(Label.ASKED, PART)
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def both() -> list[tuple[bytes, Statement]]:
    return [(SIGNER.public_key, SIGNER.sign(Label.DEVICE_HELLO, PART)), p256_pair()]


@pytest.mark.parametrize(("key", "made"), both(), ids=["ed25519", "p256"])
def test_the_payload_is_handed_out_once_its_signature_is_right(key: bytes, made: Statement) -> None:
    assert verify(made, Label.DEVICE_HELLO, key, made.alg) == encode_part(PART)


@pytest.mark.parametrize(("key", "made"), both(), ids=["ed25519", "p256"])
def test_a_signature_counts_for_its_own_label_and_algorithm(key: bytes, made: Statement) -> None:
    other = next(alg for alg in Algorithm if alg is not made.alg)
    with pytest.raises(SignatureInvalid, match="another purpose"):
        verify(made, Label.HOST_HELLO, key, made.alg)
    with pytest.raises(SignatureInvalid, match="another algorithm"):
        verify(made, Label.DEVICE_HELLO, key, other)
    with pytest.raises(SignatureInvalid, match="wrong signature"):
        verify(replace(made, label=Label.HOST_HELLO), Label.HOST_HELLO, key, made.alg)


@pytest.mark.parametrize(("key", "made"), both(), ids=["ed25519", "p256"])
def test_nothing_altered_passes(key: bytes, made: Statement) -> None:
    for sig in (bytes(64), bytes((made.sig[0] ^ 1,)) + made.sig[1:], made.sig[:-1] + bytes((made.sig[-1] ^ 1,))):
        with pytest.raises(SignatureInvalid):
            verify(replace(made, sig=sig), Label.DEVICE_HELLO, key, made.alg)
    with pytest.raises(SignatureInvalid):
        verify(replace(made, payload=made.payload + b" "), Label.DEVICE_HELLO, key, made.alg)


@pytest.mark.parametrize(("key", "made"), both(), ids=["ed25519", "p256"])
def test_keys_and_signatures_have_one_length(key: bytes, made: Statement) -> None:
    for wrong_key, wrong_sig in ((key[:-1], made.sig), (key + b"\0", made.sig), (key, made.sig[:-1]), (key, made.sig + b"\0")):
        with pytest.raises(SignatureInvalid, match="wrong length"):
            verify_bytes(made.alg, wrong_key, wrong_sig, b"message")


def test_a_point_that_is_not_on_p256_is_no_key() -> None:
    key, made = p256_pair()
    for wrong in (key[:-1] + bytes((key[-1] ^ 1,)), b"\x05" + key[1:], b"\x04" + bytes(64)):
        with pytest.raises(SignatureInvalid, match="no key"):
            verify(made, Label.DEVICE_HELLO, wrong, Algorithm.P256)


@pytest.mark.parametrize("sign", [0, 0x80])
@pytest.mark.parametrize("y", [*sorted(signatures._SMALL_ORDER), *range(P, 2**255)])
def test_no_point_of_small_order_or_second_spelling_is_a_key_or_a_nonce(y: int, sign: int) -> None:
    encoded = bytearray(y.to_bytes(32, "little"))
    encoded[31] |= sign
    for key, sig in ((bytes(encoded), MADE.sig), (SIGNER.public_key, bytes(encoded) + MADE.sig[32:])):
        with pytest.raises(SignatureInvalid, match="small order"):
            verify_bytes(Algorithm.ED25519, key, sig, b"message")


def test_the_list_of_small_orders_is_that_of_the_curve() -> None:
    """Doubling a point three times leads to the neutral element exactly for the points on the list."""
    for y in signatures._SMALL_ORDER:
        assert order_divides_8(y)
    assert not order_divides_8(int.from_bytes(SIGNER.public_key, "little") & (2**255 - 1))
    assert (1).to_bytes(32, "little") == LOW_ORDER
    assert int.from_bytes(SECOND_WAY, "little") >= P


def order_divides_8(y: int) -> bool:
    """On -x^2 + y^2 = 1 + d x^2 y^2, doubling needs only y^2: x^2 follows from the curve."""
    for _ in range(3):
        y2 = y * y % P
        x2 = (y2 - 1) * pow(D * y2 + 1, -1, P) % P
        y = (y2 + x2) * pow(1 - D * x2 * y2, -1, P) % P
    return y == 1


@given(st.binary(max_size=200), st.sampled_from(Label))
def test_what_a_signer_signs_its_key_verifies(payload: bytes, label: Label) -> None:
    made = SIGNER.sign_payload(label, payload)
    assert verify(made, label, SIGNER.public_key, SIGNER.alg) == payload


def test_a_seed_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Ed25519Signer(bytes(31))
