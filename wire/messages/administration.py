"""HTTP bodies about accounts and roles. What one may not choose (the company, the id, who asks) has no field to be sent in."""

from enum import StrEnum
from typing import Annotated

from policy.roles import Role
from wire.messages.audit import ExportEntry
from wire.messages.signin import Secret, SignInName
from wire.schema import Count, Identity, Seconds, Text, message, part

SiteName = Annotated[str, Text(120, 1)]
Sites = Annotated[tuple[SiteName, ...], Count(64)]


class AccountState(StrEnum):
    """How an account stands."""

    INVITED = "invited"
    ACTIVE = "active"
    STOPPED = "stopped"
    SUSPENDED = "suspended"
    DELETED = "deleted"


@part
class AccountEntry:
    """One account, as those see it who may."""

    account_id: Identity
    sign_in_name: SignInName
    name: Annotated[str, Text(120)]
    company: Annotated[str, Text(120)]
    role: Role
    sites: Sites
    state: AccountState


@message("account_list")
class AccountList:
    """The accounts within the caller's reach, by id, from after the one that was named. `more`: there are further ones."""

    accounts: Annotated[tuple[AccountEntry, ...], Count(200)]
    more: bool


@message("accounts_look")
class AccountsLook:
    """Which accounts are there? At most 200 at a time, those whose id comes after this one."""

    after: Annotated[str, Text(64)]


@message("account_shown")
class AccountShown:
    """One account. No answer of the broker holds a password, a second factor or a recovery code of somebody else."""

    account: AccountEntry


@message("account_named")
class AccountNamed:
    """Which account it is about; what is done to it is the route's name."""

    account_id: Identity


@message("account_invite")
class AccountInvite:
    """Let somebody in: an account of the caller's own company, or of the caller's own sites. The broker chooses the id."""

    sign_in_name: SignInName
    name: Annotated[str, Text(120, 1)]
    role: Role
    sites: Sites


@message("account_role")
class AccountRole:
    """Make an account one for something else. Its sign-ins are over."""

    account_id: Identity
    role: Role
    sites: Sites


@message("invitation_issued")
class InvitationIssued:
    """The invitation's token, shown this once: `#/invitation/<token>` at the console's address is the link."""

    account_id: Identity
    token: Secret
    seconds: Seconds


@message("bootstrap_use")
class BootstrapUse:
    """The secret from the broker's own machine: lets one administrator in. Answered by an invitation."""

    secret: Secret
    sign_in_name: SignInName
    name: Annotated[str, Text(120, 1)]
    company: Annotated[str, Text(120, 1)]


class ProposalKind(StrEnum):
    """What is done once it is approved."""

    INVITE = "invite"
    CHANGE_ROLE = "change_role"


@part
class ProposalEntry:
    """What one person proposed, and somebody else has to approve. `before`: the role it has now, None for a new account."""

    proposal_id: Identity
    kind: ProposalKind
    account_id: Identity
    sign_in_name: SignInName
    name: Annotated[str, Text(120)]
    company: Annotated[str, Text(120)]
    before: Role | None
    role: Role
    sites: Sites
    proposed_by: Identity
    seconds: Seconds


@message("proposal_list")
class ProposalList:
    """The proposals within the caller's reach that wait for a second person, oldest first: about accounts, and copies of the trail."""

    proposals: Annotated[tuple[ProposalEntry, ...], Count(200)]
    exports: Annotated[tuple[ExportEntry, ...], Count(200)]


@message("proposal_made")
class ProposalMade:
    """It is not done yet: somebody else who may has to approve it within this time."""

    proposal_id: Identity
    seconds: Seconds


@message("proposal_named")
class ProposalNamed:
    """Which proposal it is about; what is done with it is the route's name."""

    proposal_id: Identity


@message("proposal_approved")
class ProposalApproved:
    """It is done. For a new account this is the invitation's token, shown this once, to whoever approved and not to who proposed; for a
    copy of the trail, whose it is and how long it may be fetched.
    """

    account_id: Identity
    token: Secret | None
    seconds: Seconds
