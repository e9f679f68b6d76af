"""Case 19: another password, another factor, another role, off the list, an account closed or deleted, "sign out everywhere": every
other sign-in of that person is dead, and its socket is closed, within a second. By API and at the broker's machine.

A real process and a deadline: each row has a console of its own that must go, and a colleague's that must stay. By API also in the
order of events, under a clock that stands: the socket was told before the answer went out. The order alone is case 19's in
test_case_19_in_the_order_of_events.py.

Mutations that were tried, each of which makes this file fail:
    broker/storage/roster.py      `change_role` leaves the sign-ins
    broker/serving.py             `_every_moment` does not look (the rows of the command line)
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count

import pytest
import pytest_asyncio

from policy.roles import Role
from tests.helpers.broker_fixture import ON_ONE_LOOP
from tests.helpers.broker_process import PASSWORD, BrokerProcess, Technician, read, running_broker
from tests.helpers.ends import open_console
from wire.messages import administration as accounts
from wire.messages.signin import Done, FactorConfirm, FactorReplace, PasswordChange, TotpIssued

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
SECONDS = 1.0
NUMBERS = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BrokerProcess]:
    """More people come in here from one address than a minute allows them elsewhere."""
    async with running_broker(tmp_path_factory.mktemp("broker"), address_tries=10_000) as running:
        yield running


async def api(broker: BrokerProcess, path: str, said: object, cookie: str) -> None:
    response = await broker.post(path, said, cookie=cookie)
    assert response.status_code == 200, response.content


async def administrator(broker: BrokerProcess) -> str:
    return await broker.sign_in(await broker.technician(f"t-admin-{next(NUMBERS)}", role=Role.ADMINISTRATOR))


async def password(broker: BrokerProcess, _person: Technician, cookie: str, _admin: str) -> None:
    await api(broker, "/api/password", PasswordChange(PASSWORD, "seven brave otters at dusk"), cookie)


async def everywhere(broker: BrokerProcess, _person: Technician, cookie: str, _admin: str) -> None:
    await api(broker, "/api/sign-out-everywhere", Done(), cookie)


async def role(broker: BrokerProcess, person: Technician, _cookie: str, admin: str) -> None:
    await api(broker, "/api/accounts/role", accounts.AccountRole(person.id, Role.SUPERVISOR, ()), admin)


async def suspend(broker: BrokerProcess, person: Technician, _cookie: str, admin: str) -> None:
    await api(broker, "/api/accounts/suspend", accounts.AccountNamed(person.id), admin)


async def delete(broker: BrokerProcess, person: Technician, _cookie: str, admin: str) -> None:
    await api(broker, "/api/accounts/delete", accounts.AccountNamed(person.id), admin)


async def sign_out(broker: BrokerProcess, person: Technician, _cookie: str, admin: str) -> None:
    await api(broker, "/api/accounts/sign-out", accounts.AccountNamed(person.id), admin)


async def unlist(broker: BrokerProcess, person: Technician, _cookie: str, _admin: str) -> None:
    broker.technicians.remove(person)
    await broker.publish()


def command(*words: str) -> Callable[[BrokerProcess, Technician, str, str], Awaitable[None]]:
    async def run(broker: BrokerProcess, person: Technician, _cookie: str, _admin: str) -> None:
        await broker.run("accounts", words[0], person.id, *words[1:])

    return run


CHANGES = {
    "password": password,
    "sign out everywhere": everywhere,
    "role": role,
    "suspend": suspend,
    "delete": delete,
    "signed out by an administrator": sign_out,
    "off the list": unlist,
    "role at the machine": command("role", "--role", "auditor", "--site", "Site A"),
    "suspend at the machine": command("suspend"),
    "delete at the machine": command("delete"),
    "sign out at the machine": command("sign-out"),
}


@pytest.mark.parametrize("how", CHANGES)
async def test_the_other_socket_is_closed_and_its_cookie_dead_within_a_second(broker: BrokerProcess, how: str) -> None:
    number = next(NUMBERS)
    person, colleague = await broker.technician(f"t-person-{number}"), await broker.technician(f"t-colleague-{number}")
    await broker.publish()
    admin, elsewhere = await administrator(broker), await broker.sign_in(person)
    here = await broker.sign_in(person)
    async with (
        await open_console(broker, person, elsewhere) as console,
        await open_console(broker, colleague, await broker.sign_in(colleague)) as stays,
    ):
        await CHANGES[how](broker, person, here, admin)
        since = time.monotonic()
        await console.closed()
        assert time.monotonic() - since <= SECONDS
        assert stays.socket.close_code is None
    if how != "off the list":
        async with broker.http(cookie=elsewhere) as http:
            assert (await http.get("/api/me")).status_code == 401


async def test_another_app_puts_the_other_socket_out_and_keeps_this_one(broker: BrokerProcess) -> None:
    person = await broker.technician("t-another-app")
    await broker.publish()
    elsewhere, here = await broker.sign_in(person), await broker.sign_in(person)
    issued = read(await broker.post("/api/factor/replace", FactorReplace(PASSWORD), cookie=here), TotpIssued)
    async with await open_console(broker, person, elsewhere) as console:
        person.totp_secret, person.next_step = issued.secret, 0
        await api(broker, "/api/factor/replaced", FactorConfirm(person.totp()), here)
        since = time.monotonic()
        await console.closed()
        assert time.monotonic() - since <= SECONDS
    for cookie, status in ((elsewhere, 401), (here, 200)):
        async with broker.http(cookie=cookie) as http:
            assert (await http.get("/api/me")).status_code == status
