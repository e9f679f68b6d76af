"""Which passwords are good enough. Length over composition (NIST SP 800-63B, 5.1.1.2; ASVS 5, 6.2)."""

from policy.decision import Allow, Decision, Deny, Reason

SHORTEST = 15
LONGEST = 256
_DISTINCT_LEAST = 5


def may_use(password: str, about: tuple[str, ...]) -> Decision:
    """Is this password good enough for a person whose names are `about`? Lengths in characters."""
    plain = password.casefold()
    too_simple = len(set(plain)) < _DISTINCT_LEAST
    too_close = any(name and name.casefold() in plain and len(plain) - len(name) < SHORTEST // 2 for name in about)
    if not SHORTEST <= len(password) <= LONGEST or too_simple or too_close:
        return Deny(Reason.PASSWORD_TOO_WEAK)
    return Allow()
