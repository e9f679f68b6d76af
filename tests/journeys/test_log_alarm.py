"""The broker's log as a technician's browser sees it: followed from visit to visit, and an alarm that only a person ends."""

from playwright.async_api import Page, expect

from tests.helpers.house import House
from tests.helpers.visits import back_to_idle
from tests.journeys.test_pages import judge

OTHER_HISTORY = """async () => {
  const opening = indexedDB.open("keyval-store");
  const database = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const store = database.transaction("keyval", "readwrite").objectStore("keyval");
  const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const name = (await done(store.getAllKeys())).find((each) => String(each).startsWith("log "));
  const kept = await done(store.get(name));
  const lines = kept.note.split("\\n");
  lines[2] = btoa(String.fromCharCode(...new Uint8Array(32)));
  await done(store.put({ ...kept, note: lines.join("\\n") }, name));
  database.close();
}"""
"""As if the broker had shown this browser another history before: what it holds has another root."""


async def entries_seen(page: Page, more_than: int = 0) -> int:
    """How many entries of the broker's log this page has seen to fit, once there are more than so many."""
    await page.wait_for_function("(least) => Number(document.querySelector('#link')?.dataset.log) > least", arg=more_than)
    return int(await page.get_attribute("#link", "data-log") or 0)


async def alarm(page: Page) -> None:
    """The alarm is there, and nothing can be begun."""
    await expect(page.locator("#doubt")).to_have_attribute("data-doubt", "forked")
    await page.fill("#code", "482913 K7QF-2M9X")
    await page.fill("#case-reference", "CASE-17")
    await expect(page.locator("#claim")).to_be_disabled()


async def test_a_log_that_does_not_continue_stops_the_technician_until_somebody_was_told(home: House) -> None:
    async with home.technician() as technician:
        page = technician.page
        seen = await entries_seen(page)
        await page.reload()
        seen = await entries_seen(page, seen)

        await page.evaluate(OTHER_HISTORY)
        await page.reload()
        await alarm(page)
        for language in ("fr", "en"):
            for scheme in ("dark", "light"):
                await page.select_option("#language", language)
                await page.emulate_media(
                    color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
                )  # no colour on its way
                await judge(page, "11-log-alarm", f"{language}-{scheme}")

        await technician.context.grant_permissions(["clipboard-read", "clipboard-write"])
        for name in ("held", "given"):
            await page.click(f"#copy-{name}")
            assert await page.evaluate("navigator.clipboard.readText()") == await page.text_content(f"#note-{name}")
        assert "ALARM: t-" in await home.shown("broker")

        await page.reload()
        await alarm(page)  # a page that begins anew has forgotten nothing
        await page.click("#believe")
        await expect(page.locator("#doubt")).to_have_attribute("data-doubt", "")
        await entries_seen(page, seen)
        await technician.enter_code(await home.get_help())
        await technician.phase("asking")
        await home.person.press("Allow")
        await technician.phase("viewing")
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
        await page.click("#back")
        await entries_seen(page, seen)
