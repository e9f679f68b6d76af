"""What any database under the broker must keep to. A new engine's test is one call: `await store_contract(store)`."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from audit.entry import at
from audit.events.broker import BrokerStarted
from audit.log import Side, verify
from broker.core.commands import Call
from broker.storage.accounts import Account, Device
from broker.storage.log import AuditLog
from broker.storage.registry import EnrolledHost
from broker.storage.sign_ins import SignInRow
from broker.storage.store import Store
from policy.instant import Instant
from policy.throttle import Tally
from trust.signatures import Ed25519Signer
from wire.limits import CONSOLE_ABSOLUTE_SECONDS, CONSOLE_IDLE_SECONDS
from wire.messages.documents import AuthenticatorType
from wire.statements import Algorithm, Label, Statement

KEY = Ed25519Signer(bytes(32))
NOW = Instant(1_800_000_000.0, 50_000.0)
RACERS = 100
ANNA = Account("t-anna", "anna", "Anna", "Vendor", None, None, None, confirmed=False, suspended=False)


async def store_contract(store: Store) -> None:
    """Every promise, on an empty database whose schema is up to date."""
    await _invitations(store)
    await _one_time_steps(store)
    await _sign_ins(store)
    await _hosts(store)
    await _tallies(store)
    await _calls(store)
    await _log(store)


async def _invitations(store: Store) -> None:
    first, second = b"1" * 32, b"2" * 32
    device = Device("t-anna", AuthenticatorType.P256, b"k" * 65, NOW.utc)
    await store.accounts.invite(ANNA, first, NOW.utc + 10)
    await store.accounts.invite(ANNA, second, NOW.utc + 10)
    assert await store.accounts.invitation(first, NOW.utc) is None, "a newer invitation replaces an older"
    assert await store.accounts.invitation(second, NOW.utc + 10) is None, "it expires"
    assert not await store.accounts.confirm(second, NOW.utc, 1, device), "nothing was chosen yet"
    assert not await store.accounts.choose(first, NOW.utc, "hash", b"sealed")
    assert await store.accounts.choose(second, NOW.utc, "hash", b"sealed")
    assert await store.accounts.confirm(second, NOW.utc, 1, device)
    assert not await store.accounts.confirm(second, NOW.utc, 2, device), "it is used once"
    account = await store.accounts.by_name("anna")
    assert account is not None
    assert (account.confirmed, account.password_hash, account.totp_newest_step) == (True, "hash", 1)
    assert await store.accounts.devices() == (device,)
    assert await store.accounts.by_id("t-nobody") is None


async def _one_time_steps(store: Store) -> None:
    used = await asyncio.gather(*(store.accounts.use_step("t-anna", 7) for _ in range(RACERS)))
    assert used.count(True) == 1, "of a hundred at once exactly one"
    assert not await store.accounts.use_step("t-anna", 6), "never an older one after a newer"


async def _sign_ins(store: Store) -> None:
    row = SignInRow(b"i" * 16, b"t" * 32, "t-anna", NOW.utc, NOW.utc, NOW.utc)
    await store.sign_ins.begin(row)
    assert await store.sign_ins.by_token(b"t" * 32, NOW.utc + CONSOLE_IDLE_SECONDS - 1) == row
    assert await store.sign_ins.by_token(b"t" * 32, NOW.utc + CONSOLE_IDLE_SECONDS) is None, "it idles out"
    await store.sign_ins.touch(b"i" * 16, NOW.utc + CONSOLE_ABSOLUTE_SECONDS)
    assert await store.sign_ins.by_id(b"i" * 16, NOW.utc + CONSOLE_ABSOLUTE_SECONDS) is None, "and it does not live for ever"
    await store.sign_ins.touch(b"i" * 16, NOW.utc)
    assert await store.sign_ins.renew(b"i" * 16, b"u" * 32, NOW.utc)
    assert await store.sign_ins.by_token(b"t" * 32, NOW.utc) is None, "the old cookie is dead"
    assert await store.sign_ins.standing(NOW.utc) == {b"i" * 16: False}
    assert await store.accounts.suspend("t-anna", True)
    assert await store.sign_ins.standing(NOW.utc) == {b"i" * 16: True}
    assert await store.sign_ins.standing(NOW.utc + CONSOLE_IDLE_SECONDS) == {}, "it idles out"
    assert await store.sign_ins.by_token(b"u" * 32, NOW.utc) is None, "a suspended account has no sign-in"
    assert await store.accounts.suspend("t-anna", False)
    await store.sign_ins.end(b"i" * 16)
    assert not await store.sign_ins.renew(b"i" * 16, b"v" * 32, NOW.utc)


async def _hosts(store: Store) -> None:
    await store.registry.add_token(b"e" * 32, "Site", NOW.utc + 10)
    racers = [EnrolledHost(f"h-{n}", bytes([n]) * 32, "PC", "Site", "analyser", False, "Admin", "1", NOW.utc) for n in range(RACERS)]
    assert not await store.registry.enrol(b"x" * 32, racers[0]), "a token that nobody made"
    enrolled = await asyncio.gather(*(store.registry.enrol(b"e" * 32, host) for host in racers))
    assert enrolled.count(True) == 1, "one token, one host"
    winner = racers[enrolled.index(True)]
    assert await store.registry.hosts() == (winner,)
    assert await store.registry.hosts_known() == 1
    assert await store.registry.knows_key(winner.key)
    await store.registry.add_token(b"f" * 32, "Site", NOW.utc + 10)
    assert not await store.registry.enrol(b"f" * 32, winner), "one key, one host"
    assert await store.registry.token_site(b"f" * 32, NOW.utc) == "Site", "and the token is not used up by that"
    assert await store.registry.token_site(b"f" * 32, NOW.utc + 10) is None


async def _tallies(store: Store) -> None:
    tally = Tally((NOW,), NOW.after(-100))
    await store.tallies.keep("anna", tally)
    assert await store.tallies.load(NOW) == {"anna": tally}
    after_reboot = Instant(NOW.utc + 5, 3.0)
    assert (await store.tallies.load(after_reboot))["anna"].failed_at == (Instant(NOW.utc, -2.0),), "a reboot forgives nothing"
    await store.tallies.keep("anna", Tally())
    assert await store.tallies.load(NOW) == {}
    names = [f"sign-in {number}" for number in range(1100)]
    await asyncio.gather(*(store.tallies.keep(name, tally) for name in (names[0], names[-1], "berta")))
    await store.tallies.forget(names)
    assert list(await store.tallies.load(NOW)) == ["berta"]


async def _calls(store: Store) -> None:
    statement = Statement(Label.CALL_WANTED, Algorithm.P256, b"payload", b"s" * 64)
    older, newer = Call("h-one", "t-anna", statement, 10), Call("h-one", "t-anna", statement, 20)
    other = Call("h-two", "t-anna", statement, 10)
    for call in (older, newer, other):
        await store.calls.keep(call)
    assert await store.calls.load() == {newer.key: newer, other.key: other}, "a newer one takes the place of an older"
    await store.calls.forget(older)
    assert newer.key in await store.calls.load(), "a newer one goes on waiting"
    await store.calls.forget(newer)
    assert await store.calls.load() == {other.key: other}


async def _log(store: Store) -> None:
    writers = [AuditLog(store.database, lambda: at(NOW), KEY) for _ in range(2)]
    event = BrokerStarted(broker_id="b-one", version="1")
    await asyncio.gather(*(writer.record(event, event) for writer in writers for _ in range(10)))
    rows, chain = await writers[0].rows(), await writers[0].chain()
    assert [row.index for row in rows] == list(range(1, 41)), "two writers, one order"
    assert verify(rows, chain.log_id, Side.BROKER).findings == ()
    for order in (
        "UPDATE audit_log SET entry = x''",
        "DELETE FROM audit_log",
        "UPDATE audit_meta SET log_id = 'x'",
        "DELETE FROM audit_meta",
    ):
        with pytest.raises(SQLAlchemyError, match="only ever added to"):
            async with store.database.writing() as connection:
                await connection.execute(text(order))
    assert await writers[0].rows() == rows
