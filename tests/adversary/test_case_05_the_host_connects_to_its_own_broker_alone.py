"""Case 5 (without PAC and NTLM): a broker that cannot prove itself gets nothing, is named locally; no socket listens.

Left until they exist: PAC files and NTLM proxies.
"""

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from audit.events import host as log
from host_client.config import read_enrolment, write_enrolment
from host_client.link import Online, ShowIdle
from policy.decision import Reason
from runtime.certificates import prepare_certificates
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import BrokerProcess
from tests.helpers.host_process import EnrolledHost, enrolled_host, running_guardian, scripted_desk

__all__ = ["broker"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]


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


async def test_a_certificate_of_another_authority_is_refused(broker: BrokerProcess, tmp_path: Path) -> None:
    host = await enrolled_host(broker, tmp_path)
    other = prepare_certificates(tmp_path / "other")
    changed(host, ca=other.authority.read_text())
    await refused(host)


async def test_a_certificate_of_another_name_is_refused(broker: BrokerProcess, tmp_path: Path) -> None:
    host = await enrolled_host(broker, tmp_path)
    async with elsewhere(broker) as port:
        changed(host, broker_url=f"https://127.0.0.2:{port}")
        await refused(host)


async def test_a_broker_with_another_key_than_the_pinned_one_is_refused(broker: BrokerProcess, tmp_path: Path) -> None:
    host = await enrolled_host(broker, tmp_path)
    broker.hosts.remove(host.known)
    changed(host, broker_key=bytes(32), directory_key=broker.key)
    host.files.directory.unlink(missing_ok=True)
    async with running_guardian(host) as guardian, scripted_desk(guardian) as desk:
        shown = await desk.until(ShowIdle, lambda idle: idle.online is Online.REFUSED)
        assert shown.why in {Reason.IDENTITY_NOT_PROVEN, Reason.DOCUMENT_INVALID}


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except OSError:
        pass
    finally:
        sink.close()


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


@asynccontextmanager
async def proxy(broker: BrokerProcess, credentials: str = "") -> AsyncIterator[tuple[int, list[str]]]:
    """An HTTP CONNECT proxy. With credentials it answers 407 to whoever has none."""
    asked: list[str] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(head.splitlines()[0])
        wanted = base64.b64encode(credentials.encode()).decode()
        if credentials and f"Basic {wanted}" not in head:
            writer.write(b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n')
            writer.close()
            return
        onward, outward = await asyncio.open_connection("127.0.0.1", broker.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pump(reader, outward), pump(onward, writer))

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], asked
    finally:
        server.close()


def through(port: int, credentials: str = "") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | {"https_proxy": f"http://{credentials + '@' if credentials else ''}127.0.0.1:{port}"}


@pytest.mark.parametrize("credentials", ["", "lab:secret"])
async def test_through_a_proxy_the_host_reaches_its_broker_and_nothing_else(
    broker: BrokerProcess, tmp_path: Path, credentials: str
) -> None:
    host = await enrolled_host(broker, tmp_path)
    async with proxy(broker, credentials) as (port, asked), running_guardian(host, through(port, credentials)) as guardian:
        await guardian.online()
        assert guardian.listening_tcp() == []
    assert set(asked) == {f"CONNECT localhost:{broker.port} HTTP/1.1"}


async def test_a_proxy_that_wants_credentials_gets_none_and_the_host_stays_off_line(broker: BrokerProcess, tmp_path: Path) -> None:
    host = await enrolled_host(broker, tmp_path)
    async with proxy(broker, "lab:secret") as (port, asked), running_guardian(host, through(port)) as guardian:
        async with scripted_desk(guardian) as desk:
            await desk.until(ShowIdle, lambda idle: idle.online is Online.CONNECTING)
            while not asked:
                await desk.until(ShowIdle)
        assert not any(line.startswith("online") for line in guardian.lines)
    assert json.dumps(asked).count("CONNECT") >= 1
