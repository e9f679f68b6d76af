"""The stream of a file or folder, taken apart as it arrives and held to what was said of it before anybody allowed it.

Nothing is believed: lengths, places and hashes are those of the request, or the file is over. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from policy.decision import Reason
from wire.schema import MalformedMessage
from wire.sealed.files import FileEntry, decode_manifest
from wire.sealed.inner import FileWords


class FileRuined(Exception):
    """This file cannot become what was allowed. The visit goes on without it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class NextEntry:
    """What follows is of this file of the folder."""

    path: str


@dataclass(frozen=True, slots=True)
class Content:
    """Contents."""

    content: bytes


class Stream:
    """Takes the pieces in their order. `got` counts the stream, `contents` its contents alone."""

    def __init__(self, words: FileWords) -> None:
        self._words = words
        self.total = words.manifest + words.size
        self.got = 0
        self._manifest = bytearray()
        self._ahead: list[FileEntry] = [] if words.folder else [FileEntry(words.name, words.size, words.digest)]
        self._left, self._hash = (0 if words.folder else words.size), sha256()
        self._due = words.digest

    @property
    def contents(self) -> int:
        """Bytes of contents so far."""
        return max(0, self.got - self._words.manifest)

    def take(self, piece: bytes) -> Iterator[NextEntry | Content]:
        """What this piece means, in order. Raises FileRuined, also for what comes beyond the end."""
        if self.got + len(piece) > self.total:
            raise FileRuined(Reason.FILE_DIFFERS)
        lacking = self._words.manifest - self.got
        self.got += len(piece)
        if lacking > 0:
            self._manifest += piece[:lacking]
            piece = piece[lacking:]
            if len(self._manifest) < self._words.manifest:
                return
            self._read_manifest()
            yield from self._next()
        while piece:
            content, piece = piece[: self._left], piece[self._left :]
            yield Content(content)
            self._feed(content)
            if not self._left:
                self._check()
                yield from self._next()

    @property
    def whole(self) -> bool:
        """Has everything arrived, and is every hash right? Raises FileRuined if one is not."""
        if self.got < self.total:
            return False
        if not self._words.folder and not self._words.size:
            self._check()
        return True

    def _read_manifest(self) -> None:
        data = bytes(self._manifest)
        if sha256(data).digest() != self._words.digest:
            raise FileRuined(Reason.FILE_DIFFERS)
        try:
            entries = decode_manifest(data)
        except MalformedMessage:
            raise FileRuined(Reason.FILE_DIFFERS) from None
        if len(entries) != self._words.files or sum(each.size for each in entries) != self._words.size:
            raise FileRuined(Reason.FILE_DIFFERS)
        self._ahead = list(reversed(entries))

    def _next(self) -> Iterator[NextEntry]:
        """Go on to the next file that has contents; those without are only named."""
        while self._words.folder and self._ahead and not self._left:
            entry = self._ahead.pop()
            self._left, self._hash, self._due = entry.size, sha256(), entry.digest
            yield NextEntry(entry.path)
            if not entry.size:
                self._check()

    def _feed(self, content: bytes) -> None:
        self._hash.update(content)
        self._left -= len(content)

    def _check(self) -> None:
        if self._hash.digest() != self._due:
            raise FileRuined(Reason.FILE_DIFFERS)
