"""Receipts are kept once each, found by what the log says of them, and handed on as they came."""

from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.exc import IntegrityError

from audit.entry import At
from audit.events import broker as log
from audit.events.evidence import ReceiptSigned
from audit.events.visit import SessionEnded
from audit.subjects import account, host, session
from broker.core.commands import ReceiptRecord
from broker.storage.log import AuditLog
from broker.storage.receipts import ReceiptRow
from broker.storage.store import Store
from policy.purpose import Purpose
from policy.session import EndCause
from trust.signatures import Ed25519Signer

DIGEST = b"\x07" * 32
ROW = ReceiptRow("s-1", "h-1", DIGEST, 5.0, 0)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open_file(tmp_path / "broker.sqlite3")
    yield opened
    await opened.close()


async def visited(store: Store, *, ended: bool = True, signed: bool = True) -> None:
    """The log of one visit."""
    audit = AuditLog(store.database, lambda: At(1000, 0, clock_suspect=False), Ed25519Signer(bytes(32)))
    await audit.record(
        log.SessionOpened(session_id="s-1", ticket="1", technician_id="t-1", host_id="h-1", purpose=Purpose.FAULT, case_reference="")
    )
    if ended:
        await audit.record(SessionEnded(session_id="s-1", by="h-1", cause=EndCause.HOST_ENDED, said_at=0))
    if signed:
        await audit.record(ReceiptSigned(session_id="s-1", subject="h-1", digest=DIGEST))


async def test_a_visit_was_one_of_its_own_host_and_once_it_has_ended(store: Store) -> None:
    assert not await store.receipts.was_visit("s-1", "h-1")
    await visited(store, ended=False, signed=False)
    assert not await store.receipts.was_visit("s-1", "h-1")
    await visited(store, signed=False)
    assert await store.receipts.was_visit("s-1", "h-1")
    assert not await store.receipts.was_visit("s-1", "h-2")
    assert not await store.receipts.was_visit("s-2", "h-1")


async def test_one_digest_is_kept_of_a_visit_and_the_first_copy(store: Store) -> None:
    receipts = store.receipts
    assert await receipts.find("s-1") is None
    await receipts.keep_copy("s-1", b"before it was signed")
    await receipts.keep("s-1", "h-1", DIGEST, 5.0)
    assert await receipts.find("s-1") == ReceiptRecord("h-1", DIGEST, recorded=False, copy_digest=b"", copy_recorded=False)
    assert (await receipts.all(), await receipts.copy("s-1")) == ((ROW,), None)
    with pytest.raises(IntegrityError):
        await receipts.keep("s-1", "h-1", bytes(32), 6.0)
    await receipts.keep_copy("s-1", b"first")
    await receipts.keep_copy("s-1", b"second")
    assert await receipts.copy("s-1") == b"first"
    copy = sha256(b"first").digest()
    assert await receipts.find("s-1") == ReceiptRecord("h-1", DIGEST, recorded=False, copy_digest=copy, copy_recorded=False)
    await visited(store)
    assert await receipts.find("s-1") == ReceiptRecord("h-1", DIGEST, recorded=True, copy_digest=copy, copy_recorded=False)
    assert await receipts.copy("s-2") is None


async def test_they_are_found_by_host_technician_and_visit_as_the_entry_of_the_signature_says(store: Store) -> None:
    receipts = store.receipts
    await receipts.keep("s-1", "h-1", DIGEST, 5.0)
    await receipts.keep_copy("s-1", b"first")
    own = replace(ROW, copy_bytes=5)
    await visited(store, signed=False)
    assert await receipts.within(frozenset({host("h-1")}), "", 10) == ()
    await visited(store)
    for subject in (host("h-1"), account("t-1"), session("s-1")):
        assert await receipts.within(frozenset({subject}), "", 10) == (own,)
        assert await receipts.copy_within(frozenset({subject}), "s-1") == b"first"
    for subject in (host("h-2"), account("t-2"), session("s-2"), "broker"):
        assert await receipts.within(frozenset({subject}), "", 10) == ()
        assert await receipts.copy_within(frozenset({subject}), "s-1") is None
    assert await receipts.within(frozenset({host("h-1")}), "s-1", 10) == ()
    assert await receipts.within(frozenset({host("h-1")}), "", 0) == ()
