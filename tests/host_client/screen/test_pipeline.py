"""Frames, layout and credit."""

import pytest

from host_client.ports import Shot
from host_client.screen.loop import FRAME_SECONDS, Pace
from host_client.screen.pipeline import Pipeline
from tests.helpers.console_canvas import Canvas, picture_of

SIZE = (300, 270)
BLACK = bytes(SIZE[0] * SIZE[1] * 4)


def whole(frame: bytes, size: tuple[int, int] = SIZE) -> Shot:
    return Shot(0, 0, *size, size, frame)


def with_square(frame: bytes, at: int) -> bytes:
    return frame[: at * 4] + b"\x10\x20\x30\x00" + frame[at * 4 + 4 :]


def test_the_first_frame_is_whole_and_tells_the_layout() -> None:
    canvas = Canvas()
    for message in Pipeline().messages(whole(BLACK), 5):
        canvas.draw(message)
    assert canvas.picture.size == SIZE
    assert canvas.frames == [1]
    assert sum(width * height for _, _, width, height in canvas.pieces) == SIZE[0] * SIZE[1]


def test_a_later_frame_carries_only_what_changed() -> None:
    pipeline, canvas = Pipeline(), Canvas()
    for frame in (BLACK, with_square(BLACK, 299), with_square(with_square(BLACK, 299), 5)):
        canvas.pieces.clear()
        for message in pipeline.messages(whole(frame), 5):
            canvas.draw(message)
        pipeline.shown(canvas.frames[-1])
        assert canvas.picture == picture_of(frame, SIZE)
    assert canvas.pieces == [(5, 0, 1, 1)]


def test_an_unchanged_picture_is_no_frame() -> None:
    pipeline = Pipeline()
    assert list(pipeline.messages(whole(BLACK), 5))
    assert list(pipeline.messages(whole(BLACK), 6)) == []
    assert pipeline.may_send


def test_no_more_than_two_frames_are_unshown() -> None:
    pipeline = Pipeline()
    list(pipeline.messages(whole(BLACK), 1))
    credit = [pipeline.may_send]
    list(pipeline.messages(whole(with_square(BLACK, 1)), 2))
    credit.append(pipeline.may_send)
    pipeline.shown(77)
    credit.append(pipeline.may_send)
    assert credit == [True, False, True]


def test_showing_a_frame_shows_those_before_it_and_not_those_after() -> None:
    pipeline = Pipeline()
    list(pipeline.messages(whole(BLACK), 1))
    list(pipeline.messages(whole(with_square(BLACK, 1)), 2))
    pipeline.shown(0)
    credit = [pipeline.may_send]
    pipeline.shown(2)
    list(pipeline.messages(whole(with_square(BLACK, 2)), 3))
    credit.append(pipeline.may_send)
    assert credit == [False, True]


def test_a_new_size_of_the_screen_is_told_and_sent_whole() -> None:
    pipeline, canvas = Pipeline(), Canvas()
    list(pipeline.messages(whole(BLACK), 1))
    turned = with_square(BLACK, 9)
    for message in pipeline.messages(whole(turned, (SIZE[1], SIZE[0])), 2):
        canvas.draw(message)
    assert canvas.picture == picture_of(turned, (SIZE[1], SIZE[0]))


def test_a_shot_of_a_part_changes_that_part_and_keeps_the_rest() -> None:
    pipeline, canvas = Pipeline(), Canvas()
    shots = (whole(BLACK), Shot(280, 260, 20, 10, SIZE, with_square(bytes(800), 43)), whole(with_square(BLACK, 1)))
    sizes = []
    for shot in shots:
        canvas.pieces.clear()
        for message in pipeline.messages(shot, 5):
            canvas.draw(message)
        sizes.append(list(canvas.pieces))
        if shot is shots[1]:
            assert canvas.picture.getpixel((283, 262)) == (0x30, 0x20, 0x10)
    assert sizes[1] == [(283, 262, 1, 1)]
    assert sorted(sizes[2]) == [(1, 0, 1, 1), (283, 262, 1, 1)]
    assert canvas.picture == picture_of(with_square(BLACK, 1), SIZE)


def test_a_part_of_a_screen_that_was_never_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="never seen whole"):
        list(Pipeline().messages(Shot(5, 5, 2, 2, SIZE, bytes(16)), 5))


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
