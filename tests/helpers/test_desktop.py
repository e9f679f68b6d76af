"""The person at the PC: sees by the accessibility tree and presses from outside X."""

import asyncio
import subprocess
import sys

import pytest

from tests.helpers.desktop import NotSeen, desktop, ended

WINDOW = """
from PySide6.QtWidgets import QApplication, QPushButton
application = QApplication([])
button = QPushButton("Press me")
button.clicked.connect(lambda: (print("pressed", flush=True), button.hide()))
button.show()
application.exec()
"""


async def test_a_person_finds_a_real_button_presses_it_and_sees_it_go() -> None:
    async with desktop(640, 480) as place:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WINDOW, env=dict(place.environment), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            seen = await place.person.press("Press me")
            assert seen.width > 0
            assert process.stdout is not None
            assert await asyncio.wait_for(process.stdout.readline(), 10) == b"pressed\n"
            await place.person.see_gone("Press me")
            with pytest.raises(NotSeen, match="no thing called 'Press me'"):
                await place.person.see("Press me", seconds=0)
        finally:
            await ended(process)
