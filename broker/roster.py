"""What is done to others' accounts, whoever asks: over HTTP (`web/administration.py`) or at the broker's machine (`administration.py`).

What widens is in the log before it is so. What narrows is so at once, and in the log after it: a log that cannot be written keeps
nobody in. Who may ask for what is decided before anything here is called.
"""

from dataclasses import dataclass
from secrets import token_bytes

from audit.events import accounts as log
from audit.events import broker as broker_log
from audit.events import people as people_log
from broker.names import introduce, name_of_account
from broker.storage.accounts import Account
from broker.storage.log import AuditLog
from broker.storage.roster import Change
from broker.storage.secret_box import token_hash
from broker.storage.store import Store
from policy.decision import Reason
from policy.roles import Role
from wire.limits import BOOTSTRAP_SECONDS, INVITATION_SECONDS

_REASONS = {Change.UNKNOWN: Reason.ACCOUNT_UNKNOWN, Change.TAKEN: Reason.ACCOUNT_EXISTS, Change.LAST: Reason.LAST_ADMINISTRATOR}


class Unchanged(Exception):
    """It was not done, for this reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Roster:
    """The accounts of one broker. `spare_last` keeps the last administrator of a company in; only the machine may do without.

    What is done here raises Unchanged, or LogUnavailable where it would have widened.
    """

    store: Store
    log: AuditLog
    spare_last: bool = True

    # ---- in: the log first

    async def invite(self, account: Account, by: str, utc: float, *, anew: bool = False) -> bytes:
        """Invite somebody; the invitation's token. `anew` also begins an account that somebody has."""
        known = await self.may_invite(account, anew=anew)
        token = token_bytes(32)
        entries = [broker_log.InvitationMade(technician_id=account.technician_id, by=by)]
        given = log.RoleGiven(technician_id=account.technician_id, role=account.role, sites=account.sites, by=by)
        new = () if known else (given, await introduce(self.store.trail, account.technician_id, name_of_account(account), utc))
        await self.log.record(*entries, *new)
        _made(await self.store.roster.invite(account, token_hash(token), utc + INVITATION_SECONDS, anew=anew))
        return token

    async def may_invite(self, account: Account, *, anew: bool) -> Account | None:
        """The account as it is already. Looked at before anything is recorded; the store looks again."""
        known = await self.store.accounts.by_id(account.technician_id)
        if known is not None and known.deleted is not None:
            raise Unchanged(Reason.ACCOUNT_UNKNOWN)
        holder = await self.store.accounts.by_name(account.sign_in_name)
        others = holder is not None and holder.technician_id != account.technician_id
        if others or (known is not None and known.confirmed and not anew):
            raise Unchanged(Reason.ACCOUNT_EXISTS)
        return known

    async def resume(self, account: Account, by: str) -> None:
        """Open a suspended account again."""
        if account.deleted is not None:
            raise Unchanged(Reason.ACCOUNT_UNKNOWN)
        await self.log.record(broker_log.AccountRestored(technician_id=account.technician_id, by=by))
        _made(await self.store.roster.resume(account))

    async def clear_stop(self, account: Account, by: str) -> None:
        """Let it be signed in to again after too many wrong sign-ins in a row."""
        if account.deleted is not None:
            raise Unchanged(Reason.ACCOUNT_UNKNOWN)
        await self.log.record(people_log.AccountStopCleared(technician_id=account.technician_id, by=by))
        await self.store.credentials.forgive(account.technician_id)

    async def change_role(self, account: Account, role: Role, sites: tuple[str, ...], by: str) -> None:
        """Make it an account for something else. That may widen, so the log comes first."""
        if account.deleted is not None:
            raise Unchanged(Reason.ACCOUNT_UNKNOWN)
        if self.spare_last and role is not Role.ADMINISTRATOR and await self.store.roster.is_last(account):
            raise Unchanged(Reason.LAST_ADMINISTRATOR)
        changed = log.RoleChanged(technician_id=account.technician_id, before=account.role, role=role, sites=sites, by=by)
        await self.log.record(changed)
        _made(await self.store.roster.change_role(account, role, sites, spare_last=self.spare_last))

    # ---- out: at once

    async def suspend(self, account: Account, by: str) -> None:
        """Close it."""
        _made(await self.store.roster.suspend(account, spare_last=self.spare_last))
        await self.log.note(broker_log.AccountSuspended(technician_id=account.technician_id, by=by))

    async def delete(self, account: Account, by: str, utc: float) -> None:
        """Close it for good; its history stays."""
        _made(await self.store.roster.delete(account, utc, spare_last=self.spare_last))
        await self.log.note(log.AccountDeleted(technician_id=account.technician_id, name=account.name, by=by))

    async def sign_out(self, account: Account, by: str) -> None:
        """End every sign-in of it."""
        await self.store.credentials.end_others(account.technician_id, None)
        await self.log.note(log.SignedOutEverywhere(technician_id=account.technician_id, by=by))

    # ---- the first one

    async def offer_bootstrap(self, by: str, utc: float) -> bytes:
        """A secret that invites one administrator, once, within the hour. Earlier ones are worth nothing."""
        secret, others = token_bytes(32), await self.store.roster.administrators()
        await self.log.record(log.BootstrapSecretMade(by=by, minutes=BOOTSTRAP_SECONDS // 60, others=others))
        await self.store.roster.offer_bootstrap(token_hash(secret), utc + BOOTSTRAP_SECONDS)
        return secret

    async def use_bootstrap(self, secret: bytes, account: Account, address: str, utc: float) -> tuple[bytes, int]:
        """Invite this administrator with the secret; the invitation's token, and how many administrators there are beside."""
        hashed, token = token_hash(secret), token_bytes(32)
        if not await self.store.roster.bootstrap_offered(hashed, utc):
            raise Unchanged(Reason.BOOTSTRAP_INVALID)
        await self.may_invite(account, anew=False)
        others = await self.store.roster.administrators()
        used = log.BootstrapUsed(technician_id=account.technician_id, address=address, others=others)
        await self.log.record(used, await introduce(self.store.trail, account.technician_id, name_of_account(account), utc))
        change = await self.store.roster.use_bootstrap(hashed, account, token_hash(token), utc, utc + INVITATION_SECONDS)
        if change is Change.UNKNOWN:
            raise Unchanged(Reason.BOOTSTRAP_INVALID)
        _made(change)
        return token, others


def _made(change: Change) -> None:
    if change is not Change.MADE:
        raise Unchanged(_REASONS[change])
