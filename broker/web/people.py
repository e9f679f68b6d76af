"""Technicians over HTTP: invitation, sign-in, second factor, sign-out. Each answer that refuses says the same for every cause."""

import asyncio
from dataclasses import dataclass
from secrets import token_bytes
from typing import NoReturn
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response

from audit.events import broker as log
from audit.events.shape import Event as AuditEvent
from broker.core.commands import KeepTally, SignInId
from broker.core.narrowing import signed_out
from broker.core.proof import read_signed
from broker.storage.accounts import Account, Device, Invitation
from broker.storage.secret_box import SecretBox, token_hash
from broker.storage.sign_ins import SignInRow
from broker.web.door import Denied, address_of, answer, body_of, cookie_hash, set_cookie
from broker.web.secrets_check import Passwords, new_totp_secret, step_of, totp_address
from broker.web.shell import Shell
from policy import passwords as password_rules
from policy.decision import Deny, Reason
from policy.throttle import ENROL_BRAKE, SIGN_IN_BRAKE, Brake, Tally
from trust.keys import fingerprint
from wire.limits import CONSOLE_IDLE_SECONDS
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.signin import (
    Done,
    FactorConfirm,
    InvitationAccept,
    InvitationConfirm,
    InvitationLook,
    InvitationShown,
    RegistrationPayload,
    SignedIn,
    SignIn,
    TotpIssued,
)
from wire.schema import MalformedMessage, base64url, read_part
from wire.statements import Label, Statement

_NOBODYS_SECRET = "A" * 32


@dataclass(slots=True)
class People:
    """The routes of technicians. One instance per process."""

    shell: Shell
    passwords: Passwords
    box: SecretBox
    _turns: "WeakValueDictionary[str, asyncio.Lock]"

    @classmethod
    def on(cls, shell: Shell, passwords: Passwords, box: SecretBox) -> "People":
        """With nobody waiting yet."""
        return cls(shell, passwords, box, WeakValueDictionary())

    # ---- invitation

    async def look(self, request: Request) -> Response:
        """Is this invitation still good, and whose is it?"""
        said = await body_of(request, InvitationLook)
        account = (await self._invitation(request, said.token)).account
        return answer(InvitationShown(account.technician_id, account.sign_in_name, account.name, account.company))

    async def accept(self, request: Request) -> Response:
        """Choose a password; get a second factor."""
        said = await body_of(request, InvitationAccept)
        invitation = await self._invitation(request, said.token)
        account = invitation.account
        decided = password_rules.may_use(said.password, (account.sign_in_name, account.name, account.company))
        if isinstance(decided, Deny):
            await self._refuse_invitation(request, decided.reason)
        secret = new_totp_secret()
        hashed = await self.passwords.hash(said.password)
        sealed = self.box.seal(secret.encode(), account.technician_id)
        if not await self.shell.store.accounts.choose(invitation.token_hash, self._utc, hashed, sealed):
            await self._refuse_invitation(request, Reason.INVITATION_INVALID)
        return answer(TotpIssued(secret, totp_address(secret, account.sign_in_name)))

    async def confirm(self, request: Request) -> Response:
        """Finish: a code from the app, and the device's own signature."""
        said = await body_of(request, InvitationConfirm)
        invitation = await self._invitation(request, said.token)
        device = _device(said.registration, invitation, self._utc)
        if device is None:
            await self._refuse_invitation(request, Reason.SIGNATURE_INVALID)
        step = self._step(invitation.account.technician_id, invitation.totp_sealed, said.totp, None)
        if step is None:
            await self._refuse_invitation(request, Reason.SECOND_FACTOR_WRONG)
        owner = invitation.account.technician_id
        shown = fingerprint(device.type, device.key)
        await self._record(
            log.InvitationAccepted(technician_id=owner, address=address_of(request)),
            log.DeviceRegistered(technician_id=owner, type=device.type, fingerprint=shown),
        )
        if not await self.shell.store.accounts.confirm(invitation.token_hash, self._utc, step, device):
            await self._refuse_invitation(request, Reason.INVITATION_INVALID)
        return answer(Done())

    async def _invitation(self, request: Request, token: bytes) -> Invitation:
        subject = f"token {address_of(request)}"
        self._brake(subject, ENROL_BRAKE)
        found = await self.shell.store.accounts.invitation(token_hash(token), self._utc)
        if found is None:
            await self._count(subject, ENROL_BRAKE)
            await self._refuse_invitation(request, Reason.INVITATION_INVALID)
        return found

    async def _refuse_invitation(self, request: Request, reason: Reason) -> NoReturn:
        address = address_of(request)
        await self._stranger(address, log.InvitationRefused(address=address, reason=reason))
        raise Denied(reason)

    # ---- sign-in

    async def sign_in(self, request: Request) -> Response:
        """Name, password and second factor together. One try at a time for a name and address, so that a race counts every guess."""
        said = await body_of(request, SignIn)
        subject = f"sign-in {said.sign_in_name} {address_of(request)}"
        async with self._turn(subject):
            self._brake(subject, SIGN_IN_BRAKE)
            account = await self._authentic(said)
            if account is None:
                await self._count(subject, SIGN_IN_BRAKE)
                refused = log.SignInRefused(name_given=said.sign_in_name, address=address_of(request), reason=Reason.SIGN_IN_FAILED)
                await self._stranger(address_of(request), refused)
                raise Denied(Reason.SIGN_IN_FAILED)
            await self._forgive(subject)
        return await self._begin(request, account)

    async def _authentic(self, said: SignIn) -> Account | None:
        account = await self.shell.store.accounts.by_name(said.sign_in_name)
        right = await self.passwords.right(account.password_hash if account else None, said.password)
        owner = account.technician_id if account else ""
        step = self._step(owner, account.totp_sealed if account else None, said.totp, account.totp_newest_step if account else None)
        if account is None or not right or step is None or account.suspended or not account.confirmed:
            return None
        return account if await self.shell.store.accounts.use_step(account.technician_id, step) else None

    async def _begin(self, request: Request, account: Account) -> Response:
        await self._record(log.SignedIn(technician_id=account.technician_id, address=address_of(request)))
        elder = cookie_hash(request)
        if elder is not None:
            await self._end(elder)
        token = token_bytes(32)
        row = SignInRow(token_bytes(16), token_hash(token), account.technician_id, self._utc, self._utc, self._utc)
        await self.shell.store.sign_ins.begin(row)
        return set_cookie(answer(self._signed_in(account, row)), base64url(token))

    def _signed_in(self, account: Account, row: SignInRow) -> SignedIn:
        factor_age = max(0, int(self._utc - row.factor))
        return SignedIn(account.technician_id, account.name, account.company, CONSOLE_IDLE_SECONDS, factor_age)

    async def factor(self, request: Request) -> Response:
        """A fresh second factor. The cookie changes with it; the old one is dead."""
        said = await body_of(request, FactorConfirm)
        row = await self.who(request)
        subject = f"factor {row.technician_id}"
        async with self._turn(subject):
            self._brake(subject, SIGN_IN_BRAKE)
            account = await self._account(row)
            step = self._step(row.technician_id, account.totp_sealed, said.totp, account.totp_newest_step)
            if step is None or not await self.shell.store.accounts.use_step(row.technician_id, step):
                await self._count(subject, SIGN_IN_BRAKE)
                wrong = Reason.SECOND_FACTOR_WRONG
                await self.shell.log.note(log.FactorRefused(technician_id=row.technician_id, address=address_of(request), reason=wrong))
                raise Denied(wrong)
            await self._forgive(subject)
        return await self._renew(row, account)

    async def _renew(self, row: SignInRow, account: Account) -> Response:
        await self._record(log.FactorConfirmed(technician_id=row.technician_id))
        token = token_bytes(32)
        if not await self.shell.store.sign_ins.renew(row.sign_in_id, token_hash(token), self._utc):
            raise Denied(Reason.NOT_SIGNED_IN)
        shown = SignedIn(account.technician_id, account.name, account.company, CONSOLE_IDLE_SECONDS, 0)
        return set_cookie(answer(shown), base64url(token))

    async def me(self, request: Request) -> Response:
        """Who is signed in. Asking counts as the person's activity, so the console asks when the person does something."""
        row = await self.who(request)
        account = await self._account(row)
        await self.shell.store.sign_ins.touch(row.sign_in_id, self._utc)
        return answer(self._signed_in(account, row))

    async def sign_out(self, request: Request) -> Response:
        """End the sign-in, its sockets and its visit. Signing out twice is no fault."""
        await body_of(request, Done)
        held = cookie_hash(request)
        if held is not None:
            await self._end(held)
        return set_cookie(answer(Done()), "")

    async def _end(self, held: bytes) -> None:
        row = await self.shell.store.sign_ins.by_token(held, self._utc)
        if row is None:
            return
        await self.shell.store.sign_ins.end(row.sign_in_id)
        await self.shell.perform(signed_out(self.shell.board, SignInId(row.sign_in_id), self.shell.clock()))
        await self.shell.log.note(log.SignedOut(technician_id=row.technician_id))

    # ---- what the routes share

    async def who(self, request: Request) -> SignInRow:
        """The live sign-in of this request's cookie. Raises Denied."""
        held = cookie_hash(request)
        row = await self.shell.store.sign_ins.by_token(held, self._utc) if held is not None else None
        if row is None:
            raise Denied(Reason.NOT_SIGNED_IN)
        return row

    async def _account(self, row: SignInRow) -> Account:
        account = await self.shell.store.accounts.by_id(row.technician_id)
        if account is None:
            raise Denied(Reason.NOT_SIGNED_IN)
        return account

    @property
    def _utc(self) -> float:
        return self.shell.clock().utc

    def _step(self, owner: str, sealed: bytes | None, code: str, newest: int | None) -> int | None:
        secret = self.box.open(sealed, owner).decode() if sealed else _NOBODYS_SECRET
        step = step_of(secret, code, newest, self._utc)
        return step if sealed else None

    def _turn(self, subject: str) -> asyncio.Lock:
        lock = self._turns.get(subject)
        if lock is None:
            lock = self._turns[subject] = asyncio.Lock()
        return lock

    def _brake(self, subject: str, brake: Brake) -> None:
        decided = self.shell.board.may_try(subject, brake, self.shell.clock())
        if isinstance(decided, Deny):
            raise Denied(decided.reason)

    async def _count(self, subject: str, brake: Brake) -> None:
        tally = self.shell.board.count_failure(subject, brake, self.shell.clock())
        await self.shell.keep_tally(KeepTally(subject, tally))

    async def _forgive(self, subject: str) -> None:
        if self.shell.board.tallies.pop(subject, None) is not None:
            await self.shell.keep_tally(KeepTally(subject, Tally()))

    async def _record(self, *events: AuditEvent) -> None:
        if not await self.shell.record(*events):
            raise Denied(Reason.LOG_UNAVAILABLE)

    async def _stranger(self, address: str, refused: log.InvitationRefused | log.SignInRefused) -> None:
        await self.shell.stranger(address, refused)


def _device(registration: Statement, invitation: Invitation, utc: float) -> Device | None:
    """The new device, if it signed for itself and for this person. WebAuthn has no form here yet, so it is refused."""
    try:
        claimed = read_part(RegistrationPayload, registration.payload)
    except MalformedMessage:
        return None
    own = Authenticator(claimed.type, claimed.key, "")
    signed = read_signed(registration, Label.DEVICE_REGISTRATION, (own,), RegistrationPayload)
    foreign = claimed.technician_id != invitation.account.technician_id
    if isinstance(signed, Deny) or foreign or claimed.type is AuthenticatorType.WEBAUTHN:
        return None
    return Device(claimed.technician_id, claimed.type, claimed.key, utc)
