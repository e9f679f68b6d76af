"""What the broker records of roles and accounts: who let whom in, as what, and who was put out.

`by` is the id of the account that asked, or the name under which somebody is known at the broker's own machine.
"""

from audit.events.shape import Address, Id, Lines, Name, Outcome, Small, event
from policy.decision import Reason
from policy.roles import Role


@event("bootstrap_secret_made")
class BootstrapSecretMade:
    """Somebody at the broker's machine made a secret that lets one administrator in. `others` is how many there were already."""

    by: Name
    minutes: Small
    others: Small


@event("bootstrap_used")
class BootstrapUsed:
    """The secret was used: from here on this person is invited as an administrator. `others` as above; more than 0 is an alarm."""

    technician_id: Id
    address: Address
    others: Small


@event("bootstrap_refused", Outcome.REFUSED)
class BootstrapRefused:
    """A bootstrap secret that is unknown, used or expired."""

    address: Address
    reason: Reason


@event("role_given")
class RoleGiven:
    """A new account, and what it is for."""

    technician_id: Id
    role: Role
    sites: Lines
    by: Name


@event("role_changed")
class RoleChanged:
    """An account is for something else from here on; every sign-in of it is over."""

    technician_id: Id
    before: Role
    role: Role
    sites: Lines
    by: Name


@event("proposal_made")
class ProposalMade:
    """Somebody wants an account to decide about others; nothing of it is so before a second person approves."""

    proposal_id: Id
    technician_id: Id
    name: Name
    role: Role
    sites: Lines
    by: Name


@event("proposal_approved")
class ProposalApproved:
    """A second person approved; what was proposed is done with the entries that follow."""

    proposal_id: Id
    technician_id: Id
    proposed_by: Name
    by: Name


@event("proposal_declined", Outcome.ENDED)
class ProposalDeclined:
    """A second person said no."""

    proposal_id: Id
    technician_id: Id
    proposed_by: Name
    by: Name


@event("proposal_withdrawn", Outcome.ENDED)
class ProposalWithdrawn:
    """Whoever proposed it took it back."""

    proposal_id: Id
    technician_id: Id
    by: Name


@event("account_deleted", Outcome.ENDED)
class AccountDeleted:
    """An account opens for nobody any more. What it did stays readable, with its name."""

    technician_id: Id
    name: Name
    by: Name


@event("signed_out_everywhere", Outcome.ENDED)
class SignedOutEverywhere:
    """Every sign-in of this account was ended."""

    technician_id: Id
    by: Name


@event("administration_refused", Outcome.REFUSED)
class AdministrationRefused:
    """An account asked for something about another that its role or reach does not allow."""

    technician_id: Id
    address: Address
    what: Id
    account_given: Id
    reason: Reason
