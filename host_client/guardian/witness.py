"""The site's witnesses: each head of this host's log, and each of the broker's that was held, goes to places outside both.

    /mnt/share/chaperone         a folder that is there: one file for each log, notes appended, never rewritten
    syslog://logs.site:514       a syslog server over UDP (RFC 5426), which never answers
    syslog+tcp://logs.site:601   over TCP, each message behind its length (RFC 6587, section 3.4.1)

A message is one of RFC 5424 (facility 13, log audit; severity 5, notice) whose text is {"note":"..."} in JSON. A witness proves nothing by
itself: it remembers. One that fails or hangs is tried again with the next head, and nothing here waits for it.
"""

import asyncio
import contextlib
import json
import os
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from audit.checkpoint import said_by
from runtime.log_notes import block_of

PATIENCE = 10.0
WAITING_MAX = 100
"""Notes that wait for one witness. Every later one says more, so the oldest go."""
_AUDIT_NOTICE = 13 * 8 + 5
_PORTS = {"syslog": 514, "syslog+tcp": 601}


class WitnessUnknown(Exception):
    """This names no witness."""


class Witness(Protocol):
    """A place that remembers."""

    def give(self, note: str) -> None:
        """Remember this note. Blocks; raises OSError."""


@dataclass(frozen=True, slots=True)
class FolderWitness:
    """A folder, such as a share of the site. It is not made: a share that is not mounted is not there."""

    folder: Path

    def give(self, note: str) -> None:
        """Append it to the file of its log."""
        name = re.sub(r"[^A-Za-z0-9]", "-", said_by(note).origin)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        file = os.open(self.folder / f"{name}.notes", flags, 0o644)
        try:
            block = block_of(note)
            if os.write(file, block) != len(block):
                raise OSError(28, "only a part was written")
            os.fsync(file)
        finally:
            os.close(file)


@dataclass(frozen=True, slots=True)
class SyslogWitness:
    """A syslog server. `sender` is this host's id."""

    server: str
    port: int
    tcp: bool
    sender: str

    def give(self, note: str) -> None:
        """Send it."""
        line = self.message(note, datetime.now(UTC))
        if self.tcp:
            with socket.create_connection((self.server, self.port), timeout=PATIENCE) as connection:
                connection.sendall(b"%d %s" % (len(line), line))
            return
        family, kind, protocol, _, address = socket.getaddrinfo(self.server, self.port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as datagrams:
            datagrams.sendto(line, address)

    def message(self, note: str, now: datetime) -> bytes:
        """The message, ASCII on one line."""
        stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        return f"<{_AUDIT_NOTICE}>1 {stamp} {self.sender} chaperone-host - head - {json.dumps({'note': note})}".encode("ascii")


def read_witness(name: str, sender: str) -> Witness:
    """The witness of this name. Raises WitnessUnknown."""
    parts = urlsplit(name)
    if parts.scheme in {"", "file"} and not parts.netloc and parts.path.startswith("/"):
        return FolderWitness(Path(unquote(parts.path) if parts.scheme else name))
    try:
        port = parts.port
    except ValueError:
        port = None
    else:
        if parts.scheme in _PORTS and parts.hostname and not parts.path.strip("/"):
            return SyslogWitness(parts.hostname, port or _PORTS[parts.scheme], parts.scheme == "syslog+tcp", sender)
    raise WitnessUnknown(f"no witness: {name}; say /folder, syslog://server:port or syslog+tcp://server:port")


class Line:
    """What waits for one witness, and the thread that gives it."""

    def __init__(self, name: str, witness: Witness, failed: Callable[[str, str], Coroutine[Any, Any, None]], patience: float) -> None:
        self._name, self._witness, self._failed, self._patience = name, witness, failed, patience
        self._waiting: deque[str] = deque(maxlen=WAITING_MAX)
        self._given: asyncio.Future[str] | None = None
        self._failing = False
        self.wake = asyncio.Event()

    def offer(self, note: str) -> None:
        """Give it soon. Never waits."""
        self._waiting.append(note)
        self.wake.set()

    async def keep(self) -> None:
        """Give what waits, in order, whenever something new does. Ends when it is cancelled."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            await self._give_all()

    async def _give_all(self) -> None:
        while self._waiting:
            note = self._waiting[0]
            fault = await self._give(note)
            if fault:
                if not self._failing:
                    self._failing = True
                    await self._failed(self._name, fault)
                return
            self._failing = False
            if self._waiting and self._waiting[0] == note:
                self._waiting.popleft()

    async def _give(self, note: str) -> str:
        """Empty once it was given, else what is wrong. A thread that hangs is left alone, and no second one begun beside it."""
        if self._given is not None and not self._given.done():
            return "it hangs"
        loop = asyncio.get_running_loop()
        given: asyncio.Future[str] = loop.create_future()
        self._given = given
        threading.Thread(target=_give_in_thread, args=(self._witness, note, loop, given), daemon=True).start()
        done, _ = await asyncio.wait((given,), timeout=self._patience)
        if done:
            return given.result()
        given.add_done_callback(lambda _: self.wake.set())  # it is back: what waits is tried again
        return "it hangs"


def _give_in_thread(witness: Witness, note: str, loop: asyncio.AbstractEventLoop, given: "asyncio.Future[str]") -> None:
    fault = ""
    try:
        witness.give(note)
    except OSError as problem:
        fault = problem.strerror or str(problem)
    with contextlib.suppress(RuntimeError):  # the program ended meanwhile
        loop.call_soon_threadsafe(given.set_result, fault)


class Witnesses:
    """All of them: those of the settings, and those that the site's signed documents name now."""

    def __init__(
        self,
        names: Callable[[], tuple[str, ...]],
        sender: str,
        go: Callable[[Coroutine[Any, Any, None]], object],
        failed: Callable[[str, str], Coroutine[Any, Any, None]],
        patience: float = PATIENCE,
    ) -> None:
        self._names, self._sender, self._go, self._failed, self._patience = names, sender, go, failed, patience
        self._lines: dict[str, Line | None] = {}
        """None: no witness has this name. It was said once."""
        self._newest: dict[str, str] = {}

    def offer(self, note: str) -> None:
        """Every witness is given this note. Never waits, and never fails."""
        origin = said_by(note).origin
        if self._newest.get(origin) == note:
            return
        self._newest[origin] = note
        for name in self._names():
            line = self._lines[name] if name in self._lines else self._begin(name)
            if line is not None:
                line.offer(note)

    def _begin(self, name: str) -> Line | None:
        try:
            witness = read_witness(name, self._sender)
        except WitnessUnknown as fault:
            self._lines[name] = None
            self._go(self._failed(name, str(fault)))
            return None
        line = self._lines[name] = Line(name, witness, self._failed, self._patience)
        self._go(line.keep())
        return line
