"""Sentences that several journeys begin or end with."""

import asyncio

from tests.helpers.house import House
from tests.helpers.pictures import canvas_picture, differing, screenshot
from tests.helpers.technician import Technician

SETTLE_SECONDS = 20


async def ask_to_view(home: House, technician: Technician, get_help: str = "Get help") -> None:
    """Code, both halves, the right keys: the prompt for view is before the person."""
    await technician.enter_code(await home.get_help(get_help), words="The rack is stuck")
    await technician.phase("asking")


async def view(home: House, technician: Technician, get_help: str = "Get help", allow: str = "Allow") -> None:
    """The person lets the technician see the screen."""
    await ask_to_view(home, technician, get_help)
    await home.person.press(allow)
    await technician.phase("viewing")


async def control(home: House, technician: Technician, allow: str = "Allow") -> None:
    """The person lets the technician have mouse and keyboard."""
    await technician.ask_control()
    await technician.control("asking")
    await home.person.press(allow)
    await technician.control("held")


async def back_to_idle(home: House, close: str = "Close", get_help: str = "Get help") -> None:
    """The person reads the summary and closes it; help can be asked for again."""
    await home.person.press(close)
    await home.person.see(get_help, "push button", enabled=True)


async def settled(home: House, technician: Technician) -> None:
    """Wait until the console shows exactly what X holds. Raises AssertionError naming the box in which they differ."""
    box: object = "nothing was shown"
    try:
        async with asyncio.timeout(SETTLE_SECONDS):
            while box is not None:
                picture = await canvas_picture(technician.page, "#screen")
                if picture is not None:
                    box = differing(picture, await asyncio.to_thread(screenshot, home.desktop.screen.display))
    except TimeoutError:
        raise AssertionError(f"the console's picture differs from the screen in {box}") from None
