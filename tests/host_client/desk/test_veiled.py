"""Input where a privacy mask lies: dropped and said so; everything else passes, and releases always."""

from contextlib import closing

from Xlib import X

from host_client.desk.places_x11 import XPlaces
from host_client.desk.veiled import VeiledInjector
from host_client.ports import ScreenLost
from host_client.screen.change import Rectangle
from host_client.screen.masked import Veil
from host_client.screen.x_display import open_display
from tests.helpers.injector import ListHands
from tests.helpers.x_server import xvfb

HIDDEN, FREE = (15, 15), (50, 50)


class Places:
    """Where the test puts pointer and keyboard; None: nobody can say."""

    def __init__(self) -> None:
        self.at: tuple[int, int] | None = FREE
        self.focus: tuple[int, int] | None = FREE

    def pointer(self) -> tuple[int, int]:
        return _said(self.at)

    def keyboard(self) -> tuple[int, int]:
        return _said(self.focus)

    def close(self) -> None:
        raise ScreenLost("gone already")


def _said(place: tuple[int, int] | None) -> tuple[int, int]:
    if place is None:
        raise ScreenLost("nobody can say")
    return place


class Desk:
    """A veiled hand, and what came of it."""

    def __init__(self, *, masked: bool = True) -> None:
        self.veil, self.places, self.hands = Veil(), Places(), ListHands()
        if masked:
            self.veil.drape(frozenset({Rectangle(10, 10, 20, 20)}))
        self.dropped = 0
        self.hand = VeiledInjector(self.hands, self.places, self.veil, self._count)

    def _count(self) -> None:
        self.dropped += 1

    def press_everything(self) -> None:
        self.hand.button(1, down=True)
        self.hand.button(1, down=False)
        self.hand.wheel(0, 1)
        self.hand.character("a")
        self.hand.key("Enter", down=True)
        self.hand.key("Enter", down=False)


PRESSES = [("button", 1, True), ("wheel", 0, 1)]
KEYS = [("character", "a"), ("key", "Enter", True)]
RELEASES = [("button", 1, False), ("key", "Enter", False)]


def test_where_nothing_is_hidden_everything_passes() -> None:
    for desk in (Desk(), Desk(masked=False)):
        desk.hand.move(*FREE)
        desk.press_everything()
        assert set(desk.hands.did) == {("move", *FREE), *PRESSES, *KEYS, *RELEASES}
        assert desk.dropped == 0


def test_under_the_veil_nothing_is_pressed_and_it_is_said_once_a_second() -> None:
    desk = Desk()
    desk.places.at = desk.places.focus = HIDDEN
    desk.press_everything()
    assert desk.hands.did == RELEASES
    assert desk.dropped == 1


def test_a_place_that_nobody_knows_might_be_hidden() -> None:
    desk = Desk()
    desk.places.at = desk.places.focus = None
    desk.press_everything()
    assert desk.hands.did == RELEASES
    free = Desk(masked=False)
    free.places.at = free.places.focus = None
    free.press_everything()
    assert len(free.hands.did) == 6


def test_the_pointer_does_not_enter_and_what_was_meant_for_there_lands_nowhere_else() -> None:
    desk = Desk()
    desk.hand.move(*FREE)
    desk.hand.move(*HIDDEN)
    desk.press_everything()
    assert not set(desk.hands.did) & set(PRESSES)
    assert ("move", *HIDDEN) not in desk.hands.did
    desk.hand.move(*FREE)
    desk.press_everything()
    assert set(PRESSES) <= set(desk.hands.did)


def test_letting_go_and_closing_always_pass() -> None:
    desk = Desk()
    desk.hand.move(*HIDDEN)
    desk.hand.release_all()
    desk.hand.close()
    assert desk.hands.did == ["release_all", "close"]


def test_x_says_where_the_pointer_is_and_which_window_has_the_keyboard() -> None:
    with xvfb(320, 240) as screen:
        with closing(open_display(screen.display)) as other, closing(XPlaces(screen.display)) as places:
            root = other.screen().root
            root.warp_pointer(7, 8)
            other.set_input_focus(X.PointerRoot, X.RevertToNone, X.CurrentTime)
            other.sync()
            assert (places.pointer(), places.keyboard()) == ((7, 8), (7, 8))
            window = root.create_window(250, 20, 200, 60, 0, X.CopyFromParent, override_redirect=True)
            window.map()
            other.set_input_focus(window, X.RevertToNone, X.CurrentTime)
            other.sync()
            assert places.keyboard() == (319, 50), "as far as it is on the screen"
        last = XPlaces(screen.display)
    for ask in (last.pointer, last.keyboard):
        try:
            ask()
        except ScreenLost:
            continue
        raise AssertionError("a screen that is gone has no places")
