"""What takes effect on everybody at once."""

from dataclasses import replace

import pytest

from broker.core.commands import Close, SignInId
from broker.core.narrowing import directory_changed, sign_ins_now, signed_out, stopping
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.broker_core import SIGN_IN, Table, directory, messages, refused
from wire.messages.documents import Directory
from wire.messages.presence import DirectoryChanged, Instruments
from wire.messages.session import SessionOver


def causes(commands: list[object]) -> set[EndCause]:
    return {said.cause for said in messages(commands, SessionOver)}


def changed(table: Table, listed: Directory) -> list[object]:
    assert table.board.directory_statement is not None
    return table.carry(directory_changed(table.board, listed, table.board.directory_statement, table.now))


def test_everybody_hears_of_a_new_directory_and_stays_when_listed() -> None:
    table = Table()
    meeting = table.meet()
    commands = changed(table, directory(table.person, table.listed, version=2))
    assert len(messages(commands, DirectoryChanged)) == 2
    assert len(messages(commands, Instruments)) == 1
    assert not meeting.visit.over


def test_an_older_directory_that_comes_late_changes_nothing() -> None:
    table = Table()
    assert changed(table, directory(table.person, table.listed, version=1)) == []


@pytest.mark.parametrize("how", ["gone", "inactive", "other group", "other device", "host gone"])
def test_who_is_listed_no_more_goes_at_once(how: str) -> None:
    table = Table()
    table.meet()
    person, host = table.person, table.listed
    match how:
        case "gone":
            person = replace(person, id="t-other")
        case "inactive":
            person = replace(person, active=False)
        case "other group":
            person = replace(person, groups=("red",))
        case "other device":
            person = replace(person, authenticators=())
        case _:
            host = replace(host, id="h-other")
    commands = changed(table, directory(person, host, version=2))
    assert causes(commands) == {EndCause.POLICY}
    stays = how in {"other group", "host gone"}
    assert refused(commands) == ([] if stays else [Reason.DEVICE_NOT_RECOGNISED])


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
