"""A real guardian process for tests, enrolled at a real broker, and a desk: the real one, or this test in its place.

host = await enrolled_host(broker, folder)            terms accepted, key made, known to the broker
await broker.publish()                                the documents list it
async with running_guardian(host) as guardian:        waits for its own word that it is ready
    await guardian.online()
    async with scripted_desk(guardian) as desk:       this test as the desk
        desk.say(GetHelp())
        code = await desk.until(ShowCode)
    async with running_desk(guardian, screen): ...    the real desk on a real X screen
"""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from audit.entry import Entry, decode_entry
from host_client.config import HostConfig, HostFiles, read_enrolment
from host_client.link import DeskReady, Heartbeat, StartCapture, UiKind
from host_client.link_frames import FilePiece, Input, LinkReader, Picture, ToDesk, ToGuardian, message_frame, picture_frame, read_to_desk
from runtime.log_lines import from_line, segments
from tests.helpers.broker_process import BrokerProcess, Host
from tests.helpers.warm_programs import WarmProcess, started
from tests.helpers.x_server import XScreen
from trust.keys import load_key

T = TypeVar("T")
WITHIN = 20.0
READY = DeskReady(UiKind.TERMINAL, "en", "lab", "c1", 640, 480)


@dataclass
class EnrolledHost:
    """A host's state folder, and the host as the broker's helper knows it."""

    files: HostFiles
    known: Host

    def entries(self) -> list[Entry]:
        """The host's log, read while it may be written."""
        found: list[Entry] = []
        for segment in segments(self.files.log):
            lines = segment.read_bytes().splitlines(keepends=True)
            found += [decode_entry(from_line(line).entry) for line in lines if line.endswith(b"\n")]
        return found

    def events(self, cls: type[T]) -> list[T]:
        """Every event of this class, in order."""
        return [entry.event for entry in self.entries() if isinstance(entry.event, cls)]


async def until(there: Callable[[], T | None]) -> T:
    """What this finds, as soon as it does. For what lies in files that other processes write."""
    async with asyncio.timeout(WITHIN):
        while (found := there()) is None:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            await asyncio.wait((waiting,), timeout=0.05)
    return found


async def logged_at_host(host: EnrolledHost, cls: type[T], fits: Callable[[T], bool] = lambda _: True) -> T:
    """The newest event of this class that fits, as soon as it is there."""
    return await until(lambda: next((event for event in reversed(host.events(cls)) if fits(event)), None))


async def command(*words: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run chaperone-host; its exit code and everything it said."""
    process = await started("host_client.cli", *words, merged=True, environment=environment)
    said, _ = await asyncio.wait_for(process.communicate(), WITHIN)
    assert process.returncode is not None
    return process.returncode, said.decode()


async def enrolled_host(
    broker: BrokerProcess, folder: Path, name: str = "Analyser 1", group: str = "blue", *, phi: bool = False
) -> EnrolledHost:
    """Enrol through the real command into this folder, which is there. `publish` on the broker lists it."""
    token = (await broker.run("hosts", "token", "--site", "Site A")).strip()
    (root := folder / "vendor.root.json").write_bytes(broker.vendor.root)
    site: tuple[str, ...] = ()
    if "Site A" in broker.sites:
        (own := folder / "site.root.json").write_bytes(broker.sites["Site A"].root)
        site = ("--site-root", str(own))
    code, said = await command(
        *("enrol", "--broker", broker.url, f"--token={token}", "--vendor-root", str(root), *site, "--ca", str(broker.authority)),
        *("--name", name, "--model", "AX", "--phi" if phi else "--no-phi", "--accept-by", "Local Admin", "--state", str(folder / "state")),
    )
    assert code == 0, said
    files = HostFiles(folder / "state")
    enrolment = read_enrolment(files.enrolment)
    known = Host(enrolment.host_id, name, enrolment.site, group, phi, load_key(files.key))
    broker.hosts.append(known)
    return EnrolledHost(files, known)


@dataclass
class GuardianProcess:
    """A running guardian."""

    host: EnrolledHost
    process: WarmProcess
    lines: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def said(self, start: str) -> str:
        """The first line that starts so, as soon as it is said."""
        async with asyncio.timeout(WITHIN), self.news:
            await self.news.wait_for(lambda: any(line.startswith(start) for line in self.lines) or self.process.returncode is not None)
        found = next((line for line in self.lines if line.startswith(start)), None)
        assert found is not None, self.lines
        return found

    async def online(self) -> None:
        """Until the broker was proven for the first time."""
        await self.said("online")

    async def follow(self) -> None:
        """Read what it says."""
        async for line in self.process.stdout:
            async with self.news:
                self.lines.append(line.decode().rstrip())
                self.news.notify_all()
        await self.process.wait()
        async with self.news:
            self.news.notify_all()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal; the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), WITHIN)

    def listening_tcp(self) -> list[str]:
        """TCP sockets that this process listens on, as the kernel tells."""
        own = {str(link.readlink()) for link in Path(f"/proc/{self.process.pid}/fd").iterdir()}
        found = []
        for table in ("tcp", "tcp6"):
            for row in Path(f"/proc/{self.process.pid}/net/{table}").read_text().splitlines()[1:]:
                parts = row.split()
                if parts[3] == "0A" and f"socket:[{parts[9]}]" in own:
                    found.append(parts[1])
        return found


@asynccontextmanager
async def running_guardian(host: EnrolledHost, environment: Mapping[str, str] | None = None) -> AsyncIterator[GuardianProcess]:
    """`chaperone-host guardian`, ready for a desk."""
    with (host.files.state.parent / "guardian.err").open("ab") as errors:
        words = ("guardian", "--state", str(host.files.state))
        process = await started("host_client.cli", *words, errors=errors, environment=environment)
    guardian = GuardianProcess(host, process)
    following = asyncio.ensure_future(guardian.follow())
    try:
        await guardian.said("ready")
        yield guardian
    finally:
        await guardian.stop()
        await following


class ScriptedDesk:
    """This test in the desk's place. Its heart beats by itself until `hang`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer, self._link = reader, writer, LinkReader()
        self.heard: list[ToDesk | Input | FilePiece] = []
        self._looked = 0
        self._news = asyncio.Condition()
        self.closed = False
        self._beating = asyncio.ensure_future(self._beat())
        self._reading = asyncio.ensure_future(self._read())

    def say(self, said: ToGuardian) -> None:
        """Say it to the guardian."""
        self._writer.write(message_frame(said))

    def show(self, grant: int, parcel: bytes, run: int | None = None) -> None:
        """Send screen messages, as they leave together, of this run of the grant or of the newest that was wanted."""
        runs = [each.run for each in self.heard if isinstance(each, StartCapture) and each.grant == grant] or [0]
        self._writer.write(picture_frame(Picture(grant, parcel, runs[-1] if run is None else run)))

    def write(self, data: bytes) -> None:
        """Send anything."""
        self._writer.write(data)

    async def until(self, cls: type[T], fits: Callable[[T], bool] = lambda _: True) -> T:
        """The next thing of this class that fits; what came before is passed over."""

        def found() -> bool:
            while self._looked < len(self.heard):
                each = self.heard[self._looked]
                self._looked += 1
                if isinstance(each, cls) and fits(each):
                    return True
            return self.closed

        async with asyncio.timeout(WITHIN), self._news:
            await self._news.wait_for(found)
        last = self.heard[self._looked - 1] if self.heard else None
        assert isinstance(last, cls), f"no {cls.__name__}; heard {self.heard}"
        return last

    def hang(self) -> None:
        """Beat no more."""
        self._beating.cancel()

    async def until_closed(self) -> None:
        """Until the guardian closes the link."""
        async with asyncio.timeout(WITHIN), self._news:
            await self._news.wait_for(lambda: self.closed)

    async def leave(self) -> None:
        """Die."""
        self._beating.cancel()
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
        await self._reading

    async def _beat(self) -> None:
        while True:
            self.say(Heartbeat())
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            await asyncio.wait((waiting,), timeout=1.0)

    async def _read(self) -> None:
        with suppress(OSError):
            while data := await self._reader.read(65536):
                for kind, body in self._link.feed(data):
                    async with self._news:
                        self.heard.append(read_to_desk(kind, body))
                        self._news.notify_all()
        async with self._news:
            self.closed = True
            self._news.notify_all()


async def meet(path: Path) -> ScriptedDesk:
    """Connect to a guardian's socket."""
    return ScriptedDesk(*await asyncio.open_unix_connection(str(path)))


@asynccontextmanager
async def scripted_desk(guardian: GuardianProcess, ready: DeskReady = READY) -> AsyncIterator[ScriptedDesk]:
    """A desk that is this test, introduced."""
    desk = await meet(guardian.host.files.socket(HostConfig()))
    desk.say(ready)
    try:
        yield desk
    finally:
        await desk.leave()


@asynccontextmanager
async def running_desk(guardian: GuardianProcess, screen: XScreen, *words: str) -> AsyncIterator[Process]:
    """The real desk on this screen. The guardian's log or the screen tell when it is there."""
    with (guardian.host.files.state.parent / "desk.err").open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "host_client.cli", "desk", "--state", str(guardian.host.files.state), *words),
            stdin=DEVNULL,
            stdout=errors,
            stderr=errors,
            env=screen.environment(),
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), WITHIN)
