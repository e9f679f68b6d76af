"""What a technician changes of his own: password, authenticator app, recovery codes. Each wants a second factor of the last five
minutes, and what takes a proof away or replaces it wants the password again: a sign-in left open is not enough.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from audit.events import accounts as accounts_log
from audit.events import broker as log
from audit.events import people as people_log
from broker.storage.accounts import Account
from broker.storage.sign_ins import SignInRow
from broker.web.door import Denied, address_of, answer, body_of, set_cookie
from broker.web.recovery import new_codes
from broker.web.secrets_check import new_totp_secret, totp_address
from broker.web.threshold import Threshold
from policy.decision import Reason
from wire.messages.signin import Done, FactorConfirm, FactorReplace, PasswordChange, RecoveryCodes, TotpIssued


@dataclass(frozen=True, slots=True)
class OwnAccountRoutes:
    """The routes of somebody who is signed in, about himself."""

    threshold: Threshold

    async def password(self, request: Request) -> Response:
        """Another password. Every other sign-in of this technician ends."""
        said = await body_of(request, PasswordChange)
        row, account = await self._proven(request, said.password)
        if said.new_password == said.password:
            raise Denied(Reason.PASSWORD_SAME)
        bad = await self.threshold.good_password(said.new_password, account)
        if bad is not None:
            raise Denied(bad)
        owner, hashed = row.technician_id, await self.threshold.passwords.hash(said.new_password)
        await self.threshold.record(people_log.PasswordChanged(technician_id=owner, address=address_of(request)))
        changed = await self.threshold.shell.store.credentials.change_password(
            owner, account.password_hash or "", hashed, self.threshold.utc
        )
        if not changed:
            raise Denied(Reason.WRONG_MOMENT)
        await self.threshold.end_others(owner, row.sign_in_id)
        return answer(Done())

    async def replace_factor(self, request: Request) -> Response:
        """Another authenticator app: its secret, shown this once. The old app counts until the new one gave a code."""
        said = await body_of(request, FactorReplace)
        row, account = await self._proven(request, said.password)
        secret = new_totp_secret()
        sealed = self.threshold.box.seal(secret.encode(), row.technician_id)
        await self.threshold.shell.store.credentials.keep_waiting(row.technician_id, sealed)
        return answer(TotpIssued(secret, totp_address(secret, account.sign_in_name)))

    async def confirm_factor(self, request: Request) -> Response:
        """The first code of the new app. From here on the old one is worth nothing."""
        said = await body_of(request, FactorConfirm)
        row = await self.threshold.who_is_fresh(request)
        owner, subject = row.technician_id, f"factor {row.technician_id}"
        async with self.threshold.turn(subject):
            self.threshold.brake(subject, self.threshold.rules.tries)
            waiting = (await self.threshold.shell.store.credentials.of(owner)).totp_waiting
            step = self.threshold.step(owner, waiting, said.totp, None)
            if waiting is None or step is None:
                await self._refuse_factor(request, subject, owner, Reason.SECOND_FACTOR_WRONG)
                raise Denied(Reason.SECOND_FACTOR_WRONG)
            await self.threshold.record(people_log.FactorReplaced(technician_id=owner, address=address_of(request)))
            if not await self.threshold.shell.store.credentials.replace_factor(owner, waiting, step):
                raise Denied(Reason.WRONG_MOMENT)
        await self.threshold.end_others(owner, row.sign_in_id)
        return answer(Done())

    async def recovery_codes(self, request: Request) -> Response:
        """New recovery codes, shown this once. The earlier ones are worth nothing."""
        await body_of(request, Done)
        row = await self.threshold.who_is_fresh(request)
        codes = new_codes()
        hashes = tuple(self.threshold.passwords.recovery_hash(row.technician_id, each) for each in codes)
        await self.threshold.record(people_log.RecoveryCodesMade(technician_id=row.technician_id))
        await self.threshold.shell.store.credentials.keep_recovery_codes(row.technician_id, hashes)
        return answer(RecoveryCodes(codes))

    async def sign_out_everywhere(self, request: Request) -> Response:
        """Every sign-in of this account is over, this one too: for whoever has lost sight of a browser."""
        await body_of(request, Done)
        owner = (await self.threshold.who(request)).technician_id
        await self.threshold.end_others(owner, None)
        await self.threshold.shell.log.note(accounts_log.SignedOutEverywhere(technician_id=owner, by=owner))
        return set_cookie(answer(Done()), "")

    async def _proven(self, request: Request, password: str) -> tuple[SignInRow, Account]:
        """The sign-in and account of somebody with a fresh second factor and the password. Raises Denied."""
        row = await self.threshold.who_is_fresh(request)
        subject = f"password {row.technician_id}"
        async with self.threshold.turn(subject):
            self.threshold.brake(subject, self.threshold.rules.tries)
            account = await self.threshold.account(row)
            verdict = await self.threshold.right_password(account.password_hash, password)
            if not verdict.right:
                await self._refuse_factor(request, subject, row.technician_id, Reason.SIGN_IN_FAILED)
                raise Denied(Reason.SIGN_IN_FAILED)
            await self.threshold.forgive(subject)
        return row, account

    async def _refuse_factor(self, request: Request, subject: str, owner: str, reason: Reason) -> None:
        await self.threshold.count(subject, self.threshold.rules.tries)
        await self.threshold.shell.log.note(log.FactorRefused(technician_id=owner, address=address_of(request), reason=reason))
