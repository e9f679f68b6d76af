"""The audit trail over HTTP: read within one's reach. Who asked for what is in the log before anything is answered.

There is no route that changes an entry, lets one go or writes one: what is here reads.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from audit.events import trail as log
from broker.export_forms import MEDIA
from broker.storage.accounts import Account
from broker.trail import Trail, filter_lines, names_shown, shown, wanted_of
from broker.web.approvals import ApprovalRoutes
from broker.web.door import Denied, answer, body_of
from broker.web.threshold import Threshold
from policy.decision import Deny, Reason
from policy.roles import Operation
from policy.throttle import READ_BRAKE
from policy.trail import Reach
from runtime.catalogues import catalogue
from wire.limits import PROPOSAL_SECONDS
from wire.messages.administration import ProposalMade
from wire.messages.audit import (
    RECEIPTS_MAX,
    ExportAsk,
    ExportNamed,
    ReceiptEntry,
    ReceiptList,
    ReceiptNamed,
    ReceiptsLook,
    TrailLook,
    TrailPage,
)


@dataclass(frozen=True, slots=True)
class AuditRoutes:
    """The routes of whoever reads."""

    approvals: ApprovalRoutes

    @property
    def threshold(self) -> Threshold:
        """What every route of people shares."""
        return self.approvals.administration.threshold

    @property
    def trail(self) -> Trail:
        """What is read."""
        return Trail(self.threshold.shell.store, self.threshold.shell.board)

    async def entries(self, request: Request) -> Response:
        """A page of the trail."""
        said = await body_of(request, TrailLook)
        reader = await self.reader(request)
        reach = await self.reach(reader, Operation.AUDIT_READ)
        await self.threshold.record(log.TrailRead(by=reader.technician_id, wanted=filter_lines(said.wanted)))
        wanted = replace(wanted_of(said.wanted), after=said.after, newest_first=said.newest_first)
        # One more than is shown says whether there is a further page, and nothing about what is not there.
        found = await self.trail.page(reach, wanted, said.count + 1)
        entries, words = found.entries[: said.count], catalogue(said.language)
        after = entries[-1].index if len(found.entries) > said.count else 0
        return answer(TrailPage(tuple(shown(each, found, words) for each in entries), names_shown(found.names), after))

    # ---- copies

    async def propose_export(self, request: Request) -> Response:
        """Propose to take a copy away. Nothing leaves before a second person approved."""
        said = await body_of(request, ExportAsk)
        caller = await self.approvals.administration.caller(request, fresh=True)
        act = self.approvals.exports.propose(caller, said.wanted, said.form, said.language, self.threshold.utc)
        made = await self.approvals.or_refuse(request, caller, Operation.AUDIT_EXPORT, said.form.value, act)
        return answer(ProposalMade(made.export_id, PROPOSAL_SECONDS), 202)

    async def fetch_export(self, request: Request) -> Response:
        """Hand out what was approved, this once."""
        named = (await body_of(request, ExportNamed)).export_id
        caller = await self.approvals.administration.caller(request, fresh=True)
        await self.reader(request)
        async with self.threshold.turn(f"copy {named}"):
            act = self.approvals.exports.fetch(named, caller, self.threshold.shell.clock())
            found, content = await self.approvals.or_refuse(request, caller, Operation.AUDIT_FETCH, named, act)
        kept = {"content-disposition": f'attachment; filename="chaperone-{found.export_id}.{found.form.value}"'}
        return Response(content, media_type=MEDIA[found.form], headers=kept)

    # ---- receipts, as they were sealed

    async def receipts(self, request: Request) -> Response:
        """Which receipts were signed, within reach."""
        said = await body_of(request, ReceiptsLook)
        reader = await self.reader(request)
        about = await self.trail.receipts_about(await self.reach(reader, Operation.RECEIPTS_SEE))
        await self.threshold.record(log.ReceiptsListed(by=reader.technician_id))
        found = await self.threshold.shell.store.receipts.within(about, said.after, RECEIPTS_MAX + 1)
        shown = tuple(ReceiptEntry(each.session_id, each.host_id, each.digest, int(each.signed), each.copy_bytes) for each in found)
        return answer(ReceiptList(shown[:RECEIPTS_MAX], len(shown) > RECEIPTS_MAX))

    async def fetch_receipt(self, request: Request) -> Response:
        """Hand out a sealed copy, which only the vendor's auditor opens."""
        session_id = (await body_of(request, ReceiptNamed)).session_id
        caller = await self.approvals.administration.caller(request, fresh=True)
        await self.reader(request)
        about = await self.trail.receipts_about(await self.reach(caller, Operation.RECEIPT_FETCH))
        copy = await self.threshold.shell.store.receipts.copy_within(about, session_id)
        if copy is None:
            await self.approvals.administration.refuse(request, caller, Operation.RECEIPT_FETCH, session_id, Reason.RECEIPT_UNKNOWN)
        digest = sha256(copy).digest()
        await self.threshold.record(log.ReceiptFetched(session_id=session_id, digest=digest, by=caller.technician_id))
        kept = {"content-disposition": f'attachment; filename="receipt-{digest.hex()[:16]}.sealed"'}
        return Response(copy, media_type="application/octet-stream", headers=kept)

    # ---- who reads

    async def reader(self, request: Request) -> Account:
        """Whose sign-in this is. Raises Denied, also for whoever reads faster than people do."""
        account = await self.threshold.account(await self.threshold.who(request))
        subject = f"reader {account.technician_id}"
        self.threshold.brake(subject, READ_BRAKE)
        self.threshold.shell.board.count_failure(subject, READ_BRAKE, self.threshold.shell.clock())
        return account

    async def reach(self, reader: Account, operation: Operation) -> Reach:
        """What this account may read about now. Raises Denied."""
        reach = await self.trail.reach(reader, operation, self.threshold.shell.clock())
        if isinstance(reach, Deny):
            raise Denied(reach.reason)
        return reach
