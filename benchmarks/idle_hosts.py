"""Memory of the broker for each host that is on line and does nothing: `python -m benchmarks idle`.

Real broker process; every connection is TLS and has proven its own key. The hosts are entered into the database
directly, because enrolling thousands one by one says nothing about idling.
"""

import asyncio
import os
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.results import cpu_seconds, keep
from broker.storage.engine import Database
from broker.storage.registry import EnrolledHost, Registry
from tests.helpers.broker_process import BrokerProcess, Host, running_broker
from tests.helpers.ends import Wire, open_host
from trust.signatures import Ed25519Signer

AT_ONCE = 20
WATCHED_SECONDS = 20.0


async def enter_hosts(broker: BrokerProcess, count: int) -> list[Host]:
    """Put hosts into the broker's database."""
    database = Database(f"sqlite+aiosqlite:///{broker.database}")
    registry = Registry(database)
    hosts = []
    for number in range(count):
        signer = Ed25519Signer(os.urandom(32))
        token = os.urandom(32)
        await registry.add_token(token, "Site A", time.time() + 3600)
        row = EnrolledHost(f"h-bench-{number}", signer.public_key, f"Host {number}", "Site A", "analyser", False, "Bench", "1", time.time())
        await registry.enrol(token, row)
        hosts.append(Host(row.host_id, row.name, row.site, "blue", False, signer))
    await database.close()
    return hosts


async def connect_all(broker: BrokerProcess, hosts: list[Host]) -> list[Wire]:
    """Open and prove every control socket, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(host: Host) -> Wire:
        async with gate:
            return await open_host(broker, host)

    return await asyncio.gather(*(one(host) for host in hosts))


async def measure(count: int) -> None:
    """Memory before, with a few (so that caches are warm), and with all."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    with TemporaryDirectory() as folder:
        async with running_broker(Path(folder)) as broker:
            hosts = await enter_hosts(broker, count + AT_ONCE)
            process = psutil.Process(broker.process.pid)
            wires = await connect_all(broker, hosts[:AT_ONCE])
            before, cpu = process.memory_info().rss, cpu_seconds(process)
            wires += await connect_all(broker, hosts[AT_ONCE:])
            after, connecting = process.memory_info().rss, cpu_seconds(process) - cpu
            cpu = cpu_seconds(process)
            await asyncio.sleep(WATCHED_SECONDS)
            idle = (cpu_seconds(process) - cpu) / WATCHED_SECONDS
            for wire in wires:
                wire.socket.transport.abort()
    keep(
        "idle_hosts",
        {
            "hosts": count,
            "kib_per_host": round((after - before) / count / 1024, 1),
            "cpu_ms_per_handshake": round(connecting / count * 1000, 2),
            "idle_cpu_percent_of_a_core": round(idle * 100, 2),
        },
    )


def run(count: int = 2000) -> None:
    """Hold so many idle hosts."""
    asyncio.run(measure(count))
