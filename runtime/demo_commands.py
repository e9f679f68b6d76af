"""Every command line that the demo runs beside its four processes. The only place that knows how they are written.

The security officer's part (`chaperone-keys`) works in a folder that the broker is never told about.
"""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from runtime.demo_layout import Layout, Ports
from runtime.private_files import write_private
from runtime.supervisor import run_command

RENEW_AFTER = 15 * 24 * 3600
"""A directory older than this many seconds is signed again, long before it runs out."""


@dataclass(frozen=True, slots=True)
class Device:
    """A browser key that a technician registered."""

    technician_id: str
    name: str
    company: str
    kind: str
    key: str
    fingerprint: str


class Technician(Protocol):
    """Whom an invitation is for."""

    @property
    def identity(self) -> str:
        """The id, `t-...`."""

    @property
    def name(self) -> str:
        """As people at the instruments read it."""

    @property
    def company(self) -> str:
        """As people at the instruments read it."""

    @property
    def group(self) -> str:
        """Of the hosts they may see."""


class Instrument(Protocol):
    """The host that enrols."""

    @property
    def name(self) -> str:
        """As technicians read it."""

    @property
    def model(self) -> str:
        """What kind of instrument."""

    @property
    def site(self) -> str:
        """Whose it is."""

    @property
    def group(self) -> str:
        """Whose technicians may see it."""

    @property
    def accepted_by(self) -> str:
        """The administrator who accepts the terms."""


def program(name: str) -> str:
    """The installed command of this environment."""
    return str(Path(sys.executable).with_name(name))


class Commands:
    """The commands, for one demo."""

    def __init__(self, layout: Layout, ports: Ports, environment: Mapping[str, str]) -> None:
        self._layout, self._ports, self._environment = layout, ports, environment

    @property
    def directory_public(self) -> Path:
        """The public directory key, as every program is configured with it."""
        return self._layout.keys / "directory.pub"

    # ---- the broker's administrator

    async def init_broker(self) -> None:
        """Make the broker's state, or leave it as it is."""
        await self._broker("init")

    async def host_token(self, site: str) -> str:
        """A single-use token for one host."""
        return (await self._broker("hosts", "token", "--site", site)).strip()

    async def invite(self, technician: Technician) -> str:
        """Invite, and return the link."""
        words = ("--person", technician.identity, "--name", technician.name, "--company", technician.company)
        return (await self._broker("accounts", "invite", *words)).strip()

    async def registrations(self) -> tuple[tuple[Device, ...], tuple[dict[str, Any], ...]]:
        """Every key that browsers and hosts registered."""
        found = json.loads(await self._broker("registrations", "list", "--json"))
        devices = (
            Device(each["id"], each["name"], each["company"], each["type"], each["key"], each["fingerprint"]) for each in found["devices"]
        )
        return tuple(devices), tuple(found["hosts"])

    # ---- the security officer

    async def make_directory_key(self, vendor: str) -> None:
        """Make the directory key, unless there is one."""
        if not self.directory_public.exists():
            await self._run("chaperone-keys", "init", str(self._layout.keys), "--vendor", vendor)

    async def pending_devices(self) -> tuple[Device, ...]:
        """Registered browser keys that the directory does not name."""
        devices, _ = await self.registrations()
        return tuple(each for each in devices if each.key not in self._listed("persons"))

    async def list_broker(self) -> None:
        """Name the broker in the draft, unless it is."""
        if self._draft()["broker"] is None:
            known = json.loads(await self._broker("identity"))
            await self._keys("broker", known["id"], f"--key={known['key']}", "--yes")

    async def list_console(self) -> None:
        """Note which build of the console technicians should be running."""
        digest = (await self._run("chaperone-console", "digest")).strip()
        if self._draft()["console_digest"] != digest:
            await self._keys("console", digest)

    async def list_hosts(self, instrument: Instrument) -> None:
        """Name every enrolled host in the draft. The demo's officer sits before the host, and so has seen its fingerprint."""
        _, hosts = await self.registrations()
        for host in hosts:
            if host["key"] not in self._listed("hosts"):
                words = ("--name", host["name"], "--site", host["site"], "--group", instrument.group, "--model", host["model"])
                phi = "--phi" if host["phi"] else "--no-phi"
                fingerprint = ("--fingerprint", host["fingerprint"])
                await self._keys("host", "add", host["id"], f"--key={host['key']}", *words, phi, *fingerprint, "--yes")

    async def list_person(self, technician: Technician) -> None:
        """Name a technician in the draft, without any device, unless they are."""
        if all(each["id"] != technician.identity for each in self._draft()["persons"]):
            words = ("--name", technician.name, "--company", technician.company, "--group", technician.group)
            await self._keys("person", "add", technician.identity, *words)

    async def recognise(self, device: Device) -> None:
        """Certify a device whose fingerprint was compared, sign and publish."""
        words = ("--type", device.kind, "--label", "browser", "--fingerprint", device.fingerprint, "--yes")
        await self._keys("device", "certify", device.technician_id, f"--key={device.key}", *words)
        await self.publish()

    async def publish(self) -> bool:
        """Sign the draft and give it to the broker, if it is not what was published last, or that is old. Says whether it did."""
        draft = sha256((self._layout.keys / "draft.json").read_bytes()).hexdigest()
        noted = self._layout.keys / "published"
        if noted.exists() and noted.read_text() == draft and time.time() - noted.stat().st_mtime < RENEW_AFTER:
            return False
        await self._keys("sign")
        await self._keys("publish", "--broker", self._ports.broker_origin, "--ca", str(self._layout.tls / "authority.pem"))
        write_private(noted, draft.encode())
        return True

    def _draft(self) -> dict[str, Any]:
        draft: dict[str, Any] = json.loads((self._layout.keys / "draft.json").read_text(encoding="utf-8"))
        return draft

    def _listed(self, what: str) -> set[str]:
        entries = self._draft()[what]
        if what == "hosts":
            return {host["key"] for host in entries}
        return {device["key"] for person in entries for device in person["authenticators"]}

    # ---- the host's administrator

    def host_is_enrolled(self) -> bool:
        """Whether the host has been through `enrol`."""
        return (self._layout.host / "enrolment.json").exists()

    async def enrol_host(self, token: str, instrument: Instrument, broker: str, authority: Path) -> None:
        """Accept the terms in the administrator's name and enrol."""
        await self._run(
            "chaperone-host", "enrol", "--state", str(self._layout.host), "--broker", broker, "--ca", str(authority),
            f"--token={token}", "--directory-key", str(self.directory_public), "--name", instrument.name, "--model", instrument.model,
            "--no-phi", "--accept-by", instrument.accepted_by,
        )  # fmt: skip

    # ---- how commands are run

    async def _broker(self, *words: str) -> str:
        return await self._run("chaperone-broker", *words, "--config", str(self._layout.config("broker")))

    async def _keys(self, *words: str) -> str:
        return await self._run("chaperone-keys", "--keys", str(self._layout.keys), *words)

    async def _run(self, name: str, *words: str) -> str:
        return await run_command(f"{name} {words[0] if words else ''}", (program(name), *words), self._environment)
