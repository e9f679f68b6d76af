"""Case 13: wrong sign-ins stop an account after a hundred in a row, and no stranger shuts out a technician at a recognised device.

Mutations that this file is to catch: no `stopped` in `_admit`; no `not recognised` in it; no `failed` count; no
`forgive` below the stop; the device's subject replaced by name and address; no brake on the device; `clear-stop` that forgives
nothing; no address brake.
"""

import asyncio
import signal
from itertools import count
from pathlib import Path

import httpx
import pytest

from audit.events.people import AccountStopCleared, AccountStopped, GuessingBraked
from policy.decision import Reason
from policy.throttle import ACCOUNT_FAILURES, SIGN_IN_BRAKE
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries, logged
from tests.helpers.broker_process import PASSWORD, BrokerProcess, Technician, read, running_broker
from wire.messages.presence import Refused
from wire.messages.signin import SignedIn, SignIn

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
WRONG = "another one that is wrong"
AT_ONCE = 10
_NUMBERS = count(1)


def fresh() -> str:
    """An address from which nobody has tried anything."""
    number = next(_NUMBERS)
    return f"127.1.{number // 250}.{number % 250 + 1}"


def said(response: httpx.Response) -> Reason | str:
    return read(response, Refused).reason if response.status_code != 200 else read(response, SignedIn).technician_id


async def fail(running: BrokerProcess, technician: Technician, times: int) -> None:
    """So many wrong sign-ins, each from an address of its own."""
    for first in range(0, times, AT_ONCE):
        wrong = SignIn(technician.id, WRONG, "000000")
        tries = (running.try_sign_in(wrong, address=fresh()) for _ in range(min(AT_ONCE, times - first)))
        assert {said(each) for each in await asyncio.gather(*tries)} == {Reason.SIGN_IN_FAILED}


@pytest.mark.long
async def test_a_right_one_after_ninety_nine_begins_the_count_again(broker: BrokerProcess) -> None:
    anna = await broker.technician("t-anna")
    await fail(broker, anna, ACCOUNT_FAILURES - 1)
    assert said(await broker.try_sign_in(SignIn(anna.id, PASSWORD, anna.totp()), address=fresh())) == anna.id
    await fail(broker, anna, 1)
    assert said(await broker.try_sign_in(SignIn(anna.id, PASSWORD, anna.totp()), address=fresh())) == anna.id


@pytest.mark.long
async def test_after_a_hundred_the_account_opens_for_its_recognised_device_alone_until_it_is_cleared(broker: BrokerProcess) -> None:
    berta = await broker.technician("t-berta")
    await broker.publish()
    await fail(broker, berta, ACCOUNT_FAILURES)
    stopped = [each.event for each in entries(broker) if isinstance(each.event, AccountStopped)]
    assert stopped == [AccountStopped(technician_id=berta.id, failures=ACCOUNT_FAILURES)]
    await broker.stop(signal.SIGKILL)
    await broker.start_again()
    right = SignIn(berta.id, PASSWORD, berta.totp())
    refused = await broker.try_sign_in(right, address=fresh())
    assert said(refused) == Reason.SIGN_IN_FAILED, "and nobody is told that it was right"
    known = SignIn(berta.id, PASSWORD, right.totp, await broker.device_word(berta))
    assert said(await broker.try_sign_in(known, address=fresh())) == berta.id, "the code was not used up by the refusal"
    assert "stopped" in await broker.run("accounts", "list")
    await broker.run("accounts", "clear-stop", berta.id)
    assert any(isinstance(each.event, AccountStopCleared) for each in entries(broker))
    assert said(await broker.try_sign_in(SignIn(berta.id, PASSWORD, berta.totp()), address=fresh())) == berta.id


async def test_a_stranger_behind_the_same_address_does_not_shut_out_a_recognised_device(broker: BrokerProcess) -> None:
    clara, foreign = await broker.technician("t-clara"), await broker.technician("t-foreign")
    await broker.publish()
    here = fresh()
    for _ in range(SIGN_IN_BRAKE.failures):
        assert said(await broker.try_sign_in(SignIn(clara.id, WRONG, "000000"), address=here)) == Reason.SIGN_IN_FAILED
    code = clara.totp()
    assert said(await broker.try_sign_in(SignIn(clara.id, PASSWORD, code), address=here)) == Reason.SIGN_IN_PAUSED
    strange = SignIn(clara.id, PASSWORD, code, await broker.device_word(foreign))
    assert said(await broker.try_sign_in(strange, address=here)) == Reason.SIGN_IN_PAUSED, "somebody else's device is no excuse"
    word = await broker.device_word(clara)
    assert said(await broker.try_sign_in(SignIn(clara.id, PASSWORD, code, word), address=here)) == clara.id
    replayed = SignIn(clara.id, PASSWORD, clara.totp(), word)
    assert said(await broker.try_sign_in(replayed, address=here)) == Reason.SIGN_IN_PAUSED, "its word is good once"


async def test_a_stolen_device_has_its_own_brake(broker: BrokerProcess) -> None:
    doris = await broker.technician("t-doris")
    await broker.publish()
    heard = [
        said(await broker.try_sign_in(SignIn(doris.id, WRONG, "000000", await broker.device_word(doris)), address=fresh()))
        for _ in range(SIGN_IN_BRAKE.failures + 1)
    ]
    assert heard == [Reason.SIGN_IN_FAILED] * SIGN_IN_BRAKE.failures + [Reason.SIGN_IN_PAUSED]


async def test_an_address_that_tries_too_fast_is_not_heard_for_a_minute_whatever_it_says_it_is(tmp_path: Path) -> None:
    async with running_broker(tmp_path, address_tries=10, account_failures=10) as running:
        here = fresh()
        for number in range(10):
            wrong = SignIn(f"t-nobody-{number}", WRONG, "000000")
            assert said(await running.try_sign_in(wrong, address=here)) == Reason.SIGN_IN_FAILED
        assert said(await running.try_sign_in(SignIn("t-other", WRONG, "000000"), address=here)) == Reason.TOO_FAST
        told = await logged(running, GuessingBraked, lambda event: event.address == here)
        assert told.seconds == 60
        assert said(await running.try_sign_in(SignIn("t-other", WRONG, "000000"), address=fresh())) == Reason.SIGN_IN_FAILED
        transport = httpx.AsyncHTTPTransport(verify=running.tls, local_address=here)
        async with httpx.AsyncClient(transport=transport, base_url=f"https://127.0.0.1:{running.port}") as http:
            forged = {"origin": "https://localhost:8444", "content-type": "application/json", "x-forwarded-for": "203.0.113.9"}
            answer = await http.post("/api/sign-in", content=b'{"type":"done"}', headers=forged)
        assert answer.status_code in {400, 429}
