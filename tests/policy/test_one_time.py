"""Tickets and other things that work once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.one_time import (
    TicketRules,
    TicketStanding,
    TicketState,
    finish,
    may_try,
    may_use_step,
    release,
    reserve,
    within,
    within_calendar,
    wrong_half,
)

START = Instant(1_800_000_000.0, 100.0)
RULES = TicketRules()
FRESH = TicketStanding(START)


def later(seconds: float) -> Instant:
    return START.after(seconds)


def test_a_fresh_ticket_may_be_tried() -> None:
    assert may_try(FRESH, "t-1", later(1), RULES) == Allow()


def test_a_ticket_expires_on_the_clock_that_cannot_be_set() -> None:
    assert may_try(FRESH, "t-1", later(599.9), RULES) == Allow()
    assert may_try(FRESH, "t-1", Instant(START.utc, START.boot + 600), RULES) == Deny(Reason.CODE_EXPIRED)


@pytest.mark.parametrize(
    ("state", "reason"),
    [(TicketState.SPENT, Reason.CODE_USED), (TicketState.BURNT, Reason.CODE_BURNT), (TicketState.CLOSED, Reason.CODE_EXPIRED)],
)
def test_a_finished_ticket_says_what_it_became(state: TicketState, reason: Reason) -> None:
    assert may_try(finish(FRESH, state), "t-1", later(1), RULES) == Deny(reason)


def test_a_finished_ticket_stays_what_it_first_became() -> None:
    spent = finish(FRESH, TicketState.SPENT)
    assert finish(spent, TicketState.CLOSED).state is TicketState.SPENT


def test_two_wrong_halves_stop_one_technician_and_not_the_next() -> None:
    ticket = wrong_half(wrong_half(FRESH, "t-1", RULES), "t-1", RULES)
    assert ticket.tries_by("t-1") == 2
    assert may_try(ticket, "t-1", later(1), RULES) == Deny(Reason.TOO_MANY_TRIES)
    assert may_try(ticket, "t-2", later(1), RULES) == Allow()


def test_the_fifth_wrong_half_burns_the_ticket() -> None:
    ticket = FRESH
    for technician in ("t-1", "t-1", "t-2", "t-2"):
        ticket = wrong_half(ticket, technician, RULES)
        assert ticket.state is TicketState.OPEN
    ticket = wrong_half(ticket, "t-3", RULES)
    assert ticket.state is TicketState.BURNT
    assert may_try(ticket, "t-9", later(1), RULES) == Deny(Reason.CODE_BURNT)


def test_a_ticket_out_of_tries_counts_as_burnt_even_if_nobody_marked_it() -> None:
    ticket = TicketStanding(START, tries=(("t-1", 5),))
    assert may_try(ticket, "t-2", later(1), RULES) == Deny(Reason.CODE_BURNT)


def test_a_reserved_ticket_is_closed_to_others_for_a_minute() -> None:
    ticket = reserve(FRESH, "t-1", later(1))
    assert may_try(ticket, "t-2", later(60), RULES) == Deny(Reason.CODE_RESERVED)
    assert may_try(ticket, "t-2", later(61), RULES) == Allow()


def test_a_reservation_without_a_time_does_not_hold() -> None:
    assert may_try(TicketStanding(START, TicketState.RESERVED), "t-2", later(1), RULES) == Allow()


def test_a_released_ticket_may_be_tried_again_and_an_open_one_stays_as_it_is() -> None:
    assert release(reserve(FRESH, "t-1", later(1))) == FRESH
    assert release(FRESH) is FRESH


@given(st.lists(st.sampled_from(["t-1", "t-2", "t-3", "t-4"]), max_size=30))
def test_no_order_of_guessers_gets_more_than_five_tries(guessers: list[str]) -> None:
    ticket, tried = FRESH, 0
    for technician in guessers:
        if may_try(ticket, technician, later(1), RULES) == Allow():
            ticket, tried = wrong_half(ticket, technician, RULES), tried + 1
    assert tried <= RULES.tries
    assert all(ticket.tries_by(technician) <= RULES.tries_per_technician for technician in guessers)


def test_within_is_closed_at_the_start_open_at_the_end_and_never_before_it_was_made() -> None:
    assert within(START, 10, START)
    assert not within(START, 10, later(10))
    assert not within(START, 10, later(-1))


@pytest.mark.parametrize(("age", "good"), [(0, True), (299.9, True), (300, False), (-5, True), (-5.1, False), (-3600, False)])
def test_what_was_made_before_the_clock_was_set_back_is_over_by_the_calendar_too(age: float, good: bool) -> None:
    assert within_calendar(START.utc, 300, START.utc + age) is good


@pytest.mark.parametrize(
    ("step", "used", "current", "decision"),
    [
        (100, None, 100, Allow()),
        (99, None, 100, Allow()),
        (101, 100, 100, Allow()),
        (100, 100, 100, Deny(Reason.SECOND_FACTOR_WRONG)),
        (99, 100, 100, Deny(Reason.SECOND_FACTOR_WRONG)),
        (98, None, 100, Deny(Reason.SECOND_FACTOR_WRONG)),
        (102, None, 100, Deny(Reason.SECOND_FACTOR_WRONG)),
    ],
)
def test_a_totp_step_is_near_and_newer_than_any_used(step: int, used: int | None, current: int, decision: Decision) -> None:
    assert may_use_step(step, used, current) == decision
