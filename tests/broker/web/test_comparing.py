"""What the broker's core asks of logs is answered from its database; what the disk refuses is said, and is no yes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError

from audit.checkpoint import Checkpoint, origin_of, signed_note
from audit.entry import At
from audit.events import broker as log
from audit.heads import Held
from audit.log import Side
from audit.questions import Raised
from broker.core.commands import (
    AddUnclosed,
    Compared,
    Disagrees,
    FindHead,
    FindHeld,
    FindUnclosed,
    HoldHead,
    KeepDoubt,
    MarkClosed,
    WasRaised,
)
from broker.storage.evidence import Evidence
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.store import Store
from broker.web.comparing import Comparing
from policy.decision import Deny, Reason
from policy.instant import Instant
from trust.signatures import Ed25519Signer
from wire.messages.evidence import Doubt, Head

BROKER, HOST = Ed25519Signer(b"b" * 32), Ed25519Signer(b"h" * 32)
FOUND, TOLD = Raised("h-1", Doubt.FORKED, "held", "given", told=False), Raised("h-2", Doubt.ROLLED_BACK, "held", "given", told=True)


@dataclass
class Scene:
    """One broker's answers."""

    store: Store
    log: AuditLog

    def __post_init__(self) -> None:
        self.comparing = Comparing(self.store.evidence, self.log, "b-1", BROKER.public_key, lambda: Instant(1_790_000_000, 1))

    async def ask(self, command: Compared) -> object:
        return await self.comparing.perform(command)


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    made = AuditLog(store.database, lambda: At(1_790_000_000_000, 1, clock_suspect=False), BROKER)
    await made.record(log.BrokerStarted(broker_id="b-1", version="1"))
    yield Scene(store, made)
    await store.close()


def held(size: int, signer: Ed25519Signer = HOST, side: Side = Side.HOST, log_id: str = "l-1") -> Held:
    checkpoint = Checkpoint(origin_of(side, log_id), size, bytes(32))
    return Held(checkpoint, signed_note(checkpoint, signer.public_key, signer.sign_note))


async def test_heads_and_visits_are_held_and_found(scene: Scene) -> None:
    assert (await scene.ask(FindHeld("h-1")), await scene.ask(FindUnclosed("h-1"))) == (None, ())
    for command in (HoldHead("h-1", held(7)), AddUnclosed("s-1", "h-1"), AddUnclosed("s-2", "h-1"), MarkClosed("s-1")):
        assert await scene.ask(command) is True
    assert (await scene.ask(FindHeld("h-1")), await scene.ask(FindUnclosed("h-1"))) == (held(7), ("s-2",))
    assert await scene.ask(FindUnclosed("h-2")) == ()


async def test_doubts_are_kept_and_said_aloud(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    for raised, words in ((FOUND, "the log of h-1"), (TOLD, "h-2 says that our log")):
        assert await scene.ask(WasRaised(raised)) is False
        assert await scene.ask(KeepDoubt(raised)) is True
        assert f"ALARM: {words} does not fit" in caplog.text
        assert await scene.ask(WasRaised(raised)) is True


async def test_the_own_log_is_shown_and_one_that_cannot_be_is_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    head = await scene.ask(FindHead(0, ""))
    assert isinstance(head, Head)
    assert await scene.ask(FindHead(0, "s-1")) is None, "that visit is not over"

    async def unavailable(*_arguments: object) -> None:
        raise LogUnavailable("disk full")

    monkeypatch.setattr(AuditLog, "head", unavailable)
    assert await scene.ask(FindHead(0, "")) == Deny(Reason.LOG_UNAVAILABLE)
    assert await scene.ask(Disagrees(head.note)) is False, "a log that cannot be shown lets nobody in by itself"

    async def late(*_arguments: object) -> bool:
        return False

    monkeypatch.setattr(AuditLog, "flush", late)
    assert await scene.ask(FindHead(0, "")) == Deny(Reason.LOG_UNAVAILABLE)


async def test_a_host_is_right_about_the_own_log_only_with_a_note_that_this_broker_signed_and_that_does_not_fit(scene: Scene) -> None:
    head = await scene.ask(FindHead(0, ""))
    assert isinstance(head, Head)
    assert await scene.ask(Disagrees(head.note)) is False, "it fits"
    assert await scene.ask(Disagrees("no note")) is False
    assert await scene.ask(Disagrees(held(1, HOST, Side.BROKER).note)) is False, "anybody can sign with another key"
    log_id = head.note.split("\n", 1)[0].rsplit("/", 1)[1]
    forked = held(1, BROKER, Side.BROKER, log_id).note
    assert await scene.ask(Disagrees(forked)) is True
    await scene.store.evidence.add_doubt("b-1", Doubt.OWN_LOG, forked, "", 1.0)
    await scene.store.evidence.acknowledge("b-1", "Kim", "restored", 2.0)
    assert await scene.ask(Disagrees(forked)) is False, "a named person knows"


async def test_what_cannot_be_stored_is_answered_with_no(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(*_arguments: object) -> None:
        raise OperationalError("", {}, Exception("disk full"))

    for name in ("hold", "add_unclosed", "closed", "add_doubt"):
        monkeypatch.setattr(Evidence, name, full)
    for command in (HoldHead("h-1", held(7)), AddUnclosed("s-1", "h-1"), MarkClosed("s-1"), KeepDoubt(FOUND)):
        assert await scene.ask(command) is False
    assert caplog.text.count("could not be stored (OperationalError)") == 4
