"""The control socket's opening, step by step: whatever is not the pinned truth is refused, and said locally only."""

from dataclasses import replace
from typing import Any

import pytest

from audit.events import host as log
from host_client.core.commands import CloseControl, KeepDocuments
from host_client.core.events import ControlOpened, ControlReceived, Fired, Timer
from host_client.link import Online, ShowIdle
from policy.decision import Reason
from tests.helpers.host_core import LEAF, Stage
from trust.signatures import Ed25519Signer
from wire.frames import Frame, FrameKind
from wire.messages.documents import DocumentsPiece, Repository
from wire.messages.presence import BrokerHello, EndProof, EndRole, Hello, Refused, Welcome
from wire.statements import Label

STRANGER = Ed25519Signer(b"x" * 32)


def test_a_proven_broker_is_answered_with_our_proof_and_then_the_host_is_ready() -> None:
    stage = Stage()
    stage.desk_comes()
    stage.give(ControlOpened(LEAF))
    assert stage.to_broker(Hello)[0].role is EndRole.HOST
    greeting = stage.greeting()
    stage.hears(stage.papers())
    assert any(isinstance(each, KeepDocuments) for each in stage.did)
    stage.hears(greeting)
    assert stage.to_broker(EndProof)
    stage.hears(Welcome(True, 0))
    assert stage.core.ready
    assert stage.told(ShowIdle)[0].online is Online.READY
    assert stage.logged(log.DocumentsAccepted)
    assert stage.logged(log.BrokerConnected)[0].listed


def test_before_the_first_documents_the_key_of_enrolment_counts_and_the_host_is_new() -> None:
    stage = Stage()
    stage.online(silent=True)
    assert stage.core.ready
    assert stage.told(ShowIdle)[0].online is Online.NEW


WRONG: dict[str, tuple[dict[str, Any], Reason]] = {
    "another key": ({"signer": STRANGER}, Reason.IDENTITY_NOT_PROVEN),
    "another certificate": ({"leaves": (bytes(32),)}, Reason.IDENTITY_NOT_PROVEN),
    "another nonce": ({"end_nonce": bytes(32)}, Reason.IDENTITY_NOT_PROVEN),
    "another host": ({"subject": "h-2"}, Reason.IDENTITY_NOT_PROVEN),
    "another broker": ({"broker_id": "b-2"}, Reason.IDENTITY_NOT_PROVEN),
    "another role": ({"role": EndRole.CONSOLE}, Reason.IDENTITY_NOT_PROVEN),
    "another version": ({"version": 2}, Reason.VERSION_NOT_SPOKEN),
}


@pytest.mark.parametrize("what", sorted(WRONG))
def test_a_broker_that_is_not_proven_gets_no_proof(what: str) -> None:
    changed, reason = WRONG[what]
    stage = Stage()
    stage.give(ControlOpened(LEAF))
    stage.hears(stage.greeting(**changed))
    assert not stage.to_broker(EndProof)
    assert CloseControl(reason) in stage.did
    assert stage.logged(log.BrokerRefused)[0].reason is reason
    assert not stage.core.ready


def opened(stage: Stage) -> BrokerHello:
    """A socket is up; the broker's hello, which was not said yet."""
    stage.give(ControlOpened(LEAF))
    return stage.greeting()


def test_documents_that_do_not_stand_end_the_opening() -> None:
    stage = Stage()
    opened(stage)
    stage.hears(stage.piece(9))
    assert CloseControl(Reason.DOCUMENT_INVALID) in stage.did
    assert stage.logged(log.DocumentsRefusedHere)[0].reason is Reason.DOCUMENT_INVALID


def test_pieces_out_of_order_end_the_opening() -> None:
    stage = Stage()
    opened(stage)
    stage.hears(DocumentsPiece(1, 2, b"x"))
    assert CloseControl(Reason.DOCUMENT_INVALID) in stage.did
    assert stage.logged(log.DocumentsRefusedHere)[0].repository is None


def test_the_first_half_of_a_bundle_changes_nothing() -> None:
    stage = Stage()
    opened(stage)
    whole = stage.papers()
    stage.hears(DocumentsPiece(0, 2, whole.content[:9]))
    assert stage.did == []
    stage.hears(DocumentsPiece(1, 2, whole.content[9:]))
    assert stage.trusted.version(stage.now) == 1


def test_older_documents_end_the_opening() -> None:
    stage = Stage()
    old = stage.papers()
    stage.online()
    stage.lose_control_socket()
    opened(stage)
    stage.hears(old)
    assert CloseControl(Reason.DOCUMENT_STALE) in stage.did


def test_the_hello_says_what_is_held_and_the_same_documents_again_are_not_recorded_again() -> None:
    stage = Stage()
    same = stage.papers()
    stage.online(same)
    stage.lose_control_socket()
    stage.give(ControlOpened(LEAF))
    assert stage.to_broker(Hello)[0].vendor_holds == ("metadata/1.snapshot.json",)
    greeting = stage.greeting()
    stage.hears(same)
    stage.hears(greeting)
    assert stage.to_broker(EndProof)
    (accepted,) = stage.logged(log.DocumentsAccepted)
    assert (accepted.version, accepted.repository, len(accepted.digest)) == (1, Repository.VENDOR, 32)


def test_documents_that_cannot_be_kept_do_not_count_and_end_the_opening() -> None:
    stage = Stage()
    stage.disk = False
    opened(stage)
    stage.hears(stage.papers())
    assert CloseControl(Reason.LOG_UNAVAILABLE) in stage.did
    assert stage.trusted.version(stage.now) == 0
    assert not stage.logged(log.DocumentsAccepted)


def test_the_key_that_documents_list_is_the_brokers_from_then_on() -> None:
    stage = Stage()
    stage.broker = Ed25519Signer(b"n" * 32)
    greeting = opened(stage)
    stage.hears(stage.papers())
    stage.hears(greeting)
    assert stage.to_broker(EndProof)


def test_a_refusal_is_said_locally() -> None:
    stage = Stage()
    stage.desk_comes()
    stage.give(ControlOpened(LEAF))
    stage.hears(Refused("hello", Reason.HOST_NOT_LISTED))
    assert CloseControl(Reason.HOST_NOT_LISTED) in stage.did
    stage.lose_control_socket()
    idle = stage.told(ShowIdle)[0]
    assert (idle.online, idle.why) == (Online.REFUSED, Reason.HOST_NOT_LISTED)


def test_a_welcome_before_any_proof_is_malformed() -> None:
    stage = Stage()
    stage.give(ControlOpened(LEAF))
    stage.hears(Welcome(True, 0))
    assert CloseControl(Reason.MALFORMED) in stage.did
    assert not stage.core.ready


def test_a_statement_that_is_signed_but_is_no_hello_proves_nothing() -> None:
    stage = Stage()
    stage.give(ControlOpened(LEAF))
    hello = stage.greeting()

    empty = stage.broker.sign_payload(Label.BROKER_HELLO, b"{}")

    stage.hears(replace(hello, statement=empty))
    assert CloseControl(Reason.IDENTITY_NOT_PROVEN) in stage.did


def test_a_broker_that_is_silent_is_given_up() -> None:
    stage = Stage()
    stage.give(ControlOpened(LEAF))
    stage.give(Fired(Timer.OPENING))
    assert CloseControl(Reason.IDENTITY_NOT_PROVEN) in stage.did
    stage.hears(Welcome(True, 0))
    assert not stage.core.ready


def test_a_frame_of_another_kind_ends_the_opening() -> None:
    stage = Stage()
    stage.give(ControlOpened(LEAF))
    stage.give(ControlReceived(Frame(FrameKind.LEDGER, b"{}").encode()))
    assert CloseControl(Reason.MALFORMED) in stage.did
