"""What guardian and desk say to each other. The desk shows and reports; the guardian decides.

    every frame   length u32 (of what follows) | kind u8 | body            big endian, on a Unix socket
    JSON          one of the messages below
    PICTURE       grant u32 | run u32 | one screen message (wire/sealed/screen.py)   desk -> guardian
    INPUT         grant u32 | one input batch (wire/sealed/input.py)       guardian -> desk
    FILE          grant u32 | offset u64 | contents (link_files.py)        either way

The guardian listens on a socket file that only its owner can reach, and checks the peer's uid (SO_PEERCRED).
"""

from enum import IntEnum, StrEnum
from typing import Annotated

from host_client.link_masks import MASKS_MAX, MaskRule
from policy.decision import Reason
from policy.permissions import Direction, Permission
from wire.limits import CALLS_MAX, CHAT_TEXT_MAX, CLIPBOARD_TEXT_MAX, PICTURE_PARCEL_MAX
from wire.schema import U32, Count, Number, Seconds, Text, message

SECOND = 1 << 31
"""Set in numbers of requests and grants of somebody who only watches: to the desk they are others than the technician's."""
LINK_FRAME_MAX = PICTURE_PARCEL_MAX + 64
Line = Annotated[str, Text(1000)]
Written = Annotated[str, Text(CHAT_TEXT_MAX, 1)]
"""What one person wrote to the other; nobody but the windows keeps it."""
Copied = Annotated[str, Text(CLIPBOARD_TEXT_MAX, 1)]
"""Text of a clipboard; its bytes are bounded where it is made."""


class LinkKind(IntEnum):
    """Second field of a link frame."""

    JSON = 1
    PICTURE = 2
    INPUT = 3
    FILE = 4


# ---- guardian -> desk


class Online(StrEnum):
    """Whether *Get help* can work; `online-<value>` in the catalogues."""

    CONNECTING = "connecting"
    READY = "ready"
    NEW = "new"
    """Enrolled but not listed in the directory yet."""
    REFUSED = "refused"
    DOUBTED = "doubted"
    """The logs of the two sides do not fit together: nobody is helped before a named person has seen it."""


@message("desk.show_idle")
class ShowIdle:
    """Nothing is going on: show *Get help*. `why` is given when the broker refused or cannot be reached."""

    online: Online
    host_name: Line
    vendor: Line
    fingerprint: Line
    why: Reason | None


@message("desk.show_calls")
class ShowCalls:
    """Technicians who ask to be called, one line each, newest first; none takes the notice away. Nothing can be allowed here."""

    lines: Annotated[tuple[Line, ...], Count(CALLS_MAX)]


@message("desk.show_code")
class ShowCode:
    """The support code to read out, `482-913 K7QF-2M9X`, and how long it lives."""

    code: Annotated[str, Text(32)]
    seconds: Seconds


@message("desk.show_attempt")
class ShowAttempt:
    """Somebody entered a wrong code (either half)."""

    tries_left: Annotated[int, Number(0, 100)]


@message("desk.show_code_over")
class ShowCodeOver:
    """The code is worth nothing any more; offer a new one."""

    reason: Reason


@message("desk.show_admitted")
class ShowAdmitted:
    """The right code was entered; identities are being checked. Nothing is asked yet."""


@message("desk.show_prompt")
class ShowPrompt:
    """Ask the person. `lines` is the whole text, already in the person's language, exactly as it will be recorded.

    lines[0] is the headline. Refuse is focused; nothing can be allowed in the first `armed_after_ms`; after `seconds`
    the guardian answers *no answer* by itself and closes the prompt.
    """

    ask: U32
    permission: Permission
    lines: Annotated[tuple[Line, ...], Count(20)]
    seconds: Seconds
    armed_after_ms: Annotated[int, Number(0, 60_000)]
    all_files: bool = False
    """Whether *all files of this visit* may be answered."""
    pick: bool = False
    """Nothing can be allowed yet: the person picks a file first, or refuses."""


@message("desk.close_prompt")
class ClosePrompt:
    """The prompt is over, however it ended."""

    ask: U32


class BannerState(StrEnum):
    """What the banner says; `banner-<value>` in the catalogues, and a sign of its own beside the colour."""

    VIEWING = "viewing"
    CONTROLLING = "controlling"
    ASKED = "asked"
    """Connected, nothing granted."""
    LOCKED = "locked"
    """The screen is locked, or belongs to somebody else for now: nothing is captured or injected."""
    UNMASKED = "unmasked"
    """A privacy mask cannot be placed: nothing is captured or injected."""
    SUSPENDED = "suspended"
    """The broker is not heard: nothing is captured or injected until it is."""
    PAUSED = "paused"
    """The person pressed *Pause*: nothing is captured or injected."""
    WAITING = "waiting"
    """The person uses mouse or keyboard: the technician's wait."""


@message("desk.show_banner")
class ShowBanner:
    """From first pixel to last. `elapsed` is seconds since the visit began, `left` until its hard limit; `granted` can be taken back.

    `idle` is seconds until the visit ends because nobody does anything; 0 while somebody did lately. `direct`: content does not go over
    the broker.
    """

    technician: Line
    company: Line
    state: BannerState
    elapsed: Seconds
    left: Seconds
    granted: Annotated[tuple[Permission, ...], Count(len(Permission))]
    idle: Seconds = 0
    direct: bool = False


class SecondStep(StrEnum):
    """How far somebody has come who only watches."""

    NOBODY = "nobody"
    CODE = "code"
    """His code is shown, to be read out."""
    CHECKING = "checking"
    """It was entered; who he is, is being checked. The person is asked next."""
    WATCHING = "watching"


@message("desk.show_second")
class ShowSecond:
    """Whether somebody watches beside the technician, or is about to. `reason`: why he, or his code, is over."""

    step: SecondStep
    code: Annotated[str, Text(32)] = ""
    seconds: Seconds = 0
    tries_left: Annotated[int, Number(0, 100)] = 0
    """0: nobody entered a wrong code."""
    name: Line = ""
    company: Line = ""
    reason: Reason | None = None


@message("desk.show_summary")
class ShowSummary:
    """The visit is over. `lines` are in the person's language; the banner goes away."""

    lines: Annotated[tuple[Line, ...], Count(40)]


@message("desk.start_capture")
class StartCapture:
    """View was granted: capture the screen and send its pictures under this grant, beginning with a whole one, with these masks on."""

    grant: U32
    masks: Annotated[tuple[MaskRule, ...], Count(MASKS_MAX)] = ()
    run: U32 = 0
    """Counts under one grant, and stands in each picture: what was captured before, perhaps with other masks, is none of this."""


@message("desk.stop_capture")
class StopCapture:
    """Stop at once; nothing of this grant may be sent after this was read."""

    grant: U32


@message("desk.picture_shown")
class PictureShown:
    """The console shows this frame: credit for the next (at most FRAMES_IN_FLIGHT unshown). It says that it took `worked`
    milliseconds over it, which are not the line's.
    """

    grant: U32
    frame: U32
    worked: U32


@message("desk.start_input")
class StartInput:
    """Control was granted: inject what arrives under this grant."""

    grant: U32


@message("desk.stop_input")
class StopInput:
    """Control is over: release every held key and button now, drop what still arrives."""

    grant: U32


@message("desk.chat_opened")
class ChatOpened:
    """The person may write to the technician, and read what comes. Nothing opens by itself: the banner shows a sign."""

    technician: Line


@message("desk.chat_line")
class ChatLine:
    """One message, in the order in which they went: of the technician, or the person's own once it was sent."""

    mine: bool
    text: Written


@message("desk.chat_not_sent")
class ChatNotSent:
    """The person's last message did not go."""

    reason: Reason


@message("desk.chat_closed")
class ChatClosed:
    """Nothing more may be written in this visit."""

    reason: Reason


@message("desk.start_clipboard")
class StartClipboard:
    """Text may go from or to the clipboard under this grant, one way. What is in it now is not a part of that."""

    grant: U32
    direction: Direction


@message("desk.stop_clipboard")
class StopClipboard:
    """No more under this grant. What the technician put there is taken out again, if it is still what is in it."""

    grant: U32


@message("desk.put_clipboard")
class PutClipboard:
    """Put this text into the clipboard. Nothing is typed."""

    grant: U32
    number: U32
    text: Copied


@message("desk.fetch_clipboard")
class FetchClipboard:
    """The technician asks for what was copied since the grant began: offer *Send clipboard* to the person."""

    grant: U32
    number: U32


@message("desk.stop")
class StopDesk:
    """The guardian is going down: close the windows."""


# ---- desk -> guardian


class UiKind(StrEnum):
    """Which user interface runs."""

    WINDOW = "window"
    TERMINAL = "terminal"


@message("desk.ready")
class DeskReady:
    """First message of the desk: who sits there as the system states it, and whether there is a screen to show."""

    ui: UiKind
    language: Annotated[str, Text(16)]
    account: Annotated[str, Text(120)]
    login_session: Annotated[str, Text(64)]
    width: Annotated[int, Number(0, 65535)]
    height: Annotated[int, Number(0, 65535)]


@message("desk.heartbeat")
class Heartbeat:
    """Sent by the thread that draws the windows, once a second. The guardian ends the visit when it stays away."""


@message("desk.get_help")
class GetHelp:
    """*Get help* was pressed (or a new code asked for)."""


@message("desk.cancel_help")
class CancelHelp:
    """The person takes the code back."""


@message("desk.calls_read")
class CallsRead:
    """The person has read who asks to be called."""


class Given(StrEnum):
    """What the person did with a prompt."""

    ALLOW = "allow"
    ALLOW_ALL = "allow_all"
    """Every file this way until the visit ends, where that was offered."""
    REFUSE = "refuse"
    """The button, Esc, or closing the window."""


@message("desk.prompt_answered")
class PromptAnswered:
    """The person answered. An *Allow* is reported only when it came from a device that is not an injector."""

    ask: U32
    given: Given


@message("desk.injector_blocked")
class InjectorBlocked:
    """An *Allow* came from an injector (XTEST) and was not counted; the guardian records it."""

    ask: U32


@message("desk.end_pressed")
class EndPressed:
    """*End* on the banner or its hot key."""


@message("desk.take_back_pressed")
class TakeBackPressed:
    """The person takes one right back. The desk has stopped it already, as far as it is the desk's."""

    permission: Permission


@message("desk.pause_pressed")
class PausePressed:
    """*Pause*: nothing is captured or injected any more, until *Continue*."""


@message("desk.resume_pressed")
class ResumePressed:
    """*Continue*, pressed on a device that is not an injector."""


@message("desk.watch_wanted")
class WatchWanted:
    """*Let a second person watch*, pressed on a device that is not an injector."""


@message("desk.watch_stopped")
class WatchStopped:
    """The person takes the second person's code back, or stops him watching."""


@message("desk.keep_open_pressed")
class KeepOpenPressed:
    """*Keep open*: somebody is there, though nobody did anything for a while."""


@message("desk.local_input")
class LocalInput:
    """The person began to use mouse or keyboard, and the technician's wait; or has been quiet for long enough."""

    active: bool


@message("desk.capture_stopped")
class CaptureStopped:
    """Capture stopped by itself: no screen, or the window thread hangs."""

    grant: U32
    reason: Reason


@message("desk.chat_said")
class ChatSaid:
    """The person wrote this. Reported only when it was typed on a device that is not an injector, where that can be told."""

    text: Written


@message("desk.capture_paused")
class CapturePaused:
    """Nothing is captured or injected for now, because nobody may see it: the screen is locked, or a mask cannot be placed."""

    grant: U32
    reason: Reason


@message("desk.capture_resumed")
class CaptureResumed:
    """What paused it is over: the picture goes on."""

    grant: U32


@message("desk.input_veiled")
class InputVeiled:
    """Input of the technician met a mask and was dropped. Told once a second at most."""

    grant: U32


@message("desk.clipboard_put")
class ClipboardPut:
    """It is in the clipboard, or could not be put there."""

    grant: U32
    number: U32
    done: bool


@message("desk.clipboard_given")
class ClipboardGiven:
    """The person sends this, which was copied since the grant began."""

    grant: U32
    number: U32
    text: Copied


@message("desk.clipboard_not_given")
class ClipboardNotGiven:
    """There is nothing to send; `why` is a ClipboardMissing of wire/sealed/clipboard.py."""

    grant: U32
    number: U32
    why: Annotated[int, Number(1, 4)]
