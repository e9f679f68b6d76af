"""Which passwords are good enough."""

import pytest

from policy.decision import Allow, Deny, Reason
from policy.passwords import may_use

ABOUT = ("Ana Kovac", "ana.kovac", "Beckman")


@pytest.mark.parametrize("password", ["correct horse battery", "fifteen letters", "pässwörter sind länger"])
def test_length_is_enough(password: str) -> None:
    assert may_use(password, ABOUT) == Allow()


@pytest.mark.parametrize(
    "password",
    ["fourteen chars", "x" * 257, "ababababababababab", "ana.kovac-2026!", "  ana kovac   1"],
    ids=["short", "long", "few", "name", "spaced"],
)
def test_short_long_simple_and_personal_ones_are_refused(password: str) -> None:
    assert may_use(password, ABOUT) == Deny(Reason.PASSWORD_TOO_WEAK)


def test_an_empty_name_refuses_nothing() -> None:
    assert may_use("correct horse battery", ("",)) == Allow()


def test_a_name_inside_a_long_password_is_no_harm() -> None:
    assert may_use("beckman but then a whole sentence", ABOUT) == Allow()
