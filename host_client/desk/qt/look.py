"""Colours and sizes of all windows, light and dark, and how a window stays on top with and without a window manager."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from host_client.link import BannerState


class Theme(StrEnum):
    """Which colours: the system's choice, or one by name."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


_DARK = {
    QPalette.ColorRole.Window: "#1f2329",
    QPalette.ColorRole.WindowText: "#eceff4",
    QPalette.ColorRole.Base: "#16191d",
    QPalette.ColorRole.AlternateBase: "#1f2329",
    QPalette.ColorRole.Text: "#eceff4",
    QPalette.ColorRole.Button: "#343b45",
    QPalette.ColorRole.ButtonText: "#eceff4",
    QPalette.ColorRole.PlaceholderText: "#a9b2be",
    QPalette.ColorRole.Highlight: "#6ea8fe",
    QPalette.ColorRole.HighlightedText: "#16191d",
}
_LIGHT = {
    QPalette.ColorRole.Window: "#f6f7f9",
    QPalette.ColorRole.WindowText: "#14181d",
    QPalette.ColorRole.Base: "#ffffff",
    QPalette.ColorRole.AlternateBase: "#f6f7f9",
    QPalette.ColorRole.Text: "#14181d",
    QPalette.ColorRole.Button: "#e4e8ee",
    QPalette.ColorRole.ButtonText: "#14181d",
    QPalette.ColorRole.PlaceholderText: "#4d5763",
    QPalette.ColorRole.Highlight: "#1d4ed8",
    QPalette.ColorRole.HighlightedText: "#ffffff",
}
_OFF = {"dark": "#737c88", "light": "#8a929c"}


def use_theme(app: QApplication, theme: Theme) -> None:
    """Set the colours of every window, and follow the system's choice from now on when the theme is AUTO.

    The colours are our own, because many a desktop under X tells its choice but offers no palette for it.
    """
    hints = QGuiApplication.styleHints()
    if theme is Theme.AUTO:
        hints.colorSchemeChanged.connect(lambda scheme: _paint(app, dark=scheme is Qt.ColorScheme.Dark))
    _paint(app, dark=theme is Theme.DARK or (theme is Theme.AUTO and hints.colorScheme() is Qt.ColorScheme.Dark))


def _paint(app: QApplication, *, dark: bool) -> None:
    colours = _DARK if dark else _LIGHT
    palette = QPalette(QColor(colours[QPalette.ColorRole.Button]), QColor(colours[QPalette.ColorRole.Window]))
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_OFF["dark" if dark else "light"]))
    app.setPalette(palette)


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
        made.setForegroundRole(QPalette.ColorRole.PlaceholderText)
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
