"""Case 19, in the order of events: what the API changes has put the others out before its answer goes out. The clock stands, and nothing
looks at sign-ins by itself.

Mutations that were tried, each of which makes this file fail:
    broker/web/threshold.py       `end_others` ends nothing in the board
    broker/web/sign_in.py         `_end` does not tell the board
    broker/web/administration.py  `_narrow` or `change_role` does not look at sign-ins
"""

import os
from pathlib import Path

import httpx
import pytest

from broker.storage.secret_box import SecretBox
from broker.web.app import make_app
from broker.web.documents import SignedDocuments, readers
from broker.web.door import COOKIE
from broker.web.machines import Machines
from broker.web.people import People
from broker.web.secrets_check import Passwords
from policy.decision import Reason
from policy.roles import Role
from policy.throttle import SignInRules
from tests.helpers.broker_core import TECHNICIAN
from tests.helpers.broker_process import ORIGIN
from tests.helpers.documents import VendorSigners
from tests.helpers.watched_sign_in import ADMIN_TOKEN, TOKEN, Watching, watching
from wire.messages.administration import AccountNamed, AccountRole
from wire.messages.signin import Done
from wire.schema import base64url, encode

pytestmark = pytest.mark.adversary
__all__ = ["watching"]
NAMED = AccountNamed(TECHNICIAN)


@pytest.mark.parametrize(
    ("path", "said", "token"),
    [
        ("/api/accounts/suspend", NAMED, ADMIN_TOKEN),
        ("/api/accounts/delete", NAMED, ADMIN_TOKEN),
        ("/api/accounts/sign-out", NAMED, ADMIN_TOKEN),
        ("/api/accounts/role", AccountRole(TECHNICIAN, Role.SUPERVISOR, ()), ADMIN_TOKEN),
        ("/api/sign-out-everywhere", Done(), TOKEN),
        ("/api/sign-out", Done(), TOKEN),
    ],
)
async def test_the_console_was_told_before_the_answer(watching: Watching, tmp_path: Path, path: str, said: object, token: bytes) -> None:
    passwords = Passwords(b"p" * 32)
    people = People.on(watching.shell, passwords, SecretBox(os.urandom(32)), SignInRules())
    machines = Machines(watching.shell, SignedDocuments(watching.shell, *readers(tmp_path, VendorSigners("Acme").root, {})))
    app = make_app(watching.shell, people, machines, ORIGIN, lambda _app: pytest.fail("it is not served"))
    headers = {"origin": ORIGIN, "content-type": "application/json", "cookie": f"{COOKIE}={base64url(token)}"}
    assert watching.ear.told == []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://broker", headers=headers) as http:
        answer = await http.post(path, content=encode(said))
    passwords.close()
    assert answer.status_code == 200, answer.content
    assert watching.ear.told == [Reason.NOT_SIGNED_IN]
    assert watching.meeting.visit.over
