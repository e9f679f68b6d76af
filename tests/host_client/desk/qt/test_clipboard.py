"""The clipboard in the desk's windows: what was there before is nobody's copying, one press sends once, and text is all that goes."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from host_client.desk.qt.clipboard import HostClipboard, text_of
from host_client.link import (
    ClipboardGiven,
    ClipboardNotGiven,
    ClipboardPut,
    FetchClipboard,
    PutClipboard,
    StartClipboard,
    StopClipboard,
)
from policy.permissions import Direction
from tests.host_client.desk.qt.conftest import Heard, until
from wire.limits import CLIPBOARD_SEND_SECONDS, CLIPBOARD_TEXT_MAX
from wire.sealed.clipboard import ClipboardMissing


@pytest.fixture
def offered() -> list[bool]:
    return []


@pytest.fixture
def ours(heard: Heard, offered: list[bool], monkeypatch: pytest.MonkeyPatch) -> Iterator[HostClipboard]:
    copy("from before")
    made = HostClipboard(heard.append, offered.append)
    monkeypatch.setattr(made._clipboard, "ownsClipboard", lambda: True)  # there is one program; a real screen has its own test
    yield made
    made.end()
    made.deleteLater()
    empty()


def copy(what: str) -> None:
    """Somebody copies. Without a screen there is one program, so whose it is is told by what we put there."""
    QGuiApplication.clipboard().setText(what)


def empty() -> None:
    """Whoever held it is gone."""
    QGuiApplication.clipboard().clear()


def there() -> str:
    return QGuiApplication.clipboard().text()


def out(ours: HostClipboard, number: int = 1) -> None:
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    ours.fetch(FetchClipboard(2, number))


def missing(number: int, why: ClipboardMissing) -> ClipboardNotGiven:
    return ClipboardNotGiven(2, number, int(why))


def test_what_was_there_before_is_not_offered(ours: HostClipboard, heard: Heard, offered: list[bool]) -> None:
    out(ours)
    assert heard == [missing(1, ClipboardMissing.NOTHING_COPIED)]
    assert True not in offered
    ours.send()
    assert len(heard) == 1


def test_what_was_copied_since_goes_once_and_only_when_it_was_asked_for(ours: HostClipboard, heard: Heard, offered: list[bool]) -> None:
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    copy("E14\r\n\u202eat 9")
    ours.send()
    assert heard == []
    ours.fetch(FetchClipboard(2, 1))
    assert offered == [True]
    assert heard == []
    ours.send()
    assert heard == [ClipboardGiven(2, 1, "E14\nat 9")]
    assert offered == [True, False]
    ours.send()
    assert len(heard) == 1


def test_the_same_text_copied_again_counts(ours: HostClipboard, heard: Heard) -> None:
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    copy("from before")
    ours.fetch(FetchClipboard(2, 1))
    ours.send()
    assert heard == [ClipboardGiven(2, 1, "from before")]


def test_what_a_keeper_of_clipboards_puts_in_again_was_copied_by_nobody(ours: HostClipboard, heard: Heard) -> None:
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    empty()
    copy("from before")
    ours.fetch(FetchClipboard(2, 1))
    assert heard == [missing(1, ClipboardMissing.NOTHING_COPIED)]
    copy("from before")
    ours.fetch(FetchClipboard(2, 2))
    ours.send()
    assert heard[1:] == [ClipboardGiven(2, 2, "from before")]
    empty()
    copy("from before")
    ours.fetch(FetchClipboard(2, 3))
    ours.send()
    assert heard[2:] == [ClipboardGiven(2, 3, "from before")]


def test_what_is_gone_before_the_press_is_not_sent(ours: HostClipboard, heard: Heard) -> None:
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    copy("a")
    ours.fetch(FetchClipboard(2, 1))
    empty()
    ours.send()
    assert heard == [missing(1, ClipboardMissing.NOTHING_COPIED)]


def pictures() -> QMimeData:
    held = QMimeData()
    held.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    return held


def files() -> QMimeData:
    held = QMimeData()
    held.setUrls([QUrl("file:///etc/passwd")])
    held.setText("/etc/passwd")
    return held


def markup() -> QMimeData:
    held = QMimeData()
    held.setHtml("<b onclick=x>bold</b>")
    held.setText("bold")
    return held


@pytest.mark.parametrize("held", [pictures, files], ids=["a picture", "files"])
def test_what_is_no_text_does_not_go(ours: HostClipboard, heard: Heard, held: Callable[[], QMimeData]) -> None:
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    QGuiApplication.clipboard().setMimeData(held())
    ours.fetch(FetchClipboard(2, 1))
    ours.send()
    assert heard == [missing(1, ClipboardMissing.NOT_TEXT)]


def test_of_mark_up_only_the_plain_text_goes() -> None:
    assert text_of(markup()) == "bold"
    only = QMimeData()
    only.setText("\u200b")
    assert text_of(only) is None


def test_what_is_too_long_does_not_go(ours: HostClipboard, heard: Heard) -> None:
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    for number, text, why in (
        (1, "x" * CLIPBOARD_TEXT_MAX, None),
        (2, "x" * (CLIPBOARD_TEXT_MAX + 1), ClipboardMissing.TOO_LONG),
        (3, "\u20ac" * (CLIPBOARD_TEXT_MAX // 2), ClipboardMissing.TOO_LONG),
    ):
        copy(text)
        ours.fetch(FetchClipboard(2, number))
        ours.send()
        assert heard[-1] == (missing(number, why) if why else ClipboardGiven(2, number, text))


def test_nobody_pressed_in_time(ours: HostClipboard, heard: Heard, offered: list[bool]) -> None:
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    copy("a")
    ours.fetch(FetchClipboard(2, 1))
    assert ours._late.interval() == CLIPBOARD_SEND_SECONDS * 1000
    ours._late.start(1)
    assert until(lambda: bool(heard))
    assert heard == [missing(1, ClipboardMissing.NOT_SENT)]
    assert not offered[-1]
    ours.send()
    assert len(heard) == 1


def test_a_request_is_gone_with_its_grant(ours: HostClipboard, heard: Heard, offered: list[bool]) -> None:
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    copy("a")
    ours.fetch(FetchClipboard(2, 1))
    ours.stop(StopClipboard(2))
    assert not offered[-1]
    ours.send()
    for grant in (0, 1, 2):
        ours.fetch(FetchClipboard(grant, 2))
    assert heard == []
    ours.start(StartClipboard(3, Direction.TO_TECHNICIAN))
    ours.fetch(FetchClipboard(3, 1))
    assert heard == [ClipboardNotGiven(3, 1, int(ClipboardMissing.NOTHING_COPIED))]


def test_what_we_put_there_is_said_and_taken_out_again(ours: HostClipboard, heard: Heard) -> None:
    ours.put(PutClipboard(0, 1, "nobody"))
    ours.put(PutClipboard(2, 1, "nobody"))
    assert there() == "from before"
    ours.start(StartClipboard(2, Direction.TO_HOST))
    ours.put(PutClipboard(2, 1, "Lot 4711\nok"))
    assert there() == "Lot 4711\nok"
    assert heard == [ClipboardPut(2, 1, done=True)]
    ours.stop(StopClipboard(2))
    assert there() == ""
    ours.put(PutClipboard(2, 2, "too late"))
    assert there() == ""


@pytest.mark.parametrize("how", ["stop", "end"])
def test_what_somebody_copied_since_stays(ours: HostClipboard, how: str) -> None:
    ours.start(StartClipboard(2, Direction.TO_HOST))
    ours.put(PutClipboard(2, 1, "theirs"))
    copy("the person's own")
    ours.stop(StopClipboard(2)) if how == "stop" else ours.end()
    assert there() == "the person's own"


def test_what_the_technician_put_there_was_copied_by_nobody(ours: HostClipboard, heard: Heard) -> None:
    ours.start(StartClipboard(3, Direction.TO_HOST))
    ours.start(StartClipboard(2, Direction.TO_TECHNICIAN))
    copy("a")
    ours.put(PutClipboard(3, 1, "theirs"))
    ours.fetch(FetchClipboard(2, 1))
    assert heard == [ClipboardPut(3, 1, done=True), missing(1, ClipboardMissing.NOTHING_COPIED)]
    ours.end()
    assert there() == ""


def test_nothing_is_looked_at_while_nobody_may(ours: HostClipboard) -> None:
    copy("a")
    ours.start(StartClipboard(3, Direction.TO_HOST))
    copy("b")
    assert not ours._copied
    assert ours._before is None
