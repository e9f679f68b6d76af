"""The PC is restarted from far: asked, counted down at the instrument, done by the system, and the same technician is asked for again."""

from playwright.async_api import expect

from tests.helpers.house import House
from tests.helpers.technician import Technician
from tests.helpers.visits import back_to_idle, settled, view

SETTINGS = {"CHAPERONE_HOST_RESTART": "sh {root}/restart.sh", "CHAPERONE_HOST_RESTART_SECONDS": "2"}
"""What stands for the system: the guardian is told to stop, as by any service manager, and the test starts it again."""
RESTART = "kill -TERM $PPID\n"
RULES = """\
party = "site"
version = 2
zone = "UTC"

[[allow]]
name = "support may ask at any time"
permissions = ["view", "control", "restart"]
"""


async def restart(home: House, technician: Technician) -> None:
    """Asked, allowed and done: guardian and desk have ended."""
    await technician.page.click("#request-restart")
    await home.person.see("Allow", "push button")
    assert any("this PC restarts after 2 seconds" in text for text in await home.person.texts()), await home.person.texts()
    await home.person.press("Allow")
    await home.person.see("Cancel the restart")
    assert await home.ended("guardian") == 0
    await home.ended("desk")


async def test_the_pc_restarts_and_the_same_technician_comes_back_to_a_new_question(home: House) -> None:
    (home.demo.layout.root.parent / "restart.sh").write_text(RESTART)
    await home.sign_site_policy(RULES)
    async with home.technician() as technician:
        await view(home, technician)
        await restart(home, technician)
        await technician.summary("restarting")
        returning = technician.page.locator("#returning")
        await expect(returning).to_have_attribute("data-state", "waits")
        await home.start_host()
        await technician.phase("asking")
        await home.person.see("Allow", "push button")
        assert any("asks to see this screen" in text for text in await home.person.texts())
        await home.person.press("Allow")
        await technician.phase("viewing")
        await settled(home, technician)
        await expect(returning).to_have_count(0)
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
    host, broker = await home.shown("host"), await home.shown("broker")
    assert "The system is told to restart".casefold() in host.casefold()
    assert f"After the restart {technician.invited.identity} may come back" in host
    assert "restarts, as was allowed there" in broker
