"""The lanes of the visit itself: the first record, what is said on the control lane, and the chat.

Mutations that were tried, each of which makes this file fail:
    host_client/core/own_lanes.py    a record under a grant is heard; a proof or a message is no deed
"""

import pytest

from host_client.core.commands import OpenDirect, StartTimer
from host_client.core.events import Fired, Timer
from host_client.link import (
    ChatLine,
    ShowPrompt,
    StopInput,
)
from host_client.link_files import FileDrop
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_channel import a_whole_channel
from tests.helpers.host_core import SESSION
from tests.helpers.host_returning import cut_line, present, renew_keys, returned
from tests.helpers.host_transfer import Transfer
from tests.helpers.host_visit import cause, controlled, online, parted, viewed
from trust.signatures import Ed25519Signer
from wire.frames import Frame, FrameKind
from wire.limits import SESSION_IDLE_SECONDS
from wire.messages.session import BulkWanted
from wire.schema import encode
from wire.sealed.chat import encode_said
from wire.sealed.inner import AnswerLost, FileOver, StillHere

STRANGER = Ed25519Signer(b"x" * 32)


def test_a_sealed_record_before_any_agreement_ends_the_visit() -> None:
    stage = online()
    far = stage.admitted()
    far.send(FrameKind.SEALED, bytes((Lane.CONTROL,)) + bytes(40))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize(("lane", "grant"), [(Lane.CHAT, 0), (Lane.INPUT, 1)])
def test_a_first_record_on_another_lane_ends_the_visit(lane: Lane, grant: int) -> None:
    stage = online()
    far = stage.admitted()
    far.agree()
    far.record(lane, grant, encode_said("hello") if lane is Lane.CHAT else bytes(64))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize(
    ("lane", "plain"), [(Lane.CONTROL, encode(StillHere())), (Lane.CHAT, encode_said("hello"))], ids=["control", "chat"]
)
def test_neither_is_said_under_a_grant(lane: Lane, plain: bytes) -> None:
    stage, far = viewed()
    far.record(lane, 1, plain)
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_the_technicians_proof_begins_the_count_of_a_stillness() -> None:
    stage = online()
    far = stage.admitted()
    far.agree()
    assert StartTimer(Timer.IDLE, SESSION_IDLE_SECONDS) in far.identify()


def test_each_message_finds_its_part() -> None:
    stage, far = viewed()
    assert far.whisper(StillHere()) == far.whisper(AnswerLost(9)) == []
    far.ask(Permission.CONTROL, "may I?")
    assert any("may I?" in line for line in stage.told(ShowPrompt)[0].lines)
    moving = Transfer.begun(b"content")
    moving.far.whisper(FileOver(moving.ask, Reason.FILE_STOPPED_BY_TECHNICIAN))
    assert moving.stage.told(FileDrop) == [FileDrop(moving.ask)]


def test_an_answer_that_was_lost_takes_its_right_back() -> None:
    stage, far = controlled()
    far.whisper(AnswerLost(2))
    assert stage.told(StopInput)
    assert stage.core.visit is not None


def test_what_the_technician_writes_is_shown_and_counts_as_a_deed() -> None:
    stage, far = controlled()
    stage.wait(SESSION_IDLE_SECONDS)
    stage.give(Fired(Timer.IDLE))
    did = far.record(Lane.CHAT, 0, encode_said("is the pump on?"))
    assert stage.told(ChatLine) == [ChatLine(mine=False, text="is the pump on?")]
    assert StartTimer(Timer.IDLE, SESSION_IDLE_SECONDS) in did


def test_content_may_go_directly_once_both_are_proven_at_first_and_anew_and_never_for_a_stranger() -> None:
    assert a_whole_channel().core.visit is not None
    returned(*parted())
    far = online().admitted()
    far.agree()
    far.identify(STRANGER)
    assert not any(isinstance(each, OpenDirect) for each in far.stage.did)


def test_a_file_that_waited_goes_on_when_both_are_proven_anew_and_never_for_a_stranger() -> None:
    for signer, wanted in ((None, True), (STRANGER, False)):
        moving = Transfer.begun()
        cut_line(moving.stage)
        present(moving.stage, moving.far)
        renew_keys(moving.far)
        moving.far.identify(signer)
        assert (Frame(FrameKind.CONTROL, encode(BulkWanted(SESSION))) in moving.far.frames()) is wanted
