"""The broker signs a digest once per visit, for its own host, after it was recorded; a copy is taken once and unread."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from audit.events import evidence
from audit.events.visit import FrameRefused
from broker.core.board import HostHere
from broker.core.commands import Command, KeepCopy, KeepReceipt, Note, Record, Send, Sign
from broker.core.receipts import Gives, heard
from policy.decision import Reason
from tests.helpers.broker_core import HOST, Table
from trust.signatures import Ed25519Signer, verify
from wire.frames import split_frame
from wire.messages.evidence import ReceiptKept, ReceiptOffered, ReceiptPayload, ReceiptSealed, ReceiptSigned
from wire.messages.presence import Refused
from wire.schema import decode, name_of, read_part
from wire.statements import Algorithm, Label

VISIT, DIGEST = "s-1", b"\x07" * 32


class Stage:
    """A table with one host on line whose visit is over."""

    def __init__(self) -> None:
        self.table = Table()
        self.table.ended.add((VISIT, HOST))
        self.host = HostHere(HOST, self.table.socket(), key=self.table.host_key.public_key)
        self.did: list[Command] = []

    def payload(self, **changed: Any) -> ReceiptPayload:
        keys = (HOST, self.table.host_key.public_key, self.table.board.broker_id, self.table.broker_key.public_key)
        return replace(ReceiptPayload(VISIT, *keys, DIGEST, 1), **changed)

    def offer(self, signer: Ed25519Signer | None = None, label: Label = Label.RECEIPT_HOST, **changed: Any) -> list[object]:
        return self.give(ReceiptOffered((signer or self.table.host_key).sign(label, self.payload(**changed))))

    def give(self, said: Gives) -> list[object]:
        """What the host is told."""
        talk, reply, self.did = heard(self.table.board, self.host, said, self.table.now), None, []
        while True:
            try:
                command = talk.send(reply)
            except StopIteration:
                break
            self.did.append(command)
            reply = self.table.answer(command)
        frames = [split_frame(each.frame).body for each in self.did if isinstance(each, Send)]
        return [decode(body, ReceiptSigned, ReceiptKept, Refused) for body in frames]


def test_a_digest_is_kept_then_recorded_then_signed() -> None:
    stage = Stage()
    (said,) = stage.offer()
    assert isinstance(said, ReceiptSigned)
    signed = verify(said.statement, Label.RECEIPT_BROKER, stage.table.broker_key.public_key, Algorithm.ED25519)
    assert replace(read_part(ReceiptPayload, signed), at=1) == stage.payload()
    kinds = [type(each) for each in stage.did]
    assert kinds.index(KeepReceipt) < kinds.index(Record) < kinds.index(Sign)
    (record,) = (each for each in stage.did if isinstance(each, Record))
    assert record.events == (evidence.ReceiptSigned(session_id=VISIT, subject=HOST, digest=DIGEST),)


def test_the_same_digest_is_signed_again_and_recorded_once() -> None:
    stage = Stage()
    stage.offer()
    (said,) = stage.offer()
    assert isinstance(said, ReceiptSigned)
    assert not [each for each in stage.did if isinstance(each, Record | KeepReceipt)]


def test_no_second_receipt_is_signed_for_one_visit() -> None:
    stage = Stage()
    stage.offer()
    assert stage.offer(digest=bytes(32)) == [Refused(name_of(ReceiptOffered), Reason.WRONG_MOMENT)]


WRONG: list[dict[str, Any]] = [
    {"signer": Ed25519Signer(b"x" * 32)},
    {"label": Label.RECEIPT_BROKER},
    {"host_id": "h-2"},
    {"host_key": bytes(32)},
    {"broker_id": "b-2"},
    {"broker_key": bytes(32)},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: next(iter(wrong)))
def test_only_the_host_itself_offers_and_for_this_broker(wrong: dict[str, Any]) -> None:
    stage = Stage()
    assert stage.offer(**wrong) == [Refused(name_of(ReceiptOffered), Reason.IDENTITY_NOT_PROVEN)]
    assert stage.table.receipts == {}
    assert any(isinstance(each, Note) and isinstance(each.event, FrameRefused) for each in stage.did)


def test_a_statement_that_is_no_receipt_is_refused() -> None:
    stage = Stage()
    said = ReceiptOffered(stage.table.host_key.sign_payload(Label.RECEIPT_HOST, b"{}"))
    assert stage.give(said) == [Refused(name_of(ReceiptOffered), Reason.IDENTITY_NOT_PROVEN)]


def test_a_visit_that_was_none_of_this_hosts_has_no_receipt() -> None:
    stage = Stage()
    stage.table.ended.clear()
    assert stage.offer() == [Refused(name_of(ReceiptOffered), Reason.WRONG_MOMENT)]


@pytest.mark.parametrize("fault", ["durable", "stored"])
def test_nothing_is_signed_that_could_not_be_recorded_and_kept(fault: str) -> None:
    stage = Stage()
    setattr(stage.table, fault, False)
    assert stage.offer() == [Refused(name_of(ReceiptOffered), Reason.LOG_UNAVAILABLE)]
    assert not [each for each in stage.did if isinstance(each, Sign)]


def test_what_was_kept_and_not_recorded_is_recorded_when_it_is_offered_again_and_nothing_else_is() -> None:
    stage = Stage()
    stage.table.durable = False
    stage.offer()
    assert stage.give(ReceiptSealed(VISIT, b"sealed")) == [Refused(name_of(ReceiptSealed), Reason.WRONG_MOMENT)]
    stage.table.durable = True
    assert stage.offer(digest=bytes(32)) == [Refused(name_of(ReceiptOffered), Reason.WRONG_MOMENT)]
    assert isinstance(stage.offer()[0], ReceiptSigned)
    assert [type(each) for each in stage.did if isinstance(each, Record | KeepReceipt)] == [Record]


# ---- copies


def test_a_copy_is_kept_then_recorded_then_confirmed_and_taken_once() -> None:
    stage = Stage()
    stage.offer()
    digest = sha256(b"sealed").digest()
    assert stage.give(ReceiptSealed(VISIT, b"sealed")) == [ReceiptKept(VISIT, digest)]
    kinds = [type(each) for each in stage.did]
    assert kinds.index(KeepCopy) < kinds.index(Record) < kinds.index(Send)
    assert stage.give(ReceiptSealed(VISIT, b"another")) == [ReceiptKept(VISIT, digest)]
    assert not [each for each in stage.did if isinstance(each, Record | KeepCopy)]


def test_a_copy_of_a_receipt_that_was_not_signed_or_of_another_host_is_refused() -> None:
    stage = Stage()
    refused = [Refused(name_of(ReceiptSealed), Reason.WRONG_MOMENT)]
    assert stage.give(ReceiptSealed(VISIT, b"sealed")) == refused
    stage.offer()
    stage.host = replace(stage.host, host_id="h-2")
    assert stage.give(ReceiptSealed(VISIT, b"sealed")) == refused


@pytest.mark.parametrize("fault", ["durable", "stored"])
def test_a_copy_that_cannot_be_recorded_and_kept_is_not_confirmed(fault: str) -> None:
    stage = Stage()
    stage.offer()
    setattr(stage.table, fault, False)
    assert stage.give(ReceiptSealed(VISIT, b"sealed")) == [Refused(name_of(ReceiptSealed), Reason.LOG_UNAVAILABLE)]


def test_a_copy_that_was_kept_and_not_recorded_is_recorded_when_it_is_given_again() -> None:
    stage = Stage()
    stage.offer()
    stage.table.durable = False
    stage.give(ReceiptSealed(VISIT, b"sealed"))
    stage.table.durable = True
    assert stage.give(ReceiptSealed(VISIT, b"another")) == [ReceiptKept(VISIT, sha256(b"sealed").digest())]
    (record,) = (each for each in stage.did if isinstance(each, Record))
    assert record.events == (evidence.ReceiptKept(session_id=VISIT, subject=HOST, digest=sha256(b"sealed").digest()),)
    assert not [each for each in stage.did if isinstance(each, KeepCopy)]
