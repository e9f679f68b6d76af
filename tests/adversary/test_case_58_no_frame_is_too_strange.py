"""Case 58: frames that break the limits or RFC 6455 end their own connection, cost bounded memory, and harm nobody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psutil
import pytest

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import BrokerProcess, read
from tests.helpers.ends import open_host, open_ticket
from tests.helpers.raw_websocket import RawWebSocket, head, upgrade
from wire.limits import CONTROL_FRAME_MAX
from wire.messages.presence import EndRole, Hello
from wire.messages.signin import Done

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
FIN_BINARY, FIN_TEXT, BINARY, CONTINUATION, PING = 0x82, 0x81, 0x02, 0x00, 0x89
MEMORY_MOST = 16 * 1024 * 1024
"""Growth of the whole process that a single connection may cause, with the allocator's own slack."""


@asynccontextmanager
async def unharmed(running: BrokerProcess) -> AsyncIterator[RawWebSocket]:
    """A raw connection; afterwards the process lives, serves, and has not grown."""
    process = psutil.Process(running.process.pid)
    before = process.memory_info().rss
    raw = await upgrade(running)
    try:
        yield raw
        assert process.memory_info().rss - before < MEMORY_MOST
    finally:
        await raw.close()
    async with running.http(origin=None) as http:
        assert read(await http.get("/healthz"), Done) == Done()


@pytest.mark.parametrize("length", [CONTROL_FRAME_MAX + 1, 2**31, 2**63 - 1])
async def test_a_message_over_the_limit_is_refused_by_its_head(broker: BrokerProcess, length: int) -> None:
    async with unharmed(broker) as raw:
        await raw.send(head(FIN_BINARY, length))
        assert await raw.close_code() == 1009


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (head(PING, 126) + bytes(126), 1002),
        (head(FIN_BINARY, 4, masked=False) + bytes(4), 1002),
        (head(0xC2, 4) + bytes(4), 1002),
        (head(0x83, 4) + bytes(4), 1002),
        (head(0x80, 4) + bytes(4), 1002),
        (head(FIN_TEXT, 2) + b"\xff\xfe", 1007),
    ],
    ids=["long control frame", "unmasked", "reserved bit", "unknown opcode", "continuation of nothing", "bad UTF-8"],
)
async def test_a_frame_that_breaks_the_standard_ends_its_connection(broker: BrokerProcess, data: bytes, code: int) -> None:
    async with unharmed(broker) as raw:
        await raw.send(data)
        assert await raw.close_code() == code


async def test_fragments_without_end_are_cut_off(broker: BrokerProcess) -> None:
    async with unharmed(broker) as raw:
        await raw.send(head(BINARY, 1) + b"\x01")
        with suppress(ConnectionError):
            for _ in range(1000):
                await raw.send(head(CONTINUATION, 0) * 1000)
        assert await raw.close_code() is None


async def test_pings_without_reading_are_cut_off(broker: BrokerProcess) -> None:
    async with unharmed(broker) as raw:
        raw.stop_reading()
        with pytest.raises(ConnectionError):
            await raw.flood((head(PING, 125) + bytes(125)) * 1000, 2000)


async def test_a_text_message_is_no_frame_of_ours(broker: BrokerProcess) -> None:
    async with unharmed(broker) as raw:
        await raw.send(head(FIN_TEXT, 2) + b"hi")
        assert await raw.close_code() == 1008


async def test_a_malformed_message_of_a_proven_host_ends_its_socket_and_no_other(broker: BrokerProcess) -> None:
    clumsy, careful = await broker.host("Clumsy"), await broker.host("Careful")
    await broker.publish()
    async with await open_host(broker, clumsy) as first, await open_host(broker, careful) as second:
        await first.say(Hello(1, EndRole.HOST, clumsy.id, bytes(32), (), ()))
        assert await first.closed() == Reason.MALFORMED
        assert await open_ticket(second)
