"""The windows of an X screen, for privacy masks: where each lies, and what it says of itself.

The tree is read once, and from then on events tell what changed. `windows` first asks the server for one answer, so that every
event of what happened before has arrived; besides how things stand now it returns each place that a window passed through since
it was last asked. So two calls, before and after a copy of the screen, name every place at which the copy can show a window.
The program behind a window is what the server knows of its connection (X-Resource 1.2), not what the window claims.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import BadDrawable, BadWindow, CatchError
from Xlib.ext import res
from Xlib.protocol.rq import Event
from Xlib.xobject.drawable import Window as XWindow

from host_client.ports import ScreenLost
from host_client.screen.change import Rectangle
from host_client.screen.masks import Window
from host_client.screen.x_display import X_LOST, close_display, open_display
from policy.decision import Reason

_DEEPEST: Final = 4
"""How far below a frame the program's own window is looked for."""
_WIDEST: Final = 64
_GONE: Final = (BadWindow, BadDrawable)


class XWindows:
    """The top-level windows of one screen. Everything is called on the thread that made it; raises ScreenLost."""

    def __init__(self, display: str | None) -> None:
        self._display: Display = open_display(display)
        try:
            self._root = self._display.screen().root
            self._root.change_attributes(event_mask=X.SubstructureNotifyMask)
            self._net_name = self._display.intern_atom("_NET_WM_NAME")
            self._knows_programs = self._has_res()
            self._at: dict[int, Rectangle] = {}
            """Where each top-level window is, whether it can be seen or not."""
            self._known: dict[int, Window] = {}
            self._below: dict[int, int] = {}
            """Window -> the top-level window that it lies in."""
            self._appeared: set[int] = set()
            self._passed: list[Window] = []
            self._stale = [child.id for child in self._root.query_tree().children]
        except X_LOST as lost:
            close_display(self._display)
            raise _unseen() from lost

    def _has_res(self) -> bool:
        if not self._display.has_extension("X-Resource"):
            return False
        version = self._display.res_query_version()
        return (int(version.server_major), int(version.server_minor)) >= (1, 2)

    def windows(self) -> frozenset[Window]:
        """Every window that can be seen now or could be since the last call, at each of its places. Raises ScreenLost."""
        try:
            self._display.sync()
            while self._display.pending_events():
                self._heed(self._display.next_event())
            while self._stale:
                self._learn(self._stale.pop())
        except X_LOST as lost:
            raise _unseen() from lost
        passed, self._passed = self._passed, []
        return frozenset(passed) | frozenset(self._known.values())

    def stirred(self) -> bool:
        """Did something happen to a window since the last call? Raises ScreenLost."""
        try:
            return bool(self._display.pending_events())
        except X_LOST as lost:
            raise _unseen() from lost

    def _heed(self, event: Event) -> None:
        if getattr(event, "send_event", False):
            return  # only what the server says: any program can send such an event
        match event.type:
            case X.CreateNotify | X.ConfigureNotify if event.type == X.CreateNotify or event.event == self._root:
                self._moved(event)
            case X.MapNotify | X.ReparentNotify:
                self._appeared.add(event.window.id)
                self._changed(event.window.id)
            case X.UnmapNotify | X.DestroyNotify:
                self._went(event.window.id)
            case X.PropertyNotify if event.atom in {self._net_name, Xatom.WM_NAME, Xatom.WM_CLASS}:
                self._changed(event.window.id)
            case _:
                return

    def _moved(self, event: Event) -> None:
        border = 2 * int(event.border_width)
        at = Rectangle(int(event.x), int(event.y), int(event.width) + border, int(event.height) + border)
        window = event.window.id
        self._at[window] = at
        if window in self._known:
            self._known[window] = replace(self._known[window], at=at)
            self._passed.append(self._known[window])

    def _changed(self, window: int) -> None:
        top = self._below.get(window, window)
        if top not in self._stale:
            self._stale.append(top)

    def _went(self, window: int) -> None:
        """What came and went before it could be read may have been anything."""
        self._known.pop(window, None)
        if window in self._appeared:
            self._unread(window)
        if window in self._below:
            self._changed(window)

    def _unread(self, window: int) -> None:
        self._appeared.discard(window)
        if window in self._at:
            self._passed.append(Window(self._at[window], None, None, None))

    def _learn(self, top: int) -> None:
        try:
            read = self._read(self._display.create_resource_object("window", top))
        except _GONE:
            self._known.pop(top, None)
            if top in self._appeared:
                self._unread(top)
            return
        self._appeared.discard(top)
        if read is None:
            self._known.pop(top, None)
        else:
            self._known[top] = read
            self._passed.append(read)

    def _read(self, window: XWindow) -> Window | None:
        """None for one that cannot be seen, or lies in another one now."""
        self._listen(window, X.PropertyChangeMask | X.SubstructureNotifyMask)
        attributes, geometry = window.get_attributes(), window.get_geometry()
        if window.query_tree().parent != self._root:
            self._at.pop(window.id, None)
            return None
        border = 2 * int(geometry.border_width)
        at = Rectangle(int(geometry.x), int(geometry.y), int(geometry.width) + border, int(geometry.height) + border)
        self._at[window.id] = at
        if attributes.map_state != X.IsViewable or attributes.win_class == X.InputOnly:
            return None
        family = list(self._family(window, window.id, _DEEPEST))
        titles = tuple(title for each in family for title in self._titles(each))
        classes = tuple(name for each in family for name in each.get_wm_class() or ())
        programs = [self._program(each) for each in family]
        known = tuple(each for each in programs if each is not None)
        return Window(at, titles, classes, known if len(known) == len(programs) else None)

    def _listen(self, window: XWindow, mask: int) -> None:
        window.change_attributes(event_mask=mask, onerror=CatchError(*_GONE))

    def _family(self, window: XWindow, top: int, deeper: int) -> Iterator[XWindow]:
        """The window and, as long as it says nothing of itself, those in it: a frame is the window manager's."""
        yield window
        if deeper == 0 or window.get_wm_class() is not None:
            return
        for child in window.query_tree().children[:_WIDEST]:
            self._below[child.id] = top
            with suppress(*_GONE):
                self._listen(child, X.PropertyChangeMask)
                yield from self._family(child, top, deeper - 1)

    def _titles(self, window: XWindow) -> Iterator[str]:
        for atom in (self._net_name, Xatom.WM_NAME):
            said = window.get_full_property(atom, X.AnyPropertyType)
            if said is not None:
                raw = said.value
                yield raw if isinstance(raw, str) else bytes(raw).decode(errors="replace")

    def _program(self, window: XWindow) -> str | None:
        if not self._knows_programs:
            return None
        told = self._display.res_query_client_ids([{"client": window.id, "mask": res.LocalClientPIDMask}]).ids
        process = next((int(value) for each in told for value in each.value), None)
        if process is None:
            return None
        try:
            return Path(f"/proc/{process}/exe").readlink().name
        except OSError:
            return None

    def close(self) -> None:
        """Let the connection go."""
        close_display(self._display)


def _unseen() -> ScreenLost:
    return ScreenLost("the windows of this X screen cannot be seen", Reason.MASK_NOT_PLACED)
