"""Host and broker as they are started: each holds the other's head, and a visit is closed at both once each has shown its end."""

from audit.events import evidence
from audit.events import visit as both
from host_client.guardian.evidence import read_evidence
from host_client.link import EndPressed
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries, findings, logged
from tests.helpers.host_process import logged_at_host, until
from tests.helpers.visit_place import Place, place

__all__ = ["broker", "place"]
pytestmark = ON_ONE_LOOP


async def test_each_side_holds_the_head_that_the_other_signed(place: Place) -> None:
    at_host = await logged_at_host(place.host, evidence.HeadHeld)
    at_broker = await logged(place.broker, evidence.HeadHeld, lambda event: event.subject == place.host.known.id)
    assert at_host.subject == place.broker.id
    assert (at_host.size > 0, at_broker.size > 0) == (True, True)
    assert at_broker.log_id != at_host.log_id


async def test_a_visit_is_closed_at_both_sides(place: Place) -> None:
    visit = await place.viewing()
    session = visit.about.session_id
    place.desk.say(EndPressed())
    await visit.over()
    at_host = await logged_at_host(place.host, evidence.VisitClosed, lambda event: event.session_id == session)
    at_broker = await logged(place.broker, evidence.VisitClosed, lambda event: event.session_id == session)
    shown_to_host = entries(place.broker)[at_host.entry - 1].event
    shown_to_broker = place.host.entries()[at_broker.entry - 1].event
    for shown in (shown_to_host, shown_to_broker):
        assert isinstance(shown, both.SessionEnded)
        assert shown.session_id == session
    await until(lambda: session not in read_evidence(place.host.files.evidence).unclosed or None)
    assert findings(place.broker) == []


async def test_a_visit_that_nobody_joined_is_closed_too(place: Place) -> None:
    code = await place.code()
    visit = await place.console.enter(code, place.host.known)
    place.desk.say(EndPressed())
    await visit.over()
    await logged_at_host(place.host, evidence.VisitClosed, lambda event: event.session_id == visit.about.session_id)
    await logged(place.broker, evidence.VisitClosed, lambda event: event.session_id == visit.about.session_id)
