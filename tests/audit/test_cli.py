"""`chaperone-audit` on both kinds of log, as typed: sentences, findings, exit codes."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from audit.entry import At
from audit.events import EVENTS, broker, visit
from audit.events.shape import Event
from audit.log import Chain, Side
from audit.stores import open_stored
from policy.decision import Reason
from policy.session import EndCause
from runtime.log_lines import LogUnreadable
from runtime.log_opening import open_log
from tests.helpers.audit_program import Audit, audit
from tests.helpers.sample_events import sample

__all__ = ["audit"]
NOON = At(1_777_896_000_000, 5_000, clock_suspect=False)  # 2026-05-04 12:00 UTC
EVENING = At(1_777_917_600_000, 6_000, clock_suspect=True)
REFUSED = broker.SignInRefused(name_given="eve\x1b[2J\n\u202e", address="::1", reason=Reason.SIGN_IN_FAILED)
SIGNED_IN = broker.SignedIn(technician_id="t-ana", address="::1")
ENDED = visit.SessionEnded(session_id="s-1", by="h-1", cause=EndCause.HOST_ENDED, said_at=1)
STORY = ((REFUSED, NOON), (SIGNED_IN, NOON), (ENDED, EVENING))


def broker_file(path: Path, story: Iterable[tuple[Event, At]]) -> Path:
    chain = Chain.empty("l-b", Side.BROKER)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE audit_meta (log_id TEXT, side TEXT)")
        database.execute("CREATE TABLE audit_log (position INTEGER PRIMARY KEY, salt BLOB, entry BLOB, leaf BLOB, head BLOB)")
        database.execute("INSERT INTO audit_meta VALUES ('l-b', 'broker')")
        for event, when in story:
            chain, row = chain.append(event, when, b"s" * 32)
            database.execute("INSERT INTO audit_log VALUES (?, ?, ?, ?, ?)", (row.index, row.salt, row.entry, row.leaf, row.head))
        database.commit()
    return path


def host_folder(path: Path, story: Iterable[tuple[Event, At]]) -> Path:
    with open_log(path, Side.HOST, NOON) as log:
        for event, when in story:
            log.append([event], when)
    return path


@pytest.fixture(params=["broker", "host"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same story in either kind of log."""
    return broker_file(tmp_path / "broker.sqlite3", STORY) if request.param == "broker" else host_folder(tmp_path / "log", STORY)


def test_each_entry_is_one_sentence_on_one_line(audit: Audit, log: Path) -> None:
    said = audit("show", log)
    assert said.code == 0
    first, second, third = said.out.splitlines()
    assert first.startswith("     1  2026-05-04 12:00:00.000Z  ! “eve\\u001b[2J\\u000a\\u202e” could not sign in from ::1.")
    assert second.endswith("+ t-ana signed in from ::1.")
    assert "18:00:00.000Z? - Visit s-1 is over, ended by h-1. The person at the instrument ended the visit." in third


def test_sentences_can_be_read_in_french(audit: Audit, log: Path) -> None:
    assert "est connecté depuis ::1." in audit("show", log, "--language", "fr").out
    assert audit("show", log, "--language", "xx").code == 2


@pytest.mark.parametrize(
    ("narrowed", "shown"),
    [
        (["--technician", "t-ana"], [2]),
        (["--session", "s-1"], [3]),
        (["--event", "signed_in"], [2]),
        (["--since", "2026-05-04T12:30"], [3]),
        (["--since", "2026-05-04T14:00:00+02:00"], [1, 2, 3]),
        (["--since", "2026-05-05"], []),
        (["--technician", "t-ana", "--session", "s-1"], []),
    ],
)
def test_only_what_is_wanted_is_shown(audit: Audit, log: Path, narrowed: list[str], shown: list[int]) -> None:
    said = audit("show", log, *narrowed)
    assert (said.code, [int(line[:6]) for line in said.out.splitlines()]) == (0, shown)


def test_an_honest_log_is_verified_and_its_head_holds_later(audit: Audit, log: Path) -> None:
    said = audit("verify", log)
    assert said.code == 0
    assert "3 entries: nothing is wrong." in said.out
    head = said.out.split("Head: ")[1].strip()
    assert audit("verify", log, "--head", head).code == 0
    beyond = audit("verify", log, "--head", f"9:{head.split(':')[1]}")
    assert (beyond.code, "Entries 4 to 9 are gone from the end." in beyond.out) == (1, True)
    other = audit("verify", log, "--head", f"3:{'0' * 64}", "--language", "fr")
    assert (other.code, "le journal a été réécrit." in other.out) == (1, True)
    assert "Head: " not in other.out


def test_an_altered_database_is_found_and_still_shown(audit: Audit, tmp_path: Path) -> None:
    path = broker_file(tmp_path / "b.sqlite3", STORY)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE audit_log SET entry = replace(entry, 't-ana', 't-bob') WHERE position = 2")
        database.execute("UPDATE audit_log SET entry = NULL, salt = 7 WHERE position = 3")
        database.commit()
    said = audit("verify", path)
    assert said.code == 1
    assert said.out.splitlines()[:2] == ["Entry 2 was altered.", "Entry 3 was altered."]
    shown = audit("show", path)
    assert (shown.code, "t-bob" in shown.out, "Entry 3 cannot be read." in shown.out) == (1, True, True)


def test_a_line_of_a_folder_that_is_no_row_is_found(audit: Audit, tmp_path: Path) -> None:
    (segment,) = host_folder(tmp_path / "log", STORY).glob("*.jsonl")
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(lines[0] + b"{}\n" + lines[2])
    said = audit("verify", tmp_path / "log")
    assert said.code == 1
    assert "Entry 2 was altered.\n" in said.out
    assert "Entry 1 " not in said.out
    assert audit("show", tmp_path / "log").code == 1


def test_the_state_folder_of_either_side_will_do(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    broker_file(tmp_path / "b" / "broker.sqlite3", STORY)
    host_folder(tmp_path / "h" / "log", STORY)
    assert (open_stored(tmp_path / "b").side, open_stored(tmp_path / "h").side) == (Side.BROKER, Side.HOST)


def test_reading_changes_nothing(audit: Audit, log: Path) -> None:
    files = [log] if log.is_file() else list(log.iterdir())
    before = [path.read_bytes() for path in files]
    audit("show", log)
    audit("verify", log)
    assert [path.read_bytes() for path in files] == before


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["show", "gone"], "nothing at gone"),
        (["show", "."], "holds no log"),
        (["verify", "text"], "holds no log"),
        (["verify", "empty.sqlite3"], "does not say which"),
        (["verify", "broken.sqlite3"], "holds no log"),
        (["show", "good.sqlite3", "--event", "signed_up"], "there is no event signed_up"),
        (["show", "good.sqlite3", "--since", "yesterday"], "no moment"),
        (["verify", "good.sqlite3", "--head", "1"], ""),
        (["verify", "good.sqlite3", "--head", "x:00"], "no head"),
    ],
)
def test_what_cannot_be_read_is_named(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text").write_text("hello" * 100)
    broker_file(tmp_path / "good.sqlite3", STORY)
    for name, spoilt in (("empty", "DELETE FROM audit_meta"), ("broken", "DROP TABLE audit_log")):
        with closing(sqlite3.connect(broker_file(tmp_path / f"{name}.sqlite3", ()))) as database:
            database.execute(spoilt)
            database.commit()
    said = audit(*arguments)
    assert (said.code, why in said.err) == (1 if why == "" else 2, True), said


def test_a_file_that_cannot_be_opened_or_read_on_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_path: Path, *_how: object, **_named: object) -> bytes:
        raise OSError(5, "Input/output error")

    opened = open_stored(host_folder(tmp_path / "log", STORY))
    monkeypatch.setattr(Path, "open", lost)
    with pytest.raises(LogUnreadable, match="Input/output"):
        list(opened.rows)


def test_every_event_is_shown_in_both_languages(audit: Audit, tmp_path: Path) -> None:
    path = broker_file(tmp_path / "all.sqlite3", [(sample(name), NOON) for name in EVENTS])
    for language in ("en", "fr"):
        said = audit("show", path, "--language", language)
        assert (said.code, len(said.out.splitlines())) == (0, len(EVENTS))


def test_a_moment_beyond_the_calendar_is_shown_as_a_number(audit: Audit, tmp_path: Path) -> None:
    path = broker_file(tmp_path / "far.sqlite3", [(SIGNED_IN, At(2**53 - 1, 1, clock_suspect=False))])
    assert f"{2**53 - 1} ms" in audit("show", path).out


def test_help_says_what_the_exit_codes_mean(audit: Audit) -> None:
    said = audit("--help")
    assert (said.code, "0 nothing is wrong, 1 something was found" in " ".join(said.out.split())) == (0, True)
