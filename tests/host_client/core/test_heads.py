"""What the broker shows of its log, what it says of ours, and that nothing goes on when the two do not fit."""

from typing import Any

import pytest

from audit.events import broker, evidence, host
from audit.events import visit as both
from audit.questions import ALONE, Raised
from host_client.core.commands import CloseControl, CloseSession, FindHead, KeepDoubt, Note, Record, StartTimer, Tell
from host_client.core.events import Acknowledged, ControlOpened, ControlReceived, DoubtsRead, Fired, Timer
from host_client.link import EndPressed, GetHelp, Online, ShowCode, ShowCodeOver, ShowIdle, StopCapture
from policy.decision import Reason
from policy.session import EndCause
from policy.throttle import HEAD_BRAKE
from tests.helpers.host_core import BROKER, HOST, LEAF, SESSION, Stage
from tests.helpers.playbook import Playbook, Reply
from wire.frames import Frame, FrameKind
from wire.limits import HEADS_EVERY_SECONDS
from wire.messages.evidence import Doubt, Head, HeadWanted, LogDoubted
from wire.messages.presence import Refused, Welcome
from wire.messages.session import LeaseHeld, SessionOver
from wire.schema import encode, name_of


def lines(count: int) -> list[broker.HostDisconnected]:
    return [broker.HostDisconnected(host_id=f"h-{number}") for number in range(count)]


def online(unclosed: tuple[str, ...] = ()) -> Stage:
    """A host that is on line; its first question is out."""
    stage = Stage()
    stage.broker_log.add(*lines(3))
    stage.evidence.unclosed += unclosed
    stage.online()
    return stage


def answer(stage: Stage) -> list[Any]:
    """As an honest broker answers the question of the last event."""
    (question,) = stage.to_broker(HeadWanted)
    head = stage.broker_log.head(question.known, question.session_id)
    assert head is not None
    return stage.hears(head)


def later(stage: Stage) -> list[Any]:
    """The next time that the host asks by itself."""
    return stage.give(Fired(Timer.HEADS))


def held(stage: Stage) -> int:
    return stage.evidence.held.checkpoint.size if stage.evidence.held else 0


def end(session_id: str, by: str = "t-ann") -> both.SessionEnded:
    return both.SessionEnded(session_id=session_id, by=by, cause=EndCause.TECHNICIAN_ENDED, said_at=1)


# ---- when it asks


def test_a_proven_broker_is_asked_where_its_log_stands_and_again_after_a_while() -> None:
    stage = online()
    assert stage.to_broker(HeadWanted) == [HeadWanted(0, ALONE)]
    (timer,) = (each for each in stage.did if isinstance(each, StartTimer) and each.timer is Timer.HEADS)
    assert HEADS_EVERY_SECONDS / 2 <= timer.seconds <= HEADS_EVERY_SECONDS
    answer(stage)
    assert [(each.subject, each.size) for each in stage.logged(evidence.HeadHeld)] == [(BROKER, 3)]
    later(stage)
    assert stage.to_broker(HeadWanted) == [HeadWanted(3, ALONE)]
    stage.broker_log.add(*lines(2))
    answer(stage)
    assert held(stage) == 5
    assert len(stage.logged(evidence.HeadHeld)) == 1


def test_two_hosts_do_not_ask_in_step() -> None:
    pauses = {
        each.seconds for _ in range(3) for stage in [online()] for did in (stage.did, later(stage), later(stage)) for each in did
        if isinstance(each, StartTimer) and each.timer is Timer.HEADS
    }  # fmt: skip
    assert len(pauses) == 3


def test_a_host_without_a_proven_broker_asks_nobody() -> None:
    stage = online()
    stage.lose_control_socket()
    assert later(stage) == []


def test_visits_that_are_not_closed_are_asked_for_one_after_the_other() -> None:
    stage = online(("s-1", "s-2"))
    stage.broker_log.add(end("s-1"), end("s-2"))
    answer(stage)
    answer(stage)
    assert stage.to_broker(HeadWanted) == []
    assert stage.evidence.unclosed == []
    assert [(each.session_id, each.entry) for each in stage.logged(evidence.VisitClosed)] == [("s-1", 4), ("s-2", 5)]


def test_a_visit_is_closed_once_both_have_ended_it() -> None:
    stage = online()
    answer(stage)
    stage.viewing()
    assert stage.evidence.unclosed == [SESSION]
    stage.says(EndPressed())
    assert stage.to_broker(HeadWanted) == [HeadWanted(3, SESSION)]
    stage.broker_log.add(end(SESSION, HOST))
    answer(stage)
    assert stage.evidence.unclosed == []
    assert stage.logged(evidence.VisitClosed)


def test_a_visit_that_ends_without_the_broker_is_asked_for_when_it_is_there_again() -> None:
    stage = online()
    stage.viewing()
    stage.lose_control_socket()
    stage.says(EndPressed())
    assert stage.to_broker(HeadWanted) == []
    stage.give(ControlOpened(LEAF))
    stage.hears(stage.greeting())
    stage.hears(Welcome(True, 1))
    assert stage.to_broker(HeadWanted) == [HeadWanted(0, SESSION)]


def test_each_renewal_of_the_lease_asks_too_and_not_for_the_visit_that_runs() -> None:
    stage = online()
    answer(stage)
    stage.viewing()
    stage.give(Fired(Timer.RENEW))
    assert stage.to_broker(HeadWanted) == [HeadWanted(3, ALONE)]
    stage.lose_control_socket()
    stage.give(Fired(Timer.RENEW))
    assert stage.to_broker(HeadWanted) == []


def test_a_visit_that_cannot_be_kept_does_not_begin() -> None:
    stage = online()
    stage.code()
    stage.disk = False
    stage.offer()
    assert stage.core.visit is None


def test_a_broker_that_cannot_show_its_log_is_asked_again_later() -> None:
    stage = online()
    later(stage)
    assert stage.to_broker(HeadWanted) == []
    stage.hears(Refused(name_of(HeadWanted), Reason.LOG_UNAVAILABLE))
    assert stage.logged(host.Refusal)[-1].reason is Reason.LOG_UNAVAILABLE
    later(stage)
    assert stage.to_broker(HeadWanted) == [HeadWanted(0, ALONE)]


# ---- what it shows


def test_the_broker_is_shown_our_head_with_the_proof_it_wants() -> None:
    stage = online()
    stage.hears(HeadWanted(1, ALONE))
    assert stage.to_broker(Head) == [stage.own.head(1)]


def test_the_end_of_a_visit_that_runs_is_shown_once_it_is_over() -> None:
    stage = online()
    stage.viewing()
    assert stage.hears(HeadWanted(0, SESSION)) == []
    stage.says(EndPressed())
    (shown,) = stage.to_broker(Head)
    assert shown.session_id == SESSION
    assert shown.end is not None


def test_a_host_that_died_in_a_visit_has_ended_it_when_it_is_back() -> None:
    stage = Stage()
    stage.evidence.unclosed += ["s-old", "s-dead"]
    stage.own.add(end("s-old"))
    stage.give(DoubtsRead(()))
    (ended,) = stage.logged(both.SessionEnded)
    assert (ended.session_id, ended.by, ended.cause) == ("s-dead", "", EndCause.FAILED_INSIDE)
    stage.give(DoubtsRead(()))
    assert len(stage.logged(both.SessionEnded)) == 1


def test_a_visit_that_the_host_never_took_up_is_ended_when_the_broker_asks() -> None:
    stage = online()
    stage.hears(HeadWanted(0, "s-lost"))
    assert stage.logged(both.SessionEnded)[-1].session_id == "s-lost"
    assert stage.to_broker(Head) == [stage.own.head(0, "s-lost")]


def test_what_cannot_be_shown_now_is_shown_at_the_next_occasion() -> None:
    stage = online()
    answer(stage)
    stage.disk = False
    stage.hears(HeadWanted(0, ALONE))
    assert stage.to_broker(Head) == []
    stage.disk = True
    later(stage)
    assert stage.to_broker(Head) == [stage.own.head(0)]
    assert later(stage) != []
    assert stage.to_broker(Head) == []


def test_an_end_that_cannot_be_written_is_not_shown_as_missing() -> None:
    stage = online()
    book = Playbook(stage.core.handle, stage.now) >> received(HeadWanted(0, "s-lost"))
    (book << FindHead >> Reply(None) << Record >> Reply(False)).end()


def received(said: object) -> ControlReceived:
    return ControlReceived(Frame(FrameKind.CONTROL, encode(said)).encode())


# ---- a broker that is not honest about asking


def test_an_answer_that_nobody_asked_for_turns_the_broker_away() -> None:
    stage = online()
    answer(stage)
    stage.hears(stage.broker_log.head(0))
    assert CloseControl(Reason.WRONG_MOMENT) in stage.did


@pytest.mark.parametrize("said", [HeadWanted(0, ALONE), LogDoubted(Doubt.FORKED, "", "")])
def test_a_broker_that_asks_without_end_is_turned_away(said: HeadWanted | LogDoubted) -> None:
    stage = online()
    for _ in range(HEAD_BRAKE.failures):
        stage.hears(said)
        assert CloseControl(Reason.TOO_FAST) not in stage.did
    stage.hears(said)
    assert CloseControl(Reason.TOO_FAST) in stage.did


def test_a_proof_against_what_is_held_no_more_is_asked_for_again() -> None:
    stage = online()
    answer(stage)
    later(stage)
    head = stage.broker_log.head(3)
    stage.evidence.held = None  # a person acknowledged something
    stage.hears(head)
    assert stage.to_broker(HeadWanted) == [HeadWanted(0, ALONE)]
    answer(stage)
    assert held(stage) == 3


def test_what_cannot_be_recorded_is_not_held() -> None:
    stage = online(("s-1",))
    stage.broker_log.add(end("s-1"))
    (question,) = stage.to_broker(HeadWanted)
    stage.disk = False
    stage.hears(stage.broker_log.head(question.known, "s-1"))
    assert held(stage) == 0
    assert stage.evidence.unclosed == ["s-1"]


def test_a_visit_whose_receipt_cannot_be_kept_is_not_closed_yet() -> None:
    stage = online(("s-1",))
    stage.receipts.full = True
    stage.broker_log.add(end("s-1"))
    answer(stage)
    assert held(stage) == len(stage.broker_log.events)
    assert stage.evidence.unclosed == ["s-1"]


# ---- doubts about the broker's log


TAMPERED: list[tuple[Any, Doubt]] = [
    (lambda log: log.cut(2), Doubt.ROLLED_BACK),
    (lambda log: log.rewrite(2, lines(1)[0]), Doubt.FORKED),
    (lambda log: setattr(log, "log_id", "l-anew"), Doubt.OTHER_LOG),
    (lambda log: setattr(log, "signer", Stage().device), Doubt.NOT_SIGNED),
]


@pytest.mark.parametrize(("tamper", "doubt"), TAMPERED)
def test_a_log_that_does_not_continue_what_is_held_is_recorded_kept_told_and_shown(tamper: Any, doubt: Doubt) -> None:
    stage = online()
    answer(stage)
    before = stage.evidence.held
    assert before is not None
    tamper(stage.broker_log)
    later(stage)
    answer(stage)
    (event,) = stage.logged(evidence.LogDoubted)
    assert (event.subject, event.doubt, event.held_size, event.held_root) == (BROKER, doubt, 3, before.checkpoint.root)
    given = stage.broker_log.held().note
    assert stage.evidence.doubts == [Raised(BROKER, doubt, before.note, given)]
    assert stage.to_broker(LogDoubted) == [LogDoubted(doubt, before.note, given)]
    (shown,) = stage.told(ShowIdle)
    assert (shown.online, shown.why) == (Online.DOUBTED, Reason.LOG_DOUBTED)
    assert stage.evidence.held == before


def test_an_end_that_is_not_shown_is_a_doubt_and_asked_for_no_more() -> None:
    stage = online(("s-1",))
    head = stage.broker_log.head(0)
    assert head is not None
    stage.hears(Head(head.note, head.consistency, "s-1", None))
    assert stage.logged(evidence.LogDoubted)[-1].doubt is Doubt.END_NOT_SHOWN
    assert stage.evidence.unclosed == []


def in_doubt(stage: Stage) -> None:
    """The broker's log lost an entry, and the host has just seen it."""
    answer(stage)
    stage.broker_log.cut(2)
    later(stage)
    answer(stage)


def test_in_doubt_nobody_gets_a_code_and_no_visit_begins() -> None:
    stage = online()
    in_doubt(stage)
    stage.says(GetHelp())
    assert [each.reason for each in stage.told(ShowCodeOver)] == [Reason.LOG_DOUBTED]
    stage.lose_control_socket()
    assert [each.why for each in stage.told(ShowIdle)] == [Reason.LOG_DOUBTED]
    stage.says(GetHelp())
    assert [each.reason for each in stage.told(ShowCodeOver)] == [Reason.LOG_DOUBTED]


def test_a_doubt_takes_the_code_back() -> None:
    stage = online()
    answer(stage)
    stage.code()
    stage.broker_log.cut(2)
    later(stage)
    answer(stage)
    assert [each.reason for each in stage.told(ShowCodeOver)] == [Reason.LOG_DOUBTED]
    stage.offer()
    assert stage.core.visit is None


def test_an_offer_that_crosses_a_doubt_is_refused() -> None:
    stage = online()
    stage.code()
    stage.give(DoubtsRead((Raised(BROKER, Doubt.FORKED),)))
    stage.offer()
    assert stage.logged(host.Refusal)[-1].reason is Reason.LOG_DOUBTED
    assert stage.core.visit is None


def test_a_doubt_ends_the_visit_first_and_is_recorded_after() -> None:
    stage = online()
    answer(stage)
    stage.viewing()
    stage.broker_log.cut(2)
    later(stage)
    answer(stage)
    did = [
        each
        for each in stage.did
        if isinstance(each, CloseSession | KeepDoubt) or (isinstance(each, Tell) and isinstance(each.said, StopCapture))
    ]
    assert [type(each) for each in did] == [Tell, CloseSession, KeepDoubt]
    events = [type(each.event) for each in stage.did if isinstance(each, Note)]
    assert events.index(both.SessionEnded) < events.index(evidence.LogDoubted)
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.LOG_DOUBTED
    assert stage.evidence.unclosed == [SESSION]
    assert stage.told(ShowCode) == []


def test_a_doubt_found_again_is_told_again_and_not_recorded_again() -> None:
    stage = online()
    in_doubt(stage)
    later(stage)
    answer(stage)
    assert [each.doubt for each in stage.to_broker(LogDoubted)] == [Doubt.ROLLED_BACK]
    assert len(stage.logged(evidence.LogDoubted)) == 1
    stage.lose_control_socket()
    stage.give(ControlOpened(LEAF))
    stage.hears(stage.greeting())
    stage.hears(Welcome(True, 1))
    assert [each.doubt for each in stage.to_broker(LogDoubted)] == [Doubt.ROLLED_BACK]


def test_a_head_that_fits_ends_no_doubt() -> None:
    stage = online()
    in_doubt(stage)
    stage.broker_log.add(*lines(3)[2:])
    later(stage)
    answer(stage)
    assert held(stage) == 3
    stage.says(GetHelp())
    assert stage.told(ShowCodeOver)


# ---- what the broker says of ours


def test_a_broker_that_doubts_our_log_is_recorded_kept_and_shown_once() -> None:
    stage = online()
    answer(stage)
    said = LogDoubted(Doubt.ROLLED_BACK, stage.own.held().note, "")
    stage.hears(said)
    (event,) = stage.logged(evidence.DoubtTold)
    assert (event.subject, event.doubt, event.held_size) == (BROKER, Doubt.ROLLED_BACK, stage.own.size - 1)
    assert stage.evidence.doubts == [Raised(BROKER, Doubt.ROLLED_BACK, said.held, "", told=True)]
    assert [each.why for each in stage.told(ShowIdle)] == [Reason.LOG_DOUBTED]
    stage.hears(LogDoubted(Doubt.FORKED, "another", ""))
    assert len(stage.logged(evidence.DoubtTold)) == 1


def test_what_a_person_has_seen_is_nothing_new_when_it_is_told_again() -> None:
    stage = online()
    said = LogDoubted(Doubt.ROLLED_BACK, stage.own.held().note, "")
    stage.hears(said)
    stage.give(Acknowledged(BROKER))
    stage.hears(said)
    assert len(stage.logged(evidence.DoubtTold)) == 1
    stage.says(GetHelp())
    assert stage.told(ShowCodeOver) == []


def test_a_doubt_that_stands_since_before_is_told_unless_it_was_told_us() -> None:
    stage = Stage()
    own, told = Raised(HOST, Doubt.OWN_LOG, "a note"), Raised(BROKER, Doubt.FORKED, "another", told=True)
    stage.give(DoubtsRead((own, told)))
    stage.online()
    assert stage.to_broker(LogDoubted) == [own.words]
    assert stage.told(ShowIdle)[-1].why is Reason.LOG_DOUBTED


# ---- acknowledged


def test_after_a_person_has_seen_it_everything_works_again() -> None:
    stage = online()
    in_doubt(stage)
    stage.evidence.held = None  # what acknowledging does in the file
    stage.give(Acknowledged(BROKER))
    assert [each.online for each in stage.told(ShowIdle)] == [Online.READY]
    answer(stage)
    assert held(stage) == 2
    assert len(stage.logged(evidence.HeadHeld)) == 2
    stage.viewing()


def test_one_doubt_of_two_leaves_the_other() -> None:
    stage = online()
    stage.give(DoubtsRead((Raised(HOST, Doubt.OWN_LOG), Raised(BROKER, Doubt.FORKED))))
    stage.give(Acknowledged(HOST))
    assert [each.why for each in stage.told(ShowIdle)] == [Reason.LOG_DOUBTED]
    stage.lose_control_socket()
    stage.give(Acknowledged(BROKER))
    assert [each.online for each in stage.told(ShowIdle)] == [Online.CONNECTING]


def test_an_acknowledgement_in_a_visit_or_beside_a_code_shows_nothing_over_it() -> None:
    stage = online()
    stage.code()
    stage.give(Acknowledged(BROKER))
    assert stage.told(ShowIdle) == []


def test_other_visits_are_not_the_one_that_runs() -> None:
    stage = online()
    stage.viewing()
    assert stage.hears(LeaseHeld("s-other", 30)) == []
    assert stage.hears(SessionOver("s-other", EndCause.IDLE)) == []
    assert not any(isinstance(each, FindHead) for each in stage.did)
