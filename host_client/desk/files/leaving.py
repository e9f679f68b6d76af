"""The one thread that reads what the person picked: computes its hash before he is asked, then reads what the guardian asks for.

It is not the thread that writes what arrives, so that a long hash delays no other file. Whatever goes wrong ends that file, and the
guardian is told why.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from host_client.desk.files.drop_folder import FileRefused
from host_client.desk.files.picked import NoLongerWanted, Picked
from host_client.link_files import FileDrop, FileFailed, FilePicked, FileRead
from host_client.link_frames import FilePiece, ToGuardian
from host_client.ports import Reading, Unreadable
from wire.limits import FILES_MAX

_LEFT_OUT_MOST = 1000 * FILES_MAX


@dataclass(frozen=True, slots=True)
class Pick:
    """The person wants this to be sent."""

    ask: int
    place: Path


class LeavingThread:
    """Reads files of this PC. `say` and `send` go to the guardian, `show` to the windows."""

    def __init__(
        self, say: Callable[[ToGuardian], None], send: Callable[[FilePiece], None], show: Callable[[Reading | Unreadable], None]
    ) -> None:
        self._say, self._send, self._show = say, send, show
        self._work: queue.SimpleQueue[Pick | FileRead | FileDrop | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._wanted: set[int] = set()
        """Requests whose files are read now, or may be."""
        self._held: dict[int, Picked] = {}

    def take(self, said: Pick | FileRead | FileDrop) -> None:
        """Do this, after what was said before. Called on any thread; never waits."""
        if isinstance(said, Pick):
            self._wanted.add(said.ask)
        elif isinstance(said, FileDrop):
            self._wanted.discard(said.grant)  # at once: a long file is not read to its end for nobody
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="leaving", daemon=True)
            self._thread.start()
        self._work.put(said)

    def end(self) -> None:
        """Let go of everything, and stop."""
        self._wanted.clear()
        if self._thread is not None:
            self._work.put(None)
            self._thread.join(5.0)

    def _run(self) -> None:
        while (said := self._work.get()) is not None:
            match said:
                case Pick():
                    self._pick(said)
                case FileRead():
                    self._read(said)
                case _:
                    self._drop(said.grant)
        for ask in tuple(self._held):
            self._drop(ask)

    def _pick(self, pick: Pick) -> None:
        """One at a time: a newer pick takes the place of what was picked for the same request."""
        self._drop(pick.ask)
        percent = -1

        def told(done: int, size: int) -> bool:
            nonlocal percent
            if size and done * 100 // size > percent:
                percent = done * 100 // size
                self._show(Reading(pick.ask, percent))
            return pick.ask in self._wanted

        try:
            picked = Picked(pick.place, told)
        except FileRefused as fault:
            self._show(Unreadable(pick.ask, fault.reason))
            return
        except NoLongerWanted:
            return
        self._held[pick.ask] = picked
        facts = (picked.folder, picked.files, picked.size, len(picked.manifest), picked.digest, min(picked.left_out, _LEFT_OUT_MOST))
        self._say(FilePicked(pick.ask, picked.name, *facts))

    def _read(self, said: FileRead) -> None:
        picked = self._held.get(said.grant)
        if picked is None:
            return  # it is over; what was on its way means nothing
        try:
            for offset, content in picked.pieces(said.offset, said.size):
                if said.grant not in self._wanted:
                    return
                self._send(FilePiece(said.grant, offset, content))
        except FileRefused as fault:
            self._drop(said.grant)
            self._say(FileFailed(said.grant, fault.reason))

    def _drop(self, ask: int) -> None:
        picked = self._held.pop(ask, None)
        if picked is not None:
            picked.close()
