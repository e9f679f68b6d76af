"""Nobody is told which accounts exist by the work that is done: every wrong sign-in runs the same statements and the same hashes.

Counted, not timed, because a loaded machine is slow at random; times are in benchmarks/sign_in.py.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import httpx
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from sqlalchemy import event

from broker.config import read_config
from broker.serving import Parts, assemble
from broker.web.app import make_app
from broker.web.secrets_check import Passwords
from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import ORIGIN, PASSWORD, BrokerProcess, Technician, read
from wire.messages.presence import Refused
from wire.messages.signin import SignIn
from wire.schema import encode

pytestmark = ON_ONE_LOOP
__all__ = ["broker"]
TRIES = 100
_ADDRESSES = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(broker: BrokerProcess) -> dict[str, Technician]:
    made = {name: await broker.technician(f"t-{name}") for name in ("right", "suspended")}
    await broker.run("accounts", "suspend", "t-suspended")
    await broker.run("accounts", "invite", "--person", "t-invited", "--name", "Ivo", "--company", "Example GmbH")
    await broker.stop()
    return made


@asynccontextmanager
async def assembled(broker: BrokerProcess) -> AsyncIterator[tuple[Parts, httpx.ASGITransport]]:
    parts = await assemble(read_config(broker.config, {}))
    quick = Passwords(b"p" * 32, PasswordHasher(memory_cost=8, time_cost=1, parallelism=1))
    parts.people.threshold.passwords = quick
    app = make_app(parts.shell, parts.people, parts.machines, ORIGIN, lambda _app: pytest.fail("it is not served"))
    try:
        yield parts, httpx.ASGITransport(app)
    finally:
        quick.close()
        parts.passwords.close()
        await parts.store.close()


async def work_of(parts: Parts, transport: httpx.ASGITransport, said: SignIn) -> tuple[tuple[str, ...], int, int, bytes]:
    """Statements run, hashes computed, status and body of one try from a new address."""
    number = next(_ADDRESSES)
    transport.client = (f"10.{number // 65536}.{number // 256 % 256}.{number % 256}", 1)
    statements: list[str] = []
    engine = parts.store.database.engine.sync_engine

    def heard(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", heard)
    before = parts.people.threshold.passwords.hashed
    async with httpx.AsyncClient(transport=transport, base_url="https://broker") as http:
        answer = await http.post("/api/sign-in", content=encode(said), headers={"origin": ORIGIN, "content-type": "application/json"})
    event.remove(engine, "before_cursor_execute", heard)
    return tuple(statements), parts.people.threshold.passwords.hashed - before, answer.status_code, answer.content


async def test_every_wrong_sign_in_does_the_same_work_and_says_the_same(broker: BrokerProcess, people: dict[str, Technician]) -> None:
    tries = {
        "unknown": SignIn("t-nobody", PASSWORD, "000000"),
        "invited": SignIn("t-invited", PASSWORD, "000000"),
        "suspended": SignIn("t-suspended", PASSWORD, "000000"),
        "wrong password": SignIn("t-right", "another one that is wrong", "000000"),
        "wrong code": SignIn("t-right", PASSWORD, "000000"),
    }
    async with assembled(broker) as (parts, transport):
        found = {name: [await work_of(parts, transport, said) for _ in range(TRIES // len(tries))] for name, said in tries.items()}
    kinds = {name: set(each) for name, each in found.items()}
    expected = kinds["unknown"]
    assert len(expected) <= 2, "the first ten rows a minute of an address are written, and nothing else differs"
    for name, kind in kinds.items():
        assert kind == expected, name
    statements, hashes, status, body = next(iter(expected))
    assert (hashes, status) == (1, 401)
    assert Reason.SIGN_IN_FAILED.value.encode() in body
    assert any("UPDATE credentials" in each for each in statements), "a failure is counted for nobody too"


async def test_a_race_of_guesses_counts_every_one(broker: BrokerProcess, people: dict[str, Technician]) -> None:
    async with assembled(broker) as (_parts, transport):
        transport.client = ("192.0.2.200", 1)
        said = encode(SignIn("t-right", "another one that is wrong", "000000"))
        headers = {"origin": ORIGIN, "content-type": "application/json"}
        async with httpx.AsyncClient(transport=transport, base_url="https://broker") as http:
            answers = await asyncio.gather(*(http.post("/api/sign-in", content=said, headers=headers) for _ in range(4)))
    reasons = sorted(read(answer, Refused).reason for answer in answers)
    assert reasons == [Reason.SIGN_IN_FAILED] * 3 + [Reason.SIGN_IN_PAUSED]
