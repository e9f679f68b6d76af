"""The technician's way onto a screen, used by an adversary: presses made through XTEST, which X marks as injected."""

from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest


class XTestHand:
    """Presses whatever it wants, wherever it wants, on one display."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def click(self, x: int, y: int) -> None:
        """Point and press the left button."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self._display, X.ButtonPress, 1)
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def press(self, *names: str) -> None:
        """Press keys together, by X keysym name (`Return`, `space`, `Alt_L`, `a`)."""
        codes = [self._display.keysym_to_keycode(XK.string_to_keysym(name)) for name in names]
        assert all(codes), f"this keyboard has not all of {names}"
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()


@contextmanager
def xtest_hand(display: str) -> Iterator[XTestHand]:
    """A hand on a display, for as long as the block runs."""
    opened = Display(display)
    try:
        yield XTestHand(opened)
    finally:
        opened.close()


class ListHands:
    """An injector that only remembers what it was told to do."""

    def __init__(self) -> None:
        self.did: list[object] = []

    def move(self, x: int, y: int) -> None:
        """The pointer would go there."""
        self.did.append(("move", x, y))

    def button(self, number: int, down: bool) -> None:
        """A button would be pressed or released."""
        self.did.append(("button", number, down))

    def wheel(self, dx: int, dy: int) -> None:
        """The wheel would turn."""
        self.did.append(("wheel", dx, dy))

    def character(self, character: str) -> None:
        """It would be typed."""
        self.did.append(("character", character))

    def key(self, name: str, down: bool) -> None:
        """A key would be pressed or released."""
        self.did.append(("key", name, down))

    def hurry(self) -> None:
        """What is typed need not arrive."""
        self.did.append("hurry")

    def release_all(self) -> None:
        """Everything would be let go."""
        self.did.append("release_all")

    def close(self) -> None:
        """It would be closed."""
        self.did.append("close")
