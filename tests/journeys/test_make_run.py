"""The newcomer's way: `make run` without a display, everything read from and typed into one terminal, and a second start."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.async_api import Browser

from runtime.demo_commands import program
from runtime.supervisor import run_command
from tests.helpers.browser import fresh_context
from tests.helpers.desktop import plain_environment
from tests.helpers.pty_program import TerminalProgram, terminal_program
from tests.helpers.technician import Invited, Technician

CODE = r"\d{3}-\d{3} [0-9A-Z]{4}-[0-9A-Z]{4}"


@pytest.fixture(name="var")
def demo_folder(certificates: Path) -> Iterator[Path]:
    """An empty demo whose servers show the certificates that the browser of the tests knows."""
    with TemporaryDirectory(prefix="run-") as folder:
        shutil.copytree(certificates, Path(folder, "var", "tls"))
        yield Path(folder, "var")


@pytest.fixture(autouse=True)
def logs_are_whole() -> None:
    """There is no other house here; the newcomer verifies the logs of this one."""


async def allow(run: TerminalProgram, technician: Technician) -> None:
    """Type the word until it is late enough to count: what comes in the prompt's first moment does not."""
    async with asyncio.timeout(30):
        heard = 0
        while "You allowed it" not in run.text:
            run.write("allow")
            heard += 1
            await run.says(rf"(?:That was too early[\s\S]*){{{heard}}}|You allowed it")
    await technician.phase("viewing")


async def test_a_newcomer_is_helped_and_a_second_start_reuses_everything(browser: Browser, var: Path) -> None:
    command = (program("chaperone-run"), "--var", str(var))
    async with fresh_context(browser) as (context, complaints):
        technician = Technician(Invited("t-demo", "Robin Keller"), context, complaints, await context.new_page())
        async with terminal_program(command, plain_environment()) as run:
            link = await run.says(r"2\. Invitation of the technician +(\S+)")
            await run.says(r"4\. Where Get help is +here: type h and Enter")
            order = [run.text.index(what) for what in ("1. Console", "2. Invitation", "3. What the browser has to trust", "4. Where")]
            assert order == sorted(order)
            shown = await technician.accept_invitation(link[1])
            await run.says(rf"registered a browser[\s\S]*{shown}[\s\S]*\[Y/n\]")
            run.write("")
            await run.says("done +Certifying and publishing")
            await technician.page.click("#done")
            await technician.sign_in()
            run.write("h")
            code = await run.says(CODE)
            await technician.enter_code(code[0])
            await run.says("Anything else, or Enter alone, refuses")
            await technician.phase("asking")
            await allow(run, technician)
            run.write("e")
            await technician.summary("host_ended")
            assert await run.interrupt() == 0
        async with terminal_program(command, plain_environment()) as again:
            await again.says(r"2\. Sign in as +t-demo \(the invitation has been used\)")
            assert "Enrolment" not in again.text
            await again.says("done +Starting the desk")
            assert await again.interrupt() == 0
        assert complaints.violations == []
    for side in ("host", "broker"):
        assert "nothing is wrong" in await run_command(
            "verify", (program("chaperone-audit"), "verify", str(var / side)), plain_environment()
        )
    assert not re.search(CODE, "".join(path.read_text() for path in (var / "log").glob("*.log")))
