"""Files both ways through guardian, desk, broker and a real console: `python -m benchmarks files`.

From the person's *This file* to the entry in the host's log that says it is there: whole, its hash checked, on the disk (to the host),
or whole and checked in the browser (from it). Nobody watches the browser meanwhile (`unwatched.py`). Both ends compute its hash before it
is asked for; that time stands beside it. The yardstick is a plain copy of the same file, with its hash and an fsync, by one program.
"""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from audit.entry import decode_entry
from audit.events.files import FileBegun, FileDone
from audit.stores import open_stored
from benchmarks.mesh import Installed, MeshCentral
from benchmarks.results import families, keep, own_cpu_seconds
from benchmarks.subjects import Place, browser_processes, place
from benchmarks.unwatched import Unwatched, give_file, unwatched
from host_client.config import HostFiles, read_enrolment, write_enrolment
from tests.helpers.desktop import plain_environment
from tests.helpers.house import House, house
from tests.helpers.house_template import template_in
from tests.helpers.moving_files import FOLDER_SETTING, RULES, ask_for, drop, stage
from tests.helpers.technician import Technician
from tests.helpers.visits import view

MEGABYTE, GIGABYTE = 1e6, 1e9
PATIENCE_MS = 300_000
_LOOK_SECONDS = 0.5
NAME = "table.bin"
Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Source:
    """What is moved."""

    place: Path
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One file that arrived."""

    size: int
    seconds: float
    cpu: Mapping[str, float]
    """Seconds of CPU by part."""
    hashing: float = 0.0
    """Seconds until it could be asked for."""


class Meter:
    """CPU seconds of each part since it was made."""

    def __init__(self, processes: Mapping[str, Sequence[int]]) -> None:
        self._parts = {name: families(pids) for name, pids in processes.items()}
        self._before = self._now()

    def _now(self) -> dict[str, float]:
        return {name: sum(own_cpu_seconds(each) for each in processes) for name, processes in self._parts.items()}

    def used(self) -> dict[str, float]:
        """By part."""
        return {name: now - self._before[name] for name, now in self._now().items()}


def summed_up(moved: Sequence[Moved]) -> Figures:
    """Medians over the rounds."""
    parts = {name: round(median(each.cpu[name] / each.size * GIGABYTE for each in moved), 2) for name in moved[0].cpu}
    found: Figures = {"MB_per_second": round(median(each.size / each.seconds for each in moved) / MEGABYTE, 1), "cpu_seconds_per_GB": parts}
    found["of_each_round"] = [round(each.size / each.seconds / MEGABYTE, 1) for each in moved]
    if any(each.hashing for each in moved):
        found["seconds_until_it_was_asked_for"] = round(median(each.hashing for each in moved), 2)
    return found


# ---- ours


@dataclass(frozen=True, slots=True)
class Ours:
    """A visit in which files may move."""

    home: House
    technician: Technician
    browser: Unwatched

    def meter(self) -> Meter:
        """Every part of it."""
        running = {name: (self.home.process(name).process.pid,) for name in ("guardian", "desk", "broker")}
        return Meter({**running, "browser": browser_processes()})

    async def up(self, source: Source) -> Moved:
        """To the host."""
        begun = time.monotonic()
        await give_file(self.technician.page, "#files-picked", source.place)
        await stage(self.technician, NAME, "asking", PATIENCE_MS)
        hashing = time.monotonic() - begun
        await self.home.person.see(f"SHA-256: {source.digest}")
        moved = await self._allowed(source.size, hashing)
        kept = newest_in(drop(self.home))
        if digest_of(kept) != source.digest:
            raise RuntimeError(f"{kept.name} is not what was sent")
        kept.unlink()
        await self.technician.page.click("#files-clear")
        return moved

    async def down(self, source: Source) -> Moved:
        """From the host, as far as the browser."""
        begun = time.monotonic()
        await ask_for(self.home, self.technician, source.place, source.digest)
        hashing = time.monotonic() - begun
        moved = await self._allowed(source.size, hashing)
        saved = await self._saved(source.size)
        if digest_of(saved) != source.digest:
            raise RuntimeError("what was saved is not what was sent")
        saved.unlink()
        await self.technician.page.click("#files-clear")
        return moved

    async def _allowed(self, size: int, hashing: float) -> Moved:
        before, where = files_done(self.home), self.technician.page.url
        await self.browser.leave()
        meter = self.meter()
        await self.home.person.press("This file")
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await until(lambda: files_done(self.home) > before)
        used = meter.used()
        self.technician.page = await self.browser.page(where)
        await stage(self.technician, NAME, "done", PATIENCE_MS)
        return Moved(size, logged_seconds(self.home), used, hashing)

    async def _saved(self, size: int) -> Path:
        """What the browser saved, once it is whole."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            kept = self.browser.downloads / NAME
            await until(lambda: kept.exists() and kept.stat().st_size == size)
            return kept


async def until(there: Callable[[], bool]) -> None:
    """Look now and then. What is waited for happens in other processes, and tells nobody."""
    there_now = there()
    while not there_now:
        await asyncio.sleep(_LOOK_SECONDS)
        there_now = there()


def files_done(home: House) -> int:
    """How many files were whole so far, as the host's log says."""
    return sum(isinstance(decode_entry(row.entry).event, FileDone) for row in open_stored(home.demo.layout.host / "log").rows)


def logged_seconds(home: House) -> float:
    """How long the newest file took, as the host's log says."""
    entries = [decode_entry(row.entry) for row in open_stored(home.demo.layout.host / "log").rows]
    begun = [each.at.utc_ms for each in entries if isinstance(each.event, FileBegun)][-1]
    done = [each.at.utc_ms for each in entries if isinstance(each.event, FileDone)][-1]
    return max(1, done - begun) / 1000


def newest_in(folder: Path) -> Path:
    """The file that arrived last."""
    return max(folder.iterdir(), key=lambda each: each.stat().st_mtime_ns)


def digest_of(source: Path) -> str:
    """SHA-256 of a file."""
    with source.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


@asynccontextmanager
async def ours(at: Place) -> AsyncIterator[Ours]:
    """A visit with the screen shown; the host reaches the broker without the tests' network between."""
    pins = (at.certificates / "broker.pem", at.certificates / "console.pem")
    async with (
        unwatched(pins, at.folder) as browser,
        house(browser.as_browser, await template_in(at.folder, at.certificates), settings=FOLDER_SETTING) as home,
    ):
        for name in ("desk", "guardian"):
            await home.stop(name)
        enrolment = HostFiles(home.demo.layout.host).enrolment
        write_enrolment(enrolment, replace(read_enrolment(enrolment), broker_url=f"https://localhost:{home.demo.ports.broker}"))
        await home.start_host()
        await home.sign_site_policy(RULES)
        async with home.technician() as technician:
            await view(home, technician)
            await technician.page.click("#files-open")
            yield Ours(home, technician, browser)


async def measure_ours(at: Place, source: Source, times: int) -> Figures:
    """Both ways in turns."""
    up, down = [], []
    async with ours(at) as visit:
        for _ in range(times):
            up.append(await visit.up(source))
            down.append(await visit.down(source))
    return {"to the host": summed_up(up), "from the host": summed_up(down)}


# ---- others


async def measure_mesh(at: Place, source: Source, times: int) -> Figures:
    """MeshCentral with its own client for the command line, which no browser slows down. It checks no hash and asks nobody."""
    peer = MeshCentral()
    if missing := peer.missing():
        return {"missing": missing}
    up, down = [], []
    async with peer.installed(at, plain_environment()) as installed:
        for _ in range(times):
            target = installed.folder / "arrived"
            target.mkdir()
            up.append(await mesh_moved(installed, "upload", source, target, target / NAME))
            down.append(await mesh_moved(installed, "download", source, target / "back.bin", target / "back.bin"))
            shutil.rmtree(target)
    return {"to the host": summed_up(up), "from the host": summed_up(down)}


async def mesh_moved(installed: Installed, way: str, source: Source, target: Path, kept: Path) -> Moved:
    """One file one way, whole at the end."""
    meter = Meter(installed.processes)
    seconds = await installed.move(way, source.place, target)
    used = meter.used()
    if digest_of(kept) != source.digest:
        raise RuntimeError(f"MeshCentral: {way} is not what was sent")
    return Moved(source.size, seconds, used)


def copied(source: Source, times: int) -> Moved:
    """Read, written, on the disk, hashed: what any way of moving a file does at least."""
    taken = []
    for _ in range(times):
        target = source.place.with_suffix(".copy")
        wall, cpu = time.monotonic(), time.process_time()
        shutil.copyfile(source.place, target)
        with target.open("rb+") as opened:
            file_digest(opened, "sha256")
            os.fsync(opened.fileno())
        taken.append(Moved(source.size, time.monotonic() - wall, {"one program": time.process_time() - cpu}))
        target.unlink()
    return sorted(taken, key=lambda each: each.seconds)[len(taken) // 2]


# ---- all of it


def made(place: Path, megabytes: int) -> Source:
    """A file that nothing compresses."""
    with place.open("wb") as opened:
        for _ in range(megabytes):
            opened.write(os.urandom(int(MEGABYTE)))
    return Source(place, int(megabytes * MEGABYTE), digest_of(place))


async def measure(megabytes: int, times: int, peers: bool) -> None:
    """One run."""
    async with place() as at:
        source = await asyncio.to_thread(made, at.folder / NAME, megabytes)
        plain = copied(source, times)
        figures: Figures = {"MB": megabytes, "times": times, "a plain copy": summed_up([plain])}
        figures["Chaperone"] = await measure_ours(at, source, times)
        if peers:
            figures["MeshCentral"] = await measure_mesh(at, source, times)
        keep("files", figures)


def run(
    megabytes: Annotated[int, typer.Option(help="Size of the file.")] = 256,
    times: Annotated[int, typer.Option(help="Rounds; the median counts.")] = 3,
    peers: Annotated[bool, typer.Option(help="MeshCentral beside it.")] = True,
) -> None:
    """Measure files to the host and from it."""
    asyncio.run(measure(megabytes, times, peers))
