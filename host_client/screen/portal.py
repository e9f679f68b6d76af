"""The desktop portal (org.freedesktop.portal.ScreenCast): the desktop itself asks the person which monitor is shared, and hands it out.

What the person said is remembered by the portal as long as our connection to the bus lives, under a token that is used once and
exchanged for the next (persist_mode 1): a picture that was paused goes on without a second question, and nothing is kept on a disk.
"""

import queue
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from jeepney import FileDescriptor

from host_client.ports import ScreenLost
from host_client.screen.session_bus import Body, Heard, SessionBus
from policy.decision import Reason
from wire.limits import PROMPT_SECONDS

PERSON_SECONDS = float(PROMPT_SECONDS)
"""So long the desktop's own question stands; nobody's answer is a no, as with ours."""
STEP_SECONDS = 10.0
"""For a step that asks nobody."""
NAME: Final = "org.freedesktop.portal.Desktop"
ROOT: Final = "/org/freedesktop/portal/desktop"
SCREEN_CAST: Final = "org.freedesktop.portal.ScreenCast"
REQUEST: Final = "org.freedesktop.portal.Request"
SESSION: Final = "org.freedesktop.portal.Session"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_MONITOR, _EMBEDDED, _WHILE_RUNNING = 1, 2, 1
_PERSISTS_SINCE = 4
Options = Mapping[str, tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What this portal can do."""

    version: int
    sources: int
    cursors: int


class Portal:
    """The portal of one login, for the desk's life. Called on any thread."""

    def __init__(self, address: str) -> None:
        """`address` of the session bus."""
        self._address = address
        self._lock = threading.Lock()
        self._left = threading.Condition()
        self._bus: SessionBus | None = None
        self._token = ""
        self._shown = False

    def offer(self) -> Offer:
        """Raises ScreenLost where no portal shares monitors."""
        (told,) = self.bus().call(ROOT, _PROPERTIES, "GetAll", "s", (SCREEN_CAST,))
        version, sources, cursors = (_number(told, name) for name in ("version", "AvailableSourceTypes", "AvailableCursorModes"))
        if not version or not sources & _MONITOR:
            raise ScreenLost("this desktop's portal shares no monitor")
        return Offer(version, sources, cursors)

    def bus(self) -> SessionBus:
        """The one connection, made anew when the bus or the portal had gone. Raises ScreenLost."""
        with self._lock:
            if self._bus is None or self._bus.gone:
                if self._bus is not None:
                    self._bus.close()
                self._bus, self._token = None, ""
                self._bus = SessionBus(self._address, NAME, ROOT)
            return self._bus

    def take_token(self) -> str:
        """What stands for the person's last yes, once; empty: they are asked."""
        with self._lock:
            token, self._token = self._token, ""
            return token

    def keep_token(self, token: str) -> None:
        """For the next time."""
        with self._lock:
            self._token = token

    def begin(self) -> None:
        """Show a picture, once the one before is gone. Under wlroots two of one monitor take what was drawn from each other, and one
        of them stands still without a word. Raises ScreenLost where another goes on being shown.
        """
        with self._left:
            if not self._left.wait_for(lambda: not self._shown, STEP_SECONDS):
                raise ScreenLost("a Wayland desktop is shown to one at a time")
            self._shown = True

    def leave(self) -> None:
        """It is not shown any more."""
        with self._left:
            self._shown = False
            self._left.notify()

    def close(self) -> None:
        """Let the connection go, and with it every cast and the person's yes."""
        with self._lock:
            if self._bus is not None:
                self._bus.close()


@dataclass(frozen=True, slots=True)
class Stream:
    """One monitor as the portal shares it. `at`: where it begins on the desktop, where the portal tells."""

    node: int
    at: tuple[int, int] | None


class Cast:
    """One sharing of one monitor. `open` and `remote` on one thread; `close` on any, at any time. Raises ScreenLost."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._lock = threading.Lock()
        self._closed = self._over = False
        self._bus: SessionBus | None = None
        self._pending: tuple[str, Heard] | None = None
        self._session = ""
        self._of_session: Heard = queue.SimpleQueue()

    def open(self) -> Stream:
        """Have the person asked, unless they said yes before and it still stands. Returns when they have answered."""
        offer = self._portal.offer()
        bus = self._bus = self._portal.bus()
        remembered = self._portal.take_token()
        try:
            try:
                return self._opened(bus, offer, remembered)
            except ScreenLost as lost:
                if not remembered or lost.reason is not Reason.NO_SCREEN or self._closed:
                    raise
                bus.tell(self._session, SESSION, "Close")
                bus.forget(self._session)
                return self._opened(bus, offer, "")  # what was remembered cannot be had again: the person is asked
        except (TypeError, ValueError, LookupError, AttributeError) as wrong:
            raise ScreenLost("what the desktop's portal answers cannot be read") from wrong

    def _opened(self, bus: SessionBus, offer: Offer, remembered: str) -> Stream:
        token = _fresh()
        self._session = _path(bus, "session", token)
        self._of_session = bus.heed(self._session)
        self._ask(bus, "CreateSession", "", (), {"session_handle_token": ("s", token)}, STEP_SECONDS)
        options: dict[str, tuple[str, object]] = {"types": ("u", _MONITOR), "multiple": ("b", False)}
        if offer.cursors & _EMBEDDED:
            options["cursor_mode"] = ("u", _EMBEDDED)
        if offer.version >= _PERSISTS_SINCE:
            options["persist_mode"] = ("u", _WHILE_RUNNING)
        if remembered:
            options["restore_token"] = ("s", remembered)
        self._ask(bus, "SelectSources", "o", (self._session,), options, STEP_SECONDS)
        started = self._ask(bus, "Start", "os", (self._session, ""), {}, PERSON_SECONDS)
        if token := _value(started, "restore_token"):
            self._portal.keep_token(str(token))
        return _stream(_value(started, "streams"))

    def remote(self) -> int:
        """A connection to PipeWire that sees this stream and nothing else: a file descriptor, which the caller closes."""
        assert self._bus is not None
        (found,) = self._bus.call(ROOT, SCREEN_CAST, "OpenPipeWireRemote", "oa{sv}", (self._session, {}))
        if not isinstance(found, FileDescriptor):
            raise ScreenLost("the desktop's portal hands out no connection")
        return int(found.to_raw_fd())

    @property
    def over(self) -> bool:
        """Did the desktop end it: its own *Stop*, a lock, or its end? Asked on one thread."""
        with suppress(queue.Empty):
            while not self._over:
                said = self._of_session.get_nowait()
                self._over = said is None or said[0] == "Closed"
        return self._over

    def close(self) -> None:
        """End it, or the question that waits. Returns at once."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            pending, bus, session = self._pending, self._bus, self._session
        if pending is not None:
            pending[1].put(None)
        if bus is not None and session:
            bus.tell(session, SESSION, "Close")
            bus.forget(session)

    def _ask(self, bus: SessionBus, member: str, signature: str, before: Body, options: Options, seconds: float) -> Mapping[str, Any]:
        """One request and its response. Heard of before it is asked, so that no response is too quick."""
        token = _fresh()
        path = _path(bus, "request", token)
        heard = bus.heed(path)
        try:
            with self._lock:
                self._pending = path, heard
                if self._closed:
                    heard.put(None)
            bus.call(ROOT, SCREEN_CAST, member, signature + "a{sv}", (*before, {**options, "handle_token": ("s", token)}))
            return self._answer(heard, member, seconds)
        except ScreenLost:
            bus.tell(path, REQUEST, "Close")
            raise
        finally:
            bus.forget(path)

    def _answer(self, heard: Heard, member: str, seconds: float) -> Mapping[str, Any]:
        try:
            said = heard.get(timeout=seconds)
        except queue.Empty:
            raise ScreenLost(f"the desktop's portal does not answer: {member}", Reason.NO_ANSWER) from None
        if said is None:
            raise ScreenLost("the picture is not wanted any more, or the portal has gone")
        response, results = said[1]
        if response == 1:
            raise ScreenLost("the person refused in the desktop's own question", Reason.REFUSED_BY_PERSON)
        if response != 0 or not isinstance(results, Mapping):
            raise ScreenLost(f"the desktop's portal ended it: {member}")
        return results


def _fresh() -> str:
    return f"chaperone{secrets.token_hex(8)}"


def _path(bus: SessionBus, kind: str, token: str) -> str:
    """Where the portal puts what it makes for us under this token (since version 0.9 of 2017)."""
    return f"{ROOT}/{kind}/{bus.name.removeprefix(':').replace('.', '_')}/{token}"


def _value(results: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401  # whatever the variant holds; who asked looks
    return results.get(name, ("", None))[1]


def _number(told: Mapping[str, Any], name: str) -> int:
    value = _value(told, name)
    return value if isinstance(value, int) else 0


def _stream(streams: object) -> Stream:
    if not isinstance(streams, list) or not streams:
        raise ScreenLost("the desktop's portal shares no monitor")
    node, told = streams[0]
    at = _value(told, "position")
    return Stream(int(node), (int(at[0]), int(at[1])) if at is not None else None)
