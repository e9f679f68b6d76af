"""Files both ways: each asked for and allowed by name and hash, and there as it was. One is cancelled by the person on its way and then
asked for again; the line is cut, and it goes on. The host's log has names and hashes, the broker's neither.
"""

import re
from hashlib import sha256

from playwright.async_api import Download, FilePayload, expect

from tests.helpers.axe import serious_faults
from tests.helpers.house import House
from tests.helpers.moving_files import FOLDER_SETTING, RULES, ask_for, drop, newest, stage
from tests.helpers.technician import VISIT_MS, Technician
from tests.helpers.visits import back_to_idle, view

SETTINGS = FOLDER_SETTING
NAME = "../method.bin"
"""What would leave the folder, if names were believed."""
RUN = "run 7.csv"

MIDDLE = 12_000_000
"""Bytes on the line, of a file of 48 MB: some of it has come, and most of it not."""


async def send(home: House, technician: Technician, content: bytes) -> None:
    """A file to the instrument, allowed by the person once its hash is seen."""
    sent = FilePayload(name=NAME, mimeType="application/octet-stream", buffer=content)
    await technician.page.set_input_files("#files-picked", sent)
    await stage(technician, NAME, "asking")
    await home.person.see(f"SHA-256: {sha256(content).hexdigest()}")
    await home.person.press("This file")
    await stage(technician, NAME, "done")


async def cancel_at_the_host(home: House, technician: Technician) -> None:
    """The person allows what was picked, and takes it back while it is on its way and nothing else moves."""
    await home.person.press("This file")
    await stage(technician, RUN, "moving")
    home.network.stall()
    await home.person.press("Cancel")
    await home.person.see_gone("Cancel")
    home.network.restore()
    await stage(technician, RUN, "stopped")


async def fetch_over_a_cut(home: House, technician: Technician) -> Download:
    """The person allows what was picked; the whole line is cut on the way, then its own socket, and each time it goes on over the next."""
    async with technician.page.expect_download(timeout=2 * VISIT_MS) as saving:
        home.network.cut_after(MIDDLE)
        await home.person.press("This file")
        await technician.phase("reconnecting")
        await expect(newest(technician, RUN).locator(".file-stage")).to_contain_text("Waiting for the line")
        await home.person.see("Waiting for the line. It goes on by itself when the line is back.")
        home.network.restore()
        await technician.phase("viewing")
        home.network.cut_newest()
        await stage(technician, RUN, "done")
    return await saving.value


async def closed_before_anybody_asks(home: House, technician: Technician) -> None:
    """The site says that this model may hold health data: the console says so, and why nothing of this can be asked for."""
    await home.sign_site_policy(RULES.replace("version = 2", "version = 3") + f'\n[phi]\nmodels = ["{home.demo.host.model}"]\n')
    await expect(technician.page.locator("#instruments")).to_contain_text("Health data", timeout=VISIT_MS)
    await view(home, technician)
    await expect(technician.page.locator("#closed-here")).to_contain_text("may hold health data")
    for button in ("#files-open", "#clipboard-open"):
        await expect(technician.page.locator(button)).to_be_disabled()
        await expect(technician.page.locator(button)).to_have_accessible_description(re.compile("may hold health data"))
    assert await serious_faults(technician.page) == []
    await technician.end()
    await back_to_idle(home)


async def test_files_go_both_ways(home: House) -> None:
    await home.sign_site_policy(RULES)
    sent, content = bytes(range(256)) * 2000, bytes(range(256)) * 190_000
    picked, digest = home.demo.layout.root.parent / RUN, sha256(content).hexdigest()
    picked.write_bytes(content)
    async with home.technician() as technician:
        await view(home, technician)
        await technician.page.click("#files-open")
        await send(home, technician, sent)
        assert (drop(home) / "_._method.bin").read_bytes() == sent
        await ask_for(home, technician, picked, digest)
        await cancel_at_the_host(home, technician)
        await ask_for(home, technician, picked, digest)
        saved = await fetch_over_a_cut(home, technician)
        assert saved.suggested_filename == RUN
        assert (await saved.path()).read_bytes() == content
        await technician.end()
        summary = await technician.summary("technician_ended")
        assert "chaperone-host receipts" in summary
        await expect(technician.page.locator("#summary .file.done")).to_have_count(2)
        await back_to_idle(home)
        await technician.page.click("#back")
        await closed_before_anybody_asks(home, technician)
    host, broker = await home.shown("host"), await home.shown("broker")
    for hashed, name in ((sha256(sent).hexdigest(), "method.bin"), (digest, RUN)):
        assert hashed in host
        assert hashed not in broker
        assert name not in broker
