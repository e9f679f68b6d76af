"""Text and shortcuts on the layouts of Europe and beyond: what is meant arrives, whatever keyboard the PC has.

Two programs receive: Qt (libxkbcommon) and Tk (Xlib's own tables). Each runs once and sees every layout, as programs do
whose user changes the keyboard.
"""

import subprocess
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from Xlib import X
from Xlib.ext import xtest

from host_client.desk.input_x11 import XInjector
from host_client.desk.keymap_x11 import group_of
from host_client.screen.x_display import close_display, open_display
from tests.helpers import typed_text, typed_text_tk
from tests.helpers.typing_program import Program, Said, typing_program
from tests.helpers.x_server import XScreen, xvnc

LAYOUTS = ("us", "us(intl)", "fr", "de", "ch(fr)", "ch(de)", "ca", "gb", "gr", "us,ru", "fr,us")
ASCII = "".join(map(chr, range(0x20, 0x7F)))
ACCENTED = "\N{LATIN SMALL LETTER E WITH ACUTE}\N{LATIN CAPITAL LETTER E WITH ACUTE}àçêëîôùüÄÖÜß€£§°µ²œŒŁłя試"
BEYOND = "😀👍"
"""Tk 8.6 has no characters beyond the first 65,536."""
SCROLL_LOCK = 78
KEYS = Qt.Key
CYRILLIC = {int(KEYS.Key_F): ord("А")}  # noqa: RUF001
SHORTCUTS: tuple[tuple[tuple[str, ...], int, set[str]], ...] = (
    (("ControlLeft", "KeyC"), KEYS.Key_C, {"Control"}),
    (("ControlRight", "KeyZ"), KEYS.Key_Z, {"Control"}),
    (("ControlLeft", "KeyA"), KEYS.Key_A, {"Control"}),
    (("ControlLeft", "KeyQ"), KEYS.Key_Q, {"Control"}),
    (("ControlLeft", "ShiftLeft", "KeyT"), KEYS.Key_T, {"Control", "Shift"}),
    (("AltLeft", "F4"), KEYS.Key_F4, {"Alt"}),
    (("AltRight", "F4"), KEYS.Key_F4, {"Alt"}),
    (("AltLeft", "KeyF"), KEYS.Key_F, {"Alt"}),
    (("ShiftLeft", "ArrowLeft"), KEYS.Key_Left, {"Shift"}),
    (("ControlLeft", "AltLeft", "Delete"), KEYS.Key_Delete, {"Control", "Alt"}),
    (("ControlLeft", "Digit0"), KEYS.Key_0, {"Control"}),
)


@pytest.fixture(scope="module")
def place() -> Iterator[XScreen]:
    with xvnc(800, 600) as screen:
        yield screen


@pytest.fixture(scope="module")
def qt(place: XScreen) -> Iterator[Program]:
    with typing_program(place, typed_text) as started:
        yield started


@pytest.fixture(scope="module")
def tk() -> Iterator[tuple[XScreen, Program]]:
    with xvnc(800, 600) as screen, typing_program(screen, typed_text_tk) as started:
        yield screen, started


def use(place: XScreen, layout: str) -> None:
    """Change the keyboard as its user would; of two layouts the second is on."""
    name, _, variant = layout.rstrip(")").partition("(")
    words = ["-display", place.display, "-layout", name, "-variant", variant, "-option", ""]
    subprocess.run(["setxkbmap", *words, *(["-option", "grp:sclk_toggle"] if "," in name else [])], check=True)
    if "," in name:
        switch_to_second(place)


def switch_to_second(place: XScreen) -> None:
    display = open_display(place.display)
    while group_of(int(display.screen().root.query_pointer().mask)) != 1:
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(display, kind, SCROLL_LOCK)
        display.sync()
    close_display(display)


def tap(injector: XInjector, *names: str) -> None:
    for name in names:
        injector.key(name, True)
    for name in reversed(names):
        injector.key(name, False)


def type_into(program: Program, injector: XInjector, text: str) -> None:
    """Into an empty field, which is empty again after."""
    for letter in text:
        injector.character(letter)
    program.until_text(text)
    tap(injector, "ControlLeft", "KeyA")
    tap(injector, "Delete")
    program.until_text("")


def type_all(program: Program, injector: XInjector, beyond: str) -> None:
    type_into(program, injector, ASCII + ACCENTED + beyond)
    tap(injector, "CapsLock")
    type_into(program, injector, "abcXYZ 123 éÉ@€ß")
    tap(injector, "CapsLock")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_text_arrives_as_it_was_typed(place: XScreen, qt: Program, layout: str) -> None:
    use(place, layout)
    with XInjector(place.display) as injector:
        type_all(qt, injector, BEYOND)


@pytest.mark.parametrize("layout", ["us", "fr", "us,ru"])
def test_text_arrives_in_older_programs(tk: tuple[XScreen, Program], layout: str) -> None:
    place, program = tk
    use(place, layout)
    with XInjector(place.display) as injector:
        type_all(program, injector, "")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_shortcuts_arrive_as_they_were_meant(place: XScreen, qt: Program, layout: str) -> None:
    use(place, layout)
    with XInjector(place.display) as injector:
        for names, key, held in SHORTCUTS:
            tap(injector, *names)
            arrived = set(qt.until(pressed(key))["held"])
            needed = {"Shift"} if names[-1].startswith("Digit") else set()  # where the digit itself needs it
            assert arrived - needed == held, f"{names} arrived with {arrived}"


@pytest.mark.parametrize("layout", ["fr", "de", "ch(fr)"])
def test_what_needs_altgr_is_no_shortcut(place: XScreen, qt: Program, layout: str) -> None:
    use(place, layout)
    with XInjector(place.display) as injector:
        for letter in "@€":
            injector.character(letter)
            assert not {"Control", "Alt"} & set(qt.until(typed(letter))["held"])
            tap(injector, "Backspace")
        qt.until_text("")


def test_five_hundred_mixed_characters_arrive_in_order_however_fast(place: XScreen, qt: Program) -> None:
    use(place, "fr")
    strange = [chr(0x4E00 + 7 * number) for number in range(60)]
    text = "".join(f"{ASCII[number % 95]}{ACCENTED[number % len(ACCENTED)]}{letter}aA" for number, letter in enumerate(strange * 2))[:500]
    with XInjector(place.display) as injector:
        type_into(qt, injector, text)


def pressed(key: int) -> Callable[[Said], bool]:
    """Qt finds the Latin letter of a Cyrillic key for Ctrl, and names the Cyrillic one for Alt."""
    return lambda said: said["kind"] == "KeyPress" and said["key"] in {key, CYRILLIC.get(key, key)}


def typed(letter: str) -> Callable[[Said], bool]:
    return lambda said: said["kind"] == "KeyPress" and bool(said["text"] == letter)
