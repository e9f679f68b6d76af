"""The catalogue of purposes."""

from policy.purpose import Purpose


def test_there_is_always_another_purpose() -> None:
    assert Purpose.OTHER in Purpose
