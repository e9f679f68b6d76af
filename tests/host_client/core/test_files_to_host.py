"""Files to this PC: nothing before its grant, all or nothing at the end, and each in the log by name and hash."""

from dataclasses import replace

import pytest

from audit.events import files as log
from audit.events import visit as both
from host_client.core.commands import Command, Record, SendSession, Tell
from host_client.core.files_to_host import FilesToHost
from host_client.link import EndPressed, Given, PromptAnswered
from host_client.link_files import FileDrop, FileEntryBegin, FileFailed, FileKeep, FileKept, FileShown, FileStop, FileWritten
from policy.decision import Reason
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import Stage
from tests.helpers.host_transfer import Transfer, ask_file, committed, folder_of, words_of
from tests.helpers.host_visit import cause
from tests.helpers.views import rules
from wire.limits import FILE_ACK_EVERY, FILE_WINDOW
from wire.messages.ledger import FileScope, Withdrawn
from wire.schema import read_part
from wire.sealed.files import Ack
from wire.sealed.inner import FileOver
from wire.statements import Label

CONTENT = bytes(range(256)) * 40


def stopped(moving: Transfer) -> Reason:
    (only,) = moving.stage.logged(log.FileStopped)
    return only.reason


def test_a_file_is_written_checked_recorded_and_only_then_named() -> None:
    moving = Transfer.begun(CONTENT)
    assert moving.stage.logged(log.FileBegun)[0].digest == moving.words.digest
    moving.send(CONTENT[:100])
    assert moving.pieces() == [CONTENT[:100]]
    assert moving.stage.told(FileKeep) == []
    moving.send_all()
    whole = moving.stage.logged(log.FileWhole)
    assert [each.name for each in whole] == ["method.bin"]
    assert moving.stage.told(FileKeep) == [FileKeep(moving.ask)]
    moving.stage.says(FileKept(moving.ask, "method (2).bin"))
    assert moving.over() == [FileOver(moving.ask, None)]
    (done,) = moving.stage.logged(log.FileDone)
    assert (done.kept_as, done.digest, done.size) == ("method (2).bin", moving.words.digest, len(CONTENT))
    (closed,) = [read_part(Withdrawn, each.payload) for each in moving.far.statements(Label.WITHDRAWN)]
    assert closed.done
    assert moving.stage.told(FileDrop) == []


def test_the_request_and_the_prompt_name_the_file_and_the_broker_gets_commitments_alone() -> None:
    moving = Transfer.begun(CONTENT)
    asked = moving.stage.logged(both.Asked)[-1]
    assert (asked.file_name, asked.file_digest, asked.file) == ("method.bin", moving.words.digest, committed(moving.words))
    assert asked.file is not None
    assert both.opens(asked.file, asked.file_name or "", asked.file_digest or b"", asked.file_key or b"")
    answered = moving.stage.logged(both.Answered)[-1]
    assert answered.scope is FileScope.THIS
    assert any(moving.words.digest.hex() in line for line in answered.prompt or ())


def test_a_file_that_cannot_be_recorded_is_not_released() -> None:
    moving = Transfer.begun(CONTENT)
    moving.stage.disk = False
    moving.send_all()
    assert moving.stage.told(FileKeep) == []
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]
    assert stopped(moving) is Reason.LOG_UNAVAILABLE


def test_an_empty_file_needs_no_piece() -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    ask_file(far, words_of(b""))
    stage.wait(1.5)
    stage.says(PromptAnswered(far.asks, Given.ALLOW))
    assert stage.told(FileKeep) == [FileKeep(far.asks)]


def test_a_folder_is_told_file_by_file() -> None:
    words, stream = folder_of({"a.txt": b"alpha", "sub/empty": b"", "sub/b.txt": b"beta"})
    moving = Transfer.begun(stream, words)
    assert moving.stage.logged(log.FileBegun)[0].files == 3
    for at in range(0, len(stream), 7):
        moving.send(stream[at : at + 7])
    assert moving.stage.told(FileKeep) == [FileKeep(moving.ask)]


def test_written_contents_are_acknowledged_and_shown() -> None:
    due = FILE_ACK_EVERY
    moving = Transfer.begun(bytes(5 * due))
    while moving.sent <= due:
        moving.send(bytes(60_000))
    moving.stage.wait(1)
    moving.wrote(due)
    assert moving.acks()[0].offset == due
    (shown,) = moving.stage.told(FileShown)
    assert (shown.done, shown.size, shown.name) == (due, 5 * due, "method.bin")
    assert shown.rate == due
    assert shown.left == 4
    moving.wrote(due)
    assert moving.acks() == [], "not for every few bytes"
    assert moving.stage.told(FileShown) == [], "not more often than somebody can read"


def test_what_is_released_is_shown_no_more() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send_all()
    moving.stage.wait(1)
    moving.wrote(len(CONTENT))
    assert moving.acks()
    assert moving.stage.told(FileShown) == [], "the desk has taken it from the screen"


def test_a_file_that_waits_for_its_line_says_so_unless_it_was_released() -> None:
    moving = Transfer.begun(CONTENT)
    visit = moving.stage.core.visit
    assert visit is not None
    way = FilesToHost(visit.standing)
    moving.send(CONTENT[:1])
    moving.stage.perform(way.waiting())
    assert [(each.done, each.waits) for each in moving.stage.told(FileShown)] == [(1, True)]
    moving.send_all()
    assert moving.stage.perform(way.waiting()) == []


def test_a_manifest_is_acknowledged_as_it_comes() -> None:
    words, stream = folder_of({f"{each:04}-{'n' * 240}": b"" for each in range(1200)})
    moving = Transfer.begun(stream, words)
    acks: list[Ack] = []
    while moving.sent < len(stream):
        moving.send(stream[moving.sent : moving.sent + 60_000])
        acks += moving.acks()
    assert [each.offset for each in acks][-1] == len(stream)
    assert len(acks) >= len(stream) // FILE_ACK_EVERY


def test_a_desk_that_wrote_more_than_it_was_given_is_not_believed() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:10])
    moving.wrote(11)
    assert stopped(moving) is Reason.FOLDER_UNUSABLE


def test_a_hash_that_is_not_the_promised_one_leaves_nothing() -> None:
    moving = Transfer.begun(CONTENT, words_of(b"x" * len(CONTENT)))
    moving.send_all()
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]
    assert moving.over() == [FileOver(moving.ask, Reason.FILE_DIFFERS)]
    assert stopped(moving) is Reason.FILE_DIFFERS
    assert moving.stage.core.visit is not None, "the visit goes on"


def test_more_than_was_said_leaves_nothing() -> None:
    moving = Transfer.begun(CONTENT)
    moving.piece(0, CONTENT + b"!")
    assert stopped(moving) is Reason.FILE_DIFFERS


@pytest.mark.parametrize("changed", ["manifest", "files", "path", "digest"])
def test_a_folder_that_is_not_what_was_said_leaves_nothing(changed: str) -> None:
    words, stream = folder_of({"a": b"alpha"})
    if changed == "manifest":
        stream = b"[" + stream[1:]
    elif changed == "files":
        words = replace(words, files=2)
    elif changed == "path":
        words, stream = folder_of({"../a": b"alpha"})
    else:
        stream = stream[:-1] + b"!"
    moving = Transfer.begun(stream, words)
    moving.send_all()
    assert stopped(moving) is Reason.FILE_DIFFERS


@pytest.mark.parametrize(("offset", "length"), [(1, 5), (0, FILE_WINDOW), (2**40, 5)])
def test_a_piece_at_a_wrong_place_or_beyond_the_window_ends_the_visit(offset: int, length: int) -> None:
    moving = Transfer.begun(bytes(2 * FILE_WINDOW))
    if length < 100:
        moving.piece(offset, bytes(length))
    else:
        for at in range(0, length, 60_000):
            if moving.stage.core.visit is None:
                break
            moving.piece(at, bytes(60_000))
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED
    assert moving.stage.logged(log.FileStopped)


def test_the_same_piece_twice_ends_the_visit() -> None:
    moving = Transfer.begun(CONTENT)
    moving.piece(0, CONTENT[:10])
    moving.piece(0, CONTENT[:10])
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize("wrong", ["name", "digest", "size", "none", "both"])
def test_a_request_that_is_not_bound_to_its_file_ends_the_visit(wrong: str) -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    words = words_of(CONTENT)
    others = {
        "name": committed(replace(words, name="other")),
        "digest": committed(replace(words, digest=bytes(32))),
        "size": replace(committed(words), size_class=3),
        "none": None,
        "both": committed(words),
    }
    ask_file(far, replace(words, files=2) if wrong == "both" else words, file=others[wrong])
    assert cause(stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize(
    ("says", "reason"),
    [(FileStop, Reason.FILE_STOPPED_AT_HOST), (lambda ask: FileFailed(ask, Reason.DISK_FULL), Reason.DISK_FULL)],
)
def test_the_person_or_a_full_disk_stops_a_file_and_the_visit_goes_on(says: type[FileStop], reason: Reason) -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:10])
    moving.stage.says(says(moving.ask))
    first = next(each for each in moving.stage.did if isinstance(each, Tell | SendSession))
    assert first == Tell(FileDrop(moving.ask)), "the narrowing acts first"
    assert moving.over() == [FileOver(moving.ask, reason)]
    assert stopped(moving) is reason
    moving.send(CONTENT[10:20])
    assert moving.pieces() == [], "what was on its way means nothing"
    assert moving.stage.core.visit is not None


def test_the_technician_stops_a_file() -> None:
    moving = Transfer.begun(CONTENT)
    moving.far.whisper(FileOver(moving.ask, Reason.FILE_STOPPED_BY_TECHNICIAN))
    assert stopped(moving) is Reason.FILE_STOPPED_BY_TECHNICIAN
    moving.far.whisper(FileOver(moving.ask, Reason.FILE_STOPPED_BY_TECHNICIAN))
    assert len(moving.stage.logged(log.FileStopped)) == 1


@pytest.mark.parametrize("over", [FileOver(99, Reason.FILE_CHANGED), FileOver(2, None)])
def test_the_technician_cannot_say_what_only_the_host_knows(over: FileOver) -> None:
    moving = Transfer.begun(CONTENT)
    moving.far.whisper(over)
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


def test_what_the_desk_says_of_another_file_is_nothing() -> None:
    moving = Transfer.begun(CONTENT)
    for said in (FileWritten(9, 5), FileKept(9, "x"), FileFailed(9, Reason.DISK_FULL), FileKept(moving.ask, "too early")):
        moving.stage.says(said)
    assert moving.stage.logged(log.FileStopped) == []
    assert moving.stage.logged(log.FileDone) == []


def test_the_end_of_the_visit_drops_what_is_not_whole() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:10])
    told = moving.stage.core.narrow_now()
    assert FileDrop(moving.ask) in told
    assert moving.stage.logged(log.FileStopped) == [], "recorded by the event that follows"


def test_entries_of_a_folder_come_before_their_contents() -> None:
    words, stream = folder_of({"a": b"alpha", "b": b"beta"})
    moving = Transfer.begun(stream, words)
    moving.send_all()
    told = [each.said for each in moving.stage.did if isinstance(each, Tell)]
    names = [each.path if isinstance(each, FileEntryBegin) else "content" for each in told if not isinstance(each, FileKeep)]
    assert names == ["a", "content", "b", "content"]


def test_a_withdrawn_permission_stops_its_file() -> None:
    moving = Transfer.begun(CONTENT)
    view_only = '[[allow]]\nname = "look"\npermissions = ["view"]\n'
    moving.stage.hears(moving.stage.papers(vendor_policy=rules("vendor", view_only)))
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]
    assert stopped(moving) is Reason.VENDOR_POLICY
    assert Permission.FILE_TO_HOST not in moving.stage.core.visit.standing.granted  # type: ignore[union-attr]


def test_what_was_released_is_not_stopped_any_more() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send_all()
    moving.stage.says(FileStop(moving.ask))
    moving.far.whisper(FileOver(moving.ask, Reason.FILE_STOPPED_BY_TECHNICIAN))
    assert moving.stage.logged(log.FileStopped) == []
    assert FileDrop(moving.ask) not in moving.stage.core.narrow_now()
    moving.stage.says(EndPressed())
    assert [each.kept_as for each in moving.stage.logged(log.FileDone)] == [""]


def test_a_name_that_cannot_be_given_leaves_nothing() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send_all()
    moving.stage.says(FileFailed(moving.ask, Reason.FOLDER_UNUSABLE))
    assert stopped(moving) is Reason.FOLDER_UNUSABLE
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]


def test_a_visit_that_ends_while_a_whole_file_is_recorded_releases_nothing() -> None:
    moving = Transfer.begun(CONTENT)
    record = moving.stage._record

    def cut(command: Command) -> object:
        if isinstance(command, Record):
            moving.stage.core.narrow_now()
        return record(command)

    moving.stage._record = cut  # type: ignore[method-assign]
    moving.send_all()
    assert moving.stage.told(FileKeep) == []


def test_an_empty_file_whose_hash_is_not_that_of_nothing_is_stopped() -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    ask_file(far, replace(words_of(b""), digest=bytes(32)))
    stage.wait(1.5)
    stage.says(PromptAnswered(far.asks, Given.ALLOW))
    assert [each.reason for each in stage.logged(log.FileStopped)] == [Reason.FILE_DIFFERS]
