"""The desk's file thread over a real folder, fed as a guardian would feed it; `said` waits for its answer."""

import queue
from dataclasses import dataclass, field
from pathlib import Path

from host_client.desk.files.thread import FileThread, OfFiles
from host_client.link_files import FileBegin, FileEntryBegin, FileFailed, FileKeep, FileKept
from host_client.link_frames import FilePiece, ToGuardian

DEADLINE = 20.0


@dataclass
class FileDesk:
    """`place` is the folder that files arrive in."""

    place: Path
    heard: "queue.SimpleQueue[ToGuardian]" = field(default_factory=queue.SimpleQueue)
    grants: int = 0

    def __post_init__(self) -> None:
        self.thread = FileThread(self.place, self.heard.put)

    def tell(self, *said: OfFiles) -> None:
        """The guardian says this."""
        for each in said:
            self.thread.take(each)

    def outcome(self) -> FileKept | FileFailed:
        """How the next file ended."""
        while True:
            said = self.heard.get(timeout=DEADLINE)
            if isinstance(said, FileKept | FileFailed):
                return said

    def file(self, name: str, content: bytes) -> FileKept | FileFailed:
        """One whole file."""
        self.grants += 1
        grant = self.grants
        pieces = (FilePiece(grant, 0, content),) if content else ()
        self.tell(FileBegin(grant, name, False, len(content)), *pieces, FileKeep(grant))
        return self.outcome()

    def folder(self, name: str, files: dict[str, bytes]) -> FileKept | FileFailed:
        """One whole folder."""
        self.grants += 1
        grant = self.grants
        self.tell(FileBegin(grant, name, True, sum(map(len, files.values()))))
        for path, content in files.items():
            self.tell(FileEntryBegin(grant, path), *((FilePiece(grant, 0, content),) if content else ()))
        self.tell(FileKeep(grant))
        return self.outcome()

    def end(self) -> None:
        """The desk ends."""
        self.thread.end()
