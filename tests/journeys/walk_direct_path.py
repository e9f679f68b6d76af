"""A visit whose content goes over a cable from instrument to browser, or over the broker; see `tests/adversary/test_case_96`.

What is said of networks here is read from a capture of every packet, as an administrator takes it (docs/policy.md).
"""

import asyncio
import os
from pathlib import Path

import psutil
from playwright.async_api import expect

from tests.helpers.capture import TCP, UDP, captured
from tests.helpers.house import House
from tests.helpers.namespaces import CONSOLE_ADDRESS, HOST_ADDRESS, NEW_ADDRESS, RANGE, Cable, directly
from tests.helpers.pictures import paint_noise
from tests.helpers.portal import reached
from tests.helpers.technician import VISIT_MS, Technician
from tests.helpers.visits import back_to_idle, control, settled, view

CABLE = Cable(*os.environ["CHAPERONE_TEST_CABLE"].split())
FALL_BACK_MS = 3_000
AGAIN_MS = 30_000
FIELD = "Write a message. Enter sends it."
CONTROL_BYTES = 64 * 1024
"""What a visit says to the broker beside its content, on both legs, twice over."""


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
    """A site that says nothing: no port, and no datagram anywhere."""
    with captured() as seen:
        await view(home, technician)
        await moved(home, technician, 1)
        assert udp_ports(home) == []
    assert seen.datagrams() == []
    assert seen.carried("cable", TCP) == 0
    assert seen.carried("lo", TCP, home.demo.ports.broker) > CONTROL_BYTES, "the capture sees what the broker carries"
    assert await technician.page.locator("#carrier").count() == 0
    await over(home, technician)


async def write(technician: Technician, text: str) -> None:
    """The technician writes to the person at the instrument."""
    await technician.page.fill("#chat-field", text)
    await technician.page.press("#chat-field", "Enter")


async def moved(home: House, technician: Technician, seed: int) -> None:
    """Much of the screen changes, and the technician sees it."""
    await asyncio.to_thread(paint_noise, home.desktop.screen.display, seed)
    await settled(home, technician)


async def written(home: House, technician: Technician) -> None:
    """Each reads what the other wrote."""
    person, page = home.person, technician.page
    await page.click("#chat-open")
    await write(technician, "Is the pump on?")
    await person.press("● Messages: 1 new")
    await person.see(f"{technician.invited.name}: Is the pump on?")
    await person.press(FIELD, "text")
    await person.hand.write("Since nine")
    await person.hand.press("Return")
    await expect(page.locator("#chat-lines li:last-child p")).to_have_text("Since nine")


async def given_up(home: House, technician: Technician, instead: str, seed: int) -> None:
    """Content is under way, and no packet arrives any more."""
    await asyncio.to_thread(paint_noise, home.desktop.screen.display, seed)
    await carrier(technician, instead, FALL_BACK_MS)


async def slept(home: House, technician: Technician) -> None:
    """The guardian stands still while the technician works, as on a PC that sleeps, and goes on: what was allowed still is."""
    guardian = psutil.Process(home.process("guardian").process.pid)
    guardian.suspend()
    try:
        await technician.click_at(640, 400, 1280, 800)
        await carrier(technician, "relay", FALL_BACK_MS)
    finally:
        guardian.resume()
    await moved(home, technician, 5)
    await technician.control("held")
    assert udp_ports(home) == []


async def allowed(home: House, technician: Technician) -> None:
    """Straight there; over the broker while the cable is cut; and straight there again."""
    await home.sign_site_policy(directly("allow", 2))
    before = crossed()
    await view(home, technician)
    await carrier(technician, "direct")
    await banner(home, direct=True)
    await control(home, technician)
    await settled(home, technician)
    assert crossed() - before > 20_000, "the picture crossed the cable"
    assert {address for address, _ in udp_ports(home)} == {"10.99.0.1"}
    CABLE.cut()
    await given_up(home, technician, "relay", 4)
    await banner(home, direct=False)
    await settled(home, technician)
    CABLE.mend()
    await carrier(technician, "direct", AGAIN_MS)
    await settled(home, technician)
    await slept(home, technician)
    await over(home, technician)
    assert udp_ports(home) == []


async def only(home: House, technician: Technician) -> None:
    """A site that lets nothing out: what cannot go directly waits."""
    await home.sign_site_policy(directly("only", 3))
    with captured() as seen:
        await view(home, technician)
        await carrier(technician, "direct")
        await moved(home, technician, 2)
        await written(home, technician)
        CABLE.renumber(HOST_ADDRESS, NEW_ADDRESS)
        await given_up(home, technician, "waiting", 3)
        await write(technician, "too early")
        await expect(technician.page.locator("#chat-field")).to_have_value("too early")
        await carrier(technician, "direct", AGAIN_MS)
        await settled(home, technician)
        assert {address for address, _ in udp_ports(home)} == {NEW_ADDRESS}
    assert seen.carried("lo", TCP, home.demo.ports.broker) < CONTROL_BYTES < seen.carried("cable", UDP)
    assert {each.device for each in seen.datagrams()} == {"cable"}
    ends = {frozenset((each.source, each.target)) for each in seen.datagrams()}
    assert ends == {frozenset((each, CONSOLE_ADDRESS)) for each in (HOST_ADDRESS, NEW_ADDRESS)}
    await technician.end()
    await back_to_idle(home)


async def test_content_goes_where_the_site_says(home: House, tmp_path: Path) -> None:
    ports = home.demo.ports
    async with reached(CABLE.console, str(tmp_path), (ports.broker, ports.console)), home.technician() as technician:
        await silent(home, technician)
        await allowed(home, technician)
        await only(home, technician)
    for side in ("host", "broker"):
        shown = await home.shown(side)
        assert RANGE in shown
        assert "10.99.0.1" not in shown
