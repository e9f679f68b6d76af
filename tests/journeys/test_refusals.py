"""The person says no, or yes to one thing and no to the next. Saying nothing is in test_site_policy.py, where it takes ten seconds."""

from tests.helpers.house import House
from tests.helpers.visits import ask_to_view, back_to_idle, settled, view


async def test_the_person_refuses_and_nothing_is_shown(home: House) -> None:
    async with home.technician() as technician:
        await ask_to_view(home, technician)
        await home.person.press("Refuse")
        said = await technician.summary("refused")
        assert "refused" in said
        await back_to_idle(home)
    host, broker = await home.shown("host"), await home.shown("broker")
    for log in (host, broker):
        assert "was refuse" in log
    assert "is shown under request" not in host
    assert "the broker relays" not in broker


async def test_escape_refuses(home: House) -> None:
    async with home.technician() as technician:
        await ask_to_view(home, technician)
        await home.person.see("Refuse", "push button")
        await home.person.hand.press("Esc")
        await technician.summary("refused")
        await back_to_idle(home)


async def test_control_is_refused_and_the_view_goes_on(home: House) -> None:
    async with home.technician() as technician:
        await view(home, technician)
        await technician.ask_control()
        await technician.control("asking")
        await home.person.press("Refuse")
        await technician.control("none")
        await technician.phase("viewing")
        await settled(home, technician)
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
    host = await home.shown("host")
    assert "mouse and keyboard are open" not in host
