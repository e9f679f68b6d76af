"""The numbered admission steps: each denies for its own reason, and nothing is looked at after the first that does."""

from dataclasses import replace

import pytest

from policy.admission import AdmissionRules, Said, Step, TechnicianFacts, TicketFacts, admission_steps, host_steps
from policy.decision import Allow, Deny, Reason
from policy.documents import HostFacts
from policy.permissions import Permission

ANA = TechnicianFacts("t-ana", True, 10.0, True, True, True, frozenset({"haematology"}))
HOST = HostFacts("h-1", "haematology", listed=True, phi=False)
TICKET = TicketFacts(Allow(), True)
RULES = AdmissionRules()
SILENT = Said(Allow(), Allow(), Allow())


def last(
    technician: TechnicianFacts = ANA, host: HostFacts = HOST, online: bool = True, ticket: TicketFacts = TICKET, said: Said = SILENT
) -> Step:
    return list(admission_steps(technician, host, online, ticket, RULES, said))[-1]


def test_everything_in_order_walks_all_eight_steps() -> None:
    steps = list(admission_steps(ANA, HOST, True, TICKET, RULES, SILENT))
    assert [step.number for step in steps] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(step.decision == Allow() for step in steps)


@pytest.mark.parametrize(
    ("technician", "step", "reason"),
    [
        (replace(ANA, signed_in=False), 1, Reason.NOT_SIGNED_IN),
        (replace(ANA, factor_age=None), 1, Reason.SECOND_FACTOR_STALE),
        (replace(ANA, factor_age=301.0), 1, Reason.SECOND_FACTOR_STALE),
        (replace(ANA, device_recognised=False), 2, Reason.DEVICE_NOT_RECOGNISED),
        (replace(ANA, listed=False), 3, Reason.NOT_ASSIGNED),
        (replace(ANA, active=False), 3, Reason.NOT_ASSIGNED),
        (replace(ANA, groups=frozenset()), 5, Reason.NOT_ASSIGNED),
    ],
)
def test_each_fault_of_the_technician_stops_at_its_own_step(technician: TechnicianFacts, step: int, reason: Reason) -> None:
    assert last(technician) == Step(step, Deny(reason))


def test_a_host_that_is_not_listed_or_not_there_stops_at_step_four() -> None:
    assert last(host=replace(HOST, listed=False)) == Step(4, Deny(Reason.HOST_NOT_LISTED))
    assert last(online=False) == Step(4, Deny(Reason.HOST_OFFLINE))


def test_what_signed_documents_say_stops_at_its_own_step_and_repairs_nothing() -> None:
    untrained = replace(SILENT, trained=Deny(Reason.TRAINING_EXPIRED))
    assert last(said=untrained) == Step(3, Deny(Reason.TRAINING_EXPIRED))
    assert last(replace(ANA, active=False), said=untrained) == Step(3, Deny(Reason.NOT_ASSIGNED))
    paused = replace(SILENT, open=Deny(Reason.BLACK_OUT))
    assert last(said=paused) == Step(4, Deny(Reason.BLACK_OUT))
    assert last(online=False, said=paused) == Step(4, Deny(Reason.HOST_OFFLINE))
    assert last(said=replace(SILENT, allowed=Deny(Reason.OUTSIDE_HOURS))) == Step(6, Deny(Reason.OUTSIDE_HOURS))


def test_a_bad_code_stops_at_step_seven_and_a_missing_reason_at_eight() -> None:
    assert last(ticket=TicketFacts(Deny(Reason.CODE_WRONG), True)) == Step(7, Deny(Reason.CODE_WRONG))
    assert last(ticket=TicketFacts(Allow(), False)) == Step(8, Deny(Reason.REASON_MISSING))


def test_the_host_repeats_steps_three_to_six_for_the_permission_asked() -> None:
    steps = list(host_steps(ANA, HOST, Permission.CONTROL, SILENT))
    assert [step.number for step in steps] == [3, 4, 5, 6]
    assert list(host_steps(replace(ANA, active=False), HOST, Permission.VIEW, SILENT)) == [Step(3, Deny(Reason.NOT_ASSIGNED))]
    phi = replace(HOST, phi=True)
    assert list(host_steps(ANA, phi, Permission.FILE_TO_HOST, SILENT))[-1] == Step(6, Deny(Reason.PHI_POLICY))


def test_what_documents_say_closes_step_4_and_step_6_and_repairs_nothing() -> None:
    untrained = replace(SILENT, trained=Deny(Reason.TRAINING_EXPIRED))
    assert list(host_steps(ANA, HOST, Permission.VIEW, untrained))[-1] == Step(3, Deny(Reason.TRAINING_EXPIRED))
    paused = replace(SILENT, open=Deny(Reason.BLACK_OUT))
    assert list(host_steps(ANA, HOST, Permission.VIEW, paused))[-1] == Step(4, Deny(Reason.BLACK_OUT))
    closed = replace(SILENT, allowed=Deny(Reason.SITE_POLICY))
    assert list(host_steps(ANA, HOST, Permission.VIEW, closed))[-1] == Step(6, Deny(Reason.SITE_POLICY))
    unlisted = replace(HOST, listed=False)
    assert list(host_steps(ANA, unlisted, Permission.VIEW, paused))[-1] == Step(4, Deny(Reason.HOST_NOT_LISTED))
