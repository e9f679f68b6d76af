"""The way back: opened by itself after the start, once, for one technician with one device, and nothing is seen without a new yes."""

from dataclasses import replace

import pytest

from audit.events import host as log
from host_client.core.events import Fired, ReturnFound, Timer
from host_client.link import CancelHelp, GetHelp, ShowCode, ShowCodeOver, ShowPrompt, ShowSummary
from host_client.link_restart import ShowReturning
from policy.decision import Reason
from policy.permissions import Permission
from tests.helpers.host_core import TECHNICIAN, Stage
from tests.helpers.restarted import asked_to_restart, code_kept, comes_back, counted_down, opened, payload_of, started_again
from trust.signatures import Ed25519Signer
from wire.code import first_half_digest
from wire.messages.presence import Refused
from wire.messages.ticket import TicketBurnt, TicketClose, TicketOpen, TicketOpened, TicketSpent
from wire.schema import decode, encode
from wire.sealed.returning import ReturnPayload
from wire.statements import Label, Statement


@pytest.fixture(name="before", scope="module")
def restarted() -> Stage:
    """A host that was told to restart. Nobody changes it."""
    stage = Stage()
    asked_to_restart(stage)
    assert counted_down(stage)
    return stage


def kept(before: Stage) -> ReturnPayload:
    assert before.returning is not None
    return payload_of(decode(before.returning, Statement), before)


def signed(payload: object, signer: Ed25519Signer, label: Label = Label.RETURN_TICKET) -> bytes:
    return encode(signer.sign(label, payload))


def over(stage: Stage) -> list[Reason]:
    return [each.reason for each in stage.logged(log.ReturnOver)]


def test_it_is_opened_as_a_code_whose_halves_only_the_ends_know_and_the_desk_shows_for_whom(before: Stage) -> None:
    code, stage = code_kept(before), started_again(before)
    asked = opened(stage)
    assert asked.ticket == code.ticket
    assert asked.first_half_digest == first_half_digest(asked.salt, code.first)
    stage.hears(TicketOpened(code.ticket, 600))
    (shown,) = stage.told(ShowReturning)
    assert (shown.technician, shown.company, shown.seconds) == ("Ann", "Acme", 540)
    assert stage.logged(log.ReturnOpened) == [log.ReturnOpened(ticket=code.ticket, technician_id=TECHNICIAN, seconds=540)]
    assert not stage.logged(log.CodeShown)
    assert not stage.told(ShowCode)


def test_whoever_comes_back_is_asked_for_the_view_anew(before: Stage) -> None:
    stage = started_again(before)
    far = comes_back(stage, code_kept(before))
    far.identify()
    assert stage.to_broker(TicketSpent)
    far.ask(Permission.VIEW)
    assert stage.told(ShowPrompt)[0].permission is Permission.VIEW
    assert not stage.logged(log.CaptureStarted)


@pytest.mark.parametrize("wrong", ["device", "technician"])
def test_somebody_else_who_holds_it_ends_the_visit_and_it_is_worth_nothing_any_more(before: Stage, wrong: str) -> None:
    changed = replace(kept(before), technician_id="t-bob") if wrong == "technician" else None
    stolen = replace(kept(before), device=replace(kept(before).device, key=bytes(32))) if changed is None else changed
    stage = Stage(now=before.now.after(60))
    stage.trusted.person = lambda *given: type(stage.trusted).person(stage.trusted, TECHNICIAN, given[1])  # type: ignore[method-assign]
    stage.give(ReturnFound(signed(stolen, stage.key)))
    stage.online()
    far = comes_back(stage, code_kept(before))
    far.identify()
    assert [each.reason for each in stage.logged(log.Refusal)] == [Reason.RETURN_NOT_YOURS]
    assert stage.to_broker(TicketBurnt)
    assert stage.core.visit is None
    assert not stage.logged(log.IdentityProven)
    assert [each.reason for each in stage.told(ShowCodeOver)] == [Reason.CODE_BURNT]


@pytest.mark.parametrize("seconds", [600, 10_000, -3600])
def test_an_old_one_and_one_from_the_future_lead_nowhere(before: Stage, seconds: int) -> None:
    stage = Stage(now=before.now.after(float(seconds)))
    assert before.returning is not None
    stage.give(ReturnFound(before.returning))
    stage.online()
    assert over(stage) == [Reason.CODE_EXPIRED]
    assert not stage.to_broker(TicketOpen)


@pytest.mark.parametrize("damage", ["nothing", "cut", "signature", "label", "other host", "too long", "other part"])
def test_one_that_is_not_what_this_host_signed_leads_nowhere(before: Stage, damage: str) -> None:
    payload, key = kept(before), before.key
    assert before.returning is not None
    found = {
        "nothing": b"",
        "cut": before.returning[:-10],
        "signature": signed(payload, Ed25519Signer(b"x" * 32)),
        "label": signed(payload, key, Label.SESSION_HOST),
        "other host": signed(replace(payload, host_id="h-2"), key),
        "too long": signed(replace(payload, seconds=601), key),
        "other part": signed(payload.device, key),
    }[damage]
    stage = Stage(now=before.now.after(60))
    stage.give(ReturnFound(found))
    stage.online()
    assert over(stage) == [Reason.RETURN_INVALID]
    assert not stage.to_broker(TicketOpen)


def test_somebody_who_left_meanwhile_does_not_come_back(before: Stage) -> None:
    stage = Stage(now=before.now.after(60))
    assert before.returning is not None
    stage.give(ReturnFound(before.returning))
    stage.online(stage.papers(technicians=()))
    assert over(stage) == [Reason.NOT_ASSIGNED]


def test_it_waits_until_somebody_is_logged_in_and_no_longer_than_it_is_good(before: Stage) -> None:
    stage = started_again(before)
    late = Stage(now=before.now.after(60))
    assert before.returning is not None
    late.give(ReturnFound(before.returning))
    late.give(Fired(Timer.RETURN))
    assert over(late) == [Reason.CODE_EXPIRED]
    late.online()
    assert not late.to_broker(TicketOpen)
    assert opened(stage).ticket


def test_one_that_ran_out_just_before_the_desk_came_is_over(before: Stage) -> None:
    stage = Stage(now=before.now.after(60))
    assert before.returning is not None
    stage.give(ReturnFound(before.returning))
    stage.wait(600)
    stage.online()
    assert over(stage) == [Reason.CODE_EXPIRED]


def test_the_person_takes_it_back_or_asks_for_a_code_instead(before: Stage) -> None:
    stage, code = started_again(before), code_kept(before)
    stage.hears(TicketOpened(code.ticket, 600))
    stage.says(CancelHelp())
    assert [each.ticket for each in stage.to_broker(TicketClose)] == [code.ticket]
    stage = started_again(before)
    stage.hears(TicketOpened(code.ticket, 600))
    stage.says(GetHelp())
    assert [each.ticket for each in stage.to_broker(TicketClose)] == [code.ticket]
    assert opened(stage).ticket is None


def test_a_new_code_drops_one_that_still_waits(before: Stage) -> None:
    stage = Stage(now=before.now.after(60))
    stage.online()
    assert before.returning is not None
    stage.give(ReturnFound(before.returning))
    stage.code()
    assert over(stage) == [Reason.RETURN_INVALID]


def test_it_is_opened_once_whatever_becomes_of_it(before: Stage) -> None:
    stage, code = started_again(before), code_kept(before)
    stage.hears(TicketOpened(code.ticket, 600))
    stage.lose_control_socket()
    stage.online()
    assert not stage.to_broker(TicketOpen)


def test_a_broker_that_knows_the_number_already_or_gives_another_opens_nothing(before: Stage) -> None:
    stage = started_again(before)
    stage.hears(Refused("ticket_open", Reason.CODE_USED))
    assert over(stage) == [Reason.CODE_USED]
    assert not stage.told(ShowCodeOver)
    stage = started_again(before)
    stage.hears(TicketOpened("000000", 600))
    assert [each.ticket for each in stage.to_broker(TicketClose)] == ["000000"]
    assert not stage.told(ShowReturning)


def test_a_restart_leaves_a_goodbye_as_any_end_does(before: Stage) -> None:
    assert before.told(ShowSummary)
