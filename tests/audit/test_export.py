"""Exports: each entry one row, one line, one paragraph; no cell is a formula; the JSONL can be verified by somebody else."""

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from audit.cli import main
from audit.entry import At, Entry
from audit.events import broker, visit
from audit.export import FORMULA, cells_of, defused, leaving
from audit.log import Side
from policy.decision import Reason
from policy.session import EndCause
from runtime.catalogues import catalogue
from runtime.log_opening import open_log

NOON = At(1_777_896_000_000, 5_000, clock_suspect=True)
EVENTS = (
    broker.SignInRefused(name_given="=HYPERLINK(1)", address="::1", reason=Reason.SIGN_IN_FAILED),
    broker.HostEnrolTokenMade(site="Lyon", by="<script>alert(1)</script>"),
    broker.HostEnrolled(
        host_id="h-1", fingerprint="", site="Lyon", model="", phi=False, accepted_by="Zoé", terms_version="1", address="::1"
    ),
    broker.HostConnected(host_id="h-1", address="::1", listed=True),
    broker.HostConnected(host_id="h-2", address="::1", listed=True),
    visit.SessionEnded(session_id="s-1", by="h-1", cause=EndCause.HOST_ENDED, said_at=1),
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    with open_log(tmp_path / "log", Side.HOST, NOON) as written:
        written.append(EVENTS, NOON)
    return tmp_path / "log"


def exported(log: Path, form: str, *more: str) -> Path:
    out = log.parent / f"out{len(more)}.{form}"
    with pytest.raises(SystemExit) as ended:
        main(["export", str(log), str(out), "--format", form, *more])
    assert not ended.value.code
    return out


class Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


def test_a_table_has_one_row_for_each_entry_and_no_formula(log: Path) -> None:
    with exported(log, "csv", "--language", "fr").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Entrée", "Heure (UTC)", "Horloge douteuse", "Événement", "Issue", "Ce qui s\u2019est passé", "Champs"]
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, 7)]
    assert rows[1][1] == "2026-05-04T12:00:00.000Z"
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA)]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\ta", "\ra", "  =1"])
def test_what_a_table_program_would_compute_is_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"
    assert defused("a=1") == "a=1"


def test_a_page_holds_nothing_that_runs(log: Path) -> None:
    text = exported(log, "html").read_text(encoding="utf-8")
    read = Read()
    read.feed(text)
    assert "script" not in read.tags
    assert (read.tags.count("tr"), "&lt;script&gt;" in text, "http" in text.replace("http-equiv", "")) == (7, True, False)


def test_a_printed_page_is_a_pdf(log: Path) -> None:
    assert exported(log, "pdf").read_bytes().startswith(b"%PDF-")


def test_what_a_filter_leaves_out_stays_in_the_export_as_its_hash(log: Path) -> None:
    out = exported(log, "jsonl", "--site", "Lyon")
    bodies = [json.loads(line)["entry"] for line in out.read_bytes().splitlines()[1:]]
    # The site, the host that enrolled for it, and that host's connection; not the other host's.
    assert [bool(each) for each in bodies] == [False, True, True, True, False, False]
    whole = exported(log, "jsonl")
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(whole)])
    assert not ended.value.code


@pytest.mark.parametrize(
    ("narrowed", "wanted"),
    [
        (["--host", "h-1"], ["3", "4", "6"]),
        (["--outcome", "refused"], ["1"]),
        (["--until", "2026-05-04T11:00"], []),
        (["--since", "2026-05-04", "--outcome", "ended"], ["6"]),
    ],
)
def test_filters_narrow_what_is_written(log: Path, narrowed: list[str], wanted: list[str]) -> None:
    with exported(log, "csv", *narrowed).open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == wanted


def test_a_file_that_is_there_is_not_written_over(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported(log, "csv")
    with pytest.raises(SystemExit) as ended:
        main(["export", str(log), str(log.parent / "out0.csv")])
    assert (ended.value.code, "cannot be written" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize("content", [b"", b"[]\n", b'{"form":"other"}\n', b'{"form":"chaperone log 1"}\n'])
def test_what_is_no_export_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(tmp_path / "x.jsonl")])
    assert ended.value.code == 2


@pytest.mark.parametrize(("side", "told"), [(Side.HOST, True), (Side.BROKER, False)])
def test_what_leaves_a_brokers_log_names_no_range_of_a_site(side: Side, told: bool) -> None:
    started = visit.DirectStarted(session_id="s-1", attempt=1, host_range="10.0.0.0/8", console_range="fd00::/8")
    for happened in (started, EVENTS[0]):
        entry = Entry(NOON, happened)
        assert (leaving(entry, side) == entry) is (told or happened is not started)
    words = catalogue("en")
    row = cells_of(1, leaving(Entry(NOON, started), side), words)
    assert ("10.0.0.0/8" in row.what, "10.0.0.0/8" in row.fields, "fd00::/8" in row.what) == (told, told, told)
    assert "directly" in row.what
