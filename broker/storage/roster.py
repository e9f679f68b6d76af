"""What is done to others' accounts. Every method is one transaction, and what may not be done is found out inside it.

Two administrators who put each other out at the same instant meet here: the database has one writer, and the second finds that it is
the last. Nothing here asks who may; `broker/roster.py` does.
"""

import json
from enum import Enum, auto

from sqlalchemy import ColumnElement, Update, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broker.storage.accounts import Account, account_of, row_of
from broker.storage.engine import Database
from broker.storage.tables import ACCOUNTS, BOOTSTRAP, CREDENTIALS, INVITATIONS, RECOVERY_CODES, SIGN_INS
from policy.roles import Role


class Change(Enum):
    """How it went."""

    MADE = auto()
    UNKNOWN = auto()
    """There is no such account, or it was deleted, or it is not as it was when this was decided."""
    TAKEN = auto()
    """The sign-in name is somebody else's, or the account is somebody's already."""
    LAST = auto()
    """No administrator of this company who can sign in would be left."""


class RosterStore:
    """Writes accounts on behalf of others."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ---- in

    async def invite(self, account: Account, token_hash: bytes, expires: float, *, anew: bool) -> Change:
        """A new account, or another invitation for one that nobody took yet. `anew` also begins one that somebody has."""
        async with self._database.writing() as connection:
            if (change := await may_invite(connection, account, anew=anew)) is Change.MADE:
                await put_invitation(connection, account, token_hash, expires)
        return change

    async def resume(self, account: Account) -> Change:
        """Open a suspended account again. The sign-ins of before do not come back with it."""
        async with self._database.writing() as connection:
            if not await unchanged(connection, account):
                return Change.UNKNOWN
            await connection.execute(delete(SIGN_INS).where(SIGN_INS.c.technician_id == account.technician_id))
            await connection.execute(_own(account.technician_id).values(suspended=False))
        return Change.MADE

    # ---- out

    async def suspend(self, account: Account, *, spare_last: bool) -> Change:
        """Close an account. Its sign-ins are worth nothing while it is closed."""
        async with self._database.writing() as connection:
            change = await may_narrow(connection, account, spare_last=spare_last)
            if change is Change.MADE:
                await connection.execute(_own(account.technician_id).values(suspended=True))
        return change

    async def change_role(self, account: Account, role: Role, sites: tuple[str, ...], *, spare_last: bool) -> Change:
        """From here on it is for something else. Every sign-in is over: what one may do never changes during it."""
        async with self._database.writing() as connection:
            change = await may_narrow(connection, account, spare_last=spare_last and role is not Role.ADMINISTRATOR)
            if change is Change.MADE:
                await put_role(connection, account, role, sites)
        return change

    async def delete(self, account: Account, now: float, *, spare_last: bool) -> Change:
        """Close it for good and forget what it proved itself with. Its id, names and history stay, and are nobody else's."""
        owner = account.technician_id
        async with self._database.writing() as connection:
            change = await may_narrow(connection, account, spare_last=spare_last)
            if change is Change.MADE:
                for table in (SIGN_INS, RECOVERY_CODES, CREDENTIALS):
                    await connection.execute(delete(table).where(table.c.technician_id == owner))
                chosen = update(INVITATIONS).where(INVITATIONS.c.technician_id == owner)
                await connection.execute(chosen.values(used=True, password_hash=None, totp_sealed=None))
                gone = {"suspended": True, "confirmed": False, "deleted": now, "password_hash": None, "totp_sealed": None}
                await connection.execute(_own(owner).values(gone))
        return change

    # ---- the first one

    async def is_last(self, account: Account) -> bool:
        """Would no administrator of this company who can sign in be left without this one?"""
        async with self._database.reading() as connection:
            return await _is_last(connection, account)

    async def administrators(self) -> int:
        """How many administrators can sign in."""
        async with self._database.reading() as connection:
            return await _administrators(connection)

    async def offer_bootstrap(self, secret_hash: bytes, expires: float) -> None:
        """Keep the hash of a secret. Every earlier one is worth nothing."""
        async with self._database.writing() as connection:
            await connection.execute(delete(BOOTSTRAP))
            await connection.execute(insert(BOOTSTRAP).values(secret_hash=secret_hash, expires=expires))

    async def bootstrap_offered(self, secret_hash: bytes, now: float) -> bool:
        """Is this secret good yet?"""
        async with self._database.reading() as connection:
            return await connection.scalar(select(BOOTSTRAP.c.expires).where(_good(secret_hash, now))) is not None

    async def use_bootstrap(self, secret_hash: bytes, account: Account, token_hash: bytes, now: float, expires: float) -> Change:
        """Use the secret up, and invite this administrator. UNKNOWN if it is not good (any more): of many at once one gets MADE."""
        async with self._database.writing() as connection:
            change = await may_invite(connection, account, anew=False)
            if change is not Change.MADE:
                return change
            used = await connection.execute(update(BOOTSTRAP).where(_good(secret_hash, now)).values(used=now))
            if used.rowcount != 1:
                return Change.UNKNOWN
            await put_invitation(connection, account, token_hash, expires)
        return Change.MADE


def _own(technician_id: str) -> Update:
    return update(ACCOUNTS).where(ACCOUNTS.c.technician_id == technician_id)


def _good(secret_hash: bytes, now: float) -> ColumnElement[bool]:
    return (BOOTSTRAP.c.secret_hash == secret_hash) & BOOTSTRAP.c.used.is_(None) & (BOOTSTRAP.c.expires > now)


# ---- within somebody's transaction


async def found(connection: AsyncConnection, technician_id: str) -> Account | None:
    """The account of this id."""
    row = (await connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.technician_id == technician_id))).one_or_none()
    return account_of(row) if row else None


async def may_invite(connection: AsyncConnection, account: Account, *, anew: bool) -> Change:
    """Could it be invited?"""
    holder = await connection.scalar(select(ACCOUNTS.c.technician_id).where(ACCOUNTS.c.sign_in_name == account.sign_in_name))
    if holder not in {None, account.technician_id}:
        return Change.TAKEN
    known = await found(connection, account.technician_id)
    if known is not None and known.deleted is not None:
        return Change.UNKNOWN
    return Change.TAKEN if known is not None and known.confirmed and not anew else Change.MADE


async def put_invitation(connection: AsyncConnection, account: Account, token_hash: bytes, expires: float) -> None:
    """The account if it is not there yet, and an invitation that replaces every earlier one."""
    if await found(connection, account.technician_id) is None:
        await connection.execute(insert(ACCOUNTS).values(row_of(account)))
    elder = update(INVITATIONS).where(INVITATIONS.c.technician_id == account.technician_id)
    await connection.execute(elder.values(used=True))
    made = {"token_hash": token_hash, "technician_id": account.technician_id, "expires": expires, "used": False}
    await connection.execute(insert(INVITATIONS).values(made))


async def unchanged(connection: AsyncConnection, account: Account) -> bool:
    """Is it still what was decided about? A role that changed meanwhile would have been decided otherwise."""
    there = await found(connection, account.technician_id)
    return there is not None and there.deleted is None and there.member == account.member


async def put_role(connection: AsyncConnection, account: Account, role: Role, sites: tuple[str, ...]) -> None:
    """Another role from here on, and no sign-in of before."""
    await connection.execute(delete(SIGN_INS).where(SIGN_INS.c.technician_id == account.technician_id))
    await connection.execute(_own(account.technician_id).values(role=role.value, sites=json.dumps(sites)))


async def may_narrow(connection: AsyncConnection, account: Account, *, spare_last: bool) -> Change:
    """Is it as it was decided about, and would an administrator of its company be left?"""
    if not await unchanged(connection, account):
        return Change.UNKNOWN
    return Change.LAST if spare_last and await _is_last(connection, account) else Change.MADE


async def _is_last(connection: AsyncConnection, account: Account) -> bool:
    there = await found(connection, account.technician_id)
    usable = there is not None and there.role is Role.ADMINISTRATOR and there.confirmed and not there.suspended
    return usable and await _administrators(connection, account.company) == 1


async def _administrators(connection: AsyncConnection, company: str | None = None) -> int:
    usable = (ACCOUNTS.c.role == Role.ADMINISTRATOR.value) & ACCOUNTS.c.confirmed.is_(True) & ACCOUNTS.c.suspended.is_(False)
    if company is not None:
        usable &= ACCOUNTS.c.company == company
    return await connection.scalar(select(func.count()).select_from(ACCOUNTS).where(usable)) or 0
