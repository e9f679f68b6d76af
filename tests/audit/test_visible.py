"""What strangers wrote moves nothing, turns nothing round, hides nothing."""

import pytest

from audit.visible import moment, spelled, to_the_second, visible
from tests.helpers.hostile_texts import LETTERS, UNSEEN


@pytest.mark.parametrize("text", UNSEEN)
def test_what_cannot_be_seen_is_spelled(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert shown == text.translate({ord(each): spelled(each) for each in text if not each.isprintable()})
    assert shown != text


@pytest.mark.parametrize("text", [*LETTERS, "plain", "12 000", "12\u00a0000 \u202f€"])
def test_letters_and_the_spaces_of_french_stay(text: str) -> None:
    assert visible(text) == text


def test_moments_are_utc_and_impossible_ones_are_numbers() -> None:
    assert moment(1_790_000_000_123) == "2026-09-21 14:13:20.123Z"
    assert to_the_second(1_790_000_000_999) == "2026-09-21 14:13:20 UTC"
    assert moment(2**53 - 1) == to_the_second(2**53 - 1) == f"{2**53 - 1} ms"
