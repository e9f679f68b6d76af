"""The code: fresh each time, half of it told as a digest, over for good when it is over."""

from audit.events import host as log
from host_client.core.agreement import Returning
from host_client.core.commands import MarkCode
from host_client.core.help import Help
from host_client.link import CancelHelp, GetHelp, ShowAttempt, ShowCode, ShowCodeOver
from host_client.link_restart import ShowReturning
from policy.decision import Reason
from tests.helpers.host_core import TICKET, Stage
from wire.code import SupportCode, first_half_digest, read_code
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.presence import Refused
from wire.messages.ticket import TicketClose, TicketOpen, TicketOpened, TicketOver, TicketTried


def online() -> Stage:
    stage = Stage()
    stage.online()
    return stage


def test_the_broker_gets_a_digest_of_the_first_half_and_nothing_of_the_second() -> None:
    stage = online()
    stage.says(GetHelp())
    opened = stage.to_broker(TicketOpen)[0]
    stage.hears(TicketOpened(TICKET, 600))
    code = read_code(stage.told(ShowCode)[0].code)
    assert opened.first_half_digest == first_half_digest(opened.salt, code.first)
    assert MarkCode(TICKET) in stage.did
    assert stage.logged(log.HelpPressed)
    assert stage.logged(log.CodeShown)[0].ticket == TICKET
    assert code.second not in repr(stage.log)


def test_asking_again_closes_the_old_code_first_and_no_two_are_alike() -> None:
    stage = online()
    first = stage.code()
    stage.says(GetHelp())
    assert stage.to_broker(TicketClose)[0].ticket == TICKET
    assert not stage.told(ShowCodeOver)
    stage.hears(TicketOpened("111111", 600))
    assert read_code(stage.told(ShowCode)[0].code).second != read_code(first).second


def test_a_failing_log_shows_no_code() -> None:
    stage = online()
    stage.disk = False
    stage.says(GetHelp())
    assert not stage.to_broker(TicketOpen)
    assert stage.told(ShowCodeOver)[0].reason is Reason.LOG_UNAVAILABLE
    stage.disk = True
    stage.says(GetHelp())
    stage.disk = False
    stage.hears(TicketOpened(TICKET, 600))
    assert stage.told(ShowCodeOver)[0].reason is Reason.LOG_UNAVAILABLE
    assert stage.to_broker(TicketClose)


def test_digits_that_nobody_waits_for_are_given_back() -> None:
    stage = online()
    stage.hears(TicketOpened(TICKET, 600))
    assert stage.to_broker(TicketClose)
    assert not stage.told(ShowCode)


def test_a_code_taken_back_is_closed_at_the_broker() -> None:
    stage = online()
    stage.code()
    stage.says(CancelHelp())
    assert stage.to_broker(TicketClose)
    assert stage.logged(log.CodeOver)[0].reason is None
    assert stage.says(CancelHelp())


def test_news_of_another_ticket_changes_nothing() -> None:
    stage = online()
    stage.code()
    assert stage.hears(TicketTried("000000", 1)) == []
    assert stage.hears(TicketOver("000000", Reason.CODE_BURNT)) == []
    stage.hears(TicketTried(TICKET, 1))
    assert stage.told(ShowAttempt)
    stage.hears(TicketOver(TICKET, Reason.CODE_BURNT))
    assert stage.told(ShowCodeOver)[0].reason is Reason.CODE_BURNT
    assert stage.hears(TicketTried(TICKET, 1)) == []


def test_a_refused_ticket_is_said_once() -> None:
    stage = online()
    stage.says(GetHelp())
    stage.hears(Refused("ticket_open", Reason.HOST_BUSY))
    assert stage.told(ShowCodeOver)[0].reason is Reason.HOST_BUSY
    assert stage.hears(Refused("ticket_open", Reason.HOST_BUSY)) == []


def test_without_a_code_there_is_nothing_to_show_close_or_expire() -> None:
    nothing = Help(Stage().ports)
    assert nothing.idle
    assert list(nothing.show(Stage().now)) == list(nothing.expired()) == list(nothing.finish(Reason.CODE_USED)) == []
    stage = online()
    stage.code()
    assert list(stage.core._help.expired())


def test_a_way_back_is_opened_with_its_own_number_and_shown_as_what_it_is() -> None:
    stage = online()
    code, back = (
        SupportCode("111111", "AAAA", "BBBB"),
        Returning("t-ann", Authenticator(AuthenticatorType.ED25519, bytes(32), ""), "Ann", "Acme"),
    )
    own = Help(stage.ports)
    stage.perform(own.await_return(code, back, 300))
    assert [each.ticket for each in stage.to_broker(TicketOpen)] == ["111111"]
    stage.perform(own.opened(TicketOpened("222222", 600), stage.now))
    assert [each.ticket for each in stage.to_broker(TicketClose)] == ["222222"]
    stage.perform(own.await_return(code, back, 300))
    stage.perform(own.refused(Reason.CODE_USED))
    assert [each.reason for each in stage.logged(log.ReturnOver)] == [Reason.CODE_USED]
    assert not stage.told(ShowCodeOver)
    stage.perform(own.refused(Reason.CODE_USED))
    assert len(stage.logged(log.ReturnOver)) == 1
    stage.perform(own.await_return(code, back, 300))
    stage.perform(own.opened(TicketOpened("111111", 600), stage.now))
    assert stage.told(ShowReturning) == [ShowReturning("Ann", "Acme", 300)]
    assert stage.logged(log.ReturnOpened)
