"""Machines and documents: enrolment tokens, hosts as they enrolled, and the signed directories."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, insert, select, update

from broker.storage.engine import Database
from broker.storage.tables import ENROL_TOKENS, HOSTS


@dataclass(frozen=True, slots=True)
class EnrolledHost:
    """A host as it described itself when it enrolled. Only the signed directory makes it more than *new*."""

    host_id: str
    key: bytes
    name: str
    site: str
    model: str
    phi: bool
    accepted_by: str
    terms_version: str
    made: float


class Registry:
    """Reads and writes machines and documents. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_token(self, token_hash: bytes, site: str, expires: float) -> None:
        """A token with which one host of this site may enrol."""
        async with self._database.writing() as connection:
            await connection.execute(insert(ENROL_TOKENS).values(token_hash=token_hash, site=site, expires=expires, used=False))

    async def token_site(self, token_hash: bytes, now: float) -> str | None:
        """The site of a live token."""
        async with self._database.reading() as connection:
            return await connection.scalar(select(ENROL_TOKENS.c.site).where(_live_token(token_hash, now)))

    async def enrol(self, token_hash: bytes, host: EnrolledHost) -> bool:
        """Use the token up and keep the host. False, and nothing kept, if the token is not live or the key is known."""
        async with self._database.writing() as connection:
            known = await connection.scalar(select(HOSTS.c.host_id).where(HOSTS.c.key == host.key))
            site = await connection.scalar(select(ENROL_TOKENS.c.site).where(_live_token(token_hash, host.made)))
            if known is not None or site != host.site:
                return False
            await connection.execute(update(ENROL_TOKENS).where(ENROL_TOKENS.c.token_hash == token_hash).values(used=True))
            await connection.execute(insert(HOSTS).values(**{name: getattr(host, name) for name in EnrolledHost.__slots__}))
        return True

    async def knows_key(self, key: bytes) -> bool:
        """Has a host enrolled with this key already?"""
        async with self._database.reading() as connection:
            return await connection.scalar(select(HOSTS.c.host_id).where(HOSTS.c.key == key)) is not None

    async def host(self, host_id: str) -> EnrolledHost | None:
        """One host."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(HOSTS).where(HOSTS.c.host_id == host_id))).one_or_none()
        return EnrolledHost(*row) if row else None

    async def hosts(self) -> tuple[EnrolledHost, ...]:
        """Every host, oldest first."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(HOSTS).order_by(HOSTS.c.made, HOSTS.c.host_id))).all()
        return tuple(EnrolledHost(*row) for row in rows)

    async def hosts_known(self) -> int:
        """How many hosts have enrolled. Raises what the database raises, if it cannot be read."""
        async with self._database.reading() as connection:
            return int(await connection.scalar(select(func.count()).select_from(HOSTS)) or 0)


def _live_token(token_hash: bytes, now: float) -> ColumnElement[bool]:
    return (ENROL_TOKENS.c.token_hash == token_hash) & ENROL_TOKENS.c.used.is_(False) & (ENROL_TOKENS.c.expires > now)
