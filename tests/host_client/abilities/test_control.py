"""Which batches of the technician's hand may be carried out now, and what is said of the others."""

import pytest

from audit.events import host
from host_client.abilities.control import RECKONING_SECONDS, Control
from host_client.abilities.view import View
from host_client.core.ports import Seat
from host_client.link import StartInput, StopInput
from policy.instant import Instant
from tests.helpers.parcels import parcel
from tests.helpers.playbook import NOON
from wire.errors import PeerMisbehaved
from wire.limits import INPUT_STALE_SECONDS
from wire.sealed.inner import Notice
from wire.sealed.input import Batch, Button, encode_batch
from wire.sealed.screen import FrameEnd

SEAT = Seat("en", "lab", "c1", 640, 480)
CLICK = (Button(0, down=True),)


@pytest.fixture
def view() -> View:
    """One frame went out at noon: there session time begins."""
    made = View()
    made.begin(1)
    assert list(made.outgoing(parcel(FrameEnd(1, int(NOON.boot * 1e6)))))
    return made


def judged(
    view: View, after: float, *, made_at: float | None = None, picture: int = 1, prompting: bool = False, gone: Instant | None = None
) -> Notice | None:
    """What is said `after` seconds of a click that was made then, or at `made_at`."""
    control = Control()
    control.begin(2)
    control.superseded = None if gone is None else (gone, Notice.INPUT_DROPPED_PROMPT)
    batch = encode_batch(Batch(picture, int((after if made_at is None else made_at) * 1000), CLICK))
    return control.judge(batch, view, prompting=prompting, now=NOON.after(after))


def test_it_begins_and_ends_under_its_grant_and_the_log_says_so() -> None:
    control = Control()
    assert control.begun("s-1", 2, SEAT) == host.InputStarted(session_id="s-1", ask=2)
    assert (control.begin(2), control.grant) == ((StartInput(2),), 2)
    assert (control.end(), control.grant) == ((StopInput(2),), 0)
    assert control.ended("s-1", 2, None) == host.InputStopped(session_id="s-1", ask=2)


def test_a_fresh_click_on_a_picture_that_was_sent_is_carried_out(view: View) -> None:
    assert judged(view, 5.0) is None


@pytest.mark.parametrize("off", [-INPUT_STALE_SECONDS - 0.1, INPUT_STALE_SECONDS + 0.1])
def test_a_click_from_long_ago_or_from_the_future_is_stale(view: View, off: float) -> None:
    assert judged(view, 5.0, made_at=5.0 + off) is Notice.INPUT_STALE


@pytest.mark.parametrize("picture", [0, 2])
def test_a_click_on_a_picture_that_was_never_sent_is_stale(view: View, picture: int) -> None:
    assert judged(view, 5.0, picture=picture) is Notice.INPUT_STALE


def test_before_the_first_frame_there_is_nothing_to_click_on() -> None:
    assert judged(View(), 5.0) is Notice.INPUT_STALE


def test_while_a_prompt_is_up_no_hand_moves(view: View) -> None:
    assert judged(view, 5.0, prompting=True) is Notice.INPUT_DROPPED_PROMPT


def test_a_click_that_was_made_while_a_prompt_was_up_is_dropped_afterwards(view: View) -> None:
    gone = NOON.after(5.0)
    assert judged(view, 5.5, made_at=5.0 - RECKONING_SECONDS - 0.1, gone=gone) is Notice.INPUT_DROPPED_PROMPT
    assert judged(view, 5.5, made_at=5.2, gone=gone) is None


def test_a_batch_that_cannot_be_read_is_no_accident(view: View) -> None:
    with pytest.raises(PeerMisbehaved):
        Control().judge(bytes(63), view, prompting=False, now=NOON)


def test_a_pause_keeps_the_grant() -> None:
    control = Control()
    control.begin(4)
    assert (control.paused(), control.again(), control.grant) == ((StopInput(4),), (StartInput(4),), 4)
