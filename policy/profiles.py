"""Which instruments hold health data, and how that may ever change. When two answers compete, the one with health data wins.

What follows from it is not decided here: `permissions.TERMS` says what is closed, `documents.effective_phi` who is asked.
"""

import unicodedata
from functools import lru_cache

from policy.documents import effective_phi
from policy.facts import InstrumentFacts

PHI_MODELS = ("Navios EX", "DxFlex", "Instrument Manager")
"""Models that hold health data whatever anybody signs. A site or vendor may name more, and never fewer."""


@lru_cache(maxsize=4096)
def normalised(model: str) -> str:
    """A model's name without case, blanks, accents and signs, so that `NAVIOS-EX` and `Navios EX` are one."""
    apart = unicodedata.normalize("NFKD", model).casefold()
    return "".join(letter for letter in apart if letter.isalnum())


_SEEDED = tuple(normalised(model) for model in PHI_MODELS)


@lru_cache(maxsize=4096)
def seeded_phi(model: str) -> bool:
    """Is it one of PHI_MODELS, also with a maker's name before or a version behind? A model without a name counts as one."""
    plain = normalised(model)
    return not plain or any(known in plain for known in _SEEDED)


def holds_phi(instrument: InstrumentFacts) -> bool:
    """Health data, for all that is known without a policy: as stated, by model, or because nobody has listed the host."""
    return instrument.phi or not instrument.listed or seeded_phi(instrument.model)


def settle_phi(*, stored: bool, profile: bool, site: bool, release_allows: bool, administrator_accepts: bool) -> bool:
    """The flag a host keeps. It rises when anybody says so, and never falls by the host itself.

    It falls only with a signed release of the program that allows it *and* the acceptance of a local administrator,
    and not while profile or site say that there is health data (docs/protocol.md, section 2).
    """
    lowered = release_allows and administrator_accepts
    return effective_phi(host=stored and not lowered, profile=profile, site=site)
