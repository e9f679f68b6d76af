"""Ways by which content can travel between the ends of a visit: the relay, which is always there, and the direct path beside it.

Closed lists alone; what a site allows is `direct.py`.
"""

from enum import StrEnum


class Direct(StrEnum):
    """May content go straight from the PC to the technician's browser, inside the site's own network?"""

    NEVER = "never"
    ALLOW = "allow"
    ONLY = "only"
    """Nothing of the content over the relay, ever: where the direct path does not stand, there is none."""


class Carrier(StrEnum):
    """What carries content now."""

    RELAY = "relay"
    DIRECT = "direct"


class DirectCause(StrEnum):
    """Why content goes directly no more; `direct-over-<value>` in the catalogues."""

    STALLED = "stalled"
    SLOWER = "slower"
    FAILED = "failed"
    NOT_AS_AGREED = "not_as_agreed"
    POLICY = "policy"
    CUT = "cut"
    TURNED_OFF = "turned_off"
