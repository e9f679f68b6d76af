"""Opening a host's log: takes the lock, reads everything once, repairs by rule what a power cut left, and finds what is in doubt."""

import fcntl
import os
from contextlib import ExitStack
from pathlib import Path

from audit.entry import At
from audit.events import host
from audit.log import SALT, Side
from runtime.append_file import AppendFile
from runtime.file_log import SEGMENT_BYTES, Entropy, FileLog, Files, LogUnavailable, Notary, own_doubt
from runtime.log_lines import LOCK, META, LogUnreadable, Meta, read_meta, segments, to_line
from runtime.log_notes import CHECKPOINTS, NotesBroken, newest_note
from runtime.log_scan import Scanned, scan
from runtime.log_tree import TREE, TreeFile
from runtime.private_files import create_private, private_folder
from wire.schema import encode_part


def open_log(
    folder: Path,
    side: Side,
    when: At,
    notary: Notary | None = None,
    *,
    entropy: Entropy = os.urandom,
    segment_bytes: int = SEGMENT_BYTES,
) -> FileLog:
    """Open the log in this folder, or begin one. Without a notary no checkpoint is signed, and a row that is not right refuses.

    Raises LogUnavailable: in use, not writable, not to be read, or broken.
    """
    try:
        private_folder(folder)
        lock = _take_lock(folder)
    except OSError as fault:
        raise LogUnavailable(f"{folder} cannot be used: {fault.strerror}") from fault
    try:
        return _Opening(folder, lock, when, entropy).open(_meta(folder, side, entropy), notary, segment_bytes)
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


def _meta(folder: Path, side: Side, entropy: Entropy) -> Meta:
    if not (folder / META).exists():
        if segments(folder):
            raise LogUnavailable(f"{folder} holds rows, but {META} is gone")
        create_private(folder / META, encode_part(Meta(f"l-{entropy(10).hex()}", side)))
    meta = read_meta(folder)
    if meta.side is not side:
        raise LogUnavailable(f"{folder} holds the log of a {meta.side.value}")
    return meta


class _Opening:
    """One opening, step by step."""

    def __init__(self, folder: Path, lock: int, when: At, entropy: Entropy) -> None:
        self._folder, self._lock, self._when, self._entropy = folder, lock, when, entropy

    def open(self, meta: Meta, notary: Notary | None, segment_bytes: int) -> FileLog:
        """Raises OSError, LogUnavailable."""
        # 1. Everything is read, and a half line at the end is exchanged for an entry that says so.
        scanned = scan(self._folder, meta)
        if notary is None:
            for finding in scanned.faults():
                raise LogUnavailable(f"the log in {self._folder} is broken at entry {finding.index} ({finding.fault.value})")
        if scanned.half:
            self._repair_line(scanned)
        # 2. The tree is what the rows say.
        with ExitStack() as on_fault:
            files = self._files(scanned, on_fault)
            log = self._log(files, scanned, notary, segment_bytes)
            on_fault.pop_all()
        return log

    def _files(self, scanned: Scanned, on_fault: ExitStack) -> Files:
        tree = TreeFile(self._folder / TREE, scanned.kept)
        on_fault.callback(tree.close)
        notes = AppendFile(self._folder / CHECKPOINTS)
        on_fault.callback(notes.close)
        rows = segments(self._folder)
        newest = AppendFile(rows[-1]) if rows else None
        if newest is not None:
            on_fault.callback(newest.close)
        return Files(self._folder, self._lock, tree, notes, newest)

    def _log(self, files: Files, scanned: Scanned, notary: Notary | None, segment_bytes: int) -> FileLog:
        tree, notes = files.tree, files.notes
        # 3. The newest checkpoint, behind which half a one may stand.
        try:
            newest, end = newest_note(notes)
        except NotesBroken:
            newest, end = None, notes.size
        log = FileLog(files, scanned, newest or "", notary, self._entropy, segment_bytes)
        # 4. Does the log continue it?
        if notary is not None:
            log.doubted = own_doubt(log, scanned, newest, notary)
        # 5. What was cut is told before it is cut: a cut never goes unmentioned.
        if tree.wrong:
            log.append((host.LogRepaired(segment=TREE, bytes_cut=tree.wrong),), self._when)
        if notes.size > end:
            log.append((host.LogRepaired(segment=CHECKPOINTS, bytes_cut=notes.size - end),), self._when)
            notes.cut(end)
        return log

    def _repair_line(self, scanned: Scanned) -> None:
        newest = segments(self._folder)[-1]
        repaired = host.LogRepaired(segment=newest.name, bytes_cut=len(scanned.half))
        chain, row = scanned.chain.append(repaired, self._when, self._entropy(SALT))
        _overwrite(newest, newest.stat().st_size - len(scanned.half), to_line(row))
        scanned.size, scanned.head, scanned.half = chain.size, chain.head, b""
        scanned.leaves.append(row.leaf)


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
