"""A Windows login: the picture, the pointer's place and a hand, as thin as libraries allow. Run on no such machine yet (docs/limits.md).

What it lacks refuses: no mask can be placed on a window, and nobody tells the person's hand from the technician's.
"""

from collections.abc import Callable
from typing import NoReturn

from typing_extensions import override

from host_client.desk.backend_none import NoBackend
from host_client.desk.input_thread import OpenInjector
from host_client.desk.veiled import VeiledInjector
from host_client.ports import ScreenLost
from host_client.screen.capture_polled import PolledScreen
from host_client.screen.masked import Veil
from host_client.screen.pointer_pynput import Place, PynputPointer, pynput_place
from host_client.screen.session_state import SessionSource
from host_client.screen.session_state_windows import InputDesktop, WindowsDesktop, input_desktop


class PointerAlone:
    """Where a press would land. Which window has the keyboard nobody says: with a mask on, no key is pressed."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def pointer(self) -> tuple[int, int]:
        """Where the pointer is, in pixels of the picture."""
        return self._place()

    def keyboard(self) -> NoReturn:
        """Raises ScreenLost."""
        raise ScreenLost("nobody says which window has the keyboard")

    def close(self) -> None:
        """Nothing is held."""


class WindowsBackend(NoBackend):
    """The desktop of the login that this process belongs to."""

    def __init__(self, ask: InputDesktop = input_desktop, open_screen: Callable[[Callable[[], bool]], PolledScreen] = PolledScreen) -> None:
        self._ask, self._open = ask, open_screen

    def _away(self) -> bool:
        return WindowsDesktop(self._ask).away() is not None

    @override
    def size(self) -> tuple[int, int]:
        """0, 0 where there is no screen to show."""
        return self._of_the_screen(PolledScreen.size)

    def _of_the_screen(self, told: Callable[[PolledScreen], tuple[int, int]]) -> tuple[int, int]:
        try:
            screen = self.screen()
        except ScreenLost:
            return 0, 0
        try:
            return told(screen)
        finally:
            screen.close()

    @override
    def screen(self, *, masked: bool = False) -> PolledScreen:
        """The picture: all monitors as one."""
        return self._open(self._away)

    def _origin(self) -> tuple[int, int]:
        return self._of_the_screen(PolledScreen.origin)

    @override
    def pointer(self) -> PynputPointer:
        """Its place, under a plain arrow."""
        return PynputPointer(pynput_place(self._origin()))

    @override
    def hand(self, veil: Veil, veiled: Callable[[], None]) -> OpenInjector:
        """The hand of pynput, and nothing where a mask lies."""
        from host_client.desk.input_pynput import PynputInjector

        origin = self._origin()
        return VeiledInjector(PynputInjector(origin), PointerAlone(pynput_place(origin)), veil, veiled)

    @override
    def sessions(self) -> tuple[Callable[[], SessionSource], ...]:
        """Which desktop has the keyboard."""
        return (lambda: WindowsDesktop(self._ask),)
