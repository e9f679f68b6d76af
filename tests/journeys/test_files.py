"""Files: asked for by name and hash, allowed one by one, there whole or not at all, and in both logs."""

from hashlib import sha256
from pathlib import Path

from playwright.async_api import FilePayload, expect

from tests.helpers.house import House
from tests.helpers.technician import VISIT_MS, Technician
from tests.helpers.visits import back_to_idle, view

SETTINGS = {"CHAPERONE_HOST_FILES_FOLDER": "{root}/drop"}
NAME = "../method.bin"
"""What would leave the folder, if names were believed."""
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


def drop(home: House) -> Path:
    """The folder that files arrive in."""
    return home.demo.layout.root.parent / "drop"


async def stage(technician: Technician, name: str, stage: str) -> None:
    """Wait until the console says that this file stands here."""
    line = technician.page.locator(f'.file[data-name="{name}"]')
    await expect(line).to_have_attribute("data-stage", stage, timeout=VISIT_MS)


async def test_a_file_is_sent_to_the_instrument(home: House) -> None:
    await home.sign_site_policy(RULES)
    content = bytes(range(256)) * 2000
    digest = sha256(content).hexdigest()
    async with home.technician() as technician:
        await view(home, technician)
        await technician.page.click("#files-open")
        sent = FilePayload(name=NAME, mimeType="application/octet-stream", buffer=content)
        await technician.page.set_input_files("#files-picked", sent)
        await stage(technician, NAME, "asking")
        await home.person.see(f"SHA-256: {digest}")
        await home.person.press("This file")
        await stage(technician, NAME, "done")
        assert (drop(home) / "_._method.bin").read_bytes() == content
        await technician.end()
        await back_to_idle(home)
    host, broker = await home.shown("host"), await home.shown("broker")
    assert digest in host
    assert digest not in broker
    assert "method.bin" not in broker
