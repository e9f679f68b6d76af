"""The support code: drawn, shown, read out, typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.code import ALPHABET, CODE_ENTROPY, CodeMistyped, SupportCode, draw_halves, first_half_digest, is_first_half, read_code

CODE = SupportCode("482913", "K7QF", "2M9X")


@pytest.mark.parametrize("typed", ["482-913 K7QF-2M9X", "482913k7qf2m9x", " 482 913\tk7qf\u20132m9x ", "482\u2010913\u00a0K7QF\u20112M9X"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == CODE


def test_letters_that_look_like_digits_are_those_digits() -> None:
    assert read_code("oOI-lL1 o1Il-0000") == SupportCode("001111", "0111", "0000")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "482-913",
        "482-913 K7QF-2M9",
        "482-913 K7QF-2M9XX",
        "A82-913 K7QF-2M9X",
        "482-913 UUUU-UUUU",
        "482-913 K7QF-2M9É",
        "\uff1482-913 K7QF-2M9X",
    ],
)
def test_what_cannot_be_a_code_is_a_slip_of_the_hand(typed: str) -> None:
    with pytest.raises(CodeMistyped, match="not a support code"):
        read_code(typed)


@given(st.integers(0, 999_999), st.binary(min_size=CODE_ENTROPY, max_size=CODE_ENTROPY))
def test_every_code_that_is_shown_can_be_typed(ticket: int, entropy: bytes) -> None:
    code = SupportCode(f"{ticket:06}", *draw_halves(entropy))
    assert read_code(code.shown()) == code
    assert read_code(code.shown().lower()) == code


def test_every_letter_is_as_likely_as_the_others() -> None:
    drawn = "".join("".join(draw_halves(bytes((byte,)) * CODE_ENTROPY)) for byte in range(256))
    assert {drawn.count(letter) for letter in ALPHABET} == {len(drawn) // len(ALPHABET)}


@pytest.mark.parametrize("amount", [0, CODE_ENTROPY - 1, CODE_ENTROPY + 1])
def test_a_code_takes_eight_bytes_of_entropy(amount: int) -> None:
    with pytest.raises(ValueError, match="8 bytes of entropy"):
        draw_halves(bytes(amount))


def test_a_log_that_prints_a_code_shows_its_ticket_only() -> None:
    assert repr(CODE) == "SupportCode(ticket='482913')"
    assert CODE.shown() == "482-913 K7QF-2M9X"


def test_the_broker_knows_the_first_half_when_it_hears_it() -> None:
    salt = bytes(range(16))
    kept = first_half_digest(salt, "K7QF")
    assert is_first_half("K7QF", salt, kept)
    assert not is_first_half("K7QG", salt, kept)
    assert not is_first_half("K7QF", bytes(16), kept)
    assert not is_first_half("K7Q\u212a", salt, kept)
