"""A proof of one entry: what it shows with nothing but the key, and that nothing else is shown by a changed one."""

import json

import pytest

from audit.events import broker
from audit.log import Row, Side, leaf_of
from audit.merkle import inclusion_proof
from audit.proof import Proof, ProofWrong, Shown, check_proof_text, encode_proof
from tests.helpers.two_logs import BROKER_KEY, HOST_KEY, VERIFIES, MemoryBook

EVENTS = [broker.SignedIn(technician_id=f"t-{number}", address="\u2014") for number in range(5)]


def made() -> tuple[MemoryBook, str]:
    book = MemoryBook(Side.BROKER)
    book.write(*EVENTS)
    return book, proof_of(book, book.rows[2])


def proof_of(book: MemoryBook, row: Row) -> str:
    path = inclusion_proof(row.index - 1, 5, book.read)
    return encode_proof(Proof(row.index, row.salt, row.entry, path, book.note()))


def shown(text: str) -> Shown:
    return check_proof_text(text.encode(), BROKER_KEY.public_key, VERIFIES)


def test_the_entry_is_shown_with_its_place_and_its_log() -> None:
    found = shown(made()[1] + "\n")
    assert (found.index, found.entry.event, found.checkpoint.origin, found.checkpoint.size) == (
        3,
        EVENTS[2],
        "chaperone/broker/l-broker",
        5,
    )


def test_another_key_shows_nothing() -> None:
    with pytest.raises(ProofWrong, match="the checkpoint does not count: signed with another key"):
        check_proof_text(made()[1].encode(), HOST_KEY.public_key, VERIFIES)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("index", 4, "entry 4 does not stand"),
        ("index", 9, "entry 9 does not stand"),
        ("entry", "{}", "entry 3 does not stand"),
        ("salt", "A" * 43, "entry 3 does not stand"),
        ("path", [], "entry 3 does not stand"),
        ("checkpoint", "nonsense", "not in the form"),
        ("form", "chaperone proof 2", "of this form"),
        ("index", 0, "no proof"),
        ("more", 1, "no proof"),
    ],
)
def test_whatever_is_changed_it_shows_nothing(field: str, value: object, why: str) -> None:
    body = {**json.loads(made()[1]), field: value}
    with pytest.raises(ProofWrong, match=why):
        shown(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def test_bytes_that_are_in_the_log_and_are_no_entry() -> None:

    book, _ = made()
    salt = b"s" * 32
    book.kept[:] = [leaf_of(salt, b"nonsense")]
    book.rows[:] = [Row(1, salt, b"nonsense", book.kept[0], b"")]
    with pytest.raises(ProofWrong, match="entry 1 is no entry"):
        shown(encode_proof(Proof(1, salt, b"nonsense", (), book.note())))


def test_what_is_no_json_is_no_proof() -> None:
    with pytest.raises(ProofWrong, match="no proof"):
        check_proof_text(b"\xff", BROKER_KEY.public_key, VERIFIES)
