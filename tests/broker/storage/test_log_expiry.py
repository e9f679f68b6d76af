"""Old words go, hashes stay: every proof about the others still holds, and the log says what went."""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from audit.checkpoint import open_note
from audit.entry import At, decode_entry
from audit.events.broker import HostEnrolTokenMade
from audit.events.evidence import Correction, EntriesExpired
from audit.events.visit import SessionEnded
from audit.heads import check_end, open_entry
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.log_expiry import Expiring, expire, expiring
from broker.storage.store import Store
from policy.session import EndCause
from tests.helpers.store_contract import KEY
from trust.signatures import ed25519_verifies

SECRET_NAME = "Laboratory of Doctor Unforgettable"


def token(site: str) -> HostEnrolTokenMade:
    return HostEnrolTokenMade(site=site, by="root")


def on_the_disk(words: str, folder: Path) -> bool:
    return any(words.encode() in file.read_bytes() for file in folder.iterdir())


async def test_old_words_go_from_the_file_and_everything_else_is_still_proven(tmp_path: Path) -> None:
    store, now = await Store.open_file(tmp_path / "broker.sqlite3"), [1_000.0]
    log = AuditLog(store.database, lambda: At(round(now[0] * 1000), 5_000, clock_suspect=False), KEY)
    ended = SessionEnded(session_id="s-one", by="h-one", cause=EndCause.HOST_ENDED, said_at=1)
    await log.record(token(SECRET_NAME), Correction(about=1, by="root", words="kept"), ended, token(SECRET_NAME))
    now[0] = 9_000.0
    await log.record(token("of today"))
    assert await expiring(store.database, 1_000.0) is None
    chosen = await expiring(store.database, 5_000.0)
    assert chosen == Expiring((1, 4))
    await expire(store.database, log, chosen, 90, "root")
    rows = await log.rows()
    assert [bool(row.entry) for row in rows] == [False, True, True, False, True, True]
    assert [row.salt for row in rows if not row.entry] == [b"", b""]
    assert decode_entry(rows[5].entry).event == EntriesExpired(first=1, last=4, older_than_days=90, by="root")
    assert await expiring(store.database, 5_000.0) is None
    note, proof = await log.prove(5)
    checkpoint = open_note(note, KEY.public_key, ed25519_verifies)
    assert open_entry(checkpoint, proof).event == token("of today")
    with pytest.raises(LookupError, match="let go"):
        await log.prove(1)
    head = await log.head(4, "s-one")
    assert head is not None
    assert check_end(open_note(head.note, KEY.public_key, ed25519_verifies), "s-one", head.end).event == ended
    await log.record(token("tomorrow"))
    await store.close()
    assert not on_the_disk(SECRET_NAME, tmp_path)


async def test_nothing_goes_that_is_not_recorded_first(tmp_path: Path) -> None:
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    log = AuditLog(store.database, lambda: At(1_000, 5_000, clock_suspect=False), KEY)
    await log.record(token("one"), token("two"))
    with closing(connect(tmp_path / "broker.sqlite3")) as plain:
        plain.execute("ALTER TABLE audit_tip RENAME TO away")
    with pytest.raises(LogUnavailable):
        await expire(store.database, log, Expiring((1, 2)), 90, "root")
    assert all(row.entry for row in await log.rows())
    await store.close()
