"""How events are declared, bounded and put into sentences."""

from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from audit.events import EVENTS, accounts, broker, host, visit
from audit.events.shape import CUT, Event, Outcome, bounded, event, name_of, outcome_of, sentence
from audit.sentence import Message
from policy.decision import Reason
from policy.permissions import Permission
from tests.helpers.sample_events import sample


def test_a_name_is_never_used_twice() -> None:
    with pytest.raises(ValueError, match="two events are called signed_in"):

        @event("signed_in")
        class Again:
            """Not again."""

    assert EVENTS["signed_in"] is broker.SignedIn


def test_a_field_without_a_place_in_an_entry_is_found_at_once() -> None:
    with pytest.raises(TypeError, match="no place"):

        @event("weighed")
        class Weighed:
            """A float is not canonical."""

            grams: float

    assert "weighed" not in EVENTS


def test_every_event_knows_its_name() -> None:
    assert {name_of(sample(name)) for name in EVENTS} == set(EVENTS)


def test_what_is_no_event_has_no_name() -> None:
    @dataclass
    class Plain:
        pass

    with pytest.raises(KeyError):
        name_of(Plain())


def test_an_event_with_a_reason_was_refused() -> None:
    step = visit.AdmissionStep(session_id="", ticket="1", technician_id="t", host_id="h", step=1, reason=None)
    assert outcome_of(step) is Outcome.DONE
    assert outcome_of(cast(Event, cast(Any, visit.AdmissionStep)(**_fields(step) | {"reason": Reason.NOT_ASSIGNED}))) is Outcome.REFUSED
    assert outcome_of(host.CodeOver(ticket="1", reason=Reason.CODE_USED)) is Outcome.ENDED
    assert outcome_of(host.CodeTried(ticket="1", tries_left=2)) is Outcome.REFUSED


def _fields(happened: Event) -> dict[str, object]:
    return {name: getattr(happened, name) for name in happened.__dataclass_fields__}


def test_long_text_is_cut_with_a_mark_and_short_text_is_left() -> None:
    assert bounded(broker.BrokerStopped(broker_id="x" * 64)) == broker.BrokerStopped(broker_id="x" * 64)
    assert bounded(broker.BrokerStopped(broker_id="x" * 65)) == broker.BrokerStopped(broker_id="x" * 63 + CUT)


def test_half_characters_and_long_lists_are_cut_too() -> None:
    shown = cast(host.PromptShown, sample("prompt_shown"))
    many = bounded(cast(Event, cast(Any, host.PromptShown)(**_fields(shown) | {"prompt": ("\ud800", "y" * 2000) * 20})))
    prompt = cast(host.PromptShown, many).prompt
    assert len(prompt) == 20
    assert prompt[0] == "?"
    assert prompt[1] == "y" * 999 + CUT


def test_a_sentence_names_messages_for_closed_lists_and_words_to_select_by() -> None:
    said = sentence(sample("answered", bare=True))
    assert said.id == "event-answered"
    assert said.arguments["permission"] == Message(f"permission-{next(iter(Permission)).value}")
    assert said.arguments["permission_is"] == next(iter(Permission)).value
    assert (said.arguments["reason"], said.arguments["reason_is"]) == ("none", "none")
    assert said.arguments["signature"] == "01" * 16
    assert said.arguments["ask"] == 1
    full = sentence(sample("answered")).arguments
    assert full["prompt"] == "x-1 / x-1"
    assert full["prompt_is"] == "some"


def test_a_sentence_can_select_by_an_empty_list() -> None:
    given = cast(accounts.RoleGiven, sample("role_given"))
    assert sentence(given).arguments["sites_is"] == "some"
    assert sentence(replace(given, sites=())).arguments["sites_is"] == "none"


@pytest.mark.parametrize(("listed", "word"), [(True, "word-yes"), (False, "word-no")])
def test_a_truth_value_is_said_as_yes_or_no(listed: bool, word: str) -> None:
    said = sentence(broker.HostConnected(host_id="h", address="a", listed=listed))
    assert said.arguments["listed"] == Message(word)
