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
from broker.roster import Roster, Unchanged
from broker.storage.accounts import Account
from broker.storage.log import LogUnavailable
from broker.web.door import Denied, address_of, answer, body_of
from broker.web.threshold import Threshold
from policy.decision import Decision, Deny, Reason
from policy.roles import Operation, Role, may_act, may_give, sees, sites_fit
from policy.throttle import ENROL_BRAKE, address_group
from wire.limits import INVITATION_SECONDS
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
        caller = await self._caller(request)
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
        """Let somebody in."""
        said = await body_of(request, AccountInvite)
        caller = await self._caller(request, fresh=True)
        await self._allow(request, caller, Operation.ACCOUNT_INVITE, said.sign_in_name, self._may_invite(caller, said))
        invited = _new(said.sign_in_name, said.name, caller.company, said.role, tuple(sorted(set(said.sites))))
        token = await self._widen(self.roster.invite(invited, caller.technician_id, self.threshold.utc))
        return answer(InvitationIssued(invited.technician_id, token, INVITATION_SECONDS))

    @staticmethod
    def _may_invite(caller: Account, said: AccountInvite) -> Decision:
        decided = may_give(caller.member, Operation.ACCOUNT_INVITE, said.role)
        if isinstance(decided, Deny):
            return decided
        new = _new(said.sign_in_name, said.name, caller.company, said.role, said.sites)
        return may_act(caller.member, Operation.ACCOUNT_INVITE, new.member)

    async def invite_again(self, request: Request) -> Response:
        """Another invitation for somebody who did not come yet; the earlier one is worth nothing."""
        named = (await body_of(request, AccountNamed)).account_id
        caller, found = await self._about(request, named, Operation.ACCOUNT_INVITE)
        token = await self._widen(self.roster.invite(found, caller.technician_id, self.threshold.utc))
        return answer(InvitationIssued(found.technician_id, token, INVITATION_SECONDS))

    async def resume(self, request: Request) -> Response:
        """Open a suspended account again."""
        caller, found = await self._about(request, (await body_of(request, AccountNamed)).account_id, Operation.ACCOUNT_RESUME)
        await self._widen(self.roster.resume(found, caller.technician_id))
        return answer(Done())

    async def clear_stop(self, request: Request) -> Response:
        """Let an account be signed in to again after too many wrong sign-ins."""
        caller, found = await self._about(request, (await body_of(request, AccountNamed)).account_id, Operation.ACCOUNT_CLEAR_STOP)
        await self._widen(self.roster.clear_stop(found, caller.technician_id))
        return answer(Done())

    async def change_role(self, request: Request) -> Response:
        """Make an account one for something else."""
        said = await body_of(request, AccountRole)
        caller, found = await self._about(request, said.account_id, Operation.ACCOUNT_CHANGE_ROLE)
        decided = may_give(caller.member, Operation.ACCOUNT_CHANGE_ROLE, said.role)
        await self._allow(request, caller, Operation.ACCOUNT_CHANGE_ROLE, said.account_id, decided)
        # A vendor's person never becomes a site's or the other way round: the sites stay as they are, or within the caller's own.
        sites = tuple(sorted(set(said.sites)))
        if not sites_fit(said.role, frozenset(sites)) or not set(sites) <= set(caller.sites):
            raise Denied(Reason.ROLE_DENIES)
        await self._widen(self.roster.change_role(found, said.role, sites, caller.technician_id))
        await self.threshold.shell.look_at_sign_ins()
        return answer(Done())

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

    async def _caller(self, request: Request, *, fresh: bool = False) -> Account:
        row = await (self.threshold.who_is_fresh(request) if fresh else self.threshold.who(request))
        return await self.threshold.account(row)

    async def _about(self, request: Request, account_id: str, operation: Operation) -> tuple[Account, Account]:
        """The caller and the account, if the caller may do this to it. Raises Denied."""
        caller = await self._caller(request, fresh=operation is not Operation.ACCOUNTS_SEE)
        found = await self.threshold.shell.store.accounts.by_id(account_id)
        decided = may_act(caller.member, operation, found.member) if found is not None else Deny(Reason.ACCOUNT_UNKNOWN)
        await self._allow(request, caller, operation, account_id, decided)
        assert found is not None
        return caller, found

    async def _allow(self, request: Request, caller: Account, operation: Operation, given: str, decided: Decision) -> None:
        if isinstance(decided, Deny):
            await self._refuse(request, caller, operation, given, decided.reason)

    async def _refuse(self, request: Request, caller: Account, operation: Operation, given: str, reason: Reason) -> NoReturn:
        asked = log.AdministrationRefused(
            technician_id=caller.technician_id, address=address_of(request), what=operation.value, account_given=given, reason=reason
        )
        await self.threshold.shell.stranger(address_of(request), asked)
        raise Denied(reason)

    # ---- doing it

    async def _widen(self, act: Awaitable[T]) -> T:
        try:
            return await act
        except LogUnavailable:
            raise Denied(Reason.LOG_UNAVAILABLE) from None
        except Unchanged as fault:
            raise Denied(fault.reason) from None

    async def _narrow(self, act: Awaitable[None]) -> None:
        """Do it, and let everybody who may not stay go before the caller hears of it."""
        await self._widen(act)
        await self.threshold.shell.look_at_sign_ins()


def _new(sign_in_name: str, name: str, company: str, role: Role, sites: tuple[str, ...]) -> Account:
    """An account with an id that nobody had. The id says nothing about whose it is."""
    return Account(
        f"t-{token_hex(8)}", sign_in_name, name, company, None, None, None, confirmed=False, suspended=False, role=role, sites=sites
    )
