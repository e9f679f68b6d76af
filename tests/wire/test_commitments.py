"""Commitments bind words that the broker never sees."""

from hashlib import sha256
from hmac import new

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.strategies import LETTERS
from wire.commitments import commitment, matches

KEYS = st.binary(min_size=32, max_size=32)
WORDS = st.text(LETTERS, max_size=40)


@given(KEYS, WORDS)
def test_the_words_and_their_key_show_what_was_said(key: bytes, words: str) -> None:
    assert matches(commitment(key, words), key, words)
    assert commitment(key, words) == new(key, words.encode(), sha256).digest()


@given(KEYS, KEYS, WORDS, WORDS)
def test_other_words_or_another_key_do_not_match(key: bytes, other_key: bytes, words: str, other: str) -> None:
    if key != other_key:
        assert not matches(commitment(key, words), other_key, words)
    if words != other:
        assert not matches(commitment(key, words), key, other)


def test_a_short_key_is_refused_here_and_never_matches_there() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(bytes(16), "words")
    assert not matches(bytes(32), bytes(16), "words")


def test_a_commitment_is_made_as_documented() -> None:
    assert commitment(bytes(32), "Pumpe \u2014 14") == new(bytes(32), "Pumpe \u2014 14".encode(), sha256).digest()
