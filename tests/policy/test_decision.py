"""Allow and Deny are values."""

from policy.decision import Allow, Deny, Reason


def test_a_denial_carries_its_reason_and_equals_another_of_the_same() -> None:
    assert Deny(Reason.NO_ANSWER) == Deny(Reason.NO_ANSWER)
    assert Deny(Reason.NO_ANSWER) != Deny(Reason.NO_SCREEN)
    assert Allow() == Allow()


def test_reasons_are_lower_case_words_that_can_name_a_catalogue_entry() -> None:
    assert all(reason.value.replace("_", "").isalpha() and reason.value.islower() for reason in Reason)
