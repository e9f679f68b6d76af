"""The witness: for every press on this X screen, whether a device made it or an injector (XTEST).

    raw event (XI 2, after the 10 bytes of a generic event)
    device u16 | time u32 | detail u32 | source u16 | ...        native byte order

Every injector on X ends in the server's own XTEST devices; everything else is somebody at this PC. Where the server
cannot say (no XI 2), nothing is claimed: `XWitness.available` is False and callers refuse what needs proof.
The same connection watches the banner's visibility, and the key chords that end, pause and narrow a visit; and while somebody
attends to it, each sign that a person uses this PC: a press, a release, a movement of the mouse.
"""

import os
import select
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from struct import Struct
from typing import Final

from typing_extensions import override
from Xlib import XK, X
from Xlib.ext import xinput

from host_client.desk.witness import Chord
from host_client.ports import ScreenLost
from host_client.screen.x_display import X_LOST, close_display, open_display

_RAW: Final = Struct("=HII")
_PRESSES = {xinput.RawKeyPress, xinput.RawButtonPress}
_RELEASES = {xinput.RawKeyRelease, xinput.RawButtonRelease}
_KEYS = {xinput.RawKeyPress, xinput.RawKeyRelease}
_PRESSES_AND_RELEASES: Final = xinput.RawKeyPressMask | xinput.RawKeyReleaseMask | xinput.RawButtonPressMask | xinput.RawButtonReleaseMask
_REMEMBERED = 256
_ANSWER_SECONDS = 1.0
_RECENT_MS = 1000
_SLAVES = {xinput.SlavePointer, xinput.SlaveKeyboard, xinput.FloatingSlave}


_CHORD_KEYS: Final = {
    Chord.END: (XK.XK_End, XK.XK_KP_End),
    Chord.PAUSE: (XK.XK_Pause, XK.XK_Break),
    Chord.TAKE_BACK: (XK.XK_Insert, XK.XK_KP_Insert),
}


@dataclass(frozen=True, slots=True)
class Touch:
    """One press or release. `time` is the server's clock in milliseconds, the same as in the window's own event."""

    time: int
    physical: bool
    key: bool
    down: bool


class XWitness(threading.Thread):
    """Listens until `close`. `chords` are called on this thread when Ctrl+Alt and that key are pressed on a real keyboard."""

    def __init__(self, display: str | None, chords: Mapping[Chord, Callable[[], None]]) -> None:
        super().__init__(name="witness", daemon=True)
        self._display = open_display(display)
        self._chords = {symbol: chords[chord] for chord, symbols in _CHORD_KEYS.items() if chord in chords for symbol in symbols}
        self._person_acts: Callable[[], None] | None = None
        self._uncovered: dict[int, Callable[[], None]] = {}
        self._touches: deque[Touch] = deque(maxlen=_REMEMBERED)
        self._held: set[int] = set()
        self._lock = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        self._questions: deque[threading.Event] = deque()
        self._closing = False
        self._injectors: dict[int, bool] = {}
        self._masters: set[int] = set()
        self.available = self._select()

    def _select(self) -> bool:
        if not self._display.has_extension("XInputExtension"):
            return False
        # From version 2.1 on, raw events arrive also while another program holds a grab, as each pressed button does.
        xinput.XIQueryVersion(
            display=self._display.display,
            opcode=self._display.display.get_extension_major(xinput.extname),
            major_version=2,
            minor_version=2,
        )
        self._listen_to(_PRESSES_AND_RELEASES)
        self._learn_devices()
        self._display.sync()
        return any(self._injectors.values())

    def _listen_to(self, mask: int) -> None:
        self._display.screen().root.xinput_select_events([(xinput.AllDevices, mask)])

    def _learn_devices(self) -> None:
        devices = self._display.xinput_query_device(xinput.AllDevices).devices
        self._injectors = {device.deviceid: "XTEST" in device.name for device in devices if device.use in _SLAVES}
        self._masters = {device.deviceid for device in devices if device.use not in _SLAVES}

    def physical(self, times: list[int]) -> bool:
        """Whether every one of these moments of the server's clock saw presses of real devices, and no injector's.

        Asks the server for all that happened so far and waits for it; no answer in time is a no.
        """
        if not (self.available and times and self._caught_up()):
            return False
        with self._lock:
            seen = [[touch.physical for touch in self._touches if touch.time == time & 0xFFFFFFFF] for time in times]
        return all(moment and all(moment) for moment in seen)

    def last_key_was_injected(self) -> bool:
        """Whether the last key that went down on this screen was an injector's; False when there was none."""
        if not self.available:
            return False
        caught_up = self._caught_up()
        with self._lock:
            keys = [touch.physical for touch in self._touches if touch.key and touch.down]
        return not caught_up or bool(keys and not keys[-1])

    def keys_were_physical(self) -> bool:
        """Whether every key that went down within the last second before the newest was a real device's; False when there was none.

        For keys that arrive without their moment: a desktop's accessibility hands them on later, and as copies.
        """
        if not (self.available and self._caught_up()):
            return False
        with self._lock:
            keys = [touch for touch in self._touches if touch.key and touch.down]
        return bool(keys) and all(touch.physical for touch in keys if (keys[-1].time - touch.time) & 0xFFFFFFFF <= _RECENT_MS)

    def _caught_up(self) -> bool:
        answered = threading.Event()
        self._questions.append(answered)
        self._wake(b"?")
        return answered.wait(_ANSWER_SECONDS)

    def attend(self, person_acts: Callable[[], None] | None) -> None:
        """From now on, call `person_acts` on this thread at each sign that a person, and no injector, uses this PC."""
        self._person_acts = person_acts
        self._wake(b"a")

    def watch(self, window: int, covered: Callable[[], None]) -> None:
        """Call `covered` on this thread whenever something lies over that window."""
        self._uncovered[window] = covered
        self._wake(b"w")

    def _wake(self, why: bytes) -> None:
        os.write(self._wake_write, why)

    def close(self) -> None:
        """Stop listening."""
        self._closing = True
        self._wake(b".")
        self.join(_ANSWER_SECONDS)

    @override
    def run(self) -> None:
        """Listen."""
        try:
            self._listen()
        except X_LOST:
            self.available = False
        finally:
            self.available = False
            close_display(self._display)

    def _listen(self) -> None:
        watched: set[int] = set()
        while not self._closing:
            if not self._display.pending_events():
                select.select([self._display.fileno(), self._wake_read], [], [])
            self._answer_wake(watched)
            while self._display.pending_events():
                self._heed(self._display.next_event())

    def _answer_wake(self, watched: set[int]) -> None:
        if not select.select([self._wake_read], [], [], 0)[0]:
            return
        os.read(self._wake_read, 64)
        self._listen_to(_PRESSES_AND_RELEASES | (xinput.RawMotionMask if self._person_acts is not None else 0))
        for window in self._uncovered.keys() - watched:
            watched.add(window)
            self._display.create_resource_object("window", window).change_attributes(event_mask=X.VisibilityChangeMask)
        asked = [self._questions.popleft() for _ in range(len(self._questions))]
        self._display.sync()  # whatever the server knew when it answered is in our queue now
        while self._display.pending_events():
            self._heed(self._display.next_event())
        for question in asked:
            question.set()

    def _heed(self, event: object) -> None:
        kind = getattr(event, "type", None)
        if kind == self._display.extension_event.GenericEvent:
            self._heed_raw(getattr(event, "evtype", 0), getattr(event, "data", b""))
        elif kind == X.VisibilityNotify and getattr(event, "state", 0) != X.VisibilityUnobscured:
            window = getattr(event, "window", None)
            covered = self._uncovered.get(getattr(window, "id", 0))
            if covered is not None:
                covered()

    def _heed_raw(self, evtype: int, data: object) -> None:
        if evtype not in _PRESSES | _RELEASES | {xinput.RawMotion} or not isinstance(data, bytes):
            return
        device, time, detail = _RAW.unpack_from(data)
        if device in self._masters:
            return  # a master device repeats what its slave said
        if device not in self._injectors:
            self._learn_devices()
        if device not in self._injectors:
            return  # unplugged since: a press that cannot be traced is no proof
        if not self._injectors[device] and self._person_acts is not None:
            self._person_acts()
        if evtype == xinput.RawMotion:
            return
        touch = Touch(time, not self._injectors[device], evtype in _KEYS, evtype in _PRESSES)
        with self._lock:
            self._touches.append(touch)
        if touch.physical and touch.key:
            self._heed_chord(detail, touch.down)

    def _heed_chord(self, keycode: int, down: bool) -> None:
        symbol = int(self._display.keycode_to_keysym(keycode, 0))
        if not down:
            self._held.discard(symbol)
            return
        self._held.add(symbol)
        control = self._held & {XK.XK_Control_L, XK.XK_Control_R}
        if symbol in self._chords and control and self._held & {XK.XK_Alt_L, XK.XK_Alt_R}:
            self._chords[symbol]()


def open_witness(display: str | None, chords: Mapping[Chord, Callable[[], None]]) -> XWitness | None:
    """A listening witness, or None where there is no X screen."""
    try:
        witness = XWitness(display, chords)
    except ScreenLost:
        return None
    witness.start()
    return witness
