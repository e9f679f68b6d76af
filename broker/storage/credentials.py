"""What an account proves itself with, beside its password hash: consecutive failures, the age of the password, a second factor that
waits for its first code, recovery codes. Every method is one transaction, and one that a stranger can reach does the same work for
an account that does not exist.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broker.storage.engine import Database
from broker.storage.tables import ACCOUNTS, CREDENTIALS, RECOVERY_CODES, SIGN_INS

NOBODY = ""
"""The id under which work is done for a name that nobody has. It has a row, so that the same is written."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """`failures` in a row over all addresses; `password_set` in seconds since 1970, 0 when that is not known."""

    failures: int = 0
    password_set: float = 0.0
    totp_waiting: bytes | None = None


class CredentialStore:
    """Reads and writes credentials by technician."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, technician_id: str) -> Credentials:
        """As they stand; those of a new account if there are none."""
        columns = (CREDENTIALS.c.failures, CREDENTIALS.c.password_set, CREDENTIALS.c.totp_waiting)
        async with self._database.reading() as connection:
            row = (await connection.execute(select(*columns).where(CREDENTIALS.c.technician_id == technician_id))).one_or_none()
        return Credentials(*row) if row else Credentials()

    async def failed(self, technician_id: str) -> int:
        """One more failure in a row; how many that makes."""
        own = CREDENTIALS.c.technician_id == technician_id
        async with self._database.writing() as connection:
            await connection.execute(update(CREDENTIALS).where(own).values(failures=CREDENTIALS.c.failures + 1))
            return await connection.scalar(select(CREDENTIALS.c.failures).where(own)) or 0

    async def forgive(self, technician_id: str) -> bool:
        """Begin to count again. False if there is no such account."""
        chosen = update(CREDENTIALS).where(CREDENTIALS.c.technician_id == technician_id)
        async with self._database.writing() as connection:
            changed = await connection.execute(chosen.values(failures=0))
        return changed.rowcount == 1

    # ---- the password

    async def rehash(self, technician_id: str, old: str, new: str) -> None:
        """The same password, hashed as is done today. Nothing happens if it was changed meanwhile."""
        unchanged = (ACCOUNTS.c.technician_id == technician_id) & (ACCOUNTS.c.password_hash == old)
        async with self._database.writing() as connection:
            await connection.execute(update(ACCOUNTS).where(unchanged).values(password_hash=new))

    async def change_password(self, technician_id: str, old: str, new: str, now: float) -> bool:
        """Another password. Of two changes at once one gets True: the other's `old` is no longer so."""
        unchanged = (ACCOUNTS.c.technician_id == technician_id) & (ACCOUNTS.c.password_hash == old)
        async with self._database.writing() as connection:
            changed = await connection.execute(update(ACCOUNTS).where(unchanged).values(password_hash=new))
            if changed.rowcount == 1:
                own = CREDENTIALS.c.technician_id == technician_id
                await connection.execute(update(CREDENTIALS).where(own).values(password_set=now))
        return changed.rowcount == 1

    async def end_others(self, technician_id: str, kept: bytes | None) -> tuple[bytes, ...]:
        """End every sign-in of this technician but one; the ids of those that ended."""
        others = (SIGN_INS.c.technician_id == technician_id) & (SIGN_INS.c.sign_in_id != (kept or b""))
        async with self._database.writing() as connection:
            ended = (await connection.execute(select(SIGN_INS.c.sign_in_id).where(others))).scalars().all()
            await connection.execute(delete(SIGN_INS).where(others))
        return tuple(ended)

    # ---- the second factor

    async def keep_waiting(self, technician_id: str, sealed: bytes) -> None:
        """A new TOTP secret that counts for nothing until its first code was given."""
        chosen = update(CREDENTIALS).where(CREDENTIALS.c.technician_id == technician_id)
        async with self._database.writing() as connection:
            await connection.execute(chosen.values(totp_waiting=sealed))

    async def replace_factor(self, technician_id: str, sealed: bytes, step: int) -> bool:
        """The waiting secret becomes the account's. False if another one waits by now, or none."""
        waiting = (CREDENTIALS.c.technician_id == technician_id) & (CREDENTIALS.c.totp_waiting == sealed)
        async with self._database.writing() as connection:
            taken = await connection.execute(update(CREDENTIALS).where(waiting).values(totp_waiting=None))
            if taken.rowcount == 1:
                own = ACCOUNTS.c.technician_id == technician_id
                await connection.execute(update(ACCOUNTS).where(own).values(totp_sealed=sealed, totp_newest_step=step))
        return taken.rowcount == 1

    # ---- recovery codes

    async def keep_recovery_codes(self, technician_id: str, hashes: tuple[bytes, ...]) -> None:
        """These, and none of the earlier ones."""
        async with self._database.writing() as connection:
            await begin_recovery_codes(connection, technician_id, hashes)

    async def use_recovery_code(self, technician_id: str, code_hash: bytes, now: float) -> bool:
        """Use a code up. Of any number of requests at once exactly one gets True."""
        mine = (RECOVERY_CODES.c.technician_id == technician_id) & (RECOVERY_CODES.c.code_hash == code_hash)
        async with self._database.writing() as connection:
            changed = await connection.execute(update(RECOVERY_CODES).where(mine & RECOVERY_CODES.c.used.is_(None)).values(used=now))
        return changed.rowcount == 1

    async def recovery_codes_left(self, technician_id: str) -> int:
        """How many are unused."""
        unused = (RECOVERY_CODES.c.technician_id == technician_id) & RECOVERY_CODES.c.used.is_(None)
        async with self._database.reading() as connection:
            return await connection.scalar(select(func.count()).select_from(RECOVERY_CODES).where(unused)) or 0


async def begin(connection: AsyncConnection, technician_id: str, now: float, hashes: tuple[bytes, ...]) -> None:
    """The credentials of an account that was confirmed in this transaction: nothing counted, nothing waiting."""
    await connection.execute(delete(CREDENTIALS).where(CREDENTIALS.c.technician_id == technician_id))
    await connection.execute(insert(CREDENTIALS).values(technician_id=technician_id, failures=0, password_set=now))
    await begin_recovery_codes(connection, technician_id, hashes)


async def begin_recovery_codes(connection: AsyncConnection, technician_id: str, hashes: tuple[bytes, ...]) -> None:
    """Within a transaction: these, and none of the earlier ones."""
    await connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.technician_id == technician_id))
    if hashes:
        await connection.execute(insert(RECOVERY_CODES), [{"technician_id": technician_id, "code_hash": each} for each in hashes])
