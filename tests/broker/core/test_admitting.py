"""The claim of a code: steps, guesses, reservations, and what happens when the world changes while it is recorded."""

from dataclasses import replace

import pytest

from audit.events import broker as log
from audit.events.people import GuessingBraked
from audit.events.visit import AdmissionStep
from broker.core.commands import AddUnclosed, Draw, FindSignIn, KeepTally, MarkClosed, Record, SignInFacts, SignInId
from broker.core.events import Closed
from policy.decision import Reason
from policy.one_time import TicketState
from policy.purpose import Purpose
from policy.session import EndCause
from policy.throttle import CODE_BRAKE_ADDRESS, CODE_BRAKE_GLOBAL, CODE_BRAKE_TECHNICIAN
from tests.helpers.broker_core import HOST, TECHNICIAN, Table, believed, control, messages, noted, one, refused, unlisted
from tests.helpers.broker_second import bob_in, claim_as_bob, code_of, met
from tests.helpers.playbook import Playbook, Reply
from trust.view import Technician
from wire.messages.ticket import SessionOffered, TicketAdmitted, TicketClaim, TicketClose, TicketOver, TicketTried


def steps(commands: list[object]) -> list[tuple[int, Reason | None]]:
    return [(event.step, event.reason) for event in noted(commands) if isinstance(event, AdmissionStep)]


def test_eight_steps_are_recorded_and_then_both_ends_get_their_pass() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    commands = table.claim(console, table.ticket(host))
    assert steps(commands) == [(number, None) for number in range(1, 9)]
    kinds = [type(command).__name__ for command in commands]
    assert kinds.index("Record") < kinds.index("Send")
    offered, admitted = one(commands, SessionOffered), one(commands, TicketAdmitted)
    assert offered.session_id == admitted.session_id
    assert offered.socket_pass != admitted.socket_pass
    assert (admitted.host_id, admitted.host_name, offered.technician_id) == (HOST, "Analyser", TECHNICIAN)


def denied(table: Table, half: str = "K7QF", case: str = "CASE-1") -> list[tuple[int, Reason | None]]:
    """Claim with everything set up; the last step, after seeing that the reason was told."""
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    commands = table.claim(console, number, half, case)
    last = steps(commands)[-1]
    assert refused(commands) == [last[1]]
    assert table.board.visits == {}
    return [last]


@pytest.mark.parametrize(("facts", "reason"), [(None, Reason.NOT_SIGNED_IN), (SignInFacts(TECHNICIAN, 301.0), Reason.SECOND_FACTOR_STALE)])
def test_step_1_wants_a_sign_in_with_a_fresh_factor(facts: SignInFacts | None, reason: Reason) -> None:
    assert denied(Table(facts=facts)) == [(1, reason)]


def test_step_7_wants_the_right_half_and_step_8_a_reason() -> None:
    assert denied(Table(), half="AAAA") == [(7, Reason.CODE_WRONG)]
    assert denied(Table(), case="   ") == [(8, Reason.REASON_MISSING)]


def claimed_after(table: Table, change: Technician | None) -> list[tuple[int, Reason | None]]:
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    table.board.believed = None if change is None else believed(change, table.listed)
    return steps(table.claim(console, number))[-1:]


def test_steps_2_to_5_look_at_the_documents_as_they_stand_now() -> None:
    table = Table()
    assert claimed_after(Table(), replace(table.person, authenticators=())) == [(2, Reason.DEVICE_NOT_RECOGNISED)]
    assert claimed_after(Table(), None) == [(2, Reason.DEVICE_NOT_RECOGNISED)]
    assert claimed_after(Table(), replace(table.person, active=False)) == [(3, Reason.NOT_ASSIGNED)]
    assert claimed_after(Table(), replace(table.person, groups=("red",))) == [(5, Reason.NOT_ASSIGNED)]


def test_step_4_wants_a_listed_host() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    unlisted(table)
    assert steps(table.claim(console, number))[-1] == (4, Reason.HOST_NOT_LISTED)


def test_a_number_that_nobody_was_given_is_answered_like_a_wrong_half() -> None:
    table = Table()
    console = table.console_in()
    commands = table.claim(console, "000000")
    assert refused(commands) == [Reason.CODE_WRONG]
    assert [type(command) for command in commands if isinstance(command, KeepTally)] == [KeepTally] * 3
    table.board.believed = believed(replace(table.person, groups=()), table.listed)
    assert refused(table.claim(console, "000000")) == [Reason.CODE_WRONG]


def test_who_guesses_at_a_strangers_ticket_learns_nothing_of_it_and_burns_nothing() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    table.board.believed = believed(replace(table.person, groups=("red",)), table.listed)
    wrong, nobodys = table.claim(console, number, "AAAA"), table.claim(console, "000000")
    assert steps(wrong)[-1] == (5, Reason.NOT_ASSIGNED)
    assert refused(wrong) == refused(nobodys) == [Reason.CODE_WRONG]
    assert messages(wrong, TicketTried) == []
    assert len([each for each in wrong if isinstance(each, KeepTally)]) == 3
    assert table.board.tickets[number].standing.tries_used() == 0
    assert refused(table.claim(console, number)) == [Reason.NOT_ASSIGNED]


def test_a_braked_technician_hears_of_the_brake_alone() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    table.board.believed = believed(replace(table.person, groups=("red",)), table.listed)
    for _ in range(CODE_BRAKE_TECHNICIAN.failures):
        table.claim(console, number, "AAAA")
    commands = table.claim(console, number, "AAAA")
    assert refused(commands) == [Reason.TOO_MANY_TRIES]
    assert [each for each in commands if isinstance(each, KeepTally)] == []


def test_a_wrong_half_costs_a_try_and_the_host_hears_it() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    commands = table.claim(console, number, "AAAA")
    assert one(commands, TicketTried) == TicketTried(number, 4)
    assert log.TicketTried(technician_id=TECHNICIAN, ticket=number, tries_left=4, reason=Reason.CODE_WRONG) in noted(commands)


def test_the_fifth_wrong_half_burns_the_code() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    standing = table.board.tickets[number].standing
    table.board.tickets[number].standing = type(standing)(standing.opened, tries=(("t-b", 2), ("t-c", 2)))
    commands = table.claim(console, number, "AAAA")
    assert one(commands, TicketOver) == TicketOver(number, Reason.CODE_BURNT)
    assert refused(table.claim(console, number)) == [Reason.CODE_BURNT]


def test_a_wrong_half_for_a_code_that_is_shown_no_more_tells_nobody() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    assert host.host is not None
    host.host.ticket = None
    assert messages(table.claim(console, number, "AAAA"), TicketTried) == []


def test_an_expired_code_is_refused_though_it_is_right() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    table.wait(600)
    assert refused(table.claim(console, number)) == [Reason.CODE_EXPIRED]


SUBJECTS = {
    f"code {TECHNICIAN}": CODE_BRAKE_TECHNICIAN,
    "code from 192.0.2.2": CODE_BRAKE_ADDRESS,
    "code everybody": CODE_BRAKE_GLOBAL,
}


def braked(table: Table, subject: str) -> None:
    for _ in range(SUBJECTS[subject].failures):
        table.board.count_failure(subject, SUBJECTS[subject], table.now)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_who_guessed_too_often_waits_and_a_right_code_does_not_help(subject: str) -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    assert refused(table.claim(console, "000000")) == [Reason.CODE_WRONG]
    braked(table, subject)
    assert refused(table.claim(console, number)) == [Reason.TOO_MANY_TRIES]
    assert refused(table.claim(console, "000000")) == [Reason.TOO_MANY_TRIES]


@pytest.mark.parametrize("subject", ["code from 192.0.2.2", "code everybody"])
def test_who_never_guessed_wrong_is_not_held_by_what_others_did(subject: str) -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    braked(table, subject)
    assert refused(table.claim(console, number)) == []


def test_a_brake_that_many_pull_tells_once_when_it_begins_to_hold() -> None:
    table = Table()
    console = table.console_in()
    for subject in ("code from 192.0.2.2", "code everybody"):
        for _ in range(SUBJECTS[subject].failures - 1):
            table.board.count_failure(subject, SUBJECTS[subject], table.now)
    assert [each for each in noted(table.claim(console, "000000")) if isinstance(each, GuessingBraked)] == [
        GuessingBraked(address="192.0.2.2", reason=Reason.TOO_MANY_TRIES, seconds=3600),
        GuessingBraked(address=None, reason=Reason.TOO_MANY_TRIES, seconds=60),
    ]


def test_of_two_right_halves_at_once_one_is_admitted() -> None:
    table = Table()
    host = table.host_in()
    first, second = table.console_in(), table.console_in(SignInId(b"another"))
    number = table.ticket(host)
    said = control(TicketClaim(number, "K7QF", Purpose.FAULT, "CASE-1"))
    book = Playbook(first.handle, table.now) >> said
    (book << FindSignIn >> Reply(table.facts)) << Draw >> Reply(bytes(80)) << AddUnclosed >> Reply(True) << Record
    assert refused(table.claim(second, number)) == [Reason.CODE_RESERVED]
    assert one((book >> Reply(True)).drain(table.answer), TicketAdmitted).host_id == HOST


def test_what_cannot_be_recorded_does_not_happen_and_the_code_stays_open() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    table.durable = False
    assert refused(table.claim(console, number)) == [Reason.LOG_UNAVAILABLE]
    assert table.board.visits == {}
    assert table.board.tickets[number].standing.state is TicketState.OPEN


def test_a_host_that_leaves_while_the_steps_are_recorded_is_not_visited() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    book = Playbook(console.handle, table.now) >> control(TicketClaim(number, "K7QF", Purpose.FAULT, "CASE-1"))
    (book << FindSignIn >> Reply(table.facts)) << Draw >> Reply(bytes(80)) << AddUnclosed >> Reply(True) << Record
    table.run(host, Closed())
    commands = (book >> Reply(True)).drain(table.answer)
    assert refused(commands) == [Reason.HOST_OFFLINE]
    assert table.board.visits == {}
    assert table.board.tickets[number].standing.state is TicketState.CLOSED


def test_one_console_has_one_visit_and_a_stopping_broker_begins_none() -> None:
    table = Table()
    meeting = table.meet()
    assert refused(table.claim(meeting.console, meeting.visit.ticket)) == [Reason.WRONG_MOMENT]
    other = Table()
    console = other.console_in()
    other.board.stopping = True
    assert refused(other.claim(console, "000000")) == [Reason.WRONG_MOMENT]


def test_a_host_that_is_struck_off_while_recorded_is_named_by_its_id() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    book = Playbook(console.handle, table.now) >> control(TicketClaim(number, "K7QF", Purpose.FAULT, "CASE-1"))
    (book << FindSignIn >> Reply(table.facts)) << Draw >> Reply(bytes(80)) << AddUnclosed >> Reply(True) << Record
    unlisted(table)
    assert one((book >> Reply(True)).drain(table.answer), TicketAdmitted).host_name == HOST


def test_whoever_knows_the_code_of_a_host_in_doubt_is_told_why_it_opens_nothing() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    table.board.doubted[HOST] = True
    assert refused(table.claim(console, number)) == [Reason.LOG_DOUBTED]
    table.run(host, control(TicketClose(number)))
    commands = table.claim(console, number)
    assert refused(commands) == [Reason.LOG_DOUBTED]
    assert noted(commands)[-1].reason is Reason.LOG_DOUBTED
    assert table.board.tallies == {}
    assert refused(table.claim(console, number, half="ZZZZ")) == [Reason.CODE_EXPIRED]


def test_a_technician_who_may_not_come_to_a_host_in_doubt_is_told_that_and_it_counts_as_no_guess() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    table.board.doubted[table.board.broker_id] = True
    table.run(host, Closed())
    assert refused(table.claim(console, number)) == [Reason.HOST_OFFLINE]
    assert table.board.tallies == {}


def test_a_doubt_that_comes_while_the_steps_are_recorded_lets_nobody_in_and_the_log_says_how_it_ended() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    book = Playbook(console.handle, table.now) >> control(TicketClaim(number, "K7QF", Purpose.FAULT, "CASE-1"))
    (book << FindSignIn >> Reply(table.facts)) << Draw >> Reply(bytes(80)) << AddUnclosed >> Reply(True) << Record
    table.board.doubted[HOST] = True
    commands = (book >> Reply(True)).drain(table.answer)
    assert refused(commands) == [Reason.LOG_DOUBTED]
    assert [each.cause for each in noted(commands)] == [EndCause.LOG_DOUBTED]
    assert table.board.visits == {}


def test_a_visit_that_was_not_recorded_is_not_waited_for() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    book = Playbook(console.handle, table.now) >> control(TicketClaim(number, "K7QF", Purpose.FAULT, "CASE-1"))
    (book << FindSignIn >> Reply(table.facts)) << Draw >> Reply(bytes(80)) << AddUnclosed >> Reply(True) << Record >> Reply(False)
    assert MarkClosed("s-AAAAAAAAAAAAAAAAAAAAAA") in book.drain(table.answer)


def test_a_page_that_enters_another_code_gives_up_the_visit_whose_line_was_cut() -> None:
    meeting = Table().meet()
    meeting.view()
    meeting.table.run(meeting.console_end, Closed())
    meeting.table.claim(meeting.console, "000000")
    assert meeting.visit.over


def test_a_code_for_a_second_person_lets_anybody_in_but_the_technician_himself() -> None:
    table, meeting = met()
    number = code_of(meeting)
    assert refused(table.claim(table.console_in(SignInId(b"another of anna's")), number)) == [Reason.SAME_PERSON]
    claim_as_bob(table, bob_in(table), number)
    assert meeting.host.host is not None
    assert [each.watches for each in meeting.host.host.visits] == ["", meeting.visit.session_id]
