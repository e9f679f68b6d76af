"""What an administrator does to the broker's database, beside the running server. Every change is in the log before it is made.

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
from audit.events import people as people_log
from audit.events.shape import Event
from broker.config import BrokerConfig
from broker.state import read_clock, require_state
from broker.storage.accounts import Account
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.secret_box import SecretBox, key_from_file, token_hash
from broker.storage.store import Store
from runtime.private_files import private_folder
from trust.keys import fingerprint, load_or_make_key
from trust.signatures import Ed25519Signer
from wire.limits import ENROL_TOKEN_SECONDS, INVITATION_SECONDS
from wire.schema import base64url
from wire.statements import Algorithm

Registrations = dict[str, list[dict[str, object]]]
"""For the programs of the security officer: `devices` and `hosts`, each with key and fingerprint."""


class NotDone(Exception):
    """It could not be done. The text is for the administrator."""


@asynccontextmanager
async def _opened(config: BrokerConfig) -> AsyncIterator[Store]:
    """The database of an initialised broker. Turns what the database raises into NotDone."""
    require_state(config)
    try:
        store = await Store.open_file(config.database)
        try:
            yield store
        finally:
            await store.close()
    except LogUnavailable as fault:
        raise NotDone(f"nothing was changed, because the log cannot be written: {fault}") from fault
    except SQLAlchemyError as fault:
        raise NotDone(str(fault)) from fault


async def _record(store: Store, event: Event) -> None:
    await AuditLog(store.database, lambda: at(read_clock())).record(event)


async def init(config: BrokerConfig) -> Ed25519Signer:
    """Make the state folder, the database and the keys, where they are missing. The broker's key."""
    private_folder(config.state)
    signer = load_or_make_key(config.broker_key)
    SecretBox.from_file(config.totp_key)
    key_from_file(config.pepper)
    async with _opened(config):
        return signer


async def invite(config: BrokerConfig, person: str, sign_in_name: str, name: str, company: str) -> str:
    """Make an account if there is none, and an invitation that replaces earlier ones. The invitation's link."""
    token = token_bytes(32)
    account = Account(person, sign_in_name, name, company, None, None, None, confirmed=False, suspended=False)
    async with _opened(config) as store:
        holder = await store.accounts.by_name(sign_in_name)
        if holder is not None and holder.technician_id != person:
            raise NotDone(f"the sign-in name {sign_in_name} is that of {holder.technician_id}")
        await _record(store, log.InvitationMade(technician_id=person, by=getpass.getuser()))
        await store.accounts.invite(account, token_hash(token), time.time() + INVITATION_SECONDS)
    return f"{config.console_origin}/#/invitation/{base64url(token)}"


async def suspend(config: BrokerConfig, person: str, *, restore: bool) -> None:
    """Close an account, or open it again."""
    event = log.AccountRestored if restore else log.AccountSuspended
    async with _opened(config) as store:
        if await store.accounts.by_id(person) is None:
            raise NotDone(f"there is no account {person}")
        await _record(store, event(technician_id=person, by=getpass.getuser()))
        await store.accounts.suspend(person, not restore)


async def clear_stop(config: BrokerConfig, person: str) -> None:
    """Let an account be signed in to again after too many wrong sign-ins in a row."""
    async with _opened(config) as store:
        if await store.accounts.by_id(person) is None:
            raise NotDone(f"there is no account {person}")
        await _record(store, people_log.AccountStopCleared(technician_id=person, by=getpass.getuser()))
        await store.credentials.forgive(person)


async def failures(config: BrokerConfig) -> dict[str, int]:
    """Wrong sign-ins in a row, by technician."""
    async with _opened(config) as store:
        return {each.technician_id: (await store.credentials.of(each.technician_id)).failures for each in await store.accounts.all()}


async def accounts(config: BrokerConfig) -> tuple[Account, ...]:
    """Every account, by id."""
    async with _opened(config) as store:
        return await store.accounts.all()


async def host_token(config: BrokerConfig, site: str) -> str:
    """A new enrolment token."""
    token = token_bytes(32)
    async with _opened(config) as store:
        await _record(store, log.HostEnrolTokenMade(site=site, by=getpass.getuser()))
        await store.registry.add_token(token_hash(token), site, time.time() + ENROL_TOKEN_SECONDS)
    return base64url(token)


async def registrations(config: BrokerConfig) -> Registrations:
    """The keys that browsers and hosts registered."""
    async with _opened(config) as store:
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
