"""The keyboard of the moment on a real screen: found where the layout has it, borrowed where it has not."""

from collections.abc import Iterator

import pytest
from Xlib import XK
from Xlib.display import Display

from host_client.desk.keymap_x11 import Keymap, Stroke
from host_client.screen.x_display import close_display, open_display
from tests.helpers.x_server import XScreen


@pytest.fixture
def display(screen: XScreen) -> Iterator[Display]:
    made = open_display(screen.display)
    yield made
    close_display(made)


def test_a_letter_is_found_with_the_modifier_it_needs(display: Display) -> None:
    keymap = Keymap(display)
    small, capital = keymap.find(XK.XK_a), keymap.find(XK.XK_A)
    assert small is not None
    assert not small.shift
    assert capital == Stroke(small.keycode, shift=True)


def test_a_borrowed_key_gives_its_letter_until_it_is_given_back(display: Display) -> None:
    keymap = Keymap(display)
    assert keymap.find(0x01000416) is None
    keycode = keymap.borrow(0x01000436, 0x01000416)
    assert keycode is not None
    assert keymap.find(0x01000416) == Stroke(keycode, shift=True)
    assert keymap.borrow(0x01000436, 0x01000416) == keycode
    keymap.give_back()
    assert keymap.find(0x01000416) is None


def test_the_key_that_was_used_longest_ago_is_lent_again(display: Display) -> None:
    keymap = Keymap(display)
    points = range(0x3042, 0x3042 + 40)
    lent = [keymap.borrow(0x01000000 | point, 0x01000000 | point) for point in points]
    spare = len(set(lent))
    assert None not in lent
    assert 1 < spare < len(points)
    assert lent == [lent[place % spare] for place in range(len(points))]
    keymap.give_back()
