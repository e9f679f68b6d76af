"""What only the broker records: who came to its door, what was admitted, what it relayed. No free word stands here.

`by` is the account of the operating system that gave a command. `name_given`, `host_given` and `technician_given` are
what a stranger wrote, unproven.
"""

from typing import Annotated

from audit.events.shape import Address, Fingerprint, Id, Name, Outcome, Small, TicketText, event
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from wire.messages.documents import AuthenticatorType, Repository
from wire.schema import Hash, Number, Seconds

# ---- the process


@event("broker_started")
class BrokerStarted:
    """The broker serves."""

    broker_id: Id
    version: Id


@event("broker_stopped", Outcome.ENDED)
class BrokerStopped:
    """The broker was told to stop, and stops."""

    broker_id: Id


# ---- people


@event("invitation_made")
class InvitationMade:
    """An administrator invited a technician."""

    technician_id: Id
    by: Name


@event("invitation_accepted")
class InvitationAccepted:
    """A technician chose a password and confirmed the second factor."""

    technician_id: Id
    address: Address


@event("invitation_refused", Outcome.REFUSED)
class InvitationRefused:
    """An invitation that is unknown, used or expired, or what was chosen with it did not do."""

    address: Address
    reason: Reason


@event("device_registered")
class DeviceRegistered:
    """A browser's key waits for the security officer's signature."""

    technician_id: Id
    type: AuthenticatorType
    fingerprint: Fingerprint


@event("account_suspended", Outcome.ENDED)
class AccountSuspended:
    """An administrator closed an account."""

    technician_id: Id
    by: Name


@event("account_restored")
class AccountRestored:
    """An administrator opened a closed account again."""

    technician_id: Id
    by: Name


@event("signed_in")
class SignedIn:
    """Password and second factor were right."""

    technician_id: Id
    address: Address


@event("sign_in_refused", Outcome.REFUSED)
class SignInRefused:
    """Somebody could not sign in."""

    name_given: Name
    address: Address
    reason: Reason


@event("signed_out", Outcome.ENDED)
class SignedOut:
    """A sign-in is over, by the technician or by its time."""

    technician_id: Id


@event("factor_confirmed")
class FactorConfirmed:
    """A fresh second factor on a live sign-in."""

    technician_id: Id


@event("factor_refused", Outcome.REFUSED)
class FactorRefused:
    """A second factor that was wrong, or used before."""

    technician_id: Id
    address: Address
    reason: Reason


# ---- machines


@event("host_enrol_token_made")
class HostEnrolTokenMade:
    """An administrator made a token with which one host of this site may enrol."""

    site: Name
    by: Name


@event("host_enrolled")
class HostEnrolled:
    """A host used its token. It stays new until the directory lists it."""

    host_id: Id
    fingerprint: Fingerprint
    site: Name
    model: Name
    phi: bool
    accepted_by: Name
    terms_version: Id
    address: Address


@event("enrol_refused", Outcome.REFUSED)
class EnrolRefused:
    """A host could not enrol."""

    address: Address
    reason: Reason


@event("host_connected")
class HostConnected:
    """A host proved its key on a control socket."""

    host_id: Id
    address: Address
    listed: bool


@event("host_disconnected", Outcome.ENDED)
class HostDisconnected:
    """A host's control socket is gone."""

    host_id: Id


@event("host_connect_refused", Outcome.REFUSED)
class HostConnectRefused:
    """Somebody could not prove to be this host."""

    host_given: Id
    address: Address
    reason: Reason


@event("technician_connected")
class TechnicianConnected:
    """A technician's device proved its key on a control socket."""

    technician_id: Id
    fingerprint: Fingerprint
    address: Address


@event("technician_disconnected", Outcome.ENDED)
class TechnicianDisconnected:
    """A technician's control socket is gone."""

    technician_id: Id


@event("technician_connect_refused", Outcome.REFUSED)
class TechnicianConnectRefused:
    """Somebody could not prove to be this technician's device."""

    technician_given: Id
    address: Address
    reason: Reason


@event("peers_refused", Outcome.REFUSED)
class PeersRefused:
    """So many peers of this address were refused in one minute (minutes since 1970) without a row of their own."""

    address: Address
    minute: Annotated[int, Number()]
    count: Small


@event("documents_published")
class DocumentsPublished:
    """Newer signed documents stand: the vendor's, or those of `site`. `version` and `digest` are those of their snapshot."""

    repository: Repository
    site: Name
    version: Seconds
    digest: Hash
    address: Address


@event("documents_refused", Outcome.REFUSED)
class DocumentsRefused:
    """Documents were offered that do not stand."""

    repository: Repository
    address: Address
    reason: Reason


# ---- the visit, as far as the broker alone sees it


@event("ticket_opened")
class TicketOpened:
    """Somebody pressed *Get help*; the ticket lives so many seconds."""

    ticket: TicketText
    host_id: Id
    seconds: Seconds


@event("ticket_closed", Outcome.ENDED)
class TicketClosed:
    """The ticket is worth nothing any more. `reason` is None when the person took it back."""

    ticket: TicketText
    host_id: Id
    reason: Reason | None


@event("ticket_tried", Outcome.REFUSED)
class TicketTried:
    """A technician entered a wrong first half, or a ticket that may not be tried."""

    technician_id: Id
    ticket: TicketText
    tries_left: Small
    reason: Reason


@event("session_opened")
class SessionOpened:
    """Admission passed: both ends may open their session sockets."""

    session_id: Id
    ticket: TicketText
    technician_id: Id
    host_id: Id
    purpose: Purpose
    case_reference: Id


@event("watch_opened")
class WatchOpened:
    """The person at the PC allowed somebody to watch this visit: his own, `watcher_session`, carries pictures from now on."""

    session_id: Id
    watcher_session: Id
    watcher_id: Id


@event("watch_closed", Outcome.ENDED)
class WatchClosed:
    """It carries nothing any more."""

    session_id: Id
    watcher_session: Id
    watcher_id: Id


@event("lane_opened")
class LaneOpened:
    """After an answer of allow the broker relays this lane."""

    session_id: Id
    ask: Small
    permission: Permission


@event("lane_closed", Outcome.ENDED)
class LaneClosed:
    """The broker relays this lane no more."""

    session_id: Id
    ask: Small
    permission: Permission


@event("lease_lapsed", Outcome.ENDED)
class LeaseLapsed:
    """The host did not renew its lease in time."""

    session_id: Id
    host_id: Id


# ---- requests to be called


@event("call_asked")
class CallAsked:
    """A technician without a code asks somebody at a host to call. It opens nothing."""

    technician_id: Id
    host_id: Id
    purpose: Purpose
    case_reference: Id


@event("call_delivered", Outcome.ENDED)
class CallDelivered:
    """The host has it: on its screen (`shown`), or dropped because its own documents do not know this technician."""

    technician_id: Id
    host_id: Id
    shown: bool


@event("call_dropped", Outcome.ENDED)
class CallDropped:
    """It waited in vain, or the technician may not see this host any more."""

    technician_id: Id
    host_id: Id
