"""The site's file of rules on this PC as this host stands to it: none given, in force, or unusable. What it means for a visit: `rules.py`.

New rules act at once where they narrow and only once they are recorded where they widen: until then both the old and the
new must allow. Rules that cannot be read let nobody in, so that a slip of the pen is noticed and opens nothing.
"""

from dataclasses import dataclass

from policy.decision import Allow, Decision, Deny, Reason
from policy.language import Document
from policy.rulebook import Page


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
