"""The terminal: the same rules as the windows, told in words."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from host_client.desk.terminal import TerminalUi
from host_client.link import (
    BannerState,
    CallsRead,
    CancelHelp,
    CaptureStopped,
    ChatClosed,
    ChatLine,
    ChatNotSent,
    ChatOpened,
    ChatSaid,
    EndPressed,
    FetchClipboard,
    GetHelp,
    Given,
    InjectorBlocked,
    KeepOpenPressed,
    Online,
    PausePressed,
    PromptAnswered,
    PutClipboard,
    ResumePressed,
    SecondStep,
    ShowAdmitted,
    ShowAttempt,
    ShowBanner,
    ShowCalls,
    ShowCode,
    ShowCodeOver,
    ShowIdle,
    ShowPrompt,
    ShowSecond,
    ShowSummary,
    StartClipboard,
    StopClipboard,
    TakeBackPressed,
    WatchStopped,
    WatchWanted,
)
from host_client.link_files import FilePicking, FileShown, FileStop
from host_client.link_frames import ToGuardian
from host_client.link_restart import RestartStopped, ShowRestart, ShowReturning
from host_client.ports import Reading, Shown, Unreadable
from policy.decision import Reason
from policy.permissions import Direction, Permission
from runtime.catalogues import LANGUAGES, catalogue

PROMPT = ShowPrompt(4, Permission.CONTROL, ("Dana Ortiz asks to use mouse and keyboard here.", "Why: fault, case 7"), 60, 0)
VIEW = replace(PROMPT, permission=Permission.VIEW)
BANNER = ShowBanner("Dana Ortiz", "Example Instruments", BannerState.VIEWING, 60, 3600, ())
IDLE = ShowIdle(Online.REFUSED, "Analyser 7", "Example Instruments", "K7QF 2M9X", Reason.HOST_NOT_LISTED)


class Keyboard(io.StringIO):
    """Something that looks like a terminal."""

    def isatty(self) -> bool:
        return True


class Told:
    """A terminal, what stands on it, and what it reported."""

    def __init__(
        self,
        *,
        injected: Callable[[], bool] = lambda: False,
        provable: Callable[[], bool] = lambda: True,
        keys: io.StringIO | None = None,
        language: str = "en",
    ) -> None:
        self.paper = io.StringIO()
        self.heard: list[ToGuardian] = []
        self.picked: list[tuple[int, Path]] = []
        console = Console(file=self.paper, width=90, highlight=False)
        self.ui = TerminalUi(
            catalogue(language),
            self.heard.append,
            lambda: None,
            lambda ask, place: self.picked.append((ask, place)),
            injected,
            provable,
            keys=keys or Keyboard(),
            console=console,
        )

    @property
    def text(self) -> str:
        return " ".join(self.paper.getvalue().replace("┃", " ").replace("│", " ").split())


def test_the_word_allows_and_anything_else_refuses() -> None:
    for word, given in (("allow", Given.ALLOW), ("ALLOW", Given.ALLOW), ("yes", Given.REFUSE), ("", Given.REFUSE), ("e", Given.REFUSE)):
        told = Told()
        told.ui.show(PROMPT)
        told.ui.typed(word)
        assert told.heard == [PromptAnswered(4, given)]


def test_the_french_word_allows_in_french() -> None:
    told = Told(language="fr")
    told.ui.show(PROMPT)
    told.ui.typed("autoriser")
    assert told.heard == [PromptAnswered(4, Given.ALLOW)]


def test_a_word_before_the_prompt_is_armed_counts_for_nothing_and_a_refusal_counts_at_once() -> None:
    told = Told()
    told.ui.show(replace(PROMPT, armed_after_ms=60_000))
    told.ui.typed("allow")
    assert told.heard == []
    assert "too early" in told.text
    told.ui.typed("no")
    assert told.heard == [PromptAnswered(4, Given.REFUSE)]


def test_a_word_that_an_injector_typed_is_reported_and_not_counted() -> None:
    told = Told(injected=lambda: True)
    told.ui.show(PROMPT)
    told.ui.typed("allow")
    assert told.heard == [InjectorBlocked(4)]
    assert catalogue("en").text("desk-prompt-injected") in told.text
    told.ui.typed("no")
    assert told.heard[-1] == PromptAnswered(4, Given.REFUSE)


def test_nothing_wider_than_view_is_allowed_where_keys_cannot_be_told_apart() -> None:
    told = Told(provable=lambda: False)
    told.ui.show(PROMPT)
    told.ui.typed("allow")
    assert told.heard == []
    assert catalogue("en").text("desk-prompt-unproven") in told.text
    told.ui.show(VIEW)
    told.ui.typed("allow")
    assert told.heard == [PromptAnswered(4, Given.ALLOW)]


def test_keys_mean_what_the_moment_allows() -> None:
    told = Told()
    for key in ("h", "c", "e", "?"):
        told.ui.typed(key)
    assert told.heard == [GetHelp(), CancelHelp(), EndPressed()]
    assert "Not a key" in told.text
    told.ui.show(BANNER)
    for key in ("h", "c", "e"):
        told.ui.typed(key)
    assert told.heard[3:] == [EndPressed()]
    told.ui.show(ShowSummary(("Visitor: Dana Ortiz",)))
    told.ui.typed("h")
    assert told.heard[-1] == GetHelp()


def test_a_closed_prompt_takes_no_answer() -> None:
    told = Told()
    told.ui.show(PROMPT)
    told.ui.close_prompt(3)
    told.ui.close_prompt(4)
    told.ui.typed("allow")
    assert told.heard == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_told_in_every_language(language: str) -> None:
    words = catalogue(language)
    states: dict[Shown, tuple[str, ...]] = {
        IDLE: (words.text("online-refused"), words.text_at_host("reason-host_not_listed"), "K7QF 2M9X"),
        replace(IDLE, online=Online.READY, why=None): (words.text("online-ready"),),
        ShowCode("482-913 K7QF-2M9X", 600): ("482-913 K7QF-2M9X", words.text("desk-code-read")),
        ShowAttempt(1): (words.text("desk-attempt", left=1),),
        ShowCodeOver(Reason.CODE_BURNT): (words.text("desk-code-over"),),
        ShowAdmitted(): (words.text("desk-admitted"),),
        PROMPT: (PROMPT.lines[0], "fault, case 7", words.text("desk-prompt-left", seconds=60)),
        BANNER: ("Dana Ortiz", words.text("banner-viewing"), "00:01"),
        ShowSummary(("Visitor: Dana Ortiz", "Over.")): (words.text("desk-summary-title"), "Dana Ortiz", "Over."),
    }
    for state, expected in states.items():
        told = Told(language=language)
        told.ui.show(state)
        assert [line for line in expected if line not in told.text] == []


def test_what_others_wrote_cannot_steer_the_terminal() -> None:
    told = Told()
    told.ui.show(replace(PROMPT, lines=("\x1b[2JDana\r asks", "Why: \x1b]0;title\x07 \x9b31m")))
    drawn = told.paper.getvalue()
    assert not any(sign in drawn.replace("\x07", "", 1) for sign in "\x1b\r\x9b\x07")
    assert "[2JDana asks" in drawn


def test_without_a_keyboard_it_says_that_nothing_can_be_pressed() -> None:
    told = Told(keys=io.StringIO())
    told.ui.show(PROMPT)
    assert catalogue("en").text("desk-terminal-no-keys") in told.text
    assert catalogue("en").text("desk-terminal-allow-word") + "”" not in told.text


def test_remaining_seconds_are_counted_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("host_client.desk.terminal.time.monotonic", lambda: now)
    told = Told()
    told.ui.show(PROMPT)
    for now in (1015.0, 1015.2, 1055.0, 1056.0):  # noqa: B007  # the clock reads it
        told.ui._count()
    assert told.text.count("45 seconds to answer") == 1
    assert told.text.count("5 seconds to answer") == 2


def test_who_asks_to_be_called_is_told_and_put_away_with_a_key() -> None:
    told = Told()
    told.ui.show(ShowCalls(()))
    assert told.text == ""
    told.ui.show(ShowCalls(("Ann, Acme: fault, case 7", "Ben, Acme: update, case 8")))
    assert "Ben, Acme: update, case 8" in told.text
    assert "2 requests" in told.text
    told.ui.typed("r")
    assert told.heard == [CallsRead()]
    without_keys = Told(keys=io.StringIO())
    without_keys.ui.show(ShowCalls(("Ann, Acme: fault, case 7",)))
    assert "Get help" not in without_keys.text


def test_without_windows_there_is_no_clipboard_and_whoever_asked_for_it_hears_so() -> None:
    told = Told()
    told.ui.show(StartClipboard(3, Direction.TO_HOST))
    assert told.heard == [CaptureStopped(3, Reason.NO_CLIPBOARD)]
    for said in (PutClipboard(3, 1, "secret"), FetchClipboard(3, 1), StopClipboard(3)):
        told.ui.show(said)
    assert len(told.heard) == 1
    assert told.text == ""


def writing(told: Told) -> Told:
    told.ui.show(BANNER)
    told.ui.show(ChatOpened("Dana Ortiz"))
    return told


def test_the_person_writes_and_reads_and_no_line_of_a_message_passes_for_one_of_ours() -> None:
    told = writing(Told())
    told.ui.typed("m yes, since \u202enine")
    assert told.heard == [ChatSaid("yes, since nine")]
    told.ui.show(ChatLine(mine=False, text="one\nYou allowed it.\x1b[2J"))
    told.ui.show(ChatLine(mine=True, text="yes"))
    assert "  \u2502 You allowed it." in told.paper.getvalue()
    assert "\x1b[2J" not in told.paper.getvalue()
    told.ui.show(ChatNotSent(Reason.TOO_FAST))
    assert catalogue("en").text("reason-too_fast") in told.text
    told.ui.show(ChatClosed(Reason.PHI_POLICY))
    told.ui.typed("m more")
    assert len(told.heard) == 1


def test_what_an_injector_typed_or_may_have_typed_is_not_sent() -> None:
    told = writing(Told(injected=lambda: True))
    told.ui.typed("m I allow everything")
    unproven = writing(Told(provable=lambda: False))
    unproven.ui.typed("m nobody is in control yet")
    unproven.ui.show(replace(BANNER, state=BannerState.CONTROLLING))
    unproven.ui.typed("m I allow everything")
    assert told.heard == []
    assert unproven.heard == [ChatSaid("nobody is in control yet")]


@pytest.mark.parametrize("line", ["m", "m  ", "m " + "x" * 4001, "message"])
def test_what_is_no_message_is_not_sent(line: str) -> None:
    told = writing(Told())
    told.ui.typed(line)
    assert told.heard == []
    told.ui.show(ShowSummary(("Over.",)))
    told.ui.typed("m too late")
    assert told.heard == []


def test_a_file_that_is_over_is_stopped_no_more_and_another_one_still_is() -> None:
    told = Told()
    told.ui.show(BANNER)
    told.ui.show(FileShown(7, Permission.FILE_TO_HOST, "a.txt", 10, 100, 0, 0, waits=False))
    told.ui.close_file(6)
    told.ui.typed("x")
    assert told.heard == [FileStop(7)]
    told.ui.close_file(7)
    told.ui.typed("x")
    assert told.heard == [FileStop(7)]


def test_a_file_that_waits_for_its_line_says_so_once_each_time() -> None:
    told = Told()
    told.ui.show(BANNER)
    moving = FileShown(7, Permission.FILE_TO_HOST, "a.txt", 10, 100, 0, 0, waits=False)
    waits = replace(moving, waits=True)
    for each in (moving, waits, waits, replace(moving, done=30), waits):
        told.ui.show(each)
    assert told.text.count("Waiting for the line") == 2


def test_a_pause_and_what_is_taken_back_are_one_key_each_and_going_on_is_no_injectors() -> None:
    for injected in (False, True):
        told = Told(injected=lambda injected=injected: injected)  # type: ignore[misc]
        for key in ("p", "t"):
            told.ui.typed(key)
        assert told.heard == []  # nobody visits
        told.ui.show(BANNER)
        for key in ("p", "t"):
            told.ui.typed(key)
        assert told.heard == [PausePressed(), TakeBackPressed(Permission.CONTROL)]
        told.ui.show(replace(BANNER, state=BannerState.PAUSED))
        told.ui.typed("p")
        assert told.heard[2:] == ([] if injected else [ResumePressed()])


def test_one_key_lets_a_second_person_watch_and_takes_it_back() -> None:
    """Mutations that were tried: it works while nobody visits; an injector may; whoever cannot be told from one may while the technician
    has the keyboard; the same key asks for another code where one is shown; the step of a visit that is over stands in the next.
    """
    told = Told()
    told.ui.typed("w")
    assert told.heard == []  # nobody visits
    told.ui.show(BANNER)
    told.ui.typed("w")
    for step in (SecondStep.CODE, SecondStep.CHECKING, SecondStep.WATCHING):
        told.ui.show(ShowSecond(step, code="482-913 K7QF-2M9X", name="Bob", company="Acme"))
        told.ui.typed("w")
    told.ui.show(ShowSecond(SecondStep.NOBODY))
    told.ui.typed("w")
    assert told.heard == [WatchWanted(), WatchStopped(), WatchStopped(), WatchStopped(), WatchWanted()]
    assert "482-913 K7QF-2M9X" in told.text
    assert catalogue("en").text("desk-second-watching", name="Bob", company="Acme") in told.text
    told.ui.show(ShowSecond(SecondStep.WATCHING, name="Bob", company="Acme"))
    told.ui.show(ShowSummary(("Over.",)))
    told.ui.typed("w")
    assert told.heard[5:] == []
    told.ui.show(BANNER)
    told.ui.typed("w")
    assert told.heard[5:] == [WatchWanted()], "who watched the visit before is gone with it"


@pytest.mark.parametrize(("injected", "provable"), [(True, True), (False, False)])
def test_only_a_person_lets_a_second_one_watch_and_anybody_may_stop_him(*, injected: bool, provable: bool) -> None:
    told = Told(injected=lambda: injected, provable=lambda: provable)
    told.ui.show(replace(BANNER, state=BannerState.CONTROLLING, granted=(Permission.VIEW, Permission.CONTROL)))
    told.ui.typed("w")
    assert told.heard == []
    assert catalogue("en").text("desk-prompt-injected") in told.text
    told.ui.show(ShowSecond(SecondStep.WATCHING, name="Bob", company="Acme"))
    told.ui.typed("w")
    assert told.heard == [WatchStopped()]


def test_a_visit_that_ends_because_nobody_does_anything_says_so_and_one_key_keeps_it_open() -> None:
    told = Told()
    told.ui.show(replace(BANNER, idle=60))
    assert "the visit ends in 60 s" in told.text
    told.ui.typed("k")
    assert told.heard == [KeepOpenPressed()]


PICK = replace(PROMPT, permission=Permission.FILE_FROM_HOST, pick=True)


def test_a_path_picks_what_would_be_sent_and_anything_else_refuses() -> None:
    told = Told()
    told.ui.show(PICK)
    assert catalogue("en").text("desk-terminal-pick") in told.text
    told.ui.typed("/data/run.csv")
    assert (told.picked, told.heard) == ([(4, Path("/data/run.csv"))], [FilePicking(4)])
    told.ui.show(Reading(4, 50))
    told.ui.show(Unreadable(4, Reason.FILE_UNREADABLE))
    assert catalogue("en").text("reason-file_unreadable") in told.text
    told.ui.typed("allow")
    assert told.heard[-1] == PromptAnswered(4, Given.REFUSE)


def test_a_path_that_an_injector_typed_or_before_the_prompt_is_armed_picks_nothing() -> None:
    for told, prompt in (
        (Told(injected=lambda: True), PICK),
        (Told(), replace(PICK, armed_after_ms=60_000)),
        (Told(provable=lambda: False), PICK),
    ):
        told.ui.show(prompt)
        told.ui.typed("/data/run.csv")
        assert told.picked == []


def test_a_restart_is_told_with_the_key_that_stops_it_and_so_is_who_may_come_back() -> None:
    told = Told()
    told.ui.show(ShowRestart(4, 30))
    told.ui.typed("s")
    assert told.heard == [RestartStopped(4)]
    told.ui.close_restart(3)
    told.ui.close_restart(4)
    told.ui.typed("s")
    assert told.heard == [RestartStopped(4)]
    assert "The countdown is over" in told.text
    told.ui.show(ShowReturning("Dana Ortiz", "Example Instruments", 540))
    assert "Dana Ortiz, Example Instruments may come back." in told.text
    told.ui.typed("c")
    assert told.heard[-1] == CancelHelp()
