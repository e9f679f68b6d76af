"""Case 35, the part of pauses, on the wire: while the screen is locked, belongs to another login or cannot be hidden where it must be,
and while the person pauses, no picture leaves, nothing is injected and no piece of a file goes, whatever a desk still gives and a
technician's end still sends; and nothing of all that counts afterwards.

Elsewhere: what says that a screen is locked (tests/host_client/screen/test_session_state.py), keys that are down when it begins
(tests/host_client/desk/test_input_thread.py), every cause beside every other (tests/host_client/core/test_waiting.py).

Mutations that were tried, each of which makes this file fail:
    host_client/core/visit.py        a picture leaves while the screen is away, or while the person pauses
    host_client/core/waiting.py      input counts while nobody may see the screen; what was made before a pause counts after it; a pause
                                     stops nothing at the desk
    host_client/core/pausing.py      what was made before the screen was locked counts after it
"""

from dataclasses import dataclass

import pytest

from audit.events import host as log
from host_client.abilities.control import RECKONING_SECONDS
from host_client.link import CapturePaused, CaptureResumed, PausePressed, ResumePressed, StartCapture, StartInput, StopCapture, StopInput
from host_client.link_files import FileRead
from host_client.link_frames import Input, ToGuardian
from policy.decision import Reason
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.scripted_console import ScriptedVisit
from tests.helpers.scripted_files import fetch, read
from tests.helpers.visit_place import Place, after, place, whole_frame
from wire.sealed.inner import HostNotice, Notice
from wire.sealed.input import Key, decode_batch
from wire.sealed.screen import FrameEnd

__all__ = ["broker", "place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
VIEW = 1
CONTENT = bytes(range(256)) * 40


@dataclass(frozen=True, slots=True)
class Cause:
    """Why nobody may see the screen, and how it ends."""

    begins: ToGuardian
    ends: ToGuardian
    notice: Notice


LOCKED = Cause(CapturePaused(VIEW, Reason.SCREEN_LOCKED), CaptureResumed(VIEW), Notice.SCREEN_LOCKED)
PAUSED = Cause(PausePressed(), ResumePressed(), Notice.PAUSED_BY_PERSON)
CAUSES = {
    "locked": LOCKED,
    "another login": Cause(CapturePaused(VIEW, Reason.SESSION_AWAY), CaptureResumed(VIEW), Notice.SESSION_AWAY),
    "a mask that cannot be placed": Cause(CapturePaused(VIEW, Reason.MASK_NOT_PLACED), CaptureResumed(VIEW), Notice.MASK_NOT_PLACED),
    "a reason that is none": Cause(CapturePaused(VIEW, Reason.DISK_FULL), CaptureResumed(VIEW), Notice.SESSION_AWAY),
    "the person": PAUSED,
}


async def told(visit: ScriptedVisit, notice: Notice) -> None:
    """Wait until the host says so."""
    while await visit.notice() is not notice:
        pass


@pytest.mark.parametrize("cause", CAUSES.values(), ids=CAUSES)
async def test_nothing_goes_either_way_and_nothing_of_it_comes_later(place: Place, cause: Cause) -> None:
    visit = await place.controlling()
    place.desk.say(cause.begins)
    await told(visit, cause.notice)
    place.show(VIEW, *whole_frame(2))
    await visit.input(Key("KeyA", down=True))
    await told(visit, cause.notice)  # the answer to that key: it had no effect
    place.desk.say(cause.ends)
    await told(visit, Notice.SCREEN_RESUMED)
    if cause is PAUSED:
        await place.desk.until(StartCapture)  # its pictures have a number of their own
    place.show(VIEW, *whole_frame(3))
    ends = [each.frame for each in await visit.next_frame() if isinstance(each, FrameEnd)]
    assert ends == [3], "the picture of the pause never left"
    await visit.input(Key("KeyC", down=True))
    assert decode_batch((await place.desk.until(Input)).batch).events == (Key("KeyC", down=True),)
    await visit.end()
    await visit.over()


@pytest.mark.parametrize("cause", [LOCKED, PAUSED], ids=("locked", "the person"))
async def test_what_was_made_before_it_has_no_effect_after_it(place: Place, cause: Cause) -> None:
    """Made after the prompt for control was over, which makes older input void by itself, and not stale yet."""
    visit = await place.controlling()
    made_before = visit.now_ms()
    place.desk.say(cause.begins)
    await told(visit, cause.notice)
    await after(RECKONING_SECONDS + 0.1)  # what two clocks may differ
    place.desk.say(cause.ends)
    await told(visit, Notice.SCREEN_RESUMED)
    await visit.input(Key("KeyB", down=True), milliseconds=made_before)
    await told(visit, cause.notice)
    await visit.input(Key("KeyC", down=True))
    assert decode_batch((await place.desk.until(Input)).batch).events == (Key("KeyC", down=True),)
    await visit.end()
    await visit.over()


async def test_a_pause_stops_the_desk_before_anybody_is_told_and_starts_it_with_a_whole_picture(place: Place) -> None:
    visit = await place.controlling()
    before = len(place.desk.heard)
    place.desk.say(PausePressed())
    await told(visit, Notice.PAUSED_BY_PERSON)
    await place.desk.until(StopCapture)
    assert any(isinstance(each, StopInput) for each in place.desk.heard[before:])
    place.desk.say(ResumePressed())
    await place.desk.until(StartInput)
    assert any(isinstance(each, StartCapture) for each in place.desk.heard[before:])
    await visit.end()
    await visit.over()
    assert place.host.events(log.VisitPaused)
    assert place.host.events(log.VisitUnpaused)


async def test_no_word_of_the_technicians_end_takes_a_pause_back(place: Place) -> None:
    visit = await place.controlling()
    place.desk.say(PausePressed())
    await told(visit, Notice.PAUSED_BY_PERSON)
    before = len(place.desk.heard)
    await visit.whisper(HostNotice(Notice.SCREEN_RESUMED))
    assert await visit.over() is EndCause.PEER_MISBEHAVED
    assert not [each for each in place.desk.heard[before:] if isinstance(each, StartCapture | StartInput)]


async def test_a_file_waits_with_the_rest_and_goes_on_where_it_was(place: Place) -> None:
    visit = await place.viewing()
    fetching = await fetch(place, visit, CONTENT)
    await fetching.ack(0, len(CONTENT))
    await read(place)
    place.desk.write(fetching.piece(0, 100))
    assert (await fetching.data()).content == CONTENT[:100]
    place.desk.say(PausePressed())
    await told(visit, Notice.PAUSED_BY_PERSON)
    place.desk.write(fetching.piece(100, 100))
    place.desk.say(ResumePressed())
    again = await place.desk.until(FileRead)
    assert (again.offset, again.size) == (100, len(CONTENT) - 100), "what was read in the pause is lost, and read again"
    place.desk.write(fetching.piece(100, len(CONTENT) - 100))
    while len(fetching.got) < len(CONTENT):
        await fetching.data()
    assert bytes(fetching.got) == CONTENT
    assert visit.grants[Permission.VIEW] == VIEW
    await visit.end()
    await visit.over()
