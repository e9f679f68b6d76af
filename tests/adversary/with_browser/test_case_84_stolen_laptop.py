"""Case 84: a browser that was signed out holds nothing that signs in again: no storage, no cache, no page behind the back button.

What stays is the device key, whose private half no script can read, the name it belongs to, the version of the directory, and the language.
"""

from tests.helpers.browser_storage import STORED
from tests.helpers.house import House


async def test_a_browser_that_was_signed_out_keeps_no_secret(home: House) -> None:
    async with home.technician() as technician:
        page = technician.page
        cookie = next(str(each["value"]) for each in await technician.context.cookies() if each["name"] == "__Host-chaperone")
        await page.click("#open-own-account")
        await page.fill("#password", technician.secrets[0])
        await page.click("#new-recovery")
        await page.wait_for_selector("#recovery-codes")
        newer = await page.locator("#recovery-codes li").all_inner_texts()
        assert len(newer) == 10
        await page.click("#sign-out")
        await page.wait_for_selector("#sign-in-name")
        held = await page.evaluate(STORED)
        shown = await page.content()
        await page.goto("about:blank")
        await page.go_back()
        await page.wait_for_selector("#sign-in-name")
        behind = await page.content()
        left = await technician.context.cookies()
    assert "extractable: false" in held
    assert [each for each in left if each["name"] == "__Host-chaperone"] == []
    for secret in (*technician.secrets, *newer, cookie):
        for place in (held, shown, behind):
            assert secret not in place
