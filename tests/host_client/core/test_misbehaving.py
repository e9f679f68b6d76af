"""A peer that breaks a rule: everything stops first, then it is written down which, and the visit is over.

Mutations that were tried, each of which makes this file fail:
    host_client/core/misbehaving.py    nothing is stopped before it is written down; the visit goes on; the log does not say what it was
"""

import pytest

from audit.events import visit as both
from host_client.core.commands import Talk, Tell
from host_client.core.misbehaving import guarded
from host_client.link import (
    ShowAdmitted,
    StopCapture,
)
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.host_core import SESSION
from tests.helpers.host_visit import cause, viewed
from wire.errors import PeerMisbehaved
from wire.schema import MalformedMessage
from wire.statements import Label


@pytest.mark.parametrize("fault", [PeerMisbehaved("it is odd"), MalformedMessage("it", "is odd")], ids=["misbehaved", "malformed"])
def test_what_breaks_a_rule_stops_everything_and_then_says_what_it_was(fault: Exception) -> None:
    stage, far = viewed()
    assert stage.core.visit is not None

    def broken() -> Talk:
        yield Tell(ShowAdmitted())
        raise fault

    did = stage.perform(guarded(stage.core.visit.standing, broken(), stage.now))
    assert did[:2] == [Tell(ShowAdmitted()), Tell(StopCapture(1))]
    (refused,) = stage.logged(both.FrameRefused)
    assert (refused.subject, refused.reason, refused.what) == (SESSION, Reason.MALFORMED, "it is odd")
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    assert far.statements(Label.ENDED)


def test_what_keeps_the_rules_goes_on_and_a_mistake_of_ours_is_not_theirs() -> None:
    stage, _ = viewed()
    assert stage.core.visit is not None
    standing = stage.core.visit.standing

    def ours() -> Talk:
        yield Tell(ShowAdmitted())
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        stage.perform(guarded(standing, ours(), stage.now))
    assert stage.perform(guarded(standing, iter_talk(), stage.now)) == [Tell(ShowAdmitted())]
    assert not standing.stopping


def iter_talk() -> Talk:
    yield Tell(ShowAdmitted())
