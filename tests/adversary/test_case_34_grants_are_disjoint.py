"""Case 34 (over view and control): with one grant, nothing of any other has an effect.

The clipboard's own: case 38. Left until they exist: files from the host and restart with effects of their own; their lanes are refused.
"""

import pytest

from host_client.link import ShowSummary, StartInput
from host_client.link_frames import Input
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.visit_place import Place, place
from wire.frames import FrameKind
from wire.limits import INPUT_PLAIN

__all__ = ["broker", "place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
OTHERS = [lane for lane in Lane if lane not in {Lane.SCREEN, Lane.CONTROL}]


@pytest.mark.parametrize("lane", OTHERS)
async def test_with_view_alone_a_record_of_any_other_lane_ends_the_visit(place: Place, lane: Lane) -> None:
    visit = await place.viewing()
    before = len(place.desk.heard)
    await visit.wire.send(FrameKind.SEALED, visit.seal(lane, visit.grants[Permission.VIEW], bytes(INPUT_PLAIN)))
    assert await visit.over() is EndCause.PEER_MISBEHAVED
    await place.desk.until(ShowSummary)
    assert not [each for each in place.desk.heard[before:] if isinstance(each, Input | StartInput)]


async def test_without_any_grant_nothing_passes(place: Place) -> None:
    visit = await place.sealed()
    before = len(place.desk.heard)
    await visit.wire.send(FrameKind.SEALED, visit.seal(Lane.INPUT, 1, bytes(INPUT_PLAIN)))
    assert await visit.over() is EndCause.PEER_MISBEHAVED
    assert not [each for each in place.desk.heard[before:] if isinstance(each, Input | StartInput)]


async def test_control_cannot_be_had_before_view(place: Place) -> None:
    visit = await place.sealed()
    await visit.request(Permission.CONTROL)
    refused = await visit.refusal()
    assert refused in {Reason.REQUIRES_VIEW, Reason.WRONG_MOMENT}
    await visit.end()
    assert await visit.over() is EndCause.TECHNICIAN_ENDED
