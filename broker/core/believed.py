"""What the signed documents say, as this broker has verified them: one value, exchanged as a whole when something changes.

It is composed outside (`broker/web/documents.py`) and asked here. Time is the documents' own: never before the newest signed
timestamp, and from there on by the clock that nobody can set (docs/keys.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from policy.admission import Said
from policy.decision import Allow, Decision, Deny, Reason
from policy.documents import HostFacts
from policy.effective import black_out, chat, effective, phi_in_force
from policy.facts import InstrumentFacts, trained
from policy.instant import Instant
from policy.language import Party, Passwords
from policy.permissions import Permission
from policy.rulebook import Rulebook
from trust.rulebooks import silent
from trust.view import View, instrument_facts, visitor_facts
from wire.messages.documents import SiteDocument


@dataclass(frozen=True, slots=True)
class SiteWord:
    """A site's own documents in force. `files` are what its hosts are sent."""

    book: Rulebook
    terms: SiteDocument | None
    files: Mapping[str, bytes]


_SILENT = SiteWord(silent(Party.SITE), None, {})
"""A site without a repository of its own restricts nothing by itself."""
STALE = Said(Deny(Reason.DOCUMENT_STALE), Allow(), Allow())
"""What documents that are over, or were never there, say of everybody."""


@dataclass(frozen=True, slots=True)
class Believed:
    """`sites`: those with a pinned root; None where its documents are missing or over. `over`: when the vendor's are; `until`: when
    something of all this has to be composed anew. `proven` is the documents' time at `boot`. Seconds since 1970; `boot` of this machine.
    """

    view: View
    vendor: Rulebook
    files: Mapping[str, bytes]
    sites: Mapping[str, SiteWord | None]
    over: float
    until: float
    proven: float
    boot: float

    def moment(self, now: Instant) -> float:
        """The time by which everything is decided."""
        return max(now.utc, self.proven + max(0.0, now.boot - self.boot))

    def site(self, name: str) -> SiteWord | None:
        """What this site says for itself; None: nothing that is in force, though it should."""
        return self.sites.get(name, _SILENT)

    def said(self, technician_id: str, host_id: str, permission: Permission, *, phi_stated: bool, now: Instant) -> Said:
        """Steps 3, 4 and 6 of admission, of a technician at a host."""
        visitor = visitor_facts(self.view, technician_id)
        if visitor is None:
            return Said(Allow(), Allow(), Deny(Reason.NOT_ASSIGNED))
        instrument, moment = self._instrument(host_id, phi_stated), self.moment(now)
        training, site = trained(visitor, instrument.region, moment), self.site(instrument.site)
        if site is None:
            return Said(training, Allow(), Deny(Reason.DOCUMENT_STALE))
        closed = black_out(instrument, moment, self.vendor, site.book).decision
        return Said(training, closed, effective(permission, visitor, instrument, moment, self.vendor, site.book))

    def facts(self, host_id: str, *, phi_stated: bool) -> HostFacts:
        """What policy needs to know of a host. Health data is there if anybody says so, or where nobody has listed the host."""
        instrument = self._instrument(host_id, phi_stated)
        site = self.site(instrument.site)
        phi = site is None or phi_in_force(instrument, self.vendor, site.book)
        return HostFacts(host_id, instrument.group, instrument.listed, instrument.phi or phi)

    def chat(self, host_id: str, *, phi_stated: bool) -> Decision:
        """May the two people of a visit at this host write to each other?"""
        instrument = self._instrument(host_id, phi_stated)
        site = self.site(instrument.site)
        return Deny(Reason.DOCUMENT_STALE) if site is None else chat(instrument, self.vendor, site.book)

    @property
    def classic_passwords(self) -> bool:
        """Does the vendor, or a site that this broker serves, ask for passwords of the classic kind?"""
        books = (self.vendor, *(word.book for word in self.sites.values() if word is not None))
        return any(page.document.sign_in.passwords is Passwords.CLASSIC for book in books for page in book.pages)

    def _instrument(self, host_id: str, phi_stated: bool) -> InstrumentFacts:
        listed = self.view.listed_hosts.get(host_id)
        site = self.site(listed.site) if listed is not None else None
        own = replace(self.view, site_terms=site.terms if site is not None else None)
        return instrument_facts(own, host_id, phi_stated=phi_stated)
