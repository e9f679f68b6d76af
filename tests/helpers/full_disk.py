"""A host's log on a disk of its own that is filled, closed and opened again. Run by `test_case_42` in a mount namespace; says what it saw.

python -m tests.helpers.full_disk FOLDER        FOLDER is the mounted disk
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from audit.entry import at, decode_entry
from audit.events import host
from audit.events.shape import Event, name_of
from audit.events.visit import FrameRefused
from audit.log import Side
from host_client.guardian.log_watch import LogWatch
from host_client.guardian.logbook import Logbook
from policy.decision import Reason
from policy.instant import Instant
from runtime.file_log import FileLog, LogUnavailable, Notary, percent_free
from runtime.log_lines import stored_log
from runtime.log_opening import open_log
from tests.helpers.playbook import NOON
from trust.signatures import Ed25519Signer, ed25519_verifies
from wire.limits import LOG_GRACE_SECONDS

SIGNER = Ed25519Signer(b"h" * 32)
NOTARY = Notary(SIGNER.public_key, SIGNER.sign_note, ed25519_verifies)
SEGMENT_BYTES = 8 * 1024
WIDENING = host.HelpPressed(account="lab", login_session="c1")
NARROWING = FrameRefused(subject="s-1", reason=Reason.MALFORMED, what="")


class Scene:
    """A log on this disk, its logbook and its watch, with a visit."""

    def __init__(self, disk: Path, saw: dict[str, object]) -> None:
        self.disk, self.saw, self.now, self.ended = disk, saw, NOON, 0
        self.log = self.opened()
        self.book = Logbook(self.log, lambda: self.now)
        self.watch = LogWatch(self.book, lambda: self.now, lambda: self.ended == 0, self.failing)

    def opened(self) -> FileLog:
        return open_log(self.disk / "log", Side.HOST, at(NOON), NOTARY, segment_bytes=SEGMENT_BYTES)

    async def failing(self) -> None:
        self.ended += 1
        await self.book.note(NARROWING)

    async def look(self, seconds: float) -> None:
        self.now = Instant(self.now.utc + seconds, self.now.boot + seconds)
        await self.watch.look()

    def fill(self, name: str, until: int) -> None:
        """Until so many percent are free, or nothing."""
        with (self.disk / name).open("wb", buffering=0) as file:
            try:
                while percent_free(self.disk) > until:
                    file.write(bytes(4096))
                while until == 0:
                    file.write(bytes(1))
            except OSError as fault:
                self.saw["fault"] = fault.strerror

    async def up_to_the_brim(self) -> None:
        """The newest file may have room left inside its last page."""
        while await self.book.record((WIDENING,)):
            pass

    async def outage(self, name: str) -> None:
        """What a log that cannot be written means, from a widening to the end of the visit, however it came about."""
        self.ended = 0
        self.saw[f"{name}: widened"] = await self.book.record((WIDENING,))
        await self.look(LOG_GRACE_SECONDS / 2)
        self.saw[f"{name}: ended early"] = self.ended
        await self.look(LOG_GRACE_SECONDS)
        self.saw[f"{name}: ended"] = self.ended
        self.saw[f"{name}: late"] = self.book.late

    async def recovered(self, name: str) -> None:
        """It resumes by itself."""
        await self.look(2)
        self.saw[f"{name}: failing after"] = self.book.failing_since is not None
        self.saw[f"{name}: widened after"] = await self.book.record((WIDENING,))


async def run(disk: Path) -> dict[str, object]:
    """Everything in turn."""
    scene = Scene(disk, {})
    await scene.book.record((WIDENING,))
    await scene.look(2)
    scene.fill("most", until=15)
    for _ in range(15):
        await scene.look(2)
    scene.fill("rest", until=0)
    await scene.up_to_the_brim()
    await scene.outage("full")
    for name in ("most", "rest"):
        (disk / name).unlink()
    await scene.recovered("full")

    scene.log.close()
    remounted(scene, "ro")
    try:
        scene.opened()
    except LogUnavailable as fault:
        scene.saw["read-only"] = str(fault)
    remounted(scene, "rw")
    scene = Scene(disk, scene.saw)

    await use_up_the_inodes(scene)
    await scene.outage("no inode")
    for path in (disk / "many").iterdir():
        path.unlink()
    await scene.recovered("no inode")
    scene.log.close()
    with scene.opened() as log:
        scene.saw["doubt"] = log.doubt
        scene.saw["entries"] = [name_of(event) for event in events_of(disk / "log")]
    return scene.saw


def remounted(scene: Scene, how: str) -> None:
    """No writer may be left: the kernel closes a disk to nobody who has it open."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(scene.disk)], check=True)


async def use_up_the_inodes(scene: Scene) -> None:
    """No file can be made any more; rows still fit into the newest one until it is long enough."""
    (scene.disk / "many").mkdir()
    try:
        for number in range(10_000):
            (scene.disk / "many" / str(number)).touch()
    except OSError as fault:
        scene.saw["no inode: fault"] = fault.strerror
    await scene.up_to_the_brim()


def events_of(folder: Path) -> list[Event]:
    """Every event of this log, in order."""
    return [decode_entry(row.entry).event for row in stored_log(folder).rows()]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(run(Path(sys.argv[1])))))
