"""Bulk sockets are offered for a file, open once each, say which lanes stand open, and go with the last file."""

from broker.core import bulk
from broker.core.events import Closed
from broker.core.lanes import Relayed
from policy.decision import Reason
from policy.permissions import Lane, Permission
from tests.helpers.broker_core import SIGN_IN, Table, control, framed, messages, refused
from tests.helpers.broker_files import Files, closed, opened, record
from wire.frames import FrameKind
from wire.limits import CARRIERS_MAX, PASS_SECONDS
from wire.messages.presence import EndRole
from wire.messages.session import BulkOffered, BulkWanted
from wire.statements import Label


def test_each_end_gets_a_pass_when_a_file_was_allowed_and_not_for_control() -> None:
    files = Files()
    assert len(set(files.passes.values())) == 2
    meeting = Table().meet()
    meeting.view()
    meeting.by_console(Label.ASKED, meeting.asked(2, Permission.CONTROL))
    assert messages(meeting.by_host(Label.ANSWERED, meeting.answered(2, Permission.CONTROL)), BulkOffered) == []


def test_no_pass_is_offered_before_the_answer_is_recorded() -> None:
    meeting = Table().meet()
    meeting.view()
    meeting.by_console(Label.ASKED, meeting.asked(2, Permission.FILE_TO_HOST))
    meeting.table.durable = False
    assert messages(meeting.by_host(Label.ANSWERED, meeting.answered(2, Permission.FILE_TO_HOST)), BulkOffered) == []


def test_both_ends_hear_what_stands_open_when_the_second_has_come() -> None:
    files = Files()
    assert opened(files.enter(files.host)) == []
    assert sorted(opened(files.enter(files.console))) == sorted([(files.host._socket, 2), (files.console._socket, 2)])
    assert files.host.proven
    later = files.meeting.file(3)
    assert messages(later, BulkOffered) == [], "the sockets that stand carry the next file too"


def test_a_second_file_this_way_waits_for_the_first() -> None:
    files = Files().joined()
    commands = files.meeting.by_console(Label.ASKED, files.meeting.asked(3, Permission.FILE_TO_HOST))
    assert refused(commands) == [Reason.ALREADY_ASKED]


def test_a_pass_is_worth_nothing_late() -> None:
    files = Files()
    files.table.wait(PASS_SECONDS + 1)
    assert refused(files.enter(files.host)) == [Reason.PASS_INVALID]


def test_a_cut_closes_both_and_an_end_may_ask_anew() -> None:
    files = Files().joined()
    assert closed(files.table.run(files.console, Closed())) == {files.host._socket}
    assert files.table.run(files.host, Closed()) == []
    commands = files.table.run(files.meeting.host_end, control(BulkWanted(files.meeting.visit.session_id)))
    files.passes = files.of(commands)
    assert files.table.run(files.meeting.console_end, control(BulkWanted(files.meeting.visit.session_id))) == [], "both ends ask"
    files.host, files.console = files.socket(None), files.socket(SIGN_IN)
    files.enter(files.host)
    assert {ask for _, ask in opened(files.enter(files.console))} == {2}


def test_an_end_whose_pass_never_came_begins_anew_and_one_that_only_waits_for_the_other_does_not() -> None:
    files = Files()
    wanted = control(BulkWanted(files.meeting.visit.session_id))
    files.enter(files.console)
    files.table.wait(bulk.CROSSED_SECONDS - 1)
    assert files.table.run(files.meeting.host_end, wanted) == [], "it may have asked before it heard of its pass"
    files.table.wait(1)
    assert files.table.run(files.meeting.console_end, wanted) == [], "its pass was used, and the other end may still come"
    commands = files.table.run(files.meeting.host_end, wanted)
    assert closed(commands) == {files.console._socket}
    assert refused(files.enter(files.host)) == [Reason.PASS_INVALID], "the old pass is worth nothing any more"
    files.passes = files.of(commands)
    files.host, files.console = files.socket(None), files.socket(SIGN_IN)
    files.enter(files.host)
    assert {ask for _, ask in opened(files.enter(files.console))} == {2}


def test_an_end_that_lost_its_socket_before_the_broker_saw_it_begins_anew() -> None:
    files = Files().joined()
    old = {files.host._socket, files.console._socket}
    commands = files.table.run(files.meeting.console_end, control(BulkWanted(files.meeting.visit.session_id)))
    assert closed(commands) == old
    late = framed(FrameKind.SEALED, record(Lane.FILE_TO_HOST, 2))
    assert files.console.judge(late.data, files.table.now) == (Relayed.DISCARD, None)
    assert files.table.run(files.console, late) == []


def test_sockets_are_not_offered_for_nothing_nor_without_end() -> None:
    files = Files().joined()
    wanted = control(BulkWanted(files.meeting.visit.session_id))
    for _ in range(CARRIERS_MAX):
        files.table.run(files.meeting.host_end, wanted)
        files.meeting.visit.bulk.passes.clear()
    assert files.table.run(files.meeting.host_end, wanted) == []
    other = Files().joined()
    other.meeting.visit.lanes.close(Lane.FILE_TO_HOST, 2)
    assert other.table.run(other.meeting.host_end, control(BulkWanted(other.meeting.visit.session_id))) == []
    assert other.table.run(other.meeting.host_end, control(BulkWanted("s-other"))) == []


def test_a_grant_beside_sockets_that_stand_is_told_at_once_and_passes_are_offered_once() -> None:
    files = Files()
    visit, now = files.meeting.visit, files.table.now
    assert list(bulk.granted(visit, 9, now)) == [], "passes are out"
    files.joined()
    assert {ask for _, ask in opened(list(bulk.granted(visit, 9, now)))} == {9}


def test_an_end_that_is_away_is_offered_nothing_and_a_stranger_takes_nothing_away() -> None:
    files = Files().joined()
    visit = files.meeting.visit
    visit.bulk.left(EndRole.HOST, files.console._socket)
    assert len(visit.bulk.sockets) == 2
    visit.bulk.left(EndRole.HOST, files.host._socket)
    assert not visit.bulk.joined
    visit.entries[EndRole.CONSOLE].socket = None
    offered = files.table.carry(bulk.wanted(visit, EndRole.HOST, files.table.now))
    assert len(messages(offered, BulkOffered)) == 1
