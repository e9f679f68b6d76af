"""The one folder that files arrive in, held by its descriptor, and what is written into it.

    a file     a partial of our own name (O_EXCL, 0600), then linked to its name where nothing stands, then the partial goes
    a folder   a partial folder (0700), then renamed onto an empty folder that was made where nothing stands

So nothing that is there is ever overwritten or followed, and what is not finished is never under its name. Where a file system has no
hard links, a file takes an empty one's place as a folder does.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from host_client.desk.files.names import numbered, safe_name
from policy.decision import Reason

PARTIAL = ".chaperone-"
"""How the name of everything unfinished begins."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_TRIES = 1000
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS})
SPARE_BYTES = 64 * 1024 * 1024
"""What is left free on the disk: a full one stops the instrument's own software."""


class FileRefused(Exception):
    """It cannot be written or read, for this reason. Nothing of the system's own words is told to anybody."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@contextmanager
def refusing(otherwise: Reason) -> Iterator[None]:
    """Turn a fault of the system into a reason: a full disk by its name, anything else as `otherwise`."""
    try:
        yield
    except OSError as fault:
        raise FileRefused(Reason.DISK_FULL if fault.errno in _FULL else otherwise) from None


def usual_place(home: Path) -> Path:
    """Where the folder stands unless the configuration says otherwise: with what was downloaded, or on the desktop."""
    return next((home / each for each in ("Downloads", "Desktop") if (home / each).is_dir()), home) / "Chaperone"


class DropFolder:
    """An open folder of our own account. Use as a context, or close it."""

    def __init__(self, place: Path) -> None:
        """Make it if it is not there. Raises FileRefused where a link stands, or somebody else may write."""
        self.place = place
        with refusing(Reason.FOLDER_UNUSABLE):
            above = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                with suppress(FileExistsError):
                    os.mkdir(place.name, 0o700, dir_fd=above)
                self.fd = os.open(place.name, _FOLDER, dir_fd=above)
            finally:
                os.close(above)
        held = os.fstat(self.fd)
        if held.st_uid != os.getuid() or held.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            self.close()
            raise FileRefused(Reason.FOLDER_UNUSABLE)

    def close(self) -> None:
        """Let go of it."""
        os.close(self.fd)

    def room_for(self, count: int) -> None:
        """Raises FileRefused if the disk would not be left with some room."""
        with refusing(Reason.FOLDER_UNUSABLE):
            disk = os.fstatvfs(self.fd)
        if disk.f_bavail * disk.f_frsize < count + SPARE_BYTES:
            raise FileRefused(Reason.DISK_FULL)

    def new_file(self) -> "PartialFile":
        """Begin a file. Raises FileRefused."""
        return PartialFile(self.fd, _partial_name())

    def new_folder(self) -> "PartialFolder":
        """Begin a folder. Raises FileRefused."""
        return PartialFolder(self.fd, _partial_name())

    def sweep(self) -> None:
        """Remove what an earlier run left unfinished."""
        with suppress(OSError):
            for name in _names(self.fd):
                if name.startswith(PARTIAL):
                    remove(self.fd, name)


def _partial_name() -> str:
    return f"{PARTIAL}{secrets.token_hex(8)}.part"


class OpenFile:
    """A file that is being written."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def write(self, content: bytes) -> None:
        """Raises FileRefused."""
        left = memoryview(content)
        with refusing(Reason.FOLDER_UNUSABLE):
            while left:
                left = left[os.write(self._fd, left) :]

    def settle(self) -> None:
        """Everything is written: put it on the disk and close it. Raises FileRefused."""
        with refusing(Reason.FOLDER_UNUSABLE):
            os.fsync(self._fd)
        self.close()

    def close(self) -> None:
        """Close it."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class PartialFile(OpenFile):
    """A file that is not under its name yet."""

    def __init__(self, folder: int, name: str) -> None:
        self._folder, self._name = folder, name
        with refusing(Reason.FOLDER_UNUSABLE):
            super().__init__(os.open(name, _NEW, 0o600, dir_fd=folder))

    def keep(self, name: str) -> str:
        """Give it its name, or the next one that is free; the name that it got. Raises FileRefused."""
        self.settle()
        with refusing(Reason.FOLDER_UNUSABLE):
            for number in range(1, _TRIES):
                chosen = numbered(safe_name(name), number)
                if _link(self._folder, self._name, chosen):
                    os.fsync(self._folder)
                    return chosen
        raise FileRefused(Reason.FOLDER_UNUSABLE)

    def drop(self) -> None:
        """Remove it, however far it got."""
        self.close()
        remove(self._folder, self._name)


def _link(folder: int, partial: str, name: str) -> bool:
    """Whether the file now has this name; False if something has it already."""
    try:
        os.link(partial, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as fault:
        if fault.errno not in _NO_LINKS:
            raise
        return _take_place(folder, partial, name)
    os.unlink(partial, dir_fd=folder)
    return True


def _take_place(folder: int, partial: str, name: str) -> bool:
    try:
        os.close(os.open(name, _NEW, 0o600, dir_fd=folder))
    except FileExistsError:
        return False
    os.rename(partial, name, src_dir_fd=folder, dst_dir_fd=folder)
    return True


class PartialFolder:
    """A folder that is not under its name yet; its files are written one after the other."""

    def __init__(self, folder: int, name: str) -> None:
        self._folder, self._name = folder, name
        with refusing(Reason.FOLDER_UNUSABLE):
            os.mkdir(name, 0o700, dir_fd=folder)
            self._fd = os.open(name, _FOLDER, dir_fd=folder)

    @contextmanager
    def inside(self, path: tuple[str, ...]) -> Iterator[int]:
        """The folder at this place below, made as needed. Raises FileRefused."""
        with refusing(Reason.FOLDER_UNUSABLE):
            at = os.dup(self._fd)
            try:
                for name in path:
                    with suppress(FileExistsError):
                        os.mkdir(name, 0o700, dir_fd=at)
                    deeper = os.open(name, _FOLDER, dir_fd=at)
                    os.close(at)
                    at = deeper
                yield at
            finally:
                os.close(at)

    def new_file(self, path: tuple[str, ...]) -> OpenFile:
        """Begin the file at this place below. Raises FileRefused, also if it is there already."""
        with self.inside(path[:-1]) as folder, refusing(Reason.FOLDER_UNUSABLE):
            return OpenFile(os.open(path[-1], _NEW, 0o600, dir_fd=folder))

    def keep(self, name: str) -> str:
        """Give it its name, or the next one that is free; the name that it got. Raises FileRefused."""
        with refusing(Reason.FOLDER_UNUSABLE):
            os.fsync(self._fd)
            for number in range(1, _TRIES):
                chosen = numbered(safe_name(name), number)
                if self._renamed(chosen):
                    os.close(self._fd)
                    os.fsync(self._folder)
                    return chosen
        raise FileRefused(Reason.FOLDER_UNUSABLE)

    def _renamed(self, chosen: str) -> bool:
        try:
            os.mkdir(chosen, 0o700, dir_fd=self._folder)
            os.rename(self._name, chosen, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except OSError as fault:
            if fault.errno in {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}:
                return False
            raise
        return True

    def drop(self) -> None:
        """Remove it with everything in it."""
        with suppress(OSError):
            os.close(self._fd)
        remove(self._folder, self._name)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as found:
        return [each.name for each in found]


def remove(folder: int, name: str) -> None:
    """Remove what stands there, through descriptors alone. What is gone already is gone."""
    with suppress(OSError):
        try:
            os.unlink(name, dir_fd=folder)
        except IsADirectoryError:
            inside = os.open(name, _FOLDER, dir_fd=folder)
            try:
                for each in _names(inside):
                    remove(inside, each)
            finally:
                os.close(inside)
            os.rmdir(name, dir_fd=folder)
