"""Case 21: a fresh broker has no account and no default password. One administrator comes in with the secret from the broker's own
machine, once, within the hour; everybody else by invitation.

Mutations that were tried, each of which makes this file fail:
    broker/storage/roster.py   `use_bootstrap` does not use the secret up; `_good` ignores `expires`; `offer_bootstrap` keeps the
                               earlier one
    broker/roster.py           the secret itself is stored
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import httpx
import pytest
import pytest_asyncio

from audit.events.accounts import BootstrapRefused, BootstrapSecretMade, BootstrapUsed
from policy.decision import Reason
from policy.roles import Role
from tests.helpers.broker_log import entries
from tests.helpers.broker_process import BrokerProcess, read, running_broker
from wire.messages.administration import AccountList, AccountsLook, BootstrapUse, InvitationIssued
from wire.messages.presence import Refused
from wire.messages.signin import SignIn
from wire.schema import base64url, from_base64url

pytestmark = pytest.mark.adversary
RACERS = 8


@pytest_asyncio.fixture
async def fresh(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BrokerProcess]:
    async with running_broker(tmp_path_factory.mktemp("fresh")) as running:
        yield running


async def use(fresh: BrokerProcess, secret: bytes, name: str = "first") -> httpx.Response:
    return await fresh.post("/api/bootstrap", BootstrapUse(secret, name, "First Person", "Example GmbH"))


async def test_nothing_opens_before_the_secret_and_the_secret_opens_once(fresh: BrokerProcess) -> None:
    for name in ("admin", "administrator", "root", "chaperone"):
        refused = await fresh.post("/api/sign-in", SignIn(name, name, "000000"))
        assert read(refused, Refused).reason is Reason.SIGN_IN_FAILED
    assert read(await use(fresh, bytes(32)), Refused).reason is Reason.BOOTSTRAP_INVALID
    answers = await asyncio.gather(*(use(fresh, fresh.secret, f"first-{number}") for number in range(RACERS)))
    (won,) = (answer for answer in answers if answer.status_code == 200)
    assert {read(each, Refused).reason for each in answers if each is not won} == {Reason.BOOTSTRAP_INVALID}
    issued = read(won, InvitationIssued)
    first = await fresh.accept(issued.account_id, issued.token)
    with closing(sqlite3.connect(fresh.database)) as database:
        ((sign_in_name, role),) = database.execute("SELECT sign_in_name, role FROM accounts").fetchall()
    assert role == Role.ADMINISTRATOR
    signed_in = await fresh.post("/api/sign-in", SignIn(sign_in_name, "correct horse battery staple", first.totp()))
    cookie = signed_in.cookies["__Host-chaperone"]
    shown = read(await fresh.post("/api/accounts", AccountsLook(""), cookie=cookie), AccountList)
    assert [each.account_id for each in shown.accounts] == [first.id]
    kinds = [type(entry.event) for entry in entries(fresh)]
    assert kinds.count(BootstrapSecretMade) == 1
    assert BootstrapUsed in kinds
    assert BootstrapRefused in kinds


async def test_a_secret_is_stored_as_a_hash_expires_and_gives_way_to_the_next(fresh: BrokerProcess) -> None:
    held = b"".join(path.read_bytes() for path in fresh.database.parent.glob("broker.sqlite3*"))
    assert fresh.secret not in held
    assert base64url(fresh.secret).encode() not in held
    second = from_base64url((await fresh.run("accounts", "bootstrap")).strip())
    assert read(await use(fresh, fresh.secret), Refused).reason is Reason.BOOTSTRAP_INVALID
    with closing(sqlite3.connect(fresh.database, timeout=10)) as database, database:
        database.execute("UPDATE bootstrap SET expires = expires - 3601")
    assert read(await use(fresh, second), Refused).reason is Reason.BOOTSTRAP_INVALID
    third = from_base64url((await fresh.run("accounts", "bootstrap")).strip())
    assert read(await use(fresh, third), InvitationIssued).seconds > 0
    assert "bootstrap secret" not in await fresh.run("init"), "only a fresh broker prints one"
