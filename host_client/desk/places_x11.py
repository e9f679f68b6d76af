"""Where input would land on an X screen: the pointer, and the window that has the keyboard. Implements `veiled.Places`."""

from Xlib import X

from host_client.ports import ScreenLost
from host_client.screen.x_display import X_LOST, close_display, open_display


class XPlaces:
    """Of an X screen, on a connection of its own."""

    def __init__(self, display: str | None) -> None:
        self._display = open_display(display)
        self._root = self._display.screen().root

    def pointer(self) -> tuple[int, int]:
        """Where the pointer is."""
        try:
            told = self._root.query_pointer()
        except X_LOST as lost:
            raise ScreenLost("the X screen is gone") from lost
        return int(told.root_x), int(told.root_y)

    def keyboard(self) -> tuple[int, int]:
        """The middle of the window with the focus, as far as it is on the screen; the pointer's place where none has it."""
        try:
            focus = self._display.get_input_focus().focus
            if focus in (X.NONE, X.PointerRoot) or focus == self._root:
                return self.pointer()
            size, at, whole = focus.get_geometry(), self._root.translate_coords(focus, 0, 0), self._root.get_geometry()
        except X_LOST as lost:
            raise ScreenLost("the X screen is gone") from lost
        x, y = int(at.x) + int(size.width) // 2, int(at.y) + int(size.height) // 2
        return min(max(x, 0), int(whole.width) - 1), min(max(y, 0), int(whole.height) - 1)

    def close(self) -> None:
        """Let the connection go."""
        close_display(self._display)
