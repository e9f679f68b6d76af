"""What moves, and where."""

from benchmarks.scene import CHART, ROW, WINDOW, Scene, curves, strip, window

SCENE = Scene(1920, 1080)


def test_the_window_stays_within_the_table_wherever_it_is_dragged() -> None:
    x, y, width, height = SCENE.table
    for left, top in SCENE.drag_plan:
        assert x <= left <= x + width - WINDOW[0]
        assert y <= top <= y + height - WINDOW[1]
    assert len(set(SCENE.drag_plan[:300])) > 290


def test_nothing_that_is_timed_lies_upon_another() -> None:
    table_x, table_y, _, height = SCENE.table
    chart_x, chart_y, chart_width, chart_height = CHART
    assert chart_x + chart_width < table_x
    assert chart_y + chart_height <= SCENE.height - 24
    assert table_y + height <= SCENE.height - 24
    assert SCENE.rows * ROW == height


def test_a_row_is_the_same_in_every_run_and_unlike_the_next() -> None:
    assert SCENE.row(7).tobytes() == SCENE.row(7).tobytes()
    assert SCENE.row(7).tobytes() != SCENE.row(9).tobytes()
    assert SCENE.row(7).size == (SCENE.table[2], ROW)


def test_strips_begin_again_from_zero() -> None:
    assert strip(4096).tobytes() == strip(0).tobytes()
    assert strip(1).tobytes() != strip(0).tobytes()


def test_a_curve_goes_on_where_it_ended() -> None:
    for before, after in zip(curves(4), curves(5), strict=True):
        assert before[1][1] == after[0][1]
    assert window().size == WINDOW
