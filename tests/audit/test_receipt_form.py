"""The form of a receipt: one way to write it, and which entries it is made of."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from audit.entry import Entry, decode_entry
from audit.events import host, visit
from audit.events.files import FileDone
from audit.receipt_form import (
    RECEIPT_MAX,
    ReceiptFile,
    ReceiptInvalid,
    belongs,
    digest_of,
    encode_receipt,
    files_of,
    indexes_of_visit,
    payload_of,
    proof_of,
    proven,
    read_receipt,
)
from tests.helpers.host_core import SESSION
from tests.helpers.receipts import MADE, whole_visit
from tests.helpers.sample_events import sample

VISIT = whole_visit()
SIGNED = VISIT.signed()
DATA = encode_receipt(SIGNED)


def test_a_receipt_reads_back_as_it_was_written() -> None:
    assert read_receipt(DATA) == SIGNED


NO_RECEIPTS = {
    "empty": b"",
    "object": b"{}",
    "null": b"null",
    "line break": DATA + b"\n",
    "version": DATA.replace(b"chaperone receipt 1", b"chaperone receipt 2"),
    "too long": b" " * (RECEIPT_MAX + 1),
    "fields": b'{"receipt":1}',
    "not UTF-8": b"\xff",
}


@pytest.mark.parametrize("data", NO_RECEIPTS.values(), ids=NO_RECEIPTS)
def test_anything_else_is_none(data: bytes) -> None:
    with pytest.raises(ReceiptInvalid):
        read_receipt(data)


def test_keys_in_another_order_are_another_way_to_write_it() -> None:
    body = json.loads(DATA)
    turned = json.dumps(dict(reversed(body.items())), separators=(",", ":"), ensure_ascii=False).encode()
    assert len(turned) == len(DATA)
    with pytest.raises(ReceiptInvalid, match="form"):
        read_receipt(turned)


def test_what_is_signed_names_both_keys_and_the_digest() -> None:
    receipt = SIGNED.receipt
    payload = payload_of(receipt, 7)
    assert (payload.host_key, payload.broker_key, payload.digest, payload.at) == (
        receipt.host.key,
        receipt.broker.key,
        digest_of(receipt),
        7,
    )
    assert digest_of(receipt) != digest_of(replace(receipt, made_at=MADE + 1))


def test_a_proof_changes_its_form_and_back() -> None:
    entry = SIGNED.receipt.entries[0]
    assert proven(proof_of(entry)) == entry


# ---- which entries


def newest_first(*without: type) -> list[tuple[int, Entry]]:
    events = [(index, decode_entry(entry)) for index, entry in enumerate(VISIT.host.entries, 1)]
    return [(index, entry) for index, entry in reversed(events) if not isinstance(entry.event, without)]


def test_a_receipt_holds_the_code_and_the_visit_and_nothing_else() -> None:
    kinds = [type(VISIT.event(each.index)) for each in SIGNED.receipt.entries]
    assert kinds[0] is host.CodeShown
    assert kinds[-1] is host.CodeOver
    assert {visit.Asked, visit.Answered, visit.Withdrawn, visit.SessionEnded, host.PromptShown, host.IdentityProven} <= set(kinds)
    assert not {host.HostStarted, host.CallsPutAway, host.HelpPressed, host.BrokerConnected} & set(kinds)


@pytest.mark.parametrize("missing", [host.CodeShown, host.SessionOffered, visit.SessionEnded])
def test_a_visit_that_is_not_whole_in_the_log_has_no_entries(missing: type) -> None:
    assert indexes_of_visit(newest_first(missing), SESSION) == ()


def test_of_another_visit_there_is_nothing() -> None:
    assert indexes_of_visit(newest_first(), "s-2") == ()


def test_a_log_is_read_no_further_back_than_to_its_code() -> None:
    read: list[int] = []

    def rows() -> Iterator[tuple[int, Entry]]:
        for index, entry in newest_first():
            read.append(index)
            yield index, entry

    assert indexes_of_visit(rows(), SESSION)
    assert min(read) == VISIT.index_of(host.CodeShown)


def test_other_codes_other_visits_and_entries_about_the_logs_do_not_belong() -> None:
    assert belongs(host.CodeShown(ticket="1", seconds=1), "s-1", "1")
    assert not belongs(host.CodeShown(ticket="2", seconds=1), "s-1", "1")
    for name in ("input_dropped", "direct_started", "head_held", "visit_closed", "receipt_signed", "receipt_kept"):
        assert not belongs(sample(name, text="s-1"), "s-1", "1"), name
    assert belongs(sample("direct_ended", text="s-1"), "s-1", "1")


def test_of_all_that_happened_to_a_file_its_end_alone_makes_it_one_of_the_receipt() -> None:
    done = sample("file_done")
    assert isinstance(done, FileDone)
    assert files_of([sample("file_begun"), sample("file_stopped"), done]) == (
        ReceiptFile(done.ask, done.permission, done.name, done.size, done.digest),
    )
