"""Passwords and TOTP steps: right, wrong, nobody's; and no step beyond one each way."""

import asyncio
import threading
from collections.abc import Iterator

import pyotp
import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from broker.web.secrets_check import (
    MEMORY_KIB,
    PASSES,
    WAITING_MOST,
    WAITING_OF_ADDRESS,
    Passwords,
    TooBusy,
    Verdict,
    new_totp_secret,
    step_of,
    totp_address,
)

UTC = 1_800_000_015.0
STEP = int(UTC) // 30


QUICK = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
SPELLING = "pa\u0308ssword of several words", "p\u00e4ssword of several words"


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(b"p" * 32, QUICK)
    yield made
    made.close()


async def test_a_password_is_right_for_its_hash_alone(passwords: Passwords) -> None:
    encoded = await passwords.hash("correct horse battery staple")
    assert await passwords.right(encoded, "correct horse battery staple") == Verdict(True)
    for wrong, said in ((encoded, "correct horse battery stapler"), (None, "a password that nobody has"), ("no hash at all", "x")):
        assert await passwords.right(wrong, said) == Verdict(False)


async def test_a_password_is_the_same_from_every_keyboard(passwords: Passwords) -> None:
    assert (await passwords.right(await passwords.hash(SPELLING[0]), SPELLING[1])).right


async def test_a_hash_is_worth_nothing_without_the_pepper(passwords: Passwords) -> None:
    encoded = await passwords.hash("correct horse battery staple")
    other = Passwords(b"q" * 32, QUICK)
    assert not (await other.right(encoded, "correct horse battery staple")).right
    other.close()
    with pytest.raises(VerifyMismatchError):
        QUICK.verify(encoded.removeprefix("p1"), "correct horse battery staple")


async def test_a_hash_of_an_older_kind_is_read_and_written_anew(passwords: Passwords) -> None:
    for older in (QUICK.hash("the same words"), await another_cost("the same words")):
        verdict = await passwords.right(older, "the same words")
        assert verdict.right
        assert verdict.newer is not None
        assert await passwords.right(verdict.newer, "the same words") == Verdict(True)
        assert await passwords.right(older, "other words") == Verdict(False)


async def another_cost(password: str) -> str:
    weaker = Passwords(b"p" * 32, PasswordHasher(memory_cost=16, time_cost=2, parallelism=1))
    encoded = await weaker.hash(password)
    weaker.close()
    return encoded


async def test_a_name_that_nobody_has_costs_what_every_other_costs() -> None:
    real = Passwords(b"p" * 32)
    assert f"m={MEMORY_KIB},t={PASSES},p=1" in real.nobodys
    with pytest.raises(VerifyMismatchError):  # computed to the end, not given up as no hash
        PasswordHasher().verify(real.nobodys.removeprefix("p1"), "a password that nobody has")
    before = real.hashed
    await real.right(None, "a password that nobody has")
    assert real.hashed == before + 1
    real.close()


def test_the_cost_is_no_less_than_what_is_recommended() -> None:
    assert MEMORY_KIB >= 19 * 1024
    assert PASSES >= 2


async def test_strangers_wait_in_a_line_that_has_an_end_and_the_known_pass_them(passwords: Passwords) -> None:
    hold = threading.Event()
    passwords._strangers.submit(hold.wait)  # the line must stand still to be seen
    line = [asyncio.ensure_future(passwords.right(None, "x", f"192.0.2.{number}")) for number in range(WAITING_MOST)]
    assert await passwords.right(None, "x") == Verdict(False)  # and by now everybody in the line stands in it
    with pytest.raises(TooBusy):
        await passwords.right(None, "x", "198.51.100.1")
    hold.set()
    assert await asyncio.gather(*line) == [Verdict(False)] * WAITING_MOST
    assert await passwords.right(None, "x", "198.51.100.1") == Verdict(False)


async def test_one_address_does_not_fill_the_line(passwords: Passwords) -> None:
    hold = threading.Event()
    passwords._strangers.submit(hold.wait)  # the line must stand still to be seen
    line = [asyncio.ensure_future(passwords.right(None, "x", "192.0.2.1")) for _ in range(WAITING_OF_ADDRESS)]
    await passwords.right(None, "x")  # by now everybody in the line stands in it
    with pytest.raises(TooBusy):
        await passwords.right(None, "x", "192.0.2.1")
    other = asyncio.ensure_future(passwords.right(None, "x", "192.0.2.2"))
    hold.set()
    assert await asyncio.gather(*line, other) == [Verdict(False)] * (WAITING_OF_ADDRESS + 1)


def test_a_recovery_code_is_hashed_for_its_owner(passwords: Passwords) -> None:
    hashed = passwords.recovery_hash("t-anna", "AAAA-AAAA-AAAA-AAAA")
    assert hashed != passwords.recovery_hash("t-berta", "AAAA-AAAA-AAAA-AAAA")
    assert hashed == passwords.recovery_hash("t-anna", "AAAA-AAAA-AAAA-AAAA")


@pytest.mark.parametrize(
    ("drift", "newest", "found"), [(-1, None, True), (0, None, True), (1, None, True), (2, None, False), (-2, None, False)]
)
def test_a_code_is_good_one_step_each_way(drift: int, newest: int | None, found: bool) -> None:
    secret = new_totp_secret()
    step = step_of(secret, pyotp.HOTP(secret).at(STEP + drift), newest, UTC)
    assert step == (STEP + drift if found else None)


def test_a_used_step_and_every_older_one_is_over() -> None:
    secret = new_totp_secret()
    code = pyotp.HOTP(secret).at(STEP)
    assert step_of(secret, code, STEP - 1, UTC) == STEP
    assert step_of(secret, code, STEP, UTC) is None
    assert step_of(secret, code, STEP + 1, UTC) is None
    assert step_of(secret, "\u0661\u0662\u0663\u0664\u0665\u0666", None, UTC) is None


def test_the_address_for_the_app_names_product_and_person() -> None:
    address = totp_address("A" * 32, "anna")
    assert address.startswith("otpauth://totp/Chaperone:anna?")
    assert len(address) < 400
