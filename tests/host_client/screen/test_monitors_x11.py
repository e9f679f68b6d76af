"""Monitors of a real X screen: made by RandR on one virtual screen, told from left to right, and followed when they change."""

from contextlib import closing

from Xlib.display import Display

from host_client.screen.capture_x11 import XScreenCapture
from host_client.screen.x_display import open_display
from tests.helpers.monitors import forget_monitor, make_monitor
from tests.helpers.x_server import xvfb
from wire.sealed.scene import Monitor

LEFT, RIGHT = Monitor(0, 0, 300, 480, 0), Monitor(300, 40, 340, 440, 1)


def divide(display: Display) -> None:
    make_monitor(display, "right", (300, 40, 340, 440), primary=True)
    make_monitor(display, "left", (0, 0, 300, 480), output=True)


def test_two_monitors_are_told_with_the_picture_and_one_alone_is_not() -> None:
    with xvfb(640, 480) as screen, closing(open_display(screen.display)) as other:
        with closing(XScreenCapture(screen.display)) as capture:
            assert capture.take().monitors == ()
            divide(other)
            assert capture.wait_change(5)
            assert capture.take().monitors == (LEFT, RIGHT)
        with closing(XScreenCapture(screen.display)) as capture:
            assert capture.take().monitors == (LEFT, RIGHT)
            forget_monitor(other, "right")
            assert capture.wait_change(5)
            assert capture.take().monitors == ()
