"""Case 98, on the wire: what vendor or site hide is captured by nobody from the moment their documents say so, in the middle of a visit
too, and nothing leaves that was captured before that moment, whatever a desk still gives. A mask goes as it came: by signed documents.

Real broker and guardian; the desk is played. Elsewhere: the pixels, in a real browser (`with_browser/test_case_98`) and on a real
X screen (`tests/host_client/screen/test_masked.py`); a mask that cannot be placed (case 35); the second person, and what comes
before what is recorded (`tests/host_client/core/test_masking.py`); what waits for room (`tests/host_client/guardian/test_session.py`).

Mutations that were tried, each of which makes this file fail:
    host_client/core/visit.py         a picture of any run of a grant passes
    host_client/abilities/view.py     a capture that begins anew has the number of the one before
    host_client/core/rechecking.py    masks are looked at when a visit begins, and never again
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from audit.events import host as log
from host_client.link import StartCapture, StopCapture
from host_client.link_masks import MaskRule
from tests.helpers.broker_fixture import ON_ONE_LOOP
from tests.helpers.broker_process import BrokerProcess, running_broker
from tests.helpers.parcels import parcel
from tests.helpers.site_rules import ALL
from tests.helpers.views import rules
from tests.helpers.visit_place import Place, place, whole_frame
from wire.sealed.screen import Layout, Picture, Piece

__all__ = ["place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
VIEW = 1
LIST = '[[mask]]\nname = "list"\ntitle = "Patient*"\nwindow_class = "MedView"\n'
PLACE = '[[mask]]\nname = "place"\nregion = { left = 1, top = 2, width = 3, height = 4 }\n'
TITLE, REGION = MaskRule("Patient*", "MedView", "", 0, 0, 0, 0), MaskRule("", "", "", 1, 2, 3, 4)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BrokerProcess]:
    """A broker that pinned the site's root, and a site that hides one window."""
    async with running_broker(tmp_path_factory.mktemp("broker"), sites=("Site A",)) as running:
        await running.publish(running.sites["Site A"].sign(rules("site", ALL + LIST)))
        yield running


def pieces(frame: list[Picture] | tuple[Picture, ...]) -> list[bytes]:
    return [each.data for each in frame if isinstance(each, Piece)]


async def test_nothing_that_was_captured_under_other_masks_leaves(place: Place) -> None:
    visit = await place.viewing()
    assert [each.masks for each in place.desk.heard if isinstance(each, StartCapture)] == [(TITLE,)], "from the first picture on"
    site = place.broker.sites["Site A"]
    for run, (masks, text) in enumerate((((TITLE, REGION), ALL + LIST + PLACE), ((), ALL)), 1):
        before = len(place.desk.heard)
        await place.broker.publish(site.sign(rules("site", text, 1 + run)))
        begun = await place.desk.until(StartCapture, lambda said, run=run: said.run == run)  # type: ignore[misc]  # bound here
        assert set(begun.masks) == set(masks)
        assert any(isinstance(each, StopCapture) for each in place.desk.heard[before:])
        old, new = whole_frame(2), whole_frame(1)
        for each in old:
            place.desk.show(VIEW, parcel(each), run - 1)
        place.show(VIEW, *new)
        frame = await visit.next_frame()
        assert isinstance(frame[0], Layout), "the first that comes is the whole picture with the new masks on"
        assert pieces(frame) == pieces(new)
    await visit.end()
    await visit.over()
    assert len(place.host.events(log.DocumentsAccepted)) >= 3, "who hides what since when stands in the log, with the documents' digest"
