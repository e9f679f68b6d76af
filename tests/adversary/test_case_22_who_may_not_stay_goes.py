"""Cases 22 to 24: taken off the list, moved to another group, an account that is closed, a sign-out, a site that says no:
input stops and the visit is over on both sides within a second (one node).

Real broker and guardian; the desk is played. In each case input goes on flowing while the right is taken away: what the
desk is given after it was told to stop would show.

Mutations that were tried, each of which makes this file fail:
    broker/core/narrowing.py       `documents_changed` ends no visit; `sign_ins_now` lets a suspended account stay
    broker/serving.py              the broker does not look at sign-ins (`_every_moment`)
    host_client/core/guardian.py   new rules of the site do not look at the visit again
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from host_client.link import ShowSummary, StopCapture, StopInput
from host_client.link_frames import Input
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.ends import open_console
from tests.helpers.views import ALLOWS_ALL
from tests.helpers.visit_place import Place, place
from wire.messages.documents import TrainedFor

__all__ = ["broker", "place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
SECONDS = 1.0


async def over_in_time(place: Place, act: Callable[[], Awaitable[object]], cause: EndCause) -> None:
    """Control is held; then this happens. Nothing is injected after the stop, and both sides know the cause in time."""
    visit = await place.controlling()
    begun = len(place.desk.heard)
    await act()
    since = time.monotonic()
    assert await visit.over() is cause
    assert time.monotonic() - since <= SECONDS
    await place.desk.until(ShowSummary)
    heard = place.desk.heard[begun:]
    stop = next(at for at, said in enumerate(heard) if isinstance(said, StopInput))
    assert any(isinstance(said, StopCapture) for said in heard)
    assert not [said for said in heard[stop:] if isinstance(said, Input)]


async def test_a_technician_who_is_taken_off_the_list(place: Place) -> None:
    listed = list(place.broker.technicians)
    place.broker.technicians.remove(place.technician)
    documents = place.broker.documents()
    await over_in_time(place, lambda: place.broker.publish(documents), EndCause.POLICY)
    place.broker.technicians[:] = listed


async def back(place: Place) -> None:
    """Back on the list, with the same sign-in and a new socket."""
    await place.console.control.socket.close()
    await place.broker.publish()
    control = await open_console(place.broker, place.technician, place.console.cookie)
    place.console = replace(place.console, control=control)


async def test_a_technician_who_is_moved_to_another_group(place: Place) -> None:
    await back(place)
    place.broker.technicians[0] = replace(place.technician, groups=("red",))
    documents = place.broker.documents()
    place.broker.technicians[0] = place.technician
    await over_in_time(place, lambda: place.broker.publish(documents), EndCause.POLICY)


async def test_a_technician_whose_training_is_taken_back(place: Place) -> None:
    await back(place)
    place.broker.technicians[0] = replace(place.technician, training=())
    documents = place.broker.documents()
    place.broker.technicians[0] = place.technician
    await over_in_time(place, lambda: place.broker.publish(documents), EndCause.POLICY)


async def test_a_training_that_ends_while_control_is_held(place: Place) -> None:
    """By time alone: nobody publishes anything, and the end is the second that was signed."""
    await back(place)
    until = int(time.time()) + 10
    place.broker.technicians[0] = replace(place.technician, training=(TrainedFor("", until),))
    await place.broker.publish()
    place.broker.technicians[0] = place.technician
    visit = await place.controlling()
    assert await visit.over() is EndCause.POLICY
    assert until <= time.time() <= until + SECONDS
    await place.desk.until(ShowSummary)


async def test_a_vendor_that_allows_nothing_any_more(place: Place) -> None:
    await back(place)
    place.broker.policy = ""
    documents = place.broker.documents()
    place.broker.policy = ALLOWS_ALL
    await over_in_time(place, lambda: place.broker.publish(documents), EndCause.POLICY)


async def test_an_account_that_is_suspended_beside_the_running_broker(place: Place) -> None:
    await back(place)
    await over_in_time(place, lambda: place.broker.run("accounts", "suspend", place.technician.id), EndCause.POLICY)
    await place.broker.run("accounts", "suspend", place.technician.id, "--restore")
