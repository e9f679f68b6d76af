"""The monitors of a Wayland desktop (wl_output): how large each is, and when one changes. Told to every program, and nobody is asked.

A few messages of the core protocol are spoken here (wayland.xml): there is no binding that comes as a wheel, and Qt's own connection opens
no window before the desk has said who it is.
"""

import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from host_client.ports import ScreenLost

ANSWER_SECONDS = 2.0
_HEADER: Final = struct.Struct("=IHH")
"""Object, opcode, and size with this header."""
_MOST = 65_536
_DISPLAY, _REGISTRY = 1, 2
_ERROR, _GLOBAL, _GLOBAL_REMOVE, _DONE = 0, 0, 1, 0
_GEOMETRY, _MODE = 0, 1
_CURRENT = 0x1


@dataclass(frozen=True, slots=True)
class Output:
    """One monitor in its own pixels, as it stands. `turned` says that it does not stand as it is wired."""

    width: int = 0
    height: int = 0
    turned: bool = False


class Outputs:
    """One connection to the compositor. Called on one thread; raises ScreenLost where there is none (any more)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment` of the login: WAYLAND_DISPLAY and XDG_RUNTIME_DIR."""
        place = Path(environment.get("XDG_RUNTIME_DIR", "/nowhere"), environment.get("WAYLAND_DISPLAY") or "wayland-0")
        self._line = socket.socket(socket.AF_UNIX)
        self._waiting = b""
        self._next = _REGISTRY
        self._names: dict[int, int] = {}
        """The object of each output, by the compositor's number for it."""
        self._modes: dict[int, tuple[int, int]] = {}
        self._transforms: dict[int, int] = {}
        self._stirred = False
        try:
            self._line.settimeout(ANSWER_SECONDS)
            self._line.connect(str(place))
            self._send(_DISPLAY, 1, struct.pack("=I", self._new()))  # get_registry
            self._await()  # the outputs are named
            self._await()  # and have said how they are
        except (OSError, struct.error) as wrong:
            self._line.close()
            raise ScreenLost("there is no Wayland compositor") from wrong
        except ScreenLost:
            self._line.close()
            raise
        self._stirred = False

    def all(self) -> tuple[Output, ...]:
        """Every monitor that is on, as last heard of."""
        found = []
        for each in self._names.values():
            if each in self._modes:
                transform, (width, height) = self._transforms.get(each, 0), self._modes[each]
                found.append(Output(*((height, width) if transform % 2 else (width, height)), turned=transform != 0))
        return tuple(found)

    def stirred(self) -> bool:
        """Did one change, come or go since the last call?"""
        try:
            self._line.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    self._read()
        except (OSError, struct.error) as gone:
            raise ScreenLost("the Wayland compositor has gone") from gone
        stirred, self._stirred = self._stirred, False
        return stirred

    def close(self) -> None:
        """Let the connection go."""
        self._line.close()

    def _new(self) -> int:
        new, self._next = self._next, self._next + 1
        return new

    def _send(self, about: int, opcode: int, body: bytes) -> None:
        self._line.sendall(_HEADER.pack(about, opcode, _HEADER.size + len(body)) + body)

    def _await(self) -> None:
        """Until the compositor has answered all that was asked (wl_display.sync)."""
        callback = self._new()
        self._send(_DISPLAY, 0, struct.pack("=I", callback))
        while callback not in self._read():
            pass

    def _read(self) -> set[int]:
        """Heed what has come; the objects that spoke."""
        data = self._line.recv(_MOST)
        if not data:
            raise ScreenLost("the Wayland compositor has gone")
        self._waiting += data
        spoke = set()
        while len(self._waiting) >= _HEADER.size:
            about, opcode, size = _HEADER.unpack_from(self._waiting)
            if size < _HEADER.size:
                raise ScreenLost("what the Wayland compositor says cannot be read")
            if len(self._waiting) < size:
                break
            body, self._waiting = self._waiting[_HEADER.size : size], self._waiting[size:]
            self._heed(about, opcode, body)
            spoke.add(about)
        return spoke

    def _heed(self, about: int, opcode: int, body: bytes) -> None:
        if about == _DISPLAY and opcode == _ERROR:
            raise ScreenLost("the Wayland compositor does not understand")
        if about == _REGISTRY:
            self._heed_registry(opcode, body)
        elif about in self._names.values():
            self._stirred = True
            if opcode == _GEOMETRY:
                (self._transforms[about],) = struct.unpack_from("=i", body, len(body) - 4)
            elif opcode == _MODE:
                flags, width, height, _refresh = struct.unpack_from("=Iiii", body)
                if flags & _CURRENT:
                    self._modes[about] = width, height

    def _heed_registry(self, opcode: int, body: bytes) -> None:
        (number,) = struct.unpack_from("=I", body)
        if opcode == _GLOBAL and body[8:].startswith(b"wl_output\0"):
            self._names[number] = self._new()
            interface = struct.pack("=I", len(b"wl_output\0")) + b"wl_output\0\0\0"
            self._send(_REGISTRY, 0, struct.pack("=I", number) + interface + struct.pack("=II", 1, self._names[number]))
            self._stirred = True
        elif opcode == _GLOBAL_REMOVE and number in self._names:
            self._names.pop(number)
            self._stirred = True
