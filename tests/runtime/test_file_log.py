"""The host's log on a real disk: kept, repaired by rule, refused when broken, and never shared."""

import errno
import os
from pathlib import Path

import pytest

from audit.checkpoint import open_note
from audit.entry import At, decode_entry
from audit.events import host
from audit.log import Row, Side, leaf_of, verify
from audit.merkle import check_inclusion
from runtime.file_log import EntryGone, FileLog, LogUnavailable, Notary
from runtime.log_lines import LogUnreadable, segments, stored_log
from runtime.log_opening import open_log
from trust.signatures import Ed25519Signer, ed25519_verifies

WHEN = At(1_700_000_000_000, 5_000, clock_suspect=False)
STARTED = host.HostStarted(host_id="h-1", version="1")
STOPPED = host.HostStopped(host_id="h-1")


def opened(folder: Path, segment_bytes: int = 1_000_000) -> FileLog:
    return open_log(folder, Side.HOST, WHEN, segment_bytes=segment_bytes)


def rows(folder: Path) -> list[Row]:
    return list(stored_log(folder).rows())


def findings(folder: Path) -> list[str]:
    log = stored_log(folder)
    return [f"{each.fault.value} {each.index}" for each in verify(log.rows(), log.meta.log_id, log.meta.side).findings]


def test_what_was_appended_is_read_back_and_chained(tmp_path: Path) -> None:
    with opened(tmp_path / "log") as log:
        log.append([STARTED], WHEN)
        log.append([STOPPED, STARTED], WHEN)
        assert log.chain.size == 3
    assert [decode_entry(row.entry).event for row in rows(tmp_path / "log")] == [STARTED, STOPPED, STARTED]
    assert findings(tmp_path / "log") == []


def test_a_log_goes_on_where_it_stopped_and_over_several_files(tmp_path: Path) -> None:
    for _ in range(4):
        with opened(tmp_path, segment_bytes=500) as log:
            log.append([STARTED], WHEN)
            log.append([STOPPED], WHEN)
    assert len(segments(tmp_path)) > 2
    assert len(rows(tmp_path)) == 8
    assert findings(tmp_path) == []


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    with opened(tmp_path / "log") as log:
        log.append([STARTED], WHEN)
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "log").iterdir()} == {0o600}


def test_a_half_written_last_line_is_cut_and_an_entry_says_so(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        log.append([STARTED], WHEN)
    tree = (tmp_path / "tree.bin").read_bytes()
    with opened(tmp_path) as log:
        log.append([STOPPED], WHEN)
    (segment,) = segments(tmp_path)
    segment.write_bytes(segment.read_bytes()[:-40])
    (tmp_path / "tree.bin").write_bytes(tree)  # it grows after the row is on the disk
    before = len(segment.read_bytes().splitlines()[-1])
    opened(tmp_path).close()
    assert [decode_entry(row.entry).event for row in rows(tmp_path)] == [
        STARTED,
        host.LogRepaired(segment=segment.name, bytes_cut=before),
    ]
    assert findings(tmp_path) == []


def test_a_cut_that_cannot_be_recorded_is_not_made_and_comes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as log:
        log.append([STARTED, STOPPED], WHEN)
    (segment,) = segments(tmp_path)
    segment.write_bytes(segment.read_bytes()[:-600])

    def full(_descriptor: int, _content: bytes, _offset: int) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        with pytest.raises(LogUnavailable, match="No space"):
            opened(tmp_path)
    opened(tmp_path).close()
    assert isinstance(decode_entry(rows(tmp_path)[-1].entry).event, host.LogRepaired)
    assert findings(tmp_path) == []


def test_a_file_that_ends_in_zeros_is_repaired(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        log.append([STARTED], WHEN)
    (segment,) = segments(tmp_path)
    segment.write_bytes(segment.read_bytes() + bytes(4096))
    opened(tmp_path).close()
    assert decode_entry(rows(tmp_path)[1].entry).event == host.LogRepaired(segment=segment.name, bytes_cut=4096)
    assert findings(tmp_path) == []


def test_a_power_cut_before_the_first_line_leaves_an_empty_log(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "000000000001.jsonl").touch()
    with opened(tmp_path) as log:
        log.append([STARTED], WHEN)
    assert findings(tmp_path) == []


@pytest.mark.parametrize("offset", [0, 30, 120, 400])
def test_a_log_that_was_changed_does_not_open(tmp_path: Path, offset: int) -> None:
    with opened(tmp_path) as log:
        log.append([STARTED, STOPPED, STARTED], WHEN)
    (segment,) = segments(tmp_path)
    content = bytearray(segment.read_bytes())
    content[offset] ^= 1
    segment.write_bytes(content)
    with pytest.raises(LogUnavailable, match="broken"):
        opened(tmp_path)
    assert findings(tmp_path)


def test_a_newest_file_that_does_not_follow_from_the_one_before_does_not_open(tmp_path: Path) -> None:
    with opened(tmp_path, segment_bytes=1) as log:
        log.append([STARTED], WHEN)
        log.append([STOPPED], WHEN)
    segments(tmp_path)[0].unlink()
    with pytest.raises(LogUnavailable, match="entry 1 "):
        opened(tmp_path)
    assert findings(tmp_path) == ["missing 1"]


def test_two_guardians_cannot_share_a_log(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(LogUnavailable, match="another program"):
        opened(tmp_path)
    opened(tmp_path).close()


def test_a_log_of_the_other_side_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with pytest.raises(LogUnavailable, match="log of a host"):
        open_log(tmp_path, Side.BROKER, WHEN)


def test_rows_without_the_logs_own_name_are_refused(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        log.append([STARTED], WHEN)
    (tmp_path / "log.json").unlink()
    with pytest.raises(LogUnavailable, match="is gone"):
        opened(tmp_path)
    with pytest.raises(LogUnreadable):
        stored_log(tmp_path)
    (tmp_path / "log.json").write_bytes(b"{}")
    with pytest.raises(LogUnavailable, match="damaged"):
        opened(tmp_path)


def test_a_full_disk_refuses_and_recovers_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as log:
        log.append([STARTED], WHEN)
        write, room = os.write, [25]

        def nearly_full(descriptor: int, content: bytes | memoryview) -> int:
            if not room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write(descriptor, bytes(content)[: room.pop()])

        with monkeypatch.context() as patched:
            patched.setattr(os, "write", nearly_full)
            for _ in range(2):
                with pytest.raises(LogUnavailable, match="No space"):
                    log.append([STOPPED], WHEN)
        assert log.chain.size == 1
        log.append([STOPPED], WHEN)
    assert [decode_entry(row.entry).event for row in rows(tmp_path)] == [STARTED, STOPPED]
    assert findings(tmp_path) == []


def test_a_closed_log_takes_nothing(tmp_path: Path) -> None:
    log = opened(tmp_path)
    log.close()
    log.close()
    with pytest.raises(LogUnavailable):
        log.append([STARTED], WHEN)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LogUnavailable):
        opened(tmp_path / "file" / "log")


def test_several_entries_are_proven_under_one_checkpoint_over_several_files(tmp_path: Path) -> None:
    key = Ed25519Signer(b"h" * 32)
    notary = Notary(key.public_key, key.sign_note, ed25519_verifies)
    with open_log(tmp_path, Side.HOST, WHEN, notary, segment_bytes=500) as log:
        for _ in range(4):
            log.append([STARTED, STOPPED], WHEN)
        note, proofs = log.prove_all((2, 3, 8))
        checkpoint = open_note(note, key.public_key, ed25519_verifies)
        assert (checkpoint.size, [each.index for each in proofs]) == (8, [2, 3, 8])
        for each in proofs:
            check_inclusion(each.index - 1, 8, leaf_of(each.salt, each.entry), each.path, checkpoint.root)
        assert [decode_entry(each.entry).event for each in proofs] == [STOPPED, STARTED, STOPPED]
        assert log.prove_all(()) == (note, ())
        for gone in (0, 9):
            with pytest.raises(EntryGone, match=f"no entry {gone}"):
                log.prove_all((1, gone))
        segments(tmp_path)[0].unlink()
        with pytest.raises(LogUnavailable):
            log.prove_all((1,))
    assert len(segments(tmp_path)) > 1
