"""Case 94: a broker that holds an input record back and releases it later: dropped, and said so."""

import pytest

from audit.events import host as log
from host_client.core.commands import Inject
from host_client.link import EndPressed
from policy.decision import Reason
from policy.permissions import Lane, Permission
from tests.helpers.host_core import Far, Stage
from tests.helpers.parcels import parcel
from wire.frames import FrameKind
from wire.schema import decode
from wire.sealed.inner import HostNotice, Notice
from wire.sealed.input import Batch, Button, encode_batch
from wire.sealed.screen import FrameEnd

pytestmark = pytest.mark.adversary
CLICK = (Button(0, down=True),)


def controlled() -> tuple[Stage, Far]:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    visit = stage.core.visit
    assert visit is not None
    visit.picture(1, parcel(FrameEnd(1, int(stage.now.boot * 1e6))), stage.now)
    far.ask(Permission.CONTROL)
    stage.allow()
    return stage, far


@pytest.mark.parametrize("held", [0.0, 1.0, 1.9, 2.1, 10.0, 1800.0])
def test_a_click_reaches_the_desk_only_within_two_seconds_of_being_made(held: float) -> None:
    stage, far = controlled()
    stage.wait(1)
    record = far.seal(Lane.INPUT, 2, encode_batch(Batch(1, 2500, CLICK)))
    stage.wait(held)
    far.send(FrameKind.SEALED, record)
    carried = any(isinstance(each, Inject) for each in stage.did)
    assert carried is (held < 2)
    if not carried:
        assert [decode(plain, HostNotice).notice for _, plain in far.opened()] == [Notice.INPUT_STALE]
        stage.says(EndPressed())
        assert stage.logged(log.InputDropped)[0].reason is Reason.TOO_FAST
