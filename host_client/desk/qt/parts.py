"""The parts windows are made of: labels, buttons, facts, notes, the bar of remaining time. Colours are in look.py.

Text comes from elsewhere and is never read as mark-up; a word of any length is broken rather than cut.
"""

from textwrap import wrap

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from host_client.desk.facts import parted

GAP, MARGIN = 12, 28
"""Pixels between parts, and around a page."""
TITLE, LEAD, BODY, SMALL = 20, 15, 13, 10
"""Sizes of text in points."""
_WORD_MAX = 32
_BREAK = "\u200b"
"""A place where a line may be broken; it takes no room."""


def label(text: str = "", *, points: int = BODY, bold: bool = False, kind: str = "") -> QLabel:
    """A line of text that wraps. `kind` is one of the style sheet's (look.py)."""
    made = QLabel(breakable(text))
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setProperty("kind", kind)
    font = QFont(made.font())
    font.setPointSize(points)
    font.setBold(bold)
    made.setFont(font)
    return made


def breakable(text: str) -> str:
    """The same text, with places to break words that are longer than a line may be."""
    return " ".join(_BREAK.join(wrap(word, _WORD_MAX)) if len(word) > _WORD_MAX else word for word in text.split(" "))


def fixed_font(points: int, *, bold: bool = False) -> QFont:
    """The system's font whose letters are all of one width."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSize(points)
    font.setBold(bold)
    return font


def dress(made: QPushButton, name: str, *, first: bool = False, points: int = BODY) -> QPushButton:
    """Size, name for style and tests, and its own words for a screen reader. `first`: what the page is for."""
    made.setObjectName(name)
    made.setAccessibleName(made.text())
    made.setProperty("rank", "first" if first else "")
    made.setMinimumSize(150, 76 if points >= TITLE else 52)
    font = QFont(made.font())
    font.setPointSize(points)
    font.setBold(True)
    made.setFont(font)
    return made


def button(text: str, name: str, *, first: bool = False, points: int = BODY) -> QPushButton:
    """A push button."""
    return dress(QPushButton(text), name, first=first, points=points)


def row(*parts: QWidget) -> QHBoxLayout:
    """Parts side by side at the right."""
    made = QHBoxLayout()
    made.setSpacing(GAP)
    made.addStretch(1)
    for part in parts:
        made.addWidget(part)
    return made


def rule() -> QFrame:
    """A thin line between parts."""
    made = QFrame()
    made.setProperty("kind", "rule")
    return made


def panel(*, kind: str = "panel") -> tuple[QFrame, QVBoxLayout]:
    """A framed place for parts, and its layout."""
    made = QFrame()
    made.setProperty("kind", kind)
    inside = QVBoxLayout(made)
    inside.setContentsMargins(18, 10, 18, 10)
    inside.setSpacing(GAP // 2)
    return made, inside


class Note(QFrame):
    """A sign and words that need attention now. Keeps its room while it is hidden: nothing moves under a finger."""

    def __init__(self, mark: str = "!") -> None:
        super().__init__()
        self.setProperty("kind", "note")
        self._words = label(bold=True)
        sign = label(mark, points=LEAD, bold=True, kind="accent")
        sign.setWordWrap(False)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(14, 6, 14, 6)
        inside.setSpacing(GAP)
        inside.addWidget(sign)
        inside.addWidget(self._words, 1)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumHeight(50)
        self.hide()

    def tell(self, words: str) -> None:
        """Show these words, or nothing."""
        self._words.setText(breakable(words))
        self.setVisible(bool(words))

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()


class TimeLeft(QWidget):
    """How long is left: a bar that grows shorter, and words."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._words = label(bold=True)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GAP // 2)
        inside.addWidget(self._bar)
        inside.addWidget(self._words)
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)

    def tell(self, words: str, left: int = 0, whole: int = 0) -> None:
        """These words; the bar only when there is a whole to be a part of (both in seconds)."""
        self._words.setText(words)
        self._bar.setAccessibleName(words)
        self._bar.setVisible(whole > 0)
        if whole > 0:
            self._bar.setRange(0, whole)
            self._bar.setValue(left)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()


class Facts(QWidget):
    """Lines such as *Who: somebody*, with what they are about in a column of its own. No word of a line is left out."""

    def __init__(self, lines: tuple[str, ...] = (), *, points: int = BODY) -> None:
        super().__init__()
        self._points = points
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP + GAP // 2)
        self._grid.setVerticalSpacing(GAP // 2)
        self._grid.setColumnStretch(1, 1)
        self.fill(lines)

    def fill(self, lines: tuple[str, ...]) -> None:
        """Show these lines instead."""
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for place, line in enumerate(lines):
            self._add(place, line)

    def _add(self, place: int, line: str) -> None:
        key, value = parted(line)
        said = label(value, points=self._points)
        said.setAccessibleName(line)
        if not key:
            self._grid.addWidget(said, place, 0, 1, 2)
            return
        about = label(key, points=self._points, kind="quiet")
        about.setWordWrap(False)
        about.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._grid.addWidget(about, place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(said, place, 1, Qt.AlignmentFlag.AlignTop)
