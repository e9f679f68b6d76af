"""Case 5 (without PAC and NTLM): a broker that cannot prove itself gets nothing, is named locally; no socket listens.

Left until they exist: PAC files and NTLM proxies.
"""

import asyncio
import base64
import os
import shutil
import ssl
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from audit.events import host as log
from host_client.config import HostFiles, read_enrolment, write_enrolment
from host_client.link import Online, ShowIdle
from policy.decision import Reason
from runtime.certificates import prepare_certificates
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import BrokerProcess
from tests.helpers.documents import VendorSigners
from tests.helpers.host_process import (
    WITHIN,
    EnrolledHost,
    GuardianProcess,
    command,
    enrolled_host,
    running_guardian,
    scripted_desk,
)
from tests.helpers.socks_proxy import socks_proxy
from tests.helpers.x_server import xvfb

__all__ = ["broker"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def enrolled(broker: BrokerProcess, tmp_path_factory: pytest.TempPathFactory) -> EnrolledHost:
    """Enrolled once; each test gets a copy of the PC."""
    host = await enrolled_host(broker, tmp_path_factory.mktemp("enrolled"))
    await broker.publish()
    return host


@pytest.fixture
def host(enrolled: EnrolledHost, tmp_path: Path) -> EnrolledHost:
    shutil.copytree(enrolled.files.state, tmp_path / "state")
    return EnrolledHost(HostFiles(tmp_path / "state"), enrolled.known)


async def refused(host: EnrolledHost, reason: Reason = Reason.IDENTITY_NOT_PROVEN) -> None:
    """The host says why, locally and in its log, and was never on line."""
    async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
        shown = await desk.until(ShowIdle, lambda idle: idle.online is Online.REFUSED)
        assert shown.why is reason
        assert not any(line.startswith("online") for line in guardian.lines)
        assert guardian.listening_tcp() == []
    assert host.events(log.BrokerRefused)[0].reason is reason
    assert not host.events(log.BrokerConnected)


def changed(host: EnrolledHost, **values: object) -> None:
    enrolment = read_enrolment(host.files.enrolment)
    write_enrolment(host.files.enrolment, replace(enrolment, **values))  # type: ignore[arg-type]


# ---- who is not its broker


async def test_a_certificate_of_another_authority_is_refused(host: EnrolledHost, tmp_path: Path) -> None:
    changed(host, ca=prepare_certificates(tmp_path / "other").authority.read_text())
    await refused(host)


async def test_a_certificate_of_another_name_is_refused(broker: BrokerProcess, host: EnrolledHost) -> None:
    async with elsewhere(broker) as port:
        changed(host, broker_url=f"https://127.0.0.2:{port}")
        await refused(host)


async def test_a_certificate_that_is_expired_is_refused(host: EnrolledHost, tmp_path: Path) -> None:
    made = prepare_certificates(tmp_path / "old", datetime.now(UTC) - timedelta(days=500))
    async with impostor(made.broker.chain, made.broker.key) as (port, heard):
        changed(host, ca=made.authority.read_text(), broker_url=f"https://localhost:{port}")
        await refused(host)
    assert heard == []


async def test_a_certificate_that_nobody_signed_is_refused(host: EnrolledHost, tmp_path: Path) -> None:
    async with impostor(*self_signed(tmp_path)) as (port, heard):
        changed(host, broker_url=f"https://localhost:{port}")
        await refused(host)
    assert heard == []


async def test_a_broker_with_another_key_than_the_pinned_one_is_refused(broker: BrokerProcess, host: EnrolledHost) -> None:
    changed(host, broker_key=bytes(32))
    shutil.rmtree(host.files.documents, ignore_errors=True)
    changed(host, vendor_root=VendorSigners("somebody else").root)
    async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
        shown = await desk.until(ShowIdle, lambda idle: idle.online is Online.REFUSED)
        assert shown.why in {Reason.IDENTITY_NOT_PROVEN, Reason.DOCUMENT_INVALID}


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Certificate and key for the broker's name, by nobody but itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    made = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, hashes.SHA256())
    chain, private = folder / "self.pem", folder / "self.key"
    chain.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return chain, private


@asynccontextmanager
async def impostor(chain: Path, key: Path) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server with this certificate, and whatever anybody says to it inside TLS."""
    heard: list[bytes] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(65536))
        writer.close()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key)
    server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()


@asynccontextmanager
async def elsewhere(broker: BrokerProcess) -> AsyncIterator[int]:
    """The real broker, under a name that stands in no certificate of its."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, outward = await asyncio.open_connection("127.0.0.1", broker.port)
        await asyncio.gather(pump(reader, outward), pump(onward, writer))

    server = await asyncio.start_server(meet, "127.0.0.2", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


# ---- proxies


@dataclass
class HttpProxy:
    """An HTTP CONNECT proxy in front of the broker."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    first: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def http_proxy(broker: BrokerProcess, credentials: str = "") -> AsyncIterator[HttpProxy]:
    """With credentials it answers 407 to whoever has none."""
    proxy = HttpProxy()
    wanted = base64.b64encode(credentials.encode()).decode()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        proxy.asked.append(head.splitlines()[0])
        proxy.first.set()
        if credentials and f"Basic {wanted}" not in head:
            writer.write(b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n')
            writer.close()
            return
        onward, outward = await asyncio.open_connection("127.0.0.1", broker.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pump(reader, outward), pump(onward, writer))

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()


def through(address: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | {"https_proxy": address}


@pytest.mark.parametrize("credentials", ["", "lab:secret"])
async def test_through_an_http_proxy_the_host_reaches_its_broker_and_nothing_else(
    broker: BrokerProcess, host: EnrolledHost, credentials: str
) -> None:
    async with http_proxy(broker, credentials) as proxy:
        address = f"http://{credentials + '@' if credentials else ''}127.0.0.1:{proxy.port}"
        async with running_guardian(host, through(address)) as guardian:
            await guardian.online()
            assert guardian.listening_tcp() == []
    assert set(proxy.asked) == {f"CONNECT localhost:{broker.port} HTTP/1.1"}


async def test_a_proxy_that_wants_credentials_gets_none_and_the_host_stays_off_line(broker: BrokerProcess, host: EnrolledHost) -> None:
    async with http_proxy(broker, "lab:secret") as proxy, running_guardian(host, through(f"http://127.0.0.1:{proxy.port}")) as guardian:
        async with scripted_desk(guardian) as desk, asyncio.timeout(WITHIN):
            await proxy.first.wait()
            assert (await desk.until(ShowIdle)).online is Online.CONNECTING
        assert not any(line.startswith("online") for line in guardian.lines)
    assert set(proxy.asked) == {f"CONNECT localhost:{broker.port} HTTP/1.1"}


@pytest.mark.parametrize("credentials", ["", "lab:secret"])
async def test_through_a_socks_proxy_the_host_reaches_its_broker_by_name_and_nothing_else(
    broker: BrokerProcess, host: EnrolledHost, credentials: str
) -> None:
    async with socks_proxy(broker.port, credentials) as proxy:
        async with running_guardian(host, through(proxy.address())) as guardian:
            await guardian.online()
        assert set(proxy.asked) == {f"localhost:{broker.port}"}
        assert proxy.refused == 0


@pytest.mark.parametrize("kind", ["http", "socks"])
async def test_a_host_enrols_through_the_proxy_that_it_will_use(broker: BrokerProcess, tmp_path: Path, kind: str) -> None:
    token = (await broker.run("hosts", "token", "--site", "Site A")).strip()
    (tmp_path / "vendor.root.json").write_bytes(broker.vendor.root)
    words = ["enrol", "--broker", broker.url, f"--token={token}", "--vendor-root", str(tmp_path / "vendor.root.json")]
    words += ["--ca", str(broker.authority), "--name", "PC", "--model", "AX", "--no-phi", "--accept-by", "Local Admin"]
    async with http_proxy(broker, "lab:secret") as web, socks_proxy(broker.port, "lab:secret") as socks:
        address = f"http://lab:secret@127.0.0.1:{web.port}" if kind == "http" else socks.address()
        code, said = await command(*words, "--state", str(tmp_path / "state"), environment=through(address))
        assert code == 0, said
        asked = web.asked if kind == "http" else socks.asked
        assert len(asked) == 1
        assert f"localhost:{broker.port}" in asked[0]


# ---- nothing listens


async def sockets(*options: str) -> list[str]:
    """What `ss` says, as the site's administrator would ask it."""
    process = await asyncio.create_subprocess_exec("ss", "-H", "-p", *options, stdout=PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode().splitlines()


@asynccontextmanager
async def real_desk(guardian: GuardianProcess, environment: dict[str, str]) -> AsyncIterator[Process]:
    """The desk's process, once it says that its window is there."""
    words = ("-m", "host_client.cli", "desk", "--state", str(guardian.host.files.state))
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdin=DEVNULL, stdout=PIPE, env=environment)
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), WITHIN)
        assert line.startswith(b"ready"), line
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.communicate(), WITHIN)


async def test_neither_guardian_nor_desk_listens_and_the_guardian_speaks_with_its_broker_alone(
    broker: BrokerProcess, host: EnrolledHost
) -> None:
    with xvfb() as screen:
        async with running_guardian(host) as guardian, real_desk(guardian, screen.environment()) as desk:
            await guardian.online()
            ours = tuple(f"pid={each.pid}," for each in (guardian.process, desk))
            listening = await sockets("-l", "-t", "-n")
            assert any(f"pid={broker.process.pid}," in line for line in listening), "ss shows whose sockets they are"
            assert [line for line in listening if any(pid in line for pid in ours)] == []
            open_now = [line.split() for line in await sockets("-t", "-n") if any(pid in line for pid in ours)]
            assert {line[4].rsplit(":", 1)[1] for line in open_now} == {str(broker.port)}
