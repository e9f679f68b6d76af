"""The signed documents of the vendor and of each site with a pinned root: read, kept, published, and put together for the cores.

A publication is verified first, then recorded, then kept, and only then counts. One is treated at a time, away from the loop.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from audit.events import broker as log
from broker.core.believed import Believed, SiteWord
from broker.core.commands import KeepTally
from broker.core.narrowing import documents_changed, visits_now
from broker.web.door import Denied, address_of, answer, body_of
from broker.web.shell import Shell
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.language import Party
from policy.throttle import PUBLISH_BRAKE
from trust.contents import SiteContents, VendorContents
from trust.metadata import SNAPSHOT, slug
from trust.refused import DocumentInvalid, DocumentRefused, DocumentStale
from trust.rulebooks import book_of
from trust.told import told
from trust.updater import Documents
from trust.verified import Verified
from trust.view import compose, digest
from wire.limits import DOCUMENT_BODY_MAX
from wire.messages.documents import DocumentsBundle, Repository
from wire.messages.signin import Done

_LOG = logging.getLogger(__name__)


def readers(folder: Path, vendor_root: bytes, site_roots: Mapping[str, bytes]) -> tuple[Documents, dict[str, Documents]]:
    """The vendor's reader and each site's, which keep what they took in `folder`. Raises DocumentInvalid for a root that is none."""
    vendor = Documents(folder / "vendor.json", Repository.VENDOR, vendor_root)
    sites = {name: Documents(folder / f"site-{slug(name)}.json", Repository.SITE, root) for name, root in site_roots.items()}
    return vendor, sites


@dataclass(slots=True)
class SignedDocuments:
    """What this process has verified. `sites` are those whose root it was configured with, by name."""

    shell: Shell
    vendor: Documents
    sites: Mapping[str, Documents]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _bringing: set[str] = field(default_factory=set)
    _until: float = 0.0

    def restore(self) -> None:
        """Begin with what was kept. What was damaged since counts as not there: until it is published again nobody is admitted by it."""
        now = self.shell.clock()
        for each in (self.vendor, *self.sites.values()):
            try:
                each.restore(now, None)
            except (DocumentRefused, OSError) as fault:
                _LOG.error("kept documents of the %s are not used: %s", each.repository.value, told(fault))
        self.shell.board.believed = self._believed(now)

    # ---- publishing

    async def publish(self, request: Request) -> Response:
        """Newer documents. Their signatures are the authority; who brings them does not matter."""
        address = address_of(request)
        decided = self.shell.board.may_try(f"documents {address}", PUBLISH_BRAKE, self.shell.clock())
        if isinstance(decided, Deny) or address in self._bringing:
            raise Denied(Reason.TOO_MANY_TRIES)
        self._bringing.add(address)
        try:
            await self._brought(await body_of(request, DocumentsBundle, DOCUMENT_BODY_MAX), request.url.path, address)
        finally:
            self._bringing.discard(address)
        return answer(Done())

    async def _brought(self, bundle: DocumentsBundle, path: str, address: str) -> None:
        if bundle.repository.value != path.rpartition("/")[2]:
            raise Denied(Reason.DOCUMENT_INVALID)
        try:
            async with self._turn:
                await self._published(bundle, address)
        except DocumentRefused as fault:
            _LOG.warning("documents of the %s were refused from %s: %s", bundle.repository.value, address, told(fault))
            subject = f"documents {address}"
            await self.shell.keep_tally(KeepTally(subject, self.shell.board.count_failure(subject, PUBLISH_BRAKE, self.shell.clock())))
            refused = log.DocumentsRefused(repository=bundle.repository, address=address, reason=fault.reason)
            await self.shell.stranger(address, refused)
            raise Denied(fault.reason) from None

    async def _published(self, bundle: DocumentsBundle, address: str) -> None:
        site, reader = self._reader_of(bundle)
        loop = asyncio.get_running_loop()

        def before(new: Verified) -> None:
            self._about_us(new, site)
            event = log.DocumentsPublished(
                repository=bundle.repository,
                site=site,
                version=new.versions[SNAPSHOT],
                digest=digest(new, None),
                address=address,
            )
            if not asyncio.run_coroutine_threadsafe(self.shell.record(event), loop).result():
                raise _NotRecorded

        now = self.shell.clock()
        try:
            changed = await asyncio.to_thread(reader.accept, bundle, now, None, before)
        except (_NotRecorded, OSError):
            raise Denied(Reason.LOG_UNAVAILABLE) from None
        if changed:
            await self.take_effect()

    def _reader_of(self, bundle: DocumentsBundle) -> tuple[str, Documents]:
        if bundle.repository is Repository.VENDOR:
            return "", self.vendor
        roots = {each.content for each in bundle.files if each.path.endswith(".root.json")}
        found = next(((name, each) for name, each in self.sites.items() if each.root in roots), None)
        if found is None:
            raise DocumentInvalid("no root of this repository is pinned here")
        return found

    def _about_us(self, new: Verified, site: str) -> None:
        said = new.contents
        if isinstance(said, VendorContents):
            ours = (self.shell.board.broker_id, self.shell.signer.public_key)
            if (said.service.broker.id, said.service.broker.key) != ours:
                raise DocumentInvalid("they name another broker")
        elif said.terms is not None and said.terms.site != site:
            raise DocumentInvalid("they are of another site than the one whose root this is")

    # ---- taking effect

    async def take_effect(self) -> None:
        """Put together what is in force now, and let the cores act on it."""
        now = self.shell.clock()
        await self.shell.perform(documents_changed(self.shell.board, self._believed(now), now))

    async def look(self) -> None:
        """Twice a second: something may be over, and every visit must still be allowed."""
        now = self.shell.clock()
        if self.vendor.newest is not None and self.vendor.time(now) >= self._until:
            await self.take_effect()
        elif self.shell.board.visits:
            await self.shell.perform(visits_now(self.shell.board, now))

    def _believed(self, now: Instant) -> Believed | None:
        try:
            vendor = self.vendor.in_force(now)
        except DocumentStale as fault:
            if self.shell.board.believed is not None or self._until == 0.0:
                _LOG.warning("nobody is admitted: %s", fault)
            self._until = float("inf")
            return None
        time = self.vendor.time(now)
        view = compose(vendor, None, time)
        sites = {name: _word(each, now) for name, each in self.sites.items()}
        ends = [each.newest.expires for name, each in self.sites.items() if sites[name] is not None and each.newest is not None]
        self._until = min([float(view.expires), *map(float, ends)])
        for note in view.notes:
            _LOG.info("signed documents: %s", note)
        book = book_of(Party.VENDOR, view.vendor_policy, ZoneInfo)
        return Believed(view, book, vendor.files, sites, float(vendor.expires), self._until, time, now.boot)


class _NotRecorded(Exception):
    """The log could not be written: the publication does not happen."""


def _word(site: Documents, now: Instant) -> SiteWord | None:
    try:
        verified = site.in_force(now)
    except DocumentStale as fault:
        _LOG.warning("the hosts of a site are closed: %s", fault)
        return None
    said = verified.contents
    assert isinstance(said, SiteContents)
    return SiteWord(book_of(Party.SITE, said.policy, ZoneInfo), said.terms, verified.files)
