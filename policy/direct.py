"""May content of a visit at this instrument go directly, and between which ranges of addresses? Pure, like all of policy.

Only the *site* can say yes, with `direct = "allow"` or `"only"` in its document; who is silent has said `never`. Either party takes it
back for some instruments with `[relay_only]`. Of several documents the narrowest counts, and of their ranges what lies in all.

`only` says two things: content goes directly, and never over the relay. Where another document, or `[relay_only]`, closes the direct
path, no way is left, and the visit is refused (`effective.py`) rather than one of the two words broken.
"""

from dataclasses import dataclass
from functools import reduce

from policy.carrier import Direct
from policy.facts import InstrumentFacts
from policy.networks import WITHIN_BUILDINGS, Network, holding, in_order, meeting
from policy.rulebook import Page, Rulebook

__all__ = ["NO_DIRECT", "NO_WAY", "Direct", "DirectTerms", "Word", "terms_for", "words_of"]


@dataclass(frozen=True, slots=True)
class DirectTerms:
    """What holds for one instrument now. A mode that is not NEVER opens what lies in `ranges`, and ONLY closes the relay."""

    mode: Direct
    ranges: tuple[Network, ...]

    @property
    def no_way(self) -> bool:
        """May content take neither the direct path nor the relay? Whoever looks at the mode alone opens neither."""
        return self.mode is Direct.ONLY and not self.ranges

    def range_of(self, address: str) -> str | None:
        """The range that holds this address, as it is written; None: no content goes there."""
        found = holding(self.ranges, address)
        return None if found is None else str(found)


NO_DIRECT = DirectTerms(Direct.NEVER, ())
"""Everything goes over the relay."""
NO_WAY = DirectTerms(Direct.ONLY, ())
"""One word closes the relay and another the direct path."""


def terms_for(instrument: InstrumentFacts, vendor: Rulebook, site: Rulebook) -> DirectTerms:
    """What all documents in force say together."""
    said = {page.document.direct for page in site.pages}
    if not said & {Direct.ALLOW, Direct.ONLY}:
        return NO_DIRECT  # nearly always, so nothing else is looked at
    ranges = reduce(meeting, map(ranges_of, site.pages))
    relay_only = any(page.relay_only(instrument) for page in vendor.pages + site.pages)
    if Direct.NEVER in said or relay_only or not ranges:
        return NO_WAY if Direct.ONLY in said else NO_DIRECT
    return DirectTerms(Direct.ONLY if Direct.ONLY in said else Direct.ALLOW, ranges)


def ranges_of(page: Page) -> tuple[Network, ...]:
    """The ranges of one document."""
    named = page.document.direct_ranges
    return in_order(set(WITHIN_BUILDINGS if named is None else named))


@dataclass(frozen=True, slots=True)
class Word:
    """What one document says of this, for an explanation: `policy-direct-<says>` in the catalogues."""

    file: str
    says: str


def words_of(instrument: InstrumentFacts, vendor: Rulebook, site: Rulebook) -> tuple[Word, ...]:
    """Every word that is said about this instrument, the site's first."""
    modes = [Word(page.document.file, page.document.direct.value) for page in site.pages]
    relay = [Word(page.document.file, "relay_only") for page in site.pages + vendor.pages if page.relay_only(instrument)]
    return (*modes, *relay)
