"""Case 24: a site's own signed documents. What they close is closed at the broker and at the host within a second, in a visit too;
what the vendor signs after that opens nothing again, and a site whose word ran out lets nobody in.

Real broker and guardian; the desk is played. The site's root is pinned at both.

Mutations that were tried, each of which makes this file fail:
    broker/core/believed.py                `said` asks the vendor's rules alone (the broker admits what the site closed)
    host_client/core/rules.py              `_site_pages` leaves out the signed ones (with the one above: the visit goes on)
    broker/web/documents.py                a site's bundle is taken for any site
"""

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from host_client.link import CancelHelp, ShowIdle, ShowSummary, StopCapture, StopInput
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP
from tests.helpers.broker_process import BrokerProcess, read, running_broker
from tests.helpers.documents import SiteSigners
from tests.helpers.ends import claim
from tests.helpers.site_rules import ALL, LOOK
from tests.helpers.views import ALLOWS_ALL, rules
from tests.helpers.visit_place import Place, place
from wire.code import read_code
from wire.messages.documents import Repository
from wire.messages.presence import Refused

__all__ = ["place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
SECONDS = 1.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BrokerProcess]:
    """A broker that pinned the site's root, and a site that allows everything."""
    async with running_broker(tmp_path_factory.mktemp("broker"), sites=("Site A",)) as running:
        await running.publish(running.sites["Site A"].sign(rules("site", ALL)))
        yield running


async def refused(place: Place) -> Reason:
    """A new code, and what the technician who enters it is told."""
    code = read_code(await place.code())
    told = await claim(place.console.control, code.ticket, code.first)
    place.desk.say(CancelHelp())
    await place.desk.until(ShowIdle)
    assert isinstance(told, Reason)
    return told


async def test_control_that_the_site_closes_is_taken_back_and_the_view_goes_on(place: Place) -> None:
    visit = await place.controlling()
    site = place.broker.sites["Site A"]
    closed = site.sign(rules("site", LOOK, 2))
    begun = time.monotonic()
    await place.broker.publish(closed)
    await place.desk.until(StopInput)
    assert time.monotonic() - begun <= SECONDS
    assert not [said for said in place.desk.heard if isinstance(said, StopCapture)]
    await place.broker.publish(site.sign(rules("site", ALL, 3)))
    await visit.end()
    await place.desk.until(ShowSummary)


async def test_what_the_vendor_signs_later_does_not_open_what_the_site_closed(place: Place) -> None:
    visit = await place.controlling()
    site = place.broker.sites["Site A"]
    closed = site.sign(rules("site", "", 4))
    begun = time.monotonic()
    await place.broker.publish(closed)
    assert await visit.over() is EndCause.POLICY
    assert time.monotonic() - begun <= SECONDS
    await place.desk.until(ShowSummary)
    place.broker.policy = ALLOWS_ALL.replace("version = 1", "version = 2")
    await place.broker.publish()
    assert await refused(place) is Reason.SITE_POLICY


async def test_nobody_but_the_site_signs_for_it(place: Place) -> None:
    forged = SiteSigners("a forger").sign(rules("site", ALL), site="Site A")
    vendors = replace(place.broker.documents(), repository=Repository.SITE)
    for bundle in (forged, vendors):
        assert read(await place.broker.put(bundle), Refused).reason is Reason.DOCUMENT_INVALID
    assert await refused(place) is Reason.SITE_POLICY
