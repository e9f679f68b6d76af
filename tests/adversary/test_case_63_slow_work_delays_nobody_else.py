"""Case 63: a flood of sign-ins, and texts that are dear to look at, cost their sender time and nobody else anything.

What is held: strangers' hashes wait in one line that has an end, on a thread that yields; who is refused for that is told so and nothing is
counted; a technician at a recognised device has a thread of his own. How much slower his sign-in becomes is measured by
`python -m benchmarks signin`.

Mutations that this file is to catch: no limit of the line; one thread for all, without an end; the hash on the event loop.
"""

import asyncio

import psutil
import pytest

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import PASSWORD, BrokerProcess, read
from wire.messages.presence import Refused
from wire.messages.signin import InvitationAccept, SignedIn, SignIn
from wire.schema import from_base64url

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
FLOOD = 120
MEMORY = 160 * 1024 * 1024
"""The broker may hold two hashes of 32 MiB, and what a hundred requests need."""


@pytest.mark.long
async def test_a_flood_is_turned_away_at_once_and_the_technician_gets_in(broker: BrokerProcess) -> None:
    anna = await broker.technician("t-anna")
    await broker.publish()
    process = psutil.Process(broker.process.pid)
    before = process.memory_info().rss
    known = SignIn(anna.id, PASSWORD, anna.totp(), await broker.device_word(anna))

    async def wrong(number: int) -> Reason:
        said = SignIn(f"t-nobody-{number}", "another one that is wrong", "000000")
        return read(await broker.try_sign_in(said, address=f"127.4.{number // 250}.{number % 250 + 1}"), Refused).reason

    flood = [asyncio.ensure_future(wrong(number)) for number in range(FLOOD)]
    answered, _ = await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
    async with broker.http(origin=None) as http:
        assert (await http.get("/healthz")).status_code == 200
    waiting = [each for each in flood if not each.done()]
    most = process.memory_info().rss
    assert read(await broker.post("/api/sign-in", known), SignedIn).technician_id == anna.id
    heard = await asyncio.gather(*flood)
    assert answered
    assert waiting, "the flood was over before anybody else asked: nothing is shown"
    assert set(heard) == {Reason.SIGN_IN_FAILED, Reason.TOO_BUSY}
    assert most - before < MEMORY
    refused = await broker.try_sign_in(SignIn("t-nobody-0", "another one that is wrong", "000000"), address="127.4.0.1")
    assert read(refused, Refused).reason is Reason.SIGN_IN_FAILED, "nobody is paused for a line that was full"


DEAR = ("\ufdfa" * 256, "a1" * 128, "\u0344" * 256, "correct horse battery " * 11)


@pytest.mark.parametrize("number", range(len(DEAR)))
async def test_a_password_that_is_dear_to_look_at_costs_little(broker: BrokerProcess, number: int) -> None:
    password = DEAR[number]
    link = await broker.run("accounts", "invite", "--person", f"t-dear-{number}", "--name", "B", "--company", "Example GmbH")
    token = from_base64url(link.strip().rsplit("/", 1)[1])
    cpu = psutil.Process(broker.process.pid).cpu_times()
    await broker.post("/api/invitation/accept", InvitationAccept(token, password))
    signed = await broker.try_sign_in(SignIn("t-anna", password, "000000"), address=f"127.4.9.{number + 1}")
    spent = psutil.Process(broker.process.pid).cpu_times()
    assert read(signed, Refused).reason is Reason.SIGN_IN_FAILED
    assert spent.user - cpu.user < 3.0, "seconds of the processor, for two hashes and a look"


async def test_a_text_longer_than_a_password_is_never_looked_at(broker: BrokerProcess) -> None:
    async with broker.http() as http:
        body = b'{"device":null,"password":"' + b"a" * 300 + b'","sign_in_name":"t-anna","totp":"000000","type":"sign_in"}'
        answer = await http.post("/api/sign-in", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, read(answer, Refused).reason) == (400, Reason.MALFORMED)
