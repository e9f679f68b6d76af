"""A seat has a screen, or none."""

import pytest

from host_client.core.ports import Seat


@pytest.mark.parametrize(("width", "height", "there"), [(640, 480, True), (0, 480, False), (640, 0, False), (0, 0, False)])
def test_a_screen_without_extent_is_none(width: int, height: int, there: bool) -> None:
    assert Seat("en", "lab", "c1", width, height).has_screen is there
