"""The witness on a real screen: whose press it was, and silence where that cannot be known."""

import queue
from collections.abc import Iterator

import pytest
from Xlib import X
from Xlib.display import Display

from host_client.desk.devices_x11 import XWitness, open_witness
from host_client.desk.input_x11 import XInjector
from host_client.desk.witness import Chord
from host_client.screen.x_display import close_display, open_display
from tests.helpers.x_server import XScreen, hand

DEADLINE = 20.0
Said = queue.SimpleQueue[str]


@pytest.fixture
def ends() -> Said:
    return queue.SimpleQueue()


@pytest.fixture
def witness(screen: XScreen, ends: Said) -> Iterator[XWitness]:
    made = open_witness(screen.display, {Chord.END: lambda: ends.put("end"), Chord.TAKE_BACK: lambda: ends.put("mine")})
    assert made is not None
    yield made
    made.close()
    assert not made.is_alive()


@pytest.fixture
def window(screen: XScreen) -> Iterator[Display]:
    """A connection whose window fills the screen and hears presses."""
    display = open_display(screen.display)
    mask = X.ButtonPressMask | X.ButtonReleaseMask | X.KeyPressMask | X.ExposureMask
    made = display.screen().root.create_window(
        0, 0, screen.width, screen.height, 0, X.CopyFromParent, override_redirect=True, event_mask=mask
    )
    made.map()
    next_of(display, X.Expose)
    made.set_input_focus(X.RevertToParent, X.CurrentTime)
    display.sync()
    yield display
    close_display(display)


def next_of(display: Display, kind: int) -> int:
    """The server's time of the next event of this kind."""
    while (event := display.next_event()).type != kind:
        pass
    return int(getattr(event, "time", 0))


async def test_a_persons_press_is_told_from_an_injectors(screen: XScreen, witness: XWitness, window: Display) -> None:
    assert witness.available
    with XInjector(screen.display) as injector:
        injector.move(200, 200)
        injector.button(1, True)
        injector.button(1, False)
        injected = [next_of(window, X.ButtonPress), next_of(window, X.ButtonRelease)]
    assert not witness.physical(injected)
    async with hand(screen) as person:
        await person.click(210, 210)
        by_hand = [next_of(window, X.ButtonPress), next_of(window, X.ButtonRelease)]
        assert witness.physical(by_hand)
    assert not witness.physical([by_hand[0], injected[1]])
    assert not witness.physical([])
    assert not witness.physical([by_hand[0] + 1_000_000])


async def test_the_last_key_decides_whose_line_it_was(screen: XScreen, witness: XWitness, window: Display) -> None:
    assert not witness.last_key_was_injected()
    with XInjector(screen.display) as injector:
        injector.key("KeyA", True)
        injector.key("KeyA", False)
        next_of(window, X.KeyPress)
    assert witness.last_key_was_injected()
    async with hand(screen) as person:
        await person.press("a")
        next_of(window, X.KeyPress)
        assert not witness.last_key_was_injected()


async def test_one_injected_key_among_the_newest_makes_none_of_them_a_persons(screen: XScreen, witness: XWitness, window: Display) -> None:
    assert not witness.keys_were_physical()
    async with hand(screen) as person:
        await person.press("a")
        next_of(window, X.KeyPress)
        assert witness.keys_were_physical()
        with XInjector(screen.display) as injector:
            injector.key("KeyB", True)
            injector.key("KeyB", False)
            next_of(window, X.KeyPress)
        await person.press("c")
        next_of(window, X.KeyPress)
    assert not witness.last_key_was_injected()
    assert not witness.keys_were_physical()


async def test_the_chord_ends_a_visit_only_from_a_real_keyboard(screen: XScreen, witness: XWitness, window: Display, ends: Said) -> None:
    with XInjector(screen.display) as injector:
        for name in ("ControlLeft", "AltLeft", "End"):
            injector.key(name, True)
        injector.release_all()
        for _ in range(3):
            next_of(window, X.KeyPress)
    assert witness.last_key_was_injected()
    assert ends.empty()
    async with hand(screen) as person:
        await person.press("Ctrl", "Alt", "Home")
        await person.press("Ctrl", "Alt", "Insert")
        await person.press("Ctrl", "Alt", "End")
        assert [ends.get(timeout=DEADLINE), ends.get(timeout=DEADLINE)] == ["mine", "end"]


async def test_whoever_attends_hears_of_each_touch_of_the_person_and_of_none_of_an_injector(
    screen: XScreen, witness: XWitness, window: Display
) -> None:
    touches: queue.SimpleQueue[str] = queue.SimpleQueue()
    async with hand(screen) as person:
        await person.move(5, 5)
        witness.attend(lambda: touches.put("touch"))
        witness.last_key_was_injected()  # answered after the witness has begun to attend
        with XInjector(screen.display) as injector:
            injector.move(300, 300)
            injector.button(1, True)
            injector.button(1, False)
            injector.key("KeyA", True)
            injector.key("KeyA", False)
            next_of(window, X.KeyPress)
        witness.last_key_was_injected()
        assert touches.empty()
        await person.move(40, 40)
        assert touches.get(timeout=DEADLINE)
        witness.attend(None)
        witness.last_key_was_injected()
        while not touches.empty():
            touches.get()
        await person.press("b")
        next_of(window, X.KeyPress)
        witness.last_key_was_injected()
        assert touches.empty()


def test_a_covered_window_is_told(screen: XScreen, witness: XWitness, window: Display) -> None:
    covered: Said = queue.SimpleQueue()
    root = window.screen().root
    mine, over = (root.create_window(0, 0, 100, 50, 0, X.CopyFromParent, override_redirect=True) for _ in range(2))
    mine.map()
    window.sync()
    witness.watch(mine.id, lambda: covered.put("covered"))
    witness.last_key_was_injected()  # answered after the watch has begun
    over.map()
    window.sync()
    assert covered.get(timeout=DEADLINE) == "covered"


def test_where_the_server_cannot_tell_nothing_is_claimed(screen: XScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Display, "has_extension", lambda _self, name: name != "XInputExtension")
    witness = open_witness(screen.display, {})
    assert witness is not None
    assert not witness.available
    assert not witness.physical([1])
    assert not witness.last_key_was_injected()
    assert not witness.keys_were_physical()
    witness.close()


def test_without_a_screen_there_is_no_witness() -> None:
    assert open_witness(":64997", {}) is None
