"""What the person picked to be sent, held to what it was when its hash was computed: block by block, so that nothing else ever leaves.

    stream   of a file: its content; of a folder: its manifest, then its files in the manifest's order (wire/sealed/files.py)

Only plain files, by descriptors alone: no link is followed, and no pipe or device is read. What is in a folder and is none, or has a name
that a manifest cannot hold, is counted and left out.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from host_client.desk.files.arriving import DEEPEST
from host_client.desk.files.drop_folder import FileRefused, refusing
from policy.decision import Reason
from wire.limits import FILE_NAME_MAX, FILE_PATH_MAX, FILE_SIZE_MAX, FILES_MAX
from wire.sealed.files import DATA_MAX, FileEntry, encode_manifest, is_name

BLOCK = 4 * DATA_MAX
"""Bytes that are read, and held to their hash, at a time."""
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
"""O_NONBLOCK: a pipe must not make us wait before we see what it is."""
Told = Callable[[int, int], bool]
"""Is told how many of how many bytes are read; False: nobody wants it any more."""


class NoLongerWanted(Exception):
    """The question is over."""


@dataclass(slots=True)
class _File:
    """One file: its place below what was picked, its size, and what its blocks were when they were read."""

    path: tuple[str, ...]
    size: int
    blocks: list[bytes] = field(default_factory=list)
    digest: bytes = b""


class Picked:
    """A file or folder, open. Close it."""

    def __init__(self, place: Path, told: Told) -> None:
        """Read it through. Raises FileRefused and NoLongerWanted."""
        self.name = _said(place.name)
        self.left_out = self._found = 0
        self._root = _opened(str(place), None)
        try:
            self.folder = _is_folder(self._root)
            self._files = list(self._walk(self._root, ())) if self.folder else [_File((), _size_of(self._root))]
            self.size = sum(each.size for each in self._files)
            self._check_bounds()
            self._read_through(told)
            self.manifest = _manifest_of(self._files) if self.folder else b""
        except BaseException:
            self.close()
            raise
        self.digest = sha256(self.manifest).digest() if self.folder else self._files[0].digest
        self._block: tuple[_File, int, bytes] | None = None

    @property
    def files(self) -> int:
        """How many."""
        return len(self._files)

    def close(self) -> None:
        """Let go of it."""
        os.close(self._root)

    # ---- reading it through

    def _check_bounds(self) -> None:
        if not self._files:
            raise FileRefused(Reason.FILE_NOT_PLAIN)
        if self.size > FILE_SIZE_MAX:
            raise FileRefused(Reason.FILES_TOO_LARGE)

    def _walk(self, folder: int, above: tuple[str, ...]) -> Iterator[_File]:
        """Every plain file at and below, in the order of their names."""
        with refusing(Reason.FILE_UNREADABLE):
            names = sorted(os.listdir(folder))
        for name in names:
            path = (*above, name)
            try:
                opened = _opened(name, folder) if _may_be_said(path) else None
            except FileRefused as fault:
                if fault.reason is not Reason.FILE_NOT_PLAIN:
                    raise
                opened = None
            if opened is None:
                self.left_out += 1
                continue
            try:
                yield from self._walk(opened, path) if _is_folder(opened) else self._one(opened, path)
            finally:
                os.close(opened)

    def _one(self, opened: int, path: tuple[str, ...]) -> Iterator[_File]:
        self._found += 1
        if self._found > FILES_MAX:
            raise FileRefused(Reason.FILES_TOO_LARGE)
        yield _File(path, _size_of(opened))

    def _read_through(self, told: Told) -> None:
        done = 0
        for each in self._files:
            whole = sha256()
            with self._open(each) as opened:
                for at in range(0, each.size, BLOCK):
                    block = _block_at(opened, at, each)
                    each.blocks.append(sha256(block).digest())
                    whole.update(block)
                    done += len(block)
                    if not told(done, self.size):
                        raise NoLongerWanted
                if _read(opened, each.size, 1):
                    raise FileRefused(Reason.FILE_CHANGED)  # it grows
            each.digest = whole.digest()

    @contextmanager
    def _open(self, file: _File) -> Iterator[int]:
        """The same file again. Raises FileRefused where something else stands in its place, or in that of a folder above."""
        at = os.dup(self._root)
        try:
            for name in file.path:
                deeper = _opened(name, at)
                os.close(at)
                at = deeper
            yield at
        finally:
            os.close(at)

    # ---- sending

    def pieces(self, offset: int, size: int) -> Iterator[tuple[int, bytes]]:
        """So many bytes of the stream from there on, piece by piece with their places. Raises FileRefused if it is not what it was."""
        until = min(offset + size, len(self.manifest) + self.size)
        while offset < until:
            most, content = min(DATA_MAX, until - offset), b""
            while len(content) < most:
                content += self._at(offset + len(content))[: most - len(content)]
            yield offset, content
            offset += most

    def _at(self, offset: int) -> bytes:
        """What of the stream can be had there at once."""
        if offset < len(self.manifest):
            return self.manifest[offset : offset + DATA_MAX]
        offset -= len(self.manifest)
        for each in self._files:
            if offset < each.size:
                block, within = divmod(offset, BLOCK)
                return self._checked(each, block)[within : within + DATA_MAX]
            offset -= each.size
        raise ValueError("beyond the stream")

    def _checked(self, file: _File, number: int) -> bytes:
        """This block of this file, if it is what it was."""
        held = self._block
        if held is not None and held[0] is file and held[1] == number:
            return held[2]
        try:
            with self._open(file) as opened:
                block = _block_at(opened, number * BLOCK, file)
        except FileRefused:
            raise FileRefused(Reason.FILE_CHANGED) from None
        if sha256(block).digest() != file.blocks[number]:
            raise FileRefused(Reason.FILE_CHANGED)
        self._block = (file, number, block)
        return block


def _opened(name: str, folder: int | None) -> int:
    """A plain file or a folder, open. Raises FileRefused for anything else."""
    try:
        opened = os.open(name, _READ, dir_fd=folder)
    except OSError as fault:
        plain = fault.errno not in {errno.ELOOP, errno.ENXIO}  # a link; a socket, or a device that is not there
        raise FileRefused(Reason.FILE_UNREADABLE if plain else Reason.FILE_NOT_PLAIN) from None
    mode = os.fstat(opened).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        os.close(opened)
        raise FileRefused(Reason.FILE_NOT_PLAIN)
    return opened


def _is_folder(opened: int) -> bool:
    return stat.S_ISDIR(os.fstat(opened).st_mode)


def _size_of(opened: int) -> int:
    return os.fstat(opened).st_size


def _read(opened: int, at: int, size: int) -> bytes:
    with refusing(Reason.FILE_UNREADABLE):
        return os.pread(opened, size, at)


def _block_at(opened: int, at: int, file: _File) -> bytes:
    """One block, whole. Raises FileRefused for a file that became shorter."""
    size = min(BLOCK, file.size - at)
    block = _read(opened, at, size)
    while len(block) < size:
        more = _read(opened, at + len(block), size - len(block))
        if not more:
            raise FileRefused(Reason.FILE_CHANGED)
        block += more
    return block


def _may_be_said(path: tuple[str, ...]) -> bool:
    """Can a manifest hold this place?"""
    whole = "/".join(path)
    try:
        whole.encode()
    except UnicodeEncodeError:
        return False
    return len(path) <= DEEPEST and len(whole) <= FILE_PATH_MAX and is_name(path[-1])


def _said(name: str) -> str:
    """The name of what was picked, as it can be told."""
    return os.fsencode(name).decode(errors="replace")[:FILE_NAME_MAX] or "_"


def _manifest_of(files: list[_File]) -> bytes:
    try:
        return encode_manifest(tuple(FileEntry("/".join(each.path), each.size, each.digest) for each in files))
    except ValueError:
        raise FileRefused(Reason.FILES_TOO_LARGE) from None
