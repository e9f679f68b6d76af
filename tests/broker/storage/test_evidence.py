"""What hosts showed, what they have not closed, and doubts: kept until a named person has seen them."""

from pathlib import Path

from audit.checkpoint import Checkpoint, origin_of, signed_note
from audit.heads import Held
from audit.log import Side
from broker.storage.evidence import DoubtRow
from broker.storage.store import Store
from tests.helpers.store_contract import KEY
from wire.messages.evidence import Doubt


def held(size: int) -> Held:
    checkpoint = Checkpoint(origin_of(Side.HOST, "l-one"), size, bytes([size]) * 32)
    return Held(checkpoint, signed_note(checkpoint, KEY.public_key, KEY.sign_note))


async def test_the_newest_head_of_each_host_is_held(tmp_path: Path) -> None:
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    assert await store.evidence.held("h-one") is None
    await store.evidence.hold("h-one", held(1))
    await store.evidence.hold("h-one", held(2))
    await store.evidence.hold("h-two", held(3))
    assert await store.evidence.held("h-one") == held(2)
    assert await store.evidence.held("h-two") == held(3)
    await store.close()


async def test_a_visit_is_unclosed_until_its_end_was_shown(tmp_path: Path) -> None:
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    for session in ("s-b", "s-a", "s-b"):
        await store.evidence.add_unclosed(session, "h-one")
    await store.evidence.add_unclosed("s-c", "h-two")
    assert await store.evidence.unclosed("h-one") == ("s-a", "s-b")
    await store.evidence.closed("s-a")
    assert await store.evidence.unclosed("h-one") == ("s-b",)
    assert await store.evidence.unclosed("h-two") == ("s-c",)
    await store.close()


async def test_a_doubt_waits_for_a_person_and_what_was_held_goes_with_it(tmp_path: Path) -> None:
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    evidence = store.evidence
    await evidence.hold("h-one", held(2))
    assert await evidence.add_doubt("h-one", Doubt.FORKED, "held", "given", 5.0)
    assert not await evidence.add_doubt("h-one", Doubt.FORKED, "held", "given", 6.0), "the same one again says nothing new"
    assert await evidence.add_doubt("h-two", Doubt.ROLLED_BACK, "", "", 7.0)
    one = DoubtRow(1, "h-one", Doubt.FORKED, "held", "given", 5.0)
    two = DoubtRow(2, "h-two", Doubt.ROLLED_BACK, "", "", 7.0)
    assert await evidence.doubts() == (one, two)
    assert await evidence.acknowledge("h-one", "Mia", "restored after a disk failure", 8.0) == 1
    assert await evidence.doubts() == (two,)
    assert await evidence.held("h-one") is None
    assert await evidence.acknowledge("h-one", "Mia", "again", 9.0) == 0
    assert await evidence.add_doubt("h-one", Doubt.FORKED, "held", "given", 10.0), "it can come again"
    await store.close()
