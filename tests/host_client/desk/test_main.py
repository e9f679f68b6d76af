"""The whole desk process, told what to do as a guardian would."""

import os
import subprocess
import time
from contextlib import closing
from dataclasses import replace

import pytest
from Xlib import X
from Xlib.xobject.drawable import Window

from host_client.desk.main import language_of_system
from host_client.link import (
    BannerState,
    CancelHelp,
    CaptureStopped,
    ClosePrompt,
    EndPressed,
    GetHelp,
    Given,
    LocalInput,
    PausePressed,
    PictureShown,
    PromptAnswered,
    ResumePressed,
    ShowBanner,
    ShowCode,
    ShowPrompt,
    StartCapture,
    StartInput,
    StopInput,
    TakeBackPressed,
    UiKind,
)
from host_client.link_frames import Input, Picture
from host_client.screen.capture_x11 import XScreenCapture
from host_client.screen.x_display import close_display, open_display
from policy.decision import Reason
from policy.permissions import Permission
from runtime.catalogues import catalogue
from tests.helpers.console_canvas import Canvas, picture_of
from tests.helpers.desk_process import IDLE, DeskProcess, desk_process
from tests.helpers.x_server import XScreen, hand, openbox
from wire.sealed.input import Batch, Button, Event, Key, Move, encode_batch

CONTROLLING = ShowBanner("Dana Ortiz", "Example Instruments", BannerState.CONTROLLING, 0, 3600, (Permission.CONTROL, Permission.VIEW))
VIEWING = ShowBanner("Dana Ortiz", "Example Instruments", BannerState.VIEWING, 0, 3600, ())
PROMPT = ShowPrompt(2, Permission.CONTROL, ("Control?",), 60, 100)


def batch(*events: Event) -> Input:
    return Input(9, encode_batch(Batch(1, 0, events)))


def pointer(screen: XScreen) -> tuple[int, int]:
    display = open_display(screen.display)
    place = display.screen().root.query_pointer()
    close_display(display)
    return int(place.root_x), int(place.root_y)


def keys_down(screen: XScreen) -> int:
    display = open_display(screen.display)
    down = sum(int(octet).bit_count() for octet in display.query_keymap())
    close_display(display)
    return down


async def test_get_help_and_cancel_are_reported(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, ready):
        assert (ready.width, ready.height) == (1000, 700)
        desk.tell(IDLE)
        at = desk.button("get-help")
        async with hand(screen) as person:
            await person.click(at.x, at.y)
            desk.expect(GetHelp)
            desk.tell(ShowCode("482-913 K7QF-2M9X", 600))
            at = desk.button("cancel-help")
            await person.click(at.x, at.y)
            desk.expect(CancelHelp)


async def test_end_is_reported_from_the_banner_and_from_its_keys(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(VIEWING)
        at = desk.button("end")
        async with hand(screen) as person:
            await person.click(at.x, at.y)
            desk.expect(EndPressed)
            await person.press("Ctrl", "Alt", "End")
            desk.expect(EndPressed)


def test_the_settled_picture_is_the_screen_with_the_banner_on_it(screen: XScreen) -> None:
    canvas = Canvas()
    with openbox(screen), desk_process(screen) as (desk, _), closing(XScreenCapture(screen.display)) as grabber:
        desk.tell(VIEWING)
        desk.button("end")
        desk.tell(StartCapture(4))
        size = grabber.size()
        while not _drawn(desk, canvas) or canvas.picture != picture_of(grabber.grab(), size):
            pass  # each turn reads one thing the desk says, and fails when nothing more comes
        assert canvas.picture.getpixel((2, 350)) == (0x1D, 0x4E, 0xD8)


def _drawn(desk: DeskProcess, canvas: Canvas) -> bool:
    """Draw the next thing the desk sends; True when a picture is whole."""
    said = desk.next()
    if not isinstance(said, Picture):
        return False
    assert said.grant == 4
    frame = canvas.take(said.parcel)
    if frame is not None:
        desk.tell(PictureShown(4, frame, 0))
    return frame is not None


def test_input_is_dropped_while_a_prompt_is_up_and_held_keys_are_let_go(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(StartInput(9))
        desk.send_input(batch(Move(100, 120), Key("ControlLeft", True)))
        desk.settle()
        assert pointer(screen) == (100, 120)
        assert keys_down(screen) == 1
        desk.tell(PROMPT)
        desk.button("allow")
        desk.send_input(batch(Move(300, 320), Key("ControlLeft", True)))
        desk.settle()
        assert pointer(screen) == (100, 120)
        assert keys_down(screen) == 0
        desk.tell(ClosePrompt(2))
        desk.until_gone("allow")
        desk.send_input(batch(Move(300, 320)))
        desk.settle()
        assert pointer(screen) == (300, 320)


def test_a_covered_banner_comes_back_on_top(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(VIEWING)
        at = desk.button("end")
        display = open_display(screen.display)
        try:
            root = display.screen().root
            cover = root.create_window(
                0, 0, screen.width, 2 * at.y, 0, X.CopyFromParent, override_redirect=True, event_mask=X.VisibilityChangeMask
            )
            cover.map()
            deadline = time.monotonic() + 20
            while _window_at(root, at.x, at.y) != cover.id:  # each turn asks the server, which maps in its own time
                assert time.monotonic() < deadline, "the cover is not shown"
            while _window_at(root, at.x, at.y) == cover.id:
                assert time.monotonic() < deadline, "the banner stays covered"
        finally:
            close_display(display)


def _window_at(root: Window, x: int, y: int) -> int:
    """The topmost window of the screen that is shown there."""
    for each in reversed(root.query_tree().children):
        place = each.get_geometry()
        inside = place.x <= x < place.x + place.width and place.y <= y < place.y + place.height
        if inside and each.get_attributes().map_state == X.IsViewable:
            return int(each.id)
    return 0


async def test_the_technician_presses_none_of_our_buttons(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(CONTROLLING)
        desk.tell(StartInput(9))
        for name in ("take_back", "pause", "end"):
            at = desk.button(name)
            desk.send_input(batch(Move(at.x, at.y), Button(0, True), Button(0, False)))
            desk.settle()
            assert pointer(screen) == (at.x, at.y)
        desk.tell(PROMPT)
        desk.button("refuse", focused=True)
        async with hand(screen) as person:
            await person.press("Escape")  # an *End* that had been pressed before would be said before
            said = desk.until(PromptAnswered)  # that a hand moved is told by a thread of its own, before or after
            assert [each for each in said if each != LocalInput(True)] == [PromptAnswered(2, Given.REFUSE)]


async def test_the_persons_mouse_stops_the_technicians_hand_until_it_has_been_still(screen: XScreen) -> None:
    async with hand(screen) as person:
        with openbox(screen), desk_process(screen) as (desk, _):
            desk.tell(StartInput(9))
            desk.send_input(batch(Move(10, 300), Key("ShiftLeft", True)))
            desk.settle()
            assert keys_down(screen) == 1
            await person.move(500, 500)
            assert desk.expect(LocalInput) == LocalInput(True)
            assert keys_down(screen) == 0
            desk.send_input(batch(Move(20, 20)))
            desk.settle()
            assert pointer(screen) == (500, 500)
            assert desk.expect(LocalInput) == LocalInput(False)
            desk.send_input(batch(Move(20, 20)))
            desk.settle()
            assert pointer(screen) == (20, 20)


@pytest.mark.parametrize(("name", "said"), [("take_back", TakeBackPressed(Permission.CONTROL)), ("pause", PausePressed())])
async def test_what_the_person_takes_back_stops_before_anybody_hears_of_it(
    screen: XScreen, name: str, said: TakeBackPressed | PausePressed
) -> None:
    async with hand(screen) as person:
        with openbox(screen), desk_process(screen) as (desk, _):
            desk.tell(CONTROLLING)
            at = desk.button(name)
            desk.tell(StartInput(9))
            desk.send_input(batch(Move(10, 300), Key("ShiftLeft", True)))
            desk.settle()
            await person.click(at.x, at.y)
            assert desk.until(type(said))[-1] == said
            assert keys_down(screen) == 0
            desk.send_input(batch(Move(20, 20)))
            desk.settle()
            assert pointer(screen) != (20, 20)
            desk.tell(replace(CONTROLLING, state=BannerState.PAUSED))
            again = desk.button("resume")
            await person.click(again.x, again.y)
            desk.expect(ResumePressed)


def test_stopping_input_or_losing_the_link_lets_go_of_everything(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        for stops in (True, False):
            desk.tell(StartInput(9))
            desk.send_input(batch(Move(10, 300), Key("ShiftLeft", True)))
            desk.settle()
            assert keys_down(screen) == 1
            if stops:
                desk.tell(StopInput(9))
                desk.settle()
            else:
                desk.cut()
                assert desk.process.wait(20) == 0
            assert keys_down(screen) == 0


def test_without_a_screen_the_desk_says_so() -> None:
    nowhere = XScreen(":64990", 0, 0, subprocess.Popen(["true"]), None)
    with desk_process(nowhere, UiKind.TERMINAL) as (desk, ready):
        assert (ready.width, ready.height) == (0, 0)
        desk.tell(StartCapture(3))
        assert desk.expect(CaptureStopped) == CaptureStopped(3, Reason.NO_SCREEN)
        desk.tell(StartInput(4))
        assert desk.expect(CaptureStopped) == CaptureStopped(4, Reason.INPUT_UNAVAILABLE)
    nowhere.process.wait()


def test_a_terminal_answers_by_its_word_and_refuses_by_any_other(screen: XScreen) -> None:
    mine, theirs = os.openpty()
    try:
        with desk_process(screen, UiKind.TERMINAL, keys=theirs) as (desk, _):
            desk.settle()
            os.write(mine, b"h\n")
            desk.expect(GetHelp)
            for word, given in ((b"allow\n", Given.ALLOW), (b"yes\n", Given.REFUSE), (b"\n", Given.REFUSE)):
                desk.tell(replace(PROMPT, armed_after_ms=0))
                desk.settle()
                os.write(mine, word)
                assert desk.expect(PromptAnswered) == PromptAnswered(2, given)
            os.write(mine, b"e\n")
            desk.expect(EndPressed)
    finally:
        os.close(mine)
        os.close(theirs)


@pytest.mark.parametrize(
    ("wanted", "locale", "spoken"),
    [("fr", "en_GB.UTF-8", "fr"), (None, "fr_CA.UTF-8", "fr"), (None, "C.UTF-8", "en"), (None, "", "en"), ("de", "fr_FR", "en")],
)
def test_the_person_reads_what_was_asked_for_or_what_the_system_speaks(
    wanted: str | None, locale: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert catalogue(language_of_system(wanted)).language == spoken
