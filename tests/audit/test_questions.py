"""What one side asks of the other's log, and what an answer is worth."""

import pytest

from audit.checkpoint import NoteInvalid, signature_of
from audit.events import broker, evidence
from audit.events.visit import SessionEnded
from audit.heads import Doubted
from audit.log import Side
from audit.questions import ALONE, WAITING_MAX, Believed, Questions, Raised, believe, size_of
from policy.session import EndCause
from tests.helpers.grown_log import GrownLog
from trust.signatures import Ed25519Signer, ed25519_verifies
from wire.messages.evidence import Doubt, Head, HeadWanted, LogDoubted

SIGNER = Ed25519Signer(b"k" * 32)
END = SessionEnded(session_id="s-1", by="h-one", cause=EndCause.HOST_ENDED, said_at=1)


def grown(count: int = 3) -> GrownLog:
    log = GrownLog(Side.HOST, SIGNER)
    log.add(*(broker.HostDisconnected(host_id=f"h-{number}") for number in range(count)))
    return log


def shown(log: GrownLog, since: int = 0, session_id: str = "") -> Head:
    head = log.head(since, session_id)
    assert head is not None
    return head


def worth(log: GrownLog, head: Head, held: GrownLog | None = None, *, first: bool = True) -> Believed:
    return believe("h-one", held.held() if held else None, head, Side.HOST, log.signer.public_key, ed25519_verifies, first=first)


# ---- questions


def test_one_question_is_out_at_a_time() -> None:
    questions = Questions()
    assert questions.next(None) is None
    questions.want("s-1", "s-2")
    first = questions.next(None)
    assert first == HeadWanted(0, "s-1")
    assert questions.next(None) is None
    questions.over()
    assert questions.next(grown().held()) == HeadWanted(3, "s-2")


def test_every_question_asks_where_the_log_stands_so_that_alone_is_asked_only_alone() -> None:
    questions = Questions()
    questions.want(ALONE, "s-1")
    assert questions.next(None) == HeadWanted(0, "s-1")
    questions.over()
    assert questions.next(None) is None
    questions.want(ALONE)
    assert questions.next(None) == HeadWanted(0, ALONE)


def test_what_is_out_or_waits_is_not_wanted_twice_and_no_more_wait_than_may() -> None:
    questions = Questions()
    questions.want("s-1")
    questions.next(None)
    questions.want("s-1", *(f"s-{number}" for number in range(2, 40)), "s-2")
    asked = [questions.out]
    while True:
        questions.over()
        if (after := questions.next(None)) is None:
            break
        asked.append(after)
    assert [each.session_id for each in asked if each] == [f"s-{number}" for number in range(1, WAITING_MAX + 2)]


def test_an_answer_fits_only_to_what_was_asked() -> None:
    questions, head = Questions(), shown(grown())
    assert questions.asked(head) is None
    questions.want("s-1")
    questions.next(None)
    assert questions.asked(head) is None
    questions.over()
    questions.want(ALONE)
    questions.next(None)
    assert questions.asked(head) == HeadWanted(0, ALONE)
    questions.over()
    assert questions.asked(head) is None


def test_nothing_held_covers_nothing() -> None:
    assert size_of(None) == 0
    assert size_of(grown(5).held()) == 5


# ---- answers


def test_the_first_head_is_held_and_recorded_with_its_signature() -> None:
    log = grown()
    believed = worth(log, shown(log))
    note, checkpoint = log.held().note, log.held().checkpoint
    assert believed.held == log.held()
    assert believed.events == (
        evidence.HeadHeld(subject="h-one", log_id="l-grown", size=3, root=checkpoint.root, signature=signature_of(note), session_id=""),
    )
    assert ed25519_verifies(SIGNER.public_key, signature_of(note), checkpoint.text.encode())
    with pytest.raises(NoteInvalid):
        signature_of("no note")


def test_later_heads_of_a_connection_and_one_that_is_held_already_are_not_recorded() -> None:
    before, log = grown(3), grown(5)
    assert worth(log, shown(log, 3), before, first=False) == Believed(log.held(), ())
    assert worth(log, shown(log, 5), log) == Believed(log.held(), ())
    assert worth(log, shown(log, 3), before).events != ()


def test_the_end_of_a_visit_closes_it_whenever_it_is_shown() -> None:
    log = grown()
    log.add(END)
    believed = worth(log, shown(log, session_id="s-1"), first=False)
    held, closed = believed.events
    assert isinstance(held, evidence.HeadHeld)
    assert held.session_id == "s-1"
    assert closed == evidence.VisitClosed(session_id="s-1", subject="h-one", entry=4)


@pytest.mark.parametrize(
    ("tamper", "doubt"),
    [
        (lambda log: log.cut(2), Doubt.ROLLED_BACK),
        (lambda log: log.rewrite(2, END), Doubt.FORKED),
        (lambda log: setattr(log, "log_id", "l-anew"), Doubt.OTHER_LOG),
        (lambda log: setattr(log, "signer", Ed25519Signer(b"x" * 32)), Doubt.NOT_SIGNED),
    ],
)
def test_what_does_not_continue_what_is_held_is_a_doubt(tamper: object, doubt: Doubt) -> None:
    held, log = grown(4), grown(6)
    assert callable(tamper)
    tamper(log)
    with pytest.raises(Doubted) as raised:
        believe("h-one", held.held(), shown(log, 4), Side.HOST, SIGNER.public_key, ed25519_verifies, first=True)
    assert raised.value.doubt is doubt


@pytest.mark.parametrize("missing", [True, False])
def test_an_end_that_is_not_shown_closes_nothing(missing: bool) -> None:
    log = grown()
    log.add(END)
    head = shown(log, session_id="s-1")
    wrong = Head(head.note, head.consistency, "s-2", None if missing else head.end)
    with pytest.raises(Doubted) as raised:
        worth(log, wrong)
    assert raised.value.doubt is Doubt.END_NOT_SHOWN


# ---- doubts


def test_a_doubt_is_recorded_with_what_both_notes_say_and_told_with_the_notes() -> None:
    held, given = grown(4).held(), grown(2).held()
    raised = Raised("h-one", Doubt.ROLLED_BACK, held.note, given.note)
    assert raised.words == LogDoubted(Doubt.ROLLED_BACK, held.note, given.note)
    assert raised.event == evidence.LogDoubted(
        subject="h-one",
        doubt=Doubt.ROLLED_BACK,
        held_size=4,
        held_root=held.checkpoint.root,
        given_size=2,
        given_root=given.checkpoint.root,
    )


def test_a_doubt_that_was_told_is_recorded_as_told_whatever_stands_in_its_notes() -> None:
    raised = Raised("b-broker", Doubt.FORKED, "no note", grown(2).held().note, told=True)
    assert raised.event == evidence.DoubtTold(subject="b-broker", doubt=Doubt.FORKED, held_size=0, given_size=2)
