"""A desktop of which nothing can be seen: every opener refuses, and the guardian is told that there is no screen."""

from collections.abc import Callable, Mapping
from typing import NoReturn

from host_client.desk.devices_x11 import Chord, Witness
from host_client.ports import ScreenLost
from host_client.screen.masked import Veil
from host_client.screen.session_state import SessionSource


class NoBackend:
    """Words and consent alone: a request for the screen is refused before anybody is asked. Raises ScreenLost for everything."""

    display: str | None = None

    def size(self) -> tuple[int, int]:
        """There is no screen to show."""
        return 0, 0

    def screen(self, *, masked: bool = False) -> NoReturn:
        """No picture."""
        raise ScreenLost("Chaperone cannot see the screen of this kind of desktop")

    def pointer(self) -> NoReturn:
        """No pointer."""
        raise ScreenLost("Chaperone cannot see the pointer of this kind of desktop")

    def windows(self) -> NoReturn:
        """No windows."""
        raise ScreenLost("Chaperone cannot see the windows of this kind of desktop")

    def hand(self, veil: Veil, veiled: Callable[[], None]) -> NoReturn:
        """No hand."""
        raise ScreenLost("Chaperone cannot use the keyboard of this kind of desktop")

    def sessions(self) -> tuple[Callable[[], SessionSource], ...]:
        """Nobody tells anything, and nothing is shown."""
        return ()

    def witness(self, chords: Mapping[Chord, Callable[[], None]]) -> Witness | None:
        """Nobody tells hands apart."""
        return None

    def managed(self) -> bool:
        """Every desktop but a bare X screen places windows itself."""
        return True
