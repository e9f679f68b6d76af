"""What takes effect on everybody at once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from audit.events.broker import LaneClosed
from broker.core.commands import Close, SignInId
from broker.core.events import Closed
from broker.core.lanes import Relayed
from broker.core.narrowing import log_lost, sign_ins_now, signed_out, stopping, visits_now
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_core import SIGN_IN, Table, believed, messages, noted, refused, site_word
from tests.helpers.views import ALLOWS_ALL, SITE
from wire.frames import Frame, FrameKind, RecordHeader
from wire.limits import RECONNECT_SECONDS
from wire.messages.documents import DocumentsPiece
from wire.messages.presence import EndRole, Instruments
from wire.messages.session import SessionOver
from wire.statements import Label


def causes(commands: list[object]) -> set[EndCause]:
    return {said.cause for said in messages(commands, SessionOver)}


FILES = {"metadata/1.root.json": b"r", "metadata/timestamp.json": b"t", "targets/hosts/aa.other-site.json": b"o"}


def test_everybody_is_sent_newer_documents_and_stays_when_listed() -> None:
    table = Table()
    meeting = table.meet()
    commands = table.publish(believed(table.person, table.listed, files=FILES))
    assert len(messages(commands, DocumentsPiece)) == 2
    assert len(messages(commands, Instruments)) == 1
    assert not meeting.visit.over


def test_documents_that_are_over_end_every_visit_and_send_every_console_away() -> None:
    table = Table()
    table.meet()
    for new in (None, believed(table.person, table.listed, over=table.now.utc)):
        assert table.board.in_force(table.now) is not None
        commands = table.publish(new)
        assert causes(commands) == {EndCause.POLICY}
        assert refused(commands) == [Reason.DOCUMENT_STALE]
        assert table.board.in_force(table.now) is None
        table = Table()
        table.meet()


@pytest.mark.parametrize("how", ["gone", "inactive", "other group", "other device", "host gone", "training", "vendor", "site", "hours"])
def test_who_may_not_stay_by_the_documents_goes_at_once(how: str) -> None:
    table = Table()
    table.meet()
    person, host, vendor, sites = table.person, table.listed, ALLOWS_ALL, None
    match how:
        case "gone":
            person = replace(person, id="t-other")
        case "inactive":
            person = replace(person, active=False)
        case "other group":
            person = replace(person, groups=("red",))
        case "other device":
            person = replace(person, authenticators=())
        case "training":
            person = replace(person, training=())
        case "vendor":
            vendor = ""
        case "site":
            sites = {SITE: site_word("")}
        case "hours":
            sites = {SITE: site_word('[[black_out]]\nname = "now"\ntext = "Samples are running."\nwhen = { begins = 2020-01-01 }\n')}
        case _:
            host = replace(host, id="h-other")
    commands = table.publish(believed(person, host, vendor=vendor, sites=sites))
    assert causes(commands) == {EndCause.POLICY}
    struck_off = how in {"gone", "inactive", "other device"}
    assert refused(commands) == ([Reason.DEVICE_NOT_RECOGNISED] if struck_off else [])


def test_control_that_is_not_allowed_any_more_is_shut_and_the_view_stays() -> None:
    table = Table()
    meeting = table.meet()
    meeting.view()
    meeting.by_console(Label.ASKED, meeting.asked(2, Permission.CONTROL))
    meeting.by_host(Label.ANSWERED, meeting.answered(2, Permission.CONTROL))
    look = '[[allow]]\nname = "look"\npermissions = ["view"]\n'
    commands = table.publish(believed(table.person, table.listed, sites={SITE: site_word(look)}))
    assert noted(commands) == [LaneClosed(session_id=meeting.visit.session_id, ask=2, permission=Permission.CONTROL)]
    assert not meeting.visit.over
    key = Frame(FrameKind.SEALED, RecordHeader(Lane.INPUT, 2, 0, 0).encode() + bytes(80)).encode()
    assert meeting.visit.lanes.judge(EndRole.CONSOLE, key, table.now) is Relayed.DISCARD
    assert table.carry(visits_now(table.board, table.now)) == []


def test_the_end_of_an_hour_ends_a_visit_without_any_news() -> None:
    table = Table()
    until = datetime.fromtimestamp(table.now.utc + 60, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    hour = f'[[allow]]\nname = "an hour"\npermissions = ["view", "control"]\nwhen = {{ ends = {until} }}\n'
    table.board.believed = believed(table.person, table.listed, sites={SITE: site_word(hour)})
    table.meet()
    assert table.carry(visits_now(table.board, table.now.after(59))) == []
    assert causes(table.carry(visits_now(table.board, table.now.after(60)))) == {EndCause.POLICY}


def test_signing_out_ends_console_and_visit() -> None:
    table = Table()
    assert table.carry(signed_out(table.board, SIGN_IN, table.now)) == []
    table.meet()
    commands = table.carry(signed_out(table.board, SIGN_IN, table.now))
    assert causes(commands) == {EndCause.SIGNED_OUT}
    assert refused(commands) == [Reason.NOT_SIGNED_IN]


def test_a_stopping_broker_ends_visits_with_their_own_cause_and_closes_everything() -> None:
    table = Table()
    table.meet()
    commands = table.carry(stopping(table.board, table.now))
    assert causes(commands) == {EndCause.BROKER_STOPPED}
    assert sum(isinstance(command, Close) for command in commands) == 4
    assert table.board.stopping


@pytest.mark.parametrize(("suspended", "cause"), [(None, EndCause.SIGNED_OUT), (True, EndCause.POLICY)])
def test_a_sign_in_that_is_over_or_whose_account_is_closed_takes_socket_and_visit_with_it(suspended: bool | None, cause: EndCause) -> None:
    table = Table()
    table.meet()
    commands = table.carry(sign_ins_now(table.board, {SIGN_IN: suspended}, table.now))
    assert causes(commands) == {cause}
    assert refused(commands) == [Reason.NOT_SIGNED_IN]


def test_a_sign_in_that_stands_and_one_that_has_left_change_nothing() -> None:
    table = Table()
    meeting = table.meet()
    assert table.carry(sign_ins_now(table.board, {SIGN_IN: False, SignInId(b"gone"): None}, table.now)) == []
    assert not meeting.visit.over


@pytest.mark.parametrize("cause", [EndCause.LOG_UNAVAILABLE, EndCause.LOG_DOUBTED])
def test_a_log_that_is_lost_ends_every_visit_and_keeps_the_connections(cause: EndCause) -> None:
    table = Table()
    meeting = table.meet()
    commands = table.carry(log_lost(table.board, cause, table.now))
    assert causes(commands) == {cause}
    assert meeting.visit.over
    assert table.board.consoles
    assert table.board.hosts


def test_a_visit_whose_line_was_cut_too_long_ago_is_over() -> None:
    meeting = Table().meet()
    meeting.view()
    table = meeting.table
    table.run(meeting.host_end, Closed())
    table.wait(RECONNECT_SECONDS - 1)
    assert causes(table.carry(visits_now(table.board, table.now))) == set()
    table.wait(1)
    assert causes(table.carry(visits_now(table.board, table.now))) == {EndCause.CONNECTION_LOST}
