"""Injection into a real program on a real X screen."""

from collections.abc import Iterator

import pytest
from Xlib import X

from host_client.desk.input_x11 import XInjector
from host_client.desk.keysyms import keysyms_of_key
from host_client.ports import ScreenLost
from host_client.screen.x_display import close_display, open_display
from tests.helpers import typed_text
from tests.helpers.typing_program import Program, typing_program
from tests.helpers.x_server import XScreen
from wire.sealed.input import KEYS


@pytest.fixture
def program(screen: XScreen) -> Iterator[Program]:
    with typing_program(screen, typed_text) as started:
        yield started


@pytest.fixture
def injector(screen: XScreen) -> Iterator[XInjector]:
    with XInjector(screen.display) as made:
        yield made


def test_text_arrives_whatever_its_letters(program: Program, injector: XInjector) -> None:
    text = 'Lamp #7 at 40 % é ß € Ω я 試 ~^`"\\ Ünïcode {end}'
    for letter in text:
        injector.character(letter)
    program.until_text(text)


def test_more_strange_letters_than_spare_keys_arrive_in_order(program: Program, injector: XInjector) -> None:
    text = "".join(chr(0x3042 + 2 * number) for number in range(30))
    for number, letter in enumerate(text, 1):
        injector.character(letter)
        program.until_text(text[:number])


def test_a_shortcut_arrives_as_a_shortcut(program: Program, injector: XInjector) -> None:
    injector.character("x")
    program.until_text("x")
    for name, down in (("ControlLeft", True), ("KeyA", True), ("KeyA", False), ("ControlLeft", False), ("Delete", True), ("Delete", False)):
        injector.key(name, down)
    assert program.until(lambda said: said["kind"] == "KeyPress" and said["key"] == 0x41)["control"]
    program.until_text("")


def test_letters_stay_as_typed_while_shift_or_caps_lock_is_down(program: Program, injector: XInjector) -> None:
    injector.key("ShiftLeft", True)
    for letter in "aB":
        injector.character(letter)
    injector.key("ShiftLeft", False)
    injector.key("CapsLock", True)
    injector.key("CapsLock", False)
    for letter in "cD1é":
        injector.character(letter)
    program.until_text("aBcD1é")


def test_pointer_buttons_and_wheel_arrive_where_they_were_meant(program: Program, injector: XInjector) -> None:
    injector.move(321, 123)
    injector.button(1, True)
    injector.button(1, False)
    pressed = program.until(lambda said: said["kind"] == "MouseButtonPress")
    assert (pressed["x"], pressed["y"], pressed["button"]) == (321, 123, 1)
    program.until(lambda said: said["kind"] == "MouseButtonRelease")
    injector.wheel(0, 2)
    assert program.until(lambda said: said["kind"] == "Wheel")["dy"] < 0


def test_release_all_lets_go_of_keys_and_buttons(program: Program, injector: XInjector, screen: XScreen) -> None:
    injector.move(50, 50)
    injector.button(1, True)
    injector.key("ControlLeft", True)
    injector.key("KeyQ", True)
    program.until(lambda said: said["kind"] == "KeyPress" and said["key"] == 0x51)
    assert held(screen) != (0, 0)
    injector.release_all()
    assert held(screen) == (0, 0)


def held(screen: XScreen) -> tuple[int, int]:
    """How many keys are down, and the state of buttons and modifiers."""
    display = open_display(screen.display)
    keys = sum(int(octet).bit_count() for octet in display.query_keymap())
    state = int(display.screen().root.query_pointer().mask)
    close_display(display)
    return keys, state & (X.ShiftMask | X.ControlMask | X.Button1Mask)


def test_the_keyboard_is_put_back_as_it_was(screen: XScreen) -> None:
    def mapping() -> list[list[int]]:
        display = open_display(screen.display)
        symbols = [list(row) for row in display.get_keyboard_mapping(8, 248)]
        close_display(display)
        return symbols

    before = mapping()
    with XInjector(screen.display) as injector:
        for letter in "Ωя試":
            injector.character(letter)
        assert mapping() != before
    assert mapping() == before


def test_every_key_of_the_wire_has_a_keysym() -> None:
    symbols = [keysyms_of_key(name)[0] for name in KEYS]
    assert len(set(symbols)) == len(KEYS)
    with pytest.raises(KeyError):
        keysyms_of_key("NoSuchKey")


def test_without_a_screen_there_is_nothing_to_inject_into() -> None:
    with pytest.raises(ScreenLost):
        XInjector(":64998")
