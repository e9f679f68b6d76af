"""The routes of the second person: what waits, approving it, declining it. What is proposed comes in by `administration.py`.

Each wants a second factor of the last five minutes. Whom a proposal is about, and who proposed it, is never in the request: it is kept
with the proposal, so an approval says yes to what was asked and to nothing else.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from broker.approvals import Approvals
from broker.exports import PREFIX, Exports
from broker.roster import Unchanged
from broker.storage.accounts import Account
from broker.storage.exports import StoredExport
from broker.storage.proposals import Proposal
from broker.trail import Trail
from broker.web.administration import AdministrationRoutes
from broker.web.door import answer, body_of
from policy.roles import Operation
from wire.limits import EXPORT_FETCH_SECONDS, INVITATION_SECONDS
from wire.messages.administration import ProposalApproved, ProposalEntry, ProposalKind, ProposalList, ProposalNamed
from wire.messages.audit import ExportEntry
from wire.messages.signin import Done

T = TypeVar("T")
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ApprovalRoutes:
    """Beside the routes about accounts, whose callers and refusals are the same."""

    administration: AdministrationRoutes

    @property
    def approvals(self) -> Approvals:
        """What two persons do together."""
        return self.administration.approvals

    @property
    def exports(self) -> Exports:
        """Copies of the trail, which take two persons too."""
        shell = self.administration.threshold.shell
        return Exports(Trail(shell.store, shell.board), shell.log)

    async def waiting(self, request: Request) -> Response:
        """The proposals within the caller's reach."""
        await body_of(request, Done)
        caller, utc = await self.administration.caller(request), self.administration.threshold.utc
        found, copies = await self.approvals.waiting(caller.member, utc), await self.exports.waiting(caller, utc)
        shown = tuple(_entry(each, utc) for each in found[:_AT_ONCE])
        return answer(ProposalList(shown, tuple(_copy(each, utc) for each in copies[:_AT_ONCE])))

    async def approve(self, request: Request) -> Response:
        """Do what was proposed."""
        caller, named = await self._named(request)
        threshold = self.administration.threshold
        # One at a time: of a hundred approvals at once one is recorded as one, and the others as refused.
        async with threshold.turn(f"proposal {named}"):
            if named.startswith(PREFIX):
                copy = self.exports.approve(named, caller, threshold.utc)
                export = (await self.or_refuse(request, caller, Operation.PROPOSAL_APPROVE, named, copy)).export
                return answer(ProposalApproved(export.proposer.account_id, None, EXPORT_FETCH_SECONDS))
            act = self.approvals.approve(named, caller, threshold.utc)
            account, token = await self.or_refuse(request, caller, Operation.PROPOSAL_APPROVE, named, act)
        await threshold.shell.look_at_sign_ins()
        return answer(ProposalApproved(account.technician_id, token, INVITATION_SECONDS if token is not None else 0))

    async def decline(self, request: Request) -> Response:
        """Say no, or take one's own back."""
        caller, named = await self._named(request)
        ends = self.exports.end if named.startswith(PREFIX) else self.approvals.end
        act = ends(named, caller, self.administration.threshold.utc)
        await self.or_refuse(request, caller, Operation.PROPOSAL_DECLINE, named, act)
        return answer(Done())

    async def _named(self, request: Request) -> tuple[Account, str]:
        named = (await body_of(request, ProposalNamed)).proposal_id
        return await self.administration.caller(request, fresh=True), named

    async def or_refuse(self, request: Request, caller: Account, operation: Operation, named: str, act: Awaitable[T]) -> T:
        """Do it, or record that it was refused. Raises Denied."""

        async def recorded() -> T:
            try:
                return await act
            except Unchanged as fault:
                await self.administration.refuse(request, caller, operation, named, fault.reason)

        return await self.administration.widen(recorded())


def _copy(stored: StoredExport, utc: float) -> ExportEntry:
    export = stored.export
    left = max(0, int(export.expires - utc))
    return ExportEntry(stored.export_id, stored.form, stored.wanted, export.proposer.account_id, export.proposer_name, left)


def _entry(proposal: Proposal, utc: float) -> ProposalEntry:
    proposed, after = proposal.proposed, proposal.proposed.after
    kind = ProposalKind.INVITE if proposed.operation is Operation.ACCOUNT_INVITE else ProposalKind.CHANGE_ROLE
    before = proposed.before.role if proposed.before is not None else None
    return ProposalEntry(
        proposal.proposal_id, kind, after.account_id, proposal.sign_in_name, proposal.name, after.company, before, after.role,
        tuple(sorted(after.sites)), proposed.proposer.account_id, max(0, int(proposed.expires - utc)),
    )  # fmt: skip
