"""Where the pointer is, by pynput, on systems whose pointer's shape is not asked for: it is shown as a plain arrow."""

import threading
from collections.abc import Callable
from typing import Final

import numpy as np

from host_client.screen.pointer import TELL_SECONDS, Seen, Shape

_LINES: Final = (
    "#           ",
    "##          ",
    "#.#         ",
    "#..#        ",
    "#...#       ",
    "#....#      ",
    "#.....#     ",
    "#......#    ",
    "#.......#   ",
    "#........#  ",
    "#.........# ",
    "#......#####",
    "#...#..#    ",
    "#..##...#   ",
    "#.#  #..#   ",
    "##   #...#  ",
    "#     #..#  ",
    "      ####  ",
)
_COLOURS: Final = {" ": (0, 0, 0, 0), "#": (0, 0, 0, 255), ".": (255, 255, 255, 255)}
Place = Callable[[], tuple[int, int]]
"""Where the pointer is, in pixels of the picture."""


def _arrow() -> Shape:
    pixels = np.array([[_COLOURS[sign] for sign in line] for line in _LINES], dtype=np.uint8)
    return Shape(pixels.shape[1], pixels.shape[0], 0, 0, pixels.tobytes())


ARROW: Final = _arrow()


class PynputPointer:
    """The pointer of this desktop, wherever it is."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._told: tuple[int, int] | None = None
        self._pause = threading.Event()

    def wait(self, seconds: float, now: float) -> None:
        """Nothing tells that it moves: it is asked again as often as it may be told."""
        self._pause.wait(min(seconds, TELL_SECONDS))

    def look(self, now: float) -> Seen | None:
        """The pointer, if it is not where it was at the last look."""
        place = self._place()
        if place == self._told:
            return None
        self._told = place
        return Seen(ARROW, *place)

    def close(self) -> None:
        """Nothing is held."""


def pynput_place(origin: tuple[int, int]) -> Place:
    """How pynput asks where the pointer is. `origin` is where the picture's first pixel lies for the system."""
    from pynput.mouse import Controller  # it looks for a screen as soon as it is imported

    mouse = Controller()

    def place() -> tuple[int, int]:
        x, y = mouse.position
        return int(x) - origin[0], int(y) - origin[1]

    return place
