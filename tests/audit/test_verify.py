"""One whole log: rows, tree, checkpoints, tip, retention; each thing that is wrong is named by its entries, once."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from audit.checkpoint import Checkpoint, signed_note
from audit.events import broker, evidence, host
from audit.events.shape import Event
from audit.log import Chain, KnownHead, Row, Side, head_of, leaf_of
from audit.merkle import EMPTY_ROOT, root_of
from audit.verify import Beside, Report, Unclosed, Watch
from policy.purpose import Purpose
from tests.helpers.two_logs import BROKER_KEY, HOST_KEY, KEYS, VERIFIES, MemoryBook, ended

STOPPED = host.HostStopped(host_id="h-1")


def book(side: Side = Side.HOST, count: int = 8) -> MemoryBook:
    """A log of so many entries, with a checkpoint in its middle and at its end."""
    made = MemoryBook(side)
    made.write(*[STOPPED] * (count // 2))
    made.note()
    made.write(*[STOPPED] * (count - count // 2))
    made.note()
    return made


def checked(
    made: MemoryBook,
    rows: Sequence[Row] | None = None,
    beside: Beside | None = None,
    *,
    keyed: bool = True,
    known: KnownHead | None = None,
) -> Report:
    key = KEYS[made.side].public_key if keyed else None
    watch = Watch(Chain.empty(made.log_id, made.side), beside or made.beside(), key, VERIFIES, known)
    for row in made.rows if rows is None else rows:
        watch.look(row)
    return watch.end()


def found(report: Report) -> list[str]:
    return [f"{each.fault.value} {each.index}-{each.last}" for each in report.findings]


def alone(made: MemoryBook) -> Beside:
    """Nothing is kept beside it."""
    return Beside()


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("keyed", [True, False])
def test_an_honest_log_is_right(side: Side, keyed: bool) -> None:
    made = book(side)
    report = checked(made, keyed=keyed)
    assert (found(report), report.rows, report.signed, report.keyed) == ([], 8, 8, keyed)
    assert (report.chain, report.root, report.notes) == (made.chain, root_of(8, made.read), 2 + (side is Side.BROKER))
    assert (report.expired, report.explained, report.unclosed) == ((), (), ())


def test_an_empty_log_and_one_without_checkpoints_are_right_without_a_key_alone() -> None:
    empty = MemoryBook(Side.HOST)
    assert found(checked(empty)) == []
    empty.note()
    assert found(checked(empty)) == []
    made = book()
    assert found(checked(made, beside=alone(made), keyed=False)) == []
    assert found(checked(made, beside=alone(made))) == ["unsigned 1-8"]


def test_a_root_that_an_empty_log_did_not_have() -> None:
    made = MemoryBook(Side.HOST)
    other = Checkpoint("chaperone/host/l-host", 0, bytes(32))
    note = signed_note(other, HOST_KEY.public_key, HOST_KEY.sign_note)
    assert found(checked(made, beside=Beside((note,)))) == ["not_as_signed 0-0"]
    assert other.root != EMPTY_ROOT


def changed(rows: Sequence[Row], place: int, **values: object) -> list[Row]:
    return [*rows[:place], replace(rows[place], **values), *rows[place + 1 :]]  # type: ignore[arg-type]


def test_each_kind_of_change_to_a_row_is_named() -> None:
    made = book()
    rows = made.rows
    entry = rows[2].entry.replace(b"h-1", b"h-2")
    assert found(checked(made, changed(rows, 2, entry=entry), keyed=False)) == ["altered 3-3"]
    assert found(checked(made, changed(rows, 2, salt=b"short"))) == ["altered 3-3"]
    assert found(checked(made, [*rows[:2], *rows[3:]], alone(made), keyed=False)) == ["missing 3-3"]
    assert "out_of_order 2-2" in found(checked(made, [*rows[:3], rows[1], *rows[3:]], alone(made), keyed=False))
    assert found(checked(made, changed(rows, 7, head=bytes(32)), alone(made), keyed=False)) == ["unchained 8-8"]
    assert "altered 3-3" in found(checked(made, changed(rows, 2, leaf=b"short"), alone(made), keyed=False))


def test_an_entry_that_is_none_is_unreadable() -> None:
    made = book(count=2)
    anew = rehashed(made, 1, entries={1: b"nonsense"})
    assert found(checked(made, anew, alone(made), keyed=False)) == ["unreadable 2-2"]


def rehashed(made: MemoryBook, start: int, entries: dict[int, bytes]) -> list[Row]:
    """Everything from this place on hashed again, with other entries: what whoever owns the machine can do."""

    rows, head = list(made.rows[:start]), made.rows[start - 1].head
    for place in range(start, len(made.rows)):
        row = made.rows[place]
        entry = entries.get(place, row.entry)
        leaf = leaf_of(row.salt, entry)
        head = head_of(head, leaf)
        rows.append(Row(row.index, row.salt, entry, leaf, head))
    return rows


def test_a_log_that_was_hashed_again_is_not_what_was_signed() -> None:
    made = book()
    other = made.rows[5].entry.replace(b"h-1", b"h-2")
    rows = rehashed(made, 5, {5: other})
    beside = Beside(made.notes)
    # Between the checkpoints over 4 and over 8 entries.
    assert found(checked(made, rows, beside)) == ["not_as_signed 5-8"]
    assert found(checked(made, rows)) == ["not_as_signed 5-8", "tree_differs 6-6"]


def test_a_tail_that_was_cut_is_gone() -> None:
    made = book()
    assert found(checked(made, made.rows[:6], Beside(made.notes))) == ["truncated 7-8"]
    assert found(checked(made, made.rows[:6])) == ["tree_differs 6-6", "truncated 7-8"]
    known = KnownHead(10, bytes(32))
    assert found(checked(made, known=known)) == ["truncated 9-10"]
    assert found(checked(made, known=KnownHead(3, bytes(32)))) == ["replaced 3-3"]
    assert found(checked(made, known=KnownHead(3, made.rows[2].head))) == []


def test_a_checkpoint_of_another_key_or_log_or_none_is_named() -> None:
    made = book()
    forged = signed_note(Checkpoint("chaperone/host/l-host", 8, bytes(32)), BROKER_KEY.public_key, BROKER_KEY.sign_note)
    other = signed_note(Checkpoint("chaperone/host/l-2", 5, bytes(32)), HOST_KEY.public_key, HOST_KEY.sign_note)
    assert found(checked(made, beside=Beside((*made.notes, forged)))) == ["not_signed 8-8"]
    assert found(checked(made, beside=Beside((*made.notes, other)))) == ["not_signed 5-5"]
    assert found(checked(made, beside=Beside((*made.notes, "nonsense")))) == ["not_signed 0-0"]
    # Without a key nothing is known of signatures, and still the root differs.
    assert found(checked(made, beside=Beside((*made.notes, forged)), keyed=False)) == ["not_as_signed 5-8"]


def test_rows_behind_a_broker_s_tip_were_not_written_by_it() -> None:
    made = book(Side.BROKER)
    notes = tuple(made.notes)
    assert found(checked(made, beside=Beside(notes, notes[0]))) == ["unsigned 5-8"]
    assert found(checked(made, beside=Beside(notes, ""))) == ["unsigned 1-8"]
    assert found(checked(made, beside=Beside(notes, ""), keyed=False)) == []
    assert found(checked(made, beside=Beside((), ""))) == ["unsigned 1-8"]
    assert found(checked(made, beside=Beside(notes, "nonsense"))) == ["not_signed 0-0", "unsigned 1-8"]
    # A host signs at a steady pace: newer rows are simply not signed yet.
    at_host = book()
    assert (found(checked(at_host, beside=Beside((at_host.notes[0],)))), checked(at_host).signed) == ([], 8)


def test_a_tree_beside_the_rows_must_be_theirs() -> None:
    made = book(Side.BROKER)
    kept = list(made.kept)
    wrong = [*kept[:4], bytes(32), *kept[5:]]
    assert [each.split()[0] for each in found(checked(made, beside=Beside(made.notes, made.notes[-1], iter(wrong))))] == ["tree_differs"]
    assert found(checked(made, beside=Beside(made.notes, made.notes[-1], iter(kept[:-1])))) == ["tree_differs 8-8"]
    assert found(checked(made, beside=Beside(made.notes, made.notes[-1], iter([*kept, bytes(32)])))) == ["tree_differs 8-8"]
    # A host's tree may lag behind after a power cut.
    at_host = book()
    assert found(checked(at_host, beside=Beside(at_host.notes, None, iter(at_host.kept[:3])))) == []


def test_bodies_that_retention_let_go_are_tombstones_and_others_are_not() -> None:
    made = MemoryBook(Side.HOST)
    made.write(*[STOPPED] * 4)
    made.write(evidence.EntriesExpired(first=2, last=3, older_than_days=90, by="Kim"))
    made.note()
    rows = [replace(row, salt=b"", entry=b"") if row.index in {2, 3} else row for row in made.rows]
    report = checked(made, rows)
    assert (found(report), report.expired) == ([], ((2, 3),))
    rows[3] = replace(rows[3], salt=b"", entry=b"")
    assert found(checked(made, rows)) == ["altered 4-4"]


def test_a_log_that_a_named_person_let_go_on_is_explained() -> None:
    long, made = book(), MemoryBook(Side.HOST)
    made.write(*[STOPPED] * 5, evidence.LogBegun(held_size=8, size=5), *[STOPPED] * 4)
    made.note()
    report = checked(made, beside=Beside((*long.notes, *made.notes)))
    assert (found(report), [each.last for each in report.explained]) == ([], [8])
    # Before more is written than was lost, the lost checkpoint lies beyond the end.
    short = MemoryBook(Side.HOST)
    short.write(*[STOPPED] * 5, evidence.LogBegun(held_size=8, size=5))
    short.note()
    assert found(checked(short, beside=Beside((*long.notes, *short.notes)))) == []
    # Of what stood before, nothing is explained.
    bent = rehashed(made, 2, {2: made.rows[2].entry.replace(b"h-1", b"h-2")})
    assert found(checked(made, bent, Beside((*long.notes, *made.notes)))) == ["not_as_signed 1-4"]


def test_visits_that_are_not_closed_are_named_with_their_first_entry() -> None:
    made = MemoryBook(Side.BROKER)

    def opened(session: str) -> Event:
        return broker.SessionOpened(
            session_id=session, ticket="T", technician_id="t", host_id="h", purpose=Purpose.FAULT, case_reference=""
        )

    offered = host.SessionOffered(session_id="s-3", ticket="T", technician_id="t", purpose=Purpose.FAULT, case_reference="")
    made.write(opened("s-1"), opened("s-2"), ended("s-1", 1), evidence.VisitClosed(session_id="s-1", subject="h", entry=3), offered)
    made.write(ended("s-4", 1), evidence.VisitClosed(session_id="s-9", subject="h", entry=3))
    made.note()
    assert checked(made).unclosed == (Unclosed("s-2", 2), Unclosed("s-3", 5), Unclosed("s-4", 6))


def test_a_row_that_claims_to_stand_far_away_costs_no_time() -> None:
    made = book(count=2)
    far = replace(made.rows[1], index=10**12)
    report = checked(made, [made.rows[0], far, replace(far, index=10**12 + 1)], Beside(made.notes), keyed=False)
    assert "missing 2-999999999999" in found(report)
    assert report.root == b""


def test_roots_that_somebody_wants_to_compare_are_computed_on_the_way() -> None:
    made = book()
    watch = Watch(Chain.empty(made.log_id, made.side), Beside(), None, VERIFIES, held=[3, 8, 99])
    for row in made.rows:
        assert watch.look(row) is not None
    watch.end()
    assert watch.roots == {size: root_of(size, made.read) for size in (3, 8)}
