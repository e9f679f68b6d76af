"""The Ui port in a terminal. Same messages, same rules as the windows; nothing is drawn, only told.

Allowing is deliberate: the word that is shown must be typed. Anything else refuses, and what was typed before the
prompt was armed counts for nothing. Without a keyboard (standard input is no terminal) prompts run out unanswered.
"""

import queue
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TextIO, assert_never

from rich.box import HEAVY, ROUNDED
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from host_client.desk.facts import parted, progress_line
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
from host_client.ports import OfTheChat, OfTheClipboard, OfThePick, PickPort, Reading, Shown, Unreadable
from policy.decision import Reason
from policy.permissions import Permission
from runtime.catalogues import Catalogue
from wire.limits import CHAT_TEXT_MAX, HEARTBEAT_SECONDS
from wire.sealed.plain_text import cleaned

_WIDTH_MAX = 100
"""Columns: longer lines are hard to read."""
_DURING: dict[str, ToGuardian] = {"t": TakeBackPressed(Permission.CONTROL), "k": KeepOpenPressed()}
"""What one letter says while a visit runs, whoever typed it: nothing of it gives a right."""
_COUNTS = (45, 30, 15, 10, 5)
"""Remaining seconds at which a prompt says how long is left."""
_WAITS = -1
"""A step of a file that none has: it waits for its line."""


class TerminalUi:
    """One terminal. Made on the main thread; `post` may be called on any.

    A terminal may live on the captured screen: `key_was_injected` tells whether the last key there was an injector's,
    `provable` whether that can be told at all.
    """

    def __init__(
        self,
        words: Catalogue,
        report: Callable[[ToGuardian], None],
        beat: Callable[[], None],
        pick: PickPort,
        key_was_injected: Callable[[], bool],
        provable: Callable[[], bool],
        *,
        keys: TextIO = sys.stdin,
        console: Console | None = None,
    ) -> None:
        self._words, self._report, self._beat, self._pick = words, report, beat, pick
        self._key_was_injected, self._provable = key_was_injected, provable
        self._keys = keys if keys.isatty() else None
        self._console = console or Console(highlight=False)
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._prompt: ShowPrompt | None = None
        self._prompt_since = 0.0
        self._told: set[int] = set()
        self._visiting = self._controlled = self._paused = False
        self._second = SecondStep.NOBODY
        self._writes_to = ""
        """The technician whom the person can write to, if there is one."""
        self._file = self._restart = 0
        self._told_files: set[tuple[int, int]] = set()
        self._stopped = threading.Event()

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the main thread, after everything posted before."""
        self._calls.put(call)

    def run(self) -> None:
        """Tell and listen until `stop`."""
        signal.signal(signal.SIGTERM, lambda _number, _frame: self.stop())
        signal.signal(signal.SIGINT, lambda _number, _frame: self.stop())
        self._tell(self._words.text("desk-terminal-keys" if self._keys else "desk-terminal-no-keys"), style="dim")
        reader = threading.Thread(target=self._read_keys, name="keys", daemon=True)
        reader.start()
        next_beat = time.monotonic()
        while not self._stopped.is_set():
            if time.monotonic() >= next_beat:
                next_beat += HEARTBEAT_SECONDS
                self._beat()
                self._count()
            self._next_call(max(0.0, next_beat - time.monotonic()))

    def _next_call(self, seconds: float) -> None:
        try:
            call = self._calls.get(timeout=seconds)
        except queue.Empty:
            return
        call()

    def _read_keys(self) -> None:
        keys = self._keys
        while keys is not None and not self._stopped.is_set():
            if select.select([keys], [], [], HEARTBEAT_SECONDS)[0]:
                line = keys.readline()
                if not line:
                    return
                self.post(partial(self.typed, line.strip()))

    def typed(self, line: str) -> None:
        """One line from the keyboard."""
        if self._prompt is not None:
            self._answer(self._prompt, line)
        elif line == "h" and not self._visiting:
            self._report(GetHelp())
        elif line == "c" and not self._visiting:
            self._report(CancelHelp())
        elif line == "r" and not self._visiting:
            self._report(CallsRead())
        elif (stop := self._stopped_by(line)) is not None:
            self._report(stop)
        elif line in {"p", "w"} and self._visiting:
            self._pause_or_go_on() if line == "p" else self._let_watch()
        elif line in _DURING and self._visiting:
            self._report(_DURING[line])
        elif line == "e":
            self._report(EndPressed())
        elif line.startswith("m ") and self._writes_to:
            self._write(line[2:])
        else:
            self._tell(self._words.text("desk-terminal-unknown"), style="dim")

    def _stopped_by(self, line: str) -> FileStop | RestartStopped | None:
        """What is on its way and goes no further by this key."""
        if line == "x" and self._file:
            return FileStop(self._file)
        return RestartStopped(self._restart) if line == "s" and self._restart else None

    def _given(self, prompt: ShowPrompt, line: str) -> Given:
        """What this line answers. Whatever is no word of ours refuses."""
        if prompt.pick:
            return Given.REFUSE
        words = {"desk-terminal-allow-word": Given.ALLOW} | ({"desk-terminal-all-word": Given.ALLOW_ALL} if prompt.all_files else {})
        return next((given for word, given in words.items() if line.casefold() == self._words.text(word).casefold()), Given.REFUSE)

    def _let_watch(self) -> None:
        """A code for a second person: as *Continue*, only on a word of somebody who is here. The same key takes it back, or stops him."""
        if self._second is not SecondStep.NOBODY:
            self._report(WatchStopped())
        elif self._key_was_injected() or (self._controlled and not self._provable()):
            self._tell(self._words.text("desk-prompt-injected"), style="bold")
        else:
            self._report(WatchWanted())

    def _pause_or_go_on(self) -> None:
        if not self._paused:
            self._report(PausePressed())
        elif self._key_was_injected():
            self._tell(self._words.text("desk-prompt-injected"), style="bold")
        else:
            self._report(ResumePressed())

    def _answer(self, prompt: ShowPrompt, line: str) -> None:
        given = self._given(prompt, line)
        place = Path(line).expanduser() if prompt.pick and line[:1] in {"/", "~"} else None
        if given is Given.REFUSE and place is None:
            self._answered(prompt, Given.REFUSE)
        elif (time.monotonic() - self._prompt_since) * 1000 < prompt.armed_after_ms:
            self._tell(self._words.text("desk-terminal-too-early"), style="bold")
        elif not self._provable() and prompt.permission is not Permission.VIEW:
            self._tell(self._words.text("desk-prompt-unproven"), style="bold")
        elif self._key_was_injected():
            self._report(InjectorBlocked(prompt.ask))
            self._tell(self._words.text("desk-prompt-injected"), style="bold")
        elif place is not None:
            self._tell(self._words.text("desk-terminal-answered-pick", path=str(place)), style="bold")
            self._report(FilePicking(prompt.ask))
            self._pick(prompt.ask, place)
        else:
            self._answered(prompt, given)

    def _write(self, line: str) -> None:
        text = cleaned(line).strip()
        if self._key_was_injected() or (self._controlled and not self._provable()):
            self._tell(self._words.text("desk-chat-injected"), style="bold")
        elif len(text.encode()) > CHAT_TEXT_MAX:
            self._tell(self._words.text("desk-chat-too-long"), style="bold")
        elif text:
            self._report(ChatSaid(text))

    def _answered(self, prompt: ShowPrompt, given: Given) -> None:
        self._prompt = None
        self._tell(self._words.text(f"desk-terminal-answered-{given.value}"), style="bold")
        self._report(PromptAnswered(prompt.ask, given))

    def _count(self) -> None:
        if self._prompt is None:
            return
        left = round(self._prompt.seconds - (time.monotonic() - self._prompt_since))
        if left in _COUNTS and left not in self._told:
            self._told.add(left)
            self._tell(self._words.text("desk-prompt-left", seconds=left))

    def show(self, shown: Shown) -> None:
        """Tell one state."""
        match shown:
            case ShowPrompt():
                self._show_prompt(shown)
            case ShowBanner():
                self._show_banner(shown)
            case ShowCode():
                self._show_code(shown)
            case ShowIdle():
                self._show_idle(shown)
            case ShowCalls():
                self._show_calls(shown)
            case ShowSummary():
                self._visiting, self._writes_to, self._second = False, "", SecondStep.NOBODY
                self._panel([_facts(shown.lines)], self._words.text("desk-summary-title"))
            case ShowAttempt() | ShowCodeOver() | ShowAdmitted() | ShowSecond():
                self._show_of_code(shown)
            case FileShown() | Reading() | Unreadable():
                self._show_of_files(shown)
            case ShowRestart() | ShowReturning():
                self._show_restart(shown)
            case _:
                self._show_words(shown)

    def _show_words(self, shown: OfTheChat | OfTheClipboard) -> None:
        """There is no clipboard here, and who asked for it hears so."""
        match shown:
            case StartClipboard():
                self._report(CaptureStopped(shown.grant, Reason.NO_CLIPBOARD))
            case StopClipboard() | PutClipboard() | FetchClipboard():
                return
            case _:
                self._show_chat(shown)

    def _show_chat(self, shown: OfTheChat) -> None:
        match shown:
            case ChatOpened():
                self._writes_to = shown.technician
                self._tell(self._words.text("desk-terminal-chat", technician=shown.technician))
            case ChatLine():
                self._tell(self._words.text("desk-chat-you") if shown.mine else self._writes_to, style="bold")
                for line in shown.text.split("\n"):  # behind a bar, so that no line of it passes for one of ours
                    self._tell(f"  \u2502 {line}")
            case ChatNotSent():
                self._tell(self._words.text_at_host(f"reason-{shown.reason.value}"), style="bold")
            case ChatClosed():
                self._writes_to = ""
                why = self._words.text_at_host(f"reason-{shown.reason.value}")
                self._tell(self._words.text("desk-chat-closed", reason=why), style="bold")
            case _:
                assert_never(shown)

    def _show_prompt(self, shown: ShowPrompt) -> None:
        self._prompt, self._prompt_since, self._told = shown, time.monotonic(), set()
        word = self._words.text("desk-terminal-allow-word")
        how = self._words.text("desk-terminal-answer", word=word) if self._keys else self._words.text("desk-terminal-no-keys")
        if shown.pick and self._keys:
            how = self._words.text("desk-terminal-pick")
        if shown.all_files and self._keys:
            how = self._words.text("desk-terminal-answer-all", how=how, word=self._words.text("desk-terminal-all-word"))
        left = self._words.text("desk-prompt-left", seconds=shown.seconds)
        headline, *lines = shown.lines or ("",)
        parts: list[RenderableType] = [_text(headline, style="bold"), Text(), _facts(lines), Text(), _text(left), _text(how, style="bold")]
        self._panel(parts, self._words.text("desk-prompt-title"), urgent=True)
        self._console.bell()

    def _show_banner(self, shown: ShowBanner) -> None:
        self._visiting, self._controlled = True, shown.state is BannerState.CONTROLLING
        self._paused = shown.state is BannerState.PAUSED
        minutes = shown.elapsed // 60
        state = self._words.text(f"banner-{shown.state.value}")
        if shown.direct:
            state = self._words.text("banner-direct", state=state)
        clock = f"{minutes // 60:02}:{minutes % 60:02}"
        line = self._words.text("desk-banner", technician=shown.technician, company=shown.company, state=state, clock=clock)
        self._tell(line, style="bold reverse")
        if shown.idle:
            self._tell(self._words.text("desk-terminal-idle", seconds=shown.idle), style="bold")

    def _show_code(self, shown: ShowCode) -> None:
        minutes, seconds = divmod(shown.seconds, 60)
        left = self._words.text("desk-code-left", minutes=str(minutes), seconds=f"{seconds:02}")
        below = (self._words.text("desk-code-read"), self._words.text("desk-code-nobody"), left)
        parts = [_text(shown.code, style="bold"), Text(), *(_text(line) for line in below)]
        self._panel(parts, self._words.text("desk-code-title"))

    def _show_second(self, shown: ShowSecond) -> None:
        self._second = shown.step
        match shown.step:
            case SecondStep.CODE:
                self._panel(
                    [_text(shown.code, style="bold"), Text(), _text(self._words.text("desk-second-what"))],
                    self._words.text("desk-second-title"),
                )
                if shown.tries_left:
                    self._tell(self._words.text("desk-attempt", left=shown.tries_left), style="bold")
            case SecondStep.CHECKING:
                self._tell(self._words.text("desk-admitted"))
            case SecondStep.WATCHING:
                self._tell(self._words.text("desk-second-watching", name=shown.name, company=shown.company), style="bold reverse")
            case SecondStep.NOBODY:
                self._tell(self._words.text("desk-second-nobody"))
            case _:
                assert_never(shown.step)

    def _show_of_code(self, shown: ShowAttempt | ShowCodeOver | ShowAdmitted | ShowSecond) -> None:
        match shown:
            case ShowSecond():
                self._show_second(shown)
            case ShowAttempt():
                self._tell(self._words.text("desk-attempt", left=shown.tries_left), style="bold")
            case ShowCodeOver():
                self._tell(self._words.text("desk-code-over"), style="bold")
                self._tell(self._words.text_at_host(f"reason-{shown.reason.value}"))
            case ShowAdmitted():
                self._tell(self._words.text("desk-admitted"))
            case _:
                assert_never(shown)

    def _show_idle(self, shown: ShowIdle) -> None:
        self._visiting, self._writes_to = False, ""
        self._console.print()
        self._tell(self._words.text(f"online-{shown.online.value}"), style="bold")
        if shown.why is not None:
            self._tell(self._words.text_at_host(f"reason-{shown.why.value}"))
        who = (
            self._words.text("desk-this-pc", name=shown.host_name),
            self._words.text("desk-vendor", vendor=shown.vendor),
            self._words.text("desk-fingerprint", fingerprint=shown.fingerprint),
        )
        self._console.print(_facts(who))

    def _show_calls(self, shown: ShowCalls) -> None:
        """Each as it comes; a terminal takes nothing back."""
        if shown.lines:
            what = self._words.text("desk-calls-what" if self._keys else "desk-calls-what-no-keys")
            parts = [*(_text(line, style="bold") for line in shown.lines), Text(), _text(what)]
            self._panel(parts, self._words.text("desk-calls-title", count=len(shown.lines)))
            self._console.bell()

    def _show_of_files(self, shown: FileShown | OfThePick) -> None:
        match shown:
            case FileShown():
                self._show_file(shown)
            case Unreadable():
                self._tell(self._words.text_at_host(f"reason-{shown.reason.value}"), style="bold")
            case _:
                return  # that it is read to its end, the next prompt says

    def _show_file(self, shown: FileShown) -> None:
        """Now and then: a terminal takes nothing back."""
        self._file = shown.grant
        what, how, percent = progress_line(self._words, shown)
        step = (shown.grant, _WAITS if shown.waits else percent // 25)
        if step not in self._told_files:
            self._told_files.discard((shown.grant, _WAITS))
            self._told_files.add(step)
            self._tell(f"{what} · {how}")
            if self._keys:
                self._tell(self._words.text("desk-terminal-file-keys"), style="dim")

    def close_file(self, grant: int) -> None:
        """It has come, or will not."""
        if self._file == grant:
            self._file = 0

    def _show_restart(self, shown: ShowRestart | ShowReturning) -> None:
        if isinstance(shown, ShowReturning):
            minutes, seconds = divmod(shown.seconds, 60)
            who = self._words.text("desk-returning-who", technician=shown.technician, company=shown.company)
            left = self._words.text("desk-returning-left", minutes=str(minutes), seconds=f"{seconds:02}")
            how = self._words.text("desk-terminal-returning-keys" if self._keys else "desk-terminal-no-keys")
            told = (self._words.text("desk-returning-asked"), left, how)
            self._panel([_text(who, style="bold"), *(_text(line) for line in told)], self._words.text("desk-returning-title"))
            return
        self._restart = shown.grant
        left = self._words.text("desk-restart-left", seconds=shown.seconds)
        how = self._words.text("desk-terminal-restart-keys" if self._keys else "desk-terminal-no-keys")
        parts = [_text(left, style="bold"), _text(self._words.text("desk-restart-save")), _text(how)]
        self._panel(parts, self._words.text("desk-restart-title"), urgent=True)
        self._console.bell()

    def close_restart(self, grant: int) -> None:
        """It restarts, or does not."""
        if self._restart == grant:
            self._restart = 0
            self._tell(self._words.text("desk-terminal-restart-over"))

    def close_prompt(self, ask: int) -> None:
        """Take the prompt away, if it is this one."""
        if self._prompt is not None and self._prompt.ask == ask:
            self._prompt = None

    def stop(self) -> None:
        """Let `run` return."""
        self._stopped.set()
        self.post(lambda: None)

    def _tell(self, line: str, *, style: str = "") -> None:
        self._console.print(_text(line, style=style))

    def _panel(self, parts: Sequence[RenderableType], title: str, *, urgent: bool = False) -> None:
        framed = Panel(Group(*parts), title=_text(title), padding=(1, 2), box=HEAVY if urgent else ROUNDED, width=self._width())
        self._console.print(framed)

    def _width(self) -> int:
        return min(self._console.width, _WIDTH_MAX)


def _facts(lines: Sequence[str]) -> RenderableType:
    """Lines such as *Who: somebody* with what they are about in a column of its own; whole sentences stand alone."""
    parts: list[RenderableType] = []
    for paired, group in groupby(map(parted, lines), lambda pair: bool(pair[0])):
        if not paired:
            parts += [_text(said) for _, said in group]
            continue
        grid = Table.grid(padding=(0, 2, 0, 0))
        for about, said in group:
            grid.add_row(_text(about, style="dim"), _text(said))
        parts.append(grid)
    return Group(*parts)


def _text(line: str, *, style: str = "") -> Text:
    """Without control characters: what others wrote must not steer the terminal."""
    return Text("".join(letter for letter in line if letter.isprintable()), style=style)
