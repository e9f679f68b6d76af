"""What every route of people shares: whose sign-in this is, the brakes, the second factor's steps, the log. No route is here."""

import asyncio
from dataclasses import dataclass
from weakref import WeakValueDictionary

from starlette.requests import Request

from audit.events import broker as log
from audit.events.shape import Event as AuditEvent
from broker.core.commands import KeepTally
from broker.storage.accounts import Account
from broker.storage.secret_box import SecretBox
from broker.storage.sign_ins import SignInRow
from broker.web.door import Denied, cookie_hash
from broker.web.secrets_check import Passwords, step_of
from broker.web.shell import Shell
from policy.decision import Deny, Reason
from policy.throttle import Brake, Tally

_NOBODYS_SECRET = "A" * 32


@dataclass(slots=True)
class Threshold:
    """One instance per process, so that everybody who tries the same thing stands in the same line."""

    shell: Shell
    passwords: Passwords
    box: SecretBox
    _turns: "WeakValueDictionary[str, asyncio.Lock]"

    @classmethod
    def on(cls, shell: Shell, passwords: Passwords, box: SecretBox) -> "Threshold":
        """With nobody waiting yet."""
        return cls(shell, passwords, box, WeakValueDictionary())

    async def who(self, request: Request) -> SignInRow:
        """The live sign-in of this request's cookie. Raises Denied."""
        held = cookie_hash(request)
        row = await self.shell.store.sign_ins.by_token(held, self.utc) if held is not None else None
        if row is None:
            raise Denied(Reason.NOT_SIGNED_IN)
        return row

    async def account(self, row: SignInRow) -> Account:
        """The account of a live sign-in. Raises Denied if it is gone."""
        account = await self.shell.store.accounts.by_id(row.technician_id)
        if account is None:
            raise Denied(Reason.NOT_SIGNED_IN)
        return account

    @property
    def utc(self) -> float:
        """Seconds since 1970."""
        return self.shell.clock().utc

    def step(self, owner: str, sealed: bytes | None, code: str, newest: int | None) -> int | None:
        """The TOTP step of this code, None if it is wrong or used. Nobody's secret takes as long."""
        secret = self.box.open(sealed, owner).decode() if sealed else _NOBODYS_SECRET
        step = step_of(secret, code, newest, self.utc)
        return step if sealed else None

    def turn(self, subject: str) -> asyncio.Lock:
        """One try at a time for a subject: hold it while trying."""
        lock = self._turns.get(subject)
        if lock is None:
            lock = self._turns[subject] = asyncio.Lock()
        return lock

    def brake(self, subject: str, brake: Brake) -> None:
        """May this subject try? Raises Denied."""
        decided = self.shell.board.may_try(subject, brake, self.shell.clock())
        if isinstance(decided, Deny):
            raise Denied(decided.reason)

    async def count(self, subject: str, brake: Brake) -> None:
        """Count a failure, here and in the database."""
        tally = self.shell.board.count_failure(subject, brake, self.shell.clock())
        await self.shell.keep_tally(KeepTally(subject, tally))

    async def forgive(self, subject: str) -> None:
        """A success wipes the count."""
        if self.shell.board.tallies.pop(subject, None) is not None:
            await self.shell.keep_tally(KeepTally(subject, Tally()))

    async def record(self, *events: AuditEvent) -> None:
        """Make entries durable. Raises Denied if that cannot be done."""
        if not await self.shell.record(*events):
            raise Denied(Reason.LOG_UNAVAILABLE)

    async def stranger(self, address: str, refused: log.InvitationRefused | log.SignInRefused) -> None:
        """Record that an unproven peer was refused, or only count it."""
        await self.shell.stranger(address, refused)
