"""Bytes within a minute: up to the bound, not one more, and anew with the next minute."""

from wire.budget import Budget


def test_the_bound_is_included_and_what_is_too_much_is_not_spent() -> None:
    budget = Budget(10)
    assert budget.spend(6, 100.0)
    assert not budget.spend(5, 101.0)
    assert budget.spend(4, 102.0)
    assert not budget.spend(1, 159.9)


def test_a_minute_later_it_begins_anew() -> None:
    budget = Budget(10)
    assert budget.spend(10, 100.0)
    assert not budget.spend(1, 159.0)
    assert budget.spend(10, 160.0)
    assert (budget.since, budget.spent) == (160.0, 10)
