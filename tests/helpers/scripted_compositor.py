"""A compositor that says what the test says about its monitors, in the core protocol of Wayland, to one client."""

import socket
import struct
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Final

DEADLINE: Final = 10.0
CURRENT: Final = 1
DISPLAY: Final = "wayland-7"


def message(about: int, opcode: int, body: bytes) -> bytes:
    """One event of an object."""
    return struct.pack("=IHH", about, opcode, 8 + len(body)) + body


def text(words: bytes) -> bytes:
    """A string."""
    ended = words + b"\0"
    return struct.pack("=I", len(ended)) + ended + bytes(-len(ended) % 4)


def named(number: int, interface: bytes = b"wl_output") -> bytes:
    """The registry has this."""
    return message(2, 0, struct.pack("=I", number) + text(interface) + struct.pack("=I", 4))


def geometry(about: int, transform: int) -> bytes:
    """How a monitor stands."""
    return message(about, 0, struct.pack("=iiiii", 0, 0, 300, 200, 0) + text(b"maker") + text(b"model") + struct.pack("=i", transform))


def mode(about: int, width: int, height: int, flags: int = CURRENT) -> bytes:
    """How large it is."""
    return message(about, 1, struct.pack("=Iiii", flags, width, height, 60000))


class Compositor:
    """Answers one client: to its first round `first`, to its second `second`."""

    def __init__(self, place: Path, first: bytes, second: bytes) -> None:
        self.client: socket.socket
        self._answers = [first, second]
        self._listener = socket.socket(socket.AF_UNIX)
        self._path = str(place / DISPLAY)
        self._listener.bind(self._path)
        self._listener.listen()
        self._listener.settimeout(DEADLINE)
        self.bound: list[int] = []
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        self.client, _ = self._listener.accept()
        with suppress(ConnectionError):
            self._answer()

    def _answer(self) -> None:
        waiting = b""
        for answer in self._answers:
            callback = 0
            while not callback:
                waiting += (more := self.client.recv(4096))
                if not more:
                    return
                while len(waiting) >= 8 and len(waiting) >= (size := struct.unpack_from("=IHH", waiting)[2]):
                    about, opcode, _ = struct.unpack_from("=IHH", waiting)
                    body, waiting = waiting[8:size], waiting[size:]
                    if (about, opcode) == (1, 0):
                        (callback,) = struct.unpack("=I", body)
                    elif (about, opcode) == (2, 0):
                        self.bound.append(struct.unpack_from("=I", body, len(body) - 4)[0])
            for half in (answer[: len(answer) // 2], answer[len(answer) // 2 :]):  # messages come as they come
                self.client.sendall(half)
            self.client.sendall(message(callback, 0, bytes(4)))

    def close(self) -> None:
        """It ends."""
        with socket.socket(socket.AF_UNIX) as last:  # nobody may have come
            last.connect(self._path)
        self._thread.join(DEADLINE)
        self.client.close()
        self._listener.close()
