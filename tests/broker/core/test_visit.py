"""The facts of one visit: passes that open once, and what its two sockets are."""

import pytest

from broker.core.commands import SocketId
from policy.decision import Allow, Deny, Reason
from policy.session import SessionEvent, SessionState
from tests.helpers.broker_core import Table
from wire.messages.presence import EndRole

SOCKET = SocketId(77)
INVALID = Deny(Reason.PASS_INVALID)


def test_a_pass_opens_once_for_its_end() -> None:
    table = Table()
    visit = table.admitted().visit
    own = visit.entries[EndRole.HOST].socket_pass
    assert visit.enter(EndRole.CONSOLE, own, SOCKET, table.now) == INVALID
    assert visit.enter(EndRole.HOST, own, SOCKET, table.now) == Allow()
    assert visit.enter(EndRole.HOST, own, SOCKET, table.now) == INVALID
    assert visit.sockets() == [SOCKET]
    assert visit.peer_of(EndRole.CONSOLE) == SOCKET
    assert visit.peer_of(EndRole.HOST) is None
    assert not visit.joined


@pytest.mark.parametrize(("seconds", "decided"), [(29.9, Allow()), (30, INVALID)])
def test_a_pass_is_good_for_thirty_seconds(seconds: float, decided: object) -> None:
    table = Table()
    visit = table.admitted().visit
    table.wait(seconds)
    assert visit.enter(EndRole.HOST, visit.entries[EndRole.HOST].socket_pass, SOCKET, table.now) == decided


def test_a_pass_of_a_visit_that_is_over_opens_nothing() -> None:
    table = Table()
    visit = table.admitted().visit
    assert visit.move(SessionEvent.ENDED) == Allow()
    assert visit.over
    assert visit.enter(EndRole.HOST, visit.entries[EndRole.HOST].socket_pass, SOCKET, table.now) == INVALID


def test_a_step_that_the_table_does_not_have_changes_nothing() -> None:
    table = Table()
    visit = table.meet().visit
    assert visit.joined
    assert visit.move(SessionEvent.VIEW_ALLOWED) == Deny(Reason.WRONG_MOMENT)
    assert visit.state is SessionState.ADMITTED


def test_a_lease_is_counted_from_its_last_renewal() -> None:
    table = Table()
    visit = table.meet().visit
    assert visit.lease_left(table.now.after(20)) == 10
    assert visit.gone_in(table.now.after(20)) == 70


def test_an_end_stands_on_one_socket() -> None:
    table = Table()
    visit = table.admitted().visit
    visit.enter(EndRole.HOST, visit.entries[EndRole.HOST].socket_pass, SOCKET, table.now)
    assert visit.stands_on(EndRole.HOST, SOCKET)
    assert not visit.stands_on(EndRole.CONSOLE, SOCKET)
