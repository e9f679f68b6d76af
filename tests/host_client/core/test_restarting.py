"""The restart itself: only after a yes and half a minute, recorded first, kept before it is done, and nothing when it cannot be."""

from dataclasses import replace

import pytest

from audit.events import host as log
from audit.events.visit import SessionEnded
from host_client.core.commands import FindRestart, KeepReturn, Record, RestartPc, SendSession
from host_client.core.events import Fired, SessionClosed, Timer
from host_client.link import CapturePaused, LocalInput, PausePressed, ResumePressed, ShowPrompt
from host_client.link_restart import CloseRestart, RestartStopped, ShowRestart
from policy.decision import Reason
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import RESTART_SECONDS, SESSION, TECHNICIAN, Stage
from tests.helpers.restarted import asked_to_restart, counted_down, payload_of, ticket_of, visit_of
from wire.limits import RETURN_SECONDS
from wire.messages.ledger import Answer
from wire.schema import decode
from wire.statements import Label, Statement


def ended(stage: Stage) -> list[EndCause]:
    return [each.cause for each in stage.logged(SessionEnded)]


def test_a_yes_begins_a_countdown_and_nothing_else() -> None:
    stage = Stage()
    asked_to_restart(stage)
    assert [each.seconds for each in stage.told(ShowRestart)] == [RESTART_SECONDS]
    assert stage.logged(log.RestartBegun)[0].seconds == RESTART_SECONDS
    assert stage.returning is None
    assert not any(isinstance(each, RestartPc) for each in stage.did)


def test_when_it_is_over_the_restart_is_recorded_kept_and_given_before_the_system_is_told() -> None:
    stage = Stage()
    far = asked_to_restart(stage)
    assert counted_down(stage)
    kinds = [type(each) for each in stage.did]
    assert kinds.index(Record) < kinds.index(KeepReturn) < kinds.index(SendSession) < kinds.index(RestartPc)
    assert [each.technician_id for each in stage.logged(log.RestartOrdered)] == [TECHNICIAN]
    given = ticket_of(far)
    assert stage.returning is not None
    assert payload_of(decode(stage.returning, Statement), stage) == given
    assert (given.session_id, given.technician_id, given.device.key) == (SESSION, TECHNICIAN, stage.device.public_key)
    assert given.seconds == RETURN_SECONDS
    assert ended(stage) == [EndCause.RESTARTING]
    assert stage.core.visit is None
    assert given.secret.hex() not in repr(stage.log)


def test_the_person_stops_it_and_the_visit_goes_on() -> None:
    stage = Stage()
    far = asked_to_restart(stage)
    stage.says(RestartStopped(7))
    assert not far.statements(Label.WITHDRAWN)
    stage.says(RestartStopped(2))
    assert stage.told(CloseRestart)
    assert far.statements(Label.WITHDRAWN)
    assert stage.logged(log.RestartNotWaiting)[0].reason is Reason.RESTART_STOPPED
    stage.says(RestartStopped(0))
    assert not counted_down(stage)
    assert not ended(stage)


@pytest.mark.parametrize("line", ["session", "lease"])
def test_a_technician_who_is_not_heard_gets_no_restart(line: str) -> None:
    stage = Stage()
    asked_to_restart(stage)
    stage.give(SessionClosed(SESSION) if line == "session" else Fired(Timer.LEASE))
    assert stage.logged(log.RestartNotWaiting)[0].reason is Reason.LINE_CUT
    assert not counted_down(stage)
    assert stage.returning is None


@pytest.mark.parametrize("why", ["paused", "locked", "another login", "mask", "used"])
def test_a_countdown_that_nobody_there_would_see_or_that_waits_is_over(why: str) -> None:
    """Not when the person only uses the PC, to save what is open, nor when the technician alone sees nothing."""
    stage = Stage()
    far = asked_to_restart(stage)
    cases: dict[str, tuple[PausePressed | CapturePaused | LocalInput, Reason | None]] = {
        "paused": (PausePressed(), Reason.VISIT_PAUSED),
        "locked": (CapturePaused(1, Reason.SCREEN_LOCKED), Reason.SCREEN_LOCKED),
        "another login": (CapturePaused(1, Reason.SESSION_AWAY), Reason.SESSION_AWAY),
        "mask": (CapturePaused(1, Reason.MASK_NOT_PLACED), None),
        "used": (LocalInput(active=True), None),
    }
    said, reason = cases[why]
    stage.says(said)
    assert [each.reason for each in stage.logged(log.RestartNotWaiting)] == ([] if reason is None else [reason])
    assert len(far.statements(Label.WITHDRAWN)) == len(stage.told(CloseRestart)) == (reason is not None)
    assert counted_down(stage) is (reason is None)
    if why == "paused":
        stage.says(ResumePressed())
        assert not counted_down(stage)


@pytest.mark.parametrize("line", ["session", "lease"])
def test_without_a_restart_nothing_of_it_is_interrupted(line: str) -> None:
    stage = Stage()
    stage.online()
    stage.viewing()
    stage.give(SessionClosed(SESSION) if line == "session" else Fired(Timer.LEASE))
    assert not stage.logged(log.RestartNotWaiting)


def test_a_rule_that_came_meanwhile_takes_it_back() -> None:
    stage = Stage()
    asked_to_restart(stage)
    allow = '[[allow]]\nname = "no restart"\npermissions = ["view"]\n'
    stage.hears(stage.papers(vendor_policy=allow))
    assert stage.logged(log.RestartNotWaiting)
    assert not counted_down(stage)


def test_a_rule_of_the_moment_is_asked_again_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    asked_to_restart(stage)
    real = stage.trusted.steps
    monkeypatch.setattr(stage.trusted, "steps", lambda *given: real("t-nobody", *given[1:]))
    assert not counted_down(stage)
    assert stage.logged(log.RestartNotWaiting)[0].reason is Reason.NOT_ASSIGNED


def test_what_cannot_be_recorded_is_not_done() -> None:
    stage = Stage()
    asked_to_restart(stage)
    stage.disk = False
    assert not counted_down(stage)
    assert stage.returning is None
    assert ended(stage) == [EndCause.LOG_UNAVAILABLE]


def test_an_end_while_it_is_recorded_stops_it() -> None:
    stage = Stage()
    asked_to_restart(stage)
    talk = stage.core.handle(Fired(Timer.RESTART), stage.now)
    assert isinstance(next(talk), Record)
    stage.core.narrow_now()
    said = [talk.send(True), *talk]
    assert not any(isinstance(each, RestartPc | KeepReturn) for each in said)
    assert log.RestartFailed(session_id=SESSION, ask=2, reason=Reason.SESSION_OVER) in [getattr(each, "event", None) for each in said]


def test_a_way_back_that_cannot_be_kept_restarts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    far = asked_to_restart(stage)
    real = stage._record
    monkeypatch.setattr(stage, "_record", lambda command: False if isinstance(command, KeepReturn) else real(command))
    assert not counted_down(stage)
    assert far.statements(Label.WITHDRAWN)
    assert stage.logged(log.RestartFailed)[0].reason is Reason.RESTART_FAILED
    assert not ended(stage)


def test_a_system_that_does_not_restart_leaves_the_visit_and_no_way_back() -> None:
    stage = Stage(system=Reason.RESTART_FAILED)
    far = asked_to_restart(stage)
    assert counted_down(stage)
    assert stage.returning is None
    assert far.statements(Label.WITHDRAWN)
    assert stage.logged(log.RestartFailed)[0].reason is Reason.RESTART_FAILED
    assert stage.told(CloseRestart)
    assert not ended(stage)


def test_a_host_that_is_not_set_up_for_it_asks_nobody() -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    visit_of(stage).standing.ports = replace(stage.ports, restart_seconds=None)
    far.ask(Permission.RESTART)
    assert [each.reason for each in far.answers()] == [Reason.RESTART_NOT_SET_UP]


@pytest.mark.parametrize("why", ["system", "paused", "locked"])
def test_where_it_could_not_be_done_or_stopped_nobody_is_asked(why: str) -> None:
    stage = Stage(system_says=Reason.RESTART_NOT_ALLOWED if why == "system" else None)
    stage.online()
    far = stage.viewing()
    if why != "system":
        stage.says(PausePressed() if why == "paused" else CapturePaused(1, Reason.SCREEN_LOCKED))
    far.ask(Permission.RESTART)
    expected = {"system": Reason.RESTART_NOT_ALLOWED, "paused": Reason.VISIT_PAUSED, "locked": Reason.SCREEN_LOCKED}[why]
    assert [(each.answer, each.reason) for each in far.answers()] == [(Answer.POLICY, expected)]
    assert not stage.told(ShowPrompt)
    assert any(isinstance(each, FindRestart) for each in stage.did) is (why == "system")
