"""What the rules need to know of the two sides of a visit, and the answers that depend on nothing but these facts.

No rule is read here (`rulebook.py`), and nothing is looked up: whoever holds signed documents fills these in.
"""

from dataclasses import dataclass

from policy.decision import Allow, Decision, Deny, Reason

EVERYWHERE = ""
"""The region of a training that counts in all of them."""


@dataclass(frozen=True, slots=True)
class Training:
    """One training of a technician: the region it counts for, exact or EVERYWHERE, and its expiry in seconds since 1970."""

    region: str
    expires: int


@dataclass(frozen=True, slots=True)
class VisitorFacts:
    """A technician as the signed directory tells it. `groups` are those of the instruments they may see."""

    technician_id: str
    company: str
    groups: frozenset[str]
    training: tuple[Training, ...]


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """A host as the signed documents tell it. `phi` is what the host itself and its profile say (`profiles.effective_phi`).

    `listed` is False until the signed documents name it; then it counts as one with health data.
    """

    host_id: str
    group: str
    site: str
    model: str
    region: str
    listed: bool
    phi: bool


def trained_until(visitor: VisitorFacts, region: str) -> int | None:
    """The latest expiry of a training that counts in this region, None if there is none."""
    counted = [each.expires for each in visitor.training if each.region in (EVERYWHERE, region)]
    return max(counted, default=None)


def trained(visitor: VisitorFacts, region: str, moment: float) -> Decision:
    """Admission step 3: is a training for this region valid? `moment` is seconds since 1970; at its expiry it is over."""
    until = trained_until(visitor, region)
    return Allow() if until is not None and moment < until else Deny(Reason.TRAINING_EXPIRED)


def may_see(visitor: VisitorFacts, instrument: InstrumentFacts) -> Decision:
    """Admission step 5: is the instrument's group one of the technician's? A group without a name is nobody's."""
    return Allow() if instrument.group and instrument.group in visitor.groups else Deny(Reason.NOT_ASSIGNED)
