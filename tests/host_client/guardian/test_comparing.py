"""What the core asks of logs is answered from the disk; what the disk refuses is said, and stops nothing that should stop."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from audit.checkpoint import Checkpoint, signed_note
from audit.events import host
from audit.heads import Held
from audit.questions import Raised
from host_client.core.commands import AddUnclosed, Compared, FindHead, FindHeld, FindUnclosed, HoldHead, KeepDoubt, MarkClosed, WasTold
from host_client.guardian.comparing import Comparing, standing
from host_client.guardian.evidence import Evidence, read_evidence
from host_client.guardian.logbook import Logbook
from policy.decision import Deny, Reason
from tests.helpers.plain_log import PlainLog
from tests.helpers.playbook import NOON
from trust.signatures import Ed25519Signer
from wire.messages.evidence import Doubt

SIGNER = Ed25519Signer(b"b" * 32)
STARTED = host.HostStarted(host_id="h-1", version="1")
TOLD, FOUND = Raised("b-1", Doubt.FORKED, "held", "ours", told=True), Raised("b-1", Doubt.FORKED, "held", "theirs", told=False)


def held(size: int) -> Held:
    checkpoint = Checkpoint("chaperone/broker/l-1", size, bytes(32))
    return Held(checkpoint, signed_note(checkpoint, SIGNER.public_key, SIGNER.sign_note))


@dataclass
class Scene:
    """One host's answers, on disks that the test breaks."""

    evidence: Evidence
    disk: PlainLog = field(default_factory=PlainLog)

    def __post_init__(self) -> None:
        self.book = Logbook(self.disk, lambda: NOON, patience=0.2)
        self.comparing = Comparing(self.book, self.evidence, lambda: NOON)

    async def ask(self, command: Compared) -> object:
        return await self.comparing.perform(command)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(read_evidence(tmp_path / "evidence.json"))


async def test_heads_and_visits_are_held_and_found(scene: Scene) -> None:
    assert (await scene.ask(FindHeld()), await scene.ask(FindUnclosed())) == (None, ())
    for command in (HoldHead(held(7)), AddUnclosed("s-1"), AddUnclosed("s-2"), MarkClosed("s-1")):
        assert await scene.ask(command) is True
    assert (await scene.ask(FindHeld()), await scene.ask(FindUnclosed())) == (held(7), ("s-2",))


async def test_doubts_are_kept_said_aloud_and_stand_after_a_start(scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert await scene.ask(WasTold(TOLD)) is False
    for raised, words in ((TOLD, "b-1 says that our log"), (FOUND, "the log of b-1")):
        assert await scene.ask(KeepDoubt(raised)) is True
        assert f"ALARM: {words} does not fit" in caplog.text
    assert await scene.ask(WasTold(TOLD)) is True
    assert set(standing(read_evidence(tmp_path / "evidence.json"))) == {TOLD, FOUND}


async def test_what_cannot_be_stored_is_answered_with_no(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("host_client.guardian.evidence.write_private", full)
    for command in (HoldHead(held(7)), AddUnclosed("s-1"), KeepDoubt(FOUND)):
        assert await scene.ask(command) is False
    assert "could not be stored (No space left on device)" in caplog.text


async def test_an_end_that_is_late_is_written_before_the_log_is_shown(scene: Scene) -> None:
    scene.disk.works = False
    await scene.book.note(STARTED)
    assert await scene.ask(FindHead(0, "s-1")) == Deny(Reason.LOG_UNAVAILABLE)
    scene.disk.works = True
    assert not isinstance(await scene.ask(FindHead(0, "s-1")), Deny)
    assert STARTED in scene.disk.rows
    scene.disk.works = False
    assert await scene.ask(FindHead(0, "")) == Deny(Reason.LOG_UNAVAILABLE), "it cannot be shown now"
