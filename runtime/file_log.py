"""The host's durable log: rows are on the disk when `append` returns, or it raises and nothing may be widened.

Every call blocks. One writer at a time, held by a lock file. A line that a power cut left half written is cut away by
rule, and an entry says so; anything else that is wrong with the newest file stops the log from opening at all.
"""

import fcntl
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from audit.entry import At
from audit.events import host
from audit.events.shape import Event
from audit.log import SALT, Chain, Row, Side, verify_after
from runtime.log_lines import LOCK, META, LogUnreadable, Meta, from_line, read_meta, segment_name, segments, to_line
from runtime.private_files import create_private, private_folder, sync_folder
from wire.schema import MalformedMessage, encode_part

SEGMENT_BYTES = 4 * 1024 * 1024
"""A file this long is left alone and a new one begun."""

Entropy = Callable[[int], bytes]


class LogUnavailable(Exception):
    """Nothing can be recorded now (disk full, disk gone, log broken, in use); nothing may be widened."""


class FileLog:
    """One open log. Made by `open_log`; `close` lets go of the lock."""

    def __init__(self, folder: Path, chain: Chain, lock: int, entropy: Entropy, segment_bytes: int) -> None:
        self._folder, self._chain, self._lock, self._entropy, self._segment_bytes = folder, chain, lock, entropy, segment_bytes
        self._file = -1
        self._size = 0
        self._dirty = False

    @property
    def chain(self) -> Chain:
        """Where the log stands: everything up to here is on the disk."""
        return self._chain

    def append(self, events: Sequence[Event], when: At) -> None:
        """Record these events, all or none. Raises LogUnavailable; the next call tries again from a clean end."""
        chain, rows = self._chain, []
        for each in events:
            chain, row = chain.append(each, when, self._entropy(SALT))
            rows.append(row)
        try:
            self._write(b"".join(to_line(row) for row in rows))
        except OSError as fault:
            raise LogUnavailable(f"{self._folder} cannot be written: {fault.strerror}") from fault
        self._chain = chain

    def go_on_with(self, files: Sequence[Path]) -> None:
        """Append to the newest of these files, if there is one. Raises OSError."""
        if files:
            self._use(files[-1])

    def close(self) -> None:
        """Let go of file and lock. A second call does nothing."""
        for descriptor in {self._file, self._lock} - {-1}:
            os.close(descriptor)
        self._file = self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def _write(self, lines: bytes) -> None:
        if self._lock == -1:
            raise OSError(9, "the log is closed")
        self._clean_end()
        self._begin_segment_if_due()
        self._dirty = True
        left = memoryview(lines)
        while left:
            left = left[os.write(self._file, left) :]
        os.fsync(self._file)
        self._size += len(lines)
        self._dirty = False

    def _clean_end(self) -> None:
        # A write that failed may have left any part of itself; rows must never follow such a part.
        if self._dirty:
            os.ftruncate(self._file, self._size)
            os.fsync(self._file)
            self._dirty = False

    def _begin_segment_if_due(self) -> None:
        if self._file == -1 or self._size >= self._segment_bytes:
            self._use(self._folder / segment_name(self._chain.size + 1))

    def _use(self, segment: Path) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        begun = os.open(segment, flags, 0o600)
        try:
            sync_folder(self._folder)
            size = os.fstat(begun).st_size
        except OSError:
            os.close(begun)
            raise
        if self._file != -1:
            os.close(self._file)
        self._file, self._size = begun, size


def open_log(folder: Path, side: Side, when: At, *, entropy: Entropy = os.urandom, segment_bytes: int = SEGMENT_BYTES) -> FileLog:
    """Open the log in this folder, or begin one. Raises LogUnavailable: in use, not writable, or its newest file is broken."""
    try:
        private_folder(folder)
        lock = _take_lock(folder)
    except OSError as fault:
        raise LogUnavailable(f"{folder} cannot be used: {fault.strerror}") from fault
    try:
        return _open_locked(folder, side, when, lock, entropy, segment_bytes)
    except OSError as fault:
        os.close(lock)
        raise LogUnavailable(f"{folder} cannot be used: {fault.strerror}") from fault
    except (LogUnavailable, LogUnreadable) as fault:
        os.close(lock)
        raise LogUnavailable(str(fault)) from fault


def _take_lock(folder: Path) -> int:
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise LogUnavailable(f"another program writes the log in {folder}") from None
    return lock


def _open_locked(folder: Path, side: Side, when: At, lock: int, entropy: Entropy, segment_bytes: int) -> FileLog:
    meta = _meta(folder, side, entropy)
    chain = _standing(folder, meta)
    for newest in segments(folder)[-1:]:
        whole, half = _split(newest)
        if half:
            repaired = host.LogRepaired(segment=newest.name, bytes_cut=len(half))
            chain, row = chain.append(repaired, when, entropy(SALT))
            _overwrite(newest, len(whole), to_line(row))
    log = FileLog(folder, chain, lock, entropy, segment_bytes)
    log.go_on_with(segments(folder))
    return log


def _meta(folder: Path, side: Side, entropy: Entropy) -> Meta:
    if not (folder / META).exists():
        if segments(folder):
            raise LogUnavailable(f"{folder} holds rows, but {META} is gone")
        create_private(folder / META, encode_part(Meta(f"l-{entropy(10).hex()}", side)))
    meta = read_meta(folder)
    if meta.side is not side:
        raise LogUnavailable(f"{folder} holds the log of a {meta.side.value}")
    return meta


def _split(segment: Path) -> tuple[bytes, bytes]:
    """Whole lines, and what follows the last line break: it was never acknowledged."""
    content = segment.read_bytes()
    whole = content.rfind(b"\n") + 1
    return content[:whole], content[whole:]


def _overwrite(segment: Path, start: int, line: bytes) -> None:
    # Over the half line and not after cutting it: if this fails on a full disk, some half line is still there, and the next
    # opening repairs it again. A cut never goes unmentioned.
    descriptor = os.open(segment, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        written = 0
        while written < len(line):
            written += os.pwrite(descriptor, line[written:], start + written)
        os.ftruncate(descriptor, start + len(line))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _standing(folder: Path, meta: Meta) -> Chain:
    """Check the newest file against the row before it. The older files are `chaperone-audit verify`'s: opening must stay quick."""
    before, rows = ([row for segment in segments(folder)[part] for row in _rows(segment)] for part in (slice(-2, -1), slice(-1, None)))
    chain = Chain.after(meta.log_id, meta.side, before[-1] if before else None)
    for finding in verify_after(chain, rows).findings:
        raise LogUnavailable(f"the log in {folder} is broken at entry {finding.index} ({finding.fault.value})")
    return Chain.after(meta.log_id, meta.side, rows[-1]) if rows else chain


def _rows(segment: Path) -> list[Row]:
    try:
        return [from_line(line) for line in _split(segment)[0].splitlines(keepends=True)]
    except MalformedMessage as fault:
        raise LogUnavailable(f"{segment} is broken: {fault}") from None
