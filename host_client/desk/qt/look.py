"""Colours and sizes of all windows, light and dark, and how a window stays on top with and without a window manager."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from host_client.link import BannerState


class Theme(StrEnum):
    """Which colours: the system's choice, or one by name."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


_SCHEMES = {
    Theme.AUTO: Qt.ColorScheme.Unknown,
    Theme.LIGHT: Qt.ColorScheme.Light,
    Theme.DARK: Qt.ColorScheme.Dark,
}


def use_theme(theme: Theme) -> None:
    """Set the colours of every window of this process."""
    QGuiApplication.styleHints().setColorScheme(_SCHEMES[theme])


@dataclass(frozen=True, slots=True)
class Sign:
    """How one state of a visit looks: a colour and, for whoever does not see colours, a sign."""

    colour: str
    mark: str


SIGNS: dict[BannerState, Sign] = {
    BannerState.ASKED: Sign("#4b5563", "○"),
    BannerState.VIEWING: Sign("#1d4ed8", "◉"),
    BannerState.CONTROLLING: Sign("#b91c1c", "▲"),
}
"""White text on each of these has a contrast of at least 5:1 (WCAG 2.2, 1.4.3)."""


def label(text: str = "", *, points: int = 0, bold: bool = False, quiet: bool = False) -> QLabel:
    """A line of text that wraps, can be selected by nobody, and is never read as mark-up."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    font = QFont(made.font())
    if points:
        font.setPointSize(points)
    font.setBold(bold)
    made.setFont(font)
    if quiet:
        made.setForegroundRole(made.foregroundRole().PlaceholderText)
    return made


def button(text: str, name: str, *, large: bool = False) -> QPushButton:
    """A push button that says its own name to a screen reader. `name` is its object name, for style and tests."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setMinimumHeight(64 if large else 44)
    made.setMinimumWidth(140)
    if large:
        font = QFont(made.font())
        font.setPointSize(20)
        font.setBold(True)
        made.setFont(font)
    return made


def stay_on_top(window: QWidget, *, managed: bool) -> None:
    """Keep a window above others: asked of the window manager, or past it where there is none."""
    window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
    if not managed:
        window.setWindowFlag(Qt.WindowType.BypassWindowManagerHint)
