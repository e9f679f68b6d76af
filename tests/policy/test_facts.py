"""What follows from the facts alone: training by region and expiry, and whose instrument it is."""

import pytest

from policy.decision import Allow, Deny, Reason
from policy.facts import EVERYWHERE, InstrumentFacts, Training, VisitorFacts, may_see, trained, trained_until


def ana(*training: Training, groups: frozenset[str] = frozenset({"north"})) -> VisitorFacts:
    return VisitorFacts("t-ana", "Acme", groups, training)


def lab(group: str = "north") -> InstrumentFacts:
    return InstrumentFacts("h-1", group, "Lyon", "AU 680", "FR", listed=True, phi=False)


def test_training_counts_in_its_region_or_everywhere_and_nowhere_else() -> None:
    assert trained(ana(Training("FR", 200)), "FR", 100) == Allow()
    assert trained(ana(Training(EVERYWHERE, 200)), "FR", 100) == Allow()
    assert trained(ana(Training("DE", 200)), "FR", 100) == Deny(Reason.TRAINING_EXPIRED)


def test_without_training_nobody_is_trained() -> None:
    assert trained(ana(), "FR", 100) == Deny(Reason.TRAINING_EXPIRED)
    assert trained_until(ana(), "FR") is None


@pytest.mark.parametrize(("moment", "decision"), [(199.9, Allow()), (200, Deny(Reason.TRAINING_EXPIRED))])
def test_training_is_over_at_its_expiry(moment: float, decision: Allow | Deny) -> None:
    assert trained(ana(Training("FR", 200)), "FR", moment) == decision


def test_of_several_trainings_the_latest_counts() -> None:
    assert trained_until(ana(Training("FR", 200), Training(EVERYWHERE, 300), Training("DE", 900)), "FR") == 300


def test_only_instruments_of_ones_groups_are_seen() -> None:
    assert may_see(ana(), lab()) == Allow()
    assert may_see(ana(), lab("south")) == Deny(Reason.NOT_ASSIGNED)
    assert may_see(ana(groups=frozenset({""})), lab("")) == Deny(Reason.NOT_ASSIGNED)
