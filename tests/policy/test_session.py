"""The transition table: what it allows, and that everything else is a refusal."""

from hypothesis import given
from hypothesis import strategies as st

from policy.decision import Deny, Reason
from policy.session import TRANSITIONS, SessionEvent, SessionState, advance

S, E = SessionState, SessionEvent


def walk(*events: SessionEvent) -> SessionState | Deny:
    state: SessionState = S.IDLE
    for event in events:
        after = advance(state, event)
        if isinstance(after, Deny):
            return after
        state = after
    return state


def test_a_whole_visit_walks_from_code_to_goodbye() -> None:
    assert (
        walk(E.CODE_SHOWN, E.CLAIMED, E.IDENTITIES_PROVEN, E.VIEW_ASKED, E.VIEW_ALLOWED, E.MORE_ASKED, E.MORE_ANSWERED, E.ENDED) is S.ENDED
    )


def test_a_failed_agreement_leaves_the_visit_admitted_for_the_next_run() -> None:
    assert walk(E.CODE_SHOWN, E.CLAIMED, E.AGREEMENT_FAILED) is S.ADMITTED


def test_nobody_is_asked_before_both_ends_have_proven_themselves() -> None:
    leading_to_asking = {state for (state, _), after in TRANSITIONS.items() if after is S.ASKING}
    assert leading_to_asking == {S.SEALED}
    leading_to_sealed = {event for (_, event), after in TRANSITIONS.items() if after is S.SEALED}
    assert leading_to_sealed == {E.IDENTITIES_PROVEN}


def test_viewing_is_reached_only_by_an_allowed_view() -> None:
    into = {(state, event) for (state, event), after in TRANSITIONS.items() if after is S.VIEWING and state is not S.VIEWING}
    assert into == {(S.ASKING, E.VIEW_ALLOWED)}


def test_a_refused_view_ends_the_visit() -> None:
    assert walk(E.CODE_SHOWN, E.CLAIMED, E.IDENTITIES_PROVEN, E.VIEW_ASKED, E.VIEW_REFUSED) is S.ENDED


def test_nothing_follows_the_end() -> None:
    for event in SessionEvent:
        assert advance(S.ENDED, event) == Deny(Reason.SESSION_OVER)


def test_every_state_that_is_not_idle_or_over_can_end() -> None:
    for state in set(SessionState) - {S.IDLE, S.ENDED}:
        assert advance(state, E.ENDED) is S.ENDED


@given(st.sampled_from(SessionState), st.sampled_from(SessionEvent))
def test_what_the_table_does_not_name_is_refused(state: SessionState, event: SessionEvent) -> None:
    after = advance(state, event)
    if (state, event) in TRANSITIONS:
        assert after is TRANSITIONS[state, event]
    else:
        assert isinstance(after, Deny)


@given(st.lists(st.sampled_from(SessionEvent), max_size=12))
def test_no_order_of_events_reaches_viewing_without_code_claim_proof_and_consent(events: list[SessionEvent]) -> None:
    state: SessionState = S.IDLE
    taken: list[SessionEvent] = []
    for event in events:
        after = advance(state, event)
        if isinstance(after, Deny):
            continue
        state = after
        taken.append(event)
    if state is S.VIEWING:
        assert [event for event in taken if event in (E.CODE_SHOWN, E.CLAIMED, E.IDENTITIES_PROVEN, E.VIEW_ASKED, E.VIEW_ALLOWED)] == [
            E.CODE_SHOWN,
            E.CLAIMED,
            E.IDENTITIES_PROVEN,
            E.VIEW_ASKED,
            E.VIEW_ALLOWED,
        ]
