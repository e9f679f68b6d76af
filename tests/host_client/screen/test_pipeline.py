"""Frames, layout, copies, loss and its repair: what an independent console shows is what the screen showed."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_client.ports import Shot
from host_client.screen.change import Pixels
from host_client.screen.credit import FRAME_BYTES_MIN, NARROW_MESSAGE
from host_client.screen.loop import FRAME_SECONDS, Pace
from host_client.screen.pipeline import Pipeline
from tests.helpers import screens
from tests.helpers.pictures import differing
from tests.helpers.screen_visit import ScreenVisit, image_of, shot_of
from wire.sealed.screen import ScreenMessage
from wire.sealed.tiles import Codec

WIDTH, HEIGHT = 300, 270


def cut(screen: Callable[[int], Pixels]) -> Callable[[int], Pixels]:
    """The part of a real-looking screen where all of it happens, large enough for several pieces; made once."""
    return lru_cache(maxsize=8)(lambda step: screen(step)[70:470, 40:620].copy())


BLACK: Pixels = np.zeros((HEIGHT, WIDTH), dtype=np.uint32)
SCREENS = {name: cut(screen) for name, screen in screens.SCREENS.items()}
FAST, MEGABIT, QUARTER = 50_000_000.0, 125_000.0, 32_000.0


def with_dot(pixels: Pixels, at: int) -> Pixels:
    dotted = pixels.copy()
    dotted.flat[at] = 0x302010
    return dotted


def noise(seed: int, height: int = HEIGHT, width: int = WIDTH) -> Pixels:
    return np.random.default_rng(seed).integers(0, 2**24, (height, width), dtype=np.uint32)


def assert_shows(visit: ScreenVisit, pixels: Pixels) -> None:
    assert differing(visit.canvas.picture, image_of(pixels)) is None


def test_the_first_frame_tells_the_layout_and_shows_the_screen() -> None:
    visit = ScreenVisit()
    visit.show(noise(1))
    visit.settle()
    assert visit.messages[0][0] == ScreenMessage.LAYOUT
    assert_shows(visit, noise(1))


def test_what_is_black_as_the_console_begins_is_not_sent() -> None:
    visit = ScreenVisit()
    visit.show(BLACK)
    assert [message[0] for message in visit.messages] == [ScreenMessage.LAYOUT, ScreenMessage.FRAME_END]
    visit.settle()
    assert visit.step() == 0


def test_a_later_frame_carries_only_what_changed() -> None:
    visit = ScreenVisit()
    for pixels in (with_dot(BLACK, 299), with_dot(with_dot(BLACK, 299), 5)):
        visit.canvas.pieces.clear()
        visit.show(pixels)
        assert_shows(visit, pixels)
    assert visit.canvas.pieces == [(5, 0, 1, 1)]
    assert visit.canvas.frames == [1, 2]


def test_an_unchanged_picture_is_no_frame() -> None:
    visit = ScreenVisit()
    visit.show(with_dot(BLACK, 1))
    visit.settle()
    visit.messages.clear()
    visit.show(with_dot(BLACK, 1))
    assert visit.messages == []
    assert visit.pipeline.may_send


def frame_of(pipeline: Pipeline, pixels: Pixels, now: float = 1.0) -> list[bytes]:
    return [*pipeline.take(shot_of(pixels)), *pipeline.messages(now, 5)]


def test_no_more_than_two_frames_are_unshown() -> None:
    pipeline, credit = Pipeline(), []
    for dot in (1, 2):
        assert frame_of(pipeline, with_dot(BLACK, dot))
        credit.append(pipeline.may_send)
    pipeline.shown(0, 2.0)
    credit.append(pipeline.may_send)
    pipeline.shown(1, 2.0)
    credit.append(pipeline.may_send)
    assert credit == [True, False, False, True]


def test_showing_a_frame_shows_those_before_it_and_not_those_after() -> None:
    pipeline = Pipeline()
    for dot in (1, 2):
        frame_of(pipeline, with_dot(BLACK, dot))
    pipeline.shown(2, 2.0)
    credit = []
    for dot in (3, 4):
        credit.append(pipeline.may_send)
        frame_of(pipeline, with_dot(BLACK, dot))
    assert [*credit, pipeline.may_send] == [True, True, False]


def test_a_new_size_of_the_screen_is_told_and_sent_whole() -> None:
    visit = ScreenVisit()
    visit.show(noise(1))
    turned = noise(2, WIDTH, HEIGHT)
    visit.show(turned)
    visit.settle()
    assert_shows(visit, turned)


def test_a_shot_of_a_part_changes_that_part_and_keeps_the_rest() -> None:
    visit = ScreenVisit()
    visit.show(noise(1))
    visit.settle()
    visit.canvas.pieces.clear()
    later = with_dot(noise(1), 263 * WIDTH + 283)
    visit.show(later, shot_of(later, 280, 260, 20, 10))
    assert visit.canvas.pieces == [(283, 263, 1, 1)]
    assert_shows(visit, later)


def test_a_part_of_a_screen_that_was_never_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="never seen whole"):
        list(Pipeline().take(Shot(5, 5, 2, 2, (WIDTH, HEIGHT), bytes(16))))


# ---- real-looking screens, at rest and in motion ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("rate", [FAST, MEGABIT])
def test_at_rest_the_console_shows_the_screen_to_the_pixel(name: str, rate: float) -> None:
    visit, screen = ScreenVisit(rate=rate), SCREENS[name]
    for step in (0, 1, 2, 1):
        visit.show(screen(step))
    visit.settle()
    assert_shows(visit, screen(1))


def settled_on(screen: Callable[[int], Pixels], rate: float = FAST) -> ScreenVisit:
    visit = ScreenVisit(rate=rate)
    visit.show(screen(0))
    visit.settle()
    visit.canvas.copies.clear()
    visit.canvas.codecs.clear()
    visit.canvas.pieces.clear()
    visit.ages.clear()
    visit.bytes = 0
    return visit


@pytest.mark.parametrize(("name", "new_rows"), [("table", 66), ("terminal", 13)])
def test_a_scroll_is_copied_and_only_new_lines_are_sent(name: str, new_rows: int) -> None:
    visit = settled_on(SCREENS[name])
    visit.show(SCREENS[name](1))
    assert (0, -new_rows) in {(x - from_x, y - from_y) for from_x, from_y, x, y, _, _ in visit.canvas.copies}
    assert sum(width * height for _, _, width, height in visit.canvas.pieces) < 1.3 * new_rows * 580
    assert_shows(visit, SCREENS[name](1))


def test_a_scroll_that_goes_on_is_copied_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = settled_on(SCREENS["terminal"])
    visit.show(SCREENS["terminal"](1))
    visit.settle()
    monkeypatch.delattr("host_client.screen.pipeline.find_move")
    for step in (2, 3):
        visit.canvas.copies.clear()
        visit.canvas.pieces.clear()
        visit.show(SCREENS["terminal"](step))
        assert [(x - from_x, y - from_y) for from_x, from_y, x, y, _, _ in visit.canvas.copies] == [(0, -13)]
        assert sum(width * height for _, _, width, height in visit.canvas.pieces) < 1.3 * 13 * 580
        assert_shows(visit, SCREENS["terminal"](step))


def test_a_scroll_of_which_some_frames_bring_two_steps_is_copied_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = settled_on(SCREENS["terminal"])
    for step in (1, 3):
        visit.show(SCREENS["terminal"](step))
        visit.settle()
    monkeypatch.delattr("host_client.screen.pipeline.find_move")
    for step in (4, 6, 8, 9):
        visit.show(SCREENS["terminal"](step))
        assert_shows(visit, SCREENS["terminal"](step))
    assert len(visit.canvas.copies) == 2 + 4


def test_two_things_that_move_in_two_ways_are_tried_by_both_before_anything_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = noise(7, HEIGHT), noise(8, HEIGHT)

    def screen(step: int) -> Pixels:
        made = np.full((HEIGHT, WIDTH), 0xFFFFFF, dtype=np.uint32)
        made[:, :100] = np.roll(left, -5 * step, 0)[:, :100]
        made[:, 200:] = np.roll(right, 4 * step, 0)[:, 200:]
        return made

    visit = settled_on(screen)
    visit.show(screen(1))
    visit.settle()
    monkeypatch.delattr("host_client.screen.moves._runs")
    visit.canvas.copies.clear()
    visit.show(screen(2))
    assert {(x - from_x, y - from_y) for from_x, from_y, x, y, _, _ in visit.canvas.copies} == {(0, -5), (0, 4)}
    visit.settle()
    assert_shows(visit, screen(2))


def test_what_goes_on_moving_is_not_at_rest() -> None:
    film = noise(5, HEIGHT + 30 * 16)
    visit = settled_on(lambda _step: film[:HEIGHT])
    for step in range(1, 30):
        visit.canvas.pieces.clear()
        visit.show(film[step * 16 : step * 16 + HEIGHT])
        assert sum(width * height for _, _, width, height in visit.canvas.pieces) == 16 * WIDTH  # nothing is repaired yet
    assert Codec.JPEG in visit.canvas.codecs
    visit.settle()
    assert_shows(visit, film[29 * 16 : 29 * 16 + HEIGHT])


def test_what_stops_going_on_is_searched_again() -> None:
    visit = settled_on(SCREENS["terminal"])
    for step in (1, 2, 0, 1):
        visit.canvas.copies.clear()
        visit.show(SCREENS["terminal"](step))
        assert {(x - from_x, y - from_y) for from_x, from_y, x, y, _, _ in visit.canvas.copies} == {(0, 26 if step == 0 else -13)}
        assert_shows(visit, SCREENS["terminal"](step))


def test_a_dragged_window_is_copied() -> None:
    visit = settled_on(SCREENS["dialog"])
    visit.show(SCREENS["dialog"](1))
    assert [copy[2:4] for copy in visit.canvas.copies][:1] == [(37, 41)]
    assert visit.bytes < 12_000
    assert_shows(visit, SCREENS["dialog"](1))


def test_what_moves_like_a_video_is_sent_with_loss_and_repaired_within_300_ms_of_rest() -> None:
    visit = settled_on(SCREENS["video"])
    for step in range(1, 6):
        visit.show(SCREENS["video"](step))
    assert Codec.JPEG in visit.canvas.codecs
    assert differing(visit.canvas.picture, image_of(SCREENS["video"](5))) is not None
    assert visit.settle() <= 0.3
    assert_shows(visit, SCREENS["video"](5))


def test_a_copy_of_lossy_pixels_is_repaired_where_it_was_copied_to() -> None:
    visit = settled_on(SCREENS["video"])
    for step in range(1, 4):
        visit.show(SCREENS["video"](step))
    scrolled = np.roll(SCREENS["video"](3), -40, axis=0)
    visit.canvas.copies.clear()
    visit.show(scrolled)
    assert visit.canvas.copies
    visit.settle()
    assert_shows(visit, scrolled)


def test_a_still_screen_costs_nothing() -> None:
    visit = settled_on(SCREENS["photograph"])
    assert [visit.step(1.0) for _ in range(20)] == [0] * 20
    assert not visit.pipeline.owes
    assert visit.pipeline.rest_in(visit.now) is None


def test_on_a_narrow_line_no_message_is_long_and_no_picture_is_old() -> None:
    visit = settled_on(SCREENS["video"], QUARTER)
    visit.messages.clear()
    for step in range(1, 12):
        visit.show(SCREENS["video"](step))
        visit.step(0.15)
    assert max(map(len, visit.messages)) <= NARROW_MESSAGE + 14
    assert max(visit.ages) <= 2 * (FRAME_BYTES_MIN + NARROW_MESSAGE) / QUARTER
    visit.settle()
    assert_shows(visit, SCREENS["video"](11))


def test_what_the_console_worked_is_not_the_lines_time() -> None:
    pipeline, now = Pipeline(), 1.0
    frame_of(pipeline, noise(1), now)
    pipeline.sent(now)
    pipeline.shown(1, now + 2.0, 1.99)
    assert pipeline.credit.rate is not None
    assert not pipeline.credit.is_slow


def test_what_is_typed_goes_before_the_picture_beside_it() -> None:
    visit = settled_on(SCREENS["photograph"], QUARTER)
    later = SCREENS["video"](1)
    later[5:15, 5:15] = SCREENS["photograph"](0)[5:15, 5:15] ^ 0xFFFFFF
    visit.show(later)
    _, _, width, height = visit.canvas.pieces[0]
    assert visit.pipeline.owes
    assert width * height <= min(w * h for _, _, w, h in visit.canvas.pieces)
    visit.settle()
    assert_shows(visit, later)


# ---- random damage --------------------------------------------------------------------------------------------------------------------

CONTENTS: dict[str, Pixels] = {
    "text": SCREENS["terminal"](0)[:HEIGHT, :WIDTH].copy(),
    "photograph": SCREENS["photograph"](0)[:HEIGHT, :WIDTH].copy(),
    "table": SCREENS["table"](0)[:HEIGHT, :WIDTH].copy(),
}
DEEDS = st.sampled_from(["scroll", "go on", "go on", "move", "paint", "noise", "photograph", "wait", "rest"])


RATES = st.sampled_from([FAST, MEGABIT, QUARTER])


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(CONTENTS)), st.lists(st.tuples(DEEDS, st.integers(0, 2**32 - 1)), max_size=12), RATES)
def test_whatever_is_drawn_the_console_shows_it_in_the_end(content: str, deeds: list[tuple[str, int]], rate: float) -> None:
    visit, screen = ScreenVisit(rate=rate), CONTENTS[content].copy()
    visit.show(screen)
    for deed, seed in deeds:
        dice = np.random.default_rng(seed)
        if deed in ("wait", "rest"):
            visit.step(0.02 if deed == "wait" else 0.4)
            continue
        x, y, width, height = act(screen, deed, dice)
        visit.show(screen, shot_of(screen, x, y, width, height))
    visit.settle(200.0)
    assert_shows(visit, screen)


def act(screen: Pixels, deed: str, dice: np.random.Generator) -> tuple[int, int, int, int]:
    """Draw something; the box that it was drawn in."""
    x, y = int(dice.integers(0, WIDTH - 20)), int(dice.integers(0, HEIGHT - 20))
    width, height = int(dice.integers(1, WIDTH - x)), int(dice.integers(1, HEIGHT - y))
    here = screen[y : y + height, x : x + width]
    if deed == "scroll":
        here[:] = np.roll(here, (int(dice.integers(-40, 40)), int(dice.integers(-3, 3))), (0, 1))
    elif deed == "go on":
        x, y, width, height = 0, 0, WIDTH, HEIGHT
        screen[:] = np.roll(screen, -13, 0)
    elif deed == "move":
        from_x, from_y = int(dice.integers(0, WIDTH - width + 1)), int(dice.integers(0, HEIGHT - height + 1))
        here[:] = screen[from_y : from_y + height, from_x : from_x + width].copy()
    elif deed == "paint":
        here[:] = int(dice.integers(0, 2**24))
    elif deed == "noise":
        here[:] = dice.integers(0, 2**24, here.shape)
    else:
        here[:] = CONTENTS["photograph"][:height, :width]
    return x, y, width, height


# ---- the pace -------------------------------------------------------------------------------------------------------------------------


def test_after_stillness_two_frames_may_follow_each_other_and_then_the_rate_is_kept() -> None:
    pace, now, taken = Pace(), 100.0, []
    for _ in range(10):
        now += max(0.0, pace.pause(now))
        pace.taken(now)
        taken.append(now - 100.0)
    assert taken[:2] == [0.0, 0.0]
    assert taken[1:] == pytest.approx([place * FRAME_SECONDS for place in range(9)])


def test_a_frame_that_came_late_is_not_made_up_for() -> None:
    pace = Pace()
    pace.taken(100.0)
    pace.taken(100.0 + 0.9 * FRAME_SECONDS)
    assert pace.pause(100.0 + FRAME_SECONDS) == pytest.approx(0.0)
    assert pace.pause(200.0) < 0
    pace.taken(200.0)
    pace.taken(200.0)
    assert pace.pause(200.0) == pytest.approx(FRAME_SECONDS)
