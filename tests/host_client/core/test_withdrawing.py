"""Control is taken back when the desk cannot inject: it stops first, the view stays, both sides can read it."""

from audit.events import host as log
from audit.events import visit as both
from host_client.core.events import Fired, Timer
from host_client.core.withdrawing import withdraw
from host_client.link import BannerState, CaptureStopped, ShowBanner, StopCapture, StopInput
from policy.decision import Reason
from policy.permissions import Lane, Permission
from tests.helpers.host_core import HOST, Far, Stage
from wire.messages.ledger import Withdrawn
from wire.schema import decode, read_part
from wire.sealed.inner import AnswerLost, FileOver
from wire.sealed.input import Batch, Key, encode_batch
from wire.statements import Label


def controlled() -> tuple[Stage, Far]:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    stage.allow()
    stage.wait(1)
    return stage, far


def test_a_desk_that_cannot_inject_loses_control_and_keeps_the_view() -> None:
    stage, far = controlled()
    stage.says(CaptureStopped(2, Reason.INPUT_UNAVAILABLE))
    assert stage.told(StopInput) == [StopInput(2)]
    assert stage.told(StopCapture) == []
    assert [each.state for each in stage.told(ShowBanner)] == [BannerState.VIEWING]
    said = read_part(Withdrawn, far.statements(Label.WITHDRAWN)[0].payload)
    assert (said.ask, said.permission, said.host_id) == (2, Permission.CONTROL, HOST)
    assert stage.logged(log.InputStopped)[0].ask == 2
    assert stage.logged(both.Withdrawn)[0].permission is Permission.CONTROL
    assert not stage.logged(both.SessionEnded)


def test_the_desk_hears_it_before_anybody_else() -> None:
    stage, _ = controlled()
    stage.says(CaptureStopped(2, Reason.INPUT_UNAVAILABLE))
    assert StopInput(2) in stage.told(StopInput)
    assert "StopInput" in repr(stage.did[0])


def test_what_still_arrives_under_it_has_no_effect() -> None:
    stage, far = controlled()
    stage.says(CaptureStopped(2, Reason.INPUT_UNAVAILABLE))
    far.record(Lane.INPUT, 2, encode_batch(Batch(1, 0, (Key("KeyA", down=True),))))
    assert stage.did == []
    assert not stage.logged(both.SessionEnded)


def test_what_the_other_end_never_heard_of_is_taken_back_by_its_number_and_nothing_else_is() -> None:
    stage, far = controlled()
    far.whisper(AnswerLost(7))
    assert stage.did == []
    far.whisper(AnswerLost(2))
    assert (stage.told(StopInput), stage.told(StopCapture)) == ([StopInput(2)], [])


def test_it_is_taken_back_once() -> None:
    stage, far = controlled()
    stage.says(CaptureStopped(2, Reason.INPUT_UNAVAILABLE))
    stage.says(CaptureStopped(2, Reason.INPUT_UNAVAILABLE))
    assert stage.did == []
    stage.give(Fired(Timer.RENEW))
    assert far.statements(Label.WITHDRAWN) == []


def test_without_control_nothing_is_taken_back() -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    stage.says(CaptureStopped(2, Reason.INPUT_UNAVAILABLE))
    assert stage.did == []
    assert far.statements(Label.WITHDRAWN) == []


def test_with_the_view_goes_what_rests_on_it_and_the_visit_stays() -> None:
    stage, far = controlled()
    visit = stage.core.visit
    assert visit is not None
    stage.perform(withdraw(visit.standing, Permission.VIEW, Reason.NOT_ASSIGNED, stage.now))
    assert (stage.told(StopInput), stage.told(StopCapture)) == ([StopInput(2)], [StopCapture(1)])
    assert [read_part(Withdrawn, each.payload).permission for each in far.statements(Label.WITHDRAWN)] == [
        Permission.CONTROL,
        Permission.VIEW,
    ]
    assert [each.state for each in stage.told(ShowBanner)] == [BannerState.ASKED]
    assert not stage.logged(both.SessionEnded)


def test_what_was_not_granted_is_not_taken() -> None:
    stage, far = controlled()
    visit = stage.core.visit
    assert visit is not None
    stage.perform(withdraw(visit.standing, Permission.CONTROL, Reason.NOT_ASSIGNED, stage.now))
    assert stage.perform(withdraw(visit.standing, Permission.CONTROL, Reason.NOT_ASSIGNED, stage.now)) == []
    assert far.statements(Label.WITHDRAWN) == []


def test_while_the_line_is_cut_it_is_kept_to_be_told_later() -> None:
    stage, far = controlled()
    visit = stage.core.visit
    assert visit is not None
    visit.standing.parted = True
    said = FileOver(2, Reason.FILE_CHANGED)
    stage.perform(withdraw(visit.standing, Permission.CONTROL, Reason.NOT_ASSIGNED, stage.now, saying=(said,)))
    assert far.statements(Label.WITHDRAWN) == []
    assert far.opened() == []
    assert visit.standing.unsaid == [said]
    assert [each.label for each in visit.standing.untold] == [Label.WITHDRAWN]


def test_what_is_said_about_it_goes_inside_the_seals_and_before_the_statement() -> None:
    stage, far = controlled()
    visit = stage.core.visit
    assert visit is not None
    said = FileOver(2, Reason.FILE_CHANGED)
    stage.perform(withdraw(visit.standing, Permission.CONTROL, None, stage.now, done=True, saying=(said,)))
    assert stage.told(StopInput) == [StopInput(2)]
    assert decode(far.opened()[0][1], FileOver) == said
    assert [read_part(Withdrawn, each.payload).done for each in far.statements(Label.WITHDRAWN)] == [True]


def test_before_the_ends_have_proven_themselves_there_is_nobody_to_say_it_to() -> None:
    stage = Stage()
    stage.online()
    stage.admitted()
    visit = stage.core.visit
    assert visit is not None
    said = FileOver(2, Reason.FILE_CHANGED)
    assert stage.perform(withdraw(visit.standing, Permission.FILE_TO_HOST, None, stage.now, saying=(said,))) == []
