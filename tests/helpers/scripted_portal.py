"""A session bus of a test's own, and on it a portal that speaks the real interface and answers as the test says.

The bus is a real dbus-daemon. The portal answers each request by its Response signal, as the real one does; what a person would press is
`answers`, and None is somebody who still reads.
"""

import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.threading import DBusConnection, DBusRouter, ReceiveStopped, open_dbus_connection

from host_client.screen.portal import NAME, REQUEST, ROOT, SCREEN_CAST, SESSION
from tests.helpers.x_server import stop

DEADLINE: Final = 10.0
NODE: Final = 42
_BUS: Final = """\
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""
Answer = tuple[int, dict[str, tuple[str, Any]]]


def shared(at: tuple[int, int] | None = (0, 0), token: str = "") -> Answer:
    """The person's yes to one monitor that begins here."""
    told = {} if at is None else {"position": ("(ii)", at)}
    results: dict[str, tuple[str, Any]] = {"streams": ("a(ua{sv})", [(NODE, told)])}
    return 0, results | ({"restore_token": ("s", token)} if token else {})


@contextmanager
def session_bus() -> Iterator[str]:
    """Its address."""
    read, write = os.pipe()
    with os.fdopen(read, "rb") as says, TemporaryDirectory(prefix="bus-") as place:
        settings = Path(place, "bus.conf")
        settings.write_text(_BUS.format(path=Path(place, "bus")), encoding="utf-8")
        command = ("dbus-daemon", f"--config-file={settings}", "--nofork", f"--print-address={write}")
        process = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        try:
            yield says.readline().decode().strip()
        finally:
            stop(process)


class ScriptedPortal:
    """Has the portal's name on this bus until it is closed."""

    def __init__(self, address: str, *, version: int = 4, sources: int = 1, cursors: int = 3) -> None:
        self._told = {"version": ("u", version), "AvailableSourceTypes": ("u", sources), "AvailableCursorModes": ("u", cursors)}
        self.answers: dict[str, Answer | None] = {"CreateSession": (0, {}), "SelectSources": (0, {}), "Start": shared()}
        self.heard: queue.Queue[tuple[str, str, dict[str, Any]]] = queue.Queue()
        """Each call: its name, the object it was about, and its options."""
        self.asker = ""
        """Who asked last."""
        self.request = self.session = ""
        """What stands open."""
        self._line: DBusConnection = open_dbus_connection(address, enable_fds=True)
        with DBusRouter(self._line) as router:
            router.send_and_get_reply(message_bus.RequestName(NAME), timeout=DEADLINE)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def await_call(self, name: str) -> tuple[str, dict[str, Any]]:
        """The next call of this name: the object it is about, and its options."""
        while True:
            member, path, options = self.heard.get(timeout=DEADLINE)
            if member == name:
                return path, options

    def answer(self, code: int, results: dict[str, tuple[str, Any]]) -> None:
        """The person has decided about what stands open."""
        self._signal(self.request, REQUEST, "Response", "ua{sv}", (code, results))

    def end_session(self) -> None:
        """The desktop's own *Stop*."""
        self._signal(self.session, SESSION, "Closed", "", ())

    def close(self) -> None:
        """The portal ends, as one that crashed."""
        self._line.interrupt()
        self._thread.join(DEADLINE)

    def _signal(self, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> None:
        said = new_signal(DBusAddress(path, interface=interface), member, signature, body)
        said.header.fields[HeaderFields.destination] = self.asker
        self._line.send(said)

    def _serve(self) -> None:
        with suppress(ReceiveStopped, OSError):
            while True:
                message = self._line.receive()
                if message.header.message_type is MessageType.method_call:
                    self._heed(message)
        self._line.close()

    def _heed(self, message: Message) -> None:
        fields = message.header.fields
        member, path, interface = (fields[each] for each in (HeaderFields.member, HeaderFields.path, HeaderFields.interface))
        self.asker = fields[HeaderFields.sender]
        options = message.body[-1] if interface == SCREEN_CAST else {}
        if member == "GetAll":
            self._line.send(new_method_return(message, "a{sv}", (self._told,)))
        elif interface in {REQUEST, SESSION}:
            self._line.send(new_method_return(message))
        elif member == "OpenPipeWireRemote":
            with open("/dev/null", "rb") as remote:  # noqa: PTH123  # a descriptor is sent, not a file
                self._line.send(new_method_return(message, "h", (remote,)))
        else:
            self._request(message, member, options)
        self.heard.put((f"{interface.rpartition('.')[2]}.{member}", path, options))

    def _request(self, message: Message, member: str, options: dict[str, Any]) -> None:
        mine = self.asker.removeprefix(":").replace(".", "_")
        self.request = f"{ROOT}/request/{mine}/{options['handle_token'][1]}"
        if member == "CreateSession":
            self.session = f"{ROOT}/session/{mine}/{options['session_handle_token'][1]}"
        self._line.send(new_method_return(message, "o", (self.request,)))
        decided = self.answers[member]
        if decided is not None:
            self.answer(*decided)


@contextmanager
def scripted_portal(**offers: int) -> Iterator[tuple[ScriptedPortal, str]]:
    """A portal, and the address of its bus."""
    with session_bus() as address:
        portal = ScriptedPortal(address, **offers)
        try:
            yield portal, address
        finally:
            portal.close()
