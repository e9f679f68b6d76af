"""A real broker process for tests: its own certificate authority, configuration, state, and people and hosts made in a moment.

    async with running_broker(tmp_path) as broker:
        technician = await broker.technician("t-anna", groups=("blue",))     account, device key, TOTP secret
        host = await broker.host("Analyser 1", group="blue")                 enrolled, key made
        await broker.publish()                                               a signed directory that lists all of them
        cookie = await broker.sign_in(technician)
        async with broker.open_host(host) as control: ...

The process is the real `chaperone-broker`; nothing in it knows that it is tested.
"""

import asyncio
import json
import os
import signal
import ssl
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from trust.keys import public_key_text, read_public_key
from trust.signatures import Ed25519Signer
from wire.messages import signin
from wire.messages.documents import Authenticator, AuthenticatorType, Directory, ListedBroker, ListedHost, Person, Profile
from wire.schema import decode, encode, encode_part, from_base64url
from wire.statements import Algorithm, Label, Statement, signed_bytes

T = TypeVar("T")
PASSWORD = "correct horse battery staple"
ORIGIN = "https://localhost:8444"
STARTED_WITHIN = 30.0
STOPPED_WITHIN = 20.0
COOKIE = "__Host-chaperone"


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

    def person(self) -> Person:
        """As the security officer lists them."""
        listed = Authenticator(AuthenticatorType.P256, self.device.public_key, "test browser")
        return Person(self.id, self.name, self.company, True, self.groups, (listed,))

    def totp(self) -> str:
        """A code that works: each call uses another step, within the drift that the broker allows."""
        now = time.time()
        current = int(now) // 30
        # The step before this one is still taken, but not if this one ends while the code is on its way.
        step = max(self.next_step, current - 1 if now % 30 < 15 else current)
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
    directory_signer: Ed25519Signer
    process: Process
    port: int = 0
    id: str = ""
    key: bytes = b""
    version: int = 0
    technicians: list[Technician] = field(default_factory=list)
    hosts: list[Host] = field(default_factory=list)
    newest: Statement | None = None
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

    def directory(self, *, expires_in: int = 86_400) -> Statement:
        """The next directory: everybody in `technicians` and `hosts`, signed by the security officer."""
        self.version += 1
        now = int(time.time())
        persons, hosts = tuple(each.person() for each in self.technicians), tuple(each.listed() for each in self.hosts)
        listed = Directory(self.version, now, now + expires_in, "Example GmbH", ListedBroker(self.id, self.key), "", persons, hosts)
        return self.directory_signer.sign(Label.DIRECTORY, listed)

    async def publish(self, statement: Statement | None = None) -> Statement:
        """Bring a directory to the broker, the next one if none is given."""
        self.newest = statement or self.directory()
        read(await self.post("/api/directory", self.newest, origin=None, method="PUT"), signin.Done)
        return self.newest

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

    # ---- the process

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), STOPPED_WITHIN)

    async def start_again(self) -> None:
        """Start the process anew on the same state; it may take another port."""
        self.process, self.port = await _start(self.config, self.folder)


def read(response: httpx.Response, cls: type[T]) -> T:
    """The message of an HTTP answer. Fails the test if it is another."""
    return decode(response.content, cls)


@asynccontextmanager
async def running_broker(folder: Path, **settings: str | int) -> AsyncIterator[BrokerProcess]:
    """A fresh broker in this folder. `settings` are further lines of its configuration."""
    broker = await _prepare(folder, settings)
    try:
        yield broker
    finally:
        await broker.stop()


async def _prepare(folder: Path, settings: dict[str, str | int]) -> BrokerProcess:
    certificates = prepare_certificates(folder / "certificates")
    officer = Ed25519Signer(os.urandom(32))
    (folder / "directory.pub").write_text(public_key_text(officer.public_key))
    lines: dict[str, str | int] = {
        "listen_host": "127.0.0.1",
        "certificate": str(certificates.broker.chain),
        "certificate_key": str(certificates.broker.key),
        "console_origin": ORIGIN,
        "state": "state",
        "directory_key": "directory.pub",
        **settings,
    }
    config = folder / "broker.toml"
    config.write_text("listen_port = 0\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items()))
    made_by_init = dict(line.rsplit(" ", 1) for line in (await _command(config, "init")).splitlines())
    process, port = await _start(config, folder)
    made = BrokerProcess(folder, config, certificates.authority, officer, process)
    return replace(
        made,
        port=port,
        id=made_by_init["broker"],
        key=read_public_key(made_by_init["public key"]),
        secret=from_base64url(made_by_init["bootstrap secret"]),
    )


async def _start(config: Path, folder: Path) -> tuple[Process, int]:
    with (folder / "broker.log").open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "broker", "serve", "--config", str(config), stdout=PIPE, stderr=errors
        )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), STARTED_WITHIN)).decode()
    assert line.startswith("ready "), (folder / "broker.log").read_text()
    return process, int(line.strip().rsplit(":", 1)[1])


async def _command(config: Path, *arguments: str) -> str:
    command = (sys.executable, "-m", "broker", *arguments, "--config", str(config))
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    out, errors = await asyncio.wait_for(process.communicate(), STARTED_WITHIN)
    assert process.returncode == 0, errors.decode()
    return out.decode()
