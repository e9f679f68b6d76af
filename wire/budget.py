"""How many bytes one end may say within a minute on the lanes that belong to the visit itself (docs/protocol.md, section 4)."""

from dataclasses import dataclass

_MINUTE = 60


@dataclass(slots=True)
class Budget:
    """At most `most` bytes in each running minute. What would be too much is not spent, so that less may still fit."""

    most: int
    since: float = 0.0
    spent: int = 0

    def spend(self, count: int, boot: float) -> bool:
        """May so many bytes more be said? `boot` is a clock that never jumps, in seconds."""
        if boot - self.since >= _MINUTE:
            self.since, self.spent = boot, 0
        if self.spent + count > self.most:
            return False
        self.spent += count
        return True
