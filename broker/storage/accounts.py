"""Accounts, their invitations, and the newest TOTP step each has used. What is done to others' accounts is in `roster.py`."""

import json
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broker.storage.credentials import begin
from broker.storage.engine import Database
from broker.storage.tables import ACCOUNTS, DEVICES, INVITATIONS
from policy.roles import Member, Role
from wire.messages.documents import AuthenticatorType


@dataclass(frozen=True, slots=True)
class Account:
    """One person. `password_hash` and `totp_sealed` are None until the invitation was confirmed. `deleted` is when, in seconds
    since 1970; a deleted account is suspended too.
    """

    technician_id: str
    sign_in_name: str
    name: str
    company: str
    password_hash: str | None
    totp_sealed: bytes | None
    totp_newest_step: int | None
    confirmed: bool
    suspended: bool
    role: Role = Role.TECHNICIAN
    sites: tuple[str, ...] = ()
    deleted: float | None = None

    @property
    def member(self) -> Member:
        """As far as rights go."""
        return Member(self.technician_id, self.role, self.company, frozenset(self.sites))


def account_of(row: Row[Any]) -> Account:
    """The account in this row of the table."""
    values = {field.name: getattr(row, field.name) for field in fields(Account)}
    return Account(**{**values, "role": Role(row.role), "sites": tuple(json.loads(row.sites))})


def row_of(account: Account) -> dict[str, object]:
    """The inverse."""
    values = {field.name: getattr(account, field.name) for field in fields(Account)}
    return {**values, "role": account.role.value, "sites": json.dumps(account.sites)}


@dataclass(frozen=True, slots=True)
class Invitation:
    """A live invitation and what was chosen with it so far."""

    token_hash: bytes
    account: Account
    password_hash: str | None
    totp_sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Device:
    """A browser's key that waits for, or has, the security officer's signature in the directory."""

    technician_id: str
    type: AuthenticatorType
    key: bytes
    made: float


class Accounts:
    """Reads and writes accounts. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def invite(self, account: Account, token_hash: bytes, expires: float) -> None:
        """Make the account (or keep it as it is) and an invitation that replaces every earlier one."""
        async with self._database.writing() as connection:
            known = await connection.scalar(select(ACCOUNTS.c.technician_id).where(ACCOUNTS.c.technician_id == account.technician_id))
            if known is None:
                await connection.execute(insert(ACCOUNTS).values(row_of(account)))
            elder = update(INVITATIONS).where(INVITATIONS.c.technician_id == account.technician_id)
            await connection.execute(elder.values(used=True))
            made = {"token_hash": token_hash, "technician_id": account.technician_id, "expires": expires, "used": False}
            await connection.execute(insert(INVITATIONS).values(made))

    async def invitation(self, token_hash: bytes, now: float) -> Invitation | None:
        """The invitation of this token if it is unused and not expired."""
        async with self._database.reading() as connection:
            return await _live_invitation(connection, token_hash, now)

    async def choose(self, token_hash: bytes, now: float, password_hash: str, totp_sealed: bytes) -> bool:
        """Keep what was chosen with a live invitation; a later choice replaces it. False if the invitation is not live."""
        async with self._database.writing() as connection:
            if await _live_invitation(connection, token_hash, now) is None:
                return False
            chosen = update(INVITATIONS).where(INVITATIONS.c.token_hash == token_hash)
            await connection.execute(chosen.values(password_hash=password_hash, totp_sealed=totp_sealed))
        return True

    async def confirm(self, token_hash: bytes, now: float, step: int, device: Device, recovery: tuple[bytes, ...] = ()) -> bool:
        """Use the invitation up: password, second factor, device and the hashes of recovery codes become the account's.
        False if it is not live.
        """
        async with self._database.writing() as connection:
            invitation = await _live_invitation(connection, token_hash, now)
            if invitation is None or invitation.password_hash is None:
                return False
            await connection.execute(update(INVITATIONS).where(INVITATIONS.c.token_hash == token_hash).values(used=True))
            await connection.execute(
                update(ACCOUNTS)
                .where(ACCOUNTS.c.technician_id == invitation.account.technician_id)
                .values(
                    password_hash=invitation.password_hash,
                    totp_sealed=invitation.totp_sealed,
                    totp_newest_step=step,
                    confirmed=True,
                )
            )
            await begin(connection, invitation.account.technician_id, now, recovery)
            await _add_device(connection, device)
        return True

    async def by_name(self, sign_in_name: str) -> Account | None:
        """The account of this sign-in name, as typed."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.sign_in_name == sign_in_name))).one_or_none()
        return account_of(row) if row else None

    async def by_id(self, technician_id: str) -> Account | None:
        """The account of this technician."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.technician_id == technician_id))).one_or_none()
        return account_of(row) if row else None

    async def all(self) -> tuple[Account, ...]:
        """Every account, by id."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.technician_id))).all()
        return tuple(account_of(row) for row in rows)

    async def use_step(self, technician_id: str, step: int) -> bool:
        """Use a TOTP step up. Of any number of requests at once exactly one gets True (RFC 6238, section 5.2)."""
        newest = ACCOUNTS.c.totp_newest_step
        unused = (ACCOUNTS.c.technician_id == technician_id) & ((newest < step) | newest.is_(None))
        async with self._database.writing() as connection:
            changed = await connection.execute(update(ACCOUNTS).where(unused).values(totp_newest_step=step))
        return changed.rowcount == 1

    async def suspend(self, technician_id: str, suspended: bool) -> bool:
        """Narrow (or restore) an account at once, without any signature. False if there is no such account."""
        chosen = update(ACCOUNTS).where(ACCOUNTS.c.technician_id == technician_id)
        async with self._database.writing() as connection:
            changed = await connection.execute(chosen.values(suspended=suspended))
        return changed.rowcount == 1

    async def devices(self) -> tuple[Device, ...]:
        """Every registered device, oldest first."""
        columns = (DEVICES.c.technician_id, DEVICES.c.type, DEVICES.c.key, DEVICES.c.made)
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(*columns).order_by(DEVICES.c.made, DEVICES.c.key))).all()
        return tuple(Device(owner, AuthenticatorType(kind), key, made) for owner, kind, key, made in rows)


async def _live_invitation(connection: AsyncConnection, token_hash: bytes, now: float) -> Invitation | None:
    live = (INVITATIONS.c.token_hash == token_hash) & INVITATIONS.c.used.is_(False) & (INVITATIONS.c.expires > now)
    row = (await connection.execute(select(INVITATIONS).where(live))).one_or_none()
    if row is None:
        return None
    owner = (await connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.technician_id == row.technician_id))).one()
    return Invitation(row.token_hash, account_of(owner), row.password_hash, row.totp_sealed)


async def _add_device(connection: AsyncConnection, device: Device) -> None:
    known = await connection.scalar(select(DEVICES.c.technician_id).where(DEVICES.c.key == device.key))
    if known is None:
        made = {"key": device.key, "type": device.type.value, "technician_id": device.technician_id, "made": device.made}
        await connection.execute(insert(DEVICES).values(made))
