"""How a window stays above others, with and without a window manager."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def stay_on_top(window: QWidget, *, managed: bool) -> None:
    """Keep a window above others: asked of the window manager, or past it where there is none."""
    window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
    if not managed:
        window.setWindowFlag(Qt.WindowType.BypassWindowManagerHint)
