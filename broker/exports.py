"""A copy of the trail that leaves the broker: proposed by one, approved by another, handed out once (`policy/exports.py`).

Each step is in the log before it is so. What the copy holds is what the proposer may read at the moment he fetches it, and no entry
that is newer than the approval.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from secrets import token_hex

from audit.events import trail as log
from audit.events.shape import Event
from broker.export_forms import copy_of
from broker.roster import Unchanged
from broker.storage.accounts import Account
from broker.storage.exports import StoredExport
from broker.storage.log import AuditLog
from broker.storage.proposals import usable
from broker.trail import Trail, filter_lines, shown, wanted_of
from policy.decision import Deny, Reason
from policy.exports import Export, ExportState, may_approve_export, may_decline_export, may_fetch, sees_export
from policy.instant import Instant
from policy.roles import Operation
from policy.trail import Reach
from runtime.catalogues import catalogue
from wire.limits import EXPORT_ENTRIES_MAX, EXPORT_FETCH_SECONDS, EXPORT_PDF_MAX, PROPOSAL_SECONDS, PROPOSALS_MAX
from wire.messages.audit import ExportForm, TrailEntry, TrailFilter

PREFIX = "x-"
"""How the id of a copy begins: the routes of approval tell it from a proposal about an account."""


@dataclass(frozen=True, slots=True)
class Exports:
    """What is done here raises Unchanged, or LogUnavailable where nothing can be recorded."""

    trail: Trail
    log: AuditLog

    async def propose(self, by: Account, wanted: TrailFilter, form: ExportForm, language: str, utc: float) -> StoredExport:
        """Somebody wants a copy."""
        store = self.trail.store.exports
        if await store.waiting_of(by.technician_id, utc) >= PROPOSALS_MAX:
            raise Unchanged(Reason.TOO_MANY_PROPOSALS)
        export = Export(by.member, by.name, utc, utc + PROPOSAL_SECONDS, ExportState.WAITING)
        made = StoredExport(f"{PREFIX}{token_hex(8)}", export, form, language, wanted)
        said = log.ExportProposed(export_id=made.export_id, form=form.value, wanted=filter_lines(wanted), by=by.technician_id)
        await self.log.record(said)
        await store.keep(made)
        return made

    async def waiting(self, member: Account, utc: float) -> tuple[StoredExport, ...]:
        """Those that this account is told of."""
        return tuple(each for each in await self.trail.store.exports.waiting(utc) if sees_export(member.member, each.export))

    async def approve(self, export_id: str, approver: Account, utc: float) -> StoredExport:
        """Let it be fetched. Nothing that happens from here on is in it."""
        found = await self._found(export_id)
        proposer = usable(await self.trail.store.accounts.by_id(found.export.proposer.account_id))
        decided = may_approve_export(approver.member, approver.name, found.export, proposer, utc)
        if isinstance(decided, Deny):
            raise Unchanged(decided.reason)
        newest, by = await self.trail.store.trail.newest(), found.export.proposer.account_id
        await self.log.record(log.ExportApproved(export_id=export_id, proposed_by=by, by=approver.technician_id))
        if not await self.trail.store.exports.decide(export_id, ExportState.APPROVED, approver.technician_id, utc, newest):
            raise Unchanged(Reason.PROPOSAL_DECIDED)
        return found

    async def end(self, export_id: str, by: Account, utc: float) -> None:
        """Decline it, or take one's own back."""
        found = await self._found(export_id)
        decided = may_decline_export(by.member, found.export, utc)
        if isinstance(decided, Deny):
            raise Unchanged(decided.reason)
        proposer = found.export.proposer.account_id
        own = proposer == by.technician_id
        state = ExportState.WITHDRAWN if own else ExportState.DECLINED
        if not await self.trail.store.exports.decide(export_id, state, by.technician_id, utc):
            raise Unchanged(Reason.PROPOSAL_DECIDED)
        withdrawn, declined = log.ExportWithdrawn, log.ExportDeclined
        said: Event = withdrawn(export_id=export_id, by=by.technician_id)
        await self.log.note(said if own else declined(export_id=export_id, proposed_by=proposer, by=by.technician_id))

    async def fetch(self, export_id: str, by: Account, now: Instant) -> tuple[StoredExport, bytes]:
        """Hand it out, this once."""
        found = await self._found(export_id)
        decided = may_fetch(by.member, found.export, EXPORT_FETCH_SECONDS, now.utc)
        if isinstance(decided, Deny):
            raise Unchanged(decided.reason)
        reach = await self.trail.reach(by, Operation.AUDIT_EXPORT, now)
        if isinstance(reach, Deny):
            raise Unchanged(reach.reason)
        entries = [each async for piece in self._entries(found, reach) for each in piece]
        if len(entries) > _most(found.form):
            raise Unchanged(Reason.TOO_LARGE)
        words = catalogue(found.language)
        title = words.text("export-copy-title", copy=export_id)
        content = await asyncio.to_thread(copy_of, found.form, title, entries, words)
        await self.log.record(log.ExportFetched(export_id=export_id, count=len(entries), by=by.technician_id))
        if not await self.trail.store.exports.fetch(export_id):
            raise Unchanged(Reason.PROPOSAL_DECIDED)
        return found, content

    async def _entries(self, found: StoredExport, reach: Reach) -> AsyncIterator[list[TrailEntry]]:
        words, wanted = catalogue(found.language), replace(wanted_of(found.wanted), until=found.newest)
        async for piece in self.trail.whole(reach, wanted, _most(found.form) + 1):
            # Sentences take a tenth of a millisecond each; nobody else waits for them.
            yield await asyncio.to_thread(lambda some: [shown(each, some, words) for each in some.entries], piece)

    async def _found(self, export_id: str) -> StoredExport:
        found = await self.trail.store.exports.by_id(export_id)
        if found is None:
            raise Unchanged(Reason.PROPOSAL_UNKNOWN)
        return found


def _most(form: ExportForm) -> int:
    return EXPORT_PDF_MAX if form is ExportForm.PDF else EXPORT_ENTRIES_MAX
