"""A real desk process on a real X screen, with this test in the guardian's place."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from host_client.link import DeskReady, Heartbeat, Online, ShowIdle, StopDesk, UiKind
from host_client.link_frames import FilePiece, Input, LinkReader, Picture, ToDesk, ToGuardian, input_frame, message_frame, read_to_guardian
from tests.helpers import desk_driver
from tests.helpers.x_server import XScreen, stop

T = TypeVar("T")
QUIET = 0.1
"""Seconds without a change after which a button stands where it stands."""
DEADLINE = 20.0
IDLE = ShowIdle(Online.READY, "Analyser 7, haematology", "Example Instruments", "K7QF 2M9X 4TRA 88PZ", None)


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button as the tool kit draws it: its centre on the screen. So is `field`, with what stands in it as its name."""

    x: int
    y: int
    enabled: bool
    focused: bool
    chosen: bool
    """Would it have the keyboard if its window had? So it does once somebody has pressed it."""
    name: str


class DeskProcess:
    """The guardian's end of the link."""

    def __init__(self, connected: socket.socket, process: "subprocess.Popen[bytes]") -> None:
        self._socket, self.process = connected, process
        self._socket.settimeout(DEADLINE)
        self._news = threading.Condition()
        self._buttons: dict[str, ShownButton] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._reader = LinkReader()
        self._read: list[ToGuardian | Picture | FilePiece] = []
        self._told = self._done = 0

    def _listen(self) -> None:
        """Ends with the process's output. This thread closes it: closing a pipe that another thread reads would wait for ever."""
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                if line.startswith(b"{"):
                    with self._news:
                        self._buttons = {name: ShownButton(**place) for name, place in json.loads(line).items()}
                        self._news.notify_all()

    def ended(self) -> None:
        """The process is gone: nothing more is written."""
        self._listener.join(DEADLINE)
        assert not self._listener.is_alive(), "somebody keeps the desk's output open"

    def button(self, name: str, *, enabled: bool = True, focused: bool = False, chosen: bool = False) -> ShownButton:
        """A visible button by its object name, as soon as it is in that state and keeps its place. Fails when it does not come.

        A window manager still moves what is drawn already. `focused`: wait also until it has handed over the keyboard; `chosen`: until
        somebody's press has arrived.
        """

        def there() -> bool:
            seen = self._buttons.get(name)
            return seen is not None and seen.enabled is enabled and (seen.focused or not focused) and (seen.chosen or not chosen)

        with self._news:
            while True:
                assert self._news.wait_for(there, DEADLINE), f"no such button: {name}, there are {self._buttons}"
                seen = self._buttons[name]
                if not self._news.wait_for(lambda seen=seen: self._buttons.get(name) != seen, QUIET):  # type: ignore[misc]
                    return seen

    def typed(self, text: str) -> None:
        """Until that is what stands in the field where a person writes."""
        with self._news:
            arrived = self._news.wait_for(lambda: "field" in self._buttons and self._buttons["field"].name == text, DEADLINE)
            assert arrived, f"in the field stands: {self._buttons.get('field')}"

    def until_gone(self, name: str) -> None:
        """Until that button is not visible any more."""
        with self._news:
            assert self._news.wait_for(lambda: name not in self._buttons, DEADLINE), f"{name} stays"

    def tell(self, said: ToDesk) -> None:
        """Say something to the desk."""
        self._told += 1
        self._socket.sendall(message_frame(said))

    def send_input(self, batch: Input) -> None:
        """Send one batch of input."""
        self._told += 1
        self._socket.sendall(input_frame(batch))

    def next(self) -> ToGuardian | Picture | FilePiece:
        """The next thing the desk says; a heartbeat for each thing it was told and has done. Raises TimeoutError or ConnectionError."""
        while not self._read:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the desk has gone")
            self._read += [read_to_guardian(kind, body) for kind, body in self._reader.feed(data)]
        said = self._read.pop(0)
        self._done += isinstance(said, Heartbeat)
        return said

    def expect(self, wanted: type[T]) -> T:
        """The next thing of this kind; heartbeats are passed over, anything else is a failure."""
        said = self.next()
        while isinstance(said, Heartbeat):
            said = self.next()
        assert isinstance(said, wanted), f"expected {wanted.__name__}, the desk said {said}"
        return said

    def until(self, wanted: type[T]) -> list[ToGuardian]:
        """All that the desk says up to the first thing of this kind, without heartbeats and pictures."""
        heard: list[ToGuardian] = []
        while not heard or not isinstance(heard[-1], wanted):
            said = self.next()
            if not isinstance(said, (Heartbeat, Picture, FilePiece)):
                heard.append(said)
        return heard

    def settle(self) -> list[ToGuardian]:
        """All that the desk says until it has done everything it was told."""
        heard: list[ToGuardian] = []
        while self._done < self._told:
            said = self.next()
            if not isinstance(said, (Heartbeat, Picture, FilePiece)):
                heard.append(said)
        return heard

    def cut(self) -> None:
        """Lose the link without a word."""
        self._socket.close()


@contextmanager
def desk_process(
    screen: XScreen, ui: UiKind = UiKind.WINDOW, *, language: str = "en", theme: str = "light", keys: int = subprocess.DEVNULL
) -> Iterator[tuple[DeskProcess, DeskReady]]:
    """Start a desk on this screen; it has said that it is ready."""
    with TemporaryDirectory(prefix="desk-") as directory, socket.socket(socket.AF_UNIX) as listener:
        path = Path(directory, "link")
        listener.bind(str(path))
        listener.listen(1)
        listener.settimeout(DEADLINE)
        environment = screen.environment() | {"PYTHONPATH": str(Path.cwd())}
        command = [sys.executable, str(Path(desk_driver.__file__)), str(path), ui, language, theme]
        process = subprocess.Popen(command, env=environment, stdin=keys, stdout=subprocess.PIPE)
        try:
            connected, _ = listener.accept()
            with connected:
                desk = DeskProcess(connected, process)
                yield desk, desk.expect(DeskReady)
                if process.poll() is None and connected.fileno() >= 0:
                    desk.tell(StopDesk())
                    process.wait(DEADLINE)
                stop(process)
                desk.ended()
        finally:
            stop(process)
