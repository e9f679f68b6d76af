"""The events that repeat a signed statement repeat all of it."""

from dataclasses import asdict, replace

from audit.events import visit
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.session import EndCause
from wire.commitments import commitment
from wire.messages import ledger
from wire.statements import Label

ASKED = ledger.Asked("s-1", 1, "t-1", "h-1", Permission.VIEW, Purpose.FAULT, "CASE-7", b"c" * 32, 1000)
BY = ledger.AnsweredBy("lab", "seat0", "Ana")
ANSWERED = ledger.Answered(
    "s-1", 1, "t-1", "h-1", Permission.VIEW, ledger.Answer.REFUSE, Reason.REFUSED_BY_PERSON, b"c" * 32, "fr", BY, 0, 1001
)
WITHDRAWN = ledger.Withdrawn("s-1", 1, "h-1", Permission.CONTROL, 1002)
ENDED = ledger.Ended("s-1", "h-1", EndCause.HOST_ENDED, 1003)
SIGNATURE = b"s" * 64
NO_FILE = {"file_name": None, "file_size": None, "file_digest": None, "file_key": None}
COMMITTED = ledger.FileCommitted(commitment(b"f" * 32, "a.txt"), commitment(b"f" * 32, (b"d" * 32).hex()), 4)
NAMED = visit.FileNamed("a.txt", 12, b"d" * 32, b"f" * 32)


def test_asked_repeats_the_statement_and_the_host_adds_the_words() -> None:
    plain = asdict(ASKED) | {"signature": SIGNATURE}
    plain["said_at"] = plain.pop("at")
    assert asdict(visit.asked(ASKED, SIGNATURE)) == plain | {"words": None, "words_key": None} | NO_FILE
    said = visit.asked(ASKED, SIGNATURE, "no cursor", b"k" * 32)
    assert asdict(said) == plain | {"words": "no cursor", "words_key": b"k" * 32} | NO_FILE


def test_answered_repeats_the_statement_and_the_host_adds_the_prompt() -> None:
    plain = asdict(ANSWERED) | asdict(BY) | {"signature": SIGNATURE}
    plain["said_at"] = plain.pop("at")
    del plain["answered_by"]
    assert asdict(visit.answered(ANSWERED, SIGNATURE)) == plain | {"prompt": None, "prompt_key": None} | NO_FILE
    shown = asdict(visit.answered(ANSWERED, SIGNATURE, ("May they see?",), b"k" * 32))
    assert shown == plain | {"prompt": ("May they see?",), "prompt_key": b"k" * 32} | NO_FILE


def test_withdrawn_repeats_the_statement() -> None:
    assert asdict(visit.withdrawn(WITHDRAWN, SIGNATURE)) == {
        "session_id": "s-1",
        "ask": 1,
        "host_id": "h-1",
        "permission": Permission.CONTROL,
        "said_at": 1002,
        "signature": SIGNATURE,
        "done": False,
    }


def test_an_end_may_be_signed_by_nobody() -> None:
    assert visit.ended(ENDED, SIGNATURE).signature == SIGNATURE
    assert visit.ended(ENDED) == visit.SessionEnded(session_id="s-1", by="h-1", cause=EndCause.HOST_ENDED, said_at=1003)


def test_the_statement_is_built_again_from_its_entry() -> None:
    assert visit.statement_of(visit.asked(ASKED, SIGNATURE, "no cursor", b"k" * 32)) == (Label.ASKED, ASKED)
    assert visit.statement_of(visit.answered(ANSWERED, SIGNATURE, ("May they see?",), b"k" * 32)) == (Label.ANSWERED, ANSWERED)
    assert visit.statement_of(visit.withdrawn(WITHDRAWN, SIGNATURE)) == (Label.WITHDRAWN, WITHDRAWN)
    for signature in (SIGNATURE, None):
        assert visit.statement_of(visit.ended(ENDED, signature)) == (Label.ENDED, ENDED)


def test_a_file_stands_in_the_statement_as_a_commitment_and_in_the_hosts_entry_by_its_name() -> None:
    asked, answered = replace(ASKED, file=COMMITTED), replace(ANSWERED, file=COMMITTED, scope=ledger.FileScope.SESSION, under=1)
    for entry, statement in (
        (visit.asked(asked, SIGNATURE, file=NAMED), (Label.ASKED, asked)),
        (visit.answered(answered, SIGNATURE, file=NAMED), (Label.ANSWERED, answered)),
    ):
        assert (entry.file_name, entry.file_size, entry.file_digest, entry.file_key) == ("a.txt", 12, b"d" * 32, b"f" * 32)
        assert visit.statement_of(entry) == statement


def test_a_commitment_opens_with_its_own_name_hash_and_key_alone() -> None:
    assert visit.opens(COMMITTED, "a.txt", b"d" * 32, b"f" * 32)
    assert not visit.opens(COMMITTED, "b.txt", b"d" * 32, b"f" * 32)
    assert not visit.opens(COMMITTED, "a.txt", b"e" * 32, b"f" * 32)
    assert not visit.opens(COMMITTED, "a.txt", b"d" * 32, b"g" * 32)


def test_a_direct_path_is_told_without_its_ranges_to_whoever_is_not_of_the_site() -> None:
    started = visit.DirectStarted(session_id="s-1", attempt=2, host_range="10.0.0.0/8", console_range="fd00::/8")
    assert visit.without_ranges(started) == replace(started, host_range=None, console_range=None)
    parted = visit.VisitParted(session_id="s-1")
    assert visit.without_ranges(parted) is parted
