"""Passwords and TOTP steps: right, wrong, nobody's; and no step beyond one each way."""

import pyotp
import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from broker.web.secrets_check import Passwords, new_totp_secret, step_of, totp_address

UTC = 1_800_000_015.0
STEP = int(UTC) // 30


async def test_a_password_is_right_for_its_hash_alone() -> None:
    passwords = Passwords()
    encoded = await passwords.hash("correct horse battery staple")
    assert encoded.startswith("$argon2id$")
    assert await passwords.right(encoded, "correct horse battery staple")
    assert not await passwords.right(encoded, "correct horse battery stapler")
    assert not await passwords.right(None, "a password that nobody has")
    assert not await passwords.right("no hash at all", "x")
    passwords.close()


async def test_a_name_that_nobody_has_costs_what_every_other_costs() -> None:
    passwords = Passwords()
    hasher = PasswordHasher()
    assert not hasher.check_needs_rehash(passwords.nobodys)
    with pytest.raises(VerifyMismatchError):  # computed to the end, not given up as no hash
        hasher.verify(passwords.nobodys, "a password that nobody has")
    passwords.close()


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
