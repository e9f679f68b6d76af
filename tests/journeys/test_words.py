"""Words go both ways during a visit: messages between the two people, in the languages of both, and gone when it is over."""

from playwright.async_api import expect

from tests.helpers.house import House
from tests.helpers.technician import Technician
from tests.helpers.visits import ask_to_view, back_to_idle

EVIL = '<img src=x onerror="document.title=1"> javascript:alert(1) \u202egnp.exe'
SHOWN = '<img src=x onerror="document.title=1"> javascript:alert(1) gnp.exe'
FIELD = "Write a message. Enter sends it."
HEBREW = "\u05e9\u05dc\u05d5\u05dd"


async def write(technician: Technician, text: str) -> None:
    """Type a message at the console and send it."""
    await technician.page.fill("#chat-field", text)
    await technician.page.press("#chat-field", "Enter")


async def read(technician: Technician, text: str) -> None:
    """The newest message at the console is this one, of the person at the instrument."""
    await expect(technician.page.locator("#chat-lines li:last-child p")).to_have_text(text)
    await expect(technician.page.locator("#chat-lines li:last-child")).to_have_attribute("data-mine", "false")


async def test_the_two_people_write_to_each_other(home: House) -> None:
    person = home.person
    async with home.technician() as technician:
        name = technician.invited.name
        await ask_to_view(home, technician)
        await technician.page.click("#chat-open")
        await write(technician, EVIL)
        await expect(technician.page.locator("#chat-lines li")).to_have_attribute("data-mine", "true")
        await person.press("Allow")
        await technician.phase("viewing")
        await person.press("● Messages: 1 new")
        await person.see(f"{name}: {SHOWN}")
        await person.press(FIELD, "text")
        await person.hand.write("Yes <b onclick=alert(1)>since nine</b>")
        await person.hand.press("Return")
        await read(technician, "Yes <b onclick=alert(1)>since nine</b>")
        assert await technician.page.title() != "1"
        assert await technician.page.locator("#chat-lines img, #chat-lines a, #chat-lines b").count() == 0
        await write(technician, HEBREW)
        await person.see(f"{name}: {HEBREW}")
        assert await technician.page.locator("#chat-lines li").count() == 3
        await technician.end()
        await technician.summary("technician_ended")
        await person.see_gone(FIELD)
        await back_to_idle(home)
        assert await technician.page.locator("#chat-lines").count() == 0
    for log in (await home.shown("host"), await home.shown("broker")):
        assert "messages written: 2 by the technician, 1 by the person" in log
        assert "since nine" not in log
