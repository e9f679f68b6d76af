"""Case 85: whoever has the broker's database, and not the key files beside it, has no password to try offline, no second factor, no
sign-in.

Mutations that this file is to catch: a hash without the pepper; argon2id of one pass; the TOTP secret, cookie or
recovery code stored as it is; a key file that others may read.
"""

import sqlite3
import stat
from base64 import b32decode
from contextlib import closing
from hashlib import sha256

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import VerifyMismatchError
from cryptography.exceptions import InvalidTag

from broker.storage.secret_box import SecretBox
from broker.web.secrets_check import Passwords
from tests.helpers.broker_process import PASSWORD, BrokerProcess, running_broker
from wire.schema import from_base64url

pytestmark = pytest.mark.adversary


def stored(broker: BrokerProcess, what: str) -> object:
    with closing(sqlite3.connect(broker.database)) as database:
        return database.execute(what).fetchone()[0]


async def test_the_database_alone_opens_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with running_broker(tmp_path_factory.mktemp("broker")) as broker:
        anna = await broker.technician("t-anna")
        cookie = await broker.sign_in(anna)
        hashed = str(stored(broker, "SELECT password_hash FROM accounts"))
        sealed = stored(broker, "SELECT totp_sealed FROM accounts")
        state = broker.database.parent
        await broker.stop()
        files = b"".join(path.read_bytes() for path in state.iterdir() if path.name.startswith("broker.sqlite3"))
    cost = extract_parameters(hashed.removeprefix("p1"))
    assert (cost.type, cost.memory_cost >= 19 * 1024, cost.time_cost >= 2) == (Type.ID, True, True)
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(hashed.removeprefix("p1"), PASSWORD)
    keys = {name: (state / name).read_bytes() for name in ("pepper.key", "totp.key")}
    for pepper, opens in ((keys["pepper.key"], True), (keys["totp.key"], False), (bytes(32), False)):
        passwords = Passwords(pepper)
        assert (await passwords.right(hashed, PASSWORD)).right is opens
        passwords.close()
    assert isinstance(sealed, bytes)
    assert SecretBox(keys["totp.key"]).open(sealed, "t-anna").decode() == anna.totp_secret
    with pytest.raises(InvalidTag):
        SecretBox(keys["pepper.key"]).open(sealed, "t-anna")
    secrets = (PASSWORD.encode(), anna.totp_secret.encode(), b32decode(anna.totp_secret), cookie.encode(), from_base64url(cookie))
    codes = [spelt.encode() for code in anna.recovery_codes for spelt in (code, code.replace("-", ""))]
    for secret in (*secrets, *codes, *(sha256(code).digest() for code in codes), *keys.values()):
        assert secret not in files
    for name in keys:
        assert stat.S_IMODE((state / name).stat().st_mode) == 0o600
