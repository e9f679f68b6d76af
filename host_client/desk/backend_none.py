"""A desktop of which nothing can be seen: every opener refuses. Others begin here and say what they have."""

from collections.abc import Callable, Mapping

from host_client.desk.input_thread import OpenInjector
from host_client.desk.witness import Chord, Witness
from host_client.ports import ScreenLost
from host_client.screen.masked import BareScreen, Veil, WindowSource
from host_client.screen.pointer_loop import OpenPointer
from host_client.screen.session_state import SessionSource
from policy.decision import Reason


class NoBackend:
    """Words and consent alone: with no size, a request for the screen is refused before anybody is asked. Openers raise ScreenLost."""

    @property
    def display(self) -> str | None:
        """The toolkit knows."""
        return None

    def size(self) -> tuple[int, int]:
        """There is no screen to show."""
        return 0, 0

    def screen(self, *, masked: bool = False) -> BareScreen:
        """No picture."""
        raise ScreenLost("Chaperone cannot see the screen of this kind of desktop")

    def pointer(self) -> OpenPointer:
        """No pointer, or one that is part of the picture."""
        raise ScreenLost("Chaperone cannot see the pointer of this kind of desktop")

    def windows(self) -> WindowSource:
        """No windows: a mask that is about one pauses the picture."""
        raise ScreenLost("Chaperone cannot see the windows of this kind of desktop", Reason.MASK_NOT_PLACED)

    def hand(self, veil: Veil, veiled: Callable[[], None]) -> OpenInjector:
        """No hand."""
        raise ScreenLost("Chaperone cannot use mouse and keyboard of this kind of desktop")

    def sessions(self) -> tuple[Callable[[], SessionSource], ...]:
        """Nobody tells anything, and nothing is shown."""
        return ()

    def witness(self, chords: Mapping[Chord, Callable[[], None]]) -> Witness | None:
        """Nobody tells the person's hand from the technician's: what must be proven cannot be allowed."""
        return None

    def managed(self) -> bool:
        """Every desktop but a bare X screen places windows itself."""
        return True
