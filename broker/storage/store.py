"""All of the database in one place: opened, brought up to date, and closed together."""

from dataclasses import dataclass
from pathlib import Path

from broker.storage.accounts import Accounts
from broker.storage.calls import Calls
from broker.storage.credentials import CredentialStore
from broker.storage.engine import LOCK_WAIT_SECONDS, Database, database_url
from broker.storage.evidence import Evidence
from broker.storage.exports import ExportStore
from broker.storage.migrate import migrate
from broker.storage.proposals import ProposalStore
from broker.storage.receipts import ReceiptStore
from broker.storage.registry import Registry
from broker.storage.roster import RosterStore
from broker.storage.sign_ins import SignIns
from broker.storage.tallies import Tallies
from broker.storage.trail import TrailStore


@dataclass(frozen=True, slots=True)
class Store:
    """The rooms of one database. `close` it."""

    database: Database
    accounts: Accounts
    credentials: CredentialStore
    sign_ins: SignIns
    roster: RosterStore
    proposals: ProposalStore
    registry: Registry
    tallies: Tallies
    calls: Calls
    evidence: Evidence
    trail: TrailStore
    exports: ExportStore
    receipts: ReceiptStore

    @classmethod
    def on(cls, database: Database) -> "Store":
        """The rooms of a database whose schema is up to date."""
        return cls(
            database,
            Accounts(database),
            CredentialStore(database),
            SignIns(database),
            RosterStore(database),
            ProposalStore(database),
            Registry(database),
            Tallies(database),
            Calls(database),
            Evidence(database),
            TrailStore(database),
            ExportStore(database),
            ReceiptStore(database),
        )

    @classmethod
    async def open(cls, url: str, lock_wait: float = LOCK_WAIT_SECONDS) -> "Store":
        """Open, and bring the schema up to date. A writer waits `lock_wait` seconds for other processes."""
        database = Database(url, lock_wait)
        try:
            await migrate(database)
        except BaseException:
            await database.close()
            raise
        return cls.on(database)

    @classmethod
    async def open_file(cls, path: Path, lock_wait: float = LOCK_WAIT_SECONDS) -> "Store":
        """Open the SQLite database in this file, made if there is none."""
        return await cls.open(database_url(path), lock_wait)

    async def close(self) -> None:
        """Let go of every connection."""
        await self.database.close()
