"""How a visit ends: shut, told, recorded, in this order, once."""

import pytest

from audit.events.broker import WatchClosed
from broker.core.commands import Close, Note, Send
from broker.core.ending import end_visit
from policy.one_time import TicketState
from policy.session import EndCause
from tests.helpers.broker_core import Table, messages, noted
from tests.helpers.broker_second import seen
from wire.messages.session import SessionOver


@pytest.mark.parametrize(
    ("cause", "state"),
    [
        (EndCause.CODE_BURNT, TicketState.BURNT),
        (EndCause.HOST_ENDED, TicketState.CLOSED),
        (EndCause.CONNECTION_LOST, TicketState.OPEN),
        (EndCause.TECHNICIAN_ENDED, TicketState.OPEN),
    ],
)
def test_the_code_is_over_or_open_again_as_the_cause_says(cause: EndCause, state: TicketState) -> None:
    table = Table()
    visit = table.meet().visit
    table.carry(end_visit(table.board, visit, cause, table.now))
    assert table.board.tickets[visit.ticket].standing.state is state


def test_both_ends_hear_before_anything_is_recorded_and_only_once() -> None:
    table = Table()
    visit = table.meet().visit
    commands = table.carry(end_visit(table.board, visit, EndCause.TIME_LIMIT, table.now))
    assert [type(command) for command in commands[:5]] == [Send, Close, Send, Close, Note]
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.TIME_LIMIT}
    assert table.board.visits == {}
    assert table.carry(end_visit(table.board, visit, EndCause.TIME_LIMIT, table.now)) == []


def test_an_end_that_has_no_session_socket_yet_hears_on_its_control_socket() -> None:
    table = Table()
    meeting = table.admitted()
    commands = table.carry(end_visit(table.board, meeting.visit, EndCause.CONNECTION_LOST, table.now))
    assert meeting.host.host is not None
    assert len(messages(commands, SessionOver, meeting.host.host.socket)) == 1
    assert not any(isinstance(command, Close) for command in commands)


def test_a_visit_ends_though_host_console_and_code_are_gone_already() -> None:
    table = Table()
    visit = table.meet().visit
    table.board.hosts.clear()
    table.board.consoles.clear()
    table.board.tickets.clear()
    table.carry(end_visit(table.board, visit, EndCause.CONNECTION_LOST, table.now))
    assert visit.over


def test_whoever_watches_is_put_out_before_the_visit_and_that_stands_in_its_log() -> None:
    table, meeting, watch = seen()
    commands = table.carry(end_visit(table.board, meeting.visit, EndCause.TIME_LIMIT, table.now))
    assert [said.session_id for said in messages(commands, SessionOver)] == [watch.visit.session_id] * 2 + [meeting.visit.session_id] * 2
    closed = next(each for each in noted(commands) if isinstance(each, WatchClosed))
    assert (closed.session_id, closed.watcher_session) == (meeting.visit.session_id, watch.visit.session_id)
    assert meeting.host.host is not None
    assert meeting.host.host.visits == ()
