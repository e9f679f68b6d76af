"""One's own account, with the keyboard alone: another password, another authenticator app, everybody else out, and in again with both.
Then the log, and a copy of it that two persons take away.
"""

import re

from playwright.async_api import Page, expect

from policy.roles import Role
from runtime.catalogues import catalogue
from tests.helpers.browser import fresh_context
from tests.helpers.house import House
from tests.helpers.technician import PASSWORD, VISIT_MS, Technician

WORDS = catalogue("en")
SHORT, COMMON, NEW = "eleven mice", "passwordpassword123", "nine patient herons over fog"
TABS_MOST = 40


async def tab_to(page: Page, handle: str) -> None:
    """Go there as somebody without a mouse does."""
    for _ in range(TABS_MOST):
        if await page.evaluate("document.activeElement.id") == handle:
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {handle}")


async def write(page: Page, handle: str, text: str) -> None:
    """Type into a field, whatever stood in it."""
    await tab_to(page, handle)
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)


async def press(page: Page, handle: str) -> None:
    """A button, as soon as it can be pressed."""
    await expect(page.locator(f"#{handle}")).to_be_enabled()
    await tab_to(page, handle)
    await page.keyboard.press("Enter")


async def sign_in(page: Page, technician: Technician, password: str, totp: str) -> None:
    """The sign-in page, from its first field."""
    await expect(page.locator("#sign-in-name")).to_be_visible()
    await write(page, "sign-in-name", technician.invited.identity)
    await write(page, "password", password)
    await write(page, "totp", totp)
    await page.keyboard.press("Enter")


async def sign_in_with_recovery_code(page: Page, technician: Technician) -> None:
    """In another browser, which nobody signed for."""
    await expect(page.locator("#sign-in-name")).to_be_visible()
    await press(page, "use-recovery")
    await write(page, "sign-in-name", technician.invited.identity)
    await write(page, "password", PASSWORD)
    await write(page, "recovery-code", technician.recovery_codes[0])
    await page.keyboard.press("Enter")
    await expect(page.locator("#open-own-account")).to_be_visible()


async def choose(page: Page, password: str) -> None:
    """A new password, twice."""
    await write(page, "new-password", password)
    await write(page, "new-password-again", password)


async def refused_in_words(page: Page, technician: Technician, reason: str) -> None:
    """The page says why, as everybody can read it."""
    await technician.problem(reason)
    await expect(page.locator("#problem")).to_contain_text(WORDS.text(f"reason-{reason}"))


async def change_password(page: Page, technician: Technician) -> None:
    """What will not do is said; what will do is done. The keyboard begins where the page does."""
    await expect(page.locator("#password")).to_be_focused()
    await write(page, "password", PASSWORD)
    await choose(page, SHORT)
    await expect(page.locator("#change-password")).to_be_disabled()
    await expect(page.locator("#own-account")).to_contain_text(WORDS.text("password-short", shortest=15))
    for bad, reason in ((COMMON, "password_common"), (PASSWORD, "password_same")):
        await choose(page, bad)
        await press(page, "change-password")
        await refused_in_words(page, technician, reason)
    await choose(page, NEW)
    await press(page, "change-password")
    await expect(page.get_by_role("status")).to_contain_text(WORDS.text("console-password-changed"))
    await expect(page.locator("#problem")).to_have_attribute("data-reason", "")


async def replace_app(page: Page, technician: Technician) -> None:
    """The new app's first code ends the old one."""
    await write(page, "password", NEW)
    await press(page, "replace-factor")
    await page.wait_for_selector("#totp-secret")
    technician.secret, technician.last_step = ((await page.text_content("#totp-secret")) or "").replace(" ", ""), 0
    await write(page, "totp", technician.totp())
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text(WORDS.text("console-app-replaced"))


async def test_a_technician_changes_password_and_app_and_is_the_only_one_who_stays_in(home: House) -> None:
    async with home.visitor() as technician, fresh_context(home.browser) as (context, complaints):
        page, other = technician.page, await context.new_page()
        shown = await technician.accept_invitation(await home.invite(technician.invited))
        await home.recognise(shown)
        await press(page, "done")
        await sign_in(page, technician, PASSWORD, technician.totp())
        await expect(page.locator("#link")).to_have_attribute("data-state", "open", timeout=VISIT_MS)
        await other.goto(page.url)
        await sign_in_with_recovery_code(other, technician)

        await press(page, "open-own-account")
        await change_password(page, technician)
        await press(other, "open-own-account")
        await expect(other.locator("#sign-in-name")).to_be_visible()
        await replace_app(page, technician)
        await press(page, "back")
        await expect(page.locator("#link")).to_have_attribute("data-state", "open", timeout=VISIT_MS)
        assert complaints.violations == []

        await press(page, "sign-out")
        code = technician.totp()  # a wrong password does not use it up
        await sign_in(page, technician, PASSWORD, code)
        await refused_in_words(page, technician, "sign_in_failed")
        await sign_in(page, technician, NEW, code)
        await expect(page.locator("#link")).to_have_attribute("data-state", "open", timeout=VISIT_MS)
    broker = await home.shown("broker")
    assert "changed the password" in broker
    assert "took another authenticator app" in broker
    for secret in (NEW, COMMON, technician.secret):
        assert secret not in broker


async def open_log_as_administrator(home: House, technician: Technician) -> Page:
    """Invited, and signed in, in a browser whose key nobody signs for."""
    page = technician.page
    await technician.accept_invitation(await home.invite_as(technician.invited, Role.ADMINISTRATOR))
    await press(page, "done")
    await sign_in(page, technician, PASSWORD, technician.totp())
    await expect(page.locator("#open-log")).to_be_visible()
    await press(page, "open-log")
    await expect(page.locator("#log-entries tbody tr").first).to_be_visible()
    return page


async def ask_for_kind(page: Page, kind: str) -> None:
    """The filter, and the table or sentence that answers."""
    await write(page, "log-kind", kind)
    await page.keyboard.press("Enter")


async def test_the_log_is_read_and_two_administrators_take_a_copy_away(home: House) -> None:
    async with home.visitor() as one, home.visitor() as other:
        page, second = await open_log_as_administrator(home, one), await open_log_as_administrator(home, other)
        rows = page.locator("#log-entries tbody tr")
        await ask_for_kind(page, "role_given")
        await expect(page.locator("#log-entries tr[data-event=signed_in]")).to_have_count(0)
        await expect(rows.filter(has_text=one.invited.name).first).to_be_visible()
        await expect(rows.first.locator("time")).to_have_attribute("title", re.compile(r"^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC$"))
        await page.select_option("#language", "fr")
        await expect(page.locator("#log h1")).to_have_text(catalogue("fr").text("console-trail-title"))
        await page.select_option("#language", "en")

        await press(page, "log-propose")
        fetch = page.locator("#log-copies li button")
        await expect(fetch).to_be_visible()
        await second.click("#back")
        await press(second, "open-log")
        await fetch.press("Enter")
        await refused_in_words(page, one, "second_person_needed")
        await second.locator("#log-waiting li button").first.press("Enter")
        await expect(second.locator("#log-waiting")).to_have_count(0)
        async with page.expect_download() as taken:
            await fetch.press("Enter")
        copy = (await (await taken.value).path()).read_text()
        assert copy.startswith("index,time,")
        assert one.invited.identity in copy
        assert "signed_in" not in copy, "a copy holds what the filter let pass"
        await expect(page.locator("#log-copies")).to_have_count(0)

        await ask_for_kind(page, "no_such_kind")
        await expect(page.get_by_role("status").first).to_have_text(WORDS.text("console-trail-empty"))
        await write(page, "log-person", "nobody at all")
        await page.keyboard.press("Enter")
        await expect(page.locator("#log")).to_contain_text(WORDS.text("console-trail-unclear"))
