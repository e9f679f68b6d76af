"""Looks for a canary in everything another process of this machine holds in memory (Linux, same account)."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

CHUNK = 4 * 1024 * 1024
_MAPPED = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) r", re.MULTILINE)


def holds(pid: int, canary: bytes) -> bool:
    """Whether these bytes stand anywhere in the readable memory of the process. The canary must be short against CHUNK."""
    return any(canary in part for part in _memory(pid, len(canary)))


def _memory(pid: int, overlap: int) -> Iterator[bytes]:
    """Every readable mapping in pieces that overlap, so that nothing hides on a border."""
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="ascii", errors="replace")
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for found in _MAPPED.finditer(maps):
            start, end = (int(each, 16) for each in found.groups())
            yield from _pieces(memory.fileno(), start, end, overlap)


def _pieces(descriptor: int, start: int, end: int, overlap: int) -> Iterator[bytes]:
    at = start
    while at < end:
        try:
            part = _read_at(descriptor, at, min(CHUNK, end - at))
        except (OSError, OverflowError):  # unmapped meanwhile, or a page that the kernel keeps to itself
            return
        yield part
        if at + len(part) >= end or not part:
            return
        at += len(part) - min(overlap, len(part) - 1)


def _read_at(descriptor: int, at: int, length: int) -> bytes:
    return os.pread(descriptor, length, at)
