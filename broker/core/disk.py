"""When to warn that the disk fills up: once below a fifth, and not again before it was clearly above. Pure."""

WARN_BELOW_PERCENT = 20
CLEAR_ABOVE_PERCENT = 25


class DiskWarning:
    """Remembers whether it warned."""

    def __init__(self) -> None:
        self._warned = False

    def due(self, percent: int) -> bool:
        """So much is free. Is it time to warn?"""
        if percent > CLEAR_ABOVE_PERCENT:
            self._warned = False
        if percent >= WARN_BELOW_PERCENT or self._warned:
            return False
        self._warned = True
        return True
