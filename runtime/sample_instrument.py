"""A small analyser that plays the instrument in demonstrations: results, a run log, and a note that can be typed into.

It knows nothing of the product and speaks English, as the instrument it plays does. Nothing on it moves unless a run
was started, so a still screen stays still. `python -m runtime.sample_instrument [--geometry WIDTHxHEIGHT+X+Y]`
"""

import argparse
import re
import sys
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

TITLE = "Analyser 7 - Haematology"
_STEP_MS = 400
_PLACE = re.compile(r"(\d+)x(\d+)\+(\d+)\+(\d+)")


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table."""

    sample: str
    analyte: str
    value: str
    unit: str
    flag: str


RESULTS = (
    Result("24-1107", "WBC", "6.2", "10^9/L", ""),
    Result("24-1107", "RBC", "4.71", "10^12/L", ""),
    Result("24-1107", "HGB", "8.9", "g/dL", "LOW"),
    Result("24-1107", "PLT", "251", "10^9/L", ""),
    Result("24-1108", "WBC", "14.8", "10^9/L", "HIGH"),
    Result("24-1108", "RBC", "4.02", "10^12/L", ""),
    Result("24-1108", "HGB", "12.1", "g/dL", ""),
    Result("24-1108", "PLT", "----", "10^9/L", "LAMP"),
)
RUN = ("Rinsing probe", "Aspirating 24-1109", "Diluting", "Counting", "Lamp intensity 71 % (limit 75 %)", "Run stopped: lamp")
BEFORE = ("08:02 Start-up passed", "08:05 Controls passed", "09:41 Run 24-1107 finished", "09:44 Run 24-1108: lamp intensity low")


class Analyser(QWidget):
    """The instrument's only window."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self._log = QPlainTextEdit("\n".join(BEFORE), readOnly=True)
        self._log.setAccessibleName("Run log")
        self._note = QPlainTextEdit()
        self._note.setAccessibleName("Operator note")
        self._note.setPlaceholderText("Operator note")
        self._bar = QProgressBar(maximum=len(RUN))
        self._start, self._stop = QPushButton("Start run"), QPushButton("Stop run")
        self._stop.setEnabled(False)
        self._step = 0
        self._clock = QTimer(self, interval=_STEP_MS)
        self._clock.timeout.connect(self._advance)
        self._start.clicked.connect(self._begin)
        self._stop.clicked.connect(lambda: self._finish("Run stopped by operator"))
        self._arrange()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        for button in (self._start, self._stop, self._bar):
            buttons.addWidget(button)
        right = QVBoxLayout()
        for widget in (QLabel("Run log"), self._log, QLabel("Operator note"), self._note):
            right.addWidget(widget)
        page = QGridLayout(self)
        page.addWidget(QLabel(f"{TITLE}   Serial 7-20431   Lamp hours 1,998 of 2,000"), 0, 0, 1, 2)
        page.addWidget(_table(), 1, 0)
        page.addLayout(right, 1, 1)
        page.addLayout(buttons, 2, 0, 1, 2)
        page.setColumnStretch(0, 3)
        page.setColumnStretch(1, 2)

    def _begin(self) -> None:
        self._step = 0
        self._start.setEnabled(False)
        self._stop.setEnabled(True)
        self._clock.start()

    def _advance(self) -> None:
        self._log.appendPlainText(RUN[self._step])
        self._step += 1
        self._bar.setValue(self._step)
        if self._step == len(RUN):
            self._finish("Check the lamp before the next run")

    def _finish(self, why: str) -> None:
        self._clock.stop()
        self._log.appendPlainText(why)
        self._start.setEnabled(True)
        self._stop.setEnabled(False)


def _table() -> QTableWidget:
    headings = ("Sample", "Analyte", "Value", "Unit", "Flag")
    table = QTableWidget(len(RESULTS), len(headings))
    table.setAccessibleName("Results")
    table.setHorizontalHeaderLabels(headings)
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    for row, result in enumerate(RESULTS):
        for column, text in enumerate((result.sample, result.analyte, result.value, result.unit, result.flag)):
            item = QTableWidgetItem(text)
            if result.flag:
                item.setBackground(QColor("#fde68a"))
                item.setForeground(QColor("#14181d"))
            table.setItem(row, column, item)
    return table


def main() -> int:
    """Show the analyser until its window is closed."""
    parser = argparse.ArgumentParser(description="A sample instrument, so that there is something to help with.")
    parser.add_argument("--geometry", default="900x560+60+90", help="WIDTHxHEIGHT+X+Y in pixels (default: %(default)s)")
    asked = _PLACE.fullmatch(parser.parse_args().geometry)
    if asked is None:
        parser.error("the geometry is written WIDTHxHEIGHT+X+Y, such as 900x560+60+90")
    width, height, x, y = (int(number) for number in asked.groups())
    app = QApplication(sys.argv[:1])
    app.setCursorFlashTime(0)  # a blinking caret would change pixels for ever
    analyser = Analyser()
    analyser.setGeometry(x, y, width, height)
    analyser.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
