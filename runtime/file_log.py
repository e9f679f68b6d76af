"""The host's durable log: rows are on the disk when `append` returns, or it raises and nothing may be widened.

Every call blocks, and calls may come from several threads. One writer at a time, held by a lock file. A line or a checkpoint that
a power cut left half written is cut away by rule, and an entry says so. With a notary (after enrolment) every checkpoint is signed
and kept; a log that does not continue its newest one, or whose rows are not right, is in doubt: it is open, and says so.
"""

import os
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Self

from audit.checkpoint import Checkpoint, NoteInvalid, Sign, Verifies, open_note, origin_of, signed_note
from audit.entry import At
from audit.events.evidence import LogBegun
from audit.events.shape import Event
from audit.events.visit import SessionEnded
from audit.log import SALT, Chain, Finding, Row
from audit.merkle import consistency_proof, inclusion_proof, root_of
from runtime.append_file import AppendFile
from runtime.log_lines import from_line, segment_name, to_line
from runtime.log_notes import block_of
from runtime.log_scan import Scanned
from runtime.log_tree import TreeFile
from runtime.private_files import write_private
from wire.messages.evidence import Doubt, EntryProof, Head
from wire.schema import MalformedMessage

SEGMENT_BYTES = 4 * 1024 * 1024
"""A file this long is left alone and a new one begun."""
PROBE, PROBE_BYTES = "probe", 4096

Entropy = Callable[[int], bytes]


class LogUnavailable(Exception):
    """Nothing can be recorded now (disk full, disk gone, log broken, in use); nothing may be widened."""


class EntryGone(Exception):
    """There is no such entry, or its content was let go."""


@dataclass(frozen=True, slots=True)
class Notary:
    """Signs the checkpoints of a log. `key` is the public key of `sign`."""

    key: bytes
    sign: Sign
    verifies: Verifies


@dataclass(frozen=True, slots=True)
class OwnDoubt:
    """What was found at opening. `held`: the newest checkpoint that was kept, None if it is none of ours; `given`: what is there now."""

    held: Checkpoint | None
    held_note: str
    given: Checkpoint
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Files:
    """The files of one open log."""

    folder: Path
    lock: int
    tree: TreeFile
    notes: AppendFile
    segment: AppendFile | None


class FileLog:
    """One open log. Made by `runtime.log_opening.open_log`; `close` lets go of the lock."""

    def __init__(self, files: Files, scanned: Scanned, newest: str, notary: Notary | None, entropy: Entropy, segment_bytes: int) -> None:
        self._files, self._notary, self._entropy, self._segment_bytes = files, notary, entropy, segment_bytes
        self._chain, self._firsts, self._ends, self._newest = scanned.chain, list(scanned.firsts), dict(scanned.ends), newest
        self._busy = RLock()
        self.doubted: OwnDoubt | None = None
        """Set at opening. While it is, checkpoints are signed for whoever asks and none is kept: the next opening finds the same."""

    @property
    def chain(self) -> Chain:
        """Where the log stands: everything up to here is on the disk."""
        return self._chain

    @property
    def doubt(self) -> Doubt | None:
        """OWN_LOG, where the log does not continue what was signed of it, or a row is not right."""
        return None if self.doubted is None else Doubt.OWN_LOG

    # ---- writing

    def append(self, events: Sequence[Event], when: At) -> None:
        """Record these events, all or none. Raises LogUnavailable; the next call tries again from a clean end."""
        with self._busy:
            chain, rows = self._chain, []
            for each in events:
                chain, row = chain.append(each, when, self._entropy(SALT))
                rows.append(row)
            try:
                self._write(b"".join(to_line(row) for row in rows))
            except OSError as fault:
                raise self._unavailable(fault) from fault
            self._files.tree.grow(self._chain.size, [row.leaf for row in rows])
            for each, row in zip(events, rows, strict=True):
                if isinstance(each, SessionEnded):
                    self._ends.setdefault(each.session_id, row.index)
            self._chain = chain

    def checkpoint(self) -> str:
        """Sign where the log stands and keep the note, unless the newest says it already. Empty before enrolment. Raises LogUnavailable."""
        with self._busy:
            if self._notary is None:
                return ""
            try:
                note = signed_note(self.standing(), self._notary.key, self._notary.sign)
                if note != self._newest and self.doubted is None:
                    self._files.notes.append(block_of(note))
                    self._newest = note
            except OSError as fault:
                raise self._unavailable(fault) from fault
            return note

    def probe(self) -> None:
        """Could something be written now? Raises LogUnavailable."""
        with self._busy:
            try:
                write_private(self._files.folder / PROBE, bytes(PROBE_BYTES))
                (self._files.folder / PROBE).unlink()
            except OSError as fault:
                raise self._unavailable(fault) from fault

    def room(self) -> int:
        """How much of the disk is free for this program, in percent. Raises LogUnavailable."""
        try:
            return percent_free(self._files.folder)
        except OSError as fault:
            raise self._unavailable(fault) from fault

    def acknowledged(self, when: At) -> None:
        """A named person has seen the doubt: the log goes on from what is there, and says so. Raises LogUnavailable."""
        with self._busy:
            doubted = self.doubted
            if doubted is None:
                return
            held = doubted.held.size if doubted.held is not None else 0
            self.append((LogBegun(held_size=held, size=self._chain.size),), when)
            self.doubted = None
            try:
                self.checkpoint()
            except LogUnavailable:
                self.doubted = doubted
                raise

    # ---- showing

    def standing(self) -> Checkpoint:
        """Where the log stands, unsigned. Raises OSError."""
        return self.checkpoint_at(self._chain.size)

    def checkpoint_at(self, size: int) -> Checkpoint:
        """Where it stood after so many entries. Raises OSError."""
        return Checkpoint(origin_of(self._chain.side, self._chain.log_id), size, root_of(size, self._files.tree.read))

    def head(self, since: int, session_id: str = "") -> Head | None:
        """The newest checkpoint, and that it continues the one over `since` entries; with a session, the entry that ends that visit too.

        None before enrolment, and while that visit has no end in this log. Raises LogUnavailable.
        """
        with self._busy:
            end = self._ends.get(session_id, 0)
            if self._notary is None or (session_id and not end):
                return None
            note, size = self.checkpoint(), self._chain.size
            try:
                # Somebody who holds more than there is was shown a longer log: no proof can help, and the size says all.
                path = consistency_proof(since, size, self._files.tree.read) if since <= size else ()
                return Head(note, path, session_id, self._proof(end, size) if end else None)
            except OSError as fault:
                raise self._unavailable(fault) from fault
            except EntryGone as fault:
                raise LogUnavailable(str(fault)) from fault

    def prove(self, index: int) -> tuple[str, EntryProof]:
        """The newest checkpoint, and that this entry stands in its log. Raises EntryGone, LogUnavailable."""
        with self._busy:
            note = self.checkpoint()
            try:
                return note, self._proof(index, self._chain.size)
            except OSError as fault:
                raise self._unavailable(fault) from fault

    def prove_all(self, indexes: Sequence[int]) -> tuple[str, tuple[EntryProof, ...]]:
        """The newest checkpoint, and that each of these entries stands in its log. Raises EntryGone, LogUnavailable."""
        with self._busy:
            note = self.checkpoint()
            try:
                return note, tuple(self._proof(index, self._chain.size) for index in indexes)
            except OSError as fault:
                raise self._unavailable(fault) from fault

    def _proof(self, index: int, size: int) -> EntryProof:
        row = self._row(index)
        return EntryProof(index, row.salt, row.entry, inclusion_proof(index - 1, size, self._files.tree.read))

    def _row(self, index: int) -> Row:
        if not 1 <= index <= self._chain.size:
            raise EntryGone(f"there is no entry {index}; the log has {self._chain.size}")
        first = self._firsts[bisect_right(self._firsts, index) - 1]
        for line in (self._files.folder / segment_name(first)).read_bytes().splitlines(keepends=True)[max(0, index - first) :]:
            try:
                row = from_line(line)
            except MalformedMessage:
                continue
            if row.index == index and row.entry:
                return row
            if row.index >= index:
                break
        raise EntryGone(f"the content of entry {index} is gone")

    # ---- the files

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._files.folder

    def rewrite(self, segment: Path, change: Callable[[bytes], bytes]) -> None:
        """Exchange one file for what `change` makes of it: for retention alone, whose entry was written before. Raises LogUnavailable."""
        with self._busy:
            current = self._files.segment
            is_current = current is not None and current.path == segment
            try:
                before = segment.read_bytes()[: current.size if current is not None and is_current else None]
                after = change(before)
                if after != before:
                    write_private(segment, after)
                    if current is not None and is_current:
                        current.close()
                        self._files.segment = AppendFile(segment)
            except OSError as fault:
                raise self._unavailable(fault) from fault

    def close(self) -> None:
        """Let go of files and lock. A second call does nothing."""
        with self._busy:
            if self._files.lock != -1:
                for each in (self._files.segment, self._files.tree, self._files.notes):
                    if each is not None:
                        each.close()
                os.close(self._files.lock)
                self._files.lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def _unavailable(self, fault: OSError) -> LogUnavailable:
        return LogUnavailable(f"{self._files.folder} cannot be written: {fault.strerror}")

    def _write(self, lines: bytes) -> None:
        if self._files.lock == -1:
            raise OSError(9, "the log is closed")
        if self._files.segment is None or self._files.segment.size >= self._segment_bytes:
            self._begin_segment()
        assert self._files.segment is not None
        self._files.segment.append(lines)

    def _begin_segment(self) -> None:
        first = self._chain.size + 1
        begun = AppendFile(self._files.folder / segment_name(first))
        if self._files.segment is not None:
            self._files.segment.close()
        self._files.segment = begun
        if first not in self._firsts:
            self._firsts.append(first)


def percent_free(folder: Path) -> int:
    """How much of the disk under this folder is free for this program. Raises OSError."""
    disk = os.statvfs(folder)
    return 100 * disk.f_bavail // max(1, disk.f_blocks - disk.f_bfree + disk.f_bavail)


def own_doubt(log: FileLog, scanned: Scanned, newest: str | None, notary: Notary) -> OwnDoubt | None:
    """Does this log continue its newest checkpoint, and are its rows right? `newest` is None for one that was changed. Raises OSError."""
    given = log.standing()
    if newest == "":
        findings = scanned.faults()
        return OwnDoubt(None, "", given, tuple(findings)) if findings else None
    try:
        held = open_note(newest or "", notary.key, notary.verifies)
    except NoteInvalid:
        return OwnDoubt(None, newest or "", given, tuple(scanned.faults()))
    fits = held.origin == given.origin and held.size <= given.size and log.checkpoint_at(held.size).root == held.root
    # What a named person has seen before is over, as far as a checkpoint covers that they did.
    seen = max((index for index in scanned.begun if fits and index <= held.size), default=0)
    findings = scanned.faults(seen)
    return OwnDoubt(held, newest or "", given, tuple(findings)) if findings or not fits else None
