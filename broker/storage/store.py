"""All of the database in one place: opened, brought up to date, and closed together."""

from dataclasses import dataclass
from pathlib import Path

from broker.storage.accounts import Accounts
from broker.storage.calls import Calls
from broker.storage.credentials import CredentialStore
from broker.storage.engine import Database, database_url
from broker.storage.evidence import Evidence
from broker.storage.exports import ExportStore
from broker.storage.migrate import migrate
from broker.storage.proposals import ProposalStore
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
        )

    @classmethod
    async def open(cls, url: str) -> "Store":
        """Open, and bring the schema up to date."""
        database = Database(url)
        try:
            await migrate(database)
        except BaseException:
            await database.close()
            raise
        return cls.on(database)

    @classmethod
    async def open_file(cls, path: Path) -> "Store":
        """Open the SQLite database in this file, made if there is none."""
        return await cls.open(database_url(path))

    async def close(self) -> None:
        """Let go of every connection."""
        await self.database.close()
