"""A whole installation for a test file: broker, console origin, guardian and desk as processes, a desktop, and its people.

It is a copy of one that was prepared by the same code as `make run` (`house_template.py`); what differs is the screen (Xvnc with a
person before it) and that the host reaches the broker through a network which a test can break.
"""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser

from host_client.config import HostFiles, read_enrolment, write_enrolment
from policy.roles import Role
from runtime.certificates import prepare_certificates
from runtime.demo import Demo
from runtime.demo_commands import Commands, program
from runtime.demo_layout import Layout, Ports, write_configs
from runtime.supervisor import Running, Supervisor, run_command
from tests.helpers.browser import fresh_context
from tests.helpers.desktop import Desktop, Person, desktop, plain_environment
from tests.helpers.fault_proxy import FaultProxy, fault_proxy
from tests.helpers.free_ports import free_ports
from tests.helpers.house_template import Silent
from tests.helpers.technician import Invited, Technician
from tests.helpers.warm_programs import perform

_NUMBERS = itertools.count(1)


@dataclass
class House:
    """One installation and everybody in it."""

    demo: Demo
    desktop: Desktop
    network: FaultProxy
    browser: Browser
    language: str
    words: tuple[str, ...]
    technicians: list[Technician] = field(default_factory=list)

    def write_site_policy(self, text: str) -> None:
        """The site's administrator puts another document in the place of the old one (SETTINGS of the file name its place)."""
        place = self.demo.layout.root.parent / "site.toml"
        newer = place.with_suffix(".new")
        newer.write_text(text, encoding="utf-8")
        newer.replace(place)

    async def sign(self, folder: Path, *words: str) -> None:
        """One of the signers says something and publishes it (`chaperone-keys`)."""
        broker = ("--broker", self.demo.ports.broker_origin, "--ca", str(self.demo.layout.tls / "authority.pem"))
        for command in (words, ("publish", *broker)):
            whole = (program("chaperone-keys"), "--keys", str(folder), *command)
            await run_command("chaperone-keys", whole, plain_environment())

    async def sign_site_policy(self, text: str) -> None:
        """The site's administrator edits the rules that came with the installation, signs and publishes them."""
        layout = self.demo.layout
        layout.site_policy.write_text(text, encoding="utf-8")
        await self.sign(layout.site_keys, "site", "policy", str(layout.site_policy))

    @property
    def person(self) -> Person:
        """Who sits before the instrument."""
        return self.desktop.person

    def process(self, name: str) -> Running:
        """A running program by its name."""
        return next(each for each in self.demo.supervisor.running if each.program.name == name)

    async def start_host(self) -> None:
        """Guardian and desk, on the desktop."""
        await self.demo.start_host(self.desktop.environment, None, self.words)

    async def stop(self, name: str) -> int:
        """Stop a program as an administrator would."""
        return await self.demo.supervisor.stop(self.process(name))

    async def kill(self, name: str) -> None:
        """End a program as a power cut would."""
        running = self.process(name)
        running.process.kill()
        await self.demo.supervisor.stop(running)

    async def ended(self, name: str) -> int:
        """Wait until a program has ended by itself, and clear it away. Its exit code."""
        running = self.process(name)
        code = await asyncio.wait_for(running.ended(), 30)
        await self.demo.supervisor.stop(running)
        return code

    async def invite(self, invited: Invited) -> str:
        """An invitation link, and the person in the next directory."""
        async with self.demo.commands.signing():
            await self.demo.commands.list_person(invited)
        return await self.demo.commands.invite(invited)

    @asynccontextmanager
    async def visitor(self, *, language: str = "en-GB", dark: bool = False) -> AsyncIterator[Technician]:
        """Somebody new with an empty browser, not yet invited."""
        number = next(_NUMBERS)
        async with fresh_context(self.browser, language, dark=dark) as (context, complaints):
            invited = Invited(f"t-{number}", f"Alex Marten {number}")
            technician = Technician(invited, context, complaints, await context.new_page())
            self.technicians.append(technician)
            yield technician

    @asynccontextmanager
    async def technician(self, *, language: str = "en-GB", dark: bool = False) -> AsyncIterator[Technician]:
        """Somebody new, invited, recognised and signed in."""
        async with self.visitor(language=language, dark=dark) as technician:
            shown = await technician.accept_invitation(await self.invite(technician.invited))
            await self.recognise(shown)
            await technician.page.click("#done")
            await technician.sign_in()
            yield technician

    async def invite_as(self, invited: Invited, role: Role) -> str:
        """An invitation link for somebody who helps at no host, and so stands in no directory."""
        who = ("--person", invited.identity, "--name", invited.name, "--company", invited.company, "--role", role.value)
        config = ("--config", str(self.demo.layout.config("broker")))
        words = (program("chaperone-broker"), "accounts", "invite", *who, *config)
        return (await run_command("chaperone-broker", words, plain_environment())).strip()

    async def recognise(self, fingerprint: str) -> None:
        """The security officer compares the fingerprint, signs and publishes."""
        async with self.demo.commands.signing():
            device = next(each for each in await self.demo.commands.pending_devices() if each.fingerprint == fingerprint)
            await self.demo.commands.recognise(device)

    async def get_help(self, name: str = "Get help") -> str:
        """The person presses *Get help* and reads the code out."""
        await self.person.press(name)
        return await self.read_code()

    async def read_code(self) -> str:
        """The code that the host's window shows."""
        async with asyncio.timeout(30):
            while True:
                for text in await self.person.texts():
                    if is_code(text):
                        return text
                await self.person.eyes.look(None, "label", 1, gone=True)

    # ---- what is on record

    @property
    def logs(self) -> Mapping[str, tuple[str, ...]]:
        """How `chaperone-audit` is told where each log is."""
        return {
            "broker": (str(self.demo.layout.broker / "broker.sqlite3"),),
            "host": (str(self.demo.layout.host / "log"),),
        }

    async def audit(self, *words: str) -> str:
        """Run `chaperone-audit`. Raises ProgramFailed when it finds a fault."""
        return await perform("chaperone-audit", (program("chaperone-audit"), *words), plain_environment())

    async def verify_logs(self) -> None:
        """Both logs are whole."""
        for words in self.logs.values():
            await self.audit("verify", *words)

    async def shown(self, side: str) -> str:
        """A log in words."""
        return await self.audit("show", *self.logs[side])


def is_code(text: str) -> bool:
    """`482-913 K7QF-2M9X`."""
    ticket, _, halves = text.partition(" ")
    return len(ticket) == 7 and len(halves) == 9 and ticket[3] == halves[4] == "-" and ticket.replace("-", "").isdigit()


@asynccontextmanager
async def house(
    browser: Browser, template: Path, *, language: str = "en", theme: str = "light", settings: Mapping[str, str] | None = None
) -> AsyncIterator[House]:
    """Open an installation that was prepared before (`house_template.py`). `settings` are added to the environment of its programs
    (CHAPERONE_HOST_...); `{root}` is its folder.
    """
    async with AsyncExitStack() as stack:
        root = Path(stack.enter_context(TemporaryDirectory(prefix="ch-")))
        shutil.copytree(template, root / "var")
        layout = Layout(root / "var")
        broker_port, console_port = free_ports(2)
        network = await stack.enter_async_context(fault_proxy(broker_port))
        place = await stack.enter_async_context(desktop())
        supervisor = Supervisor(layout.log)
        stack.push_async_callback(supervisor.stop_all)
        environment = plain_environment() | {"LANG": f"{language}.UTF-8", "CHAPERONE_HOST_THEME": theme}
        environment |= {name: value.format(root=root) for name, value in (settings or {}).items()}
        demo = Demo(layout, Ports(broker_port, console_port), supervisor, Silent(), environment)
        demo.commands = Commands(layout, demo.ports, environment, perform)
        move_in(demo, f"https://localhost:{network.port}")
        await demo.start_servers()
        place_environment = {**place.environment, **environment}
        opened = House(
            demo, Desktop(place.screen, place_environment, place.person), network, browser, language,
            ("--ui", "window", "--language", language),
        )  # fmt: skip
        await opened.start_host()
        yield opened


def move_in(demo: Demo, broker_for_host: str) -> None:
    """Make a copied installation one of its own: with the ports of this one, and a host that finds its broker there."""
    demo.certificates = prepare_certificates(demo.layout.tls)
    write_configs(demo.layout, demo.ports, demo.certificates, demo.host.site)
    demo.broker_for_host = broker_for_host
    enrolment = HostFiles(demo.layout.host).enrolment
    write_enrolment(enrolment, replace(read_enrolment(enrolment), broker_url=broker_for_host))
