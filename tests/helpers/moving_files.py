"""What a technician and a person do so that a file moves: asked for and allowed by name and hash, one way or the other."""

from pathlib import Path

from playwright.async_api import Locator, expect

from tests.helpers.house import House
from tests.helpers.technician import VISIT_MS, Technician

RULES = """\
party = "site"
version = 2
zone = "UTC"

[[allow]]
name = "support may ask at any time"
permissions = ["view", "control", "file_to_host", "file_from_host"]

[visits]
files_ask = "each"
"""
FOLDER_SETTING = {"CHAPERONE_HOST_FILES_FOLDER": "{root}/drop"}


def drop(home: House) -> Path:
    """The folder that files arrive in."""
    return home.demo.layout.root.parent / "drop"


def newest(technician: Technician, name: str) -> Locator:
    """The newest file of this name in the console's list."""
    return technician.page.locator(f'.file[data-name="{name}"]').last


async def stage(technician: Technician, name: str, stage: str, milliseconds: float = VISIT_MS) -> None:
    """Wait until the console says that the newest file of this name stands here."""
    await expect(newest(technician, name)).to_have_attribute("data-stage", stage, timeout=milliseconds)


async def ask_for(home: House, technician: Technician, place: Path, digest: str) -> None:
    """The technician says what he needs; the person looks for it, and sees its hash."""
    await technician.page.fill("#files-need", "The table of the last run")
    await technician.page.click("#files-need-ask")
    await home.person.see("In their own words: “The table of the last run”")
    await home.person.press("Choose a file…")
    await home.person.see("What to send", "dialog")
    await home.person.hand.write(str(place))
    await home.person.hand.press("Return")
    await home.person.see(f"SHA-256: {digest}")
