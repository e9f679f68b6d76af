"""Case 40: whatever a stranger writes into a logged field becomes exactly one well-formed row, on either side.

The same events go through the broker's own log on its database and the host's log on its disk, and from there through every way
out: the terminal, CSV, JSONL, HTML, PDF, syslog and CEF.
"""

import csv
import io
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import pytest

from audit.cli import main
from audit.entry import At, decode_entry
from audit.events import EVENTS
from audit.events.shape import Event, sentence
from audit.export import plain_fields
from audit.log import Chain, Row, Side, verify
from audit.siem import SiemFormat, message
from audit.stores import open_stored
from broker.storage.engine import Database, database_url
from broker.storage.log import AuditLog
from broker.storage.migrate import migrate
from runtime.catalogues import catalogue
from runtime.log_opening import open_log
from tests.helpers.sample_events import sample
from trust.signatures import Ed25519Signer
from wire.schema import fields_of

pytestmark = pytest.mark.adversary

KEY = Ed25519Signer(bytes(32))
WHEN = At(1_777_896_000_000, 5_000, clock_suspect=False)
ATTACKS = {
    "line breaks": "a\r\n     9  2026-05-04 12:00:00.000Z  + t-ana signed in from ::1.",
    "terminal escapes": "\x1b[2J\x1b]0;owned\x07\x9b31m\x7f",
    "nul": "a\0b",
    "separators of Unicode": "a\u2028b\u2029c\x85d\x0b\x0ce",
    "direction marks": "\u202egnp.exe\u2066",
    "JSON breakers": '"},"type":"signed_in","v":1}\n{"at":',
    "half a character": "\ud800 \udfff",
    "a megabyte": "x" * 1_000_000,
    "a megabyte of escapes": "\x1b" * 1_000_000,
    "marks of the terminal library": "[red]x[/red] [link=https://evil.example]y[/link]",
    "a formula": "=cmd|'/c calc'!A1",
    "tags": "<script>alert(1)</script></td></tr><tr><td>",
    "letters that a font lacks": "\u65e5\u672c\u8a9e \u0395\u03bb\u03bb",
    "Fluent placeables": "{ $reason } { reason-code_wrong }",
}
TEXT_FIELDS = [(name, field) for name, cls in EVENTS.items() for field, shape in fields_of(cast(Any, cls)).items() if shape.kind == "str"]


def attacked() -> list[Event]:
    """Every text field of every event with every attack in it."""
    return [sample(name, text=attack) for attack in ATTACKS.values() for name in EVENTS]


def well_formed(rows: list[Row], log_id: str, side: Side, count: int) -> None:
    assert len(rows) == count
    assert verify(rows, log_id, side).findings == ()
    for row in rows:
        assert all(0x20 <= byte < 0x7F for byte in row.entry)
        assert set(json.loads(row.entry)) == {"at", "event", "type", "v"}
        assert len(row.entry) < 256 * 1024


def test_there_are_fields_to_attack() -> None:
    assert len(TEXT_FIELDS) > 100


def test_one_event_is_one_row_at_the_host(tmp_path: Path) -> None:
    events = attacked()
    with open_log(tmp_path, Side.HOST, WHEN) as log:
        log.append(events, WHEN)
        log_id = log.chain.log_id
    well_formed(list(open_stored(tmp_path).rows), log_id, Side.HOST, len(events))
    content = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("*.jsonl")))
    assert len(content.splitlines()) == content.count(b"\n") == len(events)
    assert content.isascii()


async def test_one_event_is_one_row_at_the_broker(tmp_path: Path) -> None:
    path = tmp_path / "broker.sqlite3"
    events = attacked()
    database = Database(database_url(path))
    try:
        await migrate(database)
        await AuditLog(database, lambda: WHEN, KEY).record(*events)
    finally:
        await database.close()
    log = open_stored(path)
    well_formed(list(log.rows), log.log_id, Side.BROKER, len(events))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM audit_log").fetchone() == (len(events),)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_reader_shows_one_line_and_nothing_that_moves_a_cursor(attack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_log(tmp_path, Side.HOST, WHEN) as log:
        log.append([sample(name, text=ATTACKS[attack]) for name in EVENTS], WHEN)
    with pytest.raises(SystemExit) as ended:
        main(["show", str(tmp_path)])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert len(said.splitlines()) == said.count("\n") == len(EVENTS)
    assert all(each.isprintable() for line in said.split("\n") for each in line)


def test_the_reader_takes_nothing_for_a_mark_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_log(tmp_path, Side.HOST, WHEN) as log:
        log.append([sample("help_pressed", text=ATTACKS["marks of the terminal library"])], WHEN)
    with pytest.raises(SystemExit):
        main(["show", str(tmp_path)])
    assert "[red]x[/red]" in capsys.readouterr().out


@pytest.fixture(scope="module")
def whole_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every event with every attack, in a host's log."""
    folder = tmp_path_factory.mktemp("attacked") / "log"
    with open_log(folder, Side.HOST, WHEN) as log:
        log.append(attacked(), WHEN)
    return folder


def exported(whole_log: Path, form: str) -> bytes:
    out = whole_log.parent / f"out.{form}"
    with pytest.raises(SystemExit) as ended:
        main(["export", str(whole_log), str(out), "--format", form])
    assert not ended.value.code
    return out.read_bytes()


COUNT = len(ATTACKS) * len(EVENTS)


def test_a_table_has_one_row_for_each_entry_and_no_formula(whole_log: Path) -> None:
    rows = list(csv.reader(io.StringIO(exported(whole_log, "csv").decode("utf-8-sig"), newline="")))
    assert [len(row) for row in rows] == [len(rows[0])] * (COUNT + 1)
    cells = [cell for row in rows for cell in row]
    assert all(each.isprintable() or each in "\u00a0\u202f" for cell in cells for each in cell)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags[tag] += 1


def test_a_page_has_one_row_for_each_entry_and_no_mark_of_a_stranger(whole_log: Path) -> None:
    page = _Page()
    page.feed(exported(whole_log, "html").decode())
    assert (page.tags["tr"], page.tags["td"]) == (COUNT + 1, COUNT * 7)
    assert set(page.tags) == {"html", "head", "meta", "title", "style", "body", "h1", "table", "thead", "tbody", "tr", "th", "td"}


def test_an_export_for_others_has_one_line_for_each_entry_and_verifies(whole_log: Path) -> None:
    assert exported(whole_log, "jsonl").count(b"\n") == COUNT + 1
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(whole_log.parent / "out.jsonl")])
    assert not ended.value.code


def test_a_pdf_of_every_event_can_be_made(tmp_path: Path) -> None:
    with open_log(tmp_path / "log", Side.HOST, WHEN) as log:
        for name in ("line breaks", "terminal escapes", "direction marks", "letters that a font lacks", "a megabyte"):
            log.append([sample(event, text=ATTACKS[name]) for event in list(EVENTS)[:40]], WHEN)
    assert exported(tmp_path / "log", "pdf").startswith(b"%PDF-")


@pytest.mark.parametrize("form", SiemFormat)
def test_a_message_to_a_siem_is_one_line_for_each_entry(form: SiemFormat, whole_log: Path) -> None:
    words = catalogue("fr")
    for row in open_stored(whole_log).rows:
        entry = decode_entry(row.entry)
        said, fields = words.sentence(sentence(entry.event)), plain_fields(entry.event)
        line = message(form, Side.HOST, "l-1", "pc \n<13>1 - evil", row.index, entry, fields, said)
        assert all(0x20 <= byte < 0x7F for byte in line)
        assert line.split(b" ")[3] == b"chaperone-host", "the name of the PC is one word"
        if form is SiemFormat.CEF:
            *head, _, extension = re.sub(rb"\\[\\|]", b"", line).split(b"|", 7)
            assert len(head) == 6
            assert re.sub(rb"\\[\\=]", b"", extension).count(b"=") == len(fields) + len(("rt", "log", "entry", "outcome"))
        else:
            inside = re.sub(rb'\\["\\\]]', b"", line)
            assert inside.count(b"] ") >= 1
            assert inside.split(b"]", 1)[0].count(b'"') % 2 == 0


def test_an_attack_reads_back_as_what_was_written_and_forges_no_other_event() -> None:
    chain = Chain.empty("l-1", Side.HOST)
    for name, field in TEXT_FIELDS:
        for attack in (ATTACKS["JSON breakers"], ATTACKS["nul"]):
            entry = decode_entry(chain.append(sample(name, text=attack), WHEN, b"s" * 32)[1].entry)
            assert type(entry.event) is EVENTS[name]
            kept = getattr(entry.event, field)
            assert attack.startswith(kept.removesuffix("…"))
