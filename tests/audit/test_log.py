"""The chain: an honest log has no finding, and any single change to it has one."""

from dataclasses import replace
from hashlib import sha256
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.entry import At
from audit.events import EVENTS, host
from audit.log import Chain, Fault, Finding, KnownHead, Row, Side, genesis, head_of, leaf_of, verify, verify_after
from tests.helpers.sample_events import sample

ID = "l-1"
AT = At(1_700_000_000_000, 1_000, clock_suspect=False)


def honest(count: int) -> list[Row]:
    chain, rows = Chain.empty(ID, Side.HOST), []
    for number in range(count):
        chain, row = chain.append(host.LateEntries(count=number), AT, sha256(b"%d" % number).digest())
        rows.append(row)
    return rows


def found(rows: list[Row], known: KnownHead | None = None) -> list[Finding]:
    return list(verify(rows, ID, Side.HOST, known).findings)


def test_hashes_are_those_of_the_protocol() -> None:
    (row,) = honest(1)
    assert row.leaf == sha256(b"\0" + row.salt + row.entry).digest()
    start = sha256(b"\x02chaperone log\0l-1\0host").digest()
    assert row.head == sha256(b"\x01" + start + row.leaf).digest()


def test_a_chain_is_a_value_that_moves_only_with_its_row() -> None:
    empty = Chain.empty(ID, Side.HOST)
    chain, row = empty.append(host.LateEntries(count=1), AT, b"s" * 32)
    assert (empty.size, chain.size, row.index) == (0, 1, 1)
    assert chain == Chain.after(ID, Side.HOST, row)
    assert empty == Chain.after(ID, Side.HOST, None)


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        leaf_of(b"s" * 31, b"entry")


@given(st.lists(st.sampled_from(sorted(EVENTS)), max_size=8), st.binary(min_size=32, max_size=32))
def test_an_honest_log_has_no_finding_and_its_head_is_known(names: list[str], salt: bytes) -> None:
    chain, rows = Chain.empty(ID, Side.BROKER), []
    for name in names:
        chain, row = chain.append(sample(name), AT, salt)
        rows.append(row)
    checked = verify(rows, ID, Side.BROKER, KnownHead(chain.size, chain.head))
    assert (checked.findings, checked.rows, checked.chain) == ((), len(names), chain)
    assert verify_after(Chain.empty(ID, Side.BROKER), rows) == checked


@given(st.integers(0, 4), st.sampled_from(["salt", "entry", "leaf", "head"]), st.integers(0, 10_000))
def test_any_flipped_bit_is_found_at_its_entry(place: int, field: str, bit: int) -> None:
    rows = honest(5)
    content = bytearray(getattr(rows[place], field))
    content[bit // 8 % len(content)] ^= 1 << bit % 8
    rows[place] = cast(Row, replace(cast(Any, rows[place]), **{field: bytes(content)}))
    findings = found(rows)
    assert findings
    assert findings[0].index == place + 1


@given(st.integers(0, 4), st.integers(-3, 9))
def test_any_other_number_of_an_entry_is_found(place: int, index: int) -> None:
    rows = honest(5)
    moved = replace(rows[place], index=index)
    changed = [*rows[:place], moved, *rows[place + 1 :]]
    assert bool(found(changed)) is (moved != rows[place])


@given(st.integers(0, 3), st.integers(1, 4))
def test_entries_that_are_taken_out_are_named(start: int, count: int) -> None:
    rows = honest(9)
    assert found(rows[:start] + rows[start + count :]) == [Finding(Fault.MISSING, start + 1, start + count)]


@given(st.permutations(range(5)))
def test_any_other_order_is_found(order: list[int]) -> None:
    rows = honest(5)
    assert bool(found([rows[place] for place in order])) is (order != sorted(order))


@given(st.integers(0, 4))
def test_an_entry_that_stands_twice_is_found(place: int) -> None:
    rows = honest(5)
    assert found([*rows[: place + 1], rows[place], *rows[place + 1 :]]) == [Finding(Fault.OUT_OF_ORDER, place + 1, place + 1)]


@given(st.integers(0, 4))
def test_an_entry_exchanged_with_its_leaf_is_found_by_its_head(place: int) -> None:
    rows = honest(5)
    other = Chain.empty(ID, Side.HOST).append(host.LateEntries(count=99), AT, b"s" * 32)[1]
    rows[place] = replace(rows[place], salt=other.salt, entry=other.entry, leaf=other.leaf)
    assert found(rows) == [Finding(Fault.UNCHAINED, place + 1, place + 1)]


@given(st.integers(0, 3))
def test_an_entry_exchanged_with_its_hashes_is_found_by_the_next(place: int) -> None:
    rows = honest(5)
    before = Chain.after(ID, Side.HOST, rows[place - 1] if place else None)
    rows[place] = before.append(host.LateEntries(count=99), AT, b"s" * 32)[1]
    assert found(rows) == [Finding(Fault.UNCHAINED, place + 2, place + 2)]


def test_bytes_that_are_no_entry_are_found_even_when_they_are_chained() -> None:
    (row,) = honest(1)
    leaf = leaf_of(row.salt, b"{}")
    forged = replace(row, entry=b"{}", leaf=leaf, head=head_of(genesis(ID, Side.HOST), leaf))
    assert found([forged]) == [Finding(Fault.UNREADABLE, 1, 1)]


def test_an_entry_that_is_gone_and_one_that_stands_twice_are_told_apart() -> None:
    rows = honest(4)
    assert found([rows[0], rows[2], rows[3], rows[3]]) == [Finding(Fault.MISSING, 2, 2), Finding(Fault.OUT_OF_ORDER, 4, 4)]


def test_a_salt_that_is_gone_is_an_alteration() -> None:
    rows = honest(2)
    rows[0] = replace(rows[0], salt=b"")
    assert found(rows) == [Finding(Fault.ALTERED, 1, 1)]


def test_a_log_of_another_name_or_side_is_not_this_one() -> None:
    rows = honest(2)
    unchained = (Finding(Fault.UNCHAINED, 1, 1),)
    assert verify(rows, "l-2", Side.HOST).findings == unchained
    assert verify(rows, ID, Side.BROKER).findings == unchained


def test_a_cut_tail_shows_only_against_a_known_head() -> None:
    rows = honest(5)
    known = KnownHead(5, rows[4].head)
    assert found(rows[:3]) == []
    assert found(rows[:3], known) == [Finding(Fault.TRUNCATED, 4, 5)]
    assert found([], known) == [Finding(Fault.TRUNCATED, 1, 5)]
    assert found(honest(9), known) == []


def test_a_log_that_was_written_anew_shows_only_against_a_known_head() -> None:
    rows = honest(3)
    chain, anew = Chain.after(ID, Side.HOST, rows[0]), [rows[0]]
    for _ in range(2):
        chain, row = chain.append(host.LateEntries(count=7), AT, b"s" * 32)
        anew.append(row)
    assert found(anew) == []
    assert found(anew, KnownHead(3, rows[2].head)) == [Finding(Fault.REPLACED, 3, 3)]
    assert found(anew, KnownHead(0, b"x" * 32)) == [Finding(Fault.REPLACED, 0, 0)]
    assert found(anew, KnownHead(0, genesis(ID, Side.HOST))) == []
