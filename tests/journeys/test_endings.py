"""How a visit can end: by the person, by a program that dies, by a network that breaks. Each says so at the end that is left."""

import pytest

from tests.helpers.house import House
from tests.helpers.technician import Technician
from tests.helpers.visits import back_to_idle, control, settled, view


async def online_again(home: House) -> None:
    """The host has found its broker: help can be asked for."""
    await home.person.see("Get help", "push button", seconds=90, enabled=True)


async def link_open(technician: Technician) -> None:
    """The console has found its broker."""
    await technician.page.wait_for_selector("#link[data-state=open]", timeout=90_000)


async def test_the_person_presses_end(home: House) -> None:
    async with home.technician() as technician:
        await view(home, technician)
        await home.person.press("End")
        await technician.summary("host_ended")
        await back_to_idle(home)
    assert "The person at the instrument ended the visit" in await home.shown("broker")


async def test_the_hot_key_ends_the_visit(home: House) -> None:
    async with home.technician() as technician:
        await view(home, technician)
        await home.person.see("End", "push button")
        await home.person.hand.press("Ctrl", "Alt", "End")
        await technician.summary("host_ended")
        await back_to_idle(home)


async def test_the_broker_is_killed_and_comes_back(home: House) -> None:
    async with home.technician() as technician:
        await view(home, technician)
        await home.kill("broker")
        await technician.phase("reconnecting")
        await home.demo.start_broker()
        await technician.summary("connection_lost")  # a broker that began anew knows of no visit
        await home.person.press("Close")
        await online_again(home)
        await technician.page.click("#back")
        await link_open(technician)
        await view(home, technician)
        await settled(home, technician)
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
    assert "The connection was lost" in await home.shown("host")


async def test_the_network_is_cut_and_both_come_back(home: House) -> None:
    async with home.technician() as technician:
        await view(home, technician)
        await control(home, technician)
        home.network.cut()
        await technician.phase("reconnecting")
        home.network.restore()
        await technician.phase("viewing")
        await technician.control("held")
        await settled(home, technician)
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
    for side in ("host", "broker"):
        shown = await home.shown(side)
        assert "the line was cut" in shown
        assert "both sides are back" in shown


async def test_a_page_that_is_closed_does_not_come_back(home: House) -> None:
    async with home.technician() as technician:
        await view(home, technician)
        await technician.page.reload()
        await home.person.press("Close")
        await home.person.see("Get help", "push button", enabled=True)
    assert "technician" in await home.shown("broker")


@pytest.mark.long
async def test_the_host_is_killed(home: House) -> None:
    async with home.technician() as technician:
        await view(home, technician)
        await home.kill("guardian")
        await technician.phase("reconnecting")
        assert await home.ended("desk") == 0
        await home.start_host()
        await technician.summary("connection_lost")  # a process that began anew is not in the visit
        await online_again(home)
    assert "The connection was lost" in await home.shown("broker")


@pytest.mark.long
async def test_the_desk_is_killed(home: House) -> None:
    async with home.technician() as technician:
        await view(home, technician)
        await home.kill("desk")
        await technician.summary("desk_lost")
        await home.stop("guardian")
        await home.start_host()
        await online_again(home)
    for side in ("host", "broker"):
        assert "The window at the instrument PC stopped" in await home.shown(side)
