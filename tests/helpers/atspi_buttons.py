"""Where things are on the host's screen, told by the accessibility tree. Runs under Debian's own interpreter (python3-pyatspi).

    python3 atspi_buttons.py        one request per line on standard input, one answer per line on standard output

    request   {"role": "push button", "name": "Get help", "seconds": 20, "gone": false, "enabled": true}
              name: the whole name, or null for any; enabled: only what can be pressed
    answer    {"found": [{"name": ..., "role": ..., "x": ..., "y": ..., "width": ..., "height": ..., "focused": ..., "enabled": ...}]}

A request is answered when something fits (or, with `gone`, when nothing does), at the latest after `seconds`. The tree is
read again soon after the accessibility bus reports a change, and every half second beside that, because not every tool kit
reports all. A flood of changes is one reading: reading costs more than changing, and the reader would never catch up.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pyatspi
from gi.repository import Atspi, GLib  # type: ignore[import-not-found]  # Debian's interpreter has it, the environment of the tests does not

HAS_LEFT = (LookupError, NotImplementedError, AttributeError, GLib.GError)
"""What the bus raises for an object that has just gone, or has no place on the screen."""

EVENTS = (
    "object:state-changed:showing",
    "object:state-changed:enabled",
    "object:state-changed:sensitive",
    "object:state-changed:focused",
    "object:property-change:accessible-name",
    "object:children-changed",
    "object:text-changed",
    "window:create",
    "window:activate",
)
ANSWER_MS = 2000
"""A program that does not answer about one thing for so long is passed over in this reading: the library would wait 15 s for each."""
LOOK_AGAIN_MS = 500
SOON_MS = 30


def showing(node: Any) -> Iterator[Any]:
    """Every node that is on the screen, depth first. A node that vanishes while it is read is passed over: it is gone."""
    try:
        states = node.getState()
        children = list(node)
        is_application = node.getRoleName() in {"application", "desktop frame"}
    except HAS_LEFT:
        return
    if is_application or states.contains(pyatspi.STATE_SHOWING):
        yield node
        for child in children:
            if child is not None:
                yield from showing(child)


def described(node: Any) -> dict[str, object]:
    """Name, role, place on the screen, and whether it has the focus and can be pressed."""
    box = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    states = node.getState()
    return {
        "name": node.name,
        "role": node.getRoleName(),
        "x": box.x,
        "y": box.y,
        "width": box.width,
        "height": box.height,
        "focused": states.contains(pyatspi.STATE_FOCUSED),
        "enabled": states.contains(pyatspi.STATE_ENABLED),
    }


def found(role: str | None, name: str | None) -> list[dict[str, object]]:
    """Everything on the screen with this role and this name, asked of the programs anew.

    The library remembers what it was told. One report that is lost among many, and a button looks disabled for ever.
    """
    desktop = pyatspi.Registry.getDesktop(0)
    desktop.clear_cache()
    fitting = []
    for node in showing(desktop):
        with suppress(*HAS_LEFT):
            if (role is None or node.getRoleName() == role) and (name is None or node.name == name):
                fitting.append(described(node))
    return fitting


class Answerer:
    """Answers one request at a time; the accessibility loop calls it whenever something changed."""

    def __init__(self) -> None:
        self._request: dict[str, Any] | None = None
        self._until = 0.0
        self._soon = False

    def ask(self, request: dict[str, Any]) -> None:
        """Take a request (on the loop's own thread)."""
        self._request, self._until = request, time.monotonic() + request["seconds"]
        self.look()

    def changed(self, _event: object) -> None:
        """Something changed: look soon, once for everything that changes until then."""
        if self._request is not None and not self._soon:
            self._soon = True
            GLib.timeout_add(SOON_MS, self._look_now, priority=GLib.PRIORITY_HIGH)

    def _look_now(self) -> bool:
        self._soon = False
        self.look()
        return False

    def look(self) -> None:
        """Answer if it is time to."""
        request = self._request
        if request is None:
            return
        fitting = found(request["role"], request["name"])
        if request["enabled"]:
            fitting = [each for each in fitting if each["enabled"]]
        if bool(fitting) is not request["gone"] or time.monotonic() >= self._until:
            self._request = None
            sys.stdout.write(json.dumps({"found": fitting}) + "\n")
            sys.stdout.flush()

    def tick(self) -> bool:
        """Look again although nothing was reported."""
        self.look()
        return True


def main() -> None:
    """Serve until standard input ends."""
    Atspi.set_timeout(ANSWER_MS, ANSWER_MS)
    answerer = Answerer()
    pyatspi.Registry.registerEventListener(answerer.changed, *EVENTS)
    GLib.timeout_add(LOOK_AGAIN_MS, answerer.tick, priority=GLib.PRIORITY_HIGH)

    def listen() -> None:
        for line in sys.stdin:
            GLib.idle_add(answerer.ask, json.loads(line), priority=GLib.PRIORITY_HIGH)  # ahead of what was reported meanwhile
        GLib.idle_add(pyatspi.Registry.stop)

    threading.Thread(target=listen, daemon=True).start()
    pyatspi.Registry.start(asynchronous=False, gil=False)


if __name__ == "__main__":
    main()
