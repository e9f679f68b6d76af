"""Case 83: nobody locks everybody out, and if it happened the broker's own machine lets one in: with the database alone, while the broker
is down, in the log, and with an alarm.

Mutations that were tried, each of which makes this file fail:
    broker/storage/roster.py        `_may_narrow` never answers LAST
    broker/web/administration.py    no warning when there were administrators already
    broker/roster.py                `offer_bootstrap` without its entry

Left: a second person at the machine.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from audit.events.accounts import BootstrapSecretMade, BootstrapUsed
from policy.decision import Reason
from policy.roles import Role
from tests.helpers.broker_log import entries
from tests.helpers.broker_process import BrokerProcess, read, running_broker
from wire.messages.administration import AccountList, AccountNamed, AccountsLook, BootstrapUse, InvitationIssued
from wire.messages.presence import Refused
from wire.schema import from_base64url

pytestmark = pytest.mark.adversary


@pytest_asyncio.fixture
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BrokerProcess]:
    async with running_broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


async def test_two_who_put_each_other_out_leave_one_and_nobody_puts_that_one_out(broker: BrokerProcess) -> None:
    people = [await broker.technician(f"t-admin-{number}", role=Role.ADMINISTRATOR) for number in range(2)]
    officer = await broker.sign_in(await broker.technician("t-officer", role=Role.SECURITY_OFFICER))
    cookies = [await broker.sign_in(person) for person in people]
    await asyncio.gather(
        *(
            broker.post("/api/accounts/suspend", AccountNamed(other.id), cookie=cookie)
            for cookie, other in zip(cookies, reversed(people), strict=True)
        )
    )
    standing = [(await broker.post("/api/accounts", AccountsLook(""), cookie=cookie)).status_code for cookie in cookies]
    assert sorted(standing) == [200, 401]
    last = people[standing.index(200)]
    for path in ("suspend", "suspend"):
        refused = await broker.post(f"/api/accounts/{path}", AccountNamed(last.id), cookie=officer)
        assert read(refused, Refused).reason is Reason.LAST_ADMINISTRATOR
    for words in (("suspend", last.id), ("delete", last.id), ("role", last.id, "--role", "technician")):
        with pytest.raises(AssertionError, match="--even-last"):
            await broker.run("accounts", *words)


async def test_the_machine_lets_one_in_when_nobody_can_and_the_log_says_so(broker: BrokerProcess) -> None:
    gone = await broker.technician("t-admin", role=Role.ADMINISTRATOR)
    await broker.run("accounts", "suspend", gone.id, "--even-last")
    await broker.stop()
    secret = from_base64url((await broker.run("accounts", "bootstrap")).strip())
    await broker.start_again()
    used = await broker.post("/api/bootstrap", BootstrapUse(secret, "rescue", "Rescue Person", "Example GmbH"))
    issued = read(used, InvitationIssued)
    rescue = await broker.accept(issued.account_id, issued.token)
    rescue.id = "rescue"
    shown = await broker.post("/api/accounts", AccountsLook(""), cookie=await broker.sign_in(rescue))
    assert gone.id in {each.account_id for each in read(shown, AccountList).accounts}
    made = [entry.event for entry in entries(broker) if isinstance(entry.event, (BootstrapSecretMade, BootstrapUsed))]
    assert [type(each) for each in made] == [BootstrapSecretMade, BootstrapSecretMade, BootstrapUsed]
    assert {each.others for each in made} == {0}


async def test_the_glass_that_is_broken_without_need_is_an_alarm(broker: BrokerProcess) -> None:
    await broker.technician("t-admin", role=Role.ADMINISTRATOR)
    secret = from_base64url((await broker.run("accounts", "bootstrap")).strip())
    used = await broker.post("/api/bootstrap", BootstrapUse(secret, "second", "Second Person", "Example GmbH"))
    assert used.status_code == 200
    assert "WARNING broker.web.administration: the bootstrap secret was used" in (broker.folder / "broker.log").read_text()
    (event,) = (entry.event for entry in entries(broker) if isinstance(entry.event, BootstrapUsed))
    assert event.others == 1
