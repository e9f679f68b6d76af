"""A disk of a few megabytes under a folder: a tmpfs of a fixed size, mounted for one test (as root, or where sudo asks for no password)."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def as_root(*words: str) -> str:
    """What this command says."""
    return subprocess.run([*([] if os.geteuid() == 0 else ["sudo", "-n"]), *words], check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator["Ballast"]:
    """Mount it; what fills it up. Unmounted in the end, whatever still lies there."""
    folder.mkdir(parents=True)
    as_root("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700,uid={os.geteuid()},gid={os.getegid()}", "tmpfs", str(folder))
    try:
        yield Ballast(folder)
    finally:
        as_root("umount", "--lazy", str(folder))


class Ballast:
    """A file that takes the room."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, folder / "ballast"

    def leave(self, percent: int) -> None:
        """Grow until so much is free; 0 leaves not a byte."""
        with self._file.open("ab", buffering=0) as file:
            try:
                while percent == 0 or self._free() >= percent:
                    file.write(bytes(4096))
            except OSError:
                assert percent == 0, "the disk is full before it was to be"

    def _free(self) -> int:
        told = os.statvfs(self._folder)
        return told.f_bavail * 100 // told.f_blocks

    def drop(self) -> None:
        """Give it all back."""
        self._file.unlink()
