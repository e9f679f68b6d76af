"""Files from this PC: picked and allowed by the person, no byte more than the other end asked for, and each in the log by name and hash."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.events import files as log
from audit.events import visit as both
from host_client.core.commands import OpenBulk
from host_client.core.events import BulkReceived, Fired, Timer
from host_client.core.files_from_host import FilesFromHost
from host_client.link import EndPressed
from host_client.link_files import FileDrop, FileFailed, FileKept, FileRead, FileShown, FileStop, FileWritten
from host_client.link_frames import FilePiece
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Stage
from tests.helpers.host_leaving import LANE, Leaving
from tests.helpers.host_returning import cut_line, returned
from tests.helpers.host_transfer import folder_of
from tests.helpers.host_visit import cause
from wire.errors import PeerMisbehaved
from wire.frames import Frame, FrameKind
from wire.limits import FILE_PLAIN_MAX, FILE_WINDOW
from wire.messages.ledger import Withdrawn
from wire.messages.session import BulkOffered, LeaseHeld
from wire.schema import MalformedMessage, read_part
from wire.sealed.files import Ack, encode_ack
from wire.sealed.inner import FileOver
from wire.statements import Label

CONTENT = bytes(range(256)) * 40


def stopped(leaving: Leaving) -> Reason:
    (only,) = leaving.stage.logged(log.FileStopped)
    return only.reason


def test_what_was_picked_leaves_as_it_is_asked_for_and_the_grant_has_then_served() -> None:
    leaving = Leaving.begun(CONTENT)
    assert leaving.wanted() == [], "the technician's end speaks first"
    leaving.ack(0, 100)
    assert leaving.got == CONTENT[:100]
    leaving.ack(100, FILE_WINDOW)
    assert leaving.got == CONTENT
    leaving.ack(len(CONTENT), 100)
    shown = leaving.stage.told(FileShown)
    assert [(each.permission, each.done, each.size) for each in shown] == [(Permission.FILE_FROM_HOST, len(CONTENT), len(CONTENT))]
    leaving.whole()
    assert leaving.stage.told(FileDrop) == [FileDrop(leaving.ask)]
    (closed,) = [read_part(Withdrawn, each.payload) for each in leaving.far.statements(Label.WITHDRAWN)]
    assert closed.done
    (done,) = leaving.stage.logged(log.FileDone)
    assert (done.name, done.kept_as, done.size, done.digest) == ("run.csv", "", len(CONTENT), leaving.words.digest)
    (answer,) = [each for each in leaving.stage.logged(both.Answered) if each.permission is Permission.FILE_FROM_HOST]
    assert answer.file is not None
    assert both.opens(answer.file, "run.csv", leaving.words.digest, answer.file_key or b"")


def test_a_folder_goes_with_its_manifest_and_progress_counts_its_contents() -> None:
    words, stream = folder_of({"a": b"alpha", "b/c": b""})
    leaving = Leaving.begun(stream, words)
    leaving.ack(0, FILE_WINDOW)
    assert leaving.got == stream
    leaving.stage.wait(1)
    leaving.ack(words.manifest + 2, FILE_WINDOW)
    assert [each.done for each in leaving.stage.told(FileShown)] == [2]
    leaving.whole()
    assert leaving.stage.logged(log.FileDone)


def test_an_empty_file_is_there_when_the_other_end_says_so() -> None:
    leaving = Leaving.begun(b"")
    leaving.ack(0, FILE_WINDOW)
    assert leaving.wanted() == []
    leaving.whole()
    assert leaving.stage.logged(log.FileDone)


@settings(max_examples=8, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.integers(1, 90), st.lists(st.tuples(st.integers(0, 99), st.integers(1, 120)), max_size=8))
def test_any_cut_anywhere_gives_the_whole_file(content: bytes, piece: int, cuts: list[tuple[int, int]]) -> None:
    leaving = Leaving.begun(content)
    leaving.piece = piece
    for lost, window in cuts:
        leaving.ack(len(leaving.got), window)
        kept = max(0, len(leaving.got) - lost)  # what was on its way when the socket was cut
        leaving.cut()
        leaving.gave(FilePiece(leaving.ask, 0, content))
        del leaving.got[kept:]
        leaving.carried()
    while len(leaving.got) < len(content):
        leaving.ack(len(leaving.got), 64)
    leaving.whole()
    assert leaving.got == content
    assert leaving.stage.logged(log.FileDone)


@pytest.mark.parametrize("said", [Reason.FILE_DIFFERS, Reason.FILE_STOPPED_BY_TECHNICIAN, Reason.LOG_UNAVAILABLE])
def test_the_technician_stops_it_and_may_say_why_it_failed_there(said: Reason) -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.ack(0, 100)
    leaving.says(FileOver(leaving.ask, said))
    assert stopped(leaving) is (said if said is Reason.FILE_DIFFERS else Reason.FILE_STOPPED_BY_TECHNICIAN)
    assert leaving.stage.told(FileDrop) == [FileDrop(leaving.ask)]
    assert leaving.gave(FilePiece(leaving.ask, 100, CONTENT[100:])) == []
    leaving.ack(100, 100)  # was on its way
    assert leaving.wanted() == []


@pytest.mark.parametrize(("says", "reason"), [(None, Reason.FILE_STOPPED_AT_HOST), (Reason.FILE_CHANGED, Reason.FILE_CHANGED)])
def test_the_person_or_a_file_that_changed_stops_it_and_the_visit_goes_on(says: Reason | None, reason: Reason) -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.ack(0, 100)
    leaving.stage.says(FileStop(leaving.ask) if says is None else FileFailed(leaving.ask, says))
    assert stopped(leaving) is reason
    assert leaving.gave(FilePiece(leaving.ask, 100, CONTENT[100:])) == []
    leaving.again()
    leaving.ack(0, FILE_WINDOW)
    assert leaving.got == CONTENT


def test_what_a_desk_says_of_writing_means_nothing_here() -> None:
    leaving = Leaving.begun(CONTENT)
    for said in (FileWritten(leaving.ask, 5), FileKept(leaving.ask, "run.csv")):
        leaving.stage.says(said)
        assert leaving.stage.did == []


def test_it_cannot_be_there_before_it_was_sent() -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.ack(0, 100)
    leaving.whole()
    assert cause(leaving.stage) is EndCause.PEER_MISBEHAVED
    assert stopped(leaving)


@pytest.mark.parametrize("offset", [101, len(CONTENT), 2**36])
def test_an_acknowledgement_of_what_was_never_sent_ends_the_visit(offset: int) -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.ack(0, 100)
    leaving.ack(offset, 100)
    assert cause(leaving.stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize("plain", [b"\x02", b"\x01" + bytes(12), b"\x02" + bytes(8) + b"\xff" * 4])
def test_anything_but_an_acknowledgement_ends_the_visit(plain: bytes) -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.bulk(FrameKind.SEALED, leaving.far.seal(LANE, leaving.ask, plain))
    assert cause(leaving.stage) is EndCause.PEER_MISBEHAVED


def test_nothing_leaves_without_a_live_grant_a_socket_or_a_visit() -> None:
    leaving = Leaving.begun(CONTENT)
    piece = FilePiece(leaving.ask, 0, CONTENT[:50])
    assert leaving.gave(piece) == [], "nobody has asked for a byte"
    leaving.ack(0, 100)
    for wrong in (replace(piece, grant=1), replace(piece, grant=leaving.ask + 1, offset=100)):
        assert leaving.gave(wrong) == []
    leaving.cut()
    assert leaving.gave(replace(piece, offset=100)) == []
    leaving.carried()
    leaving.stage.says(EndPressed())
    assert leaving.stage.core.visit is None or leaving.gave(replace(piece, offset=100)) == []
    assert stopped(leaving) is Reason.SESSION_OVER


def test_a_desk_that_gives_more_than_a_record_holds_is_none() -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.ack(0, 100)
    with pytest.raises(MalformedMessage):
        leaving.gave(FilePiece(leaving.ask, 100, bytes(FILE_PLAIN_MAX)))


def test_a_suspended_visit_sends_nothing_and_goes_on_where_it_was() -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.ack(0, 100)
    leaving.stage.wait(31)
    leaving.stage.give(Fired(Timer.LEASE))
    assert leaving.gave(FilePiece(leaving.ask, 100, CONTENT[100:200])) == []
    leaving.ack(100, 200)
    assert leaving.wanted() == []
    leaving.stage.hears(LeaseHeld(SESSION, 30))
    leaving.read()
    assert leaving.got == CONTENT[:300]


def test_a_socket_that_takes_the_place_of_another_carries_nothing_before_it_is_opened() -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.ack(0, 100)
    leaving.far.control(BulkOffered(SESSION, bytes(32), 30))
    assert [each for each in leaving.stage.did if isinstance(each, OpenBulk)]
    assert leaving.gave(FilePiece(leaving.ask, 100, CONTENT[100:])) == []
    leaving.bulk(FrameKind.SEALED, leaving.far.seal(LANE, leaving.ask, b"\x02" + bytes(12)))
    assert cause(leaving.stage) is EndCause.PEER_MISBEHAVED


def test_a_file_waits_for_a_line_that_is_cut_and_leaves_nothing_before_it_is_wanted_again() -> None:
    leaving = Leaving.begun(CONTENT)
    wanted = leaving.far.seal(LANE, leaving.ask, encode_ack(Ack(0, 300)))
    leaving.stage.give(BulkReceived(SESSION, Frame(FrameKind.SEALED, wanted).encode()))
    assert leaving.gave(FilePiece(leaving.ask, 0, CONTENT[:100]))
    cut_line(leaving.stage)
    assert [(each.done, each.waits) for each in leaving.stage.told(FileShown)] == [(0, True)]
    assert leaving.gave(FilePiece(leaving.ask, 100, CONTENT[100:])) == []
    returned(leaving.stage, leaving.far)
    assert leaving.gave(FilePiece(leaving.ask, 100, CONTENT[100:])) == [], "no socket carries it yet"
    assert leaving.wanted() == []
    leaving.carried()
    leaving.ack(60, len(CONTENT))
    assert [each.offset for each in leaving.wanted()] == [60]
    assert leaving.got == CONTENT
    leaving.whole()
    assert [each.digest for each in leaving.stage.logged(log.FileDone)] == [leaving.words.digest]


def test_what_the_technicians_end_never_had_of_it_before_the_cut_is_not_believed_after_it() -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.ack(0, 100)
    leaving.read()
    cut_line(leaving.stage)
    returned(leaving.stage, leaving.far)
    leaving.carried()
    leaving.ack(101, 100)
    assert cause(leaving.stage) is EndCause.PEER_MISBEHAVED


def test_without_a_proven_end_nothing_is_sealed() -> None:
    stage = Stage()
    stage.online()
    stage.admitted()
    visit = stage.core.visit
    assert visit is not None
    way = FilesFromHost(visit.standing)
    way.ability.grant = 3
    assert way.piece(FilePiece(3, 0, b"x"), stage.now) == ()


def test_the_lane_that_carries_it_takes_nothing_towards_this_pc_but_acknowledgements() -> None:
    leaving = Leaving.begun(CONTENT)
    with pytest.raises((ValueError, PeerMisbehaved)):
        leaving.far.seal(Lane.FILE_FROM_HOST, leaving.ask, bytes(65))
    assert FileRead(1, 0, 1).size == 1
