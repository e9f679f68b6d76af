"""Case 66: duplicate, replayed, reordered, dropped, truncated records that the broker inserts: nothing applied, visit closed."""

from collections.abc import Callable

import pytest

from audit.events import visit as both
from host_client.link import ShowSummary
from host_client.link_frames import Input
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.visit_place import Place, place
from wire.frames import FrameKind
from wire.sealed.input import Batch, Key, encode_batch

__all__ = ["broker", "place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]

Bend = Callable[[list[bytes]], list[bytes]]
BENT: dict[str, Bend] = {
    "duplicate": lambda records: [records[0], records[0]],
    "reordered": lambda records: [records[1], records[0]],
    "dropped": lambda records: [records[0], records[2]],
    "truncated": lambda records: [records[0][:-1]],
    "altered": lambda records: [records[0][:-1] + bytes((records[0][-1] ^ 1,))],
    "another sequence": lambda records: [records[0][:14] + b"\x07" + records[0][15:]],
}


@pytest.mark.parametrize("how", sorted(BENT))
async def test_a_bent_record_ends_the_visit_and_is_not_carried_out(place: Place, how: str) -> None:
    visit = await place.controlling()
    before = len(place.desk.heard)
    grant, now = visit.grants[Permission.CONTROL], visit.now_ms()
    keys = [Key("KeyA", down=True), Key("KeyA", down=False), Key("KeyB", down=True)]
    honest = [visit.seal(Lane.INPUT, grant, encode_batch(Batch(visit.frames, now, (key,)))) for key in keys]
    bent = BENT[how](honest)
    for record in bent:
        await visit.wire.send(FrameKind.SEALED, record)
    assert await visit.over() is EndCause.PEER_MISBEHAVED
    await place.desk.until(ShowSummary)
    injected = [each for each in place.desk.heard[before:] if isinstance(each, Input)]
    good = 1 if bent[0] == honest[0] else 0
    assert len(injected) == good
    assert place.host.events(both.FrameRefused)[-1].subject == visit.about.session_id


async def test_a_record_of_an_earlier_visit_opens_nothing_in_this_one(place: Place) -> None:
    earlier = await place.controlling()
    kept = earlier.seal(Lane.INPUT, earlier.grants[Permission.CONTROL], encode_batch(Batch(1, 0, (Key("KeyA", down=True),))))
    await earlier.end()
    assert await earlier.over() is EndCause.TECHNICIAN_ENDED
    visit = await place.controlling()
    before = len(place.desk.heard)
    await visit.wire.send(FrameKind.SEALED, kept)
    assert await visit.over() is EndCause.PEER_MISBEHAVED
    assert not [each for each in place.desk.heard[before:] if isinstance(each, Input)]
