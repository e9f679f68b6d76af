"""Cases 7, 8 and 9: a TOTP code is accepted once, also when a hundred requests race, and an older step never after a newer; also when a
second process on the same store is asked.

The compare-and-set itself is raced a hundred times in tests/helpers/store_contract.py too.

Mutations that were tried, each of which makes this file fail:
    policy/one_time.py          `may_use_step` takes any step of the last ten; or one that is not newer, and `use_step` too
    broker/storage/accounts.py  `use_step` writes without asking what is there (here; `may_use_step` alone loses every race)
    broker/web/sign_in.py       `factor` does not use the step up

Left, for case 9: a second *node*. Here a second broker process serves from the same database on the same machine, which is not how a broker
is run; there is no node with a store of its own, no shared PostgreSQL, no bus that could be cut, and no clock but this machine's.
"""

import asyncio
import time
from dataclasses import replace

import httpx
import pyotp
import pytest

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import COOKIE, ORIGIN, PASSWORD, BrokerProcess, Technician, read
from wire.messages.presence import Refused
from wire.messages.signin import FactorConfirm, SignIn, SignInRecovering
from wire.schema import encode

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
RACERS = 100
SLOW_RACERS = 20
"""Each of these costs a password hash, which is slow on purpose."""


async def sign_in_from(running: BrokerProcess, address: str, said: SignIn) -> httpx.Response:
    transport = httpx.AsyncHTTPTransport(verify=running.tls, local_address=address)
    async with httpx.AsyncClient(transport=transport, base_url=f"https://127.0.0.1:{running.port}", timeout=120) as http:
        headers = {"origin": ORIGIN, "content-type": "application/json"}
        return await http.post("/api/sign-in", content=encode(said), headers=headers)


async def test_of_many_sign_ins_with_one_code_exactly_one_succeeds(broker: BrokerProcess) -> None:
    anna = await broker.technician("t-anna")
    said = SignIn(anna.id, PASSWORD, anna.totp())
    # Each from an address of its own, so that no brake on one address decides the race.
    answers = await asyncio.gather(*(sign_in_from(broker, f"127.0.1.{number}", said) for number in range(1, SLOW_RACERS + 1)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (SLOW_RACERS - 1)


async def test_of_a_hundred_factor_confirmations_with_one_code_exactly_one_succeeds(broker: BrokerProcess) -> None:
    berta = await broker.technician("t-berta")
    # With a recovery code: an app has two codes at any moment, and one went with the invitation.
    signed_in = await broker.post("/api/sign-in/recovery", SignInRecovering(berta.id, PASSWORD, berta.recovery_codes[0]))
    cookie = signed_in.cookies[COOKIE]
    said = encode(FactorConfirm(berta.totp()))
    headers = {"content-type": "application/json"}
    async with broker.http(cookie=cookie) as http:
        answers = await asyncio.gather(*(http.post("/api/factor", content=said, headers=headers) for _ in range(RACERS)))
    # The winner's new cookie makes the others' old one worth nothing; the brake stops who goes on guessing.
    assert [answer.status_code for answer in answers].count(200) == 1
    assert {answer.status_code for answer in answers} <= {200, 401, 429}


async def test_a_second_process_on_the_same_store_does_not_take_what_the_first_took(broker: BrokerProcess) -> None:
    second = replace(broker)
    await second.start_again()
    try:
        assert second.port != broker.port
        dora = await broker.technician("t-dora")
        said = SignIn(dora.id, PASSWORD, dora.totp())
        assert (await sign_in_from(broker, "127.0.3.1", said)).status_code == 200
        again = await sign_in_from(second, "127.0.3.2", said)
        assert (again.status_code, read(again, Refused).reason) == (401, Reason.SIGN_IN_FAILED)
        erna = await broker.technician("t-erna")
        raced = SignIn(erna.id, PASSWORD, erna.totp())
        racers = [sign_in_from((broker, second)[number % 2], f"127.0.4.{number}", raced) for number in range(1, SLOW_RACERS + 1)]
        answers = await asyncio.gather(*racers)
        assert sorted(answer.status_code for answer in answers) == [200] + [401] * (SLOW_RACERS - 1)
    finally:
        await second.stop()


def code(technician: Technician, steps_from_now: int) -> str:
    return pyotp.HOTP(technician.totp_secret).at(int(time.time()) // 30 + steps_from_now)


async def test_an_older_step_after_a_newer_is_refused_and_so_is_one_too_far_away(broker: BrokerProcess) -> None:
    clara = await broker.technician("t-clara")
    newest = SignIn(clara.id, PASSWORD, code(clara, 1))
    assert (await sign_in_from(broker, "127.0.2.1", newest)).status_code == 200
    for steps in (0, -1):
        refused = await sign_in_from(broker, "127.0.2.1", SignIn(clara.id, PASSWORD, code(clara, steps)))
        assert (refused.status_code, read(refused, Refused).reason) == (401, Reason.SIGN_IN_FAILED)
    for steps in (3, -3):
        refused = await sign_in_from(broker, "127.0.2.2", SignIn(clara.id, PASSWORD, code(clara, steps)))
        assert (refused.status_code, read(refused, Refused).reason) == (401, Reason.SIGN_IN_FAILED)
