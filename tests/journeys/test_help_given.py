"""A visit as it should be: from a code read on the telephone to a field filled in at the instrument, and a goodbye."""

from tests.helpers.house import House
from tests.helpers.notebook import FIELD, Notebook, notebook
from tests.helpers.technician import Technician
from tests.helpers.visits import back_to_idle, control, settled, view

TEXT, MORE = "Calibrated: 7.40 ± 0.02, ok?", " Yes."


async def type_into(note: Notebook, home: House, technician: Technician) -> None:
    """Press the field where it is on the host's screen, and type."""
    field = await home.person.see(FIELD)
    await technician.click_at(*field.middle, home.desktop.screen.width, home.desktop.screen.height)
    await technician.page.keyboard.type(TEXT)
    await note.reads(TEXT)


async def person_first(note: Notebook, home: House, technician: Technician) -> None:
    """The person moves the mouse: what the technician types has no effect, until it has been still for a moment."""
    await home.person.hand.move(700, 300)
    await technician.hand("held")
    await technician.page.keyboard.type("lost")
    await technician.hand("controlling")
    await technician.page.keyboard.type(MORE)
    await note.reads(TEXT + MORE)


async def taken_back(note: Notebook, home: House, technician: Technician) -> None:
    """The person takes the hand back, and the technician still sees."""
    await home.person.press("Take back control")
    await technician.control("none")
    await technician.hand("viewing")
    await technician.page.get_by_text("Control was taken back at the instrument.").wait_for()
    await technician.page.keyboard.type("lost")
    await settled(home, technician)
    assert note.text == TEXT + MORE


async def test_help_is_given(home: House) -> None:
    async with home.technician() as technician, notebook(home.desktop) as note:
        await view(home, technician)
        await settled(home, technician)
        await control(home, technician)
        who = f"{technician.invited.name}, {technician.invited.company}"
        await home.person.see(f"{who} is CONTROLLING \N{MIDDLE DOT} 00:00", "label")
        await type_into(note, home, technician)
        await settled(home, technician)
        await person_first(note, home, technician)
        await taken_back(note, home, technician)
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
    host, broker = await home.shown("host"), await home.shown("broker")
    assert technician.invited.name in host
    assert "the screen (1280" in host
    assert "mouse and keyboard are open" in host
    assert "the person used mouse or keyboard" in host
    for log in (host, broker):
        assert "CASE-17" in log
        assert "is over, ended by" in log
        assert "Calibrated" not in log
