"""The guardian as it is started, at a broker as it is started, with a scripted desk and a scripted console."""

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.link import (
    BannerState,
    CancelHelp,
    CaptureStopped,
    EndPressed,
    GetHelp,
    Given,
    PictureShown,
    PromptAnswered,
    ShowAttempt,
    ShowBanner,
    ShowCode,
    ShowCodeOver,
    ShowPrompt,
    ShowSummary,
    StartCapture,
    StopCapture,
    StopInput,
)
from host_client.link_frames import Input
from policy.decision import Reason
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.host_process import logged_at_host
from tests.helpers.scripted_console import CodeHalfWrong, ScriptedVisit
from tests.helpers.visit_place import Place, place, whole_frame
from wire.code import read_code
from wire.messages.ledger import Answer
from wire.sealed.inner import Notice
from wire.sealed.input import Key, Move, decode_batch

__all__ = ["broker", "place"]
pytestmark = ON_ONE_LOOP


async def until_notice(visit: ScriptedVisit, notice: Notice) -> bool:
    while await visit.notice() is not notice:
        pass
    return True


async def test_a_lab_user_is_helped_from_code_to_goodbye(place: Place) -> None:
    visit = await place.sealed()
    await visit.request(Permission.VIEW, "the needle is stuck")
    prompt = await place.allow()
    assert any("the needle is stuck" in line for line in prompt.lines)
    assert "Anna Example" in prompt.lines[0]
    answered, shown = await visit.answer()
    assert answered.answer is Answer.ALLOW
    assert shown.split("\n") == list(prompt.lines)
    grant = (await place.desk.until(StartCapture)).grant
    sent = whole_frame(1)
    place.show(grant, *sent)
    assert tuple(await visit.next_frame()) == sent
    assert (await place.desk.until(ShowBanner)).state is BannerState.VIEWING
    assert (await place.desk.until(PictureShown)).frame == 1
    place.desk.say(EndPressed())
    assert await visit.over() is EndCause.HOST_ENDED
    await place.desk.until(StopCapture)
    await place.desk.until(ShowSummary)
    shown_prompt = place.host.events(log.PromptShown)[-1]
    assert shown_prompt.prompt == prompt.lines


async def test_control_is_asked_by_itself_and_only_then_keys_reach_the_desk(place: Place) -> None:
    visit = await place.controlling()
    await visit.input(Move(10, 20), Key("Enter", down=True))
    injected = await place.desk.until(Input)
    assert decode_batch(injected.batch).events == (Move(10, 20), Key("Enter", down=True))
    await visit.end()
    assert await visit.over() is EndCause.TECHNICIAN_ENDED
    assert isinstance(await place.desk.until(StopInput), StopInput)
    assert [event.permission for event in place.host.events(both.Answered)][-2:] == [Permission.VIEW, Permission.CONTROL]


async def test_control_refused_leaves_the_view(place: Place) -> None:
    visit = await place.viewing()
    await visit.request(Permission.CONTROL)
    await place.refuse()
    answered, _ = await visit.answer()
    assert (answered.answer, answered.reason) == (Answer.REFUSE, Reason.REFUSED_BY_PERSON)
    sent = whole_frame(2)
    place.show(visit.grants[Permission.VIEW], *sent)
    assert tuple(await visit.next_frame()) == sent
    await visit.end()
    assert await visit.over() is EndCause.TECHNICIAN_ENDED


async def test_a_refused_view_ends_the_visit(place: Place) -> None:
    visit = await place.sealed()
    await visit.request(Permission.VIEW)
    await place.refuse()
    answered, _ = await visit.answer()
    assert answered.answer is Answer.REFUSE
    assert await visit.over() is EndCause.REFUSED
    await place.desk.until(ShowSummary)


async def test_an_allow_in_the_first_second_is_none(place: Place) -> None:
    visit = await place.sealed()
    await visit.request(Permission.VIEW)
    prompt = await place.desk.until(ShowPrompt)
    place.desk.say(PromptAnswered(prompt.ask, Given.ALLOW))
    place.desk.say(PromptAnswered(prompt.ask, Given.REFUSE))
    answered, _ = await visit.answer()
    assert answered.answer is Answer.REFUSE
    assert await visit.over() is EndCause.REFUSED


async def test_three_wrong_second_halves_burn_the_code(place: Place) -> None:
    code = await place.code()
    visit = await place.console.enter(code, place.host.known)
    wrong = "0000" if read_code(code).second != "0000" else "1111"
    for left in (2, 1, 0):
        with pytest.raises(CodeHalfWrong) as failed:
            await visit.agree(wrong)
        assert failed.value.runs_left == left
        assert (await place.desk.until(ShowAttempt)).tries_left == left
    assert await visit.over() is EndCause.CODE_BURNT
    assert (await place.desk.until(ShowCodeOver)).reason is Reason.CODE_BURNT
    assert await place.console.claim(code) in {Reason.CODE_BURNT, Reason.CODE_WRONG}


async def test_a_second_try_with_the_right_half_works(place: Place) -> None:
    code = await place.code()
    visit = await place.console.enter(code, place.host.known)
    with pytest.raises(CodeHalfWrong):
        await visit.agree("0000" if read_code(code).second != "0000" else "1111")
    await visit.agree(read_code(code).second)
    await visit.identify()
    place.desk.say(EndPressed())
    assert await visit.over() is EndCause.HOST_ENDED


async def test_a_code_that_was_taken_back_is_worth_nothing(place: Place) -> None:
    code = await place.code()
    place.desk.say(CancelHelp())
    place.desk.say(GetHelp())
    fresh = (await place.desk.until(ShowCode)).code
    assert fresh != code
    assert isinstance(await place.console.claim(code), Reason)
    place.desk.say(CancelHelp())


async def test_a_desk_without_a_screen_ends_the_visit_and_says_so(place: Place) -> None:
    visit = await place.viewing()
    place.desk.say(CaptureStopped(visit.grants[Permission.VIEW], Reason.NO_SCREEN))
    assert await visit.over() is EndCause.DESK_LOST
    assert place.host.events(log.CaptureStopped)[-1].reason is Reason.NO_SCREEN


async def test_input_that_was_held_back_is_dropped_and_said_so(place: Place) -> None:
    visit = await place.controlling()
    before = len(place.desk.heard)
    await visit.input(Key("Enter", down=True), milliseconds=visit.now_ms() + 60_000)
    assert await until_notice(visit, Notice.INPUT_STALE)
    await visit.input(Key("KeyA", down=True))
    await place.desk.until(Input)
    kept = [decode_batch(each.batch).events for each in place.desk.heard[before:] if isinstance(each, Input)]
    assert kept == [(Key("KeyA", down=True),)]
    await visit.end()
    assert await visit.over() is EndCause.TECHNICIAN_ENDED
    assert (await logged_at_host(place.host, log.InputDropped)).count == 1
