"""Whose desktop has the keyboard. What Windows answers is played here: no such machine runs these tests."""

import time

import pytest

from host_client.screen.session_state_windows import OWN_DESKTOP, WindowsDesktop
from policy.decision import Reason


@pytest.mark.parametrize(
    ("desktop", "reason"),
    [
        (OWN_DESKTOP, None),
        ("Winlogon", Reason.SCREEN_LOCKED),
        ("Screen-saver", Reason.SCREEN_LOCKED),
        (None, Reason.SCREEN_LOCKED),
        ("", Reason.SCREEN_LOCKED),
    ],
    ids=["the person's", "the system's", "a screen saver's", "may not be asked", "without a name"],
)
def test_only_the_persons_own_desktop_may_be_seen(desktop: str | None, reason: Reason | None) -> None:
    assert WindowsDesktop(lambda: desktop).away() is reason


def test_it_waits_as_long_as_it_is_told() -> None:
    source = WindowsDesktop(lambda: OWN_DESKTOP)
    begun = time.monotonic()
    source.wait(0.05)
    assert time.monotonic() - begun >= 0.05
    source.close()
