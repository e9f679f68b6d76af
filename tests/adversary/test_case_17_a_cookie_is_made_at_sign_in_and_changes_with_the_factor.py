"""Case 17: no cookie from before a sign-in is worth anything after it, and each step up makes the old one worthless.

Mutations that were tried, each of which makes this file fail:
    broker/storage/sign_ins.py   `renew` keeps the old token
    broker/web/sign_in.py        `_walk` does not end the elder sign-in
    broker/web/door.py           the cookie without SameSite, or without HttpOnly

Left: the idle limit on a copied cookie is proven with the fixed clock in tests/helpers/store_contract.py, and on a live visit in case 18.
"""

import pytest

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import COOKIE, PASSWORD, BrokerProcess, read
from tests.helpers.ends import open_console
from wire.messages.presence import Refused
from wire.messages.signin import Done, FactorConfirm, SignedIn, SignIn

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
PLANTED = "A" * 43


async def standing(running: BrokerProcess, cookie: str) -> int:
    async with running.http(cookie=cookie) as http:
        return (await http.get("/api/me")).status_code


async def test_a_planted_cookie_is_not_adopted_and_every_step_makes_a_new_one(broker: BrokerProcess) -> None:
    anna = await broker.technician("t-anna")
    response = await broker.post("/api/sign-in", SignIn(anna.id, PASSWORD, anna.totp()), cookie=PLANTED)
    first = response.cookies[COOKIE]
    assert first != PLANTED
    assert [await standing(broker, cookie) for cookie in (PLANTED, first)] == [401, 200]
    renewed = await broker.post("/api/factor", FactorConfirm(anna.totp()), cookie=first)
    assert read(renewed, SignedIn).factor_age == 0
    second = renewed.cookies[COOKIE]
    assert [await standing(broker, cookie) for cookie in (first, second)] == [401, 200]
    gone = await broker.post("/api/sign-out", Done(), cookie=second)
    assert "Max-Age=0" in gone.headers["set-cookie"]
    assert await standing(broker, second) == 401


async def test_a_sign_in_over_a_live_one_ends_it(broker: BrokerProcess) -> None:
    berta = await broker.technician("t-berta")
    elder = await broker.sign_in(berta)
    await broker.post("/api/sign-in", SignIn(berta.id, PASSWORD, berta.totp()), cookie=elder)
    assert await standing(broker, elder) == 401


async def test_the_cookie_carries_every_attribute_that_binds_it(broker: BrokerProcess) -> None:
    clara = await broker.technician("t-clara")
    response = await broker.post("/api/sign-in", SignIn(clara.id, PASSWORD, clara.totp()))
    value, *attributes = response.headers["set-cookie"].split("; ")
    assert value.startswith("__Host-chaperone=")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]


async def test_signing_out_closes_the_console_at_once(broker: BrokerProcess) -> None:
    doris = await broker.technician("t-doris")
    await broker.publish()
    cookie = await broker.sign_in(doris)
    async with await open_console(broker, doris, cookie) as console:
        await broker.post("/api/sign-out", Done(), cookie=cookie)
        assert (await console.until(Refused)).reason is Reason.NOT_SIGNED_IN
        assert await console.closed() == Reason.NOT_SIGNED_IN
