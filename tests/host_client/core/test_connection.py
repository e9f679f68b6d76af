"""The control socket as the host stands to it: what is heard before and after the proof, and what the desk is shown."""

import pytest

from audit.events import host as log
from audit.questions import Raised
from host_client.core.commands import CloseControl, Command, Note, SendControl, StopTimer, Talk, Tell
from host_client.core.connection import Connection
from host_client.core.documents import NotOpened
from host_client.core.events import ControlClosed, DoubtsRead, Timer
from host_client.core.in_force import Held
from host_client.core.ports import Seat
from host_client.link import Online, ShowIdle
from policy.decision import Reason
from tests.helpers.host_core import BROKER, LEAF, Stage
from wire.frames import Frame, FrameKind, split_frame
from wire.messages.documents import DocumentsPiece
from wire.messages.evidence import Doubt
from wire.messages.presence import EndRole, Hello, Welcome
from wire.messages.session import LeaseHeld
from wire.schema import decode, encode

SEAT = Seat("en", "lab", "c1", 640, 480)


def run(talk: Talk) -> list[Command]:
    """Everything it says, with a disk that works."""
    said: list[Command] = []
    reply: bool | None = None
    while True:
        try:
            said.append(talk.send(reply))
        except StopIteration:
            return said
        reply = True


def control(said: object) -> bytes:
    return Frame(FrameKind.CONTROL, encode(said)).encode()


def shown(connection: Connection, stage: Stage) -> ShowIdle:
    (told,) = run(connection.idle(SEAT, stage.now))
    assert isinstance(told, Tell)
    assert isinstance(told.said, ShowIdle)
    return told.said


def proven(stage: Stage) -> Connection:
    stage.papers()
    stage.trusted.documents = stage.published[1]
    connection = Connection(stage.trusted, stage.ports)
    stage.did = run(connection.opened(LEAF, stage.now))
    run(connection.prove(control(stage.greeting()), stage.now))
    last = run(connection.prove(control(Welcome(True, 0)), stage.now))
    assert any(isinstance(each, Note) and isinstance(each.event, log.BrokerConnected) for each in last)
    return connection


def test_what_is_heard_before_the_proof_makes_it_and_what_comes_after_is_handed_on() -> None:
    stage = Stage()
    connection = proven(stage)
    assert connection.ready
    assert connection.read(control(LeaseHeld("s-1", 30))) == LeaseHeld("s-1", 30)
    assert shown(connection, stage).online is Online.READY
    assert run(connection.silent()) == []


def test_nobody_is_shown_anything_where_nobody_sits() -> None:
    stage = Stage()
    assert run(Connection(stage.trusted, stage.ports).idle(None, stage.now)) == []


def test_documents_on_a_proven_socket_are_gathered_and_what_is_over_is_said_to_the_person() -> None:
    stage = Stage()
    connection = proven(stage)
    stage.trusted.held = Held(("metadata/1.snapshot.json",))
    assert shown(connection, stage).online is Online.READY
    assert run(connection.documents(DocumentsPiece(0, 2, b"half"), stage.now)) == []
    with pytest.raises(NotOpened):
        run(connection.documents(DocumentsPiece(7, 9, b"?"), stage.now))
    stage.wait(86_400)
    idle = shown(connection, stage)
    assert (idle.online, idle.why) == (Online.REFUSED, Reason.DOCUMENT_STALE)


def test_a_host_that_no_documents_list_is_new() -> None:
    stage = Stage()
    connection = Connection(stage.trusted, stage.ports)
    stage.did = run(connection.opened(LEAF, stage.now))
    run(connection.prove(control(stage.greeting()), stage.now))
    run(connection.prove(control(Welcome(False, 0)), stage.now))
    assert shown(connection, stage).online is Online.NEW


def test_without_a_socket_nothing_is_heard_and_the_desk_sees_that_it_connects() -> None:
    stage = Stage()
    connection = Connection(stage.trusted, stage.ports)
    assert run(connection.prove(control(Welcome(True, 0)), stage.now)) == []
    assert not connection.ready
    assert (shown(connection, stage).online, shown(connection, stage).why) == (Online.CONNECTING, None)


@pytest.mark.parametrize("data", [b"", b"\x02{}", control(Hello(1, EndRole.HOST, "h-1", bytes(32), (), ()))])
def test_what_no_broker_says_is_malformed_before_and_after_the_proof(data: bytes) -> None:
    stage = Stage()
    connection = Connection(stage.trusted, stage.ports)
    run(connection.opened(LEAF, stage.now))
    with pytest.raises(NotOpened) as before:
        run(connection.prove(data, stage.now))
    with pytest.raises(NotOpened) as after:
        proven(stage).read(data)
    assert before.value.reason is after.value.reason is Reason.MALFORMED


def test_a_broker_that_is_turned_away_or_silent_is_remembered_until_another_is_proven() -> None:
    stage = Stage()
    connection = Connection(stage.trusted, stage.ports)
    (hello,) = [each for each in run(connection.opened(LEAF, stage.now)) if isinstance(each, SendControl)]
    assert decode(split_frame(hello.frame).body, Hello).subject == "h-1"
    said = run(connection.silent())
    assert said[:2] == [StopTimer(Timer.OPENING), CloseControl(Reason.IDENTITY_NOT_PROVEN)]
    run(connection.closed(certificate=False))
    assert (shown(connection, stage).online, shown(connection, stage).why) == (Online.REFUSED, Reason.IDENTITY_NOT_PROVEN)
    stage.did = run(connection.opened(LEAF, stage.now))
    run(connection.prove(control(stage.greeting()), stage.now))
    run(connection.prove(control(Welcome(True, 0)), stage.now))
    assert shown(connection, stage).why is None


def test_a_certificate_that_tls_refused_is_recorded_once() -> None:
    stage = Stage()
    connection = Connection(stage.trusted, stage.ports)
    notes = [[each for each in run(connection.closed(certificate=True)) if isinstance(each, Note)] for _ in range(3)]
    assert [len(each) for each in notes] == [1, 0, 0]


def test_a_proven_socket_that_is_gone_is_recorded() -> None:
    stage = Stage()
    connection = proven(stage)
    said = run(connection.closed(certificate=False))
    assert [type(each.event) for each in said if isinstance(each, Note)] == [log.BrokerDisconnected]
    assert not connection.ready


def test_logs_that_do_not_fit_are_shown_before_anything_else() -> None:
    stage = Stage()
    stage.online()
    stage.give(DoubtsRead((Raised(BROKER, Doubt.FORKED),)))
    stage.desk_comes()
    (shown,) = stage.told(ShowIdle)
    assert (shown.online, shown.why) == (Online.DOUBTED, Reason.LOG_DOUBTED)
    assert Connection(stage.trusted, stage.ports).broker_key == b""


def test_a_certificate_that_tls_refused_is_said_once_and_recorded_once() -> None:
    stage = Stage()
    stage.desk_comes()
    for _ in range(3):
        stage.give(ControlClosed(certificate=True))
        assert stage.told(ShowIdle)[0].why is Reason.IDENTITY_NOT_PROVEN
    assert len(stage.logged(log.BrokerRefused)) == 1
