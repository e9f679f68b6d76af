"""All rules that this host lives by: the vendor's, the site's signed ones, and those of the site's file on this PC.

What all of them allow is allowed, and of two numbers the smaller counts. None of them can widen another's answer.
"""

from dataclasses import dataclass

from host_client.core.site_rules import SiteRules
from policy.decision import Decision, Deny, Reason
from policy.direct import NO_WAY, DirectTerms, terms_for
from policy.effective import black_out, chat, effective, phi_in_force, until_change
from policy.facts import InstrumentFacts, VisitorFacts
from policy.language import FilesAsk, Mask, Party, TermsInForce, nothing_said, terms_in_force
from policy.permissions import Permission
from policy.rulebook import Page, Rulebook
from wire.limits import PROMPT_SECONDS, SESSION_HARD_LIMIT_SECONDS, SESSION_IDLE_SECONDS


@dataclass(frozen=True, slots=True)
class Rules:
    """`signed` None: the site's documents are missing or over, though they should be there."""

    vendor: Rulebook
    signed: Rulebook | None
    local: SiteRules

    def _site(self) -> Rulebook:
        pages = self._site_pages()
        return Rulebook(Party.SITE, pages[0].document if pages else nothing_said(Party.SITE), pages)

    def _site_pages(self) -> tuple[Page, ...]:
        return (self.signed.pages if self.signed is not None else ()) + self.local.pages

    def phi(self, instrument: InstrumentFacts) -> bool:
        """Health data at this instrument, whoever says so. A site that should say something and does not is taken to say yes."""
        return self.signed is None or phi_in_force(instrument, self.vendor, self._site())

    def open(self, instrument: InstrumentFacts, moment: float) -> Decision:
        """Admission step 4: nobody's black-out holds. `moment` is seconds since 1970."""
        return black_out(instrument, moment, self.vendor, self._site()).decision

    def allows(self, permission: Permission, visitor: VisitorFacts, instrument: InstrumentFacts, moment: float) -> Decision:
        """Admission step 6."""
        if self.signed is None:
            return Deny(Reason.DOCUMENT_STALE)
        if self.local.broken:
            return Deny(Reason.SITE_POLICY)
        return effective(permission, visitor, instrument, moment, self.vendor, self._site())

    def chat(self, instrument: InstrumentFacts) -> Decision:
        """May the two people of a visit write to each other?"""
        if self.signed is None:
            return Deny(Reason.DOCUMENT_STALE)
        if self.local.broken:
            return Deny(Reason.SITE_POLICY)
        return chat(instrument, self.vendor, self._site())

    def direct(self, instrument: InstrumentFacts) -> DirectTerms:
        """May content go straight to the technician's browser?"""
        usable = self.signed is not None and not self.local.broken
        return terms_for(instrument, self.vendor, self._site()) if usable else NO_WAY

    def until(self, permission: Permission, visitor: VisitorFacts, instrument: InstrumentFacts, moment: float, within: int) -> float | None:
        """The first moment at which what is allowed now is denied because time has passed; None: not within so many seconds."""
        if self.signed is None:
            return moment
        return until_change(permission, visitor, instrument, moment, self.vendor, self._site(), within)

    def masks(self, instrument: InstrumentFacts) -> tuple[Mask, ...]:
        """What no technician sees there, whoever says so."""
        return tuple(mask for page in self.vendor.pages + self._site_pages() for mask in page.masks(instrument))

    def prompt_seconds(self, permission: Permission) -> int:
        """How long a question waits: the shortest that anybody wants."""
        return min((PROMPT_SECONDS, *(terms.prompt_seconds[permission] for terms in self._terms())))

    def all_files(self) -> bool:
        """May the person allow all files of a visit at once? Only if nobody wants each to be asked for."""
        terms = self._terms()
        return bool(terms) and all(each.files_ask is FilesAsk.SESSION for each in terms)

    def limit_seconds(self) -> int:
        """How long a visit may last."""
        return min((SESSION_HARD_LIMIT_SECONDS, *(terms.limit_minutes * 60 for terms in self._terms())))

    def idle_seconds(self) -> int:
        """How long nobody may do anything in a visit before both ends are warned."""
        return min((terms.idle_minutes * 60 for terms in self._terms()), default=SESSION_IDLE_SECONDS)

    def _terms(self) -> list[TermsInForce]:
        return [terms_in_force(page.document, page.document) for page in self.vendor.pages + self._site_pages()]
