"""The table of routes and sockets: each names its operation (`policy/roles.py`), what it takes and what it answers.

A route that is not in the table does not exist. The matrix of who may call what is made from it (tests/adversary, case 25), and so
is docs/openapi.json (`broker/gen_openapi.py`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from broker.web.machines import Machines
from broker.web.people import People
from broker.web.sockets import Sockets
from policy.roles import ENTRIES, Entry, Operation
from wire.messages.administration import (
    AccountInvite,
    AccountList,
    AccountNamed,
    AccountRole,
    AccountShown,
    AccountsLook,
    BootstrapUse,
    InvitationIssued,
    ProposalApproved,
    ProposalList,
    ProposalMade,
    ProposalNamed,
)
from wire.messages.audit import ExportAsk, ExportNamed, ReceiptList, ReceiptNamed, ReceiptsLook, TrailLook, TrailPage
from wire.messages.documents import DocumentsBundle
from wire.messages.signin import (
    Done,
    FactorConfirm,
    FactorReplace,
    HostEnrol,
    HostEnrolled,
    InvitationAccept,
    InvitationConfirm,
    InvitationLook,
    InvitationShown,
    PasswordChange,
    RecoveryCodes,
    SignedIn,
    SignIn,
    SignInNonceIssued,
    SignInRecovering,
    SignInRenewing,
    TotpIssued,
)

Endpoint = Callable[[Request], Awaitable[Response]]


class Rooms:
    """Where the endpoints live."""

    def __init__(self, people: People, machines: Machines) -> None:
        self.invitation, self.sign_in, self.own, self.accounts = people.invitation, people.sign_in, people.own, people.administration
        self.approvals, self.audit, self.machines = people.approvals, people.audit, machines


@dataclass(frozen=True, slots=True)
class Door:
    """One HTTP route. `takes` is the message of its body, None where there is no body; `gives` is bytes where it answers with a
    file. `proposes`: what it answers instead of `gives`, with 202, where a second person has to approve first.
    """

    method: str
    path: str
    operation: Operation
    takes: type | None
    gives: type
    endpoint: Callable[[Rooms], Endpoint]
    proposes: type | None = None

    @property
    def entry(self) -> Entry:
        """How one comes to it."""
        return ENTRIES[self.operation]


@dataclass(frozen=True, slots=True)
class SocketDoor:
    """One WebSocket route."""

    path: str
    operation: Operation
    endpoint: Callable[[Sockets], Callable[[WebSocket], Awaitable[None]]]


def _post(
    path: str, operation: Operation, takes: type, gives: type, endpoint: Callable[[Rooms], Endpoint], proposes: type | None = None
) -> Door:
    return Door("POST", path, operation, takes, gives, endpoint, proposes)


_STRANGERS = (
    _post("/api/bootstrap", Operation.BOOTSTRAP_USE, BootstrapUse, InvitationIssued, lambda to: to.accounts.bootstrap),
    _post("/api/invitation/look", Operation.INVITATION_USE, InvitationLook, InvitationShown, lambda to: to.invitation.look),
    _post("/api/invitation/accept", Operation.INVITATION_USE, InvitationAccept, TotpIssued, lambda to: to.invitation.accept),
    _post("/api/invitation/confirm", Operation.INVITATION_USE, InvitationConfirm, RecoveryCodes, lambda to: to.invitation.confirm),
    _post("/api/sign-in", Operation.SIGN_IN, SignIn, SignedIn, lambda to: to.sign_in.sign_in),
    _post("/api/sign-in/nonce", Operation.SIGN_IN, Done, SignInNonceIssued, lambda to: to.sign_in.nonce),
    _post("/api/sign-in/recovery", Operation.SIGN_IN, SignInRecovering, SignedIn, lambda to: to.sign_in.recovering),
    _post("/api/sign-in/new-password", Operation.SIGN_IN, SignInRenewing, SignedIn, lambda to: to.sign_in.renewing),
    _post("/api/sign-out", Operation.SIGN_OUT, Done, Done, lambda to: to.sign_in.sign_out),
)  # fmt: skip
_OWN = (
    Door("GET", "/api/me", Operation.OWN_SEE, None, SignedIn, lambda to: to.sign_in.me),
    _post("/api/factor", Operation.OWN_PROVE, FactorConfirm, SignedIn, lambda to: to.sign_in.factor),
    _post("/api/factor/replace", Operation.OWN_CHANGE, FactorReplace, TotpIssued, lambda to: to.own.replace_factor),
    _post("/api/factor/replaced", Operation.OWN_CHANGE, FactorConfirm, Done, lambda to: to.own.confirm_factor),
    _post("/api/recovery-codes", Operation.OWN_CHANGE, Done, RecoveryCodes, lambda to: to.own.recovery_codes),
    _post("/api/password", Operation.OWN_CHANGE, PasswordChange, Done, lambda to: to.own.password),
    _post("/api/sign-out-everywhere", Operation.OWN_SIGN_OUT_EVERYWHERE, Done, Done, lambda to: to.own.sign_out_everywhere),
)  # fmt: skip
_ACCOUNTS = (
    _post("/api/accounts", Operation.ACCOUNTS_SEE, AccountsLook, AccountList, lambda to: to.accounts.accounts),
    _post("/api/accounts/show", Operation.ACCOUNTS_SEE, AccountNamed, AccountShown, lambda to: to.accounts.show),
    _post("/api/accounts/invite", Operation.ACCOUNT_INVITE, AccountInvite, InvitationIssued, lambda to: to.accounts.invite, ProposalMade),
    _post("/api/accounts/invite-again", Operation.ACCOUNT_INVITE, AccountNamed, InvitationIssued, lambda to: to.accounts.invite_again),
    _post("/api/accounts/suspend", Operation.ACCOUNT_SUSPEND, AccountNamed, Done, lambda to: to.accounts.suspend),
    _post("/api/accounts/resume", Operation.ACCOUNT_RESUME, AccountNamed, Done, lambda to: to.accounts.resume),
    _post("/api/accounts/role", Operation.ACCOUNT_CHANGE_ROLE, AccountRole, Done, lambda to: to.accounts.change_role, ProposalMade),
    _post("/api/accounts/clear-stop", Operation.ACCOUNT_CLEAR_STOP, AccountNamed, Done, lambda to: to.accounts.clear_stop),
    _post("/api/accounts/delete", Operation.ACCOUNT_DELETE, AccountNamed, Done, lambda to: to.accounts.delete),
    _post("/api/accounts/sign-out", Operation.ACCOUNT_SIGN_OUT, AccountNamed, Done, lambda to: to.accounts.sign_out),
)  # fmt: skip
_APPROVALS = (
    _post("/api/approvals", Operation.PROPOSALS_SEE, Done, ProposalList, lambda to: to.approvals.waiting),
    _post("/api/approvals/approve", Operation.PROPOSAL_APPROVE, ProposalNamed, ProposalApproved, lambda to: to.approvals.approve),
    _post("/api/approvals/decline", Operation.PROPOSAL_DECLINE, ProposalNamed, Done, lambda to: to.approvals.decline),
)  # fmt: skip
_AUDIT = (
    _post("/api/audit/entries", Operation.AUDIT_READ, TrailLook, TrailPage, lambda to: to.audit.entries),
    _post("/api/audit/export", Operation.AUDIT_EXPORT, ExportAsk, ProposalMade, lambda to: to.audit.propose_export, ProposalMade),
    _post("/api/audit/export/fetch", Operation.AUDIT_FETCH, ExportNamed, bytes, lambda to: to.audit.fetch_export),
    _post("/api/receipts", Operation.RECEIPTS_SEE, ReceiptsLook, ReceiptList, lambda to: to.audit.receipts),
    _post("/api/receipts/fetch", Operation.RECEIPT_FETCH, ReceiptNamed, bytes, lambda to: to.audit.fetch_receipt),
)  # fmt: skip
_MACHINES = (
    _post("/api/enrol", Operation.HOST_ENROL, HostEnrol, HostEnrolled, lambda to: to.machines.enrol),
    Door("PUT", "/api/documents/vendor", Operation.DOCUMENTS_PUBLISH, DocumentsBundle, Done, lambda to: to.machines.documents.publish),
    Door("PUT", "/api/documents/site", Operation.DOCUMENTS_PUBLISH, DocumentsBundle, Done, lambda to: to.machines.documents.publish),
    Door("GET", "/healthz", Operation.HEALTH, None, Done, lambda to: to.machines.health),
)

DOORS: tuple[Door, ...] = (*_STRANGERS, *_OWN, *_ACCOUNTS, *_APPROVALS, *_AUDIT, *_MACHINES)
"""Every HTTP route there is."""
SOCKETS: tuple[SocketDoor, ...] = (
    SocketDoor("/host", Operation.HOST_CONNECT, lambda to: to.host),
    SocketDoor("/console", Operation.CONSOLE_CONNECT, lambda to: to.console),
    SocketDoor("/session", Operation.VISIT_JOIN, lambda to: to.session),
    SocketDoor("/bulk", Operation.VISIT_JOIN, lambda to: to.bulk),
)
"""Every WebSocket route there is."""
