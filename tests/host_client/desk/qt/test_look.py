"""Colours: readable in both themes, and the system's choice is followed while it is on AUTO."""

from dataclasses import fields
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from host_client.desk.qt.look import DARK, LIGHT, SIGNS, Colours, Theme, use_theme


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    of = QColor(colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4) for part in (of.redF(), of.greenF(), of.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((brightness(one), brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_all_text_can_be_read_on_all_it_stands_on(colours: Colours) -> None:
    for text, ground in product((colours.text, colours.quiet, colours.accent), (colours.window, colours.surface)):
        assert contrast(text, ground) >= 4.5
    assert contrast(colours.text, colours.hover) >= 4.5
    for ground in (colours.accent, colours.accent_hover):
        assert contrast(colours.on_accent, ground) >= 4.5
    for ground in (colours.window, colours.surface):
        assert contrast(colours.edge, ground) >= 3
    assert contrast(colours.off, colours.hover) >= 3


def test_white_can_be_read_on_every_sign() -> None:
    assert all(contrast("#ffffff", sign.colour) >= 5 for sign in SIGNS.values())


def test_every_colour_is_one() -> None:
    assert all(QColor(getattr(colours, field.name)).isValid() for colours in (LIGHT, DARK) for field in fields(Colours))


@pytest.mark.parametrize(("theme", "colours"), [(Theme.LIGHT, LIGHT), (Theme.DARK, DARK)])
def test_a_theme_by_name_is_that_theme(qt: QApplication, theme: Theme, colours: Colours) -> None:
    use_theme(qt, theme)
    assert qt.palette().color(QPalette.ColorRole.Window).name() == colours.window
    assert colours.accent in qt.styleSheet()
    assert not qt.windowIcon().isNull()


def test_auto_follows_the_system_also_later(qt: QApplication) -> None:
    hints = qt.styleHints()
    use_theme(qt, Theme.AUTO)
    for scheme, colours in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)):
        hints.colorSchemeChanged.emit(scheme)
        assert qt.palette().color(QPalette.ColorRole.WindowText).name() == colours.text
    hints.colorSchemeChanged.disconnect()
    use_theme(qt, Theme.LIGHT)
