"""What the broker asks of its hosts' logs, and shows of its own."""

from typing import Any

from audit.events import visit as log
from audit.questions import ALONE
from broker.core.asking import ask, ask_all, ended, show, show_end
from broker.core.board import HostHere
from broker.core.commands import AddUnclosed, FindHead, Record
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.broker_core import HOST, Table, messages, noted, one, refused
from tests.helpers.playbook import Playbook, Reply
from wire.messages.evidence import Head, HeadWanted

END = log.SessionEnded(session_id="s-1", by=HOST, cause=EndCause.HOST_ENDED, said_at=1)


def at_the_table(*, compares: bool = True) -> tuple[Table, HostHere]:
    table = Table()
    core = table.host_in()
    assert core.host is not None
    core.host.compares = compares
    return table, core.host


def questions(commands: list[Any]) -> list[str]:
    return [said.session_id for said in messages(commands, HeadWanted)]


def test_a_host_that_never_asked_is_asked_nothing() -> None:
    table, host = at_the_table(compares=False)
    assert table.carry(ask(host, ALONE)) == []


def test_a_question_says_how_much_is_held() -> None:
    table, host = at_the_table()
    table.host_log.add(END)
    table.held[HOST] = table.host_log.held()
    assert one(table.carry(ask(host, ALONE)), HeadWanted) == HeadWanted(1, ALONE)
    assert messages(table.carry(ask(host, "s-1")), HeadWanted) == []


def test_every_visit_that_is_over_and_not_closed_is_asked_for() -> None:
    table, host = at_the_table()
    table.unclosed = {"s-1": HOST, "s-running": HOST, "s-opening": HOST, "s-other": "h-other"}
    table.board.visits["s-running"] = table.admitted().visit
    table.board.opening.add("s-opening")
    assert questions(table.carry(ask_all(table.board, host))) == ["s-1"]
    host.questions.over()
    assert questions(table.carry(ask_all(table.board, host))) == ["s-1"]
    table.unclosed = {}
    host.questions.over()
    assert questions(table.carry(ask_all(table.board, host))) == [ALONE]


def test_where_the_log_stands_is_shown_with_the_proof_that_was_wanted() -> None:
    table, host = at_the_table()
    shown = one(table.carry(show(host.socket, 1)), Head)
    assert shown == table.log.head(1)
    table.durable = False
    assert refused(table.carry(show(host.socket, 1))) == [Reason.LOG_UNAVAILABLE]


def test_an_end_is_shown_as_it_stands_in_the_log() -> None:
    table, host = at_the_table()
    table.log.add(END)
    commands = table.carry(show_end(host, HeadWanted(0, "s-1"), table.now))
    assert one(commands, Head) == table.log.head(0, "s-1")
    table.durable = False
    assert refused(table.carry(show_end(host, HeadWanted(0, "s-1"), table.now))) == [Reason.LOG_UNAVAILABLE]


def test_a_visit_that_died_with_the_broker_gets_its_end_before_it_is_shown() -> None:
    table, host = at_the_table()
    table.unclosed["s-dead"] = HOST
    commands = table.carry(show_end(host, HeadWanted(0, "s-dead"), table.now))
    (end,) = noted(commands)
    assert (end.session_id, end.by, end.cause) == ("s-dead", "", EndCause.FAILED_INSIDE)
    shown = one(commands, Head)
    assert shown.end is not None
    assert shown == table.log.head(0, "s-dead")


def test_an_end_that_cannot_be_recorded_is_not_shown_as_missing() -> None:
    table, host = at_the_table()
    table.unclosed["s-dead"] = HOST
    table.durable = False
    talk = show_end(host, HeadWanted(0, "s-dead"), table.now)
    book = Playbook(lambda _event, _now: talk) >> None
    assert refused((book << FindHead >> Reply(None)).drain(table.answer)) == [Reason.LOG_UNAVAILABLE]


def test_a_visit_that_the_broker_never_had_has_no_end_to_show() -> None:
    table, host = at_the_table()
    table.unclosed["s-others"] = "h-other"
    for session_id in ("s-nobody", "s-others"):
        commands = table.carry(show_end(host, HeadWanted(0, session_id), table.now))
        shown, expected = one(commands, Head), table.log.head(0)
        assert expected is not None
        assert (shown.note, shown.session_id, shown.end) == (expected.note, session_id, None)
        assert noted(commands) == []
    talk = show_end(host, HeadWanted(0, "s-nobody"), table.now)
    book = Playbook(lambda _event, _now: talk) >> None
    table.durable = False
    assert refused((book << FindHead >> Reply(None)).drain(table.answer)) == [Reason.LOG_UNAVAILABLE]


def test_the_end_of_a_visit_is_shown_to_the_host_that_waits_and_asked_of_it() -> None:
    table = Table()
    meeting = table.meet()
    visit, host = meeting.visit, meeting.host.host
    assert host is not None
    host.compares, host.owed = True, HeadWanted(0, visit.session_id)
    table.log.add(log.SessionEnded(session_id=visit.session_id, by=HOST, cause=EndCause.HOST_ENDED, said_at=1))
    commands = table.carry(ended(table.board, visit, table.now))
    assert one(commands, Head).session_id == visit.session_id
    assert questions(commands) == [visit.session_id]
    assert host.owed is None


def test_a_host_that_waits_for_the_end_of_another_visit_waits_on() -> None:
    table = Table()
    meeting = table.meet()
    assert meeting.host.host is not None
    meeting.host.host.owed = HeadWanted(0, "s-other")
    assert messages(table.carry(ended(table.board, meeting.visit, table.now)), Head) == []
    assert meeting.host.host.owed is not None
    del table.board.hosts[HOST]
    assert table.carry(ended(table.board, meeting.visit, table.now)) == []


def test_a_visit_is_to_be_closed_before_it_is_recorded() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    commands = table.claim(console, table.ticket(host))
    kinds = [type(each) for each in commands]
    assert kinds.index(AddUnclosed) < kinds.index(Record)
    assert list(table.unclosed.values()) == [HOST]
    assert table.board.opening == set()
