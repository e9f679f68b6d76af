"""Browser sign-ins: opaque tokens, stored hashed. They idle out, and no traffic of a live visit counts as activity."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, not_, select, update

from broker.storage.engine import Database
from broker.storage.tables import ACCOUNTS, SIGN_INS
from policy.one_time import CLOCK_CORRECTED_SECONDS
from wire.limits import CONSOLE_ABSOLUTE_SECONDS, CONSOLE_IDLE_SECONDS


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One live sign-in. Times are seconds since 1970; `factor` is when the second factor was last given."""

    sign_in_id: bytes
    token_hash: bytes
    technician_id: str
    made: float
    seen: float
    factor: float


class SignIns:
    """Reads and writes sign-ins. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, row: SignInRow) -> None:
        """Keep a new sign-in, and forget those that are over."""
        async with self._database.writing() as connection:
            await connection.execute(delete(SIGN_INS).where(not_(_young(row.made))))
            await connection.execute(insert(SIGN_INS).values(**{name: getattr(row, name) for name in SignInRow.__slots__}))

    async def by_token(self, token_hash: bytes, now: float) -> SignInRow | None:
        """The sign-in of this cookie unless it idled out, is too old, or its account was suspended."""
        return await self._live(SIGN_INS.c.token_hash == token_hash, now)

    async def by_id(self, sign_in_id: bytes, now: float) -> SignInRow | None:
        """The same, for a socket that was opened with it."""
        return await self._live(SIGN_INS.c.sign_in_id == sign_in_id, now)

    async def _live(self, chosen: ColumnElement[bool], now: float) -> SignInRow | None:
        account_live = SIGN_INS.c.technician_id.in_(select(ACCOUNTS.c.technician_id).where(ACCOUNTS.c.suspended.is_(False)))
        async with self._database.reading() as connection:
            row = (await connection.execute(select(SIGN_INS).where(chosen & _young(now) & account_live))).one_or_none()
        return SignInRow(*row) if row else None

    async def standing(self, now: float) -> dict[bytes, bool]:
        """Every sign-in that has not idled out and is not too old, and whether its account is suspended."""
        both = SIGN_INS.join(ACCOUNTS, SIGN_INS.c.technician_id == ACCOUNTS.c.technician_id)
        chosen = select(SIGN_INS.c.sign_in_id, ACCOUNTS.c.suspended).select_from(both).where(_young(now))
        async with self._database.reading() as connection:
            rows = (await connection.execute(chosen)).all()
        return {row.sign_in_id: bool(row.suspended) for row in rows}

    async def touch(self, sign_in_id: bytes, now: float) -> None:
        """The person did something."""
        async with self._database.writing() as connection:
            await connection.execute(update(SIGN_INS).where(SIGN_INS.c.sign_in_id == sign_in_id).values(seen=now))

    async def renew(self, sign_in_id: bytes, new_hash: bytes, now: float) -> bool:
        """A fresh second factor: the sign-in goes on under a new cookie and the old one is dead. False if it was not there."""
        chosen = update(SIGN_INS).where(SIGN_INS.c.sign_in_id == sign_in_id)
        async with self._database.writing() as connection:
            changed = await connection.execute(chosen.values(token_hash=new_hash, seen=now, factor=now))
        return changed.rowcount == 1

    async def end(self, sign_in_id: bytes) -> None:
        """Sign out."""
        async with self._database.writing() as connection:
            await connection.execute(delete(SIGN_INS).where(SIGN_INS.c.sign_in_id == sign_in_id))


def _young(now: float) -> ColumnElement[bool]:
    """Neither idled out nor too old; nor of the future, which was before the clock was set back (`policy.one_time.within_calendar`)."""
    idle, absolute, latest = now - CONSOLE_IDLE_SECONDS, now - CONSOLE_ABSOLUTE_SECONDS, now + CLOCK_CORRECTED_SECONDS
    young = (SIGN_INS.c.seen > idle) & (SIGN_INS.c.made > absolute)
    return young & (SIGN_INS.c.seen <= latest) & (SIGN_INS.c.made <= latest) & (SIGN_INS.c.factor <= latest)
