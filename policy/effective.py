"""Effective policy: vendor ∩ site ∩ what the instrument is. The most restrictive wins, and nothing said is a no.

The checks are steps 3 to 6 of admission (docs/protocol.md, section 6), in that order, and are the same for a decision and
its explanation. What the person at the instrument granted is `consent.py`; `narrowest` joins both.

Rules for editors
    1. A check can only deny. No check looks at the answer of another, so that none can repair what one refused.
    2. Within a party: a deny that fits and is open wins; else an allow that fits and is open; else no.
    3. Every page of every party is asked. A document more is a check more, never one less.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from policy.carrier import Direct
from policy.decision import Allow, Decision, Deny, Reason
from policy.direct import terms_for
from policy.facts import InstrumentFacts, VisitorFacts, may_see, trained, trained_until
from policy.hours import changes
from policy.language import Chat, Party, Visits
from policy.permissions import TERMS, Permission
from policy.profiles import holds_phi
from policy.rulebook import Entry, Page, Rulebook, Walls

DAY = 24 * 3600
BY_RELAY_ALONE = frozenset({Permission.FILE_TO_HOST, Permission.FILE_FROM_HOST})
"""What no direct path carries: closed where a site says `only`."""
PARTY_REASON = {Party.VENDOR: Reason.VENDOR_POLICY, Party.SITE: Reason.SITE_POLICY}
"""The reason that a technician is told when a party's rules do not allow something."""


class Check(StrEnum):
    """What was checked; `policy-<check>-<outcome>` in the catalogues."""

    TRAINING = "training"
    LISTED = "listed"
    BLACK_OUT = "black_out"
    GROUP = "group"
    PHI = "phi"
    OFFERED = "offered"
    VENDOR = "vendor"
    SITE = "site"
    CARRIER = "carrier"


STEP = {
    Check.TRAINING: 3,
    Check.LISTED: 4,
    Check.BLACK_OUT: 4,
    Check.GROUP: 5,
    Check.PHI: 6,
    Check.OFFERED: 6,
    Check.VENDOR: 6,
    Check.SITE: 6,
    Check.CARRIER: 6,
}
"""The step of admission that a check belongs to."""


class Outcome(StrEnum):
    """How a check went. CLOSED and SILENT are refusals for want of an open rule, and of any rule."""

    ALLOWED = "allowed"
    DENIED = "denied"
    CLOSED = "closed"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check, how it went, and the rule that decided, where one did."""

    check: Check
    outcome: Outcome
    decision: Decision
    file: str = ""
    rule: str = ""
    line: int = 0
    text: str = ""
    """The site's own words for a black-out."""

    @property
    def message(self) -> str:
        """Its message in the catalogues; arguments are `file`, `rule`, `line` and `text`."""
        return f"policy-{self.check.value}-{self.outcome.value}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every check in order, and the decision: the first that denies, or Allow."""

    decision: Decision
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    permission: Permission
    visitor: VisitorFacts
    instrument: InstrumentFacts
    walls: Walls
    vendor: Rulebook
    site: Rulebook

    def pages(self) -> tuple[Page, ...]:
        return self.vendor.pages + self.site.pages


def decide(
    permission: Permission, visitor: VisitorFacts, instrument: InstrumentFacts, moment: float, vendor: Rulebook, site: Rulebook
) -> Decision:
    """May this technician ask for this permission at this instrument now? `moment` is seconds since 1970."""
    for finding in _findings(_Question(permission, visitor, instrument, Walls(moment), vendor, site)):
        if isinstance(finding.decision, Deny):
            return finding.decision
    return Allow()


def explain(
    permission: Permission, visitor: VisitorFacts, instrument: InstrumentFacts, moment: float, vendor: Rulebook, site: Rulebook
) -> Explanation:
    """The same as `decide`, with every check, also those behind the first that denies."""
    findings = tuple(_findings(_Question(permission, visitor, instrument, Walls(moment), vendor, site)))
    return Explanation(narrowest(*(finding.decision for finding in findings)), findings)


def narrowest(*decisions: Decision) -> Decision:
    """The first that denies; Allow only if all allow, and there is one at all."""
    denied = next((each for each in decisions if isinstance(each, Deny)), None)
    if denied is not None:
        return denied
    return Allow() if decisions else Deny(Reason.PERMISSION_NOT_OFFERED)


def black_out(instrument: InstrumentFacts, moment: float, vendor: Rulebook, site: Rulebook) -> Finding:
    """Admission step 4: is there a black-out at this instrument now? Its words are in `text`."""
    walls = Walls(moment)
    return _paused(instrument, walls, vendor.pages + site.pages)


def effective(
    permission: Permission, visitor: VisitorFacts, instrument: InstrumentFacts, moment: float, vendor: Rulebook, site: Rulebook
) -> Decision:
    """Admission step 6 alone: health data, what exists, and the rules of both parties."""
    question = _Question(permission, visitor, instrument, Walls(moment), vendor, site)
    return narrowest(*(finding.decision for check in _STEP_SIX for finding in check(question)))


def phi_in_force(instrument: InstrumentFacts, vendor: Rulebook, site: Rulebook) -> bool:
    """Health data at this instrument, for anybody who says so: host, profile, model, vendor or site."""
    return holds_phi(instrument) or any(page.holds_phi(instrument) for page in vendor.pages + site.pages)


def chat(instrument: InstrumentFacts, vendor: Rulebook, site: Rulebook) -> Decision:
    """May the two people of a visit write to each other here? It is no permission and nobody is asked: it belongs to the visit.

    A party that says nothing has said the default, so that neither opens alone what health data close.
    """
    phi = phi_in_force(instrument, vendor, site)
    for book in (vendor, site):
        for said in [page.document.visits.chat for page in book.pages] or [Visits().chat]:
            if said is Chat.NEVER:
                return Deny(PARTY_REASON[book.party])
            if phi and said is not Chat.ALWAYS:
                return Deny(Reason.PHI_POLICY)
    return Deny(Reason.SITE_POLICY) if terms_for(instrument, vendor, site).no_way else Allow()


# ---- the checks, each of which can only deny


def _findings(question: _Question) -> Iterator[Finding]:
    for check in _CHECKS:
        yield from check(question)


def _training(question: _Question) -> Iterator[Finding]:
    yield _plain(Check.TRAINING, trained(question.visitor, question.instrument.region, question.walls.moment))


def _listed(question: _Question) -> Iterator[Finding]:
    yield _plain(Check.LISTED, Allow() if question.instrument.listed else Deny(Reason.HOST_NOT_LISTED))


def _black_out(question: _Question) -> Iterator[Finding]:
    yield _paused(question.instrument, question.walls, question.pages())


def _group(question: _Question) -> Iterator[Finding]:
    yield _plain(Check.GROUP, may_see(question.visitor, question.instrument))


def _phi(question: _Question) -> Iterator[Finding]:
    closed = TERMS[question.permission].forbidden_on_phi and phi_in_force(question.instrument, question.vendor, question.site)
    yield _plain(Check.PHI, Deny(Reason.PHI_POLICY) if closed else Allow())


def _offered(question: _Question) -> Iterator[Finding]:
    there = TERMS[question.permission].available
    yield _plain(Check.OFFERED, Allow() if there else Deny(Reason.PERMISSION_NOT_OFFERED))


def _vendor(question: _Question) -> Iterator[Finding]:
    for page in question.vendor.pages:
        yield _ruled(Check.VENDOR, page, question, PARTY_REASON[Party.VENDOR])


def _site(question: _Question) -> Iterator[Finding]:
    for page in question.site.pages:
        yield _ruled(Check.SITE, page, question, PARTY_REASON[Party.SITE])


def _carrier(question: _Question) -> Iterator[Finding]:
    """Where content may take no way, nothing is allowed; nor what only the relay carries where the site wants none of it there."""
    terms = terms_for(question.instrument, question.vendor, question.site)
    if terms.no_way:
        yield Finding(Check.CARRIER, Outcome.SILENT, Deny(Reason.SITE_POLICY))
    else:
        closed = terms.mode is Direct.ONLY and question.permission in BY_RELAY_ALONE
        yield _plain(Check.CARRIER, Deny(Reason.SITE_POLICY) if closed else Allow())


_STEP_SIX: tuple[Callable[[_Question], Iterator[Finding]], ...] = (_phi, _offered, _vendor, _site, _carrier)
_CHECKS: tuple[Callable[[_Question], Iterator[Finding]], ...] = (_training, _listed, _black_out, _group, *_STEP_SIX)


def _plain(check: Check, decision: Decision) -> Finding:
    return Finding(check, Outcome.ALLOWED if isinstance(decision, Allow) else Outcome.DENIED, decision)


def _paused(instrument: InstrumentFacts, walls: Walls, pages: tuple[Page, ...]) -> Finding:
    for page in pages:
        for entry in page.pauses(instrument):
            if entry.open_at(walls):
                return _by(entry, page, Check.BLACK_OUT, Outcome.DENIED, Deny(Reason.BLACK_OUT))
    return _plain(Check.BLACK_OUT, Allow())


def _ruled(check: Check, page: Page, question: _Question, reason: Reason) -> Finding:
    """What one document says: deny before allow, and nothing said is a no."""
    fitting = page.fitting(question.permission, question.visitor, question.instrument)
    for entry in fitting.deny():
        if entry.open_at(question.walls):
            return _by(entry, page, check, Outcome.DENIED, Deny(reason))
    closed = None
    for entry in fitting.allow():
        if entry.open_at(question.walls):
            return _by(entry, page, check, Outcome.ALLOWED, Allow())
        closed = closed or entry
    if closed is not None:
        return _by(closed, page, check, Outcome.CLOSED, Deny(Reason.OUTSIDE_HOURS))
    return Finding(check, Outcome.SILENT, Deny(reason), page.document.file)


def _by(entry: Entry, page: Page, check: Check, outcome: Outcome, decision: Decision) -> Finding:
    text = getattr(entry.rule, "text", "")
    return Finding(check, outcome, decision, page.document.file, entry.rule.name, entry.rule.line, text)


# ---- when it may change


def until_change(
    permission: Permission,
    visitor: VisitorFacts,
    instrument: InstrumentFacts,
    moment: float,
    vendor: Rulebook,
    site: Rulebook,
    within: int = DAY,
) -> float | None:
    """The first moment after which `decide` says no because of time alone; `moment` itself if it says no already.

    None: not within so many seconds. Seconds since 1970.
    """
    for at in (moment, *sorted(_moments(permission, visitor, instrument, moment, vendor, site, within))):
        if isinstance(decide(permission, visitor, instrument, at, vendor, site), Deny):
            return at
    return None


def _moments(
    permission: Permission,
    visitor: VisitorFacts,
    instrument: InstrumentFacts,
    moment: float,
    vendor: Rulebook,
    site: Rulebook,
    within: int,
) -> set[int]:
    """Every moment at which a rule that fits may open or close, or the training ends."""
    expiry = trained_until(visitor, instrument.region)
    found = {expiry} if expiry is not None and moment < expiry <= moment + within else set()
    for page in vendor.pages + site.pages:
        fitting = page.fitting(permission, visitor, instrument)
        for entry in (*fitting.allow(), *fitting.deny(), *page.pauses(instrument)):
            if not entry.always:
                found |= changes(entry.when, entry.zone, moment, within)
    return found
