"""Is it this person? One walk for every way of signing in, whose work is the same for every wrong answer (ASVS 5, 6.3.8).

Unknown, suspended, stopped, not confirmed, wrong password, wrong code: each reads the same rows, computes one password hash and one
code, writes the same counts, and says the same. Only who was right in everything hears more: that the password is due.
"""

import logging
from dataclasses import dataclass

from audit.events import broker as log
from audit.events import people as people_log
from broker.storage.accounts import Account
from broker.storage.credentials import NOBODY, Credentials
from broker.web.door import Denied
from broker.web.threshold import Threshold
from policy.decision import Deny, Reason
from policy.passwords import may_keep
from policy.throttle import address_group
from trust.keys import fingerprint
from wire.messages.signin import SignIn, SignInRecovering, SignInRenewing

SignInTry = SignIn | SignInRecovering | SignInRenewing
_NO_CODE = "000000"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose try it is, as far as that is known before anything is proven."""

    account: Account | None
    credentials: Credentials
    recognised: bool
    subject: str
    """Who is braked: the recognised device, else the name with the address."""

    @property
    def owner(self) -> str:
        """The id under which work is done; nobody's for a name without an account that can sign in."""
        return self.account.technician_id if self.account is not None and self.account.confirmed else NOBODY


@dataclass(frozen=True, slots=True)
class Proof:
    """What the try proved. `step` and `recovery` are the second factor, of which one try uses one."""

    right: bool
    newer_hash: str | None
    step: int | None
    recovery: bytes | None


@dataclass(frozen=True, slots=True)
class Authentic:
    """The walk. Raises Denied wherever it ends early."""

    threshold: Threshold

    async def walk(self, said: SignInTry, address: str) -> Account:
        """The account whose owner this is. One try at a time for a subject, so that a race counts every guess."""
        if said.device is None:
            self.threshold.room_for(address_group(address))
        standing = await self._standing(said, address)
        async with self.threshold.turn(standing.subject):
            self.threshold.brake(standing.subject, self.threshold.rules.tries)
            proof = await self._prove(standing, said, address)
            account = await self._admit(standing, said, proof, address)
            if account is None:
                await self._failed(standing, said, address)
                raise Denied(Reason.SIGN_IN_FAILED)
            await self._succeeded(standing, account, proof)
            return account

    async def _standing(self, said: SignInTry, address: str) -> Standing:
        store, recognition = self.threshold.shell.store, self.threshold.recognition
        account = await store.accounts.by_name(said.sign_in_name)
        signer = recognition.signer(said.device)
        recognised = recognition.recognised(account.technician_id if account else NOBODY, signer)
        credentials = await store.credentials.of(account.technician_id if account else NOBODY)
        if recognised and signer is not None:
            return Standing(account, credentials, True, f"device {fingerprint(signer.type, signer.key)}")
        return Standing(account, credentials, False, f"sign-in {said.sign_in_name} {address_group(address)}")

    async def _prove(self, standing: Standing, said: SignInTry, address: str) -> Proof:
        account, owner = standing.account, standing.owner
        stranger = None if standing.recognised else address_group(address)
        verdict = await self.threshold.right_password(account.password_hash if account else None, said.password, stranger)
        code = _NO_CODE if isinstance(said, SignInRecovering) else said.totp
        sealed, newest = (account.totp_sealed, account.totp_newest_step) if account else (None, None)
        step = self.threshold.step(owner, sealed if owner != NOBODY else None, code, newest)
        recovery = self.threshold.passwords.recovery_hash(owner, said.recovery_code) if isinstance(said, SignInRecovering) else None
        return Proof(verdict.right, verdict.newer, step, recovery)

    async def _admit(self, standing: Standing, said: SignInTry, proof: Proof, address: str) -> Account | None:
        account = standing.account
        stopped = standing.credentials.failures >= self.threshold.rules.account_failures and not standing.recognised
        factor = proof.step is not None or proof.recovery is not None
        if account is None or not proof.right or not factor or account.suspended or not account.confirmed or stopped:
            return None
        if isinstance(said, SignInRecovering):
            assert proof.recovery is not None
            return account if await self._recovered(account, proof.recovery, address) else None
        assert proof.step is not None
        renewed = await self._renewed(account, standing.credentials, said)
        if not await self.threshold.shell.store.accounts.use_step(account.technician_id, proof.step):
            return None
        if renewed is not None:
            await self._change(account, renewed, address)
        return account

    async def _recovered(self, account: Account, recovery: bytes, address: str) -> bool:
        credentials, owner = self.threshold.shell.store.credentials, account.technician_id
        if not await credentials.use_recovery_code(owner, recovery, self.threshold.utc):
            return False
        left = await credentials.recovery_codes_left(owner)
        await self.threshold.record(people_log.RecoveryCodeUsed(technician_id=owner, address=address, left=left))
        return True

    # ---- a password that is due

    async def _renewed(self, account: Account, credentials: Credentials, said: SignIn | SignInRenewing) -> str | None:
        """The new password if one was sent and may be used. Nothing was used up yet: who is refused here may try with the same code."""
        if isinstance(said, SignInRenewing):
            if said.new_password == said.password:
                raise Denied(Reason.PASSWORD_SAME)
            bad = await self.threshold.good_password(said.new_password, account)
            if bad is not None:
                raise Denied(bad)
            return said.new_password
        age = self.threshold.utc - credentials.password_set
        if isinstance(may_keep(said.password, age, self.threshold.password_rules(account)), Deny):
            raise Denied(Reason.PASSWORD_DUE)
        return None

    async def _change(self, account: Account, password: str, address: str) -> None:
        owner, old = account.technician_id, account.password_hash or ""
        hashed = await self.threshold.passwords.hash(password)
        await self.threshold.record(people_log.PasswordChanged(technician_id=owner, address=address))
        if not await self.threshold.shell.store.credentials.change_password(owner, old, hashed, self.threshold.utc):
            raise Denied(Reason.SIGN_IN_FAILED)
        await self.threshold.end_others(owner, None)

    # ---- what a try leaves behind

    async def _failed(self, standing: Standing, said: SignInTry, address: str) -> None:
        await self.threshold.count(standing.subject, self.threshold.rules.tries)
        failures = await self.threshold.shell.store.credentials.failed(standing.owner)
        if standing.owner != NOBODY and failures == self.threshold.rules.account_failures:
            stopped = people_log.AccountStopped(technician_id=standing.owner, failures=failures)
            await self.threshold.shell.log.note(stopped)
            _LOG.warning("the account of %s is stopped after %d wrong sign-ins", standing.owner, failures)
        refused = log.SignInRefused(name_given=said.sign_in_name, address=address, reason=Reason.SIGN_IN_FAILED)
        await self.threshold.stranger(address, refused)

    async def _succeeded(self, standing: Standing, account: Account, proof: Proof) -> None:
        """A stop is an administrator's to clear: a recognised device gets in beside it, and leaves it standing."""
        await self.threshold.forgive(standing.subject)
        credentials = self.threshold.shell.store.credentials
        if 0 < standing.credentials.failures < self.threshold.rules.account_failures:
            await credentials.forgive(account.technician_id)
        if proof.newer_hash is not None and account.password_hash is not None:
            await credentials.rehash(account.technician_id, account.password_hash, proof.newer_hash)
