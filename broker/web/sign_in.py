"""Sign-in over HTTP: name, password and second factor; a fresh factor; who is signed in; sign-out.

A refusal says the same for every cause.
"""

from dataclasses import dataclass
from secrets import token_bytes

from starlette.requests import Request
from starlette.responses import Response

from audit.events import broker as log
from broker.core.commands import SignInId
from broker.core.narrowing import signed_out
from broker.storage.accounts import Account
from broker.storage.secret_box import token_hash
from broker.storage.sign_ins import SignInRow
from broker.web.door import Denied, address_of, answer, body_of, cookie_hash, set_cookie
from broker.web.threshold import Threshold
from policy.decision import Reason
from policy.throttle import SIGN_IN_BRAKE
from wire.limits import CONSOLE_IDLE_SECONDS
from wire.messages.signin import Done, FactorConfirm, SignedIn, SignIn
from wire.schema import base64url


@dataclass(frozen=True, slots=True)
class SignInRoutes:
    """Everything about a sign-in from its beginning to its end."""

    threshold: Threshold

    async def sign_in(self, request: Request) -> Response:
        """Name, password and second factor together. One try at a time for a name and address, so that a race counts every guess."""
        said = await body_of(request, SignIn)
        subject = f"sign-in {said.sign_in_name} {address_of(request)}"
        async with self.threshold.turn(subject):
            self.threshold.brake(subject, SIGN_IN_BRAKE)
            account = await self._authentic(said)
            if account is None:
                await self.threshold.count(subject, SIGN_IN_BRAKE)
                refused = log.SignInRefused(name_given=said.sign_in_name, address=address_of(request), reason=Reason.SIGN_IN_FAILED)
                await self.threshold.stranger(address_of(request), refused)
                raise Denied(Reason.SIGN_IN_FAILED)
            await self.threshold.forgive(subject)
        return await self._begin(request, account)

    async def _authentic(self, said: SignIn) -> Account | None:
        account = await self.threshold.shell.store.accounts.by_name(said.sign_in_name)
        right = await self.threshold.passwords.right(account.password_hash if account else None, said.password)
        owner, sealed, newest = (account.technician_id, account.totp_sealed, account.totp_newest_step) if account else ("", None, None)
        step = self.threshold.step(owner, sealed, said.totp, newest)
        if account is None or not right or step is None or account.suspended or not account.confirmed:
            return None
        return account if await self.threshold.shell.store.accounts.use_step(account.technician_id, step) else None

    async def _begin(self, request: Request, account: Account) -> Response:
        await self.threshold.record(log.SignedIn(technician_id=account.technician_id, address=address_of(request)))
        elder = cookie_hash(request)
        if elder is not None:
            await self._end(elder)
        token = token_bytes(32)
        row = SignInRow(
            token_bytes(16), token_hash(token), account.technician_id, self.threshold.utc, self.threshold.utc, self.threshold.utc
        )
        await self.threshold.shell.store.sign_ins.begin(row)
        return set_cookie(answer(self._signed_in(account, row)), base64url(token))

    def _signed_in(self, account: Account, row: SignInRow) -> SignedIn:
        factor_age = max(0, int(self.threshold.utc - row.factor))
        return SignedIn(account.technician_id, account.name, account.company, CONSOLE_IDLE_SECONDS, factor_age)

    async def factor(self, request: Request) -> Response:
        """A fresh second factor. The cookie changes with it; the old one is dead."""
        said = await body_of(request, FactorConfirm)
        row = await self.threshold.who(request)
        subject = f"factor {row.technician_id}"
        async with self.threshold.turn(subject):
            self.threshold.brake(subject, SIGN_IN_BRAKE)
            account = await self.threshold.account(row)
            step = self.threshold.step(row.technician_id, account.totp_sealed, said.totp, account.totp_newest_step)
            if step is None or not await self.threshold.shell.store.accounts.use_step(row.technician_id, step):
                await self.threshold.count(subject, SIGN_IN_BRAKE)
                wrong = Reason.SECOND_FACTOR_WRONG
                await self.threshold.shell.log.note(
                    log.FactorRefused(technician_id=row.technician_id, address=address_of(request), reason=wrong)
                )
                raise Denied(wrong)
            await self.threshold.forgive(subject)
        return await self._renew(row, account)

    async def _renew(self, row: SignInRow, account: Account) -> Response:
        await self.threshold.record(log.FactorConfirmed(technician_id=row.technician_id))
        token = token_bytes(32)
        if not await self.threshold.shell.store.sign_ins.renew(row.sign_in_id, token_hash(token), self.threshold.utc):
            raise Denied(Reason.NOT_SIGNED_IN)
        shown = SignedIn(account.technician_id, account.name, account.company, CONSOLE_IDLE_SECONDS, 0)
        return set_cookie(answer(shown), base64url(token))

    async def me(self, request: Request) -> Response:
        """Who is signed in. Asking counts as the person's activity, so the console asks when the person does something."""
        row = await self.threshold.who(request)
        account = await self.threshold.account(row)
        await self.threshold.shell.store.sign_ins.touch(row.sign_in_id, self.threshold.utc)
        return answer(self._signed_in(account, row))

    async def sign_out(self, request: Request) -> Response:
        """End the sign-in, its sockets and its visit. Signing out twice is no fault."""
        await body_of(request, Done)
        held = cookie_hash(request)
        if held is not None:
            await self._end(held)
        return set_cookie(answer(Done()), "")

    async def _end(self, held: bytes) -> None:
        row = await self.threshold.shell.store.sign_ins.by_token(held, self.threshold.utc)
        if row is None:
            return
        await self.threshold.shell.store.sign_ins.end(row.sign_in_id)
        await self.threshold.shell.perform(signed_out(self.threshold.shell.board, SignInId(row.sign_in_id), self.threshold.shell.clock()))
        await self.threshold.shell.log.note(log.SignedOut(technician_id=row.technician_id))
