"""A visit on a sign-in that stands in a real database, under a clock that is moved by hand. No process, no loop that looks by itself:
what is told to the console was told by what the test did.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest_asyncio

from audit.entry import at
from broker.storage.accounts import Account
from broker.storage.log import AuditLog
from broker.storage.secret_box import token_hash
from broker.storage.sign_ins import SignInRow
from broker.storage.store import Store
from broker.web.line import Line
from broker.web.shell import Shell
from policy.decision import Reason
from policy.roles import Role
from tests.helpers.broker_core import SIGN_IN, TECHNICIAN, Meeting, Table, control
from wire.limits import LEASE_RENEW_EVERY
from wire.messages.session import LeaseRenew

TOKEN, ADMIN_TOKEN = b"t" * 32, b"a" * 32
"""What the cookies of technician and administrator hold."""
ADMIN = "t-admin"


@dataclass
class Ear:
    """The console's line, as far as the shell uses it here."""

    told: list[Reason] = field(default_factory=list)

    def put(self, _frame: bytes) -> None:
        """What is sent does not matter here."""

    def close(self, reason: Reason) -> None:
        """The socket is closed for this reason."""
        self.told.append(reason)


@dataclass
class Watching:
    """A visit with a view, and who watches."""

    shell: Shell
    table: Table
    meeting: Meeting
    ear: Ear

    async def lease(self) -> None:
        """Ten seconds of a live visit: the lease is renewed, and the sign-in is looked at as the process does twice a second."""
        self.table.wait(LEASE_RENEW_EVERY)
        await self.shell.perform(self.meeting.host.handle(control(LeaseRenew(self.meeting.visit.session_id)), self.table.now))
        await self.shell.store.sign_ins.by_token(token_hash(TOKEN), self.table.now.utc)
        await self.shell.store.sign_ins.by_id(SIGN_IN, self.table.now.utc)
        await self.shell.look_at_sign_ins()


async def _signed_in(store: Store, table: Table, account: Account, sign_in: bytes, token: bytes) -> None:
    await store.accounts.invite(account, token, table.now.utc + 1)
    await store.sign_ins.begin(SignInRow(sign_in, token_hash(token), account.technician_id, table.now.utc, table.now.utc, table.now.utc))


@pytest_asyncio.fixture
async def watching(tmp_path: Path) -> AsyncIterator[Watching]:
    """Anna views an instrument; an administrator of her company is signed in too."""
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    table = Table()
    meeting = table.meet()
    meeting.view()
    anna = Account(TECHNICIAN, "anna", "Anna", "Vendor", "hash", b"sealed", 1, confirmed=True, suspended=False)
    admin = Account(ADMIN, "admin", "Ada", "Vendor", "hash", b"sealed", 1, confirmed=True, suspended=False, role=Role.ADMINISTRATOR)
    await _signed_in(store, table, anna, SIGN_IN, TOKEN)
    await _signed_in(store, table, admin, b"sign-in of ada", ADMIN_TOKEN)
    log = AuditLog(store.database, lambda: at(table.now), table.broker_key)
    shell, ear = Shell(table.board, store, log, table.broker_key, lambda: table.now), Ear()
    shell.lines[table.board.consoles[SIGN_IN].socket] = cast(Line, ear)
    yield Watching(shell, table, meeting, ear)
    await store.close()
