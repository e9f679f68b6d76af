"""An end: stopped first, then told, then recorded, and only once."""

from audit.events import visit as both
from host_client.core.commands import CloseDirect, CloseSession, Note, SendSession, Tell
from host_client.core.ending import end_visit
from host_client.link import ShowSummary, StopCapture
from policy.session import EndCause
from tests.helpers.host_channel import a_whole_channel
from tests.helpers.host_core import Stage
from wire.messages.ledger import Ended
from wire.schema import read_part
from wire.statements import Label


def online() -> Stage:
    stage = Stage()
    stage.online()
    return stage


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
