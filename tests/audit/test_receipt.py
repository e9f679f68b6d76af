"""A receipt that nobody touched has no finding; whatever is changed, exchanged or left out is named."""

from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.events import host, visit
from audit.events.files import FileDone
from audit.log import Side
from audit.receipt import ReceiptFault, ReceiptFinding
from audit.receipt_form import DeviceParty, ProvenEntry, Receipt, ReceiptFile, SignedReceipt, encode_receipt
from host_client.core.events import SessionClosed
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import HOST, SESSION, TECHNICIAN
from tests.helpers.host_transfer import Transfer
from tests.helpers.receipts import Tree, VisitMade, burnt_visit, check, exchanged, made_of, online, whole_visit
from trust.signatures import Ed25519Signer
from wire.messages.ledger import Answer, Ended
from wire.statements import Algorithm, Label

VISIT = whole_visit()
SIGNED = VISIT.signed()
DATA = encode_receipt(SIGNED)
HOST_KEY, BROKER_KEY = VISIT.stage.key.public_key, VISIT.stage.broker.public_key
STRANGER = Ed25519Signer(b"x" * 32)
F = ReceiptFault


def found(signed: SignedReceipt) -> list[tuple[ReceiptFault, int]]:
    return [(each.fault, each.index) for each in check(encode_receipt(signed), HOST_KEY, BROKER_KEY)]


def faults(signed: SignedReceipt) -> set[ReceiptFault]:
    return {fault for fault, _ in found(signed)}


def altered(number: int, **changed: object) -> tuple[ProvenEntry, ...]:
    entries = list(SIGNED.receipt.entries)
    entries[number] = replace(entries[number], **cast(Any, changed))
    return tuple(entries)


@pytest.mark.parametrize("host_key", [None, HOST_KEY])
@pytest.mark.parametrize("broker_key", [None, BROKER_KEY])
def test_an_honest_receipt_has_no_finding_with_either_key(host_key: bytes | None, broker_key: bytes | None) -> None:
    assert check(DATA, host_key, broker_key) == ()


def test_a_visit_whose_code_was_wrong_has_a_short_receipt() -> None:
    burnt = burnt_visit()
    assert check(encode_receipt(burnt.signed()), HOST_KEY, BROKER_KEY) == ()


def test_a_visit_that_the_host_ended_or_that_nobody_signed_is_whole_too() -> None:
    stage = online()
    stage.sealed()
    stage.give(SessionClosed(SESSION))
    assert check(encode_receipt(made_of(stage).signed()), HOST_KEY, BROKER_KEY) == ()


@settings(deadline=None)
@given(place=st.integers(0, len(DATA) - 1), flip=st.integers(1, 255))
def test_any_one_byte_that_is_changed_is_found(place: int, flip: int) -> None:
    changed = bytearray(DATA)
    changed[place] ^= flip
    assert check(bytes(changed))


@settings(deadline=None)
@given(start=st.integers(0, len(DATA) - 1), count=st.integers(1, 400))
def test_anything_that_is_cut_out_is_found(start: int, count: int) -> None:
    assert check(DATA[:start] + DATA[start + count :])


def test_bytes_that_are_no_receipt_are_named_as_such() -> None:
    assert check(b"{}") == (ReceiptFinding(F.UNREADABLE),)


# ---- keys and signatures


def test_a_key_that_does_not_stand_in_it_is_named() -> None:
    assert check(DATA, STRANGER.public_key, None) == (ReceiptFinding(F.OTHER_HOST_KEY),)
    assert check(DATA, None, STRANGER.public_key) == (ReceiptFinding(F.OTHER_BROKER_KEY),)


@pytest.mark.parametrize("side", ["host", "broker"])
def test_each_signature_is_over_this_receipt_by_its_key_for_its_purpose(side: str) -> None:
    fault = {"host": F.NOT_SIGNED_BY_HOST, "broker": F.NOT_SIGNED_BY_BROKER}[side]
    label = {"host": Label.RECEIPT_HOST, "broker": Label.RECEIPT_BROKER}[side]
    signer = {"host": VISIT.stage.key, "broker": VISIT.stage.broker}[side]
    other = VISIT.signed(made_at=1)
    own = getattr(SIGNED, side)
    for statement in (
        getattr(other, side),
        replace(own, sig=bytes(64)),
        replace(own, label=Label.ANSWERED),
        replace(own, alg=Algorithm.P256),
        signer.sign(Label.CALL_WANTED, other.receipt.host),
        signer.sign_payload(label, b"{}"),
        STRANGER.sign_payload(label, own.payload),
    ):
        assert found(replace(SIGNED, **cast(Any, {side: statement}))) == [(fault, 0)]


def test_a_receipt_that_the_broker_has_not_signed_yet_says_so() -> None:
    assert found(replace(SIGNED, broker=None)) == [(F.NOT_SIGNED_BY_BROKER, 0)]


def test_whoever_signs_anew_what_another_key_should_have_signed_is_found() -> None:
    forger = replace(VISIT, stage=replace_keys(STRANGER))
    assert F.OTHER_HOST_KEY in faults(forger.signed())
    assert check(encode_receipt(forger.signed())) != ()


def replace_keys(signer: Ed25519Signer) -> Any:
    stage = online()
    stage.key = stage.broker = signer
    return stage


# ---- entries


@pytest.mark.parametrize("changed", [{"index": 1}, {"salt": bytes(32)}, {"path": ()}, {"entry": '{"at":{}}'}, {"entry": "é"}])
def test_an_entry_that_was_touched_is_named(changed: dict[str, object]) -> None:
    signed = VISIT.sign(VISIT.receipt(entries=altered(3, **changed)))
    index = cast(int, changed.get("index", SIGNED.receipt.entries[3].index))
    assert (F.ENTRY_NOT_PROVEN, index) in found(signed)
    assert ((F.ENTRY_UNREADABLE, index) in found(signed)) == ("entry" in changed)


@pytest.mark.parametrize("note", ["", "x", SIGNED.receipt.broker_checkpoint])
def test_a_checkpoint_of_another_is_none(note: str) -> None:
    assert (F.HOST_CHECKPOINT, 0) in found(VISIT.signed(checkpoint=note))


@pytest.mark.parametrize("note", ["", "x", SIGNED.receipt.checkpoint])
def test_a_checkpoint_of_the_brokers_is_the_brokers(note: str) -> None:
    assert (F.BROKER_CHECKPOINT, 0) in found(VISIT.signed(broker_checkpoint=note))


def test_a_checkpoint_that_the_right_key_signed_for_the_other_side_is_none() -> None:
    other = Tree(Side.BROKER, VISIT.stage.key)
    other.entries, other.kept = VISIT.host.entries, VISIT.host.kept
    assert (F.HOST_CHECKPOINT, 0) in found(VISIT.signed(checkpoint=other.note()))


def test_entries_stand_once_and_in_order() -> None:
    entries = SIGNED.receipt.entries
    swapped = (*entries[:5], entries[6], entries[5], *entries[7:])
    assert (F.OUT_OF_ORDER, entries[5].index) in found(VISIT.signed(entries=swapped))
    assert (F.OUT_OF_ORDER, entries[5].index) in found(VISIT.signed(entries=(*entries[:6], *entries[5:])))


@pytest.mark.parametrize("missing", [host.SessionOffered, visit.SessionEnded])
def test_beginning_and_end_are_in_it(missing: type) -> None:
    kept = tuple(each for each in SIGNED.receipt.entries if not isinstance(VISIT.event(each.index), missing))
    assert (F.INCOMPLETE, 0) in found(VISIT.signed(entries=kept))


def test_an_answer_whose_request_is_missing_is_named() -> None:
    kept = tuple(each for each in SIGNED.receipt.entries if not isinstance(VISIT.event(each.index), visit.Asked))
    assert (F.REQUEST_MISSING, VISIT.index_of(visit.Answered)) in found(VISIT.signed(entries=kept))


def test_an_entry_of_something_else_does_not_belong() -> None:
    first = VISIT.host.prove(1)
    assert (F.OTHER_VISIT, 1) in found(VISIT.signed(entries=(first, *SIGNED.receipt.entries)))


@pytest.mark.parametrize("changed", [{"technician_id": "t-bob"}, {"host_id": "h-2"}, {"session_id": "s-2"}])
def test_an_entry_of_another_person_host_or_visit_is_named(changed: dict[str, str]) -> None:
    index = VISIT.index_of(visit.AdmissionStep)
    step = replace(cast(visit.AdmissionStep, VISIT.event(index)), **cast(Any, changed))
    entries = VISIT.forged(index, step)
    if "session_id" in changed:  # the host itself would leave it out; a forger does not
        other = VisitMade(VISIT.stage, exchanged(VISIT.host, index, step), VISIT.broker, VISIT.device)
        entries = other.signed(entries=tuple(other.host.prove(each.index) for each in SIGNED.receipt.entries))
    assert found(entries) == [(F.OTHER_VISIT, index)]


# ---- the broker's end


def test_the_brokers_log_shows_the_end_of_this_visit() -> None:
    own = SIGNED.receipt.broker_end
    ended = visit.SessionEnded(session_id="s-2", by="", cause=EndCause.REFUSED, said_at=1)
    other = Tree(Side.BROKER, VISIT.stage.broker).append([ended])
    for end, note in (
        (replace(own, salt=bytes(32)), VISIT.broker.note()),
        (VISIT.broker.prove(1), VISIT.broker.note()),
        (replace(own, entry="{}"), VISIT.broker.note()),
        (other.prove(1), other.note()),
    ):
        assert found(VISIT.signed(broker_end=end, broker_checkpoint=note)) == [(F.END_NOT_PROVEN, 0)]


# ---- what was asked, shown and answered


@pytest.mark.parametrize(
    ("cls", "changed", "fault"),
    [
        (visit.Asked, {"permission": Permission.CONTROL}, F.REQUEST_NOT_SIGNED),
        (visit.Asked, {"case_reference": ""}, F.REQUEST_NOT_SIGNED),
        (visit.Asked, {"words": "something else"}, F.WORDS_DIFFER),
        (visit.Asked, {"words": None}, F.WORDS_DIFFER),
        (visit.Asked, {"words_key": None}, F.WORDS_DIFFER),
        (visit.Answered, {"answer": Answer.REFUSE}, F.ANSWER_NOT_SIGNED),
        (visit.Answered, {"account": "somebody"}, F.ANSWER_NOT_SIGNED),
        (visit.Answered, {"prompt": ("Something else?",)}, F.WORDS_DIFFER),
        (visit.Answered, {"prompt": None}, F.WORDS_DIFFER),
        (visit.Answered, {"prompt_key": None}, F.WORDS_DIFFER),
        (visit.Withdrawn, {"said_at": 1}, F.ANSWER_NOT_SIGNED),
        (visit.SessionEnded, {"cause": EndCause.IDLE}, F.REQUEST_NOT_SIGNED),
        (visit.SessionEnded, {"by": HOST}, F.ANSWER_NOT_SIGNED),
    ],
)
def test_what_a_host_writes_that_nobody_signed_is_named(cls: type, changed: dict[str, object], fault: ReceiptFault) -> None:
    index = VISIT.index_of(cls)
    event = replace(cast(Any, VISIT.event(index)), **changed)
    assert found(VISIT.forged(index, event)) == [(fault, index)]


def test_a_prompt_is_the_one_that_was_shown() -> None:
    index = VISIT.index_of(host.PromptShown)
    event = replace(cast(host.PromptShown, VISIT.event(index)), prompt=("May they look?",))
    assert found(VISIT.forged(index, event)) == [(F.WORDS_DIFFER, VISIT.index_of(visit.Answered))]


def test_the_devices_key_is_that_of_the_fingerprint() -> None:
    other = DeviceParty(Algorithm.ED25519, STRANGER.public_key)
    assert (F.OTHER_DEVICE, 0) in found(VISIT.signed(device=other))
    assert F.REQUEST_NOT_SIGNED in faults(VISIT.signed(device=other))


def test_without_the_devices_key_the_hosts_log_stands_for_it() -> None:
    assert found(VISIT.signed(device=None)) == []


def test_an_end_that_the_technician_signed_is_checked_with_the_devices_key() -> None:
    stage = online()
    far = stage.sealed()
    far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, int(stage.now.utc)))
    receipt: Receipt = made_of(stage).receipt()
    assert check(encode_receipt(made_of(stage).sign(receipt)), HOST_KEY, BROKER_KEY) == ()


def test_a_file_that_was_asked_for_is_opened_by_its_key_and_another_name_is_found() -> None:
    moving = Transfer.begun(b"contents", stage=online())
    moving.far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, int(moving.stage.now.utc)))
    made = made_of(moving.stage)
    assert found(made.signed()) == []
    index, event = next((at, each) for at, each in made.events() if isinstance(each, visit.Asked) and each.file is not None)
    lied = replace(made, host=exchanged(made.host, index, replace(event, file_name="other.bin")))
    assert ReceiptFault.WORDS_DIFFER in faults(lied.signed())


FILE = ReceiptFile(2, Permission.FILE_TO_HOST, "method.bin", 3, b"\1" * 32)


@pytest.mark.parametrize(
    "changed", [{}, {"name": "other.bin"}, {"digest": b"\2" * 32}, {"size": 4}, {"ask": 3}, {"permission": Permission.FILE_FROM_HOST}]
)
def test_the_files_of_a_receipt_are_those_of_its_entries(changed: dict[str, object]) -> None:
    assert faults(VISIT.signed(files=(FILE,))) == {F.FILES_DIFFER}, "a file that no entry names"
    done = FileDone(session_id=SESSION, ask=2, permission=FILE.permission, name=FILE.name, kept_as="", size=3, digest=FILE.digest)
    events = [event for _, event in VISIT.events()]
    place = next(number for number, event in enumerate(events) if isinstance(event, visit.SessionEnded))
    grown = Tree(Side.HOST, VISIT.stage.key).append([*events[:place], done, *events[place:]])
    made = VisitMade(VISIT.stage, grown, VISIT.broker, VISIT.device)
    signed = made.signed(files=(replace(FILE, **cast(Any, changed)),))
    assert (F.FILES_DIFFER in faults(signed)) is bool(changed)
    assert F.FILES_DIFFER in faults(made.signed()), "a file that is left out"
