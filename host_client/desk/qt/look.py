"""How all windows look, light and dark: colours, style sheet, signs of a visit. Widgets are in parts.py.

One accent colour leads the eye; every other colour is a shade of grey or says which state a visit is in. Text on each
of these colours has a contrast of at least 4.5:1, edges of buttons at least 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QApplication

from host_client.link import BannerState


class Theme(StrEnum):
    """Which colours: the system's choice, or one by name."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme."""

    window: str
    surface: str
    text: str
    quiet: str
    line: str
    """Between parts that need no edge of their own."""
    edge: str
    """Around what can be pressed."""
    accent: str
    on_accent: str
    accent_hover: str
    hover: str
    off: str


LIGHT = Colours(
    window="#f5f7fa",
    surface="#ffffff",
    text="#14202e",
    quiet="#4b5a6a",
    line="#d5dce4",
    edge="#7b8998",
    accent="#1d4ed8",
    on_accent="#ffffff",
    accent_hover="#1a3fae",
    hover="#e8edf3",
    off="#6b7683",
)
DARK = Colours(
    window="#171c23",
    surface="#202731",
    text="#edf1f6",
    quiet="#aab6c4",
    line="#343e4b",
    edge="#74818f",
    accent="#78aaff",
    on_accent="#0d1521",
    accent_hover="#9cc1ff",
    hover="#2b3441",
    off="#8b97a5",
)


def use_theme(app: QApplication, theme: Theme) -> None:
    """Set the colours of every window, and follow the system's choice from now on when the theme is AUTO.

    The colours are our own, because many a desktop under X tells its choice but offers no palette for it.
    """
    hints = QGuiApplication.styleHints()
    if theme is Theme.AUTO:
        hints.colorSchemeChanged.connect(lambda scheme: paint(app, _colours(dark=scheme is Qt.ColorScheme.Dark)))
    dark = theme is Theme.DARK or (theme is Theme.AUTO and hints.colorScheme() is Qt.ColorScheme.Dark)
    paint(app, _colours(dark=dark))
    app.setWindowIcon(_icon())


def _colours(*, dark: bool) -> Colours:
    return DARK if dark else LIGHT


def paint(app: QApplication, colours: Colours) -> None:
    """Give every window these colours, those that are open too."""
    palette = QPalette(QColor(colours.hover), QColor(colours.window))
    for role, colour in (
        (QPalette.ColorRole.Window, colours.window),
        (QPalette.ColorRole.WindowText, colours.text),
        (QPalette.ColorRole.Base, colours.surface),
        (QPalette.ColorRole.Text, colours.text),
        (QPalette.ColorRole.ButtonText, colours.text),
        (QPalette.ColorRole.PlaceholderText, colours.quiet),
        (QPalette.ColorRole.Highlight, colours.accent),
        (QPalette.ColorRole.HighlightedText, colours.on_accent),
    ):
        palette.setColor(role, QColor(colour))
    app.setPalette(palette)
    app.setStyleSheet(_sheet(colours))


def _sheet(c: Colours) -> str:
    """Parts say their rank and kind as properties (parts.py); what each looks like stands here alone."""
    return f"""
    QPushButton {{ background: {c.surface}; color: {c.text}; border: 2px solid {c.edge}; border-radius: 8px; padding: 6px 22px; }}
    QPushButton:hover {{ background: {c.hover}; }}
    QPushButton:focus {{ border: 3px solid {c.text}; padding: 5px 21px; }}
    QPushButton[rank="first"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; }}
    QPushButton[rank="first"]:hover {{ background: {c.accent_hover}; }}
    QPushButton[rank="first"]:focus {{ border-color: {c.text}; }}
    QPushButton:disabled, QPushButton[rank="first"]:disabled {{ background: {c.hover}; color: {c.off}; border: 2px dashed {c.line}; }}
    QLabel[kind="quiet"] {{ color: {c.quiet}; }}
    QLabel[kind="accent"] {{ color: {c.accent}; }}
    QLabel[kind="code"] {{ background: {c.surface}; border: 2px solid {c.line}; border-radius: 12px; padding: 14px 20px; }}
    QLabel[kind="code"]:disabled {{ background: transparent; color: {c.off}; }}
    QFrame[kind="note"] {{ background: {c.surface}; border: 1px solid {c.line}; border-left: 5px solid {c.accent}; border-radius: 6px; }}
    QFrame[kind="panel"] {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 10px; }}
    QFrame[kind="rule"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
    QProgressBar {{ background: {c.line}; border: none; border-radius: 4px; max-height: 8px; min-height: 8px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 4px; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    """


def _icon() -> QIcon:
    """A ring in a square: somebody is kept company."""
    pixmap = QPixmap(64, 64)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(LIGHT.accent))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(2, 2, 60, 60), 14, 14)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(LIGHT.on_accent), 8))
    painter.drawArc(QRectF(17, 17, 30, 30), 45 * 16, 270 * 16)
    painter.end()
    return QIcon(pixmap)


@dataclass(frozen=True, slots=True)
class Sign:
    """How one state of a visit looks: a colour and, for whoever does not see colours, a sign."""

    colour: str
    bright: str
    """The other colour of an edge that draws attention to itself."""
    mark: str


SIGNS: dict[BannerState, Sign] = {
    BannerState.ASKED: Sign("#4b5563", "#9ca3af", "○"),
    BannerState.LOCKED: Sign("#155e75", "#8fcbdc", "‖"),
    BannerState.UNMASKED: Sign("#6b21a8", "#cfa8f0", "■"),
    BannerState.SUSPENDED: Sign("#92400e", "#f3c07a", "◌"),
    BannerState.PAUSED: Sign("#5b21b6", "#c4b5fd", "◫"),
    BannerState.WAITING: Sign("#9d174d", "#f4a8c8", "△"),
    BannerState.VIEWING: Sign("#1d4ed8", "#93b4fd", "◉"),
    BannerState.CONTROLLING: Sign("#b91c1c", "#f0a3a3", "▲"),
}
"""White text on each of these has a contrast of at least 5:1."""
