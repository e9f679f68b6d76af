"""Prompts where presses cannot be proven, and where the text is longer than the screen. Real presses: ../test_prompt.py."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from host_client.desk.qt.banner import bottom
from host_client.desk.qt.prompt import PromptWindow
from host_client.desk.witness import PressWitness
from host_client.link import Given, InjectorBlocked, PromptAnswered, ShowPrompt
from host_client.link_files import FilePicking
from host_client.ports import Reading, Unreadable
from policy.decision import Reason
from policy.permissions import Permission
from runtime.catalogues import catalogue
from tests.host_client.desk.qt.conftest import MONITORS, Heard, until

WORDS = catalogue("en")
LINES = ("Dana Ortiz asks.", "Why: fault", WORDS.text("prompt-not-files"), WORDS.text("prompt-end-any-time"))
Make = Callable[..., PromptWindow]


class Seen:
    """A witness that always says the same."""

    def __init__(self, *, available: bool, physical: bool = False) -> None:
        self.available, self._physical = available, physical

    def physical(self, times: list[int]) -> bool:
        return self._physical and bool(times)


@pytest.fixture
def make(heard: Heard) -> Iterator[Make]:
    made: list[PromptWindow] = []

    def one(permission: Permission, witness: PressWitness | None, lines: tuple[str, ...] = LINES, *, managed: bool = True) -> PromptWindow:
        asked = ShowPrompt(5, permission, lines, 60, 0)
        window = PromptWindow(asked, WORDS, witness, heard.append, lambda _ask, _place: None, managed=managed)
        made.append(window)
        window.show()
        return window

    yield one
    for window in made:
        window.put_away()


@pytest.mark.parametrize("witness", [None, Seen(available=False, physical=True)])
def test_control_cannot_be_allowed_where_presses_cannot_be_proven(make: Make, heard: Heard, witness: PressWitness | None) -> None:
    window = make(Permission.CONTROL, witness)
    assert until(window._note.isVisible)
    assert not window.allow.isEnabled()
    assert window._note.words == WORDS.text("desk-prompt-unproven")
    window._pressed(window.allow, lambda: window._answer(Given.ALLOW))
    assert heard == []
    window.refuse.click()
    assert heard == [PromptAnswered(5, Given.REFUSE)]


def test_view_can_be_allowed_there(make: Make, heard: Heard) -> None:
    window = make(Permission.VIEW, None)
    assert until(window.allow.isEnabled)
    window.allow.click()
    assert heard == [PromptAnswered(5, Given.ALLOW)]


def test_a_proof_that_is_lost_between_is_no_proof(make: Make, heard: Heard) -> None:
    witness = Seen(available=True, physical=True)
    window = make(Permission.CONTROL, witness)
    assert until(window.allow.isEnabled)
    witness.available = False
    window.allow.touches = [1, 2]
    window._pressed(window.allow, lambda: window._answer(Given.ALLOW))
    assert heard == []
    assert window._note.words == WORDS.text("desk-prompt-unproven")


def test_a_press_without_touches_is_an_injectors(make: Make, heard: Heard) -> None:
    window = make(Permission.VIEW, Seen(available=True, physical=True))
    assert until(window.allow.isEnabled)
    window.allow.click()
    assert heard == [InjectorBlocked(5)]


@pytest.mark.parametrize("managed", [True, False])
def test_answers_stay_on_the_screen_whatever_the_length_of_the_text(make: Make, managed: bool) -> None:
    window = make(Permission.VIEW, None, tuple(f"Line {number}: " + "words " * 60 for number in range(15)), managed=managed)
    assert window.y() >= bottom()
    assert window.y() + window.height() <= MONITORS[0][3]
    for each in (window.allow, window.refuse):
        assert window.rect().contains(each.mapTo(window, each.rect().bottomRight()))


def test_every_line_is_there_whole_and_in_order(make: Make) -> None:
    window = make(Permission.VIEW, None)
    named = [each.accessibleName() or each.text() for each in window.findChildren(QLabel)]
    assert [line for line in LINES if line not in named] == []


def test_seconds_count_down_in_words_and_never_below_nothing(make: Make) -> None:
    window = make(Permission.VIEW, None)
    window._tick()
    assert window._time.words == WORDS.text("desk-prompt-left", seconds=59)
    for _ in range(70):
        window._tick()
    assert window._time.words == WORDS.text("desk-prompt-left", seconds=0)


# ---- a file of this PC


@pytest.fixture(autouse=True)
def _windows(qt: QApplication) -> QApplication:
    return qt


def picking(heard: Heard, picked: list[tuple[int, Path]], witness: PressWitness | None) -> PromptWindow:
    asked = ShowPrompt(5, Permission.FILE_FROM_HOST, LINES, 60, 0, pick=True)
    window = PromptWindow(asked, WORDS, witness, heard.append, lambda ask, place: picked.append((ask, place)), managed=True)
    window.show()
    return window


def shown_dialog(window: PromptWindow) -> QFileDialog:
    assert window._dialog is not None
    return window._dialog


def test_the_person_looks_for_a_file_in_a_dialog_and_nothing_is_allowed_by_that(heard: Heard, tmp_path: Path) -> None:
    place = str(tmp_path / "run.csv")
    picked: list[tuple[int, Path]] = []
    window = picking(heard, picked, Seen(available=True, physical=True))
    assert until(window._allows[0].isEnabled)
    for folder, each in enumerate(window._allows):
        each.touches = [1, 2]
        window._pressed(each, partial(window._look, folder=bool(folder)))
        dialog = shown_dialog(window)
        assert dialog.isVisible()
        dialog.close()
    assert heard == [FilePicking(5)], "once is enough"
    shown_dialog(window).fileSelected.emit(place)
    assert picked == [(5, tmp_path / "run.csv")]
    assert not window._allows[0].isEnabled()
    window.picked(Reading(5, 50))
    assert "50" in window._note.words
    window.picked(Unreadable(5, Reason.FILE_UNREADABLE))
    assert window._note.words == WORDS.text("reason-file_unreadable")
    assert window._allows[0].isEnabled()
    window.put_away()
    shown_dialog(window).fileSelected.emit(place)
    assert len(picked) == 1, "the question is over"


def test_an_injector_cannot_pick(heard: Heard) -> None:
    window = picking(heard, [], Seen(available=True))
    assert until(window._allows[0].isEnabled)
    window._allows[0].click()
    assert window._dialog is None
    assert heard == [InjectorBlocked(5)]
    window.put_away()
