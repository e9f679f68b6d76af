"""Whose window is under the pointer: this program's own must not be pressed by the technician.

X tells one window of the way down at a time, so each step would be a journey to the server and back, and on a busy machine each of
them waits its turn twice. So the way that was found last is asked for in one go; the answers are as fresh as if they had been asked
for one by one, and where the way has changed it is walked anew from there.
"""

from collections import deque
from typing import Final

from Xlib import X
from Xlib.display import Display
from Xlib.error import BadWindow
from Xlib.protocol.request import GetProperty, QueryPointer

TRIES: Final = 4
"""Windows may go while they are asked about."""
_ONE_NUMBER: Final = 1


class _Asked:
    """Two questions about one window, on their way."""

    def __init__(self, display: Display, window: int, owner: int) -> None:
        self.window = window
        self._pointer = QueryPointer(display.display, True, window=window)
        self._owner = GetProperty(
            display.display,
            True,
            delete=False,
            window=window,
            property=owner,
            type=X.AnyPropertyType,
            long_offset=0,
            long_length=_ONE_NUMBER,
        )

    def child(self) -> int:
        """The window inside it that the pointer is in; 0 for none."""
        self._pointer.reply()
        child = self._pointer.child
        return int(child.id) if child else 0

    def process(self) -> int | None:
        """The process that its tool kit wrote on it."""
        self._owner.reply()
        written = list(self._owner.value[1]) if self._owner.property_type else []
        return int(written[0]) if len(written) == 1 else None


class Pointed:
    """Asks on the connection of whoever presses, on its thread. Raises what python-xlib raises when the server goes away."""

    def __init__(self, display: Display, process: int) -> None:
        self._display, self._process = display, process
        self._root = int(display.screen().root.id)
        self._owner = int(display.intern_atom("_NET_WM_PID"))
        self._way: tuple[int, ...] = ()

    def is_ours(self) -> bool:
        """Does the pointer stand on a window of this process, or on one inside such? Also where nobody can say."""
        for _ in range(TRIES):
            try:
                return self._walk()
            except BadWindow:
                self._way = ()
        return True

    def _walk(self) -> bool:
        ahead = deque(self._ask(window) for window in (self._root, *self._way))
        way: list[int] = []
        at = ahead.popleft()
        while child := at.child():
            at = ahead.popleft() if ahead and ahead[0].window == child else self._anew(child, ahead)
            way.append(child)
            if at.process() == self._process:
                break
        self._way = tuple(way)
        return bool(way) and at.process() == self._process

    def _anew(self, window: int, ahead: deque[_Asked]) -> _Asked:
        """What was asked for ahead is of another way."""
        ahead.clear()
        return self._ask(window)

    def _ask(self, window: int) -> _Asked:
        return _Asked(self._display, window, self._owner)
