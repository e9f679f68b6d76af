"""HTTP bodies of invitation, sign-in and enrolment. Each is one POST; secrets are in bodies, never in an address."""

from typing import Annotated

from wire.messages.documents import AuthenticatorType
from wire.schema import Identity, Key32, Octets, Seconds, Text, message, part
from wire.statements import Statement

Secret = Annotated[bytes, Octets(32, 32)]
Password = Annotated[str, Text(256, 1)]
TotpCode = Annotated[str, Text(6, 6)]
SignInName = Annotated[str, Text(120, 1)]


@message("invitation_look")
class InvitationLook:
    """Is this invitation still good, and whose is it? Changes nothing."""

    token: Secret


@message("invitation_shown")
class InvitationShown:
    """Whose invitation it is."""

    technician_id: Identity
    sign_in_name: SignInName
    name: Annotated[str, Text(120)]
    company: Annotated[str, Text(120)]


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


@message("sign_in")
class SignIn:
    """Name, password and second factor together; the answer never says which of them was wrong."""

    sign_in_name: SignInName
    password: Password
    totp: TotpCode


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
