"""Everything the desk's and the guardian's decisions need from outside. Shells implement these; cores only name them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from host_client.link import (
    ChatClosed,
    ChatLine,
    ChatNotSent,
    ChatOpened,
    FetchClipboard,
    PutClipboard,
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
)
from host_client.link_files import FileShown
from host_client.link_restart import ShowRestart, ShowReturning
from policy.decision import Reason
from wire.sealed.scene import Monitor


@dataclass(frozen=True, slots=True)
class Reading:
    """The file that was picked for this request is being read, to compute its hash."""

    ask: int
    percent: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What was picked cannot be sent; another may be picked."""

    ask: int
    reason: Reason


OfThePick = Reading | Unreadable
OfTheChat = ChatOpened | ChatLine | ChatNotSent | ChatClosed
OfTheClipboard = StartClipboard | StopClipboard | PutClipboard | FetchClipboard
Shown = (
    ShowIdle
    | ShowCalls
    | ShowCode
    | ShowAttempt
    | ShowCodeOver
    | ShowAdmitted
    | ShowPrompt
    | ShowBanner
    | ShowSecond
    | ShowSummary
    | FileShown
    | ShowRestart
    | ShowReturning
    | OfTheChat
    | OfTheClipboard
    | OfThePick
)


PickPort = Callable[[int, Path], None]
"""The person picked this place, for this request."""


class Ui(Protocol):
    """What the person at the host sees. Implemented by the Qt windows and by the terminal; same messages, same rules.

    Every method is called on the interface's own thread. The interface reports through the callback it was built
    with: GetHelp, CancelHelp, CallsRead, PromptAnswered, FilePicking, InjectorBlocked, EndPressed, TakeBackPressed, PausePressed,
    ResumePressed, ChatSaid, RestartStopped, Heartbeat. What the person picked goes to `PickPort`, because a place on this PC is told
    to nobody else.
    """

    def show(self, shown: Shown) -> None:
        """Show one state; it replaces what it supersedes (a code replaces *idle*, a summary removes the banner)."""

    def close_prompt(self, ask: int) -> None:
        """Take the prompt away, if it is this one."""

    def close_file(self, grant: int) -> None:
        """Take the progress of this file away, if it is shown: it has come, or will not."""

    def close_restart(self, grant: int) -> None:
        """Take the countdown of this restart away, if it is shown."""

    def stop(self) -> None:
        """Close everything and let the interface's loop return."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One rectangle of the screen at one moment: BGRX, rows without padding. `screen` is the size of the whole."""

    x: int
    y: int
    width: int
    height: int
    screen: tuple[int, int]
    pixels: bytes | bytearray
    monitors: tuple[Monitor, ...] = ()
    """Of the whole, from left to right; none where the whole is one."""


class Screen(Protocol):
    """The picture of the desktop. Called on the capture thread only."""

    def take(self) -> Shot:
        """A rectangle around everything drawn since the last one was taken; the first is whole. Raises ScreenLost."""

    def wait_change(self, seconds: float) -> bool:
        """Wait until something was drawn, at most `seconds`; True if something was (or may have been), and once at the beginning,
        as soon as there is a picture to take.
        """


class ScreenLost(Exception):
    """There is no screen to capture (any more), or it may not be shown: `reason` says which."""

    def __init__(self, what: str, reason: Reason = Reason.NO_SCREEN) -> None:
        super().__init__(what)
        self.reason = reason


class Injector(Protocol):
    """The technician's hand on this desktop. Keeps count of what it holds down."""

    def move(self, x: int, y: int) -> None:
        """Move the pointer to a pixel of the captured screen."""

    def button(self, number: int, down: bool) -> None:
        """Press or release a button: 1 left, 2 middle, 3 right, 8 back, 9 forward."""

    def wheel(self, dx: int, dy: int) -> None:
        """Turn the wheel by whole notches; positive is right and down."""

    def character(self, character: str) -> None:
        """Type one printable character, whatever the keyboard layout."""

    def key(self, name: str, down: bool) -> None:
        """Press or release a named key (`KeyboardEvent.code` or `key` names listed in wire/sealed/input.py)."""

    def release_all(self) -> None:
        """Let go of every key and button this injector holds."""
