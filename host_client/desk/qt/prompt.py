"""The prompt: who asks for what, *Refuse* focused, nothing to be allowed in its first moment.

1. *Allow* is out of reach until the prompt has been on the screen for `armed_after_ms`.
2. *Allow* counts only when every press and release that made it came from a device, never from an injector.
3. Where that cannot be told, view may be allowed and nothing else (product behaviour 8).
4. Esc, closing the window and Enter on the focused *Refuse* refuse. An answer is given once.

Where a file of this PC is asked for, the first prompt lets the person look for it, by the same rules; what was picked is asked for in
a second one.
"""

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from host_client.desk.qt.banner import bottom
from host_client.desk.qt.look import SIGNS
from host_client.desk.qt.on_top import stay_on_top
from host_client.desk.qt.pages import Report
from host_client.desk.qt.parts import GAP, LEAD, MARGIN, SMALL, TITLE, Facts, Note, TimeLeft, button, dress, label, panel
from host_client.desk.qt.picking import look_for
from host_client.desk.qt.touches import TouchButton
from host_client.desk.witness import PressWitness
from host_client.link import BannerState, Given, InjectorBlocked, PromptAnswered, ShowPrompt
from host_client.link_files import FilePicking
from host_client.ports import OfThePick, PickPort, Reading
from policy.permissions import Permission
from runtime.catalogues import Catalogue
from wire.limits import FILE_PICK_SECONDS

_PULSES = 6
_PULSE_MS = 300
_TOUCHES = 2
"""One press and one release make an *Allow*."""
_WIDTH, _EDGE, _AROUND, _TITLE_BAR = 820, 6, 8, 32
"""Pixels: the window's width, its coloured edge, what is left of the screen around it, and what a window manager adds."""
_MEANS = {Permission.VIEW: BannerState.VIEWING, Permission.CONTROL: BannerState.CONTROLLING}
"""A prompt wears the colour and the sign that the banner will wear if it is allowed."""
_FILES = frozenset({Permission.FILE_TO_HOST, Permission.FILE_FROM_HOST})
_BARRED = ("prompt-not-control", "prompt-not-files", "prompt-not-prompts", "prompt-not-clipboard")
"""Sentences of the catalogue that say what an *Allow* does not allow."""


class PromptWindow(QDialog):
    """One prompt, from its first pixel to its answer."""

    def __init__(
        self, shown: ShowPrompt, words: Catalogue, witness: PressWitness | None, report: Report, pick: PickPort, *, managed: bool
    ) -> None:
        super().__init__()
        self._pick, self._managed = pick, managed
        self._dialog: QFileDialog | None = None
        self.ask = shown.ask
        self._words, self._witness, self._report = words, witness, report
        self._permission = shown.permission
        self._armed_after_ms = shown.armed_after_ms
        self._left = self._whole = shown.seconds
        self._answered = False
        self._allows: list[TouchButton] = []
        self._pulses = _PULSES
        self._sign = SIGNS[_MEANS.get(shown.permission, BannerState.CONTROLLING)]
        stay_on_top(self, managed=managed)
        self.setWindowTitle(words.text("desk-prompt-title"))
        self._build(shown, managed=managed)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        self._pulse_timer = QTimer(self, interval=_PULSE_MS)
        self._pulse_timer.timeout.connect(self._pulse)

    def _build(self, shown: ShowPrompt, *, managed: bool) -> None:
        self._edge = QFrame()
        self._edge.setObjectName("edge")
        self._time, self._note = TimeLeft(), Note()
        self._text = _Scrolled(_told(shown, self._words))
        inside = QVBoxLayout(self._edge)
        inside.setContentsMargins(MARGIN, MARGIN - 10, MARGIN, MARGIN - 10)
        inside.setSpacing(GAP)
        if not managed:  # nobody else writes the title above the window
            inside.addWidget(label(self.windowTitle(), points=SMALL, bold=True, kind="quiet"))
        inside.addLayout(self._headline(shown.lines[0] if shown.lines else ""))
        inside.addWidget(self._text, 1)
        for part in (self._time, self._note):
            inside.addWidget(part)
        inside.addLayout(self._answers(shown))
        self._around = QVBoxLayout(self)
        self._around.setContentsMargins(0, 0, 0, 0)
        self._around.addWidget(self._edge)
        self._paint_edge(self._sign.colour)
        self._tell_time()
        self._take_size(managed=managed)

    def _headline(self, words: str) -> QHBoxLayout:
        mark = label(self._sign.mark, points=TITLE + 4, bold=True)
        mark.setWordWrap(False)
        mark.setStyleSheet(f"color: white; background: {self._sign.colour}; border-radius: 8px; padding: 4px 12px;")
        made = QHBoxLayout()
        made.setSpacing(GAP + 4)
        made.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        made.addWidget(label(words, points=TITLE - 1, bold=True), 1, Qt.AlignmentFlag.AlignVCenter)
        return made

    def _allowing(self, words: str, name: str, then: Callable[[], None]) -> TouchButton:
        """A button that allows, or picks; out of reach at first."""
        made = TouchButton(self._words.text(words))
        dress(made, name, points=LEAD)
        made.setEnabled(False)
        made.setAutoDefault(False)
        made.clicked.connect(lambda: self._pressed(made, then))
        self._allows.append(made)
        return made

    def _answers(self, shown: ShowPrompt) -> QHBoxLayout:
        if shown.pick:
            self._allowing("desk-pick-file", "pick-file", lambda: self._look(folder=False))
            self._allowing("desk-pick-folder", "pick-folder", lambda: self._look(folder=True))
        else:
            file = shown.permission in _FILES
            self.allow = self._allowing("desk-allow-file" if file else "desk-allow", "allow", lambda: self._answer(Given.ALLOW))
        if shown.all_files:
            self._allowing("desk-allow-all-files", "allow-all", lambda: self._answer(Given.ALLOW_ALL))
        self.refuse = button(self._words.text("desk-refuse"), "refuse", first=True, points=LEAD)
        self.refuse.setDefault(True)
        self.refuse.clicked.connect(self.reject)
        made = QHBoxLayout()
        for each in (*self._allows, self.refuse):
            each.setMinimumSize(230, 60)
        for each in self._allows:
            made.addWidget(each)
        made.addStretch(1)
        made.addWidget(self.refuse)
        return made

    def _take_size(self, *, managed: bool) -> None:
        """Under the banner, as high as its text needs, never higher than the screen: then the text scrolls, not the answers."""
        title_bar = _TITLE_BAR if managed else 0
        room = QGuiApplication.primaryScreen().availableGeometry().adjusted(_AROUND, bottom() + _AROUND, -_AROUND, -_AROUND)
        width = min(_WIDTH, room.width())
        self._text.wish(width - 2 * (MARGIN + _EDGE))
        height = min(self._around.totalHeightForWidth(width), room.height() - title_bar)
        self.setFixedSize(width, height)
        self.move(room.x() + (room.width() - width) // 2, room.y() + max(0, room.height() - height - title_bar) // 3)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """From now on the person can read it: start both clocks."""
        super().showEvent(event)
        self.refuse.setFocus()
        QTimer.singleShot(self._armed_after_ms, self, self._arm)
        self._second.start()
        self._pulse_timer.start()
        QApplication.beep()

    def _arm(self) -> None:
        if self._answered:
            return
        if self._provable or self._permission is Permission.VIEW:
            for each in self._allows:
                each.setEnabled(True)
        else:
            self._say("desk-prompt-unproven")

    @property
    def _provable(self) -> bool:
        return self._witness is not None and self._witness.available

    def _pressed(self, pressed: TouchButton, then: Callable[[], None]) -> None:
        touches = pressed.taken()
        if self._answered:
            return
        if self._witness is None or not self._witness.available:
            if self._permission is Permission.VIEW:
                then()
            else:
                self._say("desk-prompt-unproven")
        elif touches and self._witness.physical(touches):
            then()
        else:
            self._say("desk-prompt-injected")
            self._report(InjectorBlocked(self.ask))

    # ---- picking a file of this PC

    def _look(self, *, folder: bool) -> None:
        if self._dialog is None:
            self._report(FilePicking(self.ask))
            self._left = self._whole = max(self._left, FILE_PICK_SECONDS)
        self._dialog = look_for(self, self._words.text("desk-pick-title"), self._looked, folder=folder, managed=self._managed)

    def _looked(self, place: Path) -> None:
        if not self._answered:
            for each in self._allows:
                each.setEnabled(False)
            self._pick(self.ask, place)

    def picked(self, told: OfThePick) -> None:
        """How far the reading of what was picked is, or that it cannot be sent."""
        if isinstance(told, Reading):
            self._note.tell(self._words.text("desk-pick-reading", percent=told.percent))
            return
        self._say_words(self._words.text_at_host(f"reason-{told.reason.value}"))
        self._arm()

    @override
    def reject(self) -> None:
        """*Refuse*, Esc and the window's close button."""
        self._answer(Given.REFUSE)

    def _answer(self, given: Given) -> None:
        if not self._answered:
            self._answered = True
            for each in (*self._allows, self.refuse):
                each.setEnabled(False)
            self._report(PromptAnswered(self.ask, given))

    def _say(self, identity: str) -> None:
        self._say_words(self._words.text(identity))

    def _say_words(self, words: str) -> None:
        self._note.tell(words)
        self.refuse.setFocus()

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._tell_time()

    def _tell_time(self) -> None:
        self._time.tell(self._words.text("desk-prompt-left", seconds=self._left), self._left, self._whole)

    def _pulse(self) -> None:
        self._pulses -= 1
        self._paint_edge(self._sign.colour if self._pulses % 2 == 0 else self._sign.bright)
        if self._pulses <= 0:
            self._pulse_timer.stop()

    def _paint_edge(self, colour: str) -> None:
        self._edge.setStyleSheet(f"#edge {{ border: {_EDGE}px solid {colour}; }}")

    def put_away(self) -> None:
        """Close without giving an answer: it was given already, or time ran out."""
        self._answered = True
        self._second.stop()
        self._pulse_timer.stop()
        if self._dialog is not None:
            self._dialog.close()
        self.hide()
        self.deleteLater()


class _Scrolled(QScrollArea):
    """The text of a prompt; it scrolls only where a screen is too small for it."""

    def __init__(self, column: QVBoxLayout) -> None:
        super().__init__()
        self._column = column
        text = QWidget()
        text.setLayout(column)
        self.setWidget(text)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._wish = QSize(0, 0)

    def wish(self, width: int) -> None:
        """Wish for the height that the text needs at this width."""
        self._wish = QSize(width, self._column.totalHeightForWidth(width))
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        """What was wished for."""
        return self._wish

    @override
    def minimumSizeHint(self) -> QSize:
        """Four lines, whatever happens."""
        return QSize(0, min(self._wish.height(), 120))


def _told(shown: ShowPrompt, words: Catalogue) -> QVBoxLayout:
    """The lines under the headline, in their order: facts, what stays forbidden behind its sign, facts again."""
    barred_lines = {words.text(each) for each in _BARRED}
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP - 2)
    for barred, group in groupby(shown.lines[1:], lambda line: line in barred_lines):
        facts = Facts(tuple(group))
        column.addWidget(_forbidden(facts) if barred else facts)
    column.addStretch(1)
    return column


def _forbidden(facts: Facts) -> QWidget:
    place, inside = panel()
    sign = label("⊘", points=TITLE, bold=True)
    sign.setWordWrap(False)
    side = QHBoxLayout()
    side.setSpacing(GAP)
    side.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    side.addWidget(facts, 1)
    inside.addLayout(side)
    return place
