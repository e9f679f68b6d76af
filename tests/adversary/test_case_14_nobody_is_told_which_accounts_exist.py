"""Case 14: unknown, invited, suspended, stopped, wrong password and wrong code get the same status, headers and body.

That they also cost the same work (statements, hashes, codes) is counted in tests/broker/web/test_authentic.py; how long they take
is measured by `python -m benchmarks signin`.

Mutations that this file is to catch: a reason of its own for a stopped account, for a suspended one, for a wrong
code; PASSWORD_DUE before the code was checked; an answer without a password hash for an unknown name (the other file).
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.helpers.broker_fixture import ON_ONE_LOOP
from tests.helpers.broker_process import PASSWORD, BrokerProcess, running_broker
from wire.messages.signin import SignIn, SignInRecovering, SignInRenewing

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
WRONG = "another one that is wrong"
NO_CODE = "0000-0000-0000-0000"
GOOD = "Seven brave otters at dusk, 7"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def classic(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BrokerProcess]:
    """Under the classic profile of 90 days, where a right sign-in may hear that the password is due."""
    folder = tmp_path_factory.mktemp("broker")
    async with running_broker(folder, account_failures=10) as running:
        for name in ("right", "suspended", "stopped"):
            await running.technician(f"t-{name}")
        await running.run("accounts", "suspend", "t-suspended")
        await running.run("accounts", "invite", "--person", "t-invited", "--name", "Ivo", "--company", "Example GmbH")
        for number in range(10):
            await running.try_sign_in(SignIn("t-stopped", WRONG, "000000"), address=f"127.2.0.{number + 1}")
        await running.stop()
        with running.config.open("a") as config:
            config.write('password_profile = "classic"\n')
        await running.start_again()
        yield running


async def test_every_wrong_sign_in_is_answered_the_same(classic: BrokerProcess) -> None:
    stopped = next(each for each in classic.technicians if each.id == "t-stopped")
    suspended = next(each for each in classic.technicians if each.id == "t-suspended")
    tries: list[tuple[str, object]] = [
        ("/api/sign-in", SignIn("t-nobody", PASSWORD, "000000")),
        ("/api/sign-in", SignIn("t-invited", PASSWORD, "000000")),
        ("/api/sign-in", SignIn("t-right", WRONG, "000000")),
        ("/api/sign-in", SignIn("t-right", PASSWORD, "000000")),
        ("/api/sign-in", SignIn("t-suspended", PASSWORD, suspended.totp())),
        ("/api/sign-in", SignIn("t-stopped", PASSWORD, stopped.totp())),
        *(("/api/sign-in/recovery", SignInRecovering(name, PASSWORD, NO_CODE)) for name in ("t-nobody", "t-right", "t-suspended")),
        ("/api/sign-in/recovery", SignInRecovering("t-stopped", PASSWORD, stopped.recovery_codes[0])),
        *(("/api/sign-in/new-password", SignInRenewing(name, PASSWORD, "000000", GOOD)) for name in ("t-nobody", "t-right")),
        ("/api/sign-in/new-password", SignInRenewing("t-right", WRONG, "000000", "weak")),
    ]
    answers: dict[str, set[tuple[int, bytes, tuple[tuple[str, str], ...]]]] = {}
    for number, (path, said) in enumerate(tries):
        response = await classic.try_sign_in(said, address=f"127.2.1.{number + 1}", path=path)
        headers = tuple(sorted((name, value) for name, value in response.headers.items() if name != "date"))
        answers.setdefault(path, set()).add((response.status_code, response.content, headers))
    for path, different in answers.items():
        assert len(different) == 1, path
        assert next(iter(different))[0] == 401
