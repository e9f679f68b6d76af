"""Wrong codes: either half, too often. The code dies, and both ends are told why."""

from contextlib import AsyncExitStack

import pytest

from tests.helpers.house import House
from tests.helpers.technician import Technician

WRONG = "0000"


def with_wrong_first_half(code: str) -> str:
    """The right ticket and second half."""
    return f"{code[:8]}{WRONG if code[8:12] != WRONG else '1111'}{code[12:]}"


def with_wrong_second_half(code: str) -> str:
    """The right ticket and first half."""
    return f"{code[:13]}{another_half(code)}"


def another_half(code: str) -> str:
    """A second half that this code does not have."""
    return WRONG if code[13:] != WRONG else "1111"


async def try_wrongly(technician: Technician, code: str, reason: str) -> None:
    """Enter a wrong first half and read why it was refused."""
    await technician.enter_code(with_wrong_first_half(code))
    await technician.problem(reason)


@pytest.mark.long
async def test_five_wrong_first_halves_burn_the_code(home: House) -> None:
    async with AsyncExitStack() as stack:
        three = [await stack.enter_async_context(home.technician()) for _ in range(3)]
        code = await home.get_help()
        for technician in three[:2]:
            await try_wrongly(technician, code, "code_wrong")
            await try_wrongly(technician, code, "code_wrong")
            await technician.enter_code(code)
            await technician.problem("too_many_tries")
        await home.person.see("Somebody entered a wrong code. 1 try left.")
        await try_wrongly(three[2], code, "code_wrong")
        await three[2].enter_code(code)
        await three[2].problem("code_burnt")
        await home.person.see("This code is worth nothing any more.")
    host, broker = await home.shown("host"), await home.shown("broker")
    ticket = code[:7].replace("-", "")
    assert broker.count(f"could not use ticket {ticket}") >= 5
    assert host.count(f"wrong code for ticket {ticket}") >= 4
    assert "may begin" not in broker


async def test_three_wrong_second_halves_burn_the_code(home: House) -> None:
    async with home.technician() as technician:
        code = await home.get_help()
        await technician.enter_code(with_wrong_second_half(code))
        for left in ("2 tries", "1 try"):
            await technician.told(f"The second half was wrong. {left} left.")
            await technician.page.fill("#retype", another_half(code))
            await technician.page.click("#retype-send")
        await technician.summary("code_burnt")
        await home.person.see("This code is worth nothing any more.")
    host, broker = await home.shown("host"), await home.shown("broker")
    assert host.count("key agreement") >= 3
    assert "was asked" not in host
    assert "the broker relays" not in broker


async def test_a_wrong_second_half_may_be_mended(home: House) -> None:
    async with home.technician() as technician:
        code = await home.get_help()
        await technician.enter_code(with_wrong_second_half(code))
        await technician.phase("retype")
        await technician.page.fill("#retype", code[13:])
        await technician.page.click("#retype-send")
        await technician.phase("asking")
        await home.person.press("Refuse")
        await technician.summary("refused")
