"""The clipboard of a real screen: what was there before stays, what was copied goes on the person's press, what we put is taken out."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from host_client.desk.input_x11 import XInjector
from host_client.link import (
    BannerState,
    ClipboardGiven,
    ClipboardNotGiven,
    ClipboardPut,
    FetchClipboard,
    PutClipboard,
    ShowBanner,
    StartClipboard,
    StopClipboard,
)
from host_client.link_frames import ToDesk
from policy.permissions import Direction, Permission
from tests.helpers.desk_process import IDLE, DeskProcess, ShownButton, desk_process
from tests.helpers.x_server import XScreen, hand, openbox, stop
from wire.sealed.clipboard import ClipboardMissing

BANNER = ShowBanner("Dana Ortiz", "Example Instruments", BannerState.VIEWING, 0, 3600, (Permission.VIEW,))
COPY = """
import sys
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
app = QGuiApplication(sys.argv)
held = QMimeData()
kind, what = sys.argv[1:3]
if kind == "files":
    held.setUrls([QUrl(what)])
elif kind == "html":
    held.setHtml(what)
    held.setText("plain")
else:
    held.setText(what)
app.clipboard().setMimeData(held)
app.processEvents()
print("copied", flush=True)
app.exec()
"""
LOOK = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication(sys.argv)
sys.stdout.write(app.clipboard().text())
"""


@contextmanager
def copied(screen: XScreen, what: str, kind: str = "text") -> Iterator[None]:
    """Another program of this desktop has this in the clipboard."""
    command = [sys.executable, "-c", COPY, kind, what]
    process = subprocess.Popen(command, env=screen.environment(), stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"copied\n"
        yield
    finally:
        stop(process)
        assert process.stdout is not None
        process.stdout.close()


def look(screen: XScreen) -> str:
    """What another program would paste."""
    return subprocess.run([sys.executable, "-c", LOOK], env=screen.environment(), stdout=subprocess.PIPE, check=True).stdout.decode()


def visit(desk: DeskProcess, *begun: StartClipboard) -> None:
    told: tuple[ToDesk, ...] = (IDLE, BANNER, *begun)
    for said in told:
        desk.tell(said)
    assert desk.settle() == []


def asked(desk: DeskProcess, grant: int, numbers: Iterator[int]) -> tuple[int, ShownButton]:
    """The technician asks, until the desk has heard from the X server that somebody copied; then *Send clipboard* is there."""
    while True:
        number = next(numbers)
        desk.tell(FetchClipboard(grant, number))
        said = desk.settle()
        if not said:
            return number, desk.button("send-clipboard")
        assert said == [ClipboardNotGiven(grant, number, int(ClipboardMissing.NOTHING_COPIED))]


def test_a_text_is_put_there_and_taken_out_again_unless_somebody_copied_since(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        visit(desk, StartClipboard(2, Direction.TO_HOST), StartClipboard(3, Direction.TO_TECHNICIAN))
        desk.tell(PutClipboard(2, 1, "Lot 4711\nok"))
        assert desk.expect(ClipboardPut) == ClipboardPut(2, 1, done=True)
        assert look(screen) == "Lot 4711\nok"
        desk.tell(StopClipboard(2))
        desk.tell(PutClipboard(2, 2, "too late"))
        assert desk.settle() == []
        assert look(screen) == ""
        desk.tell(StartClipboard(4, Direction.TO_HOST))
        desk.tell(PutClipboard(4, 1, "a"))
        assert desk.expect(ClipboardPut).done
        with copied(screen, "the person's own"):
            asked(desk, 3, count(1))
            desk.tell(StopClipboard(4))
            assert desk.settle() == []
            assert look(screen) == "the person's own"


async def test_only_what_was_copied_since_and_only_on_the_persons_press(screen: XScreen) -> None:
    numbers = count(1)
    with openbox(screen), XInjector(screen.display) as injector, copied(screen, "from before"), desk_process(screen) as (desk, _):
        visit(desk, StartClipboard(2, Direction.TO_TECHNICIAN))
        desk.tell(FetchClipboard(2, next(numbers)))
        assert desk.expect(ClipboardNotGiven) == ClipboardNotGiven(2, 1, int(ClipboardMissing.NOTHING_COPIED))
        async with hand(screen) as person:
            with copied(screen, "E14 \u00e9"):
                number, at = asked(desk, 2, numbers)
                injector.move(at.x, at.y)
                for down in (True, False):
                    injector.button(1, down)
                desk.button("send-clipboard", chosen=True)  # the injector's click has arrived
                assert desk.settle() == []
                await person.click(at.x, at.y)
                assert desk.expect(ClipboardGiven) == ClipboardGiven(2, number, "E14 \u00e9")
                desk.until_gone("send-clipboard")
            with copied(screen, "file:///etc/passwd", "files"):
                number, at = asked(desk, 2, numbers)
                await person.click(at.x, at.y)
                assert desk.expect(ClipboardNotGiven) == ClipboardNotGiven(2, number, int(ClipboardMissing.NOT_TEXT))
            with copied(screen, "<b onload=x>bold</b>", "html"):
                number, at = asked(desk, 2, numbers)
                await person.click(at.x, at.y)
                assert desk.expect(ClipboardGiven) == ClipboardGiven(2, number, "plain")
                asked(desk, 2, numbers)
                desk.tell(StopClipboard(2))
                desk.until_gone("send-clipboard")
