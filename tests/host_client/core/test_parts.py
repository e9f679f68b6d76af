"""What the parts of a visit share: an end that this side gives it, and the rule that whoever breaks one is out.

Mutations that were tried, each of which makes this file fail:
    host_client/core/parts.py    a second end; the broker is not told of an end over a cut line; input that was dropped is not recorded
"""

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import CloseSession, Note, Talk
from host_client.core.parts import Parts
from host_client.link import (
    EndPressed,
    Given,
    PromptAnswered,
    StopCapture,
    StopInput,
)
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import HOST, SESSION
from tests.helpers.host_visit import batch, cause, controlled, online, parted, since, viewed
from wire.errors import PeerMisbehaved
from wire.messages.session import VisitLeft
from wire.statements import Label


def test_end_at_the_host_acts_first_and_is_recorded_after() -> None:
    stage, far = controlled()
    assert [type(each) for each in stage.core.narrow_now()] == [StopInput, StopCapture]
    stage.disk = False
    stage.says(EndPressed())
    assert CloseSession() in stage.did
    assert far.statements(Label.ENDED)
    assert cause(stage) is EndCause.HOST_ENDED


def test_a_prompt_goes_away_with_the_visit() -> None:
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW)
    stage.says(EndPressed())
    assert cause(stage) is EndCause.HOST_ENDED
    stage.says(PromptAnswered(1, Given.ALLOW))
    assert stage.did == []


def test_an_end_while_the_line_is_cut_is_told_to_the_broker_and_there_is_only_one() -> None:
    stage, _ = parted()
    visit = stage.core.visit
    assert visit is not None
    stage.perform(visit.end(EndCause.HOST_ENDED, stage.now))
    assert stage.to_broker(VisitLeft) == [VisitLeft(SESSION)]
    assert list(visit.end(EndCause.IDLE, stage.now)) == []


def test_input_that_was_dropped_is_recorded_before_the_end_is() -> None:
    stage, far = controlled()
    far.record(Lane.INPUT, 2, batch(stage, since(stage) - 2500))
    stage.says(EndPressed())
    kinds = [type(each) for each in stage.log]
    assert kinds.index(log.InputDropped) < kinds.index(both.SessionEnded)


def test_whoever_breaks_a_rule_is_out() -> None:
    stage, _ = viewed()
    assert stage.core.visit is not None
    parts = Parts(stage.core.visit.standing)

    def broken() -> Talk:
        yield Note(log.HostStopped(host_id=HOST))
        raise PeerMisbehaved("what no honest end does")

    stage.perform(parts.guarded(broken(), stage.now))
    assert cause(stage) is EndCause.PEER_MISBEHAVED
