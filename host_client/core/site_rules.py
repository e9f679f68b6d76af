"""The site's own rules as this host stands to them: none given, in force, or unusable. The vendor cannot loosen them.

New rules act at once where they narrow and only once they are recorded where they widen: until then both the old and the
new must allow. Rules that cannot be read let nobody in, so that a slip of the pen is noticed and opens nothing.
"""

from dataclasses import dataclass

from policy.decision import Allow, Decision, Deny, Reason
from policy.effective import black_out, effective, phi_in_force, until_change
from policy.facts import InstrumentFacts, VisitorFacts
from policy.language import Document, Party, TermsInForce, nothing_said, terms_in_force
from policy.permissions import Permission
from policy.rulebook import Page, Rulebook
from wire.limits import PROMPT_SECONDS, SESSION_HARD_LIMIT_SECONDS

_VENDOR = Rulebook(Party.VENDOR, nothing_said(Party.VENDOR), ())
"""The vendor's word at this host is the signed directory; it has no pages of rules here, so none is asked."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """The site's document as it was read. `digest` is SHA-256 of its bytes; `page` is None when it cannot be used."""

    digest: bytes
    document: Document | None
    page: Page | None


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What is asked at each step. No pages and not `broken`: the site has given no document, and restricts nothing by itself."""

    pages: tuple[Page, ...] = ()
    broken: bool = False

    def with_also(self, other: "SiteRules") -> "SiteRules":
        """What both allow."""
        return SiteRules(self.pages + other.pages, self.broken or other.broken)

    @property
    def version(self) -> int:
        """Of the newest document in force, 0 if there is none."""
        return max((page.document.version for page in self.pages), default=0)

    def _book(self) -> Rulebook:
        policy = self.pages[0].document if self.pages else nothing_said(Party.SITE)
        return Rulebook(Party.SITE, policy, self.pages)

    def phi(self, instrument: InstrumentFacts) -> bool:
        """Health data at this instrument, whoever says so."""
        return phi_in_force(instrument, _VENDOR, self._book())

    def open(self, instrument: InstrumentFacts, moment: float) -> Decision:
        """Admission step 4: nobody's black-out holds. `moment` is seconds since 1970."""
        return black_out(instrument, moment, _VENDOR, self._book()).decision

    def allows(self, permission: Permission, visitor: VisitorFacts, instrument: InstrumentFacts, moment: float) -> Decision:
        """Admission step 6."""
        if self.broken:
            return Deny(Reason.SITE_POLICY)
        return effective(permission, visitor, instrument, moment, _VENDOR, self._book())

    def until(
        self, permission: Permission, visitor: VisitorFacts, instrument: InstrumentFacts, moment: float, within: int
    ) -> float | None:
        """The first moment at which what is allowed now is denied because time has passed; None: not within so many seconds."""
        return until_change(permission, visitor, instrument, moment, _VENDOR, self._book(), within)

    def prompt_seconds(self, permission: Permission) -> int:
        """How long a question waits: the shortest that anybody wants."""
        return min((PROMPT_SECONDS, *(terms.prompt_seconds[permission] for terms in self._terms())))

    def limit_seconds(self) -> int:
        """How long a visit may last."""
        return min((SESSION_HARD_LIMIT_SECONDS, *(terms.limit_minutes * 60 for terms in self._terms())))

    def _terms(self) -> list[TermsInForce]:
        return [terms_in_force(_VENDOR.policy, page.document) for page in self.pages]


def rules_of(read: SiteFile | None) -> SiteRules:
    """The rules that this file gives; None for no file."""
    if read is None:
        return SiteRules()
    return SiteRules(broken=True) if read.page is None else SiteRules((read.page,))


def may_follow(old: SiteRules, read: SiteFile | None) -> Decision:
    """Is it no older than what is in force? A file that is taken away does not take the rules away."""
    if read is None:
        return Deny(Reason.DOCUMENT_INVALID) if old.pages else Allow()
    if read.document is not None and read.document.version < old.version:
        return Deny(Reason.DOCUMENT_STALE)
    return Allow()
