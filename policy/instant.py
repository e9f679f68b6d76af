"""A moment, told twice: by the calendar for signatures, by the machine's own run time for countdowns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """One reading of both clocks, taken together.

    `utc` is seconds since 1970 and may jump when an administrator sets the clock; `boot` is CLOCK_BOOTTIME in
    seconds, never jumps, and counts sleep too. Grants, leases and codes are measured on `boot`.
    """

    utc: float
    boot: float

    def elapsed_since(self, earlier: "Instant") -> float:
        """Seconds between two readings on the clock that cannot be set."""
        return self.boot - earlier.boot

    def after(self, seconds: float) -> "Instant":
        """The moment `seconds` from here, on both clocks."""
        return Instant(self.utc + seconds, self.boot + seconds)
