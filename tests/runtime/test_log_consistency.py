"""Whatever is appended, reopened and cut off at any byte: rows, tree and checkpoints stay consistent, and nothing acknowledged is lost."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from audit.checkpoint import open_note
from audit.entry import At, decode_entry
from audit.events import host
from audit.log import Side, verify
from audit.merkle import grown, root_of
from runtime.file_log import FileLog, Notary
from runtime.log_lines import segments, stored_log
from runtime.log_notes import CHECKPOINTS, stored_notes
from runtime.log_opening import open_log
from runtime.log_tree import TREE
from trust.signatures import Ed25519Signer, ed25519_verifies

WHEN = At(1_700_000_000_000, 5_000, clock_suspect=False)
SIGNER = Ed25519Signer(b"h" * 32)
NOTARY = Notary(SIGNER.public_key, SIGNER.sign_note, ed25519_verifies)

Step = tuple[str, int, float]
STEPS = st.lists(
    st.tuples(st.sampled_from(["append", "checkpoint", "reopen", "cut rows", "cut tree", "cut notes"]), st.integers(1, 4), st.floats(0, 1)),
    max_size=12,
)


class Machine:
    """A log on a disk whose power may go at any byte of the last write."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        self.acknowledged: list[host.HelpPressed] = []
        self.log = self.opened()

    def opened(self) -> FileLog:
        return open_log(self.folder, Side.HOST, WHEN, NOTARY, segment_bytes=1_200)

    def events(self, count: int) -> list[host.HelpPressed]:
        self.number += count
        return [host.HelpPressed(account=f"a-{number}", login_session="") for number in range(self.number - count, self.number)]

    def step(self, what: str, count: int, part: float) -> None:
        if what == "append":
            events = self.events(count)
            self.log.append(events, WHEN)
            self.acknowledged += events
        elif what == "checkpoint":
            self.log.checkpoint()
        elif what == "reopen":
            self.reopen()
        else:
            self.power_cut(what, count, part)

    def reopen(self) -> None:
        self.log.close()
        self.log = self.opened()
        assert self.log.doubt is None

    def power_cut(self, what: str, count: int, part: float) -> None:
        """The last write reached the disk in part. Rows come before the tree, and both before a checkpoint."""
        if what == "cut rows":
            before = self.files()
            self.log.append(self.events(count), WHEN)
            self.put_back(TREE, before)
            self.cut(max(segments(self.folder)), before, part)
        elif what == "cut tree":
            before = self.files()
            events = self.events(count)
            self.log.append(events, WHEN)
            self.acknowledged += events
            self.cut(self.folder / TREE, before, part)
        else:
            self.step("append", count, part)
            before = self.files()
            self.log.checkpoint()
            self.cut(self.folder / CHECKPOINTS, before, part)
        self.reopen()

    def files(self) -> dict[Path, int]:
        return {path: path.stat().st_size for path in self.folder.iterdir()}

    def put_back(self, name: str, before: dict[Path, int]) -> None:
        os.truncate(self.folder / name, before[self.folder / name])

    def cut(self, path: Path, before: dict[Path, int], part: float) -> None:
        start, end = before.get(path, 0), path.stat().st_size
        os.truncate(path, start + round((end - start) * part))

    def is_whole(self) -> None:
        stored = stored_log(self.folder)
        rows = list(stored.rows())
        assert verify(rows, stored.meta.log_id, stored.meta.side).findings == ()
        kept = list(grown(row.leaf for row in rows))
        assert (self.folder / TREE).read_bytes() == b"".join(kept)
        read: Callable[[object], list[bytes]] = lambda positions: [kept[each] for each in positions]  # type: ignore[attr-defined]  # noqa: E731
        for note in stored_notes(self.folder):
            said = open_note(note, SIGNER.public_key, ed25519_verifies)
            assert root_of(said.size, read) == said.root
        recorded = [decode_entry(row.entry).event for row in rows]
        ours = [each for each in recorded if isinstance(each, host.HelpPressed)]
        assert [each for each in ours if each in self.acknowledged] == self.acknowledged
        assert len(set(ours)) == len(ours)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_rows_tree_and_checkpoints_stay_consistent_whatever_happens(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        machine = Machine(Path(folder))
        for what, count, part in steps:
            machine.step(what, count, part)
        machine.reopen()
        machine.log.checkpoint()
        machine.log.close()
        machine.is_whole()
