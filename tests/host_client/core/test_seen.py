"""Words from outside, made harmless (case 33)."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from host_client.core.seen import CUT, visible


def test_what_turns_hides_or_breaks_text_is_shown_as_its_number() -> None:
    assert visible("a\u202eb\u200bc\nd\u2028e\x1bf", 200) == "a[U+202E]b[U+200B]c[U+000A]d[U+2028]e[U+001B]f"


def test_a_stack_of_marks_over_a_letter_is_shown_as_numbers() -> None:
    assert visible("e\u0301", 20) == "e\u0301"
    assert visible("e" + "\u0301" * 3, 40) == "e\u0301\u0301[U+0301]"


def test_a_cut_shows() -> None:
    assert visible("abcdef", 4) == "abc" + CUT
    assert visible("abcd", 4) == "abcd"


@given(st.text(max_size=400), st.integers(min_value=1, max_value=300))
def test_nothing_hidden_is_ever_left_and_no_line_is_too_long(text: str, longest: int) -> None:
    line = visible(text, longest)
    assert len(line) <= longest
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in line)
