"""Accounts and roles over HTTP. Who is signed in, with a second factor of the last five minutes, may do what `policy/roles.py` says.

Whom the caller may not see is not there. Nobody gets a password or a second factor for somebody else: an account that somebody has is
not invited again from here.
"""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from secrets import token_hex
from typing import NoReturn, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from audit.events import accounts as log
from broker.approvals import Approvals
from broker.roster import Roster, Unchanged
from broker.storage.accounts import Account
from broker.storage.log import LogUnavailable
from broker.storage.proposals import Proposal
from broker.web.door import Denied, address_of, answer, body_of
from broker.web.threshold import Threshold
from policy.decision import Allow, Decision, Deny, Reason
from policy.roles import Operation, Role, may_act, may_give, sees, sites_fit
from policy.throttle import ENROL_BRAKE, address_group
from wire.limits import INVITATION_SECONDS, PROPOSAL_SECONDS
from wire.messages.administration import (
    AccountEntry,
    AccountInvite,
    AccountList,
    AccountNamed,
    AccountRole,
    AccountShown,
    AccountsLook,
    AccountState,
    BootstrapUse,
    InvitationIssued,
    ProposalMade,
)
from wire.messages.signin import Done

T = TypeVar("T")
_AT_ONCE = 200
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AdministrationRoutes:
    """The routes about others' accounts, and the one for whoever is first."""

    threshold: Threshold

    @property
    def roster(self) -> Roster:
        """What is done to accounts. The last administrator of a company stays."""
        return Roster(self.threshold.shell.store, self.threshold.shell.log)

    @property
    def approvals(self) -> Approvals:
        """What two persons do to accounts together."""
        return Approvals(self.roster)

    # ---- the first administrator, and the last resort

    async def bootstrap(self, request: Request) -> Response:
        """The secret from the broker's machine, used once. Where there are administrators already that is an alarm."""
        said, address = await body_of(request, BootstrapUse), address_of(request)
        await self.threshold.not_too_fast(request)
        subject = f"token {address_group(address)}"
        self.threshold.brake(subject, ENROL_BRAKE)
        invited = _new(said.sign_in_name, said.name, said.company, Role.ADMINISTRATOR, ())
        try:
            token, others = await self.roster.use_bootstrap(said.secret, invited, address, self.threshold.utc)
        except LogUnavailable:
            raise Denied(Reason.LOG_UNAVAILABLE) from None
        except Unchanged as fault:
            await self.threshold.count(subject, ENROL_BRAKE)
            await self.threshold.shell.stranger(address, log.BootstrapRefused(address=address, reason=fault.reason))
            raise Denied(fault.reason) from None
        if others:
            _LOG.warning("the bootstrap secret was used from %s although there are %d administrators", address, others)
        return answer(InvitationIssued(invited.technician_id, token, INVITATION_SECONDS))

    # ---- seeing

    async def accounts(self, request: Request) -> Response:
        """The accounts within the caller's reach."""
        said = await body_of(request, AccountsLook)
        caller = await self.caller(request)
        there = await self.threshold.shell.store.accounts.all()
        found = [each for each in there if each.technician_id > said.after and sees(caller.member, each.member)]
        shown = [await self._entry(each) for each in found[:_AT_ONCE]]
        return answer(AccountList(tuple(shown), more=len(found) > _AT_ONCE))

    async def show(self, request: Request) -> Response:
        """One account."""
        _, found = await self._about(request, (await body_of(request, AccountNamed)).account_id, Operation.ACCOUNTS_SEE)
        return answer(AccountShown(await self._entry(found)))

    async def _entry(self, account: Account) -> AccountEntry:
        state = await self._state(account)
        names = (account.technician_id, account.sign_in_name, account.name, account.company)
        return AccountEntry(*names, account.role, account.sites, state)

    async def _state(self, account: Account) -> AccountState:
        if account.deleted is not None:
            return AccountState.DELETED
        if account.suspended:
            return AccountState.SUSPENDED
        if not account.confirmed:
            return AccountState.INVITED
        failures = (await self.threshold.shell.store.credentials.of(account.technician_id)).failures
        return AccountState.STOPPED if failures >= self.threshold.rules.account_failures else AccountState.ACTIVE

    # ---- what widens

    async def invite(self, request: Request) -> Response:
        """Let somebody in; or propose to, where the account would decide about others."""
        said = await body_of(request, AccountInvite)
        caller = await self.caller(request, fresh=True)
        invited = _new(said.sign_in_name, said.name, caller.company, said.role, tuple(sorted(set(said.sites))))
        together = _together(caller, Operation.ACCOUNT_INVITE, said.role)
        await self.allow(request, caller, Operation.ACCOUNT_INVITE, said.sign_in_name, _may_invite(caller, invited, together=together))
        if together:
            return await self._proposed(self.approvals.propose_invitation(invited, caller, self.threshold.utc))
        token = await self.widen(self.roster.invite(invited, caller.technician_id, self.threshold.utc))
        return answer(InvitationIssued(invited.technician_id, token, INVITATION_SECONDS))

    async def invite_again(self, request: Request) -> Response:
        """Another invitation for somebody who did not come yet; the earlier one is worth nothing."""
        named = (await body_of(request, AccountNamed)).account_id
        caller, found = await self._about(request, named, Operation.ACCOUNT_INVITE)
        token = await self.widen(self.roster.invite(found, caller.technician_id, self.threshold.utc))
        return answer(InvitationIssued(found.technician_id, token, INVITATION_SECONDS))

    async def resume(self, request: Request) -> Response:
        """Open a suspended account again."""
        caller, found = await self._about(request, (await body_of(request, AccountNamed)).account_id, Operation.ACCOUNT_RESUME)
        await self.widen(self.roster.resume(found, caller.technician_id))
        return answer(Done())

    async def clear_stop(self, request: Request) -> Response:
        """Let an account be signed in to again after too many wrong sign-ins."""
        caller, found = await self._about(request, (await body_of(request, AccountNamed)).account_id, Operation.ACCOUNT_CLEAR_STOP)
        await self.widen(self.roster.clear_stop(found, caller.technician_id))
        return answer(Done())

    async def change_role(self, request: Request) -> Response:
        """Make an account one for something else; or propose to, where it would decide about others."""
        said = await body_of(request, AccountRole)
        caller, operation = await self.caller(request, fresh=True), Operation.ACCOUNT_CHANGE_ROLE
        found, together = await self._found(said.account_id), _together(caller, operation, said.role)
        sites = tuple(sorted(set(said.sites)))
        decided = _may_change(caller, found, said.role, sites, together=together)
        await self.allow(request, caller, operation, said.account_id, decided)
        assert found is not None
        if together:
            return await self._proposed(self.approvals.propose_role(found, said.role, sites, caller, self.threshold.utc))
        await self.widen(self.roster.change_role(found, said.role, sites, caller.technician_id))
        await self.threshold.shell.look_at_sign_ins()
        return answer(Done())

    async def _proposed(self, act: Awaitable[Proposal]) -> Response:
        proposal = await self.widen(act)
        return answer(ProposalMade(proposal.proposal_id, PROPOSAL_SECONDS), 202)

    # ---- what narrows

    async def suspend(self, request: Request) -> Response:
        """Close an account; who is signed in with it is out now."""
        caller, found = await self._about(request, (await body_of(request, AccountNamed)).account_id, Operation.ACCOUNT_SUSPEND)
        await self._narrow(self.roster.suspend(found, caller.technician_id))
        return answer(Done())

    async def delete(self, request: Request) -> Response:
        """Close an account for good. Its history stays."""
        caller, found = await self._about(request, (await body_of(request, AccountNamed)).account_id, Operation.ACCOUNT_DELETE)
        await self._narrow(self.roster.delete(found, caller.technician_id, self.threshold.utc))
        return answer(Done())

    async def sign_out(self, request: Request) -> Response:
        """End every sign-in of an account."""
        caller, found = await self._about(request, (await body_of(request, AccountNamed)).account_id, Operation.ACCOUNT_SIGN_OUT)
        await self._narrow(self.roster.sign_out(found, caller.technician_id))
        return answer(Done())

    # ---- who asks, about whom

    async def caller(self, request: Request, *, fresh: bool = False) -> Account:
        """Whose sign-in this is; `fresh`: with a second factor of the last five minutes. Raises Denied."""
        row = await (self.threshold.who_is_fresh(request) if fresh else self.threshold.who(request))
        return await self.threshold.account(row)

    async def _about(self, request: Request, account_id: str, operation: Operation) -> tuple[Account, Account]:
        """The caller and the account, if the caller may do this to it. Raises Denied."""
        caller = await self.caller(request, fresh=operation is not Operation.ACCOUNTS_SEE)
        found = await self._found(account_id)
        decided = may_act(caller.member, operation, found.member) if found is not None else Deny(Reason.ACCOUNT_UNKNOWN)
        await self.allow(request, caller, operation, account_id, decided)
        assert found is not None
        return caller, found

    async def _found(self, account_id: str) -> Account | None:
        return await self.threshold.shell.store.accounts.by_id(account_id)

    async def allow(self, request: Request, caller: Account, operation: Operation, given: str, decided: Decision) -> None:
        """Raises Denied, and records it, unless it was allowed."""
        if isinstance(decided, Deny):
            await self.refuse(request, caller, operation, given, decided.reason)

    async def refuse(self, request: Request, caller: Account, operation: Operation, given: str, reason: Reason) -> NoReturn:
        """Record it, and raise Denied."""
        asked = log.AdministrationRefused(
            technician_id=caller.technician_id, address=address_of(request), what=operation.value, account_given=given, reason=reason
        )
        await self.threshold.shell.stranger(address_of(request), asked)
        raise Denied(reason)

    # ---- doing it

    async def widen(self, act: Awaitable[T]) -> T:
        """Do it. Raises Denied."""
        try:
            return await act
        except LogUnavailable:
            raise Denied(Reason.LOG_UNAVAILABLE) from None
        except Unchanged as fault:
            raise Denied(fault.reason) from None

    async def _narrow(self, act: Awaitable[None]) -> None:
        """Do it, and let everybody who may not stay go before the caller hears of it."""
        await self.widen(act)
        await self.threshold.shell.look_at_sign_ins()


def _together(caller: Account, operation: Operation, role: Role) -> bool:
    """Is this a role that the caller gives only together with a second person?"""
    return may_give(caller.member, operation, role) == Deny(Reason.SECOND_PERSON_NEEDED)


def _may_invite(caller: Account, invited: Account, *, together: bool) -> Decision:
    decided = may_give(caller.member, Operation.ACCOUNT_INVITE, invited.role)
    if isinstance(decided, Deny) and not together:
        return decided
    if not sites_fit(invited.role, frozenset(invited.sites)):
        return Deny(Reason.ROLE_DENIES)
    return may_act(caller.member, Operation.ACCOUNT_INVITE, invited.member, together=together)


def _may_change(caller: Account, found: Account | None, role: Role, sites: tuple[str, ...], *, together: bool) -> Decision:
    if found is None:
        return Deny(Reason.ACCOUNT_UNKNOWN)
    decided = may_act(caller.member, Operation.ACCOUNT_CHANGE_ROLE, found.member, together=together)
    if isinstance(decided, Deny):
        return decided
    given = may_give(caller.member, Operation.ACCOUNT_CHANGE_ROLE, role)
    if isinstance(given, Deny) and not together:
        return given
    # A vendor's person never becomes a site's or the other way round: the sites stay as they are, or within the caller's own.
    fits = sites_fit(role, frozenset(sites)) and set(sites) <= set(caller.sites)
    return Allow() if fits else Deny(Reason.ROLE_DENIES)


def _new(sign_in_name: str, name: str, company: str, role: Role, sites: tuple[str, ...]) -> Account:
    """An account with an id that nobody had. The id says nothing about whose it is."""
    return Account(
        f"t-{token_hex(8)}", sign_in_name, name, company, None, None, None, confirmed=False, suspended=False, role=role, sites=sites
    )
