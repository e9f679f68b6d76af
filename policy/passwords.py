"""Which passwords are good enough, and until when. Two profiles, and no third way.

LONG is the default: length over composition, nothing that many people choose, no change without a cause (NIST SP 800-63B, 5.1.1.2;
ASVS 5, 6.2). CLASSIC is for a vendor or site whose own rules ask for classes of characters and a change by the calendar; it takes
nothing back of what LONG refuses.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from policy.decision import Allow, Decision, Deny, Reason

LONGEST = 256
COMMON_TRIED = 72
"""Characters that are looked at for what is common: the search costs more than the length."""
_DISTINCT_LEAST = 5
_DAY = 24 * 3600

IsCommon = Callable[[str, tuple[str, ...]], bool]
"""Would somebody who begins with what people choose, and with these words about the person, find it soon?"""


class PasswordProfile(StrEnum):
    """Which rules are in force."""

    LONG = "long"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """`shortest` in characters, `classes` of characters that must be there, `days` after which a password is due, 0 for never."""

    shortest: int
    classes: int
    days: int


LONG = PasswordRules(15, 0, 0)
LONG_ADMINISTRATOR = PasswordRules(16, 0, 0)
CLASSIC_SHORTEST = 10
CLASSIC_CLASSES = 4


def rules_of(profile: PasswordProfile, days: int, *, administrator: bool) -> PasswordRules:
    """The rules for one account. `days` counts for CLASSIC alone: 90 or 365, as the vendor's or site's rules say."""
    if profile is PasswordProfile.CLASSIC:
        return PasswordRules(LONG_ADMINISTRATOR.shortest if administrator else CLASSIC_SHORTEST, CLASSIC_CLASSES, days)
    return LONG_ADMINISTRATOR if administrator else LONG


def both(rules: PasswordRules, days: int) -> PasswordRules:
    """These rules, and those of a vendor or site whose signed policy asks for CLASSIC: of each the stricter."""
    due = min((each for each in (rules.days, days) if each), default=0)
    return PasswordRules(max(rules.shortest, CLASSIC_SHORTEST), max(rules.classes, CLASSIC_CLASSES), due)


def plain(password: str) -> str:
    """The form in which a password is judged and hashed: keyboards write the same letter in more than one way (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def may_use(password: str, about: tuple[str, ...], rules: PasswordRules, is_common: IsCommon) -> Decision:
    """Is this password good enough for a person whose names are `about`? Lengths in characters."""
    written = plain(password)
    folded = written.casefold()
    too_simple = len(set(folded)) < _DISTINCT_LEAST
    too_close = any(name and name.casefold() in folded and len(folded) - len(name) < rules.shortest // 2 for name in about)
    if not rules.shortest <= len(written) <= LONGEST or too_simple or too_close:
        return Deny(Reason.PASSWORD_TOO_WEAK)
    if _classes(written) < rules.classes:
        return Deny(Reason.PASSWORD_CLASSES)
    if is_common(written[:COMMON_TRIED], about):
        return Deny(Reason.PASSWORD_COMMON)
    return Allow()


def _classes(written: str) -> int:
    """Small letters, capitals, digits, everything else."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
    return sum(any(kind(sign) for sign in written) for kind in kinds)


def may_keep(password: str, age: float, rules: PasswordRules) -> Decision:
    """May somebody still come in with this password, `age` seconds old? Who chose it before the rules were so chooses again.

    What is common is not asked here: lists grow, and nobody is sent away because of that.
    """
    old = rules.days > 0 and age >= rules.days * _DAY
    written = plain(password)
    outgrown = len(written) < rules.shortest or _classes(written) < rules.classes
    return Deny(Reason.PASSWORD_DUE) if old or outgrown else Allow()
