"""Case 29: injected presses on the real prompt. Left for later: secure desktops, other sessions (files and restart, when they exist)."""

import asyncio

from tests.helpers.desktop import Seen
from tests.helpers.house import House
from tests.helpers.injector import xtest_hand
from tests.helpers.visits import back_to_idle, view

ATTEMPTS = 50


def press_everything(display: str, allow: Seen) -> None:
    """A hundred attempts: by pointer on the button itself, and by keyboard from the focused *Refuse*."""
    with xtest_hand(display) as injector:
        for _ in range(ATTEMPTS):
            injector.click(*allow.middle)
            injector.press("Tab")
            injector.press("space")


async def test_a_hundred_injected_presses_answer_nothing_and_one_press_of_the_person_does(home: House) -> None:
    """Case 29. View is granted, the prompt for control is open, and a program on the screen presses *Allow*."""
    async with home.technician() as technician:
        await view(home, technician)
        await technician.ask_control()
        await technician.control("asking")
        allow = await home.person.see("Allow", "push button", enabled=True)
        await asyncio.to_thread(press_everything, home.desktop.screen.display, allow)
        await home.person.see("Only the mouse or keyboard at this PC can allow this.")
        await technician.control("asking")
        assert "mouse and keyboard are open" not in await home.shown("host")
        await home.person.press("Allow")
        await technician.control("held")
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
    assert (await home.shown("host")).count("came from a program, not from a person") >= ATTEMPTS
