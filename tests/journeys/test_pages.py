"""Every page of the console, light and dark, in both languages: usable with a screen reader, and true to its own policy.

CHAPERONE_PICTURES names a folder for screenshots of each page, for people to look at.
"""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page

from audit.receipt_html import html_of
from audit.receipt_words import page_of
from runtime.catalogues import catalogue
from tests.helpers.axe import serious_faults
from tests.helpers.house import House
from tests.helpers.receipts import whole_visit
from tests.helpers.technician import PASSWORD, Technician
from tests.helpers.visits import back_to_idle, control

LOOKS = [("en-GB", False), ("en-GB", True), ("fr-FR", False), ("fr-FR", True)]


async def judge(page: Page, name: str, look: str) -> None:
    """No serious fault on this page as it stands; a picture of it if somebody wants one."""
    folder = os.environ.get("CHAPERONE_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder, f"{name}-{look}.png"), full_page=True)
    assert await serious_faults(page) == [], name


async def judge_invitation(technician: Technician, link: str, look: str) -> None:
    """The three steps of an invitation, and the sign-in page after them."""
    page = technician.page
    await page.goto(link)
    await page.wait_for_selector("#new-password")
    await judge(page, "1-invitation", look)
    await page.fill("#new-password", PASSWORD)
    await page.fill("#new-password-again", PASSWORD)
    await page.click("#accept")
    technician.secret = ((await page.text_content("#totp-secret")) or "").replace(" ", "")
    await judge(page, "2-second-factor", look)
    await page.fill("#totp", technician.totp())
    await page.click("#confirm")
    technician.fingerprint = ((await page.text_content("#fingerprint")) or "").strip()
    await judge(page, "3-device", look)
    await page.click("#done")
    await page.wait_for_selector("#sign-in")
    await judge(page, "4-sign-in", look)


async def judge_visit(home: House, technician: Technician, look: str) -> None:
    """From the code to the goodbye."""
    page = technician.page
    await technician.enter_code("123456 0000-0000")
    await technician.problem("code_wrong")
    await judge(page, "6-refused", look)
    await technician.enter_code(await home.get_help(), words="The rack is stuck")
    await technician.phase("asking")
    await judge(page, "7-asking", look)
    await home.person.press("Allow")
    await technician.phase("viewing")
    await page.wait_for_selector("#screen[data-frame]")
    await judge(page, "8-viewing", look)
    await control(home, technician)
    await judge(page, "9-controlling", look)
    await technician.end()
    await technician.summary("technician_ended")
    await judge(page, "10-summary", look)
    await back_to_idle(home)


async def judge_receipt(page: Page, language: str, look: str, folder: Path) -> None:
    """The page that a host writes of a visit: a file, opened by itself."""
    file = folder / "receipt.html"
    file.write_text(html_of(page_of(whole_visit().signed(), (), catalogue(language))), encoding="utf-8")
    await page.goto(file.as_uri())
    await judge(page, "11-receipt", look)


@pytest.mark.parametrize(("language", "dark"), LOOKS, ids=[f"{language}-{'dark' if dark else 'light'}" for language, dark in LOOKS])
async def test_every_page_is_usable_by_everybody(home: House, language: str, dark: bool, tmp_path: Path) -> None:
    look = f"{language[:2]}-{'dark' if dark else 'light'}"
    async with home.visitor(language=language, dark=dark) as technician:
        await judge_invitation(technician, await home.invite(technician.invited), look)
        await technician.type_sign_in(PASSWORD, technician.totp())
        await technician.page.wait_for_selector("#link[data-state=lost]")
        await judge(technician.page, "5-not-recognised", look)
        await home.recognise(technician.fingerprint)
        await technician.page.wait_for_selector("#link[data-state=open]", timeout=90_000)
        await judge(technician.page, "5-home", look)
        await technician.page.click("#open-log")
        await technician.page.wait_for_selector("#log-entries tr[data-event=signed_in]")
        await judge(technician.page, "5-log", look)
        await technician.page.click("#back")
        await judge_visit(home, technician, look)
        await judge_receipt(technician.page, language[:2], look, tmp_path)
