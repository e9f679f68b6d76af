"""The site's administrator writes the house rules; the vendor, the broker and the person at the PC live by them."""

import pytest

from runtime.catalogues import catalogue
from tests.helpers.house import House
from tests.helpers.site_rules import ALL, LOOK, NOTHING, site_text
from tests.helpers.visits import ask_to_view, back_to_idle, control, view

SETTINGS = {"CHAPERONE_HOST_SITE_POLICY": "{root}/site.toml"}
SHORT = "[visits]\nprompt_seconds = { view = 10 }\n"


async def test_a_site_whose_rules_are_missing_lets_nobody_in_until_they_are_there(home: House) -> None:
    async with home.technician() as technician:
        await technician.enter_code(await home.get_help())
        said = await technician.summary("policy")
        assert "rules" in said
        await home.person.see(catalogue("en").text_at_host("reason-site_policy"))
        await home.person.press("Cancel")
        await home.person.see("Get help", "push button", enabled=True)
    assert "cannot be used" in await home.shown("host")


async def test_rules_that_change_during_a_visit_act_at_once(home: House) -> None:
    home.write_site_policy(site_text(ALL, 1))
    async with home.technician() as technician:
        await view(home, technician)
        await control(home, technician)
        home.write_site_policy(site_text(LOOK, 2))
        await technician.control("none")
        await technician.phase("viewing")
        home.write_site_policy(site_text(NOTHING, 3))
        await technician.summary("policy")
        await back_to_idle(home)
    host = await home.shown("host")
    assert "rules, version 2, are in force" in host
    assert "rules, version 3, are in force" in host


@pytest.mark.long
async def test_nobody_answers_in_the_time_that_the_site_gives(home: House) -> None:
    home.write_site_policy(site_text(SHORT + ALL, 4))
    async with home.technician() as technician:
        await ask_to_view(home, technician)
        await home.person.see("Allow", "push button", enabled=True)
        said = await technician.summary("no_answer")
        assert "Nobody answered" in said
        await home.person.see_gone("Allow", "push button")
        await back_to_idle(home)
    host, broker = await home.shown("host"), await home.shown("broker")
    for log in (host, broker):
        assert "Nobody answered the request to see the screen" in log
