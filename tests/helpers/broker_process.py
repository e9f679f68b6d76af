"""A real broker process for tests: its own certificate authority, configuration, state, and people and hosts made in a moment.

    async with running_broker(tmp_path) as broker:
        technician = await broker.technician("t-anna", groups=("blue",))     account, device key, TOTP secret
        host = await broker.host("Analyser 1", group="blue")                 enrolled, key made
        await broker.publish()                                               signed documents that list all of them
        cookie = await broker.sign_in(technician)
        async with broker.open_host(host) as control: ...

The process is the real `chaperone-broker`, forked from a Python that has imported it (`warm_programs.py`); nothing in it knows that it is
tested.
"""

import asyncio
import json
import os
import signal
import sqlite3
import ssl
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import httpx
import pyotp
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from policy.roles import Role
from runtime.certificates import prepare_certificates
from tests.helpers.documents import SiteSigners, VendorSigners
from tests.helpers.free_ports import free_ports
from tests.helpers.views import ALLOWS_ALL, FOREVER, TRAINED
from tests.helpers.warm_programs import WarmProcess, started
from trust.keys import read_public_key
from trust.signatures import Ed25519Signer
from wire.messages import signin
from wire.messages.documents import (
    AuthenticatorType,
    CertifiedDevice,
    DocumentsBundle,
    ListedBroker,
    ListedHost,
    ListedPerson,
    PersonDevices,
    Profile,
    Repository,
    TrainedFor,
    VendorDocument,
)
from wire.schema import MalformedMessage, decode, encode, encode_part, from_base64url
from wire.statements import Algorithm, Label, Statement, signed_bytes

T = TypeVar("T")
PASSWORD = "correct horse battery staple"
ORIGIN = "https://localhost:8444"
STARTED_WITHIN = 30.0
STOPPED_WITHIN = 20.0
COOKIE = "__Host-chaperone"
_ON_ITS_WAY = 6.0
"""Seconds that a code may take to the broker."""


class P256Signer:
    """A browser's device key, as WebCrypto makes it."""

    alg = Algorithm.P256

    def __init__(self) -> None:
        self._key: EllipticCurvePrivateKey = generate_private_key(SECP256R1())

    @property
    def public_key(self) -> bytes:
        """65 bytes, uncompressed."""
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, label: Label, part: object) -> Statement:
        """A statement of this @part."""
        payload = encode_part(part)
        r, s = decode_dss_signature(self._key.sign(signed_bytes(label, payload), ECDSA(SHA256())))
        return Statement(label, self.alg, payload, r.to_bytes(32, "big") + s.to_bytes(32, "big"))


@dataclass
class Technician:
    """A technician with an account that was confirmed."""

    id: str
    name: str
    company: str
    groups: tuple[str, ...]
    device: P256Signer
    totp_secret: str
    next_step: int = 0
    """The first TOTP step that was not used yet."""
    recovery_codes: tuple[str, ...] = ()
    training: tuple[TrainedFor, ...] = TRAINED

    def listed(self) -> ListedPerson:
        """As the security officer lists them."""
        return ListedPerson(self.id, self.name, self.company, True, self.groups, self.training)

    def devices(self) -> PersonDevices:
        """As their supervisor certifies them."""
        browser = CertifiedDevice(AuthenticatorType.P256, self.device.public_key, "test browser", FOREVER)
        return PersonDevices(self.id, (browser,))

    def totp(self) -> str:
        """A code that works: each call uses another step, within the drift that the broker allows."""
        current, left = divmod(time.time(), 30)
        left = 30 - left
        # The step before this one is still taken, but not if this one ends while the code is on its way.
        step = max(self.next_step, int(current) - 1 if left > _ON_ITS_WAY else int(current))
        if step == current + 2 and left <= _ON_ITS_WAY:
            # Who began in the last seconds of a step has two codes in it. What is waited for is the clock itself.
            time.sleep(left)  # noqa: TID251
            current += 1
        assert step <= current + 1, "this technician has used up the codes of this minute; make another one"
        self.next_step = step + 1
        return pyotp.HOTP(self.totp_secret).at(step)


@dataclass
class Host:
    """An enrolled host."""

    id: str
    name: str
    site: str
    group: str
    phi: bool
    signer: Ed25519Signer

    def listed(self) -> ListedHost:
        """As the security officer lists it."""
        return ListedHost(self.id, self.name, self.signer.public_key, self.site, self.group, Profile("analyser", "eu", self.phi))


@dataclass
class BrokerProcess:
    """A running broker, and what a test needs to speak with it."""

    folder: Path
    config: Path
    authority: Path
    vendor: VendorSigners
    process: WarmProcess
    port: int = 0
    id: str = ""
    key: bytes = b""
    policy: str = ALLOWS_ALL
    """The vendor's, in the next documents."""
    sites: dict[str, SiteSigners] = field(default_factory=dict)
    """Sites whose root this broker pinned, by name."""
    auditor_key: bytes = b""
    """To whom hosts seal copies of receipts."""
    technicians: list[Technician] = field(default_factory=list)
    hosts: list[Host] = field(default_factory=list)
    secret: bytes = b""
    """What `init` printed to let the first administrator in."""

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"https://localhost:{self.port}"

    @property
    def tls(self) -> ssl.SSLContext:
        """Trusts this broker's authority and no other."""
        return ssl.create_default_context(cafile=str(self.authority))

    @property
    def database(self) -> Path:
        """Its SQLite file."""
        return self.folder / "state" / "broker.sqlite3"

    # ---- HTTP

    def http(self, origin: str | None = ORIGIN, cookie: str = "") -> httpx.AsyncClient:
        """An HTTP client as the console's page, or as a machine with origin=None."""
        headers = {"origin": origin} if origin is not None else {}
        if cookie:
            headers["cookie"] = f"{COOKIE}={cookie}"
        return httpx.AsyncClient(base_url=self.url, verify=self.tls, headers=headers, trust_env=False, timeout=30)

    async def post(self, path: str, said: object, *, origin: str | None = ORIGIN, cookie: str = "", method: str = "POST") -> httpx.Response:
        """One request with a message as its body."""
        async with self.http(origin, cookie) as http:
            return await http.request(method, path, content=encode(said), headers={"content-type": "application/json"})

    # ---- the command line

    async def run(self, *arguments: str) -> str:
        """Run a command of chaperone-broker against this broker's configuration; its standard output."""
        return await _command(self.config, *arguments)

    # ---- people and hosts

    async def technician(
        self,
        technician_id: str,
        groups: tuple[str, ...] = ("blue",),
        name: str = "Anna Example",
        *,
        company: str = "Example GmbH",
        role: Role = Role.TECHNICIAN,
        sites: tuple[str, ...] = (),
    ) -> Technician:
        """Invite, choose a password, register a device: all through the real routes. Whoever has another role is no technician at all."""
        words = ("--person", technician_id, "--name", name, "--company", company, "--role", role.value)
        link = await self.run("accounts", "invite", *words, *(word for site in sites for word in ("--site", site)))
        return await self.accept(technician_id, from_base64url(link.strip().rsplit("/", 1)[1]), groups, name, company)

    async def accept(
        self,
        technician_id: str,
        token: bytes,
        groups: tuple[str, ...] = ("blue",),
        name: str = "Anna Example",
        company: str = "Example GmbH",
    ) -> Technician:
        """Take an invitation."""
        issued = read(await self.post("/api/invitation/accept", signin.InvitationAccept(token, PASSWORD)), signin.TotpIssued)
        made = Technician(technician_id, name, company, groups, P256Signer(), issued.secret)
        payload = signin.RegistrationPayload(technician_id, AuthenticatorType.P256, made.device.public_key, int(time.time()))
        registration = made.device.sign(Label.DEVICE_REGISTRATION, payload)
        confirmed = await self.post("/api/invitation/confirm", signin.InvitationConfirm(token, made.totp(), registration))
        made.recovery_codes = read(confirmed, signin.RecoveryCodes).codes
        self.technicians.append(made)
        return made

    async def host(self, name: str = "Analyser 1", group: str = "blue", site: str = "Site A", *, phi: bool = False) -> Host:
        """Enrol a host through the real route."""
        token = from_base64url((await self.run("hosts", "token", "--site", site)).strip())
        signer = Ed25519Signer(os.urandom(32))
        payload = signin.EnrolmentPayload(signer.public_key, name, "analyser", phi, "Local Admin", "1", int(time.time()))
        enrol = signin.HostEnrol(token, signer.sign(Label.HOST_ENROLMENT, payload))
        enrolled = read(await self.post("/api/enrol", enrol, origin=None), signin.HostEnrolled)
        made = Host(enrolled.host_id, name, enrolled.site, group, phi, signer)
        self.hosts.append(made)
        return made

    def documents(self, *, expires_in: int = 86_400) -> DocumentsBundle:
        """The vendor's next documents: everybody in `technicians` and `hosts`, signed by whoever must."""
        service = VendorDocument("Example GmbH", ListedBroker(self.id, self.key), "", self.auditor_key)
        devices: dict[str, list[PersonDevices]] = defaultdict(list)
        for each in self.technicians:
            devices[each.company].append(each.devices())
        by_company = {company: tuple(owned) for company, owned in devices.items()}
        persons, hosts = (each.listed() for each in self.technicians), (each.listed() for each in self.hosts)
        return self.vendor.sign(service, persons, by_company, hosts, policy=self.policy, expires_in=expires_in)

    async def publish(self, bundle: DocumentsBundle | None = None) -> DocumentsBundle:
        """Bring documents to the broker, the vendor's next ones if none are given."""
        published = bundle or self.documents()
        read(await self.put(published), signin.Done)
        return published

    async def put(self, bundle: DocumentsBundle) -> httpx.Response:
        """What the broker says to these documents."""
        path = {Repository.VENDOR: "/api/documents/vendor", Repository.SITE: "/api/documents/site"}[bundle.repository]
        return await self.post(path, bundle, origin=None, method="PUT")

    async def try_sign_in(self, said: object, *, address: str = "127.0.0.1", path: str = "/api/sign-in") -> httpx.Response:
        """A sign-in from an address of this machine's own network."""
        transport = httpx.AsyncHTTPTransport(verify=self.tls, local_address=address)
        async with httpx.AsyncClient(transport=transport, base_url=f"https://127.0.0.1:{self.port}", timeout=120) as http:
            return await http.post(path, content=encode(said), headers={"origin": ORIGIN, "content-type": "application/json"})

    async def device_word(self, technician: Technician) -> Statement:
        """What this technician's device signs at sign-in."""
        issued = read(await self.post("/api/sign-in/nonce", signin.Done()), signin.SignInNonceIssued)
        said = signin.DeviceSignInPayload(issued.nonce, AuthenticatorType.P256, technician.device.public_key)
        return technician.device.sign(Label.DEVICE_SIGN_IN, said)

    async def sign_in(self, technician: Technician) -> str:
        """Sign in; the cookie's value."""
        response = await self.post("/api/sign-in", signin.SignIn(technician.id, PASSWORD, technician.totp()))
        read(response, signin.SignedIn)
        return response.cookies[COOKIE]

    def refresh_factors(self) -> None:
        """Everybody who is signed in has just shown the second factor: long loops on a busy machine outlive one."""
        with closing(sqlite3.connect(self.database, timeout=30)) as database:
            database.execute("UPDATE sign_ins SET factor = ?", (time.time(),))
            database.commit()

    # ---- the process

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), STOPPED_WITHIN)

    async def stay_at_its_port(self) -> None:
        """Start anew at a port that it keeps from now on: hosts that are enrolled after this come back to it."""
        (port,) = free_ports(1)
        self.config.write_text(self.config.read_text().replace("listen_port = 0", f"listen_port = {port}"))
        await self.stop()
        await self.start_again()

    async def start_again(self) -> None:
        """Start the process anew on the same state; it may take another port."""
        self.process, self.port = await _start(self.config, self.folder)


def read(response: httpx.Response, cls: type[T]) -> T:
    """The message of an HTTP answer. Fails the test if it is another, and says what it was."""
    try:
        return decode(response.content, cls)
    except MalformedMessage as fault:
        raise AssertionError(f"{response.status_code} {response.text[:300]} is no {cls.__name__}") from fault


@asynccontextmanager
async def running_broker(folder: Path, *, sites: tuple[str, ...] = (), **settings: str | int) -> AsyncIterator[BrokerProcess]:
    """A fresh broker in this folder, which believes these sites' own documents. `settings` are further lines of its configuration."""
    broker = await _prepare(folder, sites, settings)
    try:
        yield broker
    finally:
        await broker.stop()


async def _prepare(folder: Path, sites: tuple[str, ...], settings: dict[str, str | int]) -> BrokerProcess:
    certificates = prepare_certificates(folder / "certificates")
    vendor = VendorSigners("Example GmbH")
    (folder / "vendor.root.json").write_bytes(vendor.root)
    signers = {name: SiteSigners(name) for name in sites}
    for number, each in enumerate(signers.values()):
        (folder / f"site-{number}.root.json").write_bytes(each.root)
    lines: dict[str, str | int] = {
        "listen_host": "127.0.0.1",
        "certificate": str(certificates.broker.chain),
        "certificate_key": str(certificates.broker.key),
        "console_origin": ORIGIN,
        "state": "state",
        "vendor_root": "vendor.root.json",
        **settings,
    }
    config = folder / "broker.toml"
    pinned = "".join(f'{json.dumps(name)} = "site-{number}.root.json"\n' for number, name in enumerate(signers))
    written = "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())
    config.write_text(f"listen_port = 0\n{written}" + (f"[site_roots]\n{pinned}" if pinned else ""))
    made_by_init = dict(line.rsplit(" ", 1) for line in (await _command(config, "init")).splitlines())
    process, port = await _start(config, folder)
    made = BrokerProcess(folder, config, certificates.authority, vendor, process)
    return replace(
        made,
        sites=signers,
        port=port,
        id=made_by_init["broker"],
        key=read_public_key(made_by_init["public key"]),
        secret=from_base64url(made_by_init["bootstrap secret"]),
    )


async def _start(config: Path, folder: Path) -> tuple[WarmProcess, int]:
    with (folder / "broker.log").open("ab") as errors:
        process = await started("broker", "serve", "--config", str(config), errors=errors)
    line = (await asyncio.wait_for(process.stdout.readline(), STARTED_WITHIN)).decode()
    assert line.startswith("ready "), (folder / "broker.log").read_text()
    return process, int(line.strip().rsplit(":", 1)[1])


async def _command(config: Path, *arguments: str) -> str:
    process = await started("broker", *arguments, "--config", str(config))
    out, errors = await asyncio.wait_for(process.communicate(), STARTED_WITHIN)
    assert process.returncode == 0, errors.decode()
    return out.decode()
