"""Case 35: no input after a local stop, however the two race; the host ends by itself when it loses the broker.

Left until they exist: lock of the screen, and resume. 10^5 races run in `make test-long`.
"""

from hashlib import sha256

import pytest

from audit.events import visit as both
from host_client.core.commands import Inject
from host_client.core.events import Fired, SessionClosed, Timer
from host_client.link import EndPressed, StopCapture, StopInput
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.parcels import parcel
from wire.frames import FrameKind
from wire.sealed.input import Batch, Key, encode_batch
from wire.sealed.screen import FrameEnd

pytestmark = pytest.mark.adversary


def controlled() -> tuple[Stage, Far]:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    visit = stage.core.visit
    assert visit is not None
    visit.picture(1, parcel(FrameEnd(1, int(stage.now.boot * 1e6))), stage.now)
    far.ask(Permission.CONTROL)
    stage.allow()
    stage.wait(1)
    return stage, far


def race(seed: int) -> None:
    """Ten records; somewhere among them the person stops. None after that is carried out."""
    stage, far = controlled()
    dice = sha256(str(seed).encode()).digest()
    records = [far.seal(Lane.INPUT, 2, encode_batch(Batch(1, 2500, (Key("KeyA", down=True),)))) for _ in range(10)]
    stop_at, announced = dice[0] % 11, dice[1] % 2 == 0
    for number in range(11):
        if number == stop_at:
            if announced:
                assert {type(each) for each in stage.core.narrow_now()} == {StopInput, StopCapture}
            else:
                stage.says(EndPressed())
        if number < 10:
            far.send(FrameKind.SEALED, records[number])
            assert any(isinstance(each, Inject) for each in stage.did) is (number < stop_at)
    stage.says(EndPressed())
    assert stage.logged(both.SessionEnded)[0].cause is EndCause.HOST_ENDED


def test_input_that_races_a_stop_is_never_carried_out_after_it() -> None:
    for seed in range(50):
        race(seed)


@pytest.mark.long
def test_input_that_races_a_stop_a_hundred_thousand_times() -> None:
    for seed in range(10_000):  # ten records each
        race(seed)


def test_a_host_that_loses_its_broker_stops_by_itself() -> None:
    stage, _ = controlled()
    stage.give(SessionClosed(SESSION))
    assert stage.told(StopInput)
    assert stage.told(StopCapture)
    stage, _ = controlled()
    stage.lose_control_socket()
    stage.give(Fired(Timer.LEASE))
    assert stage.told(StopInput)
    stage.give(Fired(Timer.LEASE))
    assert stage.logged(both.SessionEnded)[0].cause is EndCause.LEASE_EXPIRED
