"""An end: stopped first, then told, then recorded, and only once."""

import pytest

from audit.events import visit as both
from host_client.core.commands import CloseDirect, CloseSession, Note, SendSession, Tell
from host_client.core.ending import end_visit
from host_client.link import (
    ShowCode,
    ShowSummary,
    StopCapture,
)
from policy.session import EndCause
from tests.helpers.host_channel import a_whole_channel
from tests.helpers.host_core import SESSION, TECHNICIAN
from tests.helpers.host_visit import cause, online, viewed
from trust.signatures import Ed25519Signer
from wire.messages.ledger import Ended
from wire.messages.session import SessionOver
from wire.schema import read_part
from wire.statements import Label

STRANGER = Ed25519Signer(b"x" * 32)


def test_an_end_of_ours_stops_tells_and_records_in_this_order_and_says_goodbye() -> None:
    stage = online()
    far = stage.viewing()
    visit = stage.core.visit
    assert visit is not None
    commands = list(end_visit(visit.standing, EndCause.HOST_ENDED, stage.now))
    kinds = [type(each) for each in commands]
    assert commands[0] == Tell(StopCapture(1))
    assert kinds.index(SendSession) < kinds.index(CloseSession) < kinds.index(Note)
    stage.did = commands
    assert read_part(Ended, far.statements(Label.ENDED)[0].payload).cause is EndCause.HOST_ENDED
    assert stage.told(ShowSummary)[0].lines
    assert list(end_visit(visit.standing, EndCause.IDLE, stage.now)) == []


def test_an_end_without_a_line_is_signed_by_nobody_and_before_the_agreement_nobody_says_goodbye() -> None:
    stage = online()
    stage.code()
    stage.offer()
    visit = stage.core.visit
    assert visit is not None
    stage.did = list(end_visit(visit.standing, EndCause.CONNECTION_LOST, stage.now))
    notes = [each.event for each in stage.did if isinstance(each, Note)]
    assert [each.signature for each in notes if isinstance(each, both.SessionEnded)] == [None]
    assert not stage.told(ShowSummary)


def test_the_channel_goes_before_the_line() -> None:
    stage = a_whole_channel()
    visit = stage.core.visit
    assert visit is not None
    kinds = [type(each) for each in stage.perform(end_visit(visit.standing, EndCause.HOST_ENDED, stage.now))]
    assert kinds.index(CloseDirect) < kinds.index(CloseSession)


# ---- whose word ends it from outside


def test_the_technician_ends_with_a_signature_that_stands_in_our_log() -> None:
    stage, far = viewed()
    far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0))
    ended = stage.logged(both.SessionEnded)[0]
    assert (ended.by, ended.cause) == (TECHNICIAN, EndCause.TECHNICIAN_ENDED)
    assert not far.statements(Label.ENDED)
    assert stage.told(StopCapture)
    assert stage.told(ShowSummary)


def test_the_technician_may_end_before_the_agreement() -> None:
    stage = online()
    far = stage.admitted()
    far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0))
    assert cause(stage) is EndCause.TECHNICIAN_ENDED
    assert stage.told(ShowCode)


@pytest.mark.parametrize("proven", [False, True])
def test_an_end_that_nobody_listed_signed_is_misbehaviour(proven: bool) -> None:
    stage = online()
    far = stage.viewing() if proven else stage.admitted()
    far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0), STRANGER)
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_an_end_of_another_visit_is_misbehaviour() -> None:
    stage, far = viewed()
    far.state(Label.ENDED, Ended("s-2", TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_the_broker_ends_on_either_socket_without_a_signature() -> None:
    stage, far = viewed()
    far.control(SessionOver("s-2", EndCause.SIGNED_OUT))
    assert stage.core.visit is not None
    far.control(SessionOver(SESSION, EndCause.SIGNED_OUT))
    assert cause(stage) is EndCause.SIGNED_OUT
    stage, _ = viewed()
    stage.hears(SessionOver(SESSION, EndCause.BROKER_STOPPED))
    assert cause(stage) is EndCause.BROKER_STOPPED
    stage.hears(SessionOver(SESSION, EndCause.BROKER_STOPPED))
    assert len(stage.logged(both.SessionEnded)) == 1
