"""What every route of people shares: whose sign-in this is, the brakes, the second factor's steps, the log. No route is here."""

import asyncio
import logging
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from starlette.requests import Request

from audit.events import broker as log
from audit.events import people as people_log
from audit.events.shape import Event as AuditEvent
from broker.core.commands import KeepTally, SignInId
from broker.core.narrowing import signed_out
from broker.storage.accounts import Account
from broker.storage.secret_box import SecretBox
from broker.storage.sign_ins import SignInRow
from broker.web.common_passwords import is_common
from broker.web.door import Denied, address_of, cookie_hash
from broker.web.recognition import Recognition
from broker.web.secrets_check import Passwords, TooBusy, Verdict, step_of
from broker.web.shell import Shell
from policy.decision import Deny, Reason
from policy.one_time import within_calendar
from policy.passwords import PasswordRules, both, may_use, rules_of
from policy.roles import ADMINISTRATOR_KIND
from policy.throttle import Brake, SignInRules, Tally, address_group, begins_pause
from wire.limits import SECOND_FACTOR_FRESH_SECONDS
from wire.messages.signin import PasswordTerms

_NOBODYS_SECRET = "A" * 32
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Threshold:
    """One instance per process, so that everybody who tries the same thing stands in the same line."""

    shell: Shell
    passwords: Passwords
    box: SecretBox
    rules: SignInRules
    recognition: Recognition
    _turns: "WeakValueDictionary[str, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    @classmethod
    def on(cls, shell: Shell, passwords: Passwords, box: SecretBox, rules: SignInRules) -> "Threshold":
        """With nobody waiting yet."""
        return cls(shell, passwords, box, rules, Recognition(shell.board, shell.clock))

    @property
    def utc(self) -> float:
        """Seconds since 1970."""
        return self.shell.clock().utc

    # ---- who is there

    async def who(self, request: Request) -> SignInRow:
        """The live sign-in of this request's cookie. Raises Denied."""
        held = cookie_hash(request)
        row = await self.shell.store.sign_ins.by_token(held, self.utc) if held is not None else None
        if row is None:
            raise Denied(Reason.NOT_SIGNED_IN)
        return row

    async def who_is_fresh(self, request: Request) -> SignInRow:
        """The same, with a second factor of the last five minutes. Raises Denied."""
        row = await self.who(request)
        if not within_calendar(row.factor, SECOND_FACTOR_FRESH_SECONDS, self.utc):
            raise Denied(Reason.SECOND_FACTOR_STALE)
        return row

    async def account(self, row: SignInRow) -> Account:
        """The account of a live sign-in. Raises Denied if it is gone."""
        account = await self.shell.store.accounts.by_id(row.technician_id)
        if account is None:
            raise Denied(Reason.NOT_SIGNED_IN)
        return account

    async def end_others(self, technician_id: str, kept: bytes | None) -> None:
        """What a technician proves himself with has changed: every other sign-in, its sockets and its visit are over."""
        for each in await self.shell.store.credentials.end_others(technician_id, kept):
            await self.shell.perform(signed_out(self.shell.board, SignInId(each), self.shell.clock()))
            await self.shell.log.note(log.SignedOut(technician_id=technician_id))

    # ---- passwords and codes

    def password_rules(self, account: Account) -> PasswordRules:
        """The rules in force for this account: stricter for whoever decides about others, and where a signed policy asks for it."""
        rules = rules_of(self.rules.profile, self.rules.days, administrator=account.role in ADMINISTRATOR_KIND)
        believed = self.shell.board.in_force(self.shell.clock())
        return both(rules, self.rules.days) if believed is not None and believed.classic_passwords else rules

    def password_terms(self, account: Account) -> PasswordTerms:
        """The same, as the console shows them."""
        rules = self.password_rules(account)
        return PasswordTerms(rules.shortest, rules.classes, rules.days)

    async def good_password(self, password: str, account: Account) -> Reason | None:
        """Why this may not be the account's password, if it may not."""
        about, rules = (account.sign_in_name, account.name, account.company), self.password_rules(account)
        decided = await self.passwords.on_thread(lambda: may_use(password, about, rules, is_common))
        return decided.reason if isinstance(decided, Deny) else None

    async def right_password(self, encoded: str | None, password: str, stranger: str | None = None) -> Verdict:
        """Is it this password? Raises Denied when too many strangers wait for an answer."""
        try:
            return await self.passwords.right(encoded, password, stranger)
        except TooBusy:
            raise Denied(Reason.TOO_BUSY) from None

    def room_for(self, stranger: str) -> None:
        """Raises Denied when too many strangers wait. It costs nothing to be told so, whoever's name would have come."""
        try:
            self.passwords.room_for(stranger)
        except TooBusy:
            raise Denied(Reason.TOO_BUSY) from None

    def step(self, owner: str, sealed: bytes | None, code: str, newest: int | None) -> int | None:
        """The TOTP step of this code, None if it is wrong or used. Nobody's secret takes as long."""
        secret = self.box.open(sealed, owner).decode() if sealed else _NOBODYS_SECRET
        step = step_of(secret, code, newest, self.utc)
        return step if sealed else None

    # ---- brakes

    def turn(self, subject: str) -> asyncio.Lock:
        """One try at a time for a subject: hold it while trying, so that a race counts every guess."""
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

    async def not_too_fast(self, request: Request) -> None:
        """Count one try of this address, right or wrong; beyond the limit it is not heard for a minute. Raises Denied.

        Only the pause is stored: writing down every try would be the work that a flood wants to cause.
        """
        subject, brake, now = f"address {address_group(address_of(request))}", self.rules.address, self.shell.clock()
        self.brake(subject, brake)
        tally = self.shell.board.count_failure(subject, brake, now)
        if begins_pause(tally, now):
            await self.shell.keep_tally(KeepTally(subject, tally))
            await self.alarm(address_of(request), brake)

    async def alarm(self, address: str | None, brake: Brake) -> None:
        """Somebody guesses faster than people mistype: for whoever reads the log, and whoever watches the process."""
        braked = people_log.GuessingBraked(address=address, reason=brake.reason, seconds=int(brake.pause))
        await self.shell.log.note(braked)
        _LOG.warning("guessing from %s: not heard for %d seconds", address or "everywhere", brake.pause)

    # ---- the log

    async def record(self, *events: AuditEvent) -> None:
        """Make entries durable. Raises Denied if that cannot be done."""
        if not await self.shell.record(*events):
            raise Denied(Reason.LOG_UNAVAILABLE)

    async def stranger(self, address: str, refused: log.InvitationRefused | log.SignInRefused) -> None:
        """Record that an unproven peer was refused, or only count it."""
        await self.shell.stranger(address, refused)
