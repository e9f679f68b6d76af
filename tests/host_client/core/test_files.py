"""The socket of files: nothing before its grant, one file each way, and what becomes of them when a line is cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.events import files as log
from host_client.core.commands import CloseBulk, OpenBulk, SendSession, StartTimer, StopTimer
from host_client.core.events import BulkReceived, Fired, Timer
from host_client.core.file_ends import stop_file
from host_client.core.files import Files
from host_client.link import Given, PromptAnswered
from host_client.link_files import FileDrop, FileKeep, FileKept, FileShown, FileStop
from host_client.link_frames import FilePiece
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Stage
from tests.helpers.host_leaving import Leaving
from tests.helpers.host_returning import cut_line, present, renew_keys, returned
from tests.helpers.host_transfer import Transfer, ask_file, renew, words_of
from tests.helpers.host_visit import cause
from wire.frames import Frame, FrameKind
from wire.limits import FILE_CUT_SECONDS, FILE_WINDOW, RECONNECT_SECONDS
from wire.messages.presence import Refused
from wire.messages.session import BulkOffered, BulkOpened, BulkWanted, LeaseHeld
from wire.schema import encode
from wire.sealed.files import Ack, Data, encode_ack, encode_data
from wire.sealed.inner import FileOver, VisitRejoined

CONTENT = bytes(range(256)) * 40


def stopped(moving: Transfer) -> Reason:
    (only,) = moving.stage.logged(log.FileStopped)
    return only.reason


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.lists(st.integers(1, 120), max_size=12), st.lists(st.booleans(), max_size=12))
def test_any_cut_anywhere_gives_the_whole_file(content: bytes, sizes: list[int], cuts: list[bool]) -> None:
    moving = Transfer.begun(content)
    got: list[bytes] = []
    for size, cut in zip(sizes, [*cuts, *[False] * len(sizes)], strict=False):
        if moving.sent == len(content):
            break
        moving.send(content[moving.sent : moving.sent + size])
        got += moving.pieces()
        if cut and moving.sent < len(content):
            moving.far.seal(Lane.FILE_TO_HOST, moving.ask, b"\x01" + bytes(8) + b"lost")  # on its way when the socket was cut
            moving.cut()
            moving.carried()
    if moving.sent < len(content):
        moving.send_all()
        got += moving.pieces()
    assert b"".join(got) == content
    assert moving.stage.told(FileKeep)


@pytest.mark.parametrize("kind", [FrameKind.LEDGER, FrameKind.HANDSHAKE, FrameKind.CONTROL])
def test_what_has_no_place_among_files_ends_the_visit(kind: FrameKind) -> None:
    moving = Transfer.begun(CONTENT)
    moving.bulk(kind, encode(BulkWanted(SESSION)))
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize(("lane", "grant"), [(Lane.SCREEN, 1), (Lane.FILE_TO_HOST, 9), (Lane.FILE_TO_HOST, 0), (Lane.FILE_FROM_HOST, 2)])
def test_a_record_that_was_never_allowed_ends_the_visit(lane: Lane, grant: int) -> None:
    moving = Transfer.begun(CONTENT)
    moving.bulk(FrameKind.SEALED, moving.far.seal(lane, grant, encode_ack(Ack(0, 0))))
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


def test_a_file_on_the_session_socket_ends_the_visit() -> None:
    moving = Transfer.begun(CONTENT)
    moving.far.record(Lane.FILE_TO_HOST, moving.ask, b"\x01" + bytes(9))
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


def test_bulk_before_the_ends_have_proven_themselves_ends_the_visit() -> None:
    stage = Stage()
    stage.online()
    stage.admitted()
    stage.give(BulkReceived(SESSION, Frame(FrameKind.CONTROL, encode(BulkOpened(SESSION, 1))).encode()))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_lost_socket_is_asked_for_until_the_time_is_over() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:10])
    moving.cut()
    assert Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION))) in moving.far.frames()
    assert [each.timer for each in moving.stage.did if isinstance(each, StartTimer)] == [Timer.BULK]
    moving.stage.wait(FILE_CUT_SECONDS / 2)
    moving.stage.give(Fired(Timer.BULK))
    assert Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION))) in moving.far.frames()
    moving.wrote(10)
    assert moving.acks() == [], "there is nobody to acknowledge to"
    moving.stage.wait(FILE_CUT_SECONDS)
    moving.stage.give(Fired(Timer.BULK))
    assert CloseBulk() in moving.stage.did
    assert stopped(moving) is Reason.FILE_CUT


def test_one_that_is_being_opened_is_not_asked_for_again_and_one_that_could_not_be_is() -> None:
    wanted = Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION)))
    moving = Transfer.begun(CONTENT)
    moving.cut()
    assert wanted in moving.far.frames()
    moving.far.control(BulkOffered(SESSION, bytes(32), 30))
    moving.stage.give(Fired(Timer.BULK))
    assert moving.far.frames() == []
    assert StartTimer(Timer.BULK, 5.0) in moving.stage.did, "it is looked after"
    moving.cut()
    assert moving.far.frames() == [], "soon"
    moving.stage.give(Fired(Timer.BULK))
    assert wanted in moving.far.frames()


def test_one_that_carried_nothing_in_time_is_let_go_and_the_next_file_asks_for_its_own() -> None:
    moving = Transfer.begun(CONTENT)
    moving.cut()
    moving.far.control(BulkOffered(SESSION, bytes(32), 30))
    moving.stage.wait(FILE_CUT_SECONDS)
    moving.stage.give(Fired(Timer.BULK))
    assert CloseBulk() in moving.stage.did
    ask_file(moving.far, moving.words)
    moving.stage.wait(1.5)
    moving.stage.says(PromptAnswered(moving.far.asks, Given.ALLOW))
    moving.stage.give(Fired(Timer.BULK))
    assert Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION))) in moving.far.frames()


def test_without_a_file_no_socket_is_opened_or_missed() -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    far.control(BulkOffered(SESSION, bytes(32), 30))
    assert not any(isinstance(each, OpenBulk) for each in stage.did)
    moving = Transfer.begun(CONTENT)
    moving.stage.says(FileStop(moving.ask))
    moving.cut()
    assert not any(isinstance(each, SendSession) for each in moving.stage.did)
    moving.stage.give(Fired(Timer.BULK))
    assert moving.stage.did == []
    moving.bulk(FrameKind.CONTROL, encode(BulkOpened(SESSION, moving.ask)))
    assert moving.acks() == []
    moving.bulk(FrameKind.CONTROL, encode(Refused("bulk_pass", Reason.PASS_INVALID)))
    assert moving.stage.core.visit is not None


def test_a_suspended_visit_takes_nothing_and_goes_on_where_it_was() -> None:
    moving = Transfer.begun(CONTENT)
    moving.stage.give(Fired(Timer.LEASE))
    moving.send_all()
    assert moving.pieces() == []
    moving.stage.hears(LeaseHeld(SESSION, 30))
    assert b"".join(moving.pieces()) == CONTENT


def test_a_suspended_visit_holds_no_more_than_a_window() -> None:
    moving = Transfer.begun(bytes(3 * FILE_WINDOW))
    moving.stage.give(Fired(Timer.LEASE))
    while moving.stage.core.visit is not None and moving.sent < 2 * FILE_WINDOW:
        moving.send(bytes(60_000))
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


def test_a_closed_socket_forgets_what_was_held() -> None:
    moving = Transfer.begun(CONTENT)
    moving.stage.give(Fired(Timer.LEASE))
    moving.send(CONTENT[:100])
    moving.cut()
    moving.stage.hears(LeaseHeld(SESSION, 30))
    assert moving.pieces() == []
    assert moving.carried().offset == 0


def test_a_file_waits_for_a_line_that_is_cut_and_goes_on_under_other_keys_from_where_it_was() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:10])
    cut_line(moving.stage)
    assert moving.stage.told(FileDrop) == []
    assert [each for each in moving.stage.did if each in {StopTimer(Timer.BULK), CloseBulk()}] == [StopTimer(Timer.BULK), CloseBulk()]
    assert [(each.done, each.waits) for each in moving.stage.told(FileShown)] == [(10, True)]
    moving.wrote(10)
    assert moving.stage.did == [], "nobody is there to hear how far it is, and the person knows"
    before = moving.far.agreed
    assert VisitRejoined((1, moving.ask)) in returned(moving.stage, moving.far)
    assert moving.far.agreed != before
    assert Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION))) in moving.far.frames()
    assert StartTimer(Timer.BULK, 5.0) in moving.stage.did
    assert moving.carried().offset == 10
    moving.send_all()
    moving.stage.says(FileKept(moving.ask, "method.bin"))
    assert [each.digest for each in moving.stage.logged(log.FileDone)] == [moving.words.digest]


def test_what_was_sealed_before_the_cut_opens_nothing_after_it() -> None:
    moving = Transfer.begun(CONTENT)
    late = moving.far.seal(Lane.FILE_TO_HOST, moving.ask, encode_data(Data(0, CONTENT)))
    cut_line(moving.stage)
    returned(moving.stage, moving.far)
    moving.carried()
    moving.bulk(FrameKind.SEALED, late)
    assert moving.pieces() == []
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


def test_a_visit_that_does_not_come_back_leaves_nothing_of_the_file() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:10])
    cut_line(moving.stage)
    moving.stage.wait(RECONNECT_SECONDS)
    moving.stage.give(Fired(Timer.RECONNECT))
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]
    assert stopped(moving) is Reason.SESSION_OVER
    assert not moving.stage.logged(log.FileWhole)


def test_a_file_that_is_cancelled_while_it_waits_is_over_at_once_and_the_technician_hears_why_before_what_still_stands() -> None:
    moving = Transfer.begun(CONTENT)
    cut_line(moving.stage)
    moving.stage.says(FileStop(moving.ask))
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]
    assert stopped(moving) is Reason.FILE_STOPPED_AT_HOST
    present(moving.stage, moving.far)
    renew_keys(moving.far)
    moving.far.identify()
    told = [plain for lane, plain in moving.far.opened() if lane is Lane.CONTROL]
    over, rejoined = encode(FileOver(moving.ask, Reason.FILE_STOPPED_AT_HOST)), encode(VisitRejoined((1,)))
    assert told.index(over) < told.index(rejoined)
    assert Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION))) not in moving.far.frames()


def test_a_file_that_was_all_here_is_kept_while_the_line_is_cut_and_the_technician_hears_it_after() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send_all()
    cut_line(moving.stage)
    assert moving.stage.told(FileShown) == [], "it is in the desk's hands"
    moving.stage.says(FileKept(moving.ask, "method.bin"))
    assert [each.kept_as for each in moving.stage.logged(log.FileDone)] == ["method.bin"]
    present(moving.stage, moving.far)
    renew_keys(moving.far)
    moving.far.identify()
    assert encode(FileOver(moving.ask, None)) in [plain for _, plain in moving.far.opened()]


def test_a_visit_that_ends_on_its_way_back_wants_no_socket() -> None:
    moving = Transfer.begun(CONTENT)
    visit = moving.stage.core.visit
    assert visit is not None
    files = Files(visit.standing)
    visit.standing.stopping = True
    assert moving.stage.perform(files.rejoined(moving.stage.now)) == []


def test_a_second_cut_asks_no_earlier_than_the_first_said() -> None:
    moving = Transfer.begun(CONTENT)
    moving.cut()
    moving.cut()
    assert moving.stage.did == []


def test_what_moves_nothing_is_not_stopped_and_a_line_that_is_cut_then_ends_no_file() -> None:
    stage = Stage()
    stage.online()
    stage.viewing()
    visit = stage.core.visit
    assert visit is not None
    files = Files(visit.standing)
    assert stage.perform(stop_file(visit.standing, Permission.FILE_TO_HOST, Reason.FILE_CUT, stage.now)) == []
    assert stage.perform(files.parted()) == stage.perform(files.rejoined(stage.now)) == []


def test_a_file_that_is_allowed_while_the_socket_is_away_waits_for_the_time_that_runs_already() -> None:
    moving = Transfer.begun(CONTENT)
    moving.cut()
    visit = moving.stage.core.visit
    assert visit is not None
    files = Files(visit.standing)
    moving.stage.perform(files.granted(Permission.FILE_TO_HOST, moving.stage.now))
    assert [each for each in moving.stage.did if isinstance(each, StartTimer)]
    moving.stage.perform(files.granted(Permission.FILE_TO_HOST, moving.stage.now))
    assert not [each for each in moving.stage.did if isinstance(each, StartTimer)]


# ---- both ways


def test_a_file_goes_each_way_over_one_socket_and_neither_waits_for_the_other() -> None:
    moving = Transfer.begun(CONTENT)
    leaving = Leaving(moving.stage, moving.far, words_of(CONTENT, "run.csv"), CONTENT)
    leaving.again()
    assert [each for each in moving.stage.did if isinstance(each, StopTimer)] == [], "the other is not carried yet"
    leaving.ack(0, FILE_WINDOW)
    assert leaving.got == CONTENT
    renew(moving.far, moving.ask)
    moving.bulk(FrameKind.CONTROL, encode(BulkOpened(SESSION, moving.ask)))
    assert [each for each in moving.stage.did if isinstance(each, StopTimer)]
    moving.sent = 0
    moving.send_all()
    moving.stage.says(FileKept(moving.ask, "method.bin"))
    leaving.whole()
    assert [each.permission for each in moving.stage.logged(log.FileDone)] == [Permission.FILE_TO_HOST, Permission.FILE_FROM_HOST]


def test_the_end_of_a_file_that_never_was_ends_the_visit_and_that_of_one_that_is_over_does_nothing() -> None:
    moving = Transfer.begun(CONTENT)
    moving.stage.says(FileStop(moving.ask))
    moving.far.whisper(FileOver(moving.ask, Reason.FILE_CHANGED))
    moving.stage.says(FileStop(moving.ask))
    assert len(moving.stage.logged(log.FileStopped)) == 1
    moving.piece(0, CONTENT)  # was on its way
    assert moving.pieces() == []
    moving.far.whisper(FileOver(99, Reason.FILE_CHANGED))
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


def test_a_record_before_its_socket_is_opened_ends_the_visit_and_nothing_leaves_before() -> None:
    leaving = Leaving.begun(CONTENT)
    leaving.ack(0, 100)
    leaving.far.control(BulkOffered(SESSION, bytes(32), 30))
    assert leaving.gave(FilePiece(leaving.ask, 100, CONTENT[100:])) == []
    leaving.ack(100, 100)
    assert cause(leaving.stage) is EndCause.PEER_MISBEHAVED
