"""The session bus, as far as one well-known service is asked on it: calls with a limit of time, and what that service says by itself.

One thread reads, any thread calls. A signal counts only when it comes from the owner that the name had at the beginning: every
program of the login can send one that looks the same. When the bus or that owner goes, everybody who waits is told, and the
connection is of no more use.
"""

import queue
import threading
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, Final

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.threading import DBusConnection, ReceiveStopped, open_dbus_connection

from host_client.ports import ScreenLost

CALL_SECONDS = 5.0
"""A service that is awake answers in milliseconds; one that has to be started first may take longer."""
_BUS: Final = "org.freedesktop.DBus"
Body = tuple[Any, ...]
"""What a message carries, by its signature. D-Bus has checked the types; what they mean is for who asked."""
Heard = queue.SimpleQueue[tuple[str, Body] | None]
"""Signals of one object, each its name and what it carries; None: nothing more comes."""


class SessionBus:
    """One connection, for one service. Raises ScreenLost where there is no bus, or nobody has that name and none can be started."""

    def __init__(self, address: str, service: str, objects: str) -> None:
        """`address` as in DBUS_SESSION_BUS_ADDRESS; signals are heard of all objects below the path `objects`."""
        self._lock = threading.Lock()
        self._asked: dict[int, Future[Message]] = {}
        self._heard: dict[str, Heard] = {}
        self._gone = False
        self._service, self._owner = service, ""
        try:
            self._line: DBusConnection = open_dbus_connection(address, enable_fds=True)
        except (OSError, RuntimeError, ValueError, StopIteration) as wrong:
            raise ScreenLost("there is no session bus") from wrong
        threading.Thread(target=self._read, name="session bus", daemon=True).start()
        try:
            self._begin(objects)
        except ScreenLost:
            self.close()
            raise

    def _begin(self, objects: str) -> None:
        (running,) = self._call(message_bus.NameHasOwner(self._service))
        if not running:
            self._call(message_bus.StartServiceByName(self._service))
        changes = MatchRule(type="signal", sender=_BUS, interface=_BUS, member="NameOwnerChanged")
        changes.add_arg_condition(0, self._service)
        self._call(message_bus.AddMatch(changes))
        self._call(message_bus.AddMatch(MatchRule(type="signal", sender=self._service, path_namespace=objects)))
        (self._owner,) = self._call(message_bus.GetNameOwner(self._service))

    @property
    def gone(self) -> bool:
        """Is the bus, or the service as it was, there no more?"""
        return self._gone

    @property
    def name(self) -> str:
        """Our own name on the bus, such as `:1.7`."""
        return str(self._line.unique_name)

    def call(self, path: str, interface: str, member: str, signature: str = "", body: Body = (), seconds: float = CALL_SECONDS) -> Body:
        """Ask one object of the service, and wait for what it answers. Raises ScreenLost."""
        return self._call(self._message(path, interface, member, signature, body), seconds)

    def tell(self, path: str, interface: str, member: str) -> None:
        """Ask, and wait for nothing: whether it was heard changes nothing for us."""
        with suppress(OSError, ValueError):
            self._line.send(self._message(path, interface, member, "", ()))

    def heed(self, path: str) -> Heard:
        """From now on what this object says. One ear for each object."""
        heard: Heard = queue.SimpleQueue()
        with self._lock:
            self._heard[path] = heard
            if self._gone:
                heard.put(None)
        return heard

    def forget(self, path: str) -> None:
        """What this object says matters no more."""
        with self._lock:
            self._heard.pop(path, None)

    def close(self) -> None:
        """Let the connection go. What the service holds for us goes with it."""
        self._end()
        with suppress(OSError, ValueError, KeyError):
            self._line.interrupt()

    def _message(self, path: str, interface: str, member: str, signature: str, body: Body) -> Message:
        return new_method_call(DBusAddress(path, bus_name=self._owner, interface=interface), member, signature, body)

    def _call(self, message: Message, seconds: float = CALL_SECONDS) -> Body:
        member = message.header.fields[HeaderFields.member]
        answer: Future[Message] = Future()
        serial: int = next(self._line.outgoing_serial)
        with self._lock:
            if self._gone:
                raise ScreenLost("the session bus is gone")
            self._asked[serial] = answer
        try:
            self._line.send(message, serial=serial)
            said = answer.result(seconds)
        except (OSError, ValueError, CancelledError) as gone:  # a TimeoutError is an OSError
            raise ScreenLost(f"the session bus does not answer: {member}") from gone
        finally:
            with self._lock:
                self._asked.pop(serial, None)
        if said.header.message_type is MessageType.error:
            raise ScreenLost(f"{member}: {said.header.fields.get(HeaderFields.error_name)}")
        return tuple(said.body)

    def _read(self) -> None:
        try:
            while not self._gone:
                self._take(self._line.receive())
        except (OSError, RuntimeError, ValueError, ReceiveStopped):
            pass  # gone, or what came is no D-Bus: either way it ends here, and who waits is told
        finally:
            self._end()
            self._line.close()

    def _take(self, message: Message) -> None:
        fields = message.header.fields
        if message.header.message_type in {MessageType.method_return, MessageType.error}:
            with self._lock:
                answer = self._asked.pop(fields.get(HeaderFields.reply_serial, 0), None)
            if answer is not None:
                answer.set_result(message)
        elif message.header.message_type is MessageType.signal:
            self._told(fields.get(HeaderFields.sender, ""), fields[HeaderFields.path], fields[HeaderFields.member], tuple(message.body))

    def _told(self, sender: str, path: str, member: str, body: Body) -> None:
        if sender == _BUS:
            if member == "NameOwnerChanged" and body[0] == self._service and body[1] and body[1] == self._owner:
                self._end()
        elif sender == self._owner:
            with self._lock:
                heard = self._heard.get(path)
            if heard is not None:
                heard.put((member, body))

    def _end(self) -> None:
        with self._lock:
            self._gone = True
            asked, self._asked = self._asked, {}
            heard = tuple(self._heard.values())
        for answer in asked.values():
            answer.cancel()
        for each in heard:
            each.put(None)
