"""What the signers sign reaches everybody: a site's own rules, and what becomes of a visit whose technician may stay no longer."""

import pytest

from runtime.catalogues import catalogue
from tests.helpers.house import House
from tests.helpers.site_rules import ALL, LOOK, NOTHING, site_text
from tests.helpers.views import ALLOWS_ALL
from tests.helpers.visits import back_to_idle, control, view


async def test_a_site_signs_its_rules_and_the_vendor_cannot_loosen_them(home: House) -> None:
    keys = home.demo.layout.keys
    async with home.technician() as technician:
        await view(home, technician)
        await control(home, technician)
        await home.sign_site_policy(site_text(LOOK, 2))
        await technician.control("none")
        await technician.phase("viewing")
        looser = keys / "looser.toml"
        looser.write_text(ALLOWS_ALL.replace("version = 1", "version = 7"), encoding="utf-8")
        await home.sign(keys, "policy", str(looser))
        await technician.page.locator("#request-control:disabled").wait_for()
        await technician.page.locator("#closed-here").get_by_text(catalogue("en").text("reason-site_policy")).wait_for()
        await technician.control("none")
        await home.sign_site_policy(site_text(NOTHING, 3))
        await technician.summary("policy")
        await back_to_idle(home)
        await technician.page.click("#back")
        await technician.enter_code(await home.get_help())
        await technician.problem("site_policy")
        assert catalogue("en").text("reason-site_policy") in ((await technician.page.text_content("#problem")) or "")
        await home.person.press("Cancel")
        await home.person.see("Get help", "push button", enabled=True)
    host, broker = await home.shown("host"), await home.shown("broker")
    assert "Signed documents of the site, version" in host
    assert "Signed documents of the site Demo laboratory, version" in broker
    await home.sign_site_policy(site_text(ALL, 4))


@pytest.mark.long
async def test_a_training_that_is_over_ends_the_visit_and_says_so(home: House) -> None:
    keys = home.demo.layout.keys
    async with home.technician() as technician:
        name = technician.invited.identity
        await view(home, technician)
        await home.sign(keys, "person", "train", name, "=2020-01-01")
        await technician.summary("policy")
        await back_to_idle(home)
        await technician.page.click("#back")
        await technician.enter_code(await home.get_help())
        await technician.problem("training_expired")
        await home.person.press("Cancel")
        await home.person.see("Get help", "push button", enabled=True)
        await home.sign(keys, "person", "train", name, "=2099-12-31")
        await view(home, technician)
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
    await home.verify_logs()
