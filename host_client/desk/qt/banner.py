"""The banner and the coloured frame around every monitor, from the first pixel to the last.

The clock ticks by the minute, and by the second only in the last minute of the visit: our own windows are part of
the picture, and a still screen should stay still.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from host_client.desk.qt.banner_buttons import BannerButtons
from host_client.desk.qt.look import SIGNS, Sign
from host_client.desk.qt.on_top import stay_on_top
from host_client.desk.qt.pages import Report
from host_client.desk.qt.parts import BODY, TITLE, dress, label
from host_client.desk.qt.second import SecondParts
from host_client.desk.qt.touches import Counts, TouchButton
from host_client.link import ShowBanner
from runtime.catalogues import Catalogue

_EDGE = 5
_HEIGHT = 54
_BEFORE, _AFTER, _GAP = 18, 8, 14
_LAST_MINUTE = 60
_TWO_ROWS = 2 * _HEIGHT - 8
_REST = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowDoesNotAcceptFocus


def bottom() -> int:
    """Pixels from the top of the first monitor that may belong to the banner."""
    return _EDGE + _TWO_ROWS


class _Edge(QWidget):
    """One side of the frame: seen by the person, not there for the mouse."""

    def __init__(self, place: QRect) -> None:
        super().__init__(None, _REST | Qt.WindowType.WindowTransparentForInput)
        stay_on_top(self, managed=False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setGeometry(place)


class Banner(QWidget):
    """The bar and its frame. `present` shows or updates both, `put_away` takes both down."""

    def __init__(self, words: Catalogue, report: Report, counts: Counts) -> None:
        super().__init__(None, _REST)
        stay_on_top(self, managed=False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(words.text("desk-banner-title"))
        self._words = words
        self._shown: ShowBanner | None = None
        self._edges: list[_Edge] = []
        self._mark, self._line = label(points=TITLE, bold=True), label(points=BODY, bold=True)
        self._mark.setWordWrap(False)
        self._line.setWordWrap(False)
        self.buttons = BannerButtons(words, report)
        self.messages = TouchButton("")
        dress(self.messages, "messages")
        self.messages.setMinimumSize(60, 40)
        self.messages.hide()
        self.send_clipboard = TouchButton(words.text("desk-send-clipboard"))
        dress(self.send_clipboard, "send-clipboard")
        self.send_clipboard.setAccessibleName(self.send_clipboard.text())
        self.send_clipboard.setMinimumSize(120, 40)
        self.send_clipboard.hide()
        self.second = SecondParts(words, report, counts, self._tell)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(_BEFORE, 4, _AFTER, 4)
        said, done = QHBoxLayout(), QHBoxLayout()
        said.addWidget(self._mark)
        said.addWidget(self._line, 1)
        said.addWidget(self.second.name)
        done.addStretch(1)
        for part in (self.second.button, self.send_clipboard, self.messages, self.buttons):
            done.addWidget(part)
        for row in (self._rows, said, done):
            row.setSpacing(_GAP)
        self._rows.addLayout(said, 1)
        self._rows.addLayout(done)
        self._elapsed = self._left = self._idle = 0
        self._right: int | None = None
        """Where the bar ends, once it was shown in this visit."""
        self._two = False
        """The buttons stand below the names, since these had no room beside them in this visit."""
        self._tight = False
        """The buttons had no room for all of their words with their usual edges."""
        self._unread = 0
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self._tick)
        self._step = 0

    def present(self, shown: ShowBanner) -> None:
        """Show this state on every monitor."""
        self._shown = shown
        self._elapsed, self._left, self._idle = shown.elapsed, shown.left, shown.idle
        sign = SIGNS[shown.state]
        self._mark.setText(sign.mark)
        self._paint(sign)
        self.buttons.present(shown)
        self.second.banner(shown)
        self._schedule()
        self.show()
        self.raise_()

    def tell_messages(self, unread: int | None) -> None:
        """A way to the messages, and how many nobody has read yet; None: there is none in this visit."""
        self.messages.setVisible(unread is not None)
        self._unread = unread or 0
        self._name_messages()
        self._tell()

    def _name_messages(self) -> None:
        whole = self._words.text("desk-banner-messages", unread=self._unread)
        self.messages.setText(self._words.text("desk-banner-messages-short", unread=self._unread) if self._tight else whole)
        self.messages.setAccessibleName(whole)
        self.messages.setToolTip(whole)

    def offer_clipboard(self, wanted: bool) -> None:
        """The technician asks for what was copied: the person may send it, or not."""
        self.send_clipboard.setVisible(wanted)
        self._tell()

    def raise_all(self) -> None:
        """Something lay over the banner: come back above it."""
        if self._shown is not None:
            for window in (*self._edges, self):
                window.raise_()

    def put_away(self) -> None:
        """The visit is over."""
        self._shown = self._right = None
        self._two = self._tight = False
        self._clock.stop()
        self.messages.hide()
        self.send_clipboard.hide()
        self.second.put_away()
        self.hide()
        for edge in self._edges:
            edge.hide()
            edge.deleteLater()
        self._edges.clear()

    def _paint(self, sign: Sign) -> None:
        around = "padding: 0 4px;" if self._tight else "padding: 0 16px;"
        self.setStyleSheet(
            f"Banner {{ background: {sign.colour}; }} QLabel {{ color: white; }}"
            f"QPushButton {{ color: #14202e; background: white; border: 2px solid white; border-radius: 6px; {around} }}"
            f"QPushButton:hover, QPushButton:focus {{ border: 2px solid #14202e; {around} }}"
        )
        if not self._edges:
            self._edges = [_Edge(side) for screen in QGuiApplication.screens() for side in _sides(screen)]
        for edge in self._edges:
            edge.setStyleSheet(f"background: {sign.colour};")
            edge.show()

    def _tell(self) -> None:
        if self._shown is None:
            return
        minutes = self._elapsed // 60
        state = self._words.text(f"banner-{self._shown.state.value}")
        if self._shown.direct:
            state = self._words.text("banner-direct", state=state)
        if 0 < self._idle < self._left:
            words = partial(self._words.text, "desk-banner-idle", state=state, seconds=self._idle)
        elif self._left <= _LAST_MINUTE:
            words = partial(self._words.text, "desk-banner-ending", state=state, seconds=max(0, self._left))
        else:
            words = partial(self._words.text, "desk-banner", state=state, clock=f"{minutes // 60:02}:{minutes % 60:02}")
        self._say(words, self._shown.technician, self._shown.company)

    def _say(self, words: Callable[..., str], technician: str, company: str) -> None:
        """Companies are shortened before names are, and before that the buttons give way to a row of their own, for as long as the
        visit lasts; what is going on and *End* never leave the screen, and *End* keeps its place from one state to the next: whoever
        reaches for a button changes the state by moving the mouse.
        """
        room = QGuiApplication.primaryScreen().geometry().width() - 2 * _EDGE - _BEFORE - _AFTER
        before = self._mark.sizeHint().width() + _GAP
        whole = words(technician=technician, company=company)
        said = whole, words(technician=technician, company="…"), words(technician="", company="")
        spoken, named, least = map(self._line.fontMetrics().horizontalAdvance, said)
        done = self._done(room)
        beside = room - before - done - _GAP
        his = self.second.least()
        self._two = self._two or beside < named + (_GAP + his if his else 0)
        two = self._two
        self._rows.setDirection(QBoxLayout.Direction.TopToBottom if two else QBoxLayout.Direction.LeftToRight)
        names = room - before if two else beside
        self.second.fit(max((names - _GAP - least) // 2, names - _GAP - spoken, min(his, names - _GAP - named)))
        second = self._asked(self.second.name)
        line = before + self._fill(words, technician, company, names - second) + second + _GAP
        self._line.setAccessibleName(whole)
        self.setAccessibleName(whole)
        self._rows.activate()
        self._stand(_BEFORE + _AFTER + min(room, max(line, done) if two else line + done + _GAP))

    def _done(self, room: int) -> int:
        """Pixels that the buttons take; where that is more than there are, their edges and the count of messages get shorter."""
        done = self.buttons.room() + self._asked(self.send_clipboard, self.messages, self.second.button)
        if done <= room or self._tight or self._shown is None:
            return done
        self._tight = True
        self._paint(SIGNS[self._shown.state])
        self._name_messages()
        return self._done(room)

    def _fill(self, words: Callable[..., str], technician: str, company: str, room: int) -> int:
        """Say it in so many pixels. How many it takes."""
        metrics = self._line.fontMetrics()
        over = metrics.horizontalAdvance(words(technician=technician, company=company)) - room
        name, of = self._shorter(technician, company, over)
        self._line.setText(metrics.elidedText(words(technician=name, company=of), Qt.TextElideMode.ElideMiddle, room))
        return metrics.horizontalAdvance(self._line.text())

    def _stand(self, width: int) -> None:
        screen = QGuiApplication.primaryScreen().geometry()
        spare = 0 if self.second.button.isHidden() else self.second.button.sizeHint().width()  # for *Take back control*, which may come
        right = self._right or min(screen.x() + (screen.width() + width) // 2 + spare, screen.x() + screen.width() - _EDGE)
        left = max(screen.x() + _EDGE, right - width)
        self._right = left + width
        self.setGeometry(left, screen.y() + _EDGE, width, _TWO_ROWS if self._two else _HEIGHT)

    @staticmethod
    def _asked(*parts: QWidget) -> int:
        """Pixels that those of these take which are shown."""
        return sum(_GAP + max(each.sizeHint().width(), each.minimumWidth()) for each in parts if not each.isHidden())

    def _shorter(self, technician: str, company: str, over: int) -> tuple[str, str]:
        """Names that take so many pixels less. Who it is matters more than from where."""
        if over <= 0:
            return technician, company
        metrics = self._line.fontMetrics()
        whole = metrics.horizontalAdvance(company)
        kept = max(whole - over, metrics.horizontalAdvance("…"))
        of_name = max(0, metrics.horizontalAdvance(technician) - max(0, over - (whole - kept)))
        right = Qt.TextElideMode.ElideRight
        return metrics.elidedText(technician, right, of_name), metrics.elidedText(company, right, kept)

    def _schedule(self) -> None:
        """Wake at the next full minute, or at the next second when the end is near."""
        to_minute = 60 - self._elapsed % 60
        to_last = max(1, self._left - _LAST_MINUTE)
        self._step = 1 if self._left <= _LAST_MINUTE or self._idle else min(to_minute, to_last)
        self._clock.start(self._step * 1000)

    def _tick(self) -> None:
        self._elapsed += self._step
        self._left = max(0, self._left - self._step)
        self._idle = max(0, self._idle - self._step)
        self._tell()
        self._schedule()


def _sides(screen: QScreen) -> list[QRect]:
    whole = screen.geometry()
    x, y, width, height = whole.x(), whole.y(), whole.width(), whole.height()
    return [
        QRect(x, y, width, _EDGE),
        QRect(x, y + height - _EDGE, width, _EDGE),
        QRect(x, y + _EDGE, _EDGE, height - 2 * _EDGE),
        QRect(x + width - _EDGE, y + _EDGE, _EDGE, height - 2 * _EDGE),
    ]
