"""CPU of the broker per gigabyte relayed, at 64 KiB records, beside a relay that decides nothing: `python -m benchmarks relay`.

The broker is the real process with a real visit whose view was granted; the records are random bytes, which it cannot
tell from sealed ones. Both relays speak TLS on both legs.
"""

import asyncio
import os
import ssl
import sys
import time
from asyncio.subprocess import PIPE
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.results import cpu_seconds, keep
from policy.permissions import Lane
from tests.helpers.broker_process import running_broker
from tests.helpers.ends import Meeting, ready_to_meet
from wire.frames import Frame, FrameKind, RecordHeader
from wire.limits import RECORD_PLAIN_MAX, RECORD_TAG

GIGABYTE = 1e9


async def through_the_broker(folder: Path, size: int) -> dict[str, float]:
    """Relay `size` bytes of records; CPU seconds and rate."""
    async with running_broker(folder) as broker, ready_to_meet(broker) as visit:
        await visit.spent()
        await visit.ask()
        await visit.allow()
        process = psutil.Process(broker.process.pid)
        before, began = cpu_seconds(process), time.monotonic()
        sent, _ = await asyncio.gather(_send(visit, size), _receive(visit, size))
        return _figures(sent, cpu_seconds(process) - before, time.monotonic() - began)


async def _send(visit: Meeting, size: int) -> int:
    body = os.urandom(RECORD_PLAIN_MAX + RECORD_TAG)
    sent = 0
    while sent < size:
        header = RecordHeader(Lane.SCREEN, 1, 0, sent // RECORD_PLAIN_MAX).encode()
        await visit.host_wire.socket.send(Frame(FrameKind.SEALED, header + body).encode())
        sent += len(body)
    return sent


async def _receive(visit: Meeting, size: int) -> None:
    received = 0
    while received < size:
        received += len(await visit.console_wire.socket.recv())


async def through_nothing(folder: Path, size: int) -> dict[str, float]:
    """The same bytes through the raw relay."""
    certificates = folder / "certificates"
    chain, key = _broker_files(certificates)
    command = (sys.executable, "-m", "benchmarks.raw_relay", str(chain), str(key))
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    if process.stdout is None:
        raise RuntimeError("the raw relay has no output")
    port = int((await process.stdout.readline()).split()[1])
    context = ssl.create_default_context(cafile=str(_authority(certificates)))
    _, first = await asyncio.open_connection("localhost", port, ssl=context)
    reader, _ = await asyncio.open_connection("localhost", port, ssl=context, limit=RECORD_PLAIN_MAX)
    measured = psutil.Process(process.pid)
    before, began = cpu_seconds(measured), time.monotonic()
    sent, _ = await asyncio.gather(_pour(first, size), _drain(reader, size))
    figures = _figures(sent, cpu_seconds(measured) - before, time.monotonic() - began)
    first.close()
    await process.wait()
    return figures


async def _pour(writer: asyncio.StreamWriter, size: int) -> int:
    body, sent = os.urandom(RECORD_PLAIN_MAX), 0
    while sent < size:
        writer.write(body)
        await writer.drain()
        sent += len(body)
    return sent


async def _drain(reader: asyncio.StreamReader, size: int) -> None:
    received = 0
    while received < size:
        received += len(await reader.read(RECORD_PLAIN_MAX))


def _figures(sent: int, cpu: float, seconds: float) -> dict[str, float]:
    return {"cpu_s_per_gb": round(cpu / sent * GIGABYTE, 2), "mb_per_s": round(sent / seconds / 1e6, 1)}


def _broker_files(folder: Path) -> tuple[Path, Path]:
    from runtime.certificates import prepare_certificates

    made = prepare_certificates(folder)
    return made.broker.chain, made.broker.key


def _authority(folder: Path) -> Path:
    from runtime.certificates import prepare_certificates

    return prepare_certificates(folder).authority


async def measure(size: int) -> None:
    """Both, one after the other, and their ratio."""
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        ours = await through_the_broker(Path(one), size)
        raw = await through_nothing(Path(other), size)
    keep(
        "relay",
        {"record_bytes": RECORD_PLAIN_MAX, "broker": ours, "raw": raw, "ratio": round(ours["cpu_s_per_gb"] / raw["cpu_s_per_gb"], 2)},
    )


def run(megabytes: int = 1000) -> None:
    """Relay so many megabytes through each."""
    asyncio.run(measure(megabytes * 1_000_000))
