"""What a technician is told to be closed, before he asks: what the refusal of his own request would tell him, and nothing else.

Mutations that were tried, each of which makes this file fail: what is closed is told of a visit whose ends are not proven, of another
instrument, or to another technician; a host that is listed no more says something else; it is told with another reason than a request
is refused for; a second person hears of the rules what is not his to ask; nothing is told again when documents or the hour close or
open something; it is told at every look; a console that comes back is not told; what was not told is allowed.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from broker.core import rights
from broker.core.narrowing import visits_now
from policy.decision import Allow, Deny, Reason
from policy.permissions import TERMS, Permission
from tests.helpers.broker_core import HOST, SIGN_IN, TECHNICIAN, Meeting, Table, believed, control, messages, refused, site_word
from tests.helpers.broker_second import publish_two, watching
from tests.helpers.views import SITE, rules
from wire.messages.presence import Closed, EndRole, Instruments
from wire.messages.ticket import TicketSpent
from wire.statements import Label

NAMES = ", ".join(f'"{each}"' for each in Permission)
ALL = f'[[allow]]\nname = "all"\npermissions = [{NAMES}]\n'
LOOK = '[[allow]]\nname = "look"\npermissions = ["view"]\n'
NO_RESTART = ALL + '[[deny]]\nname = "never"\npermissions = ["restart"]\n'
ASKED = [each for each in Permission if each is not Permission.VIEW]
PHI = [each for each in ASKED if TERMS[each].forbidden_on_phi]


def at_site(site: str, *, vendor: str = ALL) -> Table:
    """Vendor and site say this."""
    table = Table()
    table.board.believed = believed(table.person, table.listed, vendor=rules("vendor", vendor), sites={SITE: site_word(site)})
    return table


def told(commands: list[object]) -> list[tuple[Closed, ...]]:
    """What each list that went out says of the visited instrument."""
    return [item.closed for said in messages(commands, Instruments) for item in said.items if item.host_id == HOST]


def sealed(meeting: Meeting) -> list[object]:
    """Both ends are proven; what that led to."""
    return meeting.table.run(meeting.host, control(TicketSpent(meeting.visit.ticket, meeting.visit.session_id)))


def look_later(table: Table, seconds: float) -> list[object]:
    table.wait(seconds)
    return table.carry(visits_now(table.board, table.now))


SITUATIONS = {
    "all open": (ALL, ALL),
    "the site": (NO_RESTART, ALL),
    "the vendor": (ALL, LOOK),
    "both": (LOOK, NO_RESTART),
    "health data": (ALL + f'\n[phi]\nhosts = ["{HOST}"]\n', NO_RESTART),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_request_is_refused_for_the_reason_that_was_told_and_no_other_is_refused(situation: str) -> None:
    site, vendor = SITUATIONS[situation]
    meeting = at_site(site, vendor=vendor).meet()
    commands = sealed(meeting)
    closed = {each.permission: each.reason for each in (told(commands) or [()])[0]}
    assert bool(closed) == (situation != "all open")
    meeting.by_console(Label.ASKED, meeting.asked())
    meeting.by_host(Label.ANSWERED, meeting.answered())
    for ask, permission in enumerate(ASKED, 2):
        answer = refused(meeting.by_console(Label.ASKED, meeting.asked(ask, permission)))
        assert answer == ([closed[permission]] if permission in closed else []), permission
        if not answer:
            meeting.by_host(Label.ANSWERED, meeting.answered(ask, permission))


def test_nothing_is_told_before_both_ends_are_proven_nor_of_any_other_instrument_or_to_anybody_else() -> None:
    table = at_site(LOOK)
    other = replace(table.listed, id="h-two", key=bytes(32))
    assert table.board.believed is not None
    table.board.believed = believed(table.person, table.listed, other, vendor=rules("vendor", ALL), sites={SITE: site_word(LOOK)})
    meeting = table.meet()
    assert not meeting.visit.closed
    assert not rights.look(table.board, meeting.visit, table.now)
    (said,) = messages(sealed(meeting), Instruments)
    assert {item.host_id: bool(item.closed) for item in said.items} == {HOST: True, "h-two": False}
    assert not any(item.closed for item in table.board.instruments(TECHNICIAN, table.now).items), (
        "as the trail asks, and other pages of his"
    )
    meeting.view()
    table.board.visits.clear()
    del table.board.consoles[SIGN_IN]
    meeting.visit.closed = ()
    assert table.carry(rights.tell(table.board, meeting.visit, table.now)) == [], "whoever left is told nothing"


def test_a_second_person_hears_that_he_only_watches_and_nothing_of_the_rules() -> None:
    table = Table()
    publish_two(table)
    meeting = table.meet()
    meeting.view()
    watch = watching(table, meeting)
    assert {each.permission: each.reason for each in watch.visit.closed} == dict.fromkeys(ASKED, Reason.VIEW_ONLY)
    assert isinstance(rights.may_be_asked(table.board, watch.visit, Permission.VIEW, table.now), Allow)


def test_a_host_that_is_listed_no_more_says_so() -> None:
    table = Table()
    meeting = table.meet()
    table.board.believed = believed(table.person)
    for permission in Permission:
        assert rights.may_be_asked(table.board, meeting.visit, permission, table.now) == Deny(Reason.HOST_NOT_LISTED)


def test_documents_that_close_or_open_something_are_told_with_the_list() -> None:
    table = at_site(ALL)
    meeting = table.meet()
    assert told(sealed(meeting)) == [], "with nothing closed there is nothing to tell"
    for site, closed in ((NO_RESTART, (Closed(Permission.RESTART, Reason.SITE_POLICY),)), (ALL, ())):
        newer = believed(table.person, table.listed, vendor=rules("vendor", ALL), sites={SITE: site_word(site)})
        assert told(table.publish(newer)) == [closed]


def test_an_hour_that_closes_something_is_told_within_a_look_and_once() -> None:
    table = Table()
    until = datetime.fromtimestamp(table.now.utc + 60, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    rest = ", ".join(f'"{each}"' for each in Permission if each is not Permission.CONTROL)
    hour = f'[[allow]]\nname = "hour"\npermissions = ["control"]\nwhen = {{ ends = {until} }}\n'
    site = f'[[allow]]\nname = "rest"\npermissions = [{rest}]\n{hour}'
    table = at_site(site)
    meeting = table.meet()
    assert look_later(table, 59) == [], "before both ends are proven there is no look"
    assert told(sealed(meeting)) == []
    assert look_later(table, rights.LOOK_SECONDS - 1) == []
    assert told(look_later(table, 1)) == [(Closed(Permission.CONTROL, Reason.OUTSIDE_HOURS),)]
    assert look_later(table, rights.LOOK_SECONDS) == []


def test_a_console_that_comes_back_is_told_again() -> None:
    table = at_site(NO_RESTART)
    meeting = table.meet()
    meeting.view()
    commands = table.prove(table.console_core(), EndRole.CONSOLE, TECHNICIAN, table.device)
    assert told(commands) == [(Closed(Permission.RESTART, Reason.SITE_POLICY),)]


def test_what_the_hosts_administrator_said_of_health_data_counts() -> None:
    table = at_site(ALL)
    meeting = table.meet()
    table.board.hosts[HOST].phi_stated = True
    assert told(sealed(meeting)) == [tuple(Closed(each, Reason.PHI_POLICY) for each in PHI)]
