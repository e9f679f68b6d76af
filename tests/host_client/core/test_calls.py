"""Requests to be called at the host: who is believed, what the person reads, and that nothing is opened."""

from dataclasses import replace
from typing import Any

import pytest

from audit.events import host as log
from host_client.core.commands import Command, Record, SendControl, Tell
from host_client.core.events import ControlClosed, ControlOpened
from host_client.link import CallsRead, CancelHelp, GetHelp, ShowCalls, ShowCode
from policy.decision import Reason
from policy.purpose import Purpose
from tests.helpers.host_core import BROKER, HOST, LEAF, TECHNICIAN, Stage
from tests.helpers.views import device, technician
from trust.signatures import Ed25519Signer
from wire.limits import CALL_CLOCK_SECONDS, CALL_SECONDS, CALLS_MAX
from wire.messages.call import CallAsked, CallSeen, CallWanted
from wire.messages.presence import Welcome
from wire.messages.ticket import TicketClose, TicketOpen
from wire.statements import Label

LINE = "Ann, Acme: Fault or error message, case CASE-1"


def wanted(stage: Stage, **changed: Any) -> CallWanted:
    return replace(CallWanted(TECHNICIAN, HOST, BROKER, Purpose.FAULT, "CASE-1", int(stage.now.utc)), **changed)


def asked(stage: Stage, part: object = None, signer: Ed25519Signer | None = None, label: Label = Label.CALL_WANTED) -> list[Command]:
    return stage.hears(CallAsked(TECHNICIAN, (signer or stage.device).sign(label, part or wanted(stage))))


def online() -> Stage:
    stage = Stage()
    stage.online()
    return stage


def lines(stage: Stage) -> tuple[str, ...]:
    return stage.told(ShowCalls)[-1].lines


def test_it_is_recorded_then_shown_with_the_verified_name_and_then_reported() -> None:
    stage = online()
    did = asked(stage)
    assert [type(each) for each in did] == [Record, Tell, SendControl]
    assert lines(stage) == (LINE,)
    assert stage.to_broker(CallSeen) == [CallSeen(TECHNICIAN, int(stage.now.utc), shown=True)]
    shown = log.CallShown(technician_id=TECHNICIAN, name="Ann", company="Acme", purpose=Purpose.FAULT, case_reference="CASE-1")
    assert stage.logged(log.CallShown) == [shown]
    assert stage.to_broker(TicketOpen) == []


def ignored(stage: Stage, *arguments: Any, **changed: Any) -> tuple[Reason, list[CallSeen]]:
    asked(stage, *arguments, **changed)
    assert stage.told(ShowCalls) == []
    assert stage.logged(log.CallShown) == []
    (refusal,) = stage.logged(log.Refusal)
    assert refusal.about == "call_asked"
    return refusal.reason, stage.to_broker(CallSeen)


def test_a_broker_that_makes_one_up_is_not_believed() -> None:
    assert ignored(online(), None, Ed25519Signer(b"x" * 32)) == (Reason.SIGNATURE_INVALID, [])
    assert ignored(online(), None, None, Label.DEVICE_HELLO) == (Reason.SIGNATURE_INVALID, [])
    stage = online()
    assert ignored(stage, TicketClose("482913")) == (Reason.MALFORMED, [])
    for changed in ({"technician_id": "t-other"}, {"host_id": "h-2"}, {"broker_id": "b-2"}):
        stage = online()
        assert ignored(stage, wanted(stage, **changed)) == (Reason.IDENTITY_NOT_PROVEN, [])


@pytest.mark.parametrize("age", [CALL_SECONDS + 1, -CALL_CLOCK_SECONDS - 1])
def test_one_of_another_day_is_not_shown(age: int) -> None:
    stage = online()
    at = int(stage.now.utc) - age
    assert ignored(stage, wanted(stage, at=at)) == (Reason.WRONG_MOMENT, [CallSeen(TECHNICIAN, at, shown=False)])


def test_one_that_was_said_before_is_not_shown_again() -> None:
    stage = online()
    asked(stage)
    stage.says(CallsRead())
    asked(stage)
    assert stage.told(ShowCalls) == []
    assert stage.logged(log.Refusal)[-1].reason is Reason.WRONG_MOMENT


def test_a_technician_who_may_not_come_here_is_not_shown() -> None:
    stage = Stage(groups=("red",))
    stage.online()
    reason, seen = ignored(stage)
    assert reason is Reason.NOT_ASSIGNED
    assert seen == [CallSeen(TECHNICIAN, int(stage.now.utc), shown=False)]


def test_it_waits_until_somebody_can_read_it_and_is_recorded_once() -> None:
    stage = Stage()
    stage.give(ControlOpened(LEAF))
    greeting = stage.greeting()
    stage.hears(stage.papers())
    stage.hears(greeting)
    stage.hears(Welcome(True, int(stage.now.utc)))
    asked(stage)
    assert (stage.told(ShowCalls), stage.to_broker(CallSeen)) == ([], [])
    stage.desk_comes()
    assert lines(stage) == (LINE,)
    assert len(stage.to_broker(CallSeen)) == 1
    stage.desk_comes()
    assert lines(stage) == (LINE,)
    assert (stage.to_broker(CallSeen), len(stage.logged(log.CallShown))) == ([], 1)


def test_nothing_is_said_over_a_code_and_get_help_puts_it_away() -> None:
    stage = online()
    stage.code()
    asked(stage)
    assert stage.told(ShowCalls) == []
    stage.says(CancelHelp())
    assert lines(stage) == (LINE,)
    stage.says(GetHelp())
    assert lines(stage) == ()
    assert stage.logged(log.CallsPutAway) == [log.CallsPutAway(count=1)]
    assert stage.told(ShowCode) == []


def test_what_was_read_goes_and_a_second_word_says_nothing() -> None:
    stage = online()
    asked(stage)
    stage.says(CallsRead())
    assert lines(stage) == ()
    stage.says(CallsRead())
    assert stage.did == []


def test_what_cannot_be_recorded_is_not_shown_and_not_reported() -> None:
    stage = online()
    stage.disk = False
    asked(stage)
    assert (stage.told(ShowCalls), stage.to_broker(CallSeen)) == ([], [])
    stage.disk = True
    stage.desk_comes()
    assert lines(stage) == (LINE,)


def test_it_goes_when_its_day_is_over_and_nothing_is_shown_without_a_broker() -> None:
    stage = online()
    asked(stage)
    stage.give(ControlClosed(False))
    assert stage.told(ShowCalls) == []
    stage.wait(CALL_SECONDS + 1)
    stage.online()
    assert lines(stage) == ()


def test_the_newest_few_are_shown() -> None:
    stage = online()
    signers = [Ed25519Signer(bytes([number]) * 32) for number in range(1, CALLS_MAX + 2)]
    persons = tuple(
        technician(f"t-{place}", "blue", devices=(device(each.public_key),), name=f"Ann {place}", company="Acme")
        for place, each in enumerate(signers)
    )
    stage.hears(stage.papers(technicians=persons))
    for place, each in enumerate(signers):
        stage.wait(1)
        part = wanted(stage, technician_id=f"t-{place}")
        stage.hears(CallAsked(f"t-{place}", each.sign(Label.CALL_WANTED, part)))
    assert [line.split(",")[0] for line in lines(stage)] == [f"Ann {place}" for place in range(CALLS_MAX, 0, -1)]
