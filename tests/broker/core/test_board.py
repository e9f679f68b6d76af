"""What all connections share: who is listed, what technicians see, which numbers are remembered."""

from dataclasses import replace

from broker.core.believed import STALE
from broker.core.board import TALLY_KEPT_SECONDS, TICKET_KEPT_SECONDS
from policy import throttle
from policy.decision import Allow, Deny, Reason
from policy.documents import HostFacts
from policy.instant import Instant
from policy.permissions import Permission
from policy.throttle import CODE_BRAKE_GLOBAL, SIGN_IN_BRAKE, Brake
from tests.helpers.broker_core import HOST, TECHNICIAN, Table, believed, messages
from tests.helpers.broker_second import seen
from tests.helpers.playbook import NOON
from wire.messages.presence import HostState, Instruments


def test_documents_that_are_over_or_absent_list_nobody() -> None:
    table = Table()
    assert table.board.person(TECHNICIAN, table.now) == table.person
    assert table.board.listed_host(HOST, table.now) == table.listed
    for moment in (table.now.after(86_400), table.now):
        assert table.board.person(TECHNICIAN, moment) is None
        assert table.board.listed_host(HOST, moment) is None
        assert table.board.instruments(TECHNICIAN, moment) == Instruments(())
        assert table.board.said(TECHNICIAN, HOST, Permission.VIEW, moment) == STALE
        assert table.board.facts(HOST, moment) == HostFacts(HOST, "", listed=False, phi=True)
        assert not table.board.lets_in(TECHNICIAN, table.person.authenticators[0], moment)
        table.board.believed = None


def test_a_clock_that_is_set_back_revives_nothing() -> None:
    table = Table()
    late = Instant(NOON.utc - 86_400, NOON.boot + 86_400)
    assert table.board.in_force(Instant(NOON.utc - 86_400, NOON.boot + 86_399)) is not None
    assert table.board.in_force(late) is None


def test_a_host_is_offline_ready_calling_visited() -> None:
    table = Table()
    states = [table.board.host_state(HOST, table.now)]
    host = table.host_in()
    states.append(table.board.host_state(HOST, table.now))
    table.ticket(host)
    states += [table.board.host_state(HOST, table.now), table.board.host_state(HOST, table.now.after(600))]
    table.meet()
    states.append(table.board.host_state(HOST, table.now))
    assert states == [HostState.OFFLINE, HostState.READY, HostState.CALLING, HostState.READY, HostState.VISITED]


def test_a_technician_sees_the_hosts_of_their_groups_alone() -> None:
    table = Table()
    other = replace(table.listed, id="h-red", key=bytes(32), group="red")
    table.board.believed = believed(table.person, table.listed, other)
    assert [item.host_id for item in table.board.instruments(TECHNICIAN, table.now).items] == [HOST]
    assert table.board.instruments("t-nobody", table.now) == Instruments(())
    table.console_in()
    assert len(messages(list(table.board.tell_instruments(HOST, table.now)), Instruments)) == 1
    assert list(table.board.tell_instruments("h-red", table.now)) == []


def test_a_person_who_is_not_active_sees_nothing() -> None:
    table = Table()
    table.board.believed = believed(replace(table.person, active=False), table.listed)
    assert table.board.instruments(TECHNICIAN, table.now) == Instruments(())


def test_numbers_are_remembered_for_a_day() -> None:
    table = Table()
    number = table.ticket(table.host_in())
    table.board.forget_old_tickets(table.now.after(TICKET_KEPT_SECONDS))
    assert number in table.board.tickets
    table.board.forget_old_tickets(table.now.after(TICKET_KEPT_SECONDS + 1))
    assert table.board.tickets == {}


def test_guesses_are_counted_by_subject() -> None:
    table = Table()
    for _ in range(CODE_BRAKE_GLOBAL.failures):
        table.board.count_failure("one", CODE_BRAKE_GLOBAL, table.now)
    assert table.board.may_try("one", CODE_BRAKE_GLOBAL, table.now) == Deny(Reason.TOO_MANY_TRIES)
    assert table.board.may_try("other", CODE_BRAKE_GLOBAL, table.now) == Allow()


def test_a_count_is_kept_as_long_as_any_brake_looks_at_it_and_no_longer() -> None:
    table, paused, once = Table(), "sign-in anna 192.0.2.1", "sign-in nobody 192.0.2.1"
    for _ in range(SIGN_IN_BRAKE.failures):
        table.board.count_failure(paused, SIGN_IN_BRAKE, table.now)
    table.board.count_failure(once, SIGN_IN_BRAKE, table.now.after(10))
    assert table.board.forget_old_tallies(table.now.after(TALLY_KEPT_SECONDS)) == []
    assert table.board.forget_old_tallies(table.now.after(TALLY_KEPT_SECONDS + 1)) == [paused]
    assert table.board.forget_old_tallies(table.now.after(TALLY_KEPT_SECONDS + 11)) == [once]
    assert table.board.tallies == {}


def test_every_brake_counts_for_how_long_a_count_is_kept() -> None:
    assert {value for value in vars(throttle).values() if isinstance(value, Brake)} == set(throttle.BRAKES)


def test_whether_two_people_may_write_is_what_vendor_and_site_signed() -> None:
    table = Table()
    table.host_in()
    assert table.board.chat(HOST, table.now) == Allow()
    table.board.believed = None
    assert table.board.chat(HOST, table.now) == Deny(Reason.DOCUMENT_STALE)


def test_who_watches_a_visit_is_known_by_that_visit() -> None:
    table, meeting, watch = seen()
    assert table.board.watch_of(meeting.visit) is watch.visit
    assert table.board.watch_of(watch.visit) is None
    assert meeting.host.host is not None
    assert meeting.host.host.visits == (meeting.visit, watch.visit)
