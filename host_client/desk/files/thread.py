"""The one thread that touches the person's files, so that a slow disk never delays a prompt, a picture or a key.

What the guardian says is done in its order. Whatever goes wrong ends that file, and the guardian is told why.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import assert_never

from host_client.desk.files.arriving import Arriving
from host_client.desk.files.drop_folder import DropFolder, FileRefused
from host_client.link_files import FileBegin, FileDrop, FileEntryBegin, FileFailed, FileKeep, FileKept, FileWritten
from host_client.link_frames import FilePiece, ToGuardian

OfFiles = FileBegin | FileEntryBegin | FilePiece | FileKeep | FileDrop
"""What the guardian says to it."""


class FileThread:
    """Takes files to this PC. `say` tells the guardian."""

    def __init__(self, place: Path, say: Callable[[ToGuardian], None]) -> None:
        self._place, self._say = place, say
        self._work: queue.SimpleQueue[OfFiles | None] = queue.SimpleQueue()
        self._arriving: dict[int, Arriving] = {}
        self._folder: DropFolder | None = None
        self._thread: threading.Thread | None = None

    def take(self, said: OfFiles) -> None:
        """Do this, after what was said before. Called on any thread; never waits. The window bounds what waits here."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="files", daemon=True)
            self._thread.start()
        self._work.put(said)

    def end(self) -> None:
        """Leave nothing that is not finished, and stop."""
        if self._thread is not None:
            self._work.put(None)
            self._thread.join(5.0)

    def _run(self) -> None:
        while (said := self._work.get()) is not None:
            try:
                self._do(said)
            except FileRefused as fault:
                self._drop(said.grant)
                self._say(FileFailed(said.grant, fault.reason))
        for grant in tuple(self._arriving):
            self._drop(grant)
        if self._folder is not None:
            self._folder.close()

    def _do(self, said: OfFiles) -> None:
        if isinstance(said, FileBegin):
            self._begin(said)
            return
        arriving = self._arriving.get(said.grant)
        if arriving is None:
            return  # it failed or was dropped; what was on its way means nothing
        match said:
            case FileEntryBegin():
                arriving.entry(said.path)
            case FilePiece():
                if arriving.write(said.content):
                    self._say(FileWritten(said.grant, arriving.written))
            case FileKeep():
                name = arriving.keep()
                del self._arriving[said.grant]
                self._say(FileKept(said.grant, name))
            case FileDrop():
                self._drop(said.grant)
            case _:
                assert_never(said)

    def _begin(self, said: FileBegin) -> None:
        if self._folder is None:
            self._folder = DropFolder(self._place)
            self._folder.sweep()
        self._arriving[said.grant] = Arriving(self._folder, said.name, said.size, is_folder=said.folder)

    def _drop(self, grant: int) -> None:
        arriving = self._arriving.pop(grant, None)
        if arriving is not None:
            with suppress(OSError):
                arriving.drop()
