"""What is done at the broker's machine about its log: retention, corrections, doubts. The command line (`cli_log.py`) reads and prints."""

import getpass
import time
from dataclasses import dataclass

from sqlalchemy import select

from audit.events.evidence import Correction, DoubtAcknowledged
from broker.administration import NotDone, log_beside, log_of, opened
from broker.config import BrokerConfig
from broker.log_watch import free_percent
from broker.state import broker_id_of, signer_of
from broker.storage.evidence import DoubtRow
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.log_begun import Acknowledged
from broker.storage.log_expiry import Expiring, expire, expiring
from broker.storage.tables import AUDIT_LOG

DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Status:
    """How the log stands: how many entries, what is wrong with it (empty: nothing), what waits for a person, how much disk is free, and
    how many entries the running broker reads again in a second.
    """

    entries: int
    fault: str
    doubts: tuple[DoubtRow, ...]
    free: int
    reread: int


async def old_entries(config: BrokerConfig, days: int) -> Expiring | None:
    """Entries whose words would go."""
    async with opened(config) as store:
        return await expiring(store.database, time.time() - days * DAY_SECONDS)


async def let_go(config: BrokerConfig, days: int) -> Expiring | None:
    """Let the words of entries go that are older than so many days; which."""
    async with opened(config) as store, log_of(config, store) as log:
        chosen = await expiring(store.database, time.time() - days * DAY_SECONDS)
        if chosen is not None:
            await expire(store.database, log, chosen, days, getpass.getuser())
        return chosen


async def correct(config: BrokerConfig, entry: int, words: str) -> None:
    """Add to what an entry says."""
    async with opened(config) as store, log_of(config, store) as log:
        async with store.database.reading() as connection:
            if await connection.scalar(select(AUDIT_LOG.c.position).where(AUDIT_LOG.c.position == entry)) is None:
                raise NotDone(f"there is no entry {entry}")
        await log.record(Correction(about=entry, by=getpass.getuser(), words=words))


async def doubts(config: BrokerConfig) -> tuple[DoubtRow, ...]:
    """What waits for a person."""
    async with opened(config) as store:
        return await store.evidence.doubts()


async def acknowledge(config: BrokerConfig, subject: str, by: str, why: str) -> bool:
    """A named person has seen what there is about a log. Was it this broker's own? Then everybody was signed out."""
    own = broker_id_of(signer_of(config))
    async with opened(config) as store, log_of(config, store) as log:
        waiting = [each for each in await store.evidence.doubts() if each.subject == subject]
        if subject == own:
            await _acknowledge_own(log, waiting, Acknowledged(own, by, why))
        elif not waiting:
            raise NotDone(f"there is no doubt about {subject}")
        else:
            await log.record(DoubtAcknowledged(subject=subject, by=by, why=why))
            await store.evidence.acknowledge(subject, by, why, time.time())
    return subject == own


async def _acknowledge_own(log: AuditLog, waiting: list[DoubtRow], said: Acknowledged) -> None:
    if not waiting and await _doubtful(log) is None:
        raise NotDone("there is no doubt about this broker's own log")
    await log.begin_anew(said, tuple(each.held for each in waiting))


async def _doubtful(log: AuditLog) -> LogUnavailable | None:
    try:
        await log.head(0)
    except LogUnavailable as fault:
        return fault
    return None


async def status(config: BrokerConfig) -> Status:
    """How the log stands, seen from beside the running broker."""
    async with opened(config) as store:
        log = log_beside(config, store)
        fault = await _doubtful(log)
        entries = 0 if fault is not None else (await log.chain()).size
        return Status(entries, str(fault or ""), await store.evidence.doubts(), free_percent(config.state), config.reread_rows)
