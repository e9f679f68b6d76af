"""Which windows a mask hides, and that what it hides is gone from the picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_client.link_masks import MaskRule
from host_client.screen.change import Rectangle
from host_client.screen.masks import INK, PAPER, Window, covers, hides, masked, paint

AT = Rectangle(10, 20, 30, 40)
LIST = Window(AT, ("", "Patient list - Örn"), ("medview", "MedView"), ("medview", "openbox"))


def rule(title: str = "", window_class: str = "", program: str = "", at: tuple[int, int, int, int] = (0, 0, 0, 0)) -> MaskRule:
    return MaskRule(title, window_class, program, *at)


@pytest.mark.parametrize(
    ("asked", "hidden"),
    [
        (rule(title="patient*"), True),
        (rule(title="PATIENT LIST - ö??"), True),
        (rule(title="list"), False),
        (rule(title="[p]atient*"), True),
        (rule(window_class="MEDVIEW"), True),
        (rule(window_class="view"), False),
        (rule(program="medview"), True),
        (rule(program="medview", title="other"), False),
        (rule(program="other", title="*"), False),
        (rule(at=(10, 20, 30, 40)), False),
        (rule(), False),
    ],
)
def test_a_window_is_hidden_when_every_word_fits(asked: MaskRule, hidden: bool) -> None:
    assert hides(asked, LIST) is hidden


def test_a_window_that_nobody_knows_might_be_the_one() -> None:
    unknown = Window(AT, None, None, None)
    assert all(hides(each, unknown) for each in (rule(title="x"), rule(window_class="x"), rule(program="x")))
    assert hides(rule(title="Patient*", program="x"), Window(AT, ("Patients",), (), None))
    assert not hides(rule(title="Patient*", program="x"), Window(AT, ("Notes",), (), None))


def test_regions_and_windows_are_hidden_as_far_as_they_lie_in_the_picture() -> None:
    rules = (rule(at=(90, 90, 30, 30)), rule(at=(200, 0, 5, 5)), rule(at=(1, 1, 0, 9)), rule(program="medview"))
    left = Window(Rectangle(-5, -5, 10, 10), (), (), ("medview",))
    gone = Window(Rectangle(-50, 5, 50, 10), (), (), ("medview",))
    free = Window(Rectangle(50, 50, 10, 10), (), (), ("notes",))
    assert masked(rules, (left, gone, free), 100, 100) == {Rectangle(90, 90, 10, 10), Rectangle(0, 0, 5, 5)}


BOXES = st.builds(Rectangle, st.integers(-20, 60), st.integers(-20, 60), st.integers(1, 50), st.integers(1, 50))


@given(st.lists(BOXES, max_size=4), st.integers(0, 30), st.integers(0, 30), st.integers(1, 40), st.integers(1, 40))
def test_what_is_hidden_is_painted_and_nothing_else(hidden: list[Rectangle], x: int, y: int, width: int, height: int) -> None:
    pixels = np.full((height, width), 0x00123456, dtype=np.uint32)
    paint(pixels, x, y, hidden)
    for row in range(height):
        for column in range(width):
            wanted = {PAPER, INK} if covers(hidden, x + column, y + row) else {0x00123456}
            assert int(pixels[row, column]) in wanted


def test_the_stripes_go_on_where_a_part_is_cut() -> None:
    hidden = [Rectangle(3, 4, 40, 40)]
    whole = np.zeros((50, 50), dtype=np.uint32)
    paint(whole, 0, 0, hidden)
    part = np.zeros((20, 20), dtype=np.uint32)
    paint(part, 17, 9, hidden)
    assert np.array_equal(part, whole[9:29, 17:37])
    assert {int(each) for each in np.unique(part)} == {PAPER, INK}
