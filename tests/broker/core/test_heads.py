"""What a host shows of its log, what it says of the broker's, and who is stopped when something does not fit."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from audit.events import broker, evidence
from audit.events import visit as log
from audit.questions import ALONE, Raised
from broker.core.commands import Close, KeepDoubt, Note, Send
from broker.core.console_control import ConsoleControl
from broker.core.events import Closed
from broker.core.heads import doubts_now, kept_doubts, own_log_doubted
from broker.core.host_control import HostControl
from policy.decision import Reason
from policy.session import EndCause
from policy.throttle import HEAD_BRAKE
from tests.helpers.broker_core import HALF, HOST, SALT, TECHNICIAN, Table, control, messages, noted, one, refused
from wire.code import first_half_digest
from wire.messages.evidence import Doubt, Head, HeadWanted, LogDoubted
from wire.messages.ledger import Ended
from wire.messages.session import SessionOver
from wire.messages.ticket import TicketOpen, TicketOpened
from wire.statements import Label

OPEN = TicketOpen(SALT, first_half_digest(SALT, HALF))
BROKER = "b-broker"


def lines(count: int) -> list[broker.HostDisconnected]:
    return [broker.HostDisconnected(host_id=f"h-{number}") for number in range(count)]


@dataclass
class Compared:
    """A host that compares logs with the broker."""

    table: Table = field(default_factory=Table)

    def __post_init__(self) -> None:
        self.table.host_log.add(*lines(3))
        self.host: HostControl = self.table.host_in()

    def says(self, said: object) -> list[Any]:
        return self.table.run(self.host, control(said))

    def asks(self, known: int = 0, session_id: str = ALONE) -> list[Any]:
        return self.says(HeadWanted(known, session_id))

    def answers(self, question: HeadWanted) -> list[Any]:
        """As an honest host does."""
        head = self.table.host_log.head(question.known, question.session_id)
        assert head is not None
        return self.says(head)

    def held(self) -> int:
        held = self.table.held.get(HOST)
        return held.checkpoint.size if held else 0

    def contact(self) -> list[Any]:
        """It asks, is asked, and answers; what the answer brought."""
        return self.answers(one(self.asks(), HeadWanted))

    def doubted(self) -> Doubt:
        """Tamper first; then this is how the broker sees it."""
        return one(self.contact(), LogDoubted).doubt


# ---- both see each other's head


def test_a_host_that_asks_is_shown_the_head_and_asked_for_its_own() -> None:
    met = Compared()
    commands = met.asks(1)
    assert one(commands, Head) == met.table.log.head(1)
    recorded = noted(met.answers(one(commands, HeadWanted)))
    assert [(type(each), each.subject, each.size) for each in recorded] == [(evidence.HeadHeld, HOST, 3)]
    assert met.held() == 3


def test_only_the_first_head_of_a_connection_is_recorded_and_every_one_is_held() -> None:
    met = Compared()
    met.contact()
    met.table.host_log.add(*lines(2))
    assert noted(met.contact()) == []
    assert met.held() == 5


def test_the_end_of_a_visit_that_runs_is_shown_once_it_is_over_and_closes_it_at_both_sides() -> None:
    table = Table()
    meeting = table.meet()
    session, host = meeting.visit.session_id, meeting.host
    assert messages(table.run(host, control(HeadWanted(0, ALONE))), HeadWanted)
    assert host.host is not None
    host.host.questions.over()
    assert table.run(host, control(HeadWanted(0, session))) == []
    ended = meeting.by_host(Label.ENDED, Ended(session, HOST, EndCause.HOST_ENDED, 1))
    shown = one(ended, Head)
    assert shown == table.log.head(0, session)
    question = one(ended, HeadWanted)
    assert question.session_id == session
    table.host_log.add(*lines(1), log.SessionEnded(session_id=session, by=HOST, cause=EndCause.HOST_ENDED, said_at=1))
    answer = table.host_log.head(question.known, session)
    held, closed = noted(table.run(host, control(answer)))
    assert (held.session_id, closed) == (session, evidence.VisitClosed(session_id=session, subject=HOST, entry=2))
    assert table.unclosed == {}


def test_the_end_of_a_visit_that_is_over_is_shown_at_once_and_the_hosts_own_is_wanted() -> None:
    met = Compared()
    met.table.log.add(log.SessionEnded(session_id="s-1", by=HOST, cause=EndCause.HOST_ENDED, said_at=1))
    met.table.unclosed["s-1"] = HOST
    commands = met.asks(0, "s-1")
    assert one(commands, Head) == met.table.log.head(0, "s-1")
    assert one(commands, HeadWanted) == HeadWanted(0, "s-1")


def test_what_cannot_be_recorded_is_not_held_and_closes_nothing() -> None:
    met = Compared()
    met.table.unclosed["s-1"] = HOST
    met.table.host_log.add(log.SessionEnded(session_id="s-1", by=HOST, cause=EndCause.HOST_ENDED, said_at=1))
    question = one(met.asks(), HeadWanted)
    met.table.durable = False
    met.answers(question)
    assert met.held() == 0
    assert met.table.unclosed == {"s-1": HOST}
    met.table.durable = True
    met.answers(one(met.asks(), HeadWanted))
    assert met.table.unclosed == {}


# ---- an end that is not honest about asking


def test_an_answer_that_nobody_asked_for_closes_the_connection() -> None:
    met = Compared()
    commands = met.says(met.table.host_log.head(0))
    assert refused(commands) == [Reason.WRONG_MOMENT]
    assert Close(commands[0].to, Reason.WRONG_MOMENT) in commands


@pytest.mark.parametrize("said", [HeadWanted(0, ALONE), LogDoubted(Doubt.FORKED, "", "")])
def test_asking_without_end_closes_the_connection(said: HeadWanted | LogDoubted) -> None:
    met = Compared()
    for _ in range(HEAD_BRAKE.failures):
        assert refused(met.says(said)) == []
    assert refused(met.says(said)) == [Reason.TOO_FAST]


def test_a_proof_against_what_is_held_no_more_is_asked_for_again() -> None:
    met = Compared()
    met.contact()
    question = one(met.asks(), HeadWanted)
    del met.table.held[HOST]  # a person acknowledged something
    again = one(met.answers(question), HeadWanted)
    assert again == HeadWanted(0, ALONE)
    met.answers(again)
    assert met.held() == 3
    assert not met.table.board.doubted


# ---- doubts about the host's log


@pytest.mark.parametrize(
    ("tamper", "doubt"),
    [
        (lambda log: log.cut(2), Doubt.ROLLED_BACK),
        (lambda log: log.rewrite(2, lines(1)[0]), Doubt.FORKED),
        (lambda log: setattr(log, "log_id", "l-anew"), Doubt.OTHER_LOG),
    ],
)
def test_a_log_that_does_not_continue_what_is_held_is_recorded_kept_and_told(tamper: Any, doubt: Doubt) -> None:
    met = Compared()
    met.contact()
    before = met.table.held[HOST]
    tamper(met.table.host_log)
    commands = met.contact()
    (event,) = noted(commands)
    assert isinstance(event, evidence.LogDoubted)
    assert (event.subject, event.doubt, event.held_size, event.held_root) == (HOST, doubt, 3, before.checkpoint.root)
    told = one(commands, LogDoubted)
    assert (told.doubt, told.held, told.given) == (doubt, before.note, met.table.host_log.held().note)
    assert met.table.kept == [Raised(HOST, doubt, before.note, told.given)]
    assert met.table.board.doubts(HOST)
    assert met.table.held[HOST] == before


def test_a_proof_of_the_wrong_length_is_a_doubt() -> None:
    met = Compared()
    met.contact()
    met.table.host_log.add(*lines(1))
    head = met.table.host_log.head(3)
    assert head is not None
    met.asks()
    told = met.says(Head(head.note, (*head.consistency, bytes(32)), ALONE, None))
    assert one(told, LogDoubted).doubt is Doubt.FORKED


def test_a_head_signed_by_another_key_is_a_doubt_also_before_anything_is_held() -> None:
    met = Compared()
    met.table.host_log.signer = met.table.broker_key
    assert met.doubted() is Doubt.NOT_SIGNED


def test_an_end_that_is_not_shown_is_a_doubt_and_asked_for_no_more() -> None:
    met = Compared()
    met.table.unclosed = {"s-1": HOST}
    question = one(met.asks(), HeadWanted)
    head = met.table.host_log.head(0)
    assert head is not None
    told = one(met.says(Head(head.note, head.consistency, question.session_id, None)), LogDoubted)
    assert told.doubt is Doubt.END_NOT_SHOWN
    assert met.table.unclosed == {}


def test_a_doubt_ends_the_visit_and_lets_no_other_begin() -> None:
    table = Table()
    meeting = table.meet()
    table.run(meeting.host, control(HeadWanted(0, ALONE)))
    table.host_log.add(*lines(1))
    table.host_log.signer = table.broker_key
    commands = table.run(meeting.host, control(table.host_log.head(0)))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.LOG_DOUBTED}
    kinds = [type(each) for each in commands]
    assert kinds.index(Send) < kinds.index(Note) < kinds.index(KeepDoubt)
    assert refused(table.run(meeting.host, control(OPEN))) == [Reason.LOG_DOUBTED]
    assert meeting.visit.over
    assert list(table.unclosed) == [meeting.visit.session_id]


def test_a_doubt_found_again_is_told_again_and_not_recorded_again() -> None:
    met = Compared()
    met.contact()
    met.table.host_log.cut(2)
    met.contact()
    again = met.contact()
    assert noted(again) == []
    assert one(again, LogDoubted).doubt is Doubt.ROLLED_BACK
    assert len(met.table.kept) == 1
    met.table.host_log.add(*lines(4))
    assert [each.doubt for each in noted(met.contact())] == [Doubt.FORKED]


def test_a_host_in_doubt_whose_head_fits_stays_in_doubt() -> None:
    met = Compared()
    met.table.board.doubted[HOST] = True
    assert noted(met.contact()) == []
    assert met.held() == 0


def test_the_visit_of_another_host_goes_on() -> None:
    table = Table()
    meeting = table.meet()
    table.board.doubted["h-other"] = False
    assert table.carry(doubts_now(table.board, (), ["h-other"], table.now)) == []
    assert not meeting.visit.over


# ---- doubts about the broker's log


def told(table: Table, *, doubt: Doubt = Doubt.FORKED) -> LogDoubted:
    """What a host says of the broker's log as it stands."""
    return LogDoubted(doubt, table.log.held().note, "")


def test_a_host_that_doubts_a_sound_log_stops_itself_alone() -> None:
    met = Compared()
    commands = met.says(told(met.table))
    (event,) = noted(commands)
    assert event == evidence.DoubtTold(subject=HOST, doubt=Doubt.FORKED, held_size=met.table.log.size - 1, given_size=0)
    assert met.table.board.doubted == {HOST: True}
    assert refused(met.says(OPEN)) == [Reason.LOG_DOUBTED]
    assert not met.table.board.doubts("h-other")


def test_what_the_host_signed_itself_says_nothing_of_the_brokers_log() -> None:
    met = Compared()
    met.says(LogDoubted(Doubt.FORKED, met.table.host_log.held().note, ""))
    assert met.table.board.doubted == {HOST: True}


@pytest.mark.parametrize("tamper", [lambda log: log.cut(1), lambda log: log.rewrite(1, lines(1)[0])])
def test_a_doubt_that_is_true_stops_everybody(tamper: Any) -> None:
    table = Table()
    meeting = table.meet()
    table.log.add(*lines(2))
    said = told(table)
    tamper(table.log)
    commands = table.run(meeting.host, control(said))
    own = [each for each in noted(commands) if isinstance(each, evidence.LogDoubted)]
    assert [(each.subject, each.doubt) for each in own] == [(BROKER, Doubt.OWN_LOG)]
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.LOG_DOUBTED}
    assert table.board.doubts("h-other")
    assert [each.subject for each in table.kept] == [HOST, BROKER]
    assert table.kept[1].given.startswith("chaperone/broker/")


def test_an_old_entry_of_our_own_that_was_altered_stops_everybody_once() -> None:
    table = Table()
    table.meet()
    table.log.add(*lines(2))
    head = table.log.head(0)
    assert head is not None
    note = head.note
    commands = table.carry(own_log_doubted(table.board, note, note, table.now))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.LOG_DOUBTED}
    own = [each for each in noted(commands) if isinstance(each, evidence.LogDoubted)]
    assert [(each.subject, each.doubt) for each in own] == [(BROKER, Doubt.OWN_LOG)]
    assert table.board.doubted == {BROKER: True}
    assert table.board.doubts("h-other")
    assert table.carry(own_log_doubted(table.board, note, note, table.now)) == []


def test_a_broker_in_doubt_of_itself_that_cannot_write_says_so_without_a_note() -> None:
    met = Compared()
    said = told(met.table)
    met.table.log.rewrite(1, lines(1)[0])
    met.table.durable = False
    met.says(said)
    assert met.table.board.doubted == {HOST: False, BROKER: False}
    met.table.durable = True
    assert met.table.carry(doubts_now(met.table.board, kept_doubts(met.table.board), [], met.table.now)) == []
    assert met.table.board.doubted == {HOST: False, BROKER: False}


def test_a_doubt_about_the_hosts_own_log_is_not_looked_for_in_the_brokers() -> None:
    met = Compared()
    said = told(met.table, doubt=Doubt.OWN_LOG)
    met.table.log.cut(0)
    met.says(said)
    assert met.table.board.doubted == {HOST: True}


def test_what_was_told_is_heard_once_and_not_again_after_a_person_has_seen_it() -> None:
    met = Compared()
    said = told(met.table)
    met.says(said)
    assert met.says(LogDoubted(Doubt.ROLLED_BACK, "another", "")) == []
    met.table.carry(doubts_now(met.table.board, kept_doubts(met.table.board), [], met.table.now))
    assert met.table.board.doubted == {}
    assert noted(met.says(said)) == []
    assert noted(met.says(LogDoubted(Doubt.ROLLED_BACK, "another", ""))) != []


def test_a_broker_that_knows_that_its_log_is_in_doubt_looks_no_further() -> None:
    met = Compared()
    met.table.board.doubted[BROKER] = True
    said = told(met.table)
    met.table.log.cut(0)
    assert [type(each) for each in noted(met.says(said))] == [evidence.DoubtTold]


# ---- acknowledged


def test_a_doubt_that_a_person_acknowledged_is_over_and_the_next_head_is_believed_anew() -> None:
    met = Compared()
    met.contact()
    met.table.host_log.cut(1)
    met.contact()
    del met.table.held[HOST]  # what acknowledging does in the store
    question = one(met.table.carry(doubts_now(met.table.board, kept_doubts(met.table.board), [], met.table.now)), HeadWanted)
    assert question == HeadWanted(0, ALONE)
    assert [type(each) for each in noted(met.answers(question))] == [evidence.HeadHeld]
    assert met.held() == 1
    assert messages(met.says(OPEN), TicketOpened)


def test_a_doubt_of_the_database_stands_here_too_and_one_of_a_host_that_is_away_goes() -> None:
    table = Table()
    meeting = table.meet()
    commands = table.carry(doubts_now(table.board, (), [HOST], table.now))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.LOG_DOUBTED}
    assert table.board.doubted == {HOST: True}
    del table.board.hosts[HOST]
    assert table.carry(doubts_now(table.board, kept_doubts(table.board), [], table.now)) == []
    assert not table.board.doubts(meeting.visit.host_id)


# ---- consoles


def console_says(console: ConsoleControl, table: Table, said: object) -> list[Any]:
    return table.run(console, control(said))


def test_a_console_sees_the_head_and_is_asked_nothing() -> None:
    table = Table()
    commands = console_says(table.console_in(), table, HeadWanted(1, ALONE))
    assert one(commands, Head) == table.log.head(1)
    assert messages(commands, HeadWanted) == []


def test_a_console_sees_no_end() -> None:
    table = Table()
    table.log.add(log.SessionEnded(session_id="s-1", by=HOST, cause=EndCause.HOST_ENDED, said_at=1))
    commands = console_says(table.console_in(), table, HeadWanted(0, "s-1"))
    assert refused(commands) == [Reason.ROLE_DENIES]
    assert messages(commands, Head) == []


def test_a_console_that_asks_without_end_is_closed() -> None:
    table = Table()
    console = table.console_in()
    for _ in range(HEAD_BRAKE.failures):
        assert refused(console_says(console, table, HeadWanted(0, ALONE))) == []
    assert refused(console_says(console, table, HeadWanted(0, ALONE))) == [Reason.TOO_FAST]


def test_the_doubt_of_a_console_is_recorded_once_and_stops_only_what_is_true() -> None:
    table = Table()
    console = table.console_in()
    assert [each.subject for each in noted(console_says(console, table, told(table)))] == [TECHNICIAN]
    assert table.board.doubted == {}
    assert console_says(console, table, told(table)) == []
    other = Table()
    console, said = other.console_in(), told(other)
    other.log.rewrite(1, lines(1)[0])
    console_says(console, other, said)
    assert other.board.doubted == {BROKER: True}


def test_a_host_that_asks_how_a_parted_visit_ended_is_not_in_it_any_more() -> None:
    meeting = Table().meet()
    meeting.view()
    meeting.table.run(meeting.host_end, Closed())
    meeting.table.run(meeting.host, control(HeadWanted(0, meeting.visit.session_id)))
    assert meeting.visit.over
