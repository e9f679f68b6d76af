"""A broker that hangs with every socket open: the host suspends the visit by itself, and it goes on when the broker does."""

import signal
import time

import pytest

from audit.events import host as log
from host_client.link import BannerState, ShowBanner, StartCapture, StartInput, StopCapture, StopInput
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.visit_place import Place, place, whole_frame
from wire.limits import LEASE_SECONDS

__all__ = ["broker", "place"]
pytestmark = ON_ONE_LOOP
SECONDS = 15.0
"""In which everything that waits on a socket has come through again."""


async def test_a_visit_outlives_a_broker_that_hangs_for_half_a_minute(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.helpers.host_process.WITHIN", LEASE_SECONDS + SECONDS)
    visit = await place.controlling()
    place.broker.process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    try:
        await place.desk.until(StopInput)
        assert time.monotonic() - begun <= LEASE_SECONDS + 1
        await place.desk.until(StopCapture)
        await place.desk.until(ShowBanner, lambda said: said.state is BannerState.SUSPENDED)
    finally:
        place.broker.process.send_signal(signal.SIGCONT)
    capture = await place.desk.until(StartCapture)
    await place.desk.until(StartInput)
    place.show(capture.grant, *whole_frame(1))
    await visit.next_frame()
    assert place.host.events(log.VisitSuspended)
    assert place.host.events(log.VisitResumed)
    await visit.end()
