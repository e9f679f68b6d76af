"""Which passwords are good enough, and until when."""

import pytest

from policy.decision import Allow, Deny, Reason
from policy.passwords import COMMON_TRIED, LONG, LONGEST, PasswordProfile, PasswordRules, both, may_keep, may_use, plain, rules_of

ABOUT = ("Ana Kovac", "ana.kovac", "Beckman")
CLASSIC = rules_of(PasswordProfile.CLASSIC, 90, administrator=False)
DAY = 24 * 3600.0


def nothing_is_common(_password: str, _about: tuple[str, ...]) -> bool:
    return False


def decided(password: str, rules: PasswordRules = LONG) -> Allow | Deny:
    return may_use(password, ABOUT, rules, nothing_is_common)


@pytest.mark.parametrize("password", ["correct horse battery", "fifteen letters", "pässwörter sind länger"])
def test_length_is_enough(password: str) -> None:
    assert decided(password) == Allow()


@pytest.mark.parametrize(
    "password",
    ["fourteen chars", "x" * (LONGEST + 1), "ababababababababab", "ana.kovac-2026!", "  ana kovac   1"],
    ids=["short", "long", "few", "name", "spaced"],
)
def test_short_long_simple_and_personal_ones_are_refused(password: str) -> None:
    assert decided(password) == Deny(Reason.PASSWORD_TOO_WEAK)


def test_an_empty_name_refuses_nothing() -> None:
    assert may_use("correct horse battery", ("",), LONG, nothing_is_common) == Allow()


def test_a_name_inside_a_long_password_is_no_harm() -> None:
    assert decided("beckman but then a whole sentence") == Allow()


def test_what_many_people_choose_is_refused_and_only_its_beginning_is_searched() -> None:
    searched = []

    def is_common(password: str, about: tuple[str, ...]) -> bool:
        searched.append((password, about))
        return True

    long = "correct horse battery " * 10
    assert may_use(long, ABOUT, LONG, is_common) == Deny(Reason.PASSWORD_COMMON)
    assert searched == [(long[:COMMON_TRIED], ABOUT)]


def test_an_administrators_password_is_one_longer() -> None:
    rules = rules_of(PasswordProfile.LONG, 0, administrator=True)
    assert decided("fifteen letters", rules) == Deny(Reason.PASSWORD_TOO_WEAK)
    assert decided("sixteen letters!", rules) == Allow()
    assert rules_of(PasswordProfile.CLASSIC, 365, administrator=True) == PasswordRules(16, 4, 365)


@pytest.mark.parametrize(
    ("password", "decision"),
    [
        ("Otters-at7", Allow()),
        ("Otters-a7", Deny(Reason.PASSWORD_TOO_WEAK)),
        ("otters-at7", Deny(Reason.PASSWORD_CLASSES)),
        ("OTTERS-AT7", Deny(Reason.PASSWORD_CLASSES)),
        ("Otters-att", Deny(Reason.PASSWORD_CLASSES)),
        ("Otterssat7", Deny(Reason.PASSWORD_CLASSES)),
    ],
)
def test_the_classic_profile_wants_ten_characters_of_four_classes(password: str, decision: Allow | Deny) -> None:
    assert decided(password, CLASSIC) == decision


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert plain("pa\u0308sse\uff11") == "p\u00e4sse1"


def test_a_classic_password_is_due_after_its_days_and_a_long_one_never() -> None:
    assert may_keep("Otters-at7", 90 * DAY - 1, CLASSIC) == Allow()
    assert may_keep("Otters-at7", 90 * DAY, CLASSIC) == Deny(Reason.PASSWORD_DUE)
    assert may_keep("correct horse battery", 9000 * DAY, LONG) == Allow()
    assert may_keep("Otters-at7", 9000 * DAY, rules_of(PasswordProfile.CLASSIC, 0, administrator=False)) == Allow()


def test_a_password_from_before_the_rules_is_due_at_once() -> None:
    assert may_keep("correct horse battery", 0, CLASSIC) == Deny(Reason.PASSWORD_DUE)
    assert may_keep("Otters-at7", 0, LONG) == Deny(Reason.PASSWORD_DUE)


def test_a_signed_policy_that_asks_for_classic_ones_makes_every_rule_stricter_and_none_looser() -> None:
    assert both(LONG, 90) == PasswordRules(15, 4, 90)
    assert both(LONG, 0) == PasswordRules(15, 4, 0)
    own = rules_of(PasswordProfile.CLASSIC, 365, administrator=False)
    assert both(own, 90) == PasswordRules(10, 4, 90)
    assert both(own, 365) == own
