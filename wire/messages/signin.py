"""HTTP bodies of invitation, sign-in and enrolment. Each is one POST; secrets are in bodies, never in an address."""

from typing import Annotated

from policy.roles import Operation
from wire.messages.documents import AuthenticatorType
from wire.schema import Count, Identity, Key32, Number, Octets, Seconds, Text, message, part
from wire.statements import Statement

Secret = Annotated[bytes, Octets(32, 32)]
Password = Annotated[str, Text(256, 1)]
TotpCode = Annotated[str, Text(6, 6)]
RecoveryCode = Annotated[str, Text(19, 19)]
"""Sixteen letters and digits (Crockford base 32) in four groups: 80 random bits."""
SignInNonce = Annotated[bytes, Octets(64, 32)]
SignInName = Annotated[str, Text(120, 1)]


@message("invitation_look")
class InvitationLook:
    """Is this invitation still good, and whose is it? Changes nothing."""

    token: Secret


@part
class PasswordTerms:
    """What a new password needs: so many characters, so many of the four classes. `days` until it is due, 0 for never."""

    shortest: Annotated[int, Number(1, 256)]
    classes: Annotated[int, Number(0, 4)]
    days: Annotated[int, Number(0, 3660)]


@message("invitation_shown")
class InvitationShown:
    """Whose invitation it is."""

    technician_id: Identity
    sign_in_name: SignInName
    name: Annotated[str, Text(120)]
    company: Annotated[str, Text(120)]
    password_terms: PasswordTerms


@message("invitation_accept")
class InvitationAccept:
    """Choose a password. Answered by a fresh TOTP secret, shown this once."""

    token: Secret
    password: Password


@message("totp_issued")
class TotpIssued:
    """The second factor: base-32 secret and the otpauth address for the QR code."""

    secret: Annotated[str, Text(64, 16)]
    otpauth: Annotated[str, Text(400)]


@part
class RegistrationPayload:
    """What a new device signs with its own key (Label.DEVICE_REGISTRATION)."""

    technician_id: Identity
    type: AuthenticatorType
    key: Annotated[bytes, Octets(256, 32)]
    at: Seconds


@message("invitation_confirm")
class InvitationConfirm:
    """Finish: a code from the authenticator app, and the browser's device key proven by its own signature."""

    token: Secret
    totp: TotpCode
    registration: Statement


@message("recovery_codes")
class RecoveryCodes:
    """For the day the authenticator app is lost. Shown this once; the broker keeps keyed hashes alone."""

    codes: Annotated[tuple[RecoveryCode, ...], Count(10)]


@message("sign_in_nonce")
class SignInNonceIssued:
    """For a device that signs at sign-in. Good once, for two minutes."""

    nonce: SignInNonce


@part
class DeviceSignInPayload:
    """What a recognised device signs at sign-in (Label.DEVICE_SIGN_IN): the broker's nonce, and which key it is."""

    nonce: SignInNonce
    type: AuthenticatorType
    key: Annotated[bytes, Octets(256, 32)]


@message("sign_in")
class SignIn:
    """Name, password and second factor together; the answer never says which of them was wrong.

    `device` is not a factor: it tells a technician at a recognised device from strangers who use up the account's tries.
    """

    sign_in_name: SignInName
    password: Password
    totp: TotpCode
    device: Statement | None = None


@message("sign_in_recovering")
class SignInRecovering:
    """The same with a recovery code in place of the authenticator app's code."""

    sign_in_name: SignInName
    password: Password
    recovery_code: RecoveryCode
    device: Statement | None = None


@message("sign_in_renewing")
class SignInRenewing:
    """The same where the password is due: it is changed on the way in."""

    sign_in_name: SignInName
    password: Password
    totp: TotpCode
    new_password: Password
    device: Statement | None = None


@message("password_change")
class PasswordChange:
    """Another password, on a live sign-in with a fresh second factor. Every other sign-in of the technician ends."""

    password: Password
    new_password: Password


@message("factor_replace")
class FactorReplace:
    """Another authenticator app, on a live sign-in with a fresh second factor. The old one counts until the new one gave a code."""

    password: Password


@message("factor_confirm")
class FactorConfirm:
    """A fresh second factor on a live sign-in (admission step 1 wants one of the last five minutes)."""

    totp: TotpCode


@message("signed_in")
class SignedIn:
    """Who is signed in, until when, and how fresh the second factor is (seconds since)."""

    technician_id: Identity
    name: Annotated[str, Text(120)]
    company: Annotated[str, Text(120)]
    idle_seconds: Seconds
    factor_age: Seconds
    recovery_left: Annotated[int, Number(0, 10)]
    """Recovery codes that were not used yet."""
    password_terms: PasswordTerms
    may: Annotated[tuple[Operation, ...], Count(64)]
    """What the role lets do, so that the console offers nothing else. The broker asks again at each request."""


@message("done")
class Done:
    """It happened, and there is nothing more to say."""


@part
class EnrolmentPayload:
    """What a new host signs with the key it made (Label.HOST_ENROLMENT). `accepted_by` is the named administrator."""

    key: Key32
    name: Annotated[str, Text(120, 1)]
    model: Annotated[str, Text(120, 1)]
    phi: bool
    accepted_by: Annotated[str, Text(120, 1)]
    terms_version: Annotated[str, Text(32, 1)]
    at: Seconds


@message("host_enrol")
class HostEnrol:
    """A host presents its single-use token and its key."""

    token: Secret
    registration: Statement


@message("host_enrolled")
class HostEnrolled:
    """The host's id. It stays *new* (view only, treated as PHI) until the signed directory lists it."""

    host_id: Identity
    broker_id: Identity
    broker_key: Key32
    site: Annotated[str, Text(120)]
