"""The installation of which every test file gets a copy: prepared once for each test run, by the same code as `make run`.

Twenty steps of keys and enrolment, each a process, cost more than most tests. What they leave behind is files; of those only the
configuration and the host's address of its broker depend on ports (`house.move_in`). What checks the steps themselves prepares an
installation of its own (tests/journeys/test_make_run.py).

All processes of a run share one folder. Whoever comes first prepares; the others wait for the lock, and find it done.
"""

import asyncio
import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from runtime.certificates import prepare_certificates
from runtime.demo import Demo
from runtime.demo_commands import Commands
from runtime.demo_layout import Layout, Ports
from runtime.supervisor import Supervisor
from tests.helpers.desktop import plain_environment
from tests.helpers.free_ports import free_ports
from tests.helpers.warm_programs import perform


class Silent:
    """Says nothing while it works."""

    @contextmanager
    def step(self, _doing: str) -> Iterator[None]:
        """Runs the block."""
        yield


def certificates_in(folder: Path) -> Path:
    """Keys of the test's servers, the same in every house of a run, so that one browser can know them all."""
    made = folder / "tls"
    with (folder / "tls.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        prepare_certificates(made)
    return made


async def template_in(folder: Path, certificates: Path) -> Path:
    """A vendor, a site, a broker and an enrolled host, all stopped. Only to be copied."""
    done = folder / "house"
    with (folder / "house.lock").open("w") as held:
        await asyncio.to_thread(fcntl.flock, held, fcntl.LOCK_EX)
        if not done.exists():
            with TemporaryDirectory(prefix="half-", dir=folder) as half:
                await _prepare(Layout(Path(half, "var")), certificates)
                await asyncio.to_thread(Path(half, "var").rename, done)  # what is half done never has this name
    return done


async def _prepare(layout: Layout, certificates: Path) -> None:
    layout.make()
    shutil.copytree(certificates, layout.tls, dirs_exist_ok=True)
    supervisor = Supervisor(layout.log)
    demo = Demo(layout, Ports(*free_ports(2)), supervisor, Silent(), plain_environment())
    demo.commands = Commands(layout, demo.ports, demo.environment, perform)
    try:
        await demo.prepare()
        await demo.start_servers()
        await demo.enrol()
    finally:
        await supervisor.stop_all()
    # What the servers said here is of no test.
    for said in layout.log.iterdir():
        said.unlink()
