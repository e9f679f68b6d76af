"""The demo: one broker, one site, one host, one technician, prepared once and then reused. Programs run by their own commands.

Order of a first start: certificates, the ceremony in which all signers' keys are made, the broker's state, the broker itself,
the host's enrolment, the first documents, and an invitation. A second start finds each of them done and goes on.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from runtime.certificates import Certificates, prepare_certificates
from runtime.demo_commands import Commands, Device, program
from runtime.demo_layout import Layout, Ports, write_configs
from runtime.private_files import write_private
from runtime.supervisor import Program, Running, Supervisor

READY = r"^(ready|Console at) "
SILENT = frozenset({"desk", "sample"})
"""They show themselves on a screen or in a terminal, and write no line."""
WATCH_SECONDS = 1.0
RENEW_SECONDS = 6 * 3600.0


class Voice(Protocol):
    """Says which step is being done, while it is being done and when it is."""

    def step(self, doing: str) -> AbstractContextManager[None]:
        """Shown as running inside the block, as done after it."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """The technician whom the demo invites."""

    identity: str = "t-demo"
    name: str = "Robin Keller"
    company: str = "Meridian Diagnostics"
    group: str = "demo"


@dataclass(frozen=True, slots=True)
class DemoHost:
    """The instrument whose PC this is."""

    name: str = "Analyser 7"
    model: str = "Haematology AX-200"
    site: str = "Demo laboratory"
    group: str = "demo"
    accepted_by: str = "Demo administrator"


class Demo:
    """One demo in one folder. `environment` is what its programs inherit."""

    def __init__(self, layout: Layout, ports: Ports, supervisor: Supervisor, voice: Voice, environment: Mapping[str, str]) -> None:
        self.layout, self.ports, self.supervisor = layout, ports, supervisor
        self.person, self.host = DemoPerson(), DemoHost()
        self._voice, self.environment = voice, environment
        self.commands = Commands(layout, ports, environment)
        self.certificates: Certificates | None = None
        self.broker_for_host = ports.broker_origin
        """Where the host finds the broker: another address where something stands between them."""

    async def prepare(self) -> Certificates:
        """Everything that stands before the first process: keys, certificates, configuration, the broker's state."""
        self.layout.make()
        with self._voice.step("Certificates of this machine"):
            self.certificates = await asyncio.to_thread(prepare_certificates, self.layout.tls)
        with self._voice.step("Keys of everybody who signs, vendor and site"):
            await self.commands.hold_ceremony(self.person.company, self.person.company, self.host.site)
        write_configs(self.layout, self.ports, self.certificates, self.host.site)
        with self._voice.step("State of the broker"):
            await self.commands.init_broker()
        return self.certificates

    async def start_servers(self) -> None:
        """Broker and console, each ready before the next."""
        await self.start_broker()
        await self._serve("console")

    async def start_broker(self) -> None:
        """The broker, for the first time or again."""
        await self._serve("broker")

    async def _serve(self, name: str) -> None:
        await self._start(name, (program(f"chaperone-{name}"), "serve", "--config", str(self.layout.config(name))))

    async def enrol(self) -> None:
        """Enrol the host unless it is, and see that the documents name it. The broker must run."""
        assert self.certificates is not None
        if not self.commands.host_is_enrolled():
            with self._voice.step("Enrolment of the host"):
                token = await self.commands.host_token(self.host.site)
                await self.commands.enrol_host(token, self.host, self.broker_for_host, self.certificates.authority)
        with self._voice.step("Documents, signed by vendor and site"):
            async with self.commands.signing():
                await self._documents()

    async def _documents(self) -> None:
        await self.commands.list_service()
        await self.commands.list_hosts(self.host)
        await self.commands.list_person(self.person)
        await self.commands.sign_site_policy()
        await self.commands.renew()

    async def invitation(self) -> str | None:
        """The demo technician's invitation link; None once it has been used."""
        devices, _ = await self.commands.registrations()
        if any(each.technician_id == self.person.identity for each in devices):
            self.layout.invitation.unlink(missing_ok=True)
            return None
        if not self.layout.invitation.exists():
            with self._voice.step("Invitation of the technician"):
                write_private(self.layout.invitation, (await self.commands.invite(self.person)).encode())
        return self.layout.invitation.read_text()

    async def start_sample(self, screen: Mapping[str, str]) -> Running:
        """The sample instrument on `screen`, so that there is something to help with."""
        return await self._start("sample", (sys.executable, "-m", "runtime.sample_instrument"), screen)

    async def start_host(self, screen: Mapping[str, str], terminal: int | None, words: tuple[str, ...]) -> Running:
        """Guardian, then desk on `screen`; `words` go to the desk's command line."""
        await self._start("guardian", (program("chaperone-host"), "guardian", "--state", str(self.layout.host)))
        command = (program("chaperone-host"), "desk", "--state", str(self.layout.host), *words)
        return await self._start("desk", command, screen, terminal)

    async def _start(
        self, name: str, command: tuple[str, ...], environment: Mapping[str, str] | None = None, terminal: int | None = None
    ) -> Running:
        ready = None if name in SILENT else READY
        with self._voice.step(f"Starting the {name}"):
            return await self.supervisor.start(Program(name, command, environment or self.environment, ready, terminal))

    async def watch_registrations(self, decide: Callable[[Device], Awaitable[bool]]) -> None:
        """Until cancelled: whenever a browser registers a key that the documents do not name, let `decide` say, and sign. Keeps the
        documents fresh too, as the small signer of a real installation does.
        """
        refused: set[str] = set()
        seen, renewed = 0, time.monotonic()
        while True:
            if time.monotonic() - renewed > RENEW_SECONDS:
                await self.commands.renew()
                renewed = time.monotonic()
            stamp = self._database_stamp()
            if stamp != seen:
                seen = stamp
                for device in await self.commands.pending_devices():
                    if device.fingerprint not in refused and not await self._recognise(device, decide):
                        refused.add(device.fingerprint)
            await asyncio.sleep(WATCH_SECONDS)

    async def _recognise(self, device: Device, decide: Callable[[Device], Awaitable[bool]]) -> bool:
        if not await decide(device):
            return False
        with self._voice.step(f"Certifying and publishing {device.fingerprint}"):
            async with self.commands.signing():
                await self.commands.recognise(device)
        return True

    def _database_stamp(self) -> int:
        """Changes whenever the broker has written something; asking it is cheap, starting its command is not."""
        return max((path.stat().st_mtime_ns for path in self.layout.broker.glob("*.sqlite3*")), default=0)


def inherited(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """What programs inherit: this environment without the switches of the demo and of the configuration readers."""
    given = os.environ if environment is None else environment
    return {name: value for name, value in given.items() if not name.startswith("CHAPERONE_")}
