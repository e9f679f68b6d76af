"""What one side believes of the other's log: the first head, every longer one, and nothing that does not continue it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from audit.checkpoint import Checkpoint, origin_of, signed_note
from audit.entry import At, encode_entry
from audit.events import broker, visit
from audit.events.shape import Event
from audit.heads import Doubted, Held, check_end, follow, open_entry
from audit.log import Side, leaf_of
from audit.merkle import EMPTY_ROOT, appended, consistency_proof, inclusion_proof, root_of
from policy.session import EndCause
from trust.signatures import Ed25519Signer, ed25519_verifies
from wire.messages.evidence import Doubt, EntryProof, Head

SIGNER, OTHER = Ed25519Signer(b"\1" * 32), Ed25519Signer(b"\2" * 32)
NOON, SALT = At(1_777_896_000_000, 5_000, clock_suspect=False), b"s" * 32
END = visit.SessionEnded(session_id="s-1", by="h-1", cause=EndCause.HOST_ENDED, said_at=1)
SIGNED_IN = broker.SignedIn(technician_id="t-ana", address="::1")
STORY: tuple[Event, ...] = (SIGNED_IN, SIGNED_IN, SIGNED_IN, END, SIGNED_IN)


class Log:
    """A log of these events: what its side would show."""

    def __init__(self, story: Sequence[Event], log_id: str = "l-1", side: Side = Side.HOST) -> None:
        self.origin, self.entries, self.kept = origin_of(side, log_id), [encode_entry(each, NOON) for each in story], list[bytes]()
        for size, entry in enumerate(self.entries):
            self.kept += appended(size, leaf_of(SALT, entry), self.read)

    def read(self, positions: Sequence[int]) -> list[bytes]:
        return [self.kept[each] for each in positions]

    def at(self, size: int) -> Checkpoint:
        return Checkpoint(self.origin, size, root_of(size, self.read))

    def head(self, since: int, size: int, signer: Ed25519Signer = SIGNER) -> Head:
        proof = consistency_proof(since, size, self.read) if since <= size else ()
        return Head(signed_note(self.at(size), signer.public_key, signer.sign_note), proof, "", None)

    def proof(self, index: int, size: int) -> EntryProof:
        return EntryProof(index, SALT, self.entries[index - 1], inclusion_proof(index - 1, size, self.read))


LOG = Log(STORY)


def believed(held: Held | None, head: Head) -> Held:
    return follow(held, head, Side.HOST, SIGNER.public_key, ed25519_verifies)


def doubt(held: Held | None, head: Head) -> tuple[Doubt, Checkpoint | None]:
    with pytest.raises(Doubted) as doubted:
        believed(held, head)
    return doubted.value.doubt, doubted.value.given


def test_the_first_head_is_believed_and_each_one_that_continues_it() -> None:
    first = believed(None, LOG.head(0, 2))
    assert (first.checkpoint, first.log_id, first.note) == (LOG.at(2), "l-1", LOG.head(0, 2).note)
    again = believed(first, LOG.head(2, 2))
    assert believed(again, LOG.head(2, 5)).checkpoint == LOG.at(5)


def test_every_log_continues_one_that_was_empty() -> None:
    empty = Held(Checkpoint("chaperone/host/l-1", 0, EMPTY_ROOT), "note")
    assert believed(empty, LOG.head(0, 3)).checkpoint.size == 3


def test_another_key_is_no_word_of_that_side() -> None:
    assert doubt(None, LOG.head(0, 2, OTHER)) == (Doubt.NOT_SIGNED, None)
    assert doubt(None, replace(LOG.head(0, 2), note="nonsense")) == (Doubt.NOT_SIGNED, None)


def test_a_log_of_the_other_side_or_one_begun_anew_is_another_log() -> None:
    brokers = Log(STORY, side=Side.BROKER)
    assert doubt(None, brokers.head(0, 2)) == (Doubt.OTHER_LOG, brokers.at(2))
    anew = Log(STORY, log_id="l-2")
    assert doubt(believed(None, LOG.head(0, 2)), anew.head(2, 3)) == (Doubt.OTHER_LOG, anew.at(3))


def test_a_shorter_log_was_rolled_back() -> None:
    assert doubt(believed(None, LOG.head(0, 4)), LOG.head(4, 3)) == (Doubt.ROLLED_BACK, LOG.at(3))


def test_a_log_that_was_rewritten_forked() -> None:
    other = Log((SIGNED_IN, END, *STORY[2:]))
    assert doubt(believed(None, LOG.head(0, 3)), other.head(3, 5)) == (Doubt.FORKED, other.at(5))
    assert doubt(believed(None, LOG.head(0, 3)), other.head(3, 3)) == (Doubt.FORKED, other.at(3))
    assert doubt(believed(None, LOG.head(0, 3)), replace(LOG.head(3, 5), consistency=())) == (Doubt.FORKED, LOG.at(5))


def test_the_end_of_a_visit_is_shown_by_its_entry() -> None:
    assert check_end(LOG.at(5), "s-1", LOG.proof(4, 5)).event == END


@pytest.mark.parametrize(
    ("session_id", "proof"),
    [
        ("s-1", None),
        ("s-2", LOG.proof(4, 5)),
        ("s-1", LOG.proof(3, 5)),
        ("s-1", LOG.proof(4, 4)),
        ("s-1", replace(LOG.proof(4, 5), index=5)),
        ("s-1", replace(LOG.proof(4, 5), salt=b"t" * 32)),
        ("s-1", replace(LOG.proof(4, 5), salt=b"short")),
        ("s-1", replace(LOG.proof(4, 5), entry=encode_entry(replace(END, by="h-2"), NOON))),
    ],
)
def test_nothing_else_shows_it(session_id: str, proof: EntryProof | None) -> None:
    with pytest.raises(Doubted) as doubted:
        check_end(LOG.at(5), session_id, proof)
    assert (doubted.value.doubt, doubted.value.given) == (Doubt.END_NOT_SHOWN, LOG.at(5))


def test_an_entry_that_is_in_the_tree_and_is_none_is_no_entry() -> None:
    leaf = leaf_of(SALT, b"nonsense")
    with pytest.raises(Doubted):
        open_entry(Checkpoint("chaperone/host/l-1", 1, leaf), EntryProof(1, SALT, b"nonsense", ()))
