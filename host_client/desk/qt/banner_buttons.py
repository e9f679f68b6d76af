"""What a person can do with a visit from its banner: pause it, take a right back, end it.

Everything that narrows is one press. *Continue* widens, so it counts only from a device that is no injector, where that
can be told (product behaviour 8). *Keep open* is there while the visit is about to end because nobody does anything.
"""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from host_client.desk.qt.pages import Report
from host_client.desk.qt.parts import button, dress
from host_client.desk.qt.touches import TouchButton
from host_client.desk.witness import PressWitness
from host_client.link import BannerState, EndPressed, KeepOpenPressed, PausePressed, ResumePressed, ShowBanner, TakeBackPressed
from policy.permissions import Permission
from runtime.catalogues import Catalogue

_GAP = 8
_LEAST = (96, 40)


class BannerButtons(QWidget):
    """The row at the banner's right end."""

    def __init__(self, words: Catalogue, report: Report) -> None:
        super().__init__()
        self._words, self._report = words, report
        self.witness: PressWitness | None = None
        self._granted: tuple[Permission, ...] = ()
        self.keep_open = self._button(button("", "keep_open"), "desk-keep-open")
        self.take_back = self._button(button("", "take_back"), "desk-take-back")
        self.pause = self._button(button("", "pause"), "desk-pause")
        self.resume = TouchButton("")
        self._button(dress(self.resume, "resume"), "desk-resume")
        self.end = self._button(button("", "end"), "desk-end")
        self.keep_open.clicked.connect(lambda: report(KeepOpenPressed()))
        self.take_back.clicked.connect(self._take_back)
        self.pause.clicked.connect(lambda: report(PausePressed()))
        self.resume.clicked.connect(self._resume)
        self.end.clicked.connect(lambda: report(EndPressed()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for each in self._all:
            row.addWidget(each)

    @property
    def _all(self) -> tuple[QPushButton, ...]:
        return self.keep_open, self.take_back, self.pause, self.resume, self.end

    def _button(self, made: QPushButton, identity: str) -> QPushButton:
        made.setMinimumSize(*_LEAST)
        self._name(made, identity)
        return made

    def _name(self, made: QPushButton, identity: str) -> None:
        made.setText(self._words.text(identity))
        made.setAccessibleName(made.text())
        made.setAccessibleDescription(self._words.text(f"{identity}-hint"))
        made.setToolTip(made.accessibleDescription())

    def present(self, shown: ShowBanner) -> None:
        """Show what can be done in this state."""
        self._granted = shown.granted
        beside_view = [each for each in shown.granted if each is not Permission.VIEW]
        self._name(self.take_back, "desk-take-back" if beside_view == [Permission.CONTROL] else "desk-take-back-more")
        self.take_back.setVisible(bool(beside_view))
        self.keep_open.setVisible(shown.idle > 0)
        paused = shown.state is BannerState.PAUSED
        self.pause.setVisible(not paused and not shown.idle and shown.state not in {BannerState.ASKED, BannerState.SUSPENDED})
        self.resume.setVisible(paused)

    def room(self) -> int:
        """Pixels that the row takes."""
        shown = [each for each in self._all if not each.isHidden()]
        return sum(max(each.sizeHint().width(), each.minimumWidth()) for each in shown) + _GAP * (len(shown) - 1)

    def _take_back(self) -> None:
        beside_view = [each for each in self._granted if each is not Permission.VIEW]
        if beside_view == [Permission.CONTROL]:
            self._report(TakeBackPressed(Permission.CONTROL))
            return
        self.choice().popup(self.take_back.mapToGlobal(self.take_back.rect().bottomLeft()))

    def choice(self) -> QMenu:
        """Every right that was given, each to be taken back alone; without the screen nothing else is left either."""
        menu = QMenu(self)
        for permission in self._granted:
            chosen = menu.addAction(self._words.text(f"permission-{permission.value}"))
            chosen.triggered.connect(partial(self._report, TakeBackPressed(permission)))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _resume(self) -> None:
        touches = self.resume.taken()
        provable = self.witness is not None and self.witness.available
        if not provable or (touches and self.witness is not None and self.witness.physical(touches)):
            self._report(ResumePressed())
