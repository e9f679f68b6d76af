"""Case 41, both logs: thousands of random alterations of either side are all found with both logs and the public keys at hand.

Each alteration is done to a copy of what the real stores wrote, by somebody who owns that machine and has every right on it but
the signing keys: flip, delete, insert, swap, duplicate, truncate, exchange, blank, an older whole log put back, and everything
after an entry hashed again with tree and checkpoints to fit. Honest runs with cut lines, kills, restarts, late entries, torn
lines and retention give no finding at all.

What is not an alteration of evidence and is left out: removing `tree.bin` or a single checkpoint of the host (both are only ever
more than what must be there), and entries newer than what the other side was last shown, put back to an older state: those are
found at the next contact, which `audit/heads.py` does.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random  # noqa: TID251 - the same alterations on every run

import pytest

from audit.checkpoint import Checkpoint, origin_of, said_by, signed_note
from audit.cli_verify import both_checked
from audit.frontier import Frontier
from audit.log import Row, Side, head_of, leaf_of
from audit.merkle import root_of
from audit.stores import OpenLog, open_stored
from runtime.log_lines import LogUnreadable, segment_name, segments, to_line
from tests.helpers.honest_runs import honest_run, in_memory_findings
from tests.helpers.stored_logs import StoredBroker, StoredHost
from tests.helpers.two_logs import BROKER_KEY, DEVICE, DEVICE_KEY, HOST_KEY, Pair
from trust.signatures import Ed25519Signer
from wire.statements import Algorithm

pytestmark = pytest.mark.adversary

SAMPLE, ALL = 150, 10_000
HONEST, HONEST_ALL = 150, 1_000
PARTS = 40
"""No test may take longer than five minutes, on any machine."""
FORGER = Ed25519Signer(b"\x66" * 32)
DEVICES = {DEVICE: (Algorithm.ED25519, DEVICE_KEY.public_key)}


@dataclass(frozen=True, slots=True)
class House:
    """What two honest programs wrote, and older states of it. `held`: entries that the other side has a signature over."""

    folder: Path
    older: tuple[Path, ...]
    held: dict[Side, int]

    def copy(self, place: Path) -> Path:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.folder, place)
        return place


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    place = tmp_path_factory.mktemp("house")
    folder, older = place / "now", []
    folder.mkdir()
    with StoredHost(folder / "log") as at_host, StoredBroker(folder / "broker.sqlite3") as at_broker:
        pair = Pair(at_host, at_broker)
        pair.start()
        for number in range(4):
            pair.visit(f"s-{number}", asks=number % 2 + 1)
            if number < 3:
                older.append(snapshot(folder, place / f"older-{number}"))
            pair.close(f"s-{number}")
        at_host.note()
    held = {side: max(head_sizes(folder, side)) for side in Side}
    for each in (folder, *older):
        unguard(each)
    return House(folder, tuple(older), held)


def snapshot(folder: Path, place: Path) -> Path:
    """As a backup takes it while the programs run."""
    place.mkdir()
    shutil.copytree(folder / "log", place / "log")
    with closing(sqlite3.connect(folder / "broker.sqlite3")) as source, closing(sqlite3.connect(place / "broker.sqlite3")) as copy:
        source.backup(copy)
    return place


def head_sizes(folder: Path, side: Side) -> list[int]:
    notes = notes_of(folder, side)
    return [said_by(note).size for note in notes[: len(notes) - 1]]


def notes_of(folder: Path, side: Side) -> list[str]:
    with opened(folder, side).reading() as (beside, _):
        return list(beside.notes)


def opened(folder: Path, side: Side) -> OpenLog:
    return open_stored(folder / ("log" if side is Side.HOST else "broker.sqlite3"))


def found(folder: Path) -> list[str]:
    """Everything that both logs together and the keys show to be wrong."""
    try:
        sides = {
            Side.HOST: (opened(folder, Side.HOST), HOST_KEY.public_key, None),
            Side.BROKER: (opened(folder, Side.BROKER), BROKER_KEY.public_key, None),
        }
        reports, compared = both_checked(sides, DEVICES)
    except LogUnreadable as fault:
        return [str(fault)]
    wrong = [f"{side.value} {each.fault.value} {each.index}-{each.last}" for side, report in reports.items() for each in report.findings]
    return wrong + [f"{each.what.value} {each.index}" for each in compared.unfit if not each.explained]


# ---- alterations of rows

Change = Callable[[list[Row], Random], list[Row]]


def _place(rows: Sequence[Row], chance: Random) -> int:
    return chance.randrange(len(rows))


def flip(rows: list[Row], chance: Random) -> list[Row]:
    place, name = _place(rows, chance), chance.choice(["salt", "entry", "leaf", "head"])
    value = bytearray(getattr(rows[place], name))
    at = chance.randrange(len(value))
    value[at] ^= 1 << chance.randrange(7 if name == "entry" else 8)
    return [*rows[:place], replace(rows[place], **{name: bytes(value)}), *rows[place + 1 :]]  # type: ignore[arg-type]


def delete(rows: list[Row], chance: Random) -> list[Row]:
    first = _place(rows, chance)
    kept = [*rows[:first], *rows[first + chance.randint(1, 3) :]]
    return numbered(kept) if chance.random() < 0.5 else kept


def insert(rows: list[Row], chance: Random) -> list[Row]:
    place, salt = _place(rows, chance), chance.randbytes(32)
    entry = rows[_place(rows, chance)].entry.replace(b'"utc_ms":1', b'"utc_ms":2', 1)
    leaf = leaf_of(salt, entry)
    before = rows[place - 1].head if place else bytes(32)
    return numbered([*rows[:place], Row(0, salt, entry, leaf, head_of(before, leaf)), *rows[place:]])


def swap(rows: list[Row], chance: Random) -> list[Row]:
    one, two = sorted(chance.sample(range(len(rows)), 2))
    changed = list(rows)
    changed[one], changed[two] = rows[two], rows[one]
    return numbered(changed)


def duplicate(rows: list[Row], chance: Random) -> list[Row]:
    place = _place(rows, chance)
    changed = [*rows[: place + 1], rows[place], *rows[place + 1 :]]
    return numbered(changed)


def truncate(rows: list[Row], chance: Random) -> list[Row]:
    return rows[: _place(rows, chance)]


def exchange(rows: list[Row], chance: Random) -> list[Row]:
    one, two = chance.sample(range(len(rows)), 2)
    other = rows[two]
    return [*rows[:one], replace(rows[one], salt=other.salt, entry=other.entry, leaf=other.leaf), *rows[one + 1 :]]


def blank(rows: list[Row], chance: Random) -> list[Row]:
    place = _place(rows, chance)
    return [*rows[:place], replace(rows[place], salt=b"", entry=b""), *rows[place + 1 :]]


def numbered(rows: Sequence[Row]) -> list[Row]:
    return [replace(row, index=place) for place, row in enumerate(rows, 1)]


ROWS: dict[str, Change] = {each.__name__: each for each in (flip, delete, insert, swap, duplicate, truncate, exchange, blank)}


def rehash(rows: list[Row], first: int, chance: Random) -> list[Row]:
    """One entry changed, and everything from it on hashed again."""
    changed, head = list(rows[:first]), rows[first - 1].head if first else b""
    for place in range(first, len(rows)):
        row = rows[place]
        entry = row.entry.replace(b'"utc_ms":1', b'"utc_ms":2', 1) if place == first else row.entry
        leaf = leaf_of(row.salt, entry)
        head = head_of(head, leaf) if place else row.head
        changed.append(Row(row.index, row.salt, entry, leaf, head))
    return changed if chance.random() < 0.7 else changed[: max(first + 1, len(changed) - chance.randint(0, 3))]


# ---- writing them back


def write_rows(folder: Path, side: Side, rows: Sequence[Row]) -> None:
    if side is Side.HOST:
        for segment in segments(folder / "log"):
            segment.unlink()
        (folder / "log" / segment_name(1)).write_bytes(b"".join(line_of(row) for row in rows))
        return
    with broker_of(folder) as database:
        database.execute("DELETE FROM audit_log")
        # Whoever may change the database may change its tables: a position may stand there twice.
        stored = {row.index: row for row in rows}
        values = [(row.index, row.salt, row.entry, row.leaf, row.head) for row in stored.values()]
        database.executemany("INSERT INTO audit_log VALUES (?, ?, ?, ?, ?)", values)


def line_of(row: Row) -> bytes:
    try:
        return to_line(row)
    except (ValueError, UnicodeDecodeError):
        return row.entry + b"\n"


@contextmanager
def broker_of(folder: Path) -> Iterator[sqlite3.Connection]:
    """The broker's database, for whoever owns the machine. It is thrown away: nothing of it has to survive a power cut."""
    with closing(sqlite3.connect(folder / "broker.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA synchronous=OFF")
        database.execute("BEGIN")
        yield database
        database.execute("COMMIT")


def unguard(folder: Path) -> None:
    """Take the triggers away, once for all alterations."""
    with broker_of(folder) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")


def write_tree(folder: Path, side: Side, rows: Sequence[Row]) -> list[bytes]:
    tree = Frontier()
    kept = [each for row in rows for each in tree.append(row.leaf)]
    if side is Side.HOST:
        (folder / "log" / "tree.bin").write_bytes(b"".join(kept))
        return kept
    with broker_of(folder) as database:
        database.execute("DELETE FROM audit_tree")
        database.executemany("INSERT INTO audit_tree VALUES (?, ?)", list(enumerate(kept)))
    return kept


def write_notes(folder: Path, side: Side, notes: Sequence[str]) -> None:
    if side is Side.HOST:
        (folder / "log" / "checkpoints").write_bytes("".join(note + "\n" for note in notes).encode())
        return
    with broker_of(folder) as database:
        database.execute("DELETE FROM audit_tip")
        database.execute("DELETE FROM audit_checkpoints")
        database.executemany("INSERT OR REPLACE INTO audit_checkpoints VALUES (?, ?)", [(said_by(note).size, note) for note in notes])
        database.executemany("INSERT INTO audit_tip VALUES (1, ?)", [(note,) for note in notes[-1:]])


def alter(house: House, folder: Path, chance: Random) -> str:
    """One random alteration of this copy; what it was."""
    side = chance.choice(list(Side))
    kind = chance.choice([*ROWS, "older", "rehash", "rehash", "flip a note", "flip the tree"])
    if kind == "older":
        older = chance.choice(house.older)
        name = "log" if side is Side.HOST else "broker.sqlite3"
        (shutil.rmtree if side is Side.HOST else Path.unlink)(folder / name)
        (shutil.copytree if side is Side.HOST else shutil.copyfile)(older / name, folder / name)
    elif kind == "rehash":
        _rehash(house, folder, side, chance)
    elif kind == "flip a note":
        _flip_note(folder, side, chance)
    elif kind == "flip the tree":
        _flip_tree(folder, side, chance)
    else:
        rows = list(opened(folder, side).rows)
        changed = ROWS[kind](rows, chance)
        if side is Side.BROKER:
            changed = list({row.index: row for row in changed}.values())
        if changed == rows:
            return ""
        write_rows(folder, side, changed)
    return f"{kind} at the {side.value}"


def _rehash(house: House, folder: Path, side: Side, chance: Random) -> None:
    rows = list(opened(folder, side).rows)
    first = chance.randrange(1, house.held[side])
    changed = rehash(rows, first, chance)
    notes, log_id = notes_of(folder, side), opened(folder, side).log_id
    write_rows(folder, side, changed)
    kept = write_tree(folder, side, changed)
    how = chance.choice(["keep", "drop", "forge"])
    if how != "keep":
        before = [note for note in notes if said_by(note).size <= first]
        root = root_of(len(changed), lambda places: [kept[each] for each in places])
        forged = signed_note(Checkpoint(origin_of(side, log_id), len(changed), root), FORGER.public_key, FORGER.sign_note)
        write_notes(folder, side, [*before, forged] if how == "forge" else before)


def _flip_note(folder: Path, side: Side, chance: Random) -> None:
    notes = notes_of(folder, side)
    which = chance.randrange(len(notes))
    places = [place for place, each in enumerate(notes[which]) if each not in "\n—"]
    at = chance.choice(places)
    other = chance.choice([each for each in "ABCxyz0189" if each != notes[which][at]])
    bent = notes[which][:at] + other + notes[which][at + 1 :]
    if side is Side.HOST:
        file = folder / "log" / "checkpoints"
        file.write_bytes(file.read_bytes().replace(notes[which].encode(), bent.encode(), 1))
        return
    with broker_of(folder) as database:
        database.execute("UPDATE audit_checkpoints SET note = ? WHERE note = ?", (bent, notes[which]))


def _flip_tree(folder: Path, side: Side, chance: Random) -> None:
    if side is Side.HOST:
        file = folder / "log" / "tree.bin"
        kept = bytearray(file.read_bytes())
        kept[chance.randrange(len(kept))] ^= 1 << chance.randrange(8)
        file.write_bytes(kept)
        return
    with broker_of(folder) as database:
        (count,) = database.execute("SELECT count(*) FROM audit_tree").fetchone()
        change = chance.choice(
            ["UPDATE audit_tree SET hash = zeroblob(32) WHERE position = ?", "DELETE FROM audit_tree WHERE position = ?"]
        )
        database.execute(change, (chance.randrange(count),))


def run(house: House, place: Path, count: int, seed: int) -> list[str]:
    """So many alterations; each that was not found."""
    missed, done = [], 0
    for number in range(count * 2):
        chance = Random(f"{seed} {number}")
        folder = house.copy(place / "copy")
        what = alter(house, folder, chance)
        if not what:
            continue
        if not found(folder):
            missed.append(f"{number}: {what}")
        done += 1
        if done == count:
            return missed
    raise AssertionError("too few alterations altered anything")


def test_the_untouched_logs_are_right(house: House) -> None:
    assert found(house.folder) == []


def test_every_alteration_of_a_sample_is_found(house: House, tmp_path: Path) -> None:
    assert run(house, tmp_path, SAMPLE, 1) == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_one_of_ten_thousand_alterations_is_found(house: House, tmp_path: Path, part: int) -> None:
    assert run(house, tmp_path, ALL // PARTS, 1000 + part) == []


def test_honest_runs_give_no_alarm() -> None:
    alarms = [(seed, found) for seed in range(HONEST) if (found := in_memory_findings(honest_run(seed)))]
    assert alarms == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_a_thousand_honest_runs_give_no_alarm(part: int) -> None:
    first, count = HONEST + part * HONEST_ALL // PARTS, HONEST_ALL // PARTS
    alarms = [(seed, found) for seed in range(first, first + count) if (found := in_memory_findings(honest_run(seed)))]
    assert alarms == []


def test_restarts_and_torn_lines_give_no_alarm(tmp_path: Path) -> None:
    folder, clock = tmp_path / "log", 0
    with StoredBroker(tmp_path / "broker.sqlite3") as at_broker:
        for number in range(4):
            with StoredHost(folder, clock) as at_host:
                pair = Pair(at_host, at_broker)
                pair.start()
                pair.visit(f"s-{number}")
                pair.close(f"s-{number}")
            clock += 100
            for name in (segments(folder)[-1].name, "checkpoints"):
                with (folder / name).open("ab") as file:
                    file.write(b'{"entry":"half' if name != "checkpoints" else b"chaperone/ho")
        with StoredHost(folder, clock) as at_host:
            at_host.note()
    assert found(tmp_path) == []
