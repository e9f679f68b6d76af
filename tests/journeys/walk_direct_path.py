"""A visit whose content goes over a cable from instrument to browser, or over the broker; see `tests/adversary/test_case_96`."""

import asyncio
import os
from pathlib import Path

import psutil
from playwright.async_api import expect

from tests.helpers.house import House
from tests.helpers.namespaces import RANGE, Cable
from tests.helpers.portal import reached
from tests.helpers.technician import VISIT_MS, Technician
from tests.helpers.visits import back_to_idle, control, settled, view

CABLE = Cable(*os.environ["CHAPERONE_TEST_CABLE"].split())
AGAIN_MS = 30_000
RULES = """\
party = "site"
version = {version}
zone = "UTC"
direct = "{word}"
direct_ranges = ["{range}"]

[[allow]]
name = "support may ask at any time"
permissions = ["view", "control"]
"""


def crossed() -> int:
    """Bytes that crossed the cable, both ways."""
    counted = psutil.net_io_counters(pernic=True)["cable"]
    return counted.bytes_sent + counted.bytes_recv


def udp_ports(home: House) -> list[tuple[str, int]]:
    """UDP ports that the guardian holds."""
    guardian = psutil.Process(home.process("guardian").process.pid)
    return [(each.laddr.ip, each.laddr.port) for each in guardian.net_connections(kind="udp")]


async def carrier(technician: Technician, word: str, milliseconds: float = VISIT_MS) -> None:
    """Wait until the console says that content goes this way."""
    await expect(technician.page.locator("#carrier")).to_have_attribute("data-carrier", word, timeout=milliseconds)


async def banner(home: House, *, direct: bool) -> None:
    """Wait until the banner says that content does not leave the network, or no longer."""
    async with asyncio.timeout(30):
        while any("within this network" in text for text in await home.person.texts()) is not direct:
            await home.person.eyes.look(None, "label", 1, gone=True)


async def over(home: House, technician: Technician) -> None:
    """Both are where the next visit begins."""
    await technician.end()
    await technician.page.click("#back")
    await back_to_idle(home)


async def silent(home: House, technician: Technician) -> None:
    """A site that says nothing: no port, not a byte."""
    await view(home, technician)
    await settled(home, technician)
    assert udp_ports(home) == []
    assert await technician.page.locator("#carrier").count() == 0
    await over(home, technician)


async def allowed(home: House, technician: Technician) -> None:
    """Straight there; over the broker while the cable is cut; and straight there again."""
    await home.sign_site_policy(RULES.format(version=2, word="allow", range=RANGE))
    before = crossed()
    await view(home, technician)
    await carrier(technician, "direct")
    await banner(home, direct=True)
    await control(home, technician)
    await settled(home, technician)
    assert crossed() - before > 20_000, "the picture crossed the cable"
    assert {address for address, _ in udp_ports(home)} == {"10.99.0.1"}
    CABLE.cut()
    await carrier(technician, "relay")
    await banner(home, direct=False)
    await settled(home, technician)
    CABLE.mend()
    await carrier(technician, "direct", AGAIN_MS)
    await settled(home, technician)
    await over(home, technician)
    assert udp_ports(home) == []


async def only(home: House, technician: Technician) -> None:
    """A site that lets nothing out: what cannot go directly waits."""
    await home.sign_site_policy(RULES.format(version=3, word="only", range=RANGE))
    await view(home, technician)
    await carrier(technician, "direct")
    await settled(home, technician)
    CABLE.cut()
    await carrier(technician, "waiting")
    CABLE.mend()
    await carrier(technician, "direct", AGAIN_MS)
    await settled(home, technician)
    await technician.end()
    await back_to_idle(home)


async def test_content_goes_where_the_site_says(home: House, tmp_path: Path) -> None:
    ports = home.demo.ports
    async with reached(CABLE.console, str(tmp_path), (ports.broker, ports.console)), home.technician() as technician:
        nothing = crossed()
        await silent(home, technician)
        assert crossed() == nothing
        await allowed(home, technician)
        await only(home, technician)
    for side in ("host", "broker"):
        shown = await home.shown(side)
        assert RANGE in shown
        assert "10.99.0.1" not in shown
