"""A technician without a code asks to be called; the person reads who, presses *Get help*, and a visit begins as always."""

from playwright.async_api import expect

from tests.helpers.house import House
from tests.helpers.visits import back_to_idle


async def test_a_request_to_be_called_is_read_and_opens_nothing(home: House) -> None:
    async with home.technician() as technician:
        line = technician.page.locator("#instruments li").first
        await expect(line).to_have_attribute("data-state", "ready")
        await line.get_by_role("button").click()
        await technician.page.fill("#call-case", "CASE-31")
        await technician.page.click("#call-send")
        await expect(line).to_have_attribute("data-call", "shown")
        await home.person.see("Please call your support")
        told = f"{technician.invited.name}, {technician.invited.company}: Fault or error message, case CASE-31"
        assert told in await home.person.texts()
        log = await home.shown("host")
        assert f"{technician.invited.name}, {technician.invited.company} ({technician.invited.identity}), asks to be called" in log
        assert "A code was shown" not in log
        await technician.enter_code(await home.get_help(), case="CASE-31")
        await technician.phase("asking")
        await home.person.press("Refuse")
        await technician.summary("refused")
        await back_to_idle(home)
        assert "Please call your support" not in await home.person.texts()


async def test_a_request_waits_for_a_pc_that_is_switched_off(home: House) -> None:
    async with home.technician() as technician:
        line = technician.page.locator("#instruments li").first
        await home.stop("desk")
        await home.stop("guardian")
        await expect(line).to_have_attribute("data-state", "offline")
        await line.get_by_role("button").click()
        await technician.page.fill("#call-case", "CASE-32")
        await technician.page.click("#call-send")
        await expect(line).to_have_attribute("data-call", "waiting")
        await home.start_host()
        await expect(line).to_have_attribute("data-call", "shown", timeout=30_000)
        await home.person.press("Understood")
        await home.person.see_gone("Understood")
    assert "A request to be called was put away" in await home.shown("host")
