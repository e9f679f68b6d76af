"""A disk under a folder whose device gives EIO while it is told to: ext2 on a loop device whose end is taken away and given back.

As root, or where sudo asks for no password: python -m tests.helpers.failing_device DEVICE BYTES   (0: as long as its file)
"""

import fcntl
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.small_disk import as_root

_SET_STATUS, _GET_STATUS = 0x4C04, 0x4C05
_INFO_BYTES, _LIMIT = 232, slice(32, 40)
"""`struct loop_info64` of the kernel, and `lo_sizelimit` in it."""
_LEFT = 64 * 1024
"""The beginning, which the kernel wants to write while the disk is mounted. No file lies there."""


@contextmanager
def failing_device(folder: Path, megabytes: int) -> Iterator[Callable[[bool], None]]:
    """Mount it under `folder`, which is made. Call what is given with True: every write to the device fails; False: it works again."""
    folder.mkdir(parents=True)
    image = folder.parent / f"{folder.name}.ext2"
    with image.open("wb") as file:
        file.truncate(megabytes * 1024 * 1024)
    subprocess.run(["mkfs.ext2", "-q", "-m", "0", "-E", f"root_owner={os.geteuid()}:{os.getegid()}", str(image)], check=True)
    device = as_root("losetup", "--find", "--show", str(image)).strip()
    try:
        as_root("mount", "-t", "ext2", device, str(folder))
        try:
            yield lambda fails: void(as_root(sys.executable, "-m", __name__, device, str(_LEFT if fails else 0)))
        finally:
            as_root("umount", "--lazy", str(folder))
    finally:
        as_root("losetup", "--detach", device)


def void(_said: str) -> None:
    """Nobody wants it."""


def _limit(device: str, size: int) -> None:
    file = os.open(device, os.O_RDWR)
    try:
        info = bytearray(_INFO_BYTES)
        fcntl.ioctl(file, _GET_STATUS, info)
        info[_LIMIT] = struct.pack("<Q", size)
        fcntl.ioctl(file, _SET_STATUS, bytes(info))
    finally:
        os.close(file)


if __name__ == "__main__":
    _limit(sys.argv[1], int(sys.argv[2]))
