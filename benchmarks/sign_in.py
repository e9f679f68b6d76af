"""How long a sign-in takes, quiet and with a hundred wrong ones a second beside it: `python -m benchmarks signin`.

Real broker process, real TLS. The flood comes from hundreds of addresses of the loopback network, so that no brake on one address takes the
load away. The flooding program is a process of its own, and stands back for the broker (nice 10); it shares the machine all the same.
Also the times of wrong sign-ins for a name that exists and for one that does not: nobody is to learn from them which is which.
"""

import asyncio
import multiprocessing
import os
import ssl
import time
from collections import Counter
from itertools import count
from pathlib import Path
from statistics import mean, quantiles
from tempfile import TemporaryDirectory

import httpx

from benchmarks.results import keep
from policy.decision import Reason
from tests.helpers.broker_process import ORIGIN, PASSWORD, BrokerProcess, Technician, running_broker
from wire.messages.presence import Refused
from wire.messages.signin import SignIn, SignInRecovering
from wire.schema import decode, encode

WRONG = "another one that is wrong"
FLOOD_PER_SECOND = 100
FLOOD_LEAD = 3.0
PEOPLE = 12
"""Ten recovery codes each: they stand in for codes of the app, of which there are three a minute."""
_HEADERS = {"origin": ORIGIN, "content-type": "application/json"}


async def one(broker: BrokerProcess, said: object, path: str, address: str) -> tuple[float, httpx.Response]:
    """Seconds of one try on a connection of its own that stands already."""
    transport = httpx.AsyncHTTPTransport(verify=broker.tls, local_address=address)
    async with httpx.AsyncClient(transport=transport, base_url=f"https://127.0.0.1:{broker.port}", timeout=60, headers=_HEADERS) as http:
        await http.get("/api/me")
        began = time.perf_counter()
        answer = await http.post(path, content=encode(said))
        return time.perf_counter() - began, answer


async def sign_ins(broker: BrokerProcess, people: list[Technician], which: slice, *, recognised: bool) -> list[float]:
    """One after the other, each with a recovery code of its own."""
    times = []
    for person in people:
        for number, code in enumerate(person.recovery_codes[which]):
            word = await broker.device_word(person) if recognised else None
            said = SignInRecovering(person.id, PASSWORD, code, word)
            seconds, answer = await one(broker, said, "/api/sign-in/recovery", f"127.9.{number}.1")
            if answer.status_code == 200:
                times.append(seconds)
    return times


def flood(port: int, authority: str, seconds: float, heard: "multiprocessing.Queue[dict[str, int]]") -> None:
    """A hundred wrong sign-ins a second, from addresses in turn."""
    os.nice(10)  # it stands for machines elsewhere
    counts: Counter[str] = Counter()
    asyncio.run(_flood(port, authority, seconds, counts))
    heard.put(dict(counts))


async def _flood(port: int, authority: str, seconds: float, counts: Counter[str]) -> None:
    tls = ssl.create_default_context(cafile=authority)
    numbers, until = count(), time.monotonic() + seconds
    lines = [
        httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(verify=tls, local_address=f"127.10.{each // 250}.{each % 250 + 1}"),
            base_url=f"https://127.0.0.1:{port}",
            timeout=60,
            headers=_HEADERS,
        )
        for each in range(400)
    ]

    async def wrong(number: int) -> None:
        said = encode(SignIn(f"t-nobody-{number}", WRONG, "000000"))
        try:
            answer = await lines[number % len(lines)].post("/api/sign-in", content=said)
            counts[decode(answer.content, Refused).reason] += 1
        except httpx.RemoteProtocolError:  # a line that was idle too long is closed at the moment it is used
            counts["closed"] += 1

    running: set[asyncio.Task[None]] = set()
    while time.monotonic() < until:
        task = asyncio.create_task(wrong(next(numbers)))
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.sleep(1 / FLOOD_PER_SECOND)
    await asyncio.gather(*running)
    await asyncio.gather(*(line.aclose() for line in lines))


async def enumeration(broker: BrokerProcess, known: str, tries: int) -> dict[str, float]:
    """Mean times of wrong sign-ins in turn, for a name that exists and one that does not."""
    times: dict[str, list[float]] = {known: [], "t-nobody": []}
    for number in range(tries):
        for name, found in times.items():
            said = SignIn(name, WRONG, "000000")
            seconds, _ = await one(broker, said, "/api/sign-in", f"127.11.{number // 250}.{number % 250 + 1}")
            found.append(seconds)
    return {"known_ms": round(mean(times[known]) * 1000, 2), "unknown_ms": round(mean(times["t-nobody"]) * 1000, 2)}


def _percentiles(times: list[float]) -> dict[str, float]:
    cuts = quantiles(times, n=100, method="inclusive")
    return {"p50_ms": round(cuts[49] * 1000, 1), "p99_ms": round(cuts[98] * 1000, 1), "taken": len(times)}


async def measure(tries: int) -> None:
    """Quiet, then beside the flood, in one run."""
    with TemporaryDirectory() as folder:
        async with running_broker(Path(folder), account_failures=1000, address_tries=10_000) as broker:
            people = [await broker.technician(f"t-bench-{number}") for number in range(PEOPLE)]
            await broker.publish()
            quiet = await sign_ins(broker, people, slice(0, 4), recognised=True)
            names = await enumeration(broker, people[0].id, tries)
            context = multiprocessing.get_context("spawn")
            heard: multiprocessing.Queue[dict[str, int]] = context.Queue()
            flooding = context.Process(target=flood, args=(broker.port, str(broker.authority), 30.0, heard))
            flooding.start()
            await asyncio.sleep(FLOOD_LEAD)
            loud = await sign_ins(broker, people, slice(4, 8), recognised=True)
            strangers = await sign_ins(broker, people, slice(8, 10), recognised=False)
            counts = await asyncio.to_thread(heard.get)
            flooding.join()
    figures: dict[str, object] = {"quiet": _percentiles(quiet), "beside_the_flood": _percentiles(loud)}
    figures["slower_at_p99"] = round(_percentiles(loud)["p99_ms"] / _percentiles(quiet)["p99_ms"], 2)
    figures["slower_at_p50"] = round(_percentiles(loud)["p50_ms"] / _percentiles(quiet)["p50_ms"], 2)
    figures["not_recognised_got_in"] = f"{len(strangers)} of {2 * PEOPLE}"
    figures["flood_failed"], figures["flood_turned_away"] = counts.get(Reason.SIGN_IN_FAILED, 0), counts.get(Reason.TOO_BUSY, 0)
    keep("sign_in", {**figures, "wrong_sign_in": names})


def run(tries: int = 50) -> None:
    """Sign in beside a flood; `tries` wrong ones of each kind for the times of names."""
    asyncio.run(measure(tries))
