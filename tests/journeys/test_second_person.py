"""A second person watches: a code of his own in the middle of a visit, his own yes at the instrument, and nothing but the picture."""

from playwright.async_api import expect

from tests.helpers.house import House
from tests.helpers.technician import VISIT_MS, Technician
from tests.helpers.visits import back_to_idle, control, settled, view


async def named(technician: Technician, *, view_only: bool, by: str) -> None:
    """The page names the other one."""
    place = technician.page.locator("#second")
    await expect(place).to_contain_text(by, timeout=VISIT_MS)
    await expect(place).to_have_attribute("data-view-only", str(view_only).lower())


async def let_watch(home: House, technician: Technician, second: Technician) -> None:
    """The person reads a second code out, and says yes to a second question."""
    await home.person.press("2nd person")
    await second.enter_code(await home.read_code(), words="I train him")
    await second.phase("asking")
    who, whom = second.invited, technician.invited
    await home.person.see(f"{who.name} of {who.company} asks to watch {whom.name} on this screen.", "label")
    await home.person.press("Allow")
    await second.phase("viewing")


async def test_a_supervisor_watches_and_the_person_stops_him(home: House) -> None:
    async with home.technician() as technician, home.technician() as second:
        await view(home, technician)
        await settled(home, technician)
        await let_watch(home, technician, second)
        await named(technician, view_only=False, by=second.invited.name)
        await named(second, view_only=True, by=technician.invited.name)
        await home.person.see(f"{second.invited.name}, {second.invited.company} is WATCHING too", "label")
        for button in ("#request-control", "#files-open", "#clipboard-open", "#chat-open"):
            await expect(second.page.locator(button)).to_have_count(0)
        await settled(home, second)
        await settled(home, technician)
        await control(home, technician)
        await home.person.press("Pause")
        await technician.phase("paused")
        await second.phase("paused")
        await home.person.press("Continue")
        await second.phase("viewing")
        await settled(home, second)
        await home.person.press("Stop watching")
        await second.summary("host_ended")
        await expect(technician.page.locator("#second")).to_have_count(0)
        await technician.control("held")
        await settled(home, technician)
        await second.page.click("#back")
        await let_watch(home, technician, second)
        await settled(home, second)
        await technician.end()
        await technician.summary("technician_ended")
        await second.summary("watched_visit_over")
        await back_to_idle(home)
    host, broker = await home.shown("host"), await home.shown("broker")
    assert f"{second.invited.name}, {second.invited.company}, watches it too" in host
    assert f"{second.invited.identity} watches it in visit" in broker
