"""Words go both ways during a visit: messages between the two people, and what each copies, on a press of both; gone when it is over."""

from playwright.async_api import expect

from tests.helpers.browser_storage import STORED
from tests.helpers.house import House
from tests.helpers.site_rules import ALL, site_text
from tests.helpers.technician import Technician
from tests.helpers.visits import ask_to_view, back_to_idle

EVIL = '<img src=x onerror="document.title=1"> javascript:alert(1) \u202egnp.exe'
SHOWN = '<img src=x onerror="document.title=1"> javascript:alert(1) gnp.exe'
FIELD = "Write a message. Enter sends it."
RULES = site_text(ALL.replace('"control"', '"control", "clipboard_to_host", "clipboard_from_host"'), 2)
LOT, FAULT = "Lot 4711 <b>", "E14 since nine"
HEBREW = "\u05e9\u05dc\u05d5\u05dd"


async def write(technician: Technician, text: str) -> None:
    """Type a message at the console and send it."""
    await technician.page.fill("#chat-field", text)
    await technician.page.press("#chat-field", "Enter")


async def read(technician: Technician, text: str) -> None:
    """The newest message at the console is this one, of the person at the instrument."""
    await expect(technician.page.locator("#chat-lines li:last-child p")).to_have_text(text)
    await expect(technician.page.locator("#chat-lines li:last-child")).to_have_attribute("data-mine", "false")


async def put_and_fetch(home: House, technician: Technician) -> None:
    """A text of the technician is pasted at the instrument, and one that is copied there is fetched."""
    person, page = home.person, technician.page
    await page.click("#clipboard-open")
    await page.click("#clipboard-ask-to")
    await person.press("Allow")
    await technician.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.evaluate("(text) => navigator.clipboard.writeText(text)", LOT)
    await page.click("#clipboard-paste")
    await expect(page.locator("#clipboard")).to_have_attribute("data-put", "there")
    await person.press(FIELD, "text")
    await person.hand.press("Ctrl", "v")
    await person.hand.press("Return")
    await read(technician, LOT)
    await page.click("#clipboard-ask-from")
    await person.press("Allow")
    await page.click("#clipboard-fetch")
    await expect(page.locator("#clipboard")).to_have_attribute("data-fetch", "missing")
    await person.press(FIELD, "text")
    await person.hand.write(FAULT)
    for key in ("a", "x"):
        await person.hand.press("Ctrl", key)
    await person.hand.write("Copied")
    await person.hand.press("Return")
    await read(technician, "Copied")
    await page.click("#clipboard-fetch")
    await person.press("Send clipboard")
    await expect(page.locator("#clipboard-fetched")).to_have_value(FAULT)


async def test_the_two_people_write_to_each_other(home: House) -> None:
    person = home.person
    await home.sign_site_policy(RULES)
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
        await technician.page.focus("#chat-field")
        await technician.page.keyboard.type(f"{HEBREW}\nWhat is begun while a message leaves")
        await person.see(f"{name}: {HEBREW}")
        await expect(technician.page.locator("#chat-field")).to_have_value("What is begun while a message leaves")
        assert await technician.page.locator("#chat-lines li").count() == 3
        await put_and_fetch(home, technician)
        await technician.end()
        await technician.summary("technician_ended")
        await person.see_gone(FIELD)
        await back_to_idle(home)
        assert await technician.page.locator("#chat-lines, #clipboard-fetched").count() == 0
        kept = await technician.page.evaluate(STORED)  # case 48: nothing of a visit stays in the browser
        assert "extractable: false" in kept
        assert not [each for each in (SHOWN, HEBREW, LOT, FAULT, "since nine") if each in kept]
    for log in (await home.shown("host"), await home.shown("broker")):
        assert "messages written: 2 by the technician, 3 by the person" in log
        assert "since nine" not in log
        assert LOT not in log
