"""The routes of people, put together. What each does is in its own file."""

from dataclasses import dataclass

from broker.storage.secret_box import SecretBox
from broker.web.administration import AdministrationRoutes
from broker.web.approvals import ApprovalRoutes
from broker.web.audit import AuditRoutes
from broker.web.invitation import InvitationRoutes
from broker.web.own_account import OwnAccountRoutes
from broker.web.secrets_check import Passwords
from broker.web.shell import Shell
from broker.web.sign_in import SignInRoutes
from broker.web.threshold import Threshold
from policy.throttle import SignInRules


@dataclass(frozen=True, slots=True)
class People:
    """One instance per process."""

    threshold: Threshold
    invitation: InvitationRoutes
    sign_in: SignInRoutes
    own: OwnAccountRoutes
    administration: AdministrationRoutes
    approvals: ApprovalRoutes
    audit: AuditRoutes

    @classmethod
    def on(cls, shell: Shell, passwords: Passwords, box: SecretBox, rules: SignInRules) -> "People":
        """With nobody waiting yet."""
        threshold = Threshold.on(shell, passwords, box, rules)
        approvals = ApprovalRoutes(AdministrationRoutes(threshold))
        return cls(
            threshold,
            InvitationRoutes(threshold),
            SignInRoutes(threshold),
            OwnAccountRoutes(threshold),
            approvals.administration,
            approvals,
            AuditRoutes(approvals),
        )
