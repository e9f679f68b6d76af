"""The outbound line: to one name only, what is said ahead of pictures, and an end that waits for nothing."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from host_client.carriers import relay
from host_client.carriers.relay import BrokerUnreachable, Line, open_line, tls_context
from runtime.certificates import Certificates, prepare_certificates
from tests.helpers.free_ports import free_ports

WITHIN = 10.0


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return prepare_certificates(tmp_path_factory.mktemp("tls"))


@dataclass
class Far:
    """The other end, and what was said to it."""

    url: str
    context: ssl.SSLContext
    heard: "asyncio.Queue[bytes | str | None]"
    go_on: asyncio.Event

    async def next(self) -> bytes | str | None:
        """The next message; None at the end."""
        return await asyncio.wait_for(self.heard.get(), WITHIN)


@asynccontextmanager
async def far(made: Certificates, answer: Response | None = None, said: bytes | str | None = None) -> AsyncIterator[Far]:
    """A broker's end that says `said`, reads once `go_on` is set, or refuses with `answer`."""
    end = Far("", tls_context(made.authority.read_text()), asyncio.Queue(), asyncio.Event())

    async def meet(socket: ServerConnection) -> None:
        if said is not None:
            await socket.send(said)
        await end.go_on.wait()
        async for data in socket:
            end.heard.put_nowait(data)
        end.heard.put_nowait(None)

    def process(_socket: ServerConnection, _request: Request) -> Response | None:
        return answer

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made.broker.chain, made.broker.key)
    async with serve(meet, "127.0.0.1", 0, ssl=context, process_request=process, close_timeout=1) as server:
        end.url = f"https://localhost:{next(iter(server.sockets)).getsockname()[1]}"
        yield end
        end.go_on.set()


@asynccontextmanager
async def line_to(end: Far) -> AsyncIterator[tuple[Line, "asyncio.Task[None]"]]:
    line = await open_line(end.url, "/host", end.context)
    moving = asyncio.ensure_future(line.run())
    yield line, moving
    line.close()
    await asyncio.wait_for(moving, WITHIN)


async def test_the_leaf_is_the_certificate_that_tls_was_given(certificates: Certificates) -> None:
    served = x509.load_pem_x509_certificates(certificates.broker.chain.read_bytes())[0].public_bytes(Encoding.DER)
    async with far(certificates) as end, line_to(end) as (line, _):
        end.go_on.set()
        assert line.leaf == sha256(served).digest()


async def test_what_is_said_goes_ahead_of_a_picture_that_waits(certificates: Certificates) -> None:
    async with far(certificates) as end:
        line = await open_line(end.url, "/host", end.context)
        await line.show(b"picture")
        line.say(b"one")
        line.say(b"two")
        end.go_on.set()
        moving = asyncio.ensure_future(line.run())
        assert [await end.next() for _ in range(3)] == [b"one", b"two", b"picture"]
        line.close()
        assert await end.next() is None
        await asyncio.wait_for(moving, WITHIN)


async def test_a_closed_line_says_what_was_said_before_and_drops_the_picture(certificates: Certificates) -> None:
    async with far(certificates) as end:
        line = await open_line(end.url, "/host", end.context)
        await line.show(b"picture")
        line.say(b"goodbye")
        line.close()
        line.say(b"too late")
        await line.show(b"too late")
        end.go_on.set()
        await asyncio.wait_for(line.run(), WITHIN)
        assert [await end.next(), await end.next()] == [b"goodbye", None]


async def test_a_second_picture_waits_until_the_first_has_left(certificates: Certificates) -> None:
    async with far(certificates) as end:
        line = await open_line(end.url, "/host", end.context)
        await line.show(b"first")
        second = asyncio.ensure_future(line.show(b"second"))
        done, _ = await asyncio.wait((second,), timeout=0.05)
        assert not done
        end.go_on.set()
        moving = asyncio.ensure_future(line.run())
        assert [await end.next(), await end.next()] == [b"first", b"second"]
        line.close()
        await asyncio.wait_for(asyncio.gather(second, moving), WITHIN)


async def test_a_line_that_does_not_move_is_given_up(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "SAID_MAX", 10)
    async with far(certificates) as end:
        line = await open_line(end.url, "/host", end.context)
        line.say(b"12345678")
        line.say(b"12345678")
        line.say(b"not taken any more")
        end.go_on.set()
        await asyncio.wait_for(line.run(), WITHIN)
        assert [await end.next() for _ in range(3)] == [b"12345678", b"12345678", None]


@pytest.mark.parametrize(("said", "taken"), [(b"bytes", [b"bytes"]), ("text", [])])
async def test_a_text_message_ends_what_is_received(certificates: Certificates, said: bytes | str, taken: list[bytes]) -> None:
    async with far(certificates, said=said) as end, line_to(end) as (line, _):
        found: list[bytes] = []
        async for data in line.received():
            found.append(data)
            line.close()
        end.go_on.set()
        assert found == taken


ANSWERS = {
    "a redirect": Response(HTTPStatus.FOUND, "Found", Headers(Location="https://localhost/else")),
    "no such page": Response(HTTPStatus.NOT_FOUND, "Not Found", Headers()),
}


@pytest.mark.parametrize("what", sorted(ANSWERS))
async def test_any_other_answer_than_a_socket_is_unreachable(certificates: Certificates, what: str) -> None:
    async with far(certificates, ANSWERS[what]) as end:
        with pytest.raises(BrokerUnreachable) as fault:
            await open_line(end.url, "/host", end.context)
        assert not fault.value.certificate


async def test_a_certificate_of_a_stranger_is_said_to_be_one(certificates: Certificates, tmp_path: Path) -> None:
    other = prepare_certificates(tmp_path / "other")
    async with far(certificates) as end:
        with pytest.raises(BrokerUnreachable) as fault:
            await open_line(end.url, "/host", tls_context(other.authority.read_text()))
        assert fault.value.certificate


async def test_a_port_where_nobody_listens_is_unreachable(certificates: Certificates) -> None:
    (port,) = free_ports(1)
    with pytest.raises(BrokerUnreachable) as fault:
        await open_line(f"https://localhost:{port}", "/host", tls_context(certificates.authority.read_text()))
    assert not fault.value.certificate


def test_nothing_older_than_tls_1_2_is_spoken(certificates: Certificates) -> None:
    context = tls_context(certificates.authority.read_text())
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
