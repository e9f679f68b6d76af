"""Sign-in over HTTP: name, password and second factor; a fresh factor; who is signed in; sign-out.

A refusal says the same for every cause (`authentic.py`).
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
from broker.web.authentic import Authentic, SignInTry
from broker.web.door import Denied, address_of, answer, body_of, cookie_hash, set_cookie
from broker.web.threshold import Threshold
from policy.decision import Reason
from policy.roles import RIGHTS
from wire.limits import CONSOLE_IDLE_SECONDS
from wire.messages.signin import Done, FactorConfirm, SignedIn, SignIn, SignInNonceIssued, SignInRecovering, SignInRenewing
from wire.schema import base64url


@dataclass(frozen=True, slots=True)
class SignInRoutes:
    """Everything about a sign-in from its beginning to its end."""

    threshold: Threshold

    async def nonce(self, request: Request) -> Response:
        """What a recognised device signs with its sign-in."""
        await body_of(request, Done)
        return answer(SignInNonceIssued(self.threshold.recognition.nonce()))

    async def sign_in(self, request: Request) -> Response:
        """Name, password and second factor together."""
        return await self._walk(request, await body_of(request, SignIn))

    async def recovering(self, request: Request) -> Response:
        """The same with a recovery code. It is used up by that, and counts as the second factor of this sign-in."""
        return await self._walk(request, await body_of(request, SignInRecovering))

    async def renewing(self, request: Request) -> Response:
        """The same with a new password. Refused for the new one alone, nothing is used up."""
        return await self._walk(request, await body_of(request, SignInRenewing))

    async def _walk(self, request: Request, said: SignInTry) -> Response:
        await self.threshold.not_too_fast(request)
        account = await Authentic(self.threshold).walk(said, address_of(request))
        await self.threshold.record(log.SignedIn(technician_id=account.technician_id, address=address_of(request)))
        elder = cookie_hash(request)
        if elder is not None:
            await self._end(elder)
        token, now = token_bytes(32), self.threshold.utc
        row = SignInRow(token_bytes(16), token_hash(token), account.technician_id, now, now, now)
        await self.threshold.shell.store.sign_ins.begin(row)
        return set_cookie(answer(await self._signed_in(account, row)), base64url(token))

    async def _signed_in(self, account: Account, row: SignInRow) -> SignedIn:
        left = await self.threshold.shell.store.credentials.recovery_codes_left(account.technician_id)
        return SignedIn(
            account.technician_id,
            account.name,
            account.company,
            CONSOLE_IDLE_SECONDS,
            max(0, int(self.threshold.utc - row.factor)),
            left,
            self.threshold.password_terms(account),
            tuple(sorted(RIGHTS[account.member.role])),
        )

    async def factor(self, request: Request) -> Response:
        """A fresh second factor. The cookie changes with it; the old one is dead."""
        said = await body_of(request, FactorConfirm)
        row = await self.threshold.who(request)
        subject = f"factor {row.technician_id}"
        async with self.threshold.turn(subject):
            self.threshold.brake(subject, self.threshold.rules.tries)
            account = await self.threshold.account(row)
            step = self.threshold.step(row.technician_id, account.totp_sealed, said.totp, account.totp_newest_step)
            if step is None or not await self.threshold.shell.store.accounts.use_step(row.technician_id, step):
                await self.threshold.count(subject, self.threshold.rules.tries)
                wrong = Reason.SECOND_FACTOR_WRONG
                refused = log.FactorRefused(technician_id=row.technician_id, address=address_of(request), reason=wrong)
                await self.threshold.shell.log.note(refused)
                raise Denied(wrong)
            await self.threshold.forgive(subject)
        return await self._renew(row, account)

    async def _renew(self, row: SignInRow, account: Account) -> Response:
        await self.threshold.record(log.FactorConfirmed(technician_id=row.technician_id))
        token, now = token_bytes(32), self.threshold.utc
        if not await self.threshold.shell.store.sign_ins.renew(row.sign_in_id, token_hash(token), now):
            raise Denied(Reason.NOT_SIGNED_IN)
        fresh = SignInRow(row.sign_in_id, token_hash(token), row.technician_id, row.made, now, now)
        return set_cookie(answer(await self._signed_in(account, fresh)), base64url(token))

    async def me(self, request: Request) -> Response:
        """Who is signed in. Asking counts as the person's activity, so the console asks when the person does something."""
        row = await self.threshold.who(request)
        account = await self.threshold.account(row)
        await self.threshold.shell.store.sign_ins.touch(row.sign_in_id, self.threshold.utc)
        return answer(await self._signed_in(account, row))

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
