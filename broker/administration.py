"""What is done at the broker's machine to its database, beside the running server. Whoever may read the broker's files may do all of
it: this is the glass to break when nobody can sign in. All of it is in the log; the running broker sees it within a second.

The command line (`cli.py`) reads arguments and prints; it loads this module only for commands that need the database.
"""

import getpass
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_bytes

from sqlalchemy.exc import SQLAlchemyError

from audit.entry import at
from audit.events import broker as log
from broker.config import BrokerConfig
from broker.roster import Roster, Unchanged
from broker.state import read_clock, require_state, signer_of
from broker.storage.accounts import Account
from broker.storage.credentials import Credentials
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.proposals import Proposal
from broker.storage.secret_box import SecretBox, key_from_file, token_hash
from broker.storage.store import Store
from policy.decision import Reason
from policy.roles import Role
from runtime.private_files import private_folder
from trust.keys import fingerprint, load_or_make_key
from trust.signatures import Ed25519Signer
from wire.limits import ENROL_TOKEN_SECONDS
from wire.schema import base64url
from wire.statements import Algorithm

Registrations = dict[str, list[dict[str, object]]]
"""For the programs of the security officer: `devices` and `hosts`, each with key and fingerprint."""

_WHY = {
    Reason.ACCOUNT_UNKNOWN: "that account was deleted, or is not as it was when this began",
    Reason.ACCOUNT_EXISTS: "that account or sign-in name exists already",
    Reason.LAST_ADMINISTRATOR: "this is the company's last administrator who can sign in; let another in first, or say --even-last",
}


class NotDone(Exception):
    """It could not be done. The text is for the administrator."""


@asynccontextmanager
async def opened(config: BrokerConfig) -> AsyncIterator[Store]:
    """The database of an initialised broker. Turns what the database raises into NotDone."""
    require_state(config)
    try:
        store = await Store.open_file(config.database, config.lock_wait)
        try:
            yield store
        finally:
            await store.close()
    except LogUnavailable as fault:
        raise NotDone(f"nothing was changed, because the log cannot be written: {fault}") from fault
    except SQLAlchemyError as fault:
        raise NotDone(str(fault)) from fault


def log_beside(config: BrokerConfig, store: Store) -> AuditLog:
    """The log, signed with the broker's own key as the running broker does."""
    return AuditLog(store.database, lambda: at(read_clock()), signer_of(config), config.anchor)


@asynccontextmanager
async def log_of(config: BrokerConfig, store: Store) -> AsyncIterator[AuditLog]:
    """The same to append to: in the end the anchor file holds what was appended."""
    audit_log = log_beside(config, store)
    yield audit_log
    await audit_log.settle()


@asynccontextmanager
async def _roster(config: BrokerConfig, *, spare_last: bool = True) -> AsyncIterator[Roster]:
    """The accounts. Turns a refusal into NotDone, in English as all of the command line."""
    async with opened(config) as store, log_of(config, store) as audit_log:
        try:
            yield Roster(store, audit_log, spare_last)
        except Unchanged as fault:
            raise NotDone(_WHY[fault.reason]) from None
        if not await audit_log.flush():
            raise NotDone("it was done, but the log cannot be written: its entry is missing")


async def _known(roster: Roster, person: str) -> Account:
    account = await roster.store.accounts.by_id(person)
    if account is None:
        raise NotDone(f"there is no account {person}")
    return account


async def init(config: BrokerConfig) -> tuple[Ed25519Signer, str | None]:
    """Make the state folder, the database and the keys, where they are missing. The broker's key, and at the first time the secret
    that lets the first administrator in.
    """
    fresh = not config.database.exists()
    private_folder(config.state)
    signer = load_or_make_key(config.broker_key)
    SecretBox.from_file(config.totp_key)
    key_from_file(config.pepper)
    async with opened(config):
        pass
    return signer, await bootstrap(config) if fresh else None


async def bootstrap(config: BrokerConfig) -> str:
    """A secret with which one administrator is let in over HTTP, once. Shown here and never again."""
    async with _roster(config) as roster:
        return base64url(await roster.offer_bootstrap(getpass.getuser(), time.time()))


def new_account(person: str, sign_in_name: str, name: str, company: str, role: Role, sites: tuple[str, ...]) -> Account:
    """An account that nobody took yet."""
    return Account(person, sign_in_name, name, company, None, None, None, confirmed=False, suspended=False, role=role, sites=sites)


async def invite(config: BrokerConfig, account: Account) -> str:
    """Make an account if there is none, and an invitation that replaces earlier ones. The invitation's link."""
    async with _roster(config) as roster:
        holder = await roster.store.accounts.by_name(account.sign_in_name)
        if holder is not None and holder.technician_id != account.technician_id:
            raise NotDone(f"the sign-in name {account.sign_in_name} is that of {holder.technician_id}")
        known = await roster.store.accounts.by_id(account.technician_id)
        if known is not None and known.deleted is None and (known.role, known.sites) != (account.role, account.sites):
            raise NotDone(f"the account {account.technician_id} is a {known.role}'s; change its role first")
        token = await roster.invite(account, getpass.getuser(), time.time(), anew=True)
    return f"{config.console_origin}/#/invitation/{base64url(token)}"


async def suspend(config: BrokerConfig, person: str, *, even_last: bool = False) -> None:
    """Close an account."""
    async with _roster(config, spare_last=not even_last) as roster:
        await roster.suspend(await _known(roster, person), getpass.getuser())


async def resume(config: BrokerConfig, person: str) -> None:
    """Open a closed account again."""
    async with _roster(config) as roster:
        await roster.resume(await _known(roster, person), getpass.getuser())


async def change_role(config: BrokerConfig, person: str, role: Role, sites: tuple[str, ...], *, even_last: bool = False) -> None:
    """Make it an account for something else."""
    async with _roster(config, spare_last=not even_last) as roster:
        await roster.change_role(await _known(roster, person), role, sites, getpass.getuser())


async def delete(config: BrokerConfig, person: str, *, even_last: bool = False) -> None:
    """Close an account for good. Its history stays."""
    async with _roster(config, spare_last=not even_last) as roster:
        await roster.delete(await _known(roster, person), getpass.getuser(), time.time())


async def sign_out(config: BrokerConfig, person: str) -> None:
    """End every sign-in of an account."""
    async with _roster(config) as roster:
        await roster.sign_out(await _known(roster, person), getpass.getuser())


async def clear_stop(config: BrokerConfig, person: str) -> None:
    """Let an account be signed in to again after too many wrong sign-ins in a row."""
    async with _roster(config) as roster:
        await roster.clear_stop(await _known(roster, person), getpass.getuser())


async def account(config: BrokerConfig, person: str) -> tuple[Account, Credentials, int]:
    """One account, how often it failed, and how many recovery codes it has left."""
    async with _roster(config) as roster:
        found = await _known(roster, person)
        credentials = roster.store.credentials
        return found, await credentials.of(person), await credentials.recovery_codes_left(person)


async def failures(config: BrokerConfig) -> dict[str, int]:
    """Wrong sign-ins in a row, by technician."""
    async with opened(config) as store:
        return {each.technician_id: (await store.credentials.of(each.technician_id)).failures for each in await store.accounts.all()}


async def accounts(config: BrokerConfig) -> tuple[Account, ...]:
    """Every account, by id."""
    async with opened(config) as store:
        return await store.accounts.all()


async def proposals(config: BrokerConfig) -> tuple[Proposal, ...]:
    """What waits for a second person, oldest first."""
    async with opened(config) as store:
        return await store.proposals.waiting(time.time())


async def host_token(config: BrokerConfig, site: str) -> str:
    """A new enrolment token."""
    token = token_bytes(32)
    async with opened(config) as store, log_of(config, store) as audit_log:
        await audit_log.record(log.HostEnrolTokenMade(site=site, by=getpass.getuser()))
        await store.registry.add_token(token_hash(token), site, time.time() + ENROL_TOKEN_SECONDS)
    return base64url(token)


async def registrations(config: BrokerConfig) -> Registrations:
    """The keys that browsers and hosts registered."""
    async with opened(config) as store:
        return {"devices": await _devices(store), "hosts": await _hosts(store)}


async def _devices(store: Store) -> list[dict[str, object]]:
    people = {each.technician_id: each for each in await store.accounts.all()}
    return [
        {
            "id": each.technician_id,
            "name": people[each.technician_id].name,
            "company": people[each.technician_id].company,
            "type": each.type.value,
            "key": base64url(each.key),
            "fingerprint": fingerprint(each.type, each.key),
        }
        for each in await store.accounts.devices()
    ]


async def _hosts(store: Store) -> list[dict[str, object]]:
    return [
        {
            "id": each.host_id,
            "name": each.name,
            "site": each.site,
            "model": each.model,
            "phi": each.phi,
            "key": base64url(each.key),
            "fingerprint": fingerprint(Algorithm.ED25519, each.key),
        }
        for each in await store.registry.hosts()
    ]
