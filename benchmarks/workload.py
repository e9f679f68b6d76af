"""A screen that a stop-watch can read: `python -m benchmarks.workload` on $DISPLAY, one JSON line per visible change.

Draws with plain X requests and logs the time after a round trip, when the pixels are on the screen. Commands on stdin:

    still                draw the resting picture
    blink SECONDS        a 40 x 40 square toggles at uneven intervals (0.30-0.55 s)
    typing SECONDS       eight characters a second appear in a line of text; the square toggles with each
    scroll SECONDS       a results table moves up by a row, thirty times a second; each row carries its number
    drag SECONDS         a window is dragged over the table and a chart grows, thirty times a second; both carry the step
    quit

A press of button 1 inside the click pad, and any key press, toggle the pad at once and are logged as `click` and `key`, with
the time when the program was told of it (`came`).
"""

import json
import random
import select
import sys
import time
from collections.abc import Callable
from itertools import count

from Xlib import X, display

from benchmarks.moving import Moving
from benchmarks.scene import Scene

SQUARE = (40, 700, 40, 40)
CLICK = (140, 700, 40, 40)
KEY = (240, 700, 40, 40)
TEXT = (40, 120)
PALE, DARK, LIGHT = 0xD9DDE2, 0x000000, 0xFFFFFF
RATE = 30
"""Steps a second of what moves."""
LETTERS = "sample blank standard calib dilution peak area height baseline drift lamp pump column oven "


class Workload:
    """One full-screen window and three squares."""

    def __init__(self) -> None:
        self.display = display.Display()
        screen = self.display.screen()
        self.width, self.height = screen.width_in_pixels, screen.height_in_pixels
        mask = X.ExposureMask | X.ButtonPressMask | X.KeyPressMask
        self.window = screen.root.create_window(
            0, 0, self.width, self.height, 0, screen.root_depth, background_pixel=PALE, event_mask=mask, override_redirect=1
        )
        self.window.map()
        self.window.configure(stack_mode=X.Below)  # under the windows of Chaperone, which a person must be able to press
        self.pen = self.window.create_gc(foreground=DARK, background=PALE)
        self.lit = {"blink": False, "click": False, "key": False}
        self.random = random.Random(7)  # noqa: S311 - the same uneven pace in every run
        self.display.sync()
        self.window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self.moving = Moving(self.window, self.pen, Scene(self.width, self.height))
        self.rest()

    def rest(self) -> None:
        """Draw everything as it is when nothing happens."""
        self.pen.change(foreground=PALE)
        self.window.fill_rectangle(self.pen, 0, 0, self.width, self.height)
        for row in range(40):
            self.write(TEXT[0], TEXT[1] + 40 + row * 16, LETTERS[row:] + LETTERS[:row])
        for name in self.lit:
            self.fill(name)
        self.moving.rest()
        self.display.sync()

    def write(self, x: int, y: int, text: str) -> None:
        """Text in the server's own font."""
        self.pen.change(foreground=DARK)
        self.window.draw_text(self.pen, x, y, text.encode())

    def fill(self, name: str) -> None:
        """Draw one square as its state says."""
        x, y, width, height = {"blink": SQUARE, "click": CLICK, "key": KEY}[name]
        self.pen.change(foreground=LIGHT if self.lit[name] else DARK)
        self.window.fill_rectangle(self.pen, x, y, width, height)

    def toggle(self, name: str) -> None:
        """Flip a square and say when it was on the screen."""
        came = time.time()
        self.lit[name] = not self.lit[name]
        self.fill(name)
        self.display.sync()
        say(what=name, lit=self.lit[name], at=time.time(), came=came)

    def obey(self) -> None:
        """Answer presses until stdin closes or says quit."""
        while True:
            self.answer_presses()
            ready, _, _ = select.select([sys.stdin, self.display.fileno()], [], [], 1.0)
            if sys.stdin in ready and not self.command(sys.stdin.readline().split()):
                return

    def answer_presses(self) -> None:
        """Toggle the pad of every press that waits."""
        while self.display.pending_events():
            event = self.display.next_event()
            if event.type == X.KeyPress:
                self.toggle("key")
            elif event.type == X.ButtonPress and inside(event, CLICK):
                self.toggle("click")

    def command(self, words: list[str]) -> bool:
        """Perform one command; False to stop."""
        if not words or words[0] == "quit":
            return False
        if words[0] == "still":
            self.rest()
        elif words[0] == "blink":
            self.run(float(words[1]), lambda _step: self.toggle("blink"), lambda: self.random.uniform(0.30, 0.55))
        elif words[0] == "typing":
            self.run(float(words[1]), self.type_letter, lambda: 0.125)
        elif words[0] in {"scroll", "drag"}:
            self.move(float(words[1]), self.moving.phase(words[0]))
        say(what="done", command=words[0], at=time.time())
        return True

    def type_letter(self, step: int) -> None:
        """One more letter in the line, and the square with it."""
        self.write(TEXT[0] + (step % 80) * 6, TEXT[1], LETTERS[step % len(LETTERS)])
        self.toggle("blink")

    def move(self, seconds: float, draw: Callable[[int], None]) -> None:
        """Draw step after step at RATE, and say when each was on the screen. A late step delays no later one."""
        begun = time.monotonic()
        for step in range(1, int(seconds * RATE) + 1):
            time.sleep(max(0.0, begun + (step - 1) / RATE - time.monotonic()))
            draw(step)
            self.display.sync()
            say(what="step", number=step, at=time.time())

    def run(self, seconds: float, act: Callable[[int], None], pause: Callable[[], float]) -> None:
        """Act at the given pace until the time is over. It ends with the last act: who asks when the picture was exact again has not
        to wait before the first look.
        """
        end = time.monotonic() + seconds
        act(0)
        for step in count(1):
            before = pause()
            if time.monotonic() + before >= end:
                return
            time.sleep(before)
            act(step)


def inside(event: object, pad: tuple[int, int, int, int]) -> bool:
    """Was this pointer event within the pad?"""
    x, y, width, height = pad
    return x <= getattr(event, "root_x", -1) < x + width and y <= getattr(event, "root_y", -1) < y + height


def say(**facts: object) -> None:
    """One JSON line on stdout."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    workload = Workload()
    say(what="ready", width=workload.width, height=workload.height)
    workload.obey()
