"""Case 48: secrets stand in no log, output or address, and what the ends say to each other is not in the broker's memory."""

import asyncio
from pathlib import Path
from secrets import token_hex

from tests.helpers.house import House
from tests.helpers.memory import holds
from tests.helpers.notebook import FIELD, notebook
from tests.helpers.technician import Technician
from tests.helpers.visits import back_to_idle, control, settled

PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
"""How every piece of a picture begins before it is sealed."""


def written_by_programs(home: House) -> str:
    """Everything the programs said."""
    return "".join(path.read_text(errors="replace") for path in sorted(home.demo.layout.log.glob("*.log")))


def broker_files(home: House) -> bytes:
    """Database, write-ahead log and keys of the broker."""
    return b"".join(path.read_bytes() for path in sorted(Path(home.demo.layout.broker).iterdir()) if path.is_file())


async def secret_cookie(technician: Technician) -> str:
    """The value of the sign-in cookie."""
    cookies = await technician.context.cookies()
    return str(next(each["value"] for each in cookies if each["name"] == "__Host-chaperone"))


async def test_no_secret_leaves_its_place(home: House) -> None:
    """Case 48, but for core dumps. A password that a Python process has received may stay in its memory (docs/limits.md)."""
    words, typed = f"words {token_hex(12)}", f"typed{token_hex(12)}"
    async with home.technician() as technician, notebook(home.desktop) as note:
        cookie = await secret_cookie(technician)
        code = await home.get_help()
        await technician.enter_code(code, words=words)
        await technician.phase("asking")
        await home.person.press("Allow")
        await technician.phase("viewing")
        await settled(home, technician)
        await control(home, technician)
        field = await home.person.see(FIELD)
        await technician.click_at(*field.middle, home.desktop.screen.width, home.desktop.screen.height)
        await technician.page.keyboard.type(typed)
        await note.reads(typed)
        broker = home.process("broker").process.pid
        for canary in (words.encode(), PICTURE, code.split(" ")[1].encode()):
            assert not await asyncio.to_thread(holds, broker, canary)
        assert await asyncio.to_thread(holds, home.process("desk").process.pid, PICTURE)
        await technician.end()
        await technician.summary("technician_ended")
        await back_to_idle(home)
        addresses = "\n".join(technician.complaints.addresses)
    said = written_by_programs(home) + await home.shown("broker")
    everywhere = said + await home.shown("host")
    for secret in (*(each for each in technician.secrets if len(each) > 6), cookie, typed, code, code[-9:]):
        assert secret not in everywhere
        assert secret not in addresses or secret == technician.secrets[2]
    assert words not in said
    for secret in (words, typed, cookie, code[-9:], technician.secret):
        assert secret.encode() not in broker_files(home)
