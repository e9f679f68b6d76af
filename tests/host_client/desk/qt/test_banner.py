"""The banner and its frame: on every monitor, in words and signs, and never off the screen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from host_client.desk.qt.banner import Banner, bottom
from host_client.desk.qt.look import SIGNS
from host_client.link import BannerState, EndPressed, ShowBanner
from policy.permissions import Permission
from runtime.catalogues import catalogue
from tests.host_client.desk.qt.conftest import MONITORS, Heard

VIEWING = ShowBanner("Dana Ortiz", "Example Instruments", BannerState.VIEWING, 754, 2846, ())


@pytest.fixture
def banner(heard: Heard) -> Iterator[Banner]:
    made = Banner(catalogue("en"), heard.append, lambda _touches: True)
    yield made
    made.put_away()
    made.deleteLater()


def edges(banner: Banner) -> list[QWidget]:
    return [edge for edge in banner._edges if edge.isVisible()]


def test_the_frame_goes_around_every_monitor(banner: Banner) -> None:
    banner.present(VIEWING)
    assert len(QGuiApplication.screens()) == len(MONITORS)
    for x, y, width, height in MONITORS:
        here = [edge.geometry() for edge in edges(banner) if edge.x() in range(x, x + width)]
        assert len(here) == 4
        assert min(place.left() for place in here) == x
        assert min(place.top() for place in here) == y
        assert max(place.right() for place in here) == x + width - 1
        assert max(place.bottom() for place in here) == y + height - 1


def test_it_says_who_does_what_and_for_how_long(banner: Banner) -> None:
    banner.present(VIEWING)
    assert banner.accessibleName() == "Dana Ortiz, Example Instruments is VIEWING · 00:12"
    assert banner._mark.text() == SIGNS[BannerState.VIEWING].mark


def test_each_state_has_a_colour_and_a_sign_of_its_own() -> None:
    assert set(SIGNS) == set(BannerState)
    assert len({sign.colour for sign in SIGNS.values()}) == len({sign.mark for sign in SIGNS.values()}) == len(BannerState)


def test_the_clock_ticks_by_the_minute_and_in_the_last_minute_by_the_second(banner: Banner) -> None:
    banner.present(VIEWING)
    assert banner._clock.interval() == (60 - 754 % 60) * 1000
    banner.present(ShowBanner("Dana Ortiz", "Example Instruments", BannerState.VIEWING, 3535, 65, ()))
    assert banner._clock.interval() == 5000
    for left in (60, 59, 58):
        banner._tick()
        assert banner.accessibleName() == f"Dana Ortiz, Example Instruments is VIEWING · ends in {left} s"
        assert banner._clock.interval() == 1000
    for _ in range(70):
        banner._tick()
    assert banner.accessibleName().endswith("ends in 0 s")


def test_a_visit_that_ends_because_nobody_does_anything_counts_down_and_says_so(banner: Banner) -> None:
    banner.present(replace(VIEWING, idle=60))
    for left in (60, 59):
        assert banner.accessibleName() == f"Dana Ortiz · no activity · ends in {left} s"
        assert banner._clock.interval() == 1000
        banner._tick()
    banner.present(VIEWING)
    assert banner.accessibleName().startswith("Dana Ortiz, Example Instruments is VIEWING")
    banner.present(replace(VIEWING, left=20, idle=40))
    assert banner.accessibleName().endswith("ends in 20 s"), "whatever comes first"


def test_end_stays_on_the_screen_whatever_the_length_of_a_name(banner: Banner, heard: Heard) -> None:
    banner.present(ShowBanner("D" * 500, "E" * 500, BannerState.CONTROLLING, 0, 3600, (Permission.CONTROL, Permission.VIEW)))
    assert banner.x() >= 0
    assert banner.x() + banner.width() <= MONITORS[0][2]
    assert banner.buttons.x() + banner.buttons.end.geometry().right() <= banner.width()
    assert banner._line.text().endswith("is CONTROLLING · 00:00")
    banner.buttons.end.click()
    assert heard == [EndPressed()]


def test_a_long_state_shortens_the_names_and_never_itself(banner: Banner) -> None:
    granted = (Permission.CONTROL, Permission.VIEW)
    banner.present(ShowBanner("Dana Ortiz" * 3, "Example Instruments" * 2, BannerState.UNMASKED, 0, 3600, granted))
    said = banner._line.text()
    assert said.startswith("Dana")
    assert said.endswith("is PAUSED, a privacy mask cannot be placed, sees nothing · 00:00")
    assert "Dana Ortiz" * 3 in banner.accessibleName()


def test_a_button_that_somebody_reaches_for_keeps_its_place(banner: Banner) -> None:
    granted = (Permission.CONTROL, Permission.VIEW)
    banner.present(replace(VIEWING, granted=(Permission.VIEW,)))
    places = set()
    for state in (BannerState.CONTROLLING, BannerState.WAITING, BannerState.CONTROLLING):
        banner.present(ShowBanner("Dana Ortiz", "Example Instruments", state, 0, 3600, granted))
        places.add(banner.buttons.end.mapToGlobal(banner.buttons.end.rect().topLeft()).toTuple())
    assert len(places) == 1
    banner.put_away()
    banner.present(VIEWING)
    assert banner.x() + banner.width() // 2 == pytest.approx(MONITORS[0][2] / 2, abs=1)


def test_a_new_state_takes_the_room_it_needs_and_no_more(banner: Banner) -> None:
    banner.present(ShowBanner("Dana Ortiz", "Example Instruments", BannerState.ASKED, 0, 3600, ()))
    wide = banner.width()
    banner.present(VIEWING)
    assert banner.width() < wide
    assert banner.geometry().bottom() < bottom()


def test_put_away_leaves_nothing_and_covering_it_brings_nothing_back(banner: Banner) -> None:
    banner.present(VIEWING)
    frame = edges(banner)
    banner.put_away()
    banner.raise_all()
    assert not banner.isVisible()
    assert not any(edge.isVisible() for edge in frame)
    assert not banner._clock.isActive()
