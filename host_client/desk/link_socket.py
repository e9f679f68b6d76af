"""The desk's end of the Unix socket: one thread that reads, one that writes, in the order things were said.

Pictures are sent only while their grant is live: `forget` makes every picture of a grant that still waits here vanish.
"""

import os
import queue
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from struct import Struct

from host_client.link_frames import (
    FilePiece,
    Input,
    LinkReader,
    Picture,
    ToDesk,
    ToGuardian,
    message_frame,
    picture_frame,
    piece_frame,
    read_to_desk,
)
from wire.schema import MalformedMessage

_CREDENTIALS = Struct("=iII")
_CHUNK = 256 * 1024


class GuardianNotTrusted(Exception):
    """The other end of the socket does not belong to the account that runs the desk."""


class Link:
    """A connection to the guardian. `heard` gets each message on the reading thread; `lost` is called once at the end."""

    def __init__(self, path: Path, heard: Callable[[ToDesk | Input | FilePiece], None], lost: Callable[[], None]) -> None:
        self._heard, self._lost = heard, lost
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(str(path))
            _check_owner(self._socket)
        except (OSError, GuardianNotTrusted):
            self._socket.close()
            raise
        self._waiting: queue.SimpleQueue[ToGuardian | Picture | FilePiece | None] = queue.SimpleQueue()
        self._followed: dict[bool, tuple[int, int] | None] = {}
        """Whose pictures may leave, by grant and run: the technician's, and those of somebody who only watches."""
        self._reader = threading.Thread(target=self._read, name="link", daemon=True)
        self._writer = threading.Thread(target=self._write, name="say", daemon=True)

    def start(self) -> None:
        """Begin to read and write."""
        self._reader.start()
        self._writer.start()

    def say(self, said: ToGuardian) -> None:
        """Send one message. Called on any thread; never waits."""
        self._waiting.put(said)

    def show(self, picture: Picture) -> None:
        """Send one parcel of the grant in `follow`. Called on any thread; never waits."""
        self._waiting.put(picture)

    def send(self, piece: FilePiece) -> None:
        """Send one piece of a file. Called on any thread; never waits: no more is read than the guardian asked for."""
        self._waiting.put(piece)

    def follow(self, grant: int | None, run: int = 0, *, beside: bool = False) -> None:
        """From now on only pictures of this run of this grant leave; those of any other that still wait here are dropped."""
        self._followed[beside] = None if grant is None else (grant, run)

    def close(self) -> None:
        """Send what was said, then end both threads."""
        self._waiting.put(None)
        self._writer.join(1.0)
        with suppress(OSError):  # the guardian may have been faster
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(1.0)
        self._socket.close()

    def _read(self) -> None:
        reader = LinkReader()
        try:
            while data := self._socket.recv(_CHUNK):
                for kind, body in reader.feed(data):
                    self._heard(read_to_desk(kind, body))
        except (OSError, MalformedMessage):
            return  # either way this guardian is nobody to listen to any more
        finally:
            self._lost()

    def _write(self) -> None:
        while (said := self._waiting.get()) is not None:
            if isinstance(said, Picture) and (said.grant, said.run) not in self._followed.values():
                continue
            try:
                self._socket.sendall(_frame_of(said))
            except OSError:
                return  # the reading thread tells that the link is lost


class Beside:
    """The same link, for what is captured for somebody who only watches: what he is shown follows a grant of his own."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.say, self.show = link.say, link.show

    def follow(self, grant: int | None, run: int = 0) -> None:
        """As of the link."""
        self._link.follow(grant, run, beside=True)


def _frame_of(said: ToGuardian | Picture | FilePiece) -> bytes:
    if isinstance(said, FilePiece):
        return piece_frame(said)
    return picture_frame(said) if isinstance(said, Picture) else message_frame(said)


def _check_owner(connected: socket.socket) -> None:
    """Whoever listens there must be us (SO_PEERCRED): another account's program must not draw prompts here."""
    raw = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, owner, _ = _CREDENTIALS.unpack(raw)
    if owner != os.getuid():
        raise GuardianNotTrusted(f"the guardian runs as account {owner}")
