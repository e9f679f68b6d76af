"""Two logs of the same visits: honest runs with cut lines, kills and retention give no finding; every lie gives one, by its entry."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from audit.checkpoint import origin_of
from audit.events import broker, evidence, host, visit
from audit.events.shape import Event
from audit.facts import Facts
from audit.log import Chain, Row, Side
from audit.verify import Watch
from audit.verify_against import Compared, Difference, Keys, Tail, Whole, compare
from policy.permissions import Permission
from policy.purpose import Purpose
from tests.helpers.two_logs import (
    BROKER,
    BROKER_KEY,
    DEVICE,
    DEVICE_KEY,
    HOST,
    HOST_KEY,
    TECHNICIAN,
    VERIFIES,
    MemoryBook,
    Pair,
    alter,
    answered,
    asked,
    ended,
    expired,
    held,
    place,
    rewritten,
    withdrawn,
)
from trust.signatures import verifies
from wire.commitments import commitment
from wire.messages import ledger
from wire.statements import Algorithm, Label

KEYS = Keys(verifies, {DEVICE: (Algorithm.ED25519, DEVICE_KEY.public_key)})


@pytest.fixture
def pair() -> Pair:
    made = Pair(MemoryBook(Side.HOST), MemoryBook(Side.BROKER))
    made.start()
    return made


def books(pair: Pair) -> tuple[MemoryBook, MemoryBook]:
    assert isinstance(pair.host, MemoryBook)
    assert isinstance(pair.broker, MemoryBook)
    return pair.host, pair.broker


def whole(book: MemoryBook, facts: Facts, other: Facts, key: bytes | None, gone: Mapping[int, Row] | None = None) -> Whole:
    held_sizes = [head.size for _, head in other.heads]
    watch = Watch(Chain.empty(book.log_id, book.side), book.beside(), None, VERIFIES, held=held_sizes)
    for row in book.rows:
        watch.look((gone or {}).get(row.index, row))
    return Whole(facts, book.log_id, watch.end().chain.size, key, watch.roots)


def facts_of(book: MemoryBook, facts: Facts) -> Facts:
    watch = Watch(Chain.empty(book.log_id, book.side), book.beside(), None, VERIFIES)
    for row in book.rows:
        facts.look(row, watch.look(row))
    return facts


def compared(pair: Pair, keys: Keys = KEYS, *, keyed: bool = True) -> Compared:
    at_host, at_broker = books(pair)
    of_host = facts_of(at_host, Facts(Side.HOST))
    of_broker = facts_of(at_broker, Facts(Side.BROKER, of_host.host_id, of_host.visits.keys()))
    one = whole(at_host, of_host, of_broker, HOST_KEY.public_key if keyed else None)
    two = whole(at_broker, of_broker, of_host, BROKER_KEY.public_key if keyed else None)
    return compare(one, two, keys)


def told(pair: Pair, keys: Keys = KEYS) -> list[str]:
    return [f"{each.what.value} {each.side.value} {each.index} {each.other}" for each in compared(pair, keys).unfit]


def findings(pair: Pair) -> list[Difference]:
    return [each.what for each in compared(pair).unfit if not each.explained]


def explained(pair: Pair) -> list[Difference]:
    return [each.what for each in compared(pair).unfit if each.explained]


# ---- honest runs


def test_two_honest_logs_say_the_same_and_every_signature_is_verified(pair: Pair) -> None:
    for number in range(3):
        pair.visit(f"s-{number}", by=HOST if number else TECHNICIAN)
        pair.close(f"s-{number}")
    result = compared(pair)
    # Two requests, two answers, a withdrawal and an end of each visit; two heads after each.
    assert (result.visits, result.unfit, result.tails, result.signatures) == (3, (), (), 3 * 6 + 6)
    nothing_known = compared(pair, Keys(verifies), keyed=False)
    assert (nothing_known.unfit, nothing_known.signatures) == ((), 0)


def test_a_visit_that_is_not_closed_is_an_open_tail(pair: Pair) -> None:
    pair.visit("s-1")
    pair.close("s-1")
    pair.visit("s-2")
    at_host, at_broker = books(pair)
    covered = {Side.HOST: 10, Side.BROKER: 10}
    tails = compared(pair).tails
    assert [(each.session_id, each.side) for each in tails] == [("s-2", Side.HOST), ("s-2", Side.BROKER)]
    assert all(each.since > covered[each.side] - 5 for each in tails)
    assert isinstance(tails[0], Tail)
    assert len(at_host.rows) > 10 < len(at_broker.rows)


def test_what_was_on_its_way_when_the_line_was_cut_is_explained(pair: Pair) -> None:
    pair.open("s-1")
    pair.ask("s-1", 1)
    pair.answer("s-1", 1)
    pair.ask("s-1", 2, reaches_host=False)
    pair.withdraw("s-1", 1, reaches_broker=False)
    pair.host.write(ended("s-1", 1, signed=False))
    pair.broker.write(ended("s-1", 2, signed=False))
    assert (findings(pair), explained(pair)) == ([], [Difference.ON_ITS_WAY, Difference.OWN_ENDS, Difference.ON_ITS_WAY])
    assert compared(pair).signatures == 4


def test_what_a_cut_line_lost_is_explained_where_the_visit_went_on_and_nothing_else_is(pair: Pair) -> None:
    pair.open("s-1")
    pair.ask("s-1", 1)
    pair.answer("s-1", 1)
    pair.ask("s-1", 2)
    pair.answer("s-1", 2, allow=False, reaches_broker=False)
    pair.both(visit.VisitParted(session_id="s-1"), visit.VisitRejoined(session_id="s-1", number=1))
    pair.ask("s-1", 3, reaches_host=False)
    pair.both(visit.VisitParted(session_id="s-1"), visit.VisitRejoined(session_id="s-1", number=2))
    pair.ask("s-1", 4)
    pair.answer("s-1", 4)
    assert (findings(pair), set(explained(pair))) == ([], {Difference.ON_ITS_WAY})
    pair.ask("s-1", 5)
    pair.answer("s-1", 5, reaches_broker=False)  # no cut came between it and what did arrive
    pair.ask("s-1", 6)
    pair.answer("s-1", 6)
    assert findings(pair) == [Difference.NO_COUNTERPART]


def test_an_answer_that_did_not_arrive_is_explained(pair: Pair) -> None:
    pair.open("s-1")
    pair.ask("s-1", 1)
    pair.answer("s-1", 1, reaches_broker=False)
    pair.end("s-1")
    assert (findings(pair), explained(pair)) == ([], [Difference.ON_ITS_WAY])


def test_a_visit_of_which_the_host_never_heard_is_explained(pair: Pair) -> None:
    pair.broker.write(
        broker.SessionOpened(
            session_id="s", ticket="", technician_id="t", host_id=HOST, purpose=asked("s", 1, 1).purpose, case_reference=""
        )
    )
    pair.broker.write(ended("s", 1, signed=False))
    assert (findings(pair), explained(pair)) == ([], [Difference.ON_ITS_WAY])


@pytest.mark.parametrize("killed", Side)
def test_a_program_that_was_killed_before_it_noted_the_end_is_explained(pair: Pair, killed: Side) -> None:
    pair.open("s-1")
    pair.ask("s-1", 1)
    pair.answer("s-1", 1)
    other = pair.broker if killed is Side.HOST else pair.host
    other.write(ended("s-1", 1, signed=False))
    pair.start()
    assert (findings(pair), explained(pair)) == ([], [Difference.KILLED])


def test_a_log_that_was_copied_before_the_end_is_explained(pair: Pair) -> None:
    pair.open("s-1")
    pair.broker.write(ended("s-1", 1, signed=False))
    assert (findings(pair), explained(pair)) == ([], [Difference.KILLED])


def test_a_refusal_that_a_kill_kept_from_being_written_is_explained_and_an_allow_is_not(pair: Pair) -> None:
    pair.open("s-1")
    pair.ask("s-1", 1)
    refusal = answered("s-1", 1, 1, allow=False)
    pair.broker.write(replace(refusal, prompt=None, prompt_key=None), ended("s-1", 1, signed=False))
    pair.start()
    assert (findings(pair), explained(pair)) == ([], [Difference.KILLED, Difference.KILLED])
    pair.open("s-2")
    pair.ask("s-2", 1)
    pair.broker.write(replace(answered("s-2", 1, 1), prompt=None, prompt_key=None), ended("s-2", 1, signed=False))
    pair.start()
    assert findings(pair) == [Difference.NO_COUNTERPART]


def test_late_entries_are_told(pair: Pair) -> None:
    pair.host.write(host.LateEntries(count=2))
    assert told(pair) == ["written_late host 3 4"]
    assert findings(pair) == []


def test_what_retention_let_go_is_explained(pair: Pair) -> None:
    pair.visit("s-1", 1)
    pair.visit("s-2", 1)
    at_host, _ = books(pair)
    expired(at_host, 2, at_host.ends["s-1"])
    assert findings(pair) == []
    assert set(explained(pair)) == {Difference.LET_GO}
    # The same of a visit whose end stays, because ends are never let go.
    other = Pair(MemoryBook(Side.HOST), MemoryBook(Side.BROKER))
    other.start()
    other.visit("s-1", 1)
    pair = other
    _, at_broker = books(pair)
    expired(at_broker, 2, 4)
    assert (findings(pair), set(explained(pair))) == ([], {Difference.LET_GO})


def told_of_broken(pair: Pair, what: Difference = Difference.COUNTERPART_BROKEN) -> list[tuple[Side, int, int]]:
    assert explained(pair) == []
    return [(each.side, each.index, each.other) for each in compared(pair).unfit if each.what is what]


@pytest.mark.parametrize("damage", ["reads well", "reads as nothing", "bare", "taken out"])
def test_a_counterpart_that_was_altered_is_named_and_not_explained(pair: Pair, damage: str) -> None:
    pair.visit("s-1")
    at_host, at_broker = books(pair)
    # Broker: started, opened, asked, answered, asked, answered, withdrawn, ended. The host has one entry more before the first request.
    if damage == "reads well":
        alter(at_broker, 6, b'"language":"en"', b'"language":"fr"')
    elif damage == "reads as nothing":
        alter(at_broker, 6, b'"type"', b'"tipe"')
    elif damage == "bare":
        at_broker.rows[5] = replace(at_broker.rows[5], salt=b"", entry=b"")
    else:
        del at_broker.rows[5]
    assert told_of_broken(pair) == [(Side.HOST, 7, 6)]
    assert len(at_host.rows) == 9


def test_two_that_were_altered_side_by_side_are_told_apart_by_what_they_claim(pair: Pair) -> None:
    pair.visit("s-1")
    _, at_broker = books(pair)
    alter(at_broker, 6, b'"language":"en"', b'"language":"fr"')
    alter(at_broker, 7, b'"type"', b'"tipe"')
    assert told_of_broken(pair) == [(Side.HOST, 7, 6), (Side.HOST, 8, 7)]


def test_an_altered_entry_inside_a_range_of_retention_is_named_and_the_rest_is_explained(pair: Pair) -> None:
    pair.visit("s-1")
    _, at_broker = books(pair)
    expired(at_broker, 3, 5)
    alter(at_broker, 6, b'"type"', b'"tipe"')
    at_broker.write(evidence.EntriesExpired(first=3, last=7, older_than_days=90, by="Kim"))
    assert findings(pair) == [Difference.COUNTERPART_BROKEN] * 4  # nobody can tell which of the four it was
    at_broker.rows[5] = replace(at_broker.rows[5], salt=b"", entry=b"")
    assert (findings(pair), explained(pair)) == ([], [Difference.LET_GO] * 4)


def test_a_visit_of_which_nothing_is_left_but_what_was_altered_is_named(pair: Pair) -> None:
    pair.broker.write(ended("s-0", 1, signed=False))
    pair.visit("s-1", 1)
    _, at_broker = books(pair)
    for index in range(3, 8):
        alter(at_broker, index, b'"type"', b'"tipe"')
    assert told_of_broken(pair) == [(Side.HOST, 2, 3)]


def test_what_was_altered_at_another_time_is_nobody_s_counterpart(pair: Pair) -> None:
    pair.open("s-1")
    pair.ask("s-1", 1)
    pair.host.write(ended("s-1", 1))
    pair.broker.write(*[broker.BrokerStopped(broker_id=BROKER)] * 310)  # one a second
    _, at_broker = books(pair)
    alter(at_broker, 310, b'"type"', b'"tipe"')
    assert told_of_broken(pair, Difference.NO_COUNTERPART) == [(Side.HOST, 5, 0)]
    alter(at_broker, 20, b'"type"', b'"tipe"')
    assert told_of_broken(pair) == [(Side.HOST, 5, 20)]


def test_what_was_altered_before_what_both_have_is_nobody_s_counterpart(pair: Pair) -> None:
    pair.visit("s-1")
    _, at_broker = books(pair)
    alter(at_broker, 1, b'"type"', b'"tipe"')
    del at_broker.rows[5]
    assert told_of_broken(pair) == [(Side.HOST, 7, 6)]


def test_visits_and_heads_of_other_hosts_are_nobody_s_business_here(pair: Pair) -> None:
    pair.broker.write(ended("of-another", 1), held(MemoryBook(Side.HOST, "l-other")))
    pair.broker.write(replace(held(MemoryBook(Side.HOST, "l-other")), subject="h-9"))
    assert findings(pair) == [Difference.HEAD_OTHER_LOG]


def test_a_log_that_went_on_otherwise_with_a_person_s_word_is_explained(pair: Pair) -> None:
    at_host, _ = books(pair)
    pair.broker.write(held(MemoryBook(Side.HOST, "l-before")))
    assert findings(pair) == [Difference.HEAD_OTHER_LOG]
    pair.broker.write(evidence.DoubtAcknowledged(subject=HOST, by="Kim", why="new disk"))
    assert (findings(pair), explained(pair)) == ([], [Difference.ACKNOWLEDGED])
    longer = MemoryBook(Side.HOST, at_host.log_id)
    longer.write(*[host.HostStopped(host_id=HOST)] * 5)
    pair.broker.write(held(longer))
    assert findings(pair) == [Difference.HEAD_BEYOND]
    pair.host.write(evidence.LogBegun(held_size=5, size=1))
    assert findings(pair) == []


# ---- lies


def visited(pair: Pair) -> None:
    pair.visit("s-1")


AT = 1_790_000_000
BLIND_ANSWER = replace(answered("s-1", 1, AT), prompt=None, prompt_key=None)
BLIND_ASK = replace(asked("s-1", 1, AT), words=None, words_key=None)
LIES: dict[str, tuple[Side, Event, tuple[Event, ...], set[Difference]]] = {
    "the host forgets a request": (Side.HOST, asked("s-1", 1, AT), (), {Difference.NO_COUNTERPART}),
    "the host forgets an allow": (Side.HOST, answered("s-1", 1, AT), (), {Difference.NO_COUNTERPART}),
    "the host forgets a withdrawal": (Side.HOST, withdrawn("s-1", 2, AT), (), {Difference.NO_COUNTERPART}),
    "the broker forgets a request": (Side.BROKER, BLIND_ASK, (), {Difference.NO_COUNTERPART}),
    "the broker forgets an allow": (Side.BROKER, BLIND_ANSWER, (), {Difference.NO_COUNTERPART}),
    "the broker makes an allow of it that nobody signed": (
        Side.BROKER,
        BLIND_ANSWER,
        (replace(BLIND_ANSWER, seconds=9999),),
        {Difference.SAYS_OTHERWISE, Difference.NOT_SIGNED},
    ),
    "the host says another signed thing": (
        Side.HOST,
        answered("s-1", 1, AT),
        (answered("s-1", 1, AT + 5),),
        {Difference.SAYS_OTHERWISE},
    ),
    "the host says it twice": (Side.HOST, asked("s-1", 1, AT), (asked("s-1", 1, AT), asked("s-1", 1, AT)), {Difference.SAID_TWICE}),
    "the host changes the words": (
        Side.HOST,
        asked("s-1", 1, AT),
        (replace(asked("s-1", 1, AT), words="Other"),),
        {Difference.WORDS_DIFFER},
    ),
    "the host changes the prompt": (
        Side.HOST,
        answered("s-1", 1, AT),
        (replace(answered("s-1", 1, AT), prompt=("Other",)),),
        {Difference.WORDS_DIFFER},
    ),
    "the host loses the words and keeps their key": (
        Side.HOST,
        answered("s-1", 1, AT),
        (replace(answered("s-1", 1, AT), prompt=None),),
        {Difference.WORDS_DIFFER},
    ),
    "the host gives the end another signature": (
        Side.HOST,
        ended("s-1", AT),
        (replace(ended("s-1", AT), signature=b"\1" * 64),),
        {Difference.SAYS_OTHERWISE, Difference.NOT_SIGNED},
    ),
    "the host invents an end that cannot be said": (
        Side.HOST,
        ended("s-1", AT),
        (replace(ended("s-1", AT), by=""),),
        {Difference.NOT_SIGNED},
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_of_one_side_is_found(lie: str, pair: Pair) -> None:
    visited(pair)
    side, instead_of, said, wanted = LIES[lie]
    book = books(pair)[0 if side is Side.HOST else 1]
    pair.start()
    rewritten(book, place(book, instead_of), *said)
    assert set(findings(pair)) == wanted


def test_an_end_that_one_side_does_not_have_is_found(pair: Pair) -> None:
    visited(pair)
    at_host, _ = books(pair)
    stopped = host.HostStopped(host_id=HOST)
    pair.host.write(stopped)
    pair.broker.write(broker.BrokerStopped(broker_id=BROKER))
    rewritten(at_host, place(at_host, ended("s-1", AT)))
    assert findings(pair) == [Difference.NO_COUNTERPART]


@pytest.mark.parametrize("side", Side)
def test_a_visit_that_one_side_forgot_is_found(side: Side, pair: Pair) -> None:
    visited(pair)
    book = books(pair)[0 if side is Side.HOST else 1]
    book.__init__(book.side, book.log_id)  # type: ignore[misc]
    book.write(host.HostStarted(host_id=HOST, version="1"))
    assert findings(pair) == [Difference.UNKNOWN_VISIT]


def test_an_ask_that_was_answered_must_have_reached_the_host(pair: Pair) -> None:
    pair.open("s-1")
    pair.ask("s-1", 1, reaches_host=False)
    pair.ask("s-1", 2)
    pair.end("s-1")
    assert findings(pair) == [Difference.NO_COUNTERPART]


def test_an_answer_before_others_that_arrived_must_have_reached_the_broker(pair: Pair) -> None:
    pair.open("s-1")
    pair.ask("s-1", 1)
    pair.ask("s-1", 2)
    pair.answer("s-1", 1, reaches_broker=False)
    pair.answer("s-1", 2)
    pair.end("s-1")
    assert findings(pair) == [Difference.NO_COUNTERPART]


def test_both_sides_may_end_at_once_each_in_its_own_words(pair: Pair) -> None:
    pair.open("s-1")
    pair.host.write(ended("s-1", 1))
    pair.broker.write(ended("s-1", 1, by=TECHNICIAN))
    assert (findings(pair), explained(pair)) == ([], [Difference.OWN_ENDS])


Lie = Callable[[MemoryBook, evidence.HeadHeld], evidence.HeadHeld]
HEADS: dict[str, tuple[Lie, Difference]] = {
    "another root": (lambda book, head: replace(head, root=bytes(32)), Difference.HEAD_NOT_SIGNED),
    "another signature": (lambda book, head: replace(head, signature=b"\1" * 64), Difference.HEAD_NOT_SIGNED),
}


@pytest.mark.parametrize("lie", HEADS)
def test_a_head_that_was_not_signed_is_found(lie: str, pair: Pair) -> None:
    at_host, _ = books(pair)
    bend, wanted = HEADS[lie]
    pair.broker.write(bend(at_host, held(at_host)))
    assert findings(pair) == [wanted]


def test_a_rewritten_middle_is_found_against_the_head_that_was_held(pair: Pair) -> None:
    visited(pair)
    pair.close("s-1")
    at_host, _ = books(pair)
    rewritten(at_host, 1, host.HostStarted(host_id=HOST, version="2"))
    assert findings(pair) == [Difference.HEAD_DIFFERS]
    assert origin_of(Side.HOST, "l") == "chaperone/host/l"


def test_an_end_that_was_shown_elsewhere_is_found(pair: Pair) -> None:
    visited(pair)
    pair.close("s-1")
    pair.host.write(evidence.VisitClosed(session_id="s-1", subject=BROKER, entry=1))
    assert findings(pair) == [Difference.END_ELSEWHERE]


def test_without_keys_the_logs_are_compared_all_the_same(pair: Pair) -> None:
    visited(pair)
    at_host, at_broker = books(pair)
    rewritten(at_broker, place(at_broker, BLIND_ANSWER), replace(BLIND_ANSWER, seconds=1))
    result = compared(pair, Keys(verifies), keyed=False)
    assert [each.what for each in result.unfit] == [Difference.SAYS_OTHERWISE]
    assert len(at_host.rows) == len(at_broker.rows) + 1


def test_who_the_host_is_is_known_from_its_answers_or_nothing_is_verified_for_it() -> None:
    pair = Pair(MemoryBook(Side.HOST), MemoryBook(Side.BROKER))
    pair.open("s-1")
    pair.end("s-1")
    assert (compared(pair).unfit, compared(pair).signatures) == ((), 0)
    pair.open("s-2")
    pair.ask("s-2", 1)
    pair.end("s-2")
    assert (compared(pair).unfit, compared(pair).signatures) == ((), 3)


@pytest.mark.parametrize(("name", "found"), [("method.bin", []), ("other.bin", [Difference.WORDS_DIFFER])])
def test_the_name_of_a_file_is_held_to_what_was_committed(pair: Pair, name: str, found: list[Difference]) -> None:
    pair.open("s-1")
    pair.ask("s-1", 1)
    pair.answer("s-1", 1)
    key, digest = b"f" * 32, bytes(range(32))
    committed = ledger.FileCommitted(commitment(key, "method.bin"), commitment(key, digest.hex()), 4)
    said = ledger.Asked("s-1", 2, TECHNICIAN, HOST, Permission.FILE_TO_HOST, Purpose.FAULT, "c-1", commitment(key, "words"), AT, committed)
    signature = DEVICE_KEY.sign(Label.ASKED, said).sig
    pair.broker.write(visit.asked(said, signature))
    pair.host.write(visit.asked(said, signature, "words", key, visit.FileNamed(name, 10, digest, key)))
    pair.end("s-1")
    assert [each for each in findings(pair) if each is Difference.WORDS_DIFFER] == found


def test_whoever_watched_watched_the_same_visit_by_both_logs(pair: Pair) -> None:
    pair.visit("s-2")
    pair.host.write(host.WatchBegun(session_id="s-1", watcher_session="s-2", watcher_id=TECHNICIAN, name="", company=""))
    assert findings(pair) == [Difference.WATCHED_OTHERWISE]
