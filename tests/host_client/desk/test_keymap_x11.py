"""The keyboard of the moment on a real screen: found where the layout has it, borrowed where it has not, given back after."""

import subprocess
from collections.abc import Iterator

import pytest
from Xlib import XK
from Xlib.display import Display
from Xlib.ext import xinput

from host_client.desk import keymap_x11
from host_client.desk.keymap_x11 import Keymap, group_of
from host_client.desk.xkb import LEVEL_3, LOCK, NUM_LOCK, SHIFT, Keyboard
from host_client.ports import ScreenLost
from host_client.screen.x_display import close_display, open_display
from tests.helpers.x_server import XScreen


@pytest.fixture
def display(screen: XScreen) -> Iterator[Display]:
    made = open_display(screen.display)
    yield made
    close_display(made)


class Programs:
    """Those who read the keyboard: how often they were waited for, and whether waiting is worth it."""

    waits = 0
    patient = True

    def caught_up(self) -> bool:
        self.waits += 1
        return self.patient


@pytest.fixture
def programs() -> Programs:
    return Programs()


@pytest.fixture
def keymap(screen: XScreen, display: Display, programs: Programs) -> Iterator[Keymap]:
    made = Keymap(display, screen.display, programs.caught_up)
    yield made
    made.close()


def rows(display: Display) -> list[list[int]]:
    return [list(row) for row in display.get_keyboard_mapping(8, 248)]


def use(screen: XScreen, layout: str) -> None:
    subprocess.run(["setxkbmap", "-display", screen.display, "-layout", layout], check=True)


def test_a_letter_is_found_with_what_it_needs(screen: XScreen, keymap: Keymap) -> None:
    small, capital = keymap.character("a", 0), keymap.character("A", 0)
    assert small is not None
    assert capital is not None
    assert (small.hold, capital.hold, small.keycode) == (0, SHIFT, capital.keycode)
    assert keymap.character("a", LOCK) == capital
    assert keymap.character("@", 0) != keymap.character("€", 0) is None
    use(screen, "de")
    at, euro = keymap.character("@", 0), keymap.character("€", 0)
    assert at is not None
    assert euro is not None
    assert (at.hold, euro.hold) == (LEVEL_3, LEVEL_3)


def test_the_layout_that_is_on_decides(screen: XScreen, keymap: Keymap) -> None:
    use(screen, "us,fr")
    first, second = keymap.character("a", 0), keymap.character("a", 1 << 13)
    assert first is not None
    assert second is not None
    assert first.keycode != second.keycode
    assert [group_of(state) for state in (0, 1 << 13, 3 << 13, 0xFF)] == [0, 1, 3, 0]


def test_a_shortcut_is_found_on_another_layout_and_whatever_the_locks(screen: XScreen, keymap: Keymap) -> None:
    use(screen, "us,ru")
    latin = keymap.symbol((XK.XK_c,), 0)
    assert latin is not None
    assert keymap.symbol((XK.XK_c,), 1 << 13) == latin
    assert keymap.symbol((XK.XK_c,), LOCK) == latin
    assert keymap.symbol((0x1234567, XK.XK_c), 0) == latin
    assert keymap.symbol((0x1234567,), 0) is None
    home, seven = keymap.symbol((XK.XK_KP_Home,), 0), keymap.symbol((XK.XK_KP_7,), NUM_LOCK)
    assert home is not None
    assert home == seven


def test_the_key_pad_is_nobodys_digit(display: Display, keymap: Keymap) -> None:
    stroke = keymap.character("7", NUM_LOCK)
    assert stroke is not None
    assert display.keycode_to_keysym(stroke.keycode, 0) == XK.XK_7


def test_a_borrowed_key_types_two_letters_until_it_is_given_back(display: Display, keymap: Keymap) -> None:
    before = rows(display)
    lent = [keymap.borrow(letter) for letter in "жщжы"]
    first, second, again, third = lent
    assert first is not None
    assert second is not None
    assert third is not None
    assert again == first
    assert (first.keycode, first.hold, second.hold) == (second.keycode, 0, SHIFT)
    assert third.keycode != first.keycode
    assert keymap.character("ж", 0) is None
    keymap.give_back()
    assert rows(display) == before


def test_the_key_that_was_used_longest_ago_is_lent_again_and_only_when_programs_have_read_it(keymap: Keymap, programs: Programs) -> None:
    letters = [chr(0x3042 + number) for number in range(80)]
    codes = [stroke.keycode for stroke in map(keymap.borrow, letters) if stroke is not None]
    spare = len(set(codes))
    assert len(codes) == len(letters)
    assert 2 * spare < len(letters)
    assert codes == [codes[place % (2 * spare)] for place in range(len(letters))]
    assert programs.waits == len(letters) + (len(letters) - 2 * spare + 1) // 2
    keymap.give_back()
    assert not keymap.lends


def test_nobody_waits_for_programs_once_control_is_being_taken_back(keymap: Keymap, programs: Programs) -> None:
    programs.patient = False
    assert keymap.borrow("ж") is None


def test_a_shortcut_needs_no_shift(keymap: Keymap) -> None:
    assert keymap.borrow("ж") is not None
    shared, own = keymap.borrow("щ"), keymap.borrow("щ", plain=True)
    assert shared is not None
    assert own is not None
    assert (shared.hold, own.hold) == (SHIFT, 0)
    assert keymap.borrow("щ", plain=True) == own


def test_another_layout_takes_borrowed_keys_away_and_they_are_borrowed_anew(screen: XScreen, display: Display, keymap: Keymap) -> None:
    assert keymap.borrow("ж") is not None
    use(screen, "fr")
    fresh = rows(display)
    stroke = keymap.borrow("ж")
    assert stroke is not None
    assert display.get_keyboard_mapping(stroke.keycode, 1)[0][0] == 0x01000436
    keymap.give_back()
    assert rows(display) == fresh


def test_what_somebody_else_put_on_a_borrowed_key_stays(screen: XScreen, display: Display, keymap: Keymap) -> None:
    stroke = keymap.borrow("ж")
    assert stroke is not None
    display.change_keyboard_mapping(stroke.keycode, [[XK.XK_F13, XK.XK_F13]])
    display.sync()
    keymap.give_back()
    assert display.get_keyboard_mapping(stroke.keycode, 1)[0][0] == XK.XK_F13


def test_a_keyboard_without_a_key_to_spare_lends_none(keymap: Keymap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keymap, "_spare", [])
    assert keymap.borrow("ж") is None


def test_a_screen_that_does_not_tell_its_keyboards_apart_takes_no_input(
    screen: XScreen, display: Display, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ScreenLost):
        Keyboard(":64998", 3)
    monkeypatch.setattr(xinput, "SlaveKeyboard", -1)
    with pytest.raises(ScreenLost):
        keymap_x11.Keymap(display, screen.display, lambda: True)
    monkeypatch.setattr(Display, "has_extension", lambda _self, _name: False)
    with pytest.raises(ScreenLost):
        keymap_x11.Keymap(display, screen.display, lambda: True)
