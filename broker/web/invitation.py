"""Invitations over HTTP: look, choose a password, finish with a code and this device's key. An invitation works once."""

from dataclasses import dataclass
from typing import NoReturn

from starlette.requests import Request
from starlette.responses import Response

from audit.events import broker as log
from audit.events import people as people_log
from broker.core.proof import read_signed
from broker.storage.accounts import Device, Invitation
from broker.storage.secret_box import token_hash
from broker.web.door import Denied, address_of, answer, body_of
from broker.web.recovery import new_codes
from broker.web.secrets_check import new_totp_secret, totp_address
from broker.web.threshold import Threshold
from policy.decision import Deny, Reason
from policy.throttle import ENROL_BRAKE, address_group
from trust.keys import fingerprint
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.signin import (
    InvitationAccept,
    InvitationConfirm,
    InvitationLook,
    InvitationShown,
    RecoveryCodes,
    RegistrationPayload,
    TotpIssued,
)
from wire.schema import MalformedMessage, read_part
from wire.statements import Label, Statement


@dataclass(frozen=True, slots=True)
class InvitationRoutes:
    """The way in for a new person."""

    threshold: Threshold

    async def look(self, request: Request) -> Response:
        """Is this invitation still good, and whose is it?"""
        said = await body_of(request, InvitationLook)
        account = (await self._invitation(request, said.token)).account
        terms = self.threshold.password_terms(account)
        return answer(InvitationShown(account.technician_id, account.sign_in_name, account.name, account.company, terms))

    async def accept(self, request: Request) -> Response:
        """Choose a password; get a second factor."""
        said = await body_of(request, InvitationAccept)
        invitation = await self._invitation(request, said.token)
        account = invitation.account
        bad = await self.threshold.good_password(said.password, account)
        if bad is not None:
            await self._refuse_invitation(request, bad)
        secret = new_totp_secret()
        hashed = await self.threshold.passwords.hash(said.password)
        sealed = self.threshold.box.seal(secret.encode(), account.technician_id)
        if not await self.threshold.shell.store.accounts.choose(invitation.token_hash, self.threshold.utc, hashed, sealed):
            await self._refuse_invitation(request, Reason.INVITATION_INVALID)
        return answer(TotpIssued(secret, totp_address(secret, account.sign_in_name)))

    async def confirm(self, request: Request) -> Response:
        """Finish: a code from the app, and the device's own signature. The answer holds the recovery codes, this once."""
        said = await body_of(request, InvitationConfirm)
        invitation = await self._invitation(request, said.token)
        device = _device(said.registration, invitation, self.threshold.utc)
        if device is None:
            await self._refuse_invitation(request, Reason.SIGNATURE_INVALID)
        step = self.threshold.step(invitation.account.technician_id, invitation.totp_sealed, said.totp, None)
        if step is None:
            await self._refuse_invitation(request, Reason.SECOND_FACTOR_WRONG)
        owner, codes = invitation.account.technician_id, new_codes()
        await self.threshold.record(
            log.InvitationAccepted(technician_id=owner, address=address_of(request)),
            log.DeviceRegistered(technician_id=owner, type=device.type, fingerprint=fingerprint(device.type, device.key)),
            people_log.RecoveryCodesMade(technician_id=owner),
        )
        hashes = tuple(self.threshold.passwords.recovery_hash(owner, each) for each in codes)
        if not await self.threshold.shell.store.accounts.confirm(invitation.token_hash, self.threshold.utc, step, device, hashes):
            await self._refuse_invitation(request, Reason.INVITATION_INVALID)
        await self.threshold.end_others(owner, None)
        return answer(RecoveryCodes(codes))

    async def _invitation(self, request: Request, token: bytes) -> Invitation:
        await self.threshold.not_too_fast(request)
        subject = f"token {address_group(address_of(request))}"
        self.threshold.brake(subject, ENROL_BRAKE)
        found = await self.threshold.shell.store.accounts.invitation(token_hash(token), self.threshold.utc)
        if found is None:
            await self.threshold.count(subject, ENROL_BRAKE)
            await self._refuse_invitation(request, Reason.INVITATION_INVALID)
        return found

    async def _refuse_invitation(self, request: Request, reason: Reason) -> NoReturn:
        address = address_of(request)
        await self.threshold.stranger(address, log.InvitationRefused(address=address, reason=reason))
        raise Denied(reason)


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
