"""Case 29: injected presses on the real prompt. Left for later: secure desktops, other sessions (files and restart, when they exist)."""

import asyncio

from tests.helpers.desktop import Seen
from tests.helpers.house import House
from tests.helpers.injector import xtest_hand
from tests.helpers.visits import back_to_idle, view

ATTEMPTS = 50
"""In each of two ways."""
BLOCKED = "came from a program, not from a person"
SECONDS = 30
LOOKS = 3


def press_by_pointer(display: str, allow: Seen) -> None:
    """On the button itself."""
    with xtest_hand(display) as injector:
        for _ in range(ATTEMPTS):
            injector.click(*allow.middle)


def press_by_keyboard(display: str) -> None:
    """From the focused *Refuse*."""
    with xtest_hand(display) as injector:
        for _ in range(ATTEMPTS):
            injector.press("Tab")
            injector.press("space")


async def all_are_over(home: House) -> int:
    """Wait until three looks at the host's log find as many blocked presses, and return how many. A window manager holds pointer
    events back and lets keys overtake them: one way of pressing has to be over before the other begins, or a key that is meant for
    *Allow* meets *Refuse*.
    """
    seen: list[int] = []
    async with asyncio.timeout(SECONDS):
        while len(seen) < LOOKS or len(set(seen[-LOOKS:])) > 1:
            await home.person.see("Only the mouse or keyboard at this PC can allow this.")
            seen.append((await home.shown("host")).count(BLOCKED))
    return seen[-1]


async def test_a_hundred_injected_presses_answer_nothing_and_one_press_of_the_person_does(home: House) -> None:
    """Case 29. View is granted, the prompt for control is open, and a program on the screen presses *Allow*."""
    async with home.technician() as technician:
        await view(home, technician)
        await technician.ask_control()
        await technician.control("asking")
        allow = await home.person.see("Allow", "push button", enabled=True)
        await asyncio.to_thread(press_by_pointer, home.desktop.screen.display, allow)
        by_pointer = await all_are_over(home)
        await asyncio.to_thread(press_by_keyboard, home.desktop.screen.display)
        by_keyboard = await all_are_over(home) - by_pointer
        assert min(by_pointer, by_keyboard) > ATTEMPTS // 2  # a quick second click may be one with the first
        await technician.control("asking")
        assert "mouse and keyboard are open" not in await home.shown("host")
        await home.person.press("Allow")
        await technician.control("held")
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
