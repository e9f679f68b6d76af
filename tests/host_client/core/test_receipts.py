"""A receipt is made before its visit is closed, offered once, and believed only with the broker's own signature on it."""

from dataclasses import replace
from typing import Any

import pytest

from audit.events import broker, evidence
from audit.events import visit as both
from host_client.core.commands import CloseControl, MakeReceipt, MarkClosed
from host_client.core.receipts import Waiting
from host_client.link import EndPressed
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.host_core import BROKER, SESSION, Stage
from trust.signatures import Ed25519Signer
from wire.messages.evidence import HeadWanted, ReceiptKept, ReceiptOffered, ReceiptPayload, ReceiptSealed, ReceiptSigned
from wire.messages.presence import Refused
from wire.schema import name_of, read_part
from wire.statements import Label

AUDITOR = b"a" * 32


def closed(stage: Stage | None = None, **papers: Any) -> Stage:
    """A visit that is over, and whose end the broker has shown."""
    stage = stage or Stage()
    stage.broker_log.add(broker.HostDisconnected(host_id="h-0"))
    stage.online(stage.papers(**papers))
    show(stage)
    stage.viewing()
    stage.broker_log.add(both.SessionEnded(session_id=SESSION, by="", cause=EndCause.HOST_ENDED, said_at=1))
    stage.says(EndPressed())
    show(stage)
    return stage


def show(stage: Stage) -> None:
    """As an honest broker answers the question of the last event."""
    (question,) = stage.to_broker(HeadWanted)
    head = stage.broker_log.head(question.known, question.session_id)
    assert head is not None
    stage.hears(head)


def countersigned(stage: Stage, signer: Ed25519Signer | None = None, label: Label = Label.RECEIPT_BROKER, **changed: Any) -> ReceiptSigned:
    """As the broker signs what was offered."""
    payload = replace(read_part(ReceiptPayload, stage.receipts.waiting[SESSION].statement.payload), at=2, **changed)
    return ReceiptSigned((signer or stage.broker).sign(label, payload))


def refusals(stage: Stage) -> list[Reason]:
    return [each.reason for each in stage.did if isinstance(each, CloseControl)]


def test_a_receipt_is_made_before_its_visit_is_closed_and_its_digest_is_offered() -> None:
    stage = closed()
    kinds = [type(each) for each in stage.did]
    assert kinds.index(MakeReceipt) < kinds.index(MarkClosed)
    made = stage.receipts.made[0]
    assert (made.session_id, made.parties.host_name, made.parties.broker_id) == (SESSION, "Analyser", BROKER)
    assert made.parties.broker_key == stage.broker.public_key
    assert [each.statement for each in stage.to_broker(ReceiptOffered)] == [stage.receipts.waiting[SESSION].statement]


def test_a_visit_whose_receipt_cannot_be_kept_is_not_closed_yet() -> None:
    stage = Stage()
    stage.receipts.full = True
    closed(stage)
    assert not [each for each in stage.did if isinstance(each, MarkClosed)]
    assert stage.to_broker(ReceiptOffered) == []


def test_the_brokers_signature_is_kept_then_recorded_and_without_an_auditor_all_is_done() -> None:
    stage = closed()
    said = countersigned(stage)
    stage.hears(said)
    assert stage.receipts.countersigned == {SESSION: said.statement}
    (recorded,) = stage.logged(evidence.ReceiptSigned)
    assert (recorded.session_id, recorded.subject) == (SESSION, BROKER)
    assert stage.receipts.waiting == {}
    assert stage.to_broker(ReceiptSealed) == []


WRONG: list[dict[str, Any]] = [
    {"signer": Ed25519Signer(b"x" * 32)},
    {"label": Label.RECEIPT_HOST},
    {"session_id": "s-2"},
    {"digest": bytes(32)},
    {"host_key": bytes(32)},
    {"broker_id": "b-2"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: next(iter(wrong)))
def test_a_signature_of_anything_else_is_none_and_closes_the_connection(wrong: dict[str, Any]) -> None:
    stage = closed()
    stage.hears(countersigned(stage, **wrong))
    assert refusals(stage) == [Reason.IDENTITY_NOT_PROVEN]
    assert stage.receipts.countersigned == {}


def test_a_statement_that_is_no_receipt_is_none() -> None:
    stage = closed()
    stage.hears(ReceiptSigned(stage.broker.sign_payload(Label.RECEIPT_BROKER, b"{}")))
    assert refusals(stage) == [Reason.IDENTITY_NOT_PROVEN]


def test_what_nobody_asked_for_closes_the_connection() -> None:
    for said in (countersigned(closed()), ReceiptKept(SESSION, bytes(32))):
        stage = Stage()
        stage.online()
        stage.hears(said)
        assert refusals(stage) == [Reason.WRONG_MOMENT]


def test_a_signature_that_cannot_be_kept_is_asked_for_again_at_the_next_contact() -> None:
    stage = closed()
    stage.receipts.full = True
    stage.hears(countersigned(stage))
    assert stage.logged(evidence.ReceiptSigned) == []
    assert stage.to_broker(ReceiptOffered) == [], "not again on this connection"
    stage.receipts.full = False
    stage.lose_control_socket()
    stage.online()
    assert stage.to_broker(ReceiptOffered)


# ---- the copy


def test_a_copy_goes_to_the_auditor_of_the_documents_and_nothing_is_done_before_it_is_kept() -> None:
    stage = closed(auditor_key=AUDITOR)
    stage.hears(countersigned(stage))
    assert stage.to_broker(ReceiptSealed) == [ReceiptSealed(SESSION, b"sealed")]
    assert SESSION in stage.receipts.waiting
    stage.hears(ReceiptKept(SESSION, b"\x01" * 32))
    assert [each.digest for each in stage.logged(evidence.ReceiptKept)] == [b"\x01" * 32]
    assert stage.receipts.waiting == {}


def test_a_copy_that_was_not_kept_is_given_again_at_the_next_contact() -> None:
    stage = closed(auditor_key=AUDITOR)
    stage.hears(countersigned(stage))
    stage.lose_control_socket()
    stage.online(stage.papers(auditor_key=AUDITOR))
    assert stage.to_broker(ReceiptOffered) == []
    assert stage.to_broker(ReceiptSealed)


def test_a_copy_that_cannot_be_sealed_is_let_go() -> None:
    stage = closed(auditor_key=AUDITOR)
    stage.receipts.sealed = None
    stage.hears(countersigned(stage))
    assert stage.to_broker(ReceiptSealed) == []
    assert stage.receipts.waiting == {}


def test_that_another_copy_was_kept_is_said_by_no_honest_broker() -> None:
    stage = closed(auditor_key=AUDITOR)
    stage.hears(countersigned(stage))
    stage.hears(ReceiptKept("s-2", bytes(32)))
    assert refusals(stage) == [Reason.WRONG_MOMENT]


def test_one_that_is_refused_does_not_hold_up_the_next() -> None:
    stage = closed()
    other = Waiting("s-0", stage.receipts.waiting[SESSION].statement, countersigned=False)
    stage.receipts.waiting["s-0"] = other
    stage.hears(Refused(name_of(ReceiptOffered), Reason.WRONG_MOMENT))
    assert [each.statement for each in stage.to_broker(ReceiptOffered)] == [other.statement]
    stage.hears(Refused("something_else", Reason.WRONG_MOMENT))
    assert stage.to_broker(ReceiptOffered) == []
    stage.hears(Refused(name_of(ReceiptOffered), Reason.WRONG_MOMENT))
    assert stage.to_broker(ReceiptOffered) == []


def test_while_one_is_out_another_that_is_made_waits() -> None:
    stage = Stage()
    statement = stage.key.sign(Label.RECEIPT_HOST, ReceiptPayload("s-0", "h-1", bytes(32), "b-1", bytes(32), bytes(32), 1))
    stage.receipts.waiting["s-0"] = Waiting("s-0", statement, countersigned=False)
    closed(stage)
    assert stage.receipts.made
    assert stage.to_broker(ReceiptOffered) == []
