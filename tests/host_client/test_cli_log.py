"""`chaperone-host log` and `doubts`: by themselves, and by way of a guardian that runs."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from audit.entry import At, at, decode_entry
from audit.events import evidence, host, visit
from audit.events.shape import Event
from audit.log import Side, verify
from host_client import cli
from host_client.config import HostConfig, HostFiles
from host_client.guardian.errands import Errand, Errands, ErrandServer, What, ask_guardian
from host_client.guardian.evidence import KeptDoubt, read_evidence
from host_client.guardian.logbook import Logbook
from host_client.guardian.main import EXIT_NO_LOG, EXIT_WORDS, open_host_log, read_clock
from policy.session import EndCause
from runtime.log_lines import segments, stored_log
from tests.helpers.documents import VendorSigners
from tests.helpers.host_files import HOST_ID, enrolled_files
from trust.keys import load_key
from wire.messages.evidence import Doubt

VENDOR = VendorSigners("Acme")
LONG_AGO = At(1_000_000_000_000, 5_000, clock_suspect=False)
STARTED = host.HostStarted(host_id="h-1", version="1")
ENDED = visit.SessionEnded(session_id="s-1", by="", cause=EndCause.TIME_LIMIT, said_at=1)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HostFiles:
    """A host with three old entries and a new one."""
    monkeypatch.setenv("COLUMNS", "300")
    made = enrolled_files(tmp_path / "state", VENDOR.root)
    with open_host_log(made, load_key(made.key)) as log:
        log.append((STARTED, ENDED, STARTED), LONG_AGO)
        log.append((STARTED,), at(read_clock()))
        log.checkpoint()
    return made


def run(files: HostFiles, *words: str) -> Result:
    return CliRunner().invoke(cli.app, (*words, "--state", str(files.state)))


async def nobody_waits(_subject: str) -> None:
    """Nobody has to be told."""


def events(files: HostFiles) -> list[Event | None]:
    return [decode_entry(row.entry).event if row.entry else None for row in stored_log(files.log).rows()]


def test_the_contents_of_old_entries_go_and_their_hashes_stay(files: HostFiles) -> None:
    before = list(stored_log(files.log).rows())
    result = run(files, "log", "expire", "--older-than", "30", "--by", "Ada")
    assert "entries 1 to 3 are gone" in result.output
    expired = evidence.EntriesExpired(first=1, last=3, older_than_days=30, by="Ada")
    assert events(files) == [None, ENDED, None, STARTED, expired]
    assert [row.head for row in stored_log(files.log).rows()][:4] == [row.head for row in before]
    with open_host_log(files, load_key(files.key)) as log:
        assert log.doubt is None
    assert "nothing is older" in run(files, "log", "expire", "--older-than", "30").output


def test_a_body_that_is_gone_without_an_entry_that_says_so_is_found(files: HostFiles) -> None:
    run(files, "log", "expire", "--older-than", "30")
    (segment,) = segments(files.log)
    lines = segment.read_bytes().splitlines(keepends=True)
    (segment).write_bytes(b"".join(lines[:-1]))
    with open_host_log(files, load_key(files.key)) as log:
        assert log.doubt is Doubt.OWN_LOG
        assert log.doubted is not None
        assert [each.index for each in log.doubted.findings] == [1, 3]


def test_a_correction_is_added_and_the_entry_stays(files: HostFiles) -> None:
    result = run(files, "log", "correct", "2", "--words", "It was the power.", "--by", "Ada")
    assert "entry 5 adds to entry 2" in result.output
    assert events(files)[-1] == evidence.Correction(about=2, by="Ada", words="It was the power.")
    assert events(files)[1] == ENDED
    assert "no entry 99" in run(files, "log", "correct", "99", "--words", "?").output
    assert run(files, "log", "correct", "2", "--words", " ").exit_code == EXIT_WORDS


def test_a_doubt_is_listed_until_a_named_person_acknowledges_it(files: HostFiles) -> None:
    assert "no log is in doubt" in run(files, "doubts", "list").output
    read_evidence(files.evidence).add_doubt(KeptDoubt("b-1", Doubt.ROLLED_BACK, "", "", 1_700_000_000))
    for words in (("doubts", "list"), ("status",)):
        assert "the log of b-1, since 2023-11-14 22:13 UTC" in run(files, *words).output
    assert run(files, "doubts", "acknowledge", "h-9", "--by", "Ada", "--why", "seen").exit_code == EXIT_NO_LOG
    assert run(files, "doubts", "acknowledge", "--by", " ", "--why", "seen").exit_code == EXIT_WORDS
    assert "acknowledged: the log of b-1" in run(files, "doubts", "acknowledge", "--by", "Ada", "--why", "restored").output
    assert events(files)[-1] == evidence.DoubtAcknowledged(subject="b-1", by="Ada", why="restored")
    assert "no log is in doubt" in run(files, "doubts", "list").output


def test_a_doubt_about_the_own_log_ends_where_the_log_says_from_where_it_goes_on(files: HostFiles) -> None:
    (segment,) = segments(files.log)
    segment.write_bytes(b"".join(segment.read_bytes().splitlines(keepends=True)[:-1]))
    read_evidence(files.evidence).add_doubt(KeptDoubt(HOST_ID, Doubt.OWN_LOG, "", "", 1_700_000_000))
    assert run(files, "doubts", "acknowledge", "--by", "Ada", "--why", "an old copy").exit_code == 0
    assert events(files)[-2:] == [
        evidence.DoubtAcknowledged(subject=HOST_ID, by="Ada", why="an old copy"),
        evidence.LogBegun(held_size=4, size=5),
    ]
    with open_host_log(files, load_key(files.key)) as log:
        assert log.doubt is None
        assert verify(stored_log(files.log).rows(), log.chain.log_id, Side.HOST).findings == ()


async def test_a_guardian_that_runs_does_it_and_hears_of_it_at_once(files: HostFiles) -> None:
    store, seen = read_evidence(files.evidence), list[str]()
    store.add_doubt(KeptDoubt("b-1", Doubt.FORKED, "", "", 5))

    async def heard(subject: str) -> None:
        seen.append(subject)

    with open_host_log(files, load_key(files.key)) as log:
        errands = Errands(log, Logbook(log, read_clock), store, HOST_ID, read_clock, heard)
        server = ErrandServer(files.errands(HostConfig()), errands)
        await server.listen()
        result = await asyncio.to_thread(run, files, "doubts", "acknowledge", "--by", "Ada", "--why", "seen")
        assert result.exit_code == 0
        assert seen == ["b-1"]
        status = await asyncio.to_thread(run, files, "status")
        assert f"log {log.chain.log_id}, 5 entries" in status.output
        expired = await asyncio.to_thread(run, files, "log", "expire", "--older-than", "30")
        assert "are gone" in expired.output
        await server.close()
    assert await ask_guardian(files.errands(HostConfig()), Errand(What.STATUS, 0, "", "", "")) is None


async def test_what_is_no_errand_gets_no_answer(files: HostFiles) -> None:
    with open_host_log(files, load_key(files.key)) as log:
        errands = Errands(log, Logbook(log, read_clock), read_evidence(files.evidence), HOST_ID, read_clock, nobody_waits)
        server = ErrandServer(files.errands(HostConfig()), errands)
        await server.listen()
        for said in (b"{}\n", b"x" * 20_000, b'{"what":"edit"}\n'):
            reader, writer = await asyncio.open_unix_connection(str(files.errands(HostConfig())))
            writer.write(said)
            assert await reader.read() == b""
            writer.close()
        assert log.chain.size == 4
        assert files.errands(HostConfig()).stat().st_mode & 0o777 == 0o600
        await server.close()
