"""Who can answer a prompt: the person at the PC, and nobody else."""

import pytest

from host_client.desk.input_x11 import XInjector
from host_client.link import ClosePrompt, Given, InjectorBlocked, PromptAnswered, ShowPrompt
from policy.permissions import Permission
from tests.helpers.desk_process import IDLE, DeskProcess, desk_process
from tests.helpers.x_server import XScreen, hand, openbox

LINES = ("Dana Ortiz, Example Instruments, wants to see your screen.", "Reason: fault")
ATTEMPTS = 50


def prompt(ask: int = 1, permission: Permission = Permission.VIEW, armed_after_ms: int = 100) -> ShowPrompt:
    return ShowPrompt(ask, permission, LINES, 60, armed_after_ms)


async def allow_by_hand(desk: DeskProcess, screen: XScreen) -> None:
    at = desk.button("allow")
    async with hand(screen) as person:
        await person.click(at.x, at.y)
        assert desk.expect(PromptAnswered) == PromptAnswered(1, Given.ALLOW)


async def test_the_person_allows_with_the_mouse_of_the_pc(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(prompt())
        await allow_by_hand(desk, screen)


async def test_the_person_allows_where_there_is_no_window_manager(screen: XScreen) -> None:
    with desk_process(screen) as (desk, _):
        desk.tell(prompt(permission=Permission.CONTROL))
        await allow_by_hand(desk, screen)


async def test_the_person_allows_with_the_keyboard_of_the_pc(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(prompt())
        desk.button("allow")
        desk.button("refuse", focused=True)
        async with hand(screen) as person:
            await person.press("Tab")
            desk.button("allow", focused=True)
            await person.press("space")
            assert desk.expect(PromptAnswered) == PromptAnswered(1, Given.ALLOW)


def test_one_hundred_presses_of_an_injector_allow_nothing(screen: XScreen) -> None:
    """Case 29 of docs/threats.md: mouse and keyboard through XTEST, from another process than the desk's."""
    with openbox(screen), desk_process(screen) as (desk, _), XInjector(screen.display) as injector:
        desk.tell(prompt())
        at = desk.button("allow")
        injector.move(at.x, at.y)
        for _ in range(ATTEMPTS):
            injector.button(1, True)
            injector.button(1, False)
            assert desk.expect(InjectorBlocked) == InjectorBlocked(1)
        for _ in range(ATTEMPTS):
            for name in ("Tab", "Space"):
                injector.key(name, True)
                injector.key(name, False)
            assert desk.expect(InjectorBlocked) == InjectorBlocked(1)
        desk.tell(ClosePrompt(1))
        assert desk.settle() == []


async def test_a_person_can_still_allow_after_an_injector_tried(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _), XInjector(screen.display) as injector:
        desk.tell(prompt())
        at = desk.button("allow")
        injector.move(at.x, at.y)
        injector.button(1, True)
        injector.button(1, False)
        desk.expect(InjectorBlocked)
        at = desk.button("allow")
        async with hand(screen) as person:
            await person.click(at.x, at.y)
            assert desk.expect(PromptAnswered) == PromptAnswered(1, Given.ALLOW)


async def test_half_a_click_of_a_person_is_no_click(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _), XInjector(screen.display) as injector:
        desk.tell(prompt())
        at = desk.button("allow")
        async with hand(screen) as person:
            await person.move(at.x, at.y)
            injector.button(1, True)
            await person.click(at.x, at.y)
            injector.button(1, False)
            await person.press("Escape")
            heard = desk.until(PromptAnswered)
        assert heard[-1] == PromptAnswered(1, Given.REFUSE)


@pytest.mark.parametrize("key", ["Escape", "Return"])
async def test_escape_and_enter_refuse(screen: XScreen, key: str) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(prompt())
        desk.button("refuse", focused=True)
        async with hand(screen) as person:
            await person.press(key)
            assert desk.expect(PromptAnswered) == PromptAnswered(1, Given.REFUSE)


async def test_closing_the_window_refuses(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(prompt())
        desk.button("refuse", focused=True)
        async with hand(screen) as person:
            await person.press("Alt", "F4")
            assert desk.expect(PromptAnswered) == PromptAnswered(1, Given.REFUSE)


async def test_nothing_can_be_allowed_before_the_prompt_is_armed(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(prompt(armed_after_ms=60_000))
        at = desk.button("allow", enabled=False)
        desk.button("refuse", focused=True)
        async with hand(screen) as person:
            for _ in range(10):
                await person.click(at.x, at.y)
            await person.press("Escape")  # whatever the presses before it had done would be said before this
            assert desk.expect(PromptAnswered) == PromptAnswered(1, Given.REFUSE)


async def test_an_answer_is_given_once(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(prompt())
        at = desk.button("refuse")
        async with hand(screen) as person:
            for _ in range(5):
                await person.click(at.x, at.y)
            assert desk.expect(PromptAnswered) == PromptAnswered(1, Given.REFUSE)
            desk.tell(ClosePrompt(1))
            desk.until_gone("refuse")
            desk.tell(prompt(2))
            desk.button("refuse", focused=True)
            await person.press("Escape")
            assert desk.until(PromptAnswered) == [PromptAnswered(2, Given.REFUSE)]


def test_a_closed_prompt_answers_nothing_and_is_gone(screen: XScreen) -> None:
    with openbox(screen), desk_process(screen) as (desk, _):
        desk.tell(IDLE)
        desk.tell(prompt(7))
        desk.button("allow")
        desk.tell(ClosePrompt(3))
        desk.settle()
        assert desk.button("refuse").enabled
        desk.tell(ClosePrompt(7))
        desk.until_gone("refuse")
        assert desk.settle() == []
