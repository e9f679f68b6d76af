"""What comes on the session socket: every frame finds its part, or ends the visit.

Mutations that were tried, each of which makes this file fail:
    host_client/core/frames.py    frames after *End* are heard; a picture is a deed, or a request none; every refusal shuts the chat
"""

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import Inject, Note, OpenBulk, StartTimer
from host_client.core.events import Fired, SessionReceived, Timer
from host_client.link import (
    ChatClosed,
    ChatLine,
)
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, TECHNICIAN
from tests.helpers.host_transfer import Transfer
from tests.helpers.host_visit import batch, cause, controlled, online, parted, since, viewed
from wire.frames import FrameKind
from wire.limits import SESSION_IDLE_SECONDS
from wire.messages.handshake import RenewalOpen
from wire.messages.ledger import Ended
from wire.messages.presence import Refused
from wire.messages.session import (
    BulkOffered,
    PeerPresent,
    SessionOver,
)
from wire.schema import decode
from wire.sealed.chat import encode_said
from wire.sealed.inner import ChatStanding, StillHere
from wire.sealed.screen import encode_ack
from wire.statements import Label


@pytest.mark.parametrize(("lane", "grant"), [(Lane.INPUT, 9), (Lane.SCREEN, 0)])
def test_a_record_of_a_grant_that_never_was_ends_the_visit(lane: Lane, grant: int) -> None:
    stage, far = viewed()
    far.record(lane, grant, encode_ack(1) if lane is not Lane.INPUT else bytes(64))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize("data", [b"", b"\xff", bytes((1,)) + b"{}", bytes((2,)) + b"{}", bytes((4,)) + b"x"])
def test_a_frame_that_cannot_be_read_ends_the_visit(data: bytes) -> None:
    stage, _ = viewed()
    stage.give(SessionReceived(SESSION, data))
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    assert stage.logged(both.FrameRefused)[0].subject == SESSION


def test_a_statement_at_the_wrong_moment_is_misbehaviour() -> None:
    stage = online()
    far = stage.admitted()
    far.state(Label.ASKED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_request_over_a_line_that_is_cut_is_misbehaviour() -> None:
    stage, far = parted()
    far.state_asked(3, Permission.CONTROL, "please")
    assert cause(stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize("before", [False, True], ids=["before the proof", "after it"])
def test_an_end_of_the_technician_or_of_the_broker_is_heard_at_any_time(before: bool) -> None:
    for said in (SessionOver(SESSION, EndCause.SIGNED_OUT), None):
        stage = online()
        far = stage.admitted() if before else stage.viewing()
        if said is not None:
            far.control(said)
        else:
            far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0))
        assert cause(stage) is (EndCause.TECHNICIAN_ENDED if said is None else said.cause)


def test_refusals_of_the_broker_are_noted_and_strange_times_of_presence_ignored() -> None:
    stage, far = viewed()
    far.control(Refused("asked", Reason.PHI_POLICY))
    assert stage.logged(log.Refusal)[-1].about == "asked"
    assert stage.told(ChatClosed) == []
    far.control(PeerPresent(SESSION))
    assert stage.did == []


def test_the_chat_is_shut_by_the_broker_and_the_visit_goes_on() -> None:
    stage = online()
    far = stage.admitted()
    far.control(Refused("chat", Reason.PHI_POLICY))
    assert [type(each) for each in stage.did] == [Note], "there is nobody to tell yet"
    stage, far = controlled()
    far.control(Refused("chat", Reason.PHI_POLICY))
    assert stage.told(ChatClosed) == [ChatClosed(Reason.PHI_POLICY)]
    assert decode(far.opened()[0][1], ChatStanding).reason is Reason.PHI_POLICY
    assert stage.core.visit is not None


def test_a_bulk_socket_that_the_broker_offers_is_opened_and_nothing_is_heard_once_end_was_pressed() -> None:
    moving = Transfer.begun(b"content")
    assert OpenBulk(SESSION, bytes(32)) in moving.far.control(BulkOffered(SESSION, bytes(32), 30))
    moving.stage.core.narrow_now()
    assert moving.far.control(BulkOffered(SESSION, bytes(32), 30)) == []
    assert moving.far.control(SessionOver(SESSION, EndCause.SIGNED_OUT)) == []


def test_whatever_the_visit_is_about_each_lane_finds_its_part_and_its_count() -> None:
    stage, far = controlled()
    assert [type(each) for each in far.record(Lane.INPUT, 2, batch(stage, since(stage)))] == [Inject]
    assert stage.core.visit is not None
    stage.wait(SESSION_IDLE_SECONDS)
    stage.give(Fired(Timer.IDLE))
    assert not [each for each in far.record(Lane.SCREEN, 1, encode_ack(1)) if isinstance(each, StartTimer)], "a picture is no deed"
    deed = far.record(Lane.CHAT, 0, encode_said("is the pump on?"))
    assert StartTimer(Timer.IDLE, SESSION_IDLE_SECONDS) in deed
    assert stage.told(ChatLine) == [ChatLine(mine=False, text="is the pump on?")]
    assert far.whisper(StillHere()) == []
    stage.wait(SESSION_IDLE_SECONDS)
    stage.give(Fired(Timer.IDLE))
    assert StartTimer(Timer.IDLE, SESSION_IDLE_SECONDS) in far.ask(Permission.FILE_TO_HOST)


def test_both_ends_that_are_there_again_agree_on_new_keys() -> None:
    stage, far = parted()
    far.control(PeerPresent("s-2"))
    assert stage.did == []
    far.control(PeerPresent(SESSION))
    assert far.handshake(RenewalOpen).number == 1


@pytest.mark.parametrize("kind", [FrameKind.HANDSHAKE, FrameKind.SEALED])
def test_a_frame_that_is_none_of_the_way_back_ends_the_visit(kind: FrameKind) -> None:
    stage, far = parted()
    far.send(kind, bytes((Lane.CONTROL,)) + bytes(40))
    assert cause(stage) is EndCause.PEER_MISBEHAVED
