"""Text that travels: what is taken out, what is refused, and that what is written can be read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.schema import MalformedMessage
from wire.sealed.plain_text import TEXT_REFUSED, cleaned, read_text, write_text

MOST = 64
ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING)
def test_a_cleaned_text_travels_and_cleaning_it_again_changes_nothing(text: str) -> None:
    clean = cleaned(text)
    assert cleaned(clean) == clean
    if clean:
        size = len(clean.encode())
        assert read_text(write_text(clean, size), size) == clean


def test_what_is_refused_is_what_cleaning_takes_out() -> None:
    for first, last in TEXT_REFUSED:
        for point in {first, last}:
            assert cleaned(f"a{chr(point)}b") in {"ab", "a\nb"}
            with pytest.raises(MalformedMessage):
                read_text(b"a" + chr(point).encode(errors="surrogatepass"), MOST)
        for point in {first - 1, last + 1} & set(range(1, 0x110000)):
            if not any(low <= point <= high for low, high in TEXT_REFUSED):
                assert read_text(f"a{chr(point)}".encode(), MOST) == f"a{chr(point)}"


def test_no_control_and_no_mark_that_turns_the_direction_is_left() -> None:
    left = [chr(each) for each in range(0x110000) if cleaned(chr(each)) == chr(each)]
    assert [each for each in left if unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"}] == ["\t", "\n"]
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert [each for each in left if unicodedata.bidirectional(each) in turning] == []


def test_ranges_rise_and_do_not_touch() -> None:
    flat = [point for pair in TEXT_REFUSED for point in pair]
    assert flat == sorted(flat)


@pytest.mark.parametrize("text", ["", "a" * (MOST + 1), "\u20ac" * MOST, "a\x00", "a\ud800"])
def test_what_nobody_could_read_is_not_written(text: str) -> None:
    with pytest.raises(ValueError, match="no such text"):
        write_text(text, MOST)


@given(st.binary(max_size=MOST + 8))
def test_junk_is_a_text_or_malformed_and_nothing_else(junk: bytes) -> None:
    try:
        text = read_text(junk, MOST)
    except MalformedMessage:
        return
    assert write_text(text, MOST) == junk


def test_a_clean_text_is_written_as_it_is() -> None:
    assert write_text("Bonjour", MOST) == b"Bonjour"
