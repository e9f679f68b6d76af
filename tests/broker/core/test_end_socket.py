"""What both sockets of an end share: its pass first, with the right cookie, once; what is wrong before that is a stranger's.

Mutations that were tried, each of which makes this file fail:
    broker/core/end_socket.py    the pass of another session, end or cookie is taken; a socket that gives none stays open; what is no pass
                                 is not turned away, or the refusal is about the other socket, or nobody notes it
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from broker.core.commands import Close, SignInId
from broker.core.end_socket import EndSocket
from broker.core.events import Closed, Fired, Opened, Received, Timer
from broker.core.session_socket import SessionSocket
from policy.decision import Reason
from tests.helpers.broker_core import SIGN_IN, Table, control, messages, noted, refused
from tests.helpers.broker_files import Files
from wire.frames import Frame, FrameKind
from wire.messages.presence import EndRole, Refused
from wire.messages.session import SocketPass


@dataclass
class Door:
    """A visit whose next socket of this kind is still to come, and the pass of each end."""

    table: Table
    session_id: str
    passes: dict[EndRole, bytes]
    make: Callable[[SignInId | None], EndSocket]


def session_door() -> Door:
    meeting = Table().admitted()
    table = meeting.table
    passes = {role: entry.socket_pass for role, entry in meeting.visit.entries.items()}
    return Door(table, meeting.visit.session_id, passes, lambda cookie: SessionSocket(table.board, table.socket(), "192.0.2.9", cookie))


def bulk_door() -> Door:
    files = Files()
    return Door(files.table, files.meeting.visit.session_id, files.passes, files.socket)


BOTH = pytest.mark.parametrize(("door", "about"), [(session_door, "socket_pass"), (bulk_door, "bulk_pass")], ids=["session", "bulk"])


@BOTH
def test_a_socket_that_gives_no_pass_is_closed_and_one_that_gave_it_is_not(door: Callable[[], Door], about: str) -> None:
    here = door()
    core = here.make(None)
    (timer,) = here.table.run(core, Opened())
    assert timer.timer is Timer.AUTHENTICATION
    said = here.table.run(core, Fired(Timer.AUTHENTICATION))
    assert [(each.about, each.reason) for each in messages(said, Refused)] == [(about, Reason.PASS_INVALID)]
    assert any(isinstance(each, Close) for each in said)
    assert here.table.run(core, Closed()) == []
    core = here.make(None)
    before = core.proven
    here.table.run(core, control(SocketPass(here.session_id, here.passes[EndRole.HOST])))
    assert (before, core.proven) == (False, True)
    assert here.table.run(core, Fired(Timer.AUTHENTICATION)) == []
    here.table.run(core, Closed())


@BOTH
@pytest.mark.parametrize("data", [b"", Frame(FrameKind.CONTROL, b"{}").encode()], ids=["empty", "no message"])
def test_what_is_no_pass_is_turned_away(door: Callable[[], Door], about: str, data: bytes) -> None:
    here = door()
    said = here.table.run(here.make(None), Received(data))
    assert [(each.about, each.reason) for each in messages(said, Refused)] == [(about, Reason.MALFORMED)]
    (note,) = noted(said)
    assert note.subject in {"192.0.2.3", "192.0.2.9"}
    assert note.what == about


@BOTH
def test_a_pass_opens_once_for_its_own_visit_end_and_cookie(door: Callable[[], Door], about: str) -> None:
    here = door()
    own = here.passes[EndRole.CONSOLE]
    for cookie, session_id, offered in (
        (SignInId(b"another"), here.session_id, own),
        (None, here.session_id, own),
        (SIGN_IN, "s-none", own),
        (SIGN_IN, here.session_id, bytes(32)),
    ):
        assert refused(here.table.run(here.make(cookie), control(SocketPass(session_id, offered)))) == [Reason.PASS_INVALID], about
    right = here.make(SIGN_IN)
    assert refused(here.table.run(right, control(SocketPass(here.session_id, own)))) == []
    assert refused(here.table.run(here.make(SIGN_IN), control(SocketPass(here.session_id, own)))) == [Reason.PASS_INVALID]
