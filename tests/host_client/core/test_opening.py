"""The control socket's opening, step by step: whatever is not the pinned truth is refused, and said locally only."""

from dataclasses import replace
from typing import Any

import pytest

from audit.events import host as log
from host_client.core.commands import CloseControl, KeepDirectory
from host_client.core.events import ControlOpened, ControlReceived, Fired, Timer
from host_client.link import Online, ShowIdle
from policy.decision import Reason
from tests.helpers.host_core import LEAF, Stage
from trust.signatures import Ed25519Signer
from wire.frames import Frame, FrameKind
from wire.messages.presence import EndProof, EndRole, Hello, Refused, Welcome
from wire.statements import Label

STRANGER = Ed25519Signer(b"x" * 32)


def test_a_proven_broker_is_answered_with_our_proof_and_then_the_host_is_ready() -> None:
    stage = Stage()
    stage.desk_comes()
    stage.give(ControlOpened(LEAF))
    assert stage.to_broker(Hello)[0].role is EndRole.HOST
    stage.hears(stage.greeting())
    assert stage.to_broker(EndProof)
    assert any(isinstance(each, KeepDirectory) for each in stage.did)
    stage.hears(Welcome(True, 0))
    assert stage.core.ready
    assert stage.told(ShowIdle)[0].online is Online.READY
    assert stage.logged(log.DirectoryAccepted)
    assert stage.logged(log.BrokerConnected)[0].listed


def test_before_the_first_directory_the_key_of_enrolment_counts_and_the_host_is_new() -> None:
    stage = Stage()
    stage.online(directory="none")
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


def test_a_directory_of_another_key_ends_the_opening() -> None:
    stage = Stage()
    stage.give(ControlOpened(LEAF))
    forged = Stage()
    forged.officer = STRANGER
    stage.hears(stage.greeting(directory=forged.directory()))
    assert CloseControl(Reason.DOCUMENT_INVALID) in stage.did


def test_an_older_directory_ends_the_opening() -> None:
    stage = Stage()
    old = stage.directory()
    stage.online()
    stage.lose_control_socket()
    stage.give(ControlOpened(LEAF))
    stage.hears(stage.greeting(directory=old))
    assert CloseControl(Reason.DOCUMENT_STALE) in stage.did


def test_the_same_directory_again_is_not_recorded_again() -> None:
    stage = Stage()
    same = stage.directory()
    stage.online(directory=same)
    stage.lose_control_socket()
    stage.give(ControlOpened(LEAF))
    stage.hears(stage.greeting(directory=same))
    assert stage.to_broker(EndProof)
    assert len(stage.logged(log.DirectoryAccepted)) == 1


def test_a_directory_that_cannot_be_kept_does_not_count_and_ends_the_opening() -> None:
    stage = Stage()
    stage.disk = False
    stage.give(ControlOpened(LEAF))
    stage.hears(stage.greeting())
    assert CloseControl(Reason.LOG_UNAVAILABLE) in stage.did
    assert not stage.to_broker(EndProof)
    assert stage.trusted.version(stage.now) == 0
    assert not stage.logged(log.DirectoryAccepted)


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
