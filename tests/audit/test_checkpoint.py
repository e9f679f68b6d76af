"""The signed note: its exact form, whose key counts, and that nothing else opens."""

from base64 import b64decode, b64encode

import pytest

from audit.checkpoint import NOTE_MAX, SIZE_MAX, Checkpoint, NoteInvalid, key_id, open_note, origin_of, said_by, signature_of, signed_note
from audit.log import Side
from audit.merkle import EMPTY_ROOT
from trust.signatures import Ed25519Signer, ed25519_verifies

SIGNER, OTHER = Ed25519Signer(b"\1" * 32), Ed25519Signer(b"\2" * 32)
AT_FOUR = Checkpoint("chaperone/host/l-1", 4, bytes(range(32)))


def note(checkpoint: Checkpoint = AT_FOUR, signer: Ed25519Signer = SIGNER) -> str:
    return signed_note(checkpoint, signer.public_key, signer.sign_note)


def opened(text: str, signer: Ed25519Signer = SIGNER) -> Checkpoint:
    return open_note(text, signer.public_key, ed25519_verifies)


def test_a_note_is_written_as_the_specification_has_it() -> None:
    lines = note().split("\n")
    assert lines[:4] == ["chaperone/host/l-1", "4", b64encode(AT_FOUR.root).decode(), ""]
    dash, name, signature = lines[4].split(" ")
    assert (dash, name, lines[5:]) == ("—", "chaperone/host/l-1", [""])
    assert b64decode(signature)[:4] == key_id("chaperone/host/l-1", SIGNER.public_key)
    assert b64decode(signature)[4:] == SIGNER.sign_note(AT_FOUR.text.encode())


def test_the_key_id_is_that_of_the_specification() -> None:
    # C2SP signed-note has this example key: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
    public = b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    assert key_id("PeterNeumann", public).hex() == "c74f20a3"


def test_what_was_signed_is_read_back() -> None:
    assert opened(note()) == AT_FOUR == said_by(note())
    empty = Checkpoint(origin_of(Side.BROKER, "l-b"), 0, EMPTY_ROOT)
    assert opened(note(empty)) == empty


def test_another_key_opens_nothing() -> None:
    with pytest.raises(NoteInvalid, match="another key"):
        opened(note(), OTHER)
    line = note().split(" ")
    # The other key's id in front of this key's signature, and the other way round.
    forged = b64encode(key_id(AT_FOUR.origin, OTHER.public_key) + b64decode(line[-1])[4:]).decode()
    with pytest.raises(NoteInvalid, match="wrong signature"):
        opened(" ".join([*line[:-1], forged + "\n"]), OTHER)


def test_a_key_of_another_name_does_not_sign_for_this_log() -> None:
    with pytest.raises(NoteInvalid, match="another key"):
        opened(note().replace("— chaperone/host/l-1 ", "— chaperone/host/l-2 "))


@pytest.mark.parametrize(("old", "new"), [("\n4\n", "\n5\n"), ("host/l-1\n4", "host/l-2\n4"), ("AAEC", "AAED")])
def test_every_word_of_it_is_signed(old: str, new: str) -> None:
    changed = note().replace(old, new, 1)
    assert changed != note()
    with pytest.raises(NoteInvalid):
        opened(changed)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        note()[:-1],
        note() + "\n",
        note().replace("\n4\n", "\n04\n"),
        note().replace("\n4\n", f"\n{SIZE_MAX + 1}\n"),
        note().replace("\n4\n", "\n-4\n"),
        note().replace("\n4\n", "\n4\n", 1).replace("\n\n—", "\nmore\n\n—"),
        note() + note().split("\n\n")[1],
        note().replace("chaperone/host", "chaperone/console"),
        note().replace("—", "-"),
        note().replace("l-1", "l 1"),
        note().replace("l-1", "l+1"),
        note().replace("l-1", "l" * NOTE_MAX),
        # A root whose last character has bits to spare, and base64 that is none.
        note().replace(b64encode(AT_FOUR.root).decode(), b64encode(AT_FOUR.root).decode()[:-2] + "9="),
        note().replace(b64encode(AT_FOUR.root).decode(), "====" + b64encode(AT_FOUR.root).decode()[4:]),
    ],
)
def test_a_note_in_any_other_form_is_refused(wrong: str) -> None:
    with pytest.raises(NoteInvalid):
        said_by(wrong)


def test_a_signature_can_be_taken_from_a_note_and_is_not_believed_for_that() -> None:
    assert ed25519_verifies(SIGNER.public_key, signature_of(note()), AT_FOUR.text.encode())
    with pytest.raises(NoteInvalid):
        signature_of("no note")
