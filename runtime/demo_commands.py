"""Every command line that the demo runs beside its four processes. The only place that knows how they are written.

The signers' part (`chaperone-keys`) works in a folder that the broker is never told about.
"""

import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from runtime.demo_layout import Layout, Ports
from runtime.keys_program import KeysProgram
from runtime.private_files import write_private
from runtime.supervisor import run_command

Perform = Callable[[str, Sequence[str], Mapping[str, str]], Awaitable[str]]
"""How a command is run: what it is called where it fails, itself, its environment; what it said."""
RENEW_BEFORE = 15 * 24 * 3600
"""Documents are signed again so many seconds before the first of them runs out."""
TRAINED = "=2099-12-31"
"""The demo's technicians are trained for every region."""
SITE_POLICY = Path(__file__).with_name("demo_site_policy.toml")


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

    def __init__(self, layout: Layout, ports: Ports, environment: Mapping[str, str], perform: Perform = run_command) -> None:
        self._layout, self._ports, self._environment, self._perform = layout, ports, environment, perform
        self._keys_program = KeysProgram(program("chaperone-keys"), environment)

    def signing(self) -> AbstractAsyncContextManager[None]:
        """Around many steps of the signers: they are quicker together."""
        return self._keys_program.together()

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

    # ---- the signers

    async def hold_ceremony(self, vendor: str, company: str, site: str) -> None:
        """Make all signers' keys and the first documents of vendor and site, unless that was done."""
        if not self._layout.vendor_root.exists():
            await self._run("chaperone-keys", "ceremony", str(self._layout.keys), "--vendor", vendor, "--company", company, "--site", site)

    async def pending_devices(self) -> tuple[Device, ...]:
        """Registered browser keys that the documents do not name."""
        devices, _ = await self.registrations()
        signed = await self._signed()
        known = {key for each in signed["persons"] for key in each["devices"]}
        return tuple(each for each in devices if each.key not in known)

    async def list_service(self) -> None:
        """Name the broker, and which build of the console technicians should be running, unless they are named."""
        signed, known = await self._signed(), json.loads(await self._broker("identity"))
        if signed["broker"] != {"id": known["id"], "key": known["key"]}:
            await self._keys("broker", known["id"], f"--key={known['key']}", "--yes")
        digest = (await self._run("chaperone-console", "digest")).strip()
        if signed["console_digest"] != digest:
            await self._keys("console", digest)
        if not signed["auditor_key"]:
            auditor = (await self._run("chaperone-keys", "auditor", "key", str(self._layout.auditor_key))).strip()
            await self._keys("auditor", "set", f"--key={auditor}")

    async def list_hosts(self, instrument: Instrument) -> None:
        """Certify every enrolled host. The demo's officer sits before the host, and so has seen its fingerprint."""
        _, hosts = await self.registrations()
        listed = {each["key"] for each in (await self._signed())["hosts"]}
        for host in hosts:
            if host["key"] not in listed:
                words = ("--name", host["name"], "--site", host["site"], "--group", instrument.group, "--model", host["model"])
                phi = "--phi" if host["phi"] else "--no-phi"
                fingerprint = ("--fingerprint", host["fingerprint"])
                await self._keys("host", "certify", host["id"], f"--key={host['key']}", *words, phi, *fingerprint, "--yes")

    async def list_person(self, technician: Technician) -> None:
        """List a technician, trained and without any device, unless they are."""
        if all(each["id"] != technician.identity for each in (await self._signed())["persons"]):
            words = ("--name", technician.name, "--company", technician.company, "--group", technician.group)
            await self._keys("person", "add", technician.identity, *words, f"--training={TRAINED}")

    async def recognise(self, device: Device) -> None:
        """Certify a device whose fingerprint was compared, and publish."""
        words = ("--type", device.kind, "--label", "browser", "--fingerprint", device.fingerprint, "--yes")
        await self._keys("device", "certify", device.technician_id, f"--key={device.key}", *words)
        await self.publish()

    async def sign_site_policy(self) -> None:
        """Sign the site's first rules, unless it has some. Whoever edits the file signs it himself."""
        if not (await self._signed("site"))["policy"]:
            write_private(self._layout.site_policy, SITE_POLICY.read_bytes())
            await self._keys("site", "policy", str(self._layout.site_policy), folder=self._layout.site_keys)

    async def publish(self) -> None:
        """Give the vendor's documents to the broker."""
        await self._keys("publish", *self._to_broker())

    async def renew(self) -> None:
        """Keep the documents of vendor and site from running out, and give them to the broker."""
        for folder, whose in ((self._layout.keys, "vendor"), (self._layout.site_keys, "site")):
            if (await self._signed(whose))["expires"] < time.time() + RENEW_BEFORE:
                await self._keys("sign", folder=folder)
            await self._keys("timestamp", *self._to_broker(), folder=folder)

    def _to_broker(self) -> tuple[str, ...]:
        return ("--broker", self._ports.broker_origin, "--ca", str(self._layout.tls / "authority.pem"))

    async def _signed(self, whose: str = "vendor") -> dict[str, Any]:
        folder = self._layout.keys if whose == "vendor" else self._layout.site_keys
        signed: dict[str, Any] = json.loads(await self._keys("show", "--json", folder=folder))
        return signed

    # ---- the host's administrator

    def host_is_enrolled(self) -> bool:
        """Whether the host has been through `enrol`."""
        return (self._layout.host / "enrolment.json").exists()

    async def enrol_host(self, token: str, instrument: Instrument, broker: str, authority: Path) -> None:
        """Accept the terms in the administrator's name and enrol."""
        await self._run(
            "chaperone-host", "enrol", "--state", str(self._layout.host), "--broker", broker, "--ca", str(authority),
            f"--token={token}", "--vendor-root", str(self._layout.vendor_root), "--site-root", str(self._layout.site_root),
            "--name", instrument.name, "--model", instrument.model, "--no-phi", "--accept-by", instrument.accepted_by,
        )  # fmt: skip

    # ---- how commands are run

    async def _broker(self, *words: str) -> str:
        return await self._run("chaperone-broker", *words, "--config", str(self._layout.config("broker")))

    async def _keys(self, *words: str, folder: Path | None = None) -> str:
        return await self._keys_program.run(folder or self._layout.keys, *words)

    async def _run(self, name: str, *words: str) -> str:
        return await self._perform(f"{name} {words[0] if words else ''}", (program(name), *words), self._environment)
