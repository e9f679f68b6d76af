"""What the person at the host granted: it narrows by itself, and only an answered request widens it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.consent import Consent, Grant, asked, granted, may_ask, may_pass, refused, withdrawn
from policy.decision import Allow, Deny, Reason
from policy.instant import Instant
from policy.permissions import Lane, Permission

NOW = Instant(1_800_000_000.0, 100.0)
UNTIL = NOW.after(60)
VIEWING = granted(asked(Consent(), 1), Permission.VIEW, UNTIL)
CONTROLLING = granted(asked(VIEWING, 2), Permission.CONTROL, UNTIL)


def test_an_allowed_request_opens_its_lane_under_its_own_number() -> None:
    assert may_pass(VIEWING, Lane.SCREEN, 1, NOW) == Allow()
    assert may_pass(VIEWING, Lane.SCREEN, 2, NOW) == Deny(Reason.NOT_GRANTED)
    assert may_pass(VIEWING, Lane.INPUT, 1, NOW) == Deny(Reason.NOT_GRANTED)


def test_the_lanes_of_the_session_itself_need_no_grant_and_have_none() -> None:
    assert may_pass(CONTROLLING, Lane.CHAT, 0, NOW) == Deny(Reason.NOT_GRANTED)


def test_a_grant_ends_with_its_time() -> None:
    assert may_pass(VIEWING, Lane.SCREEN, 1, NOW.after(59.9)) == Allow()
    assert may_pass(VIEWING, Lane.SCREEN, 1, NOW.after(60)) == Deny(Reason.NOT_GRANTED)


def test_control_requires_a_live_view() -> None:
    assert may_ask(Consent(), 1, Permission.CONTROL, NOW) == Deny(Reason.REQUIRES_VIEW)
    assert may_ask(VIEWING, 2, Permission.CONTROL, NOW) == Allow()
    assert may_ask(VIEWING, 2, Permission.CONTROL, NOW.after(61)) == Deny(Reason.REQUIRES_VIEW)


def test_one_request_at_a_time_and_numbers_only_rise() -> None:
    waiting = asked(VIEWING, 2)
    assert may_ask(waiting, 3, Permission.CONTROL, NOW) == Deny(Reason.ALREADY_ASKED)
    assert may_ask(VIEWING, 1, Permission.CONTROL, NOW) == Deny(Reason.ALREADY_ASKED)
    assert may_ask(CONTROLLING, 3, Permission.CONTROL, NOW) == Deny(Reason.ALREADY_ASKED)


def test_a_refusal_leaves_what_stood_before() -> None:
    assert refused(asked(VIEWING, 2)).grants == VIEWING.grants
    assert may_ask(refused(asked(VIEWING, 2)), 2, Permission.CONTROL, NOW) == Deny(Reason.ALREADY_ASKED)
    assert may_ask(refused(asked(VIEWING, 2)), 3, Permission.CONTROL, NOW) == Allow()


def test_consent_is_never_invented() -> None:
    with pytest.raises(ValueError, match="nothing was asked"):
        granted(Consent(), Permission.VIEW, UNTIL)


def test_withdrawing_control_leaves_the_view() -> None:
    left, taken = withdrawn(CONTROLLING, Permission.CONTROL)
    assert taken == (Grant(2, Permission.CONTROL, UNTIL),)
    assert left.live(Permission.VIEW, NOW) == Grant(1, Permission.VIEW, UNTIL)


def test_withdrawing_the_view_takes_what_requires_it() -> None:
    left, taken = withdrawn(CONTROLLING, Permission.VIEW)
    assert {grant.permission for grant in taken} == {Permission.VIEW, Permission.CONTROL}
    assert left.grants == ()


@given(st.lists(st.tuples(st.sampled_from(["allow", "refuse", "withdraw"]), st.sampled_from(Permission)), max_size=20))
def test_no_order_of_events_leaves_a_right_without_what_it_requires(steps: list[tuple[str, Permission]]) -> None:
    consent, number = Consent(), 0
    for what, permission in steps:
        if what == "withdraw":
            consent, _ = withdrawn(consent, permission)
            continue
        number += 1
        if may_ask(consent, number, permission, NOW) == Allow():
            before = consent.grants
            consent = asked(consent, number)
            consent = granted(consent, permission, UNTIL) if what == "allow" else refused(consent)
            assert what == "allow" or consent.grants == before
    if consent.grants:
        assert consent.live(Permission.VIEW, NOW) is not None
