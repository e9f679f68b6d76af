"""A host's core before and after a restart of its PC, with everything around it played by the test.

stage = Stage(); far = asked_to_restart(stage)      allowed, and half a minute long it can be stopped
counted_down(stage)                                 the system is told, the visit is over
again = started_again(stage)                        the same host, from what was kept on its disk
back = comes_back(again)                            the technician's end of the visit that follows, agreed on a key
"""

from host_client.core.commands import RestartPc
from host_client.core.events import Fired, ReturnFound, SessionOpened, Timer
from host_client.core.visit import Visit
from policy.permissions import Permission
from tests.helpers.host_core import BROKER, HOST, RESTART_SECONDS, SESSION, TECHNICIAN, Far, Stage
from trust.signatures import verify
from wire.code import SupportCode
from wire.messages.session import PeerPresent
from wire.messages.ticket import TicketOpen, TicketOpened
from wire.schema import decode, read_part
from wire.sealed import agreement
from wire.sealed.returning import ReturnPayload, ReturnTicket, code_of
from wire.statements import Algorithm, Label, Statement


def visit_of(stage: Stage) -> Visit:
    """The one that goes on."""
    visit = stage.core.visit
    assert visit is not None
    return visit


def asked_to_restart(stage: Stage) -> Far:
    """View and a restart were allowed."""
    stage.online()
    far = stage.viewing()
    far.ask(Permission.RESTART)
    stage.allow()
    return far


def counted_down(stage: Stage) -> bool:
    """The time is over. Was the system told?"""
    stage.wait(RESTART_SECONDS)
    return any(isinstance(each, RestartPc) for each in stage.give(Fired(Timer.RESTART)))


def ticket_of(far: Far) -> ReturnPayload:
    """What the technician was given by the last event."""
    given = [decode(plain, ReturnTicket) for _, plain in far.opened() if b'"type":"return_ticket"' in plain]
    (only,) = given
    return payload_of(only.statement, far.stage)


def payload_of(statement: Statement, stage: Stage) -> ReturnPayload:
    """The ticket that this host signed."""
    return payload_signed_by(stage.key.public_key, statement)


def payload_signed_by(key: bytes, statement: Statement) -> ReturnPayload:
    """The ticket that the host with this key signed."""
    return read_part(ReturnPayload, verify(statement, Label.RETURN_TICKET, key, Algorithm.ED25519))


def started_again(before: Stage, seconds: float = 60.0, *, kept: bytes | None = None) -> Stage:
    """The guardian runs again, finds what was kept (or this in its place), and is online with a desk."""
    stage = Stage(now=before.now.after(seconds))
    found = kept if kept is not None else before.returning
    assert found is not None
    stage.give(ReturnFound(found))
    stage.online()
    return stage


def opened(stage: Stage) -> TicketOpen:
    """What the broker was asked for by the last event."""
    (only,) = stage.to_broker(TicketOpen)
    return only


def code_kept(before: Stage) -> SupportCode:
    """The code that is in the file."""
    assert before.returning is not None
    return code_of(payload_of(decode(before.returning, Statement), before))


def comes_back(stage: Stage, code: SupportCode) -> Far:
    """The technician claims, and both ends agree on a key."""
    stage.hears(TicketOpened(code.ticket, 600))
    stage.offer(ticket=code.ticket)
    stage.give(SessionOpened(SESSION))
    far = stage.far = Far(stage, code.second)
    far.about = agreement.Visit(SESSION, code.ticket, BROKER, HOST, TECHNICIAN)
    far.control(PeerPresent(SESSION))
    far.agree()
    return far
