"""The signed documents of this host on its disk: verified from the roots that were pinned at enrolment, kept, and put together.

Runs in a thread beside the loop: verifying takes a tenth of a second, and a disk as long as it likes.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from host_client.core.in_force import Held, InForce, Taken
from policy.decision import Reason
from policy.instant import Instant
from policy.language import Party
from policy.rulebook import Rulebook
from runtime.private_files import private_folder
from trust.contents import SiteContents, VendorContents
from trust.refused import DocumentInvalid, DocumentRefused, DocumentStale
from trust.rulebooks import book_of, silent
from trust.updater import Documents
from trust.verified import Verified
from trust.view import compose
from wire.messages.documents import DocumentsBundle, Repository

_LOG = logging.getLogger(__name__)


class HostDocuments:
    """Both repositories of one host. `site_root` is empty where the site has none of its own."""

    def __init__(self, folder: Path, site: str, broker_id: str, vendor_root: bytes, site_root: bytes, clock: Callable[[], Instant]) -> None:
        """Raises DocumentInvalid for a root that is none, OSError."""
        private_folder(folder)
        self._site_name, self._broker_id, self._clock = site, broker_id, clock
        self.vendor = Documents(folder / "vendor.json", Repository.VENDOR, vendor_root)
        self.site = Documents(folder / "site.json", Repository.SITE, site_root) if site_root else None

    def restore(self) -> InForce | None:
        """Begin with what was kept, expired or not. Raises DocumentInvalid if it was changed since: whoever did that would have this host
        believe older ones again. OSError.
        """
        for each in self._readers():
            each.restore(self._clock(), self._site_name)
        return self.look()

    def _readers(self) -> tuple[Documents, ...]:
        return (self.vendor, self.site) if self.site is not None else (self.vendor,)

    @property
    def held(self) -> Held:
        """What need not be sent again."""
        vendor, site = self.vendor.newest, self.site.newest if self.site is not None else None
        return Held(tuple(vendor.files) if vendor else (), tuple(site.files) if site else (), _broker_key(vendor))

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Who witnesses, as the site signed; also when that is over, because a witness narrows nothing."""
        newest = self.site.newest if self.site is not None else None
        terms = newest.contents.terms if newest is not None and isinstance(newest.contents, SiteContents) else None
        return tuple(terms.witness.split()) if terms is not None else ()

    def take(self, bundle: DocumentsBundle) -> Taken | Reason:
        """Verify and keep what is newer. The reason, and nothing has changed, if it does not stand or cannot be kept."""
        reader = self.vendor if bundle.repository is Repository.VENDOR else self.site
        if reader is None:  # the broker knows a root that no administrator of this PC has pinned yet: nothing of it counts here
            return Taken(False, self.look(), self.held)
        try:
            changed = reader.accept(bundle, self._clock(), self._site_name, self._about_us)
        except DocumentRefused as fault:
            _LOG.warning("documents of the %s were not taken: %s", bundle.repository.value, fault)
            return fault.reason
        except OSError as fault:
            _LOG.error("documents of the %s could not be kept: %s", bundle.repository.value, fault)
            return Reason.LOG_UNAVAILABLE
        return Taken(changed, self.look(), self.held)

    def _about_us(self, new: Verified) -> None:
        said = new.contents
        if isinstance(said, VendorContents):
            if said.service.broker.id != self._broker_id:
                raise DocumentInvalid("they name another broker")
        elif said.terms is not None and said.terms.site != self._site_name:
            raise DocumentInvalid("they are of another site")

    def look(self) -> InForce | None:
        """What is in force now; None in safe mode, and before the first documents."""
        now = self._clock()
        try:
            vendor = self.vendor.in_force(now)
        except DocumentStale as fault:
            _LOG.warning("nobody is let in: %s", fault)
            return None
        site = self._site_in_force(now)
        time = self.vendor.time(now)
        view = compose(vendor, site, time)
        for note in view.notes:
            _LOG.info("signed documents: %s", note)
        book = book_of(Party.VENDOR, view.vendor_policy, ZoneInfo)
        return InForce(view, book, self._site_book(site), float(vendor.expires), float(view.expires), time, now.boot)

    def _site_in_force(self, now: Instant) -> Verified | None:
        if self.site is None:
            return None
        try:
            return self.site.in_force(now)
        except DocumentStale as fault:
            _LOG.warning("nobody is let in: %s", fault)
            return None

    def _site_book(self, site: Verified | None) -> Rulebook | None:
        if self.site is None:
            return silent(Party.SITE)
        if site is None:
            return None
        assert isinstance(site.contents, SiteContents)
        return book_of(Party.SITE, site.contents.policy, ZoneInfo)


def _broker_key(vendor: Verified | None) -> bytes:
    if vendor is None:
        return b""
    assert isinstance(vendor.contents, VendorContents)
    return vendor.contents.service.broker.key
