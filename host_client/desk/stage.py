"""The screen under one grant: capture, pointer and masks together, paused as one while nobody may see the screen.

What pauses it (a lock, another login, a mask that cannot be placed) first stops capture and closes the gate of input, where every
held key is let go, and is told after. When it is over the grant goes on with a whole picture, if it still stands.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from host_client.desk.backend import Backend
from host_client.desk.input_thread import InputThread
from host_client.link import CapturePaused, CaptureResumed, CaptureStopped, PictureShown, StartCapture
from host_client.link_frames import Picture, ToGuardian
from host_client.link_masks import MaskRule
from host_client.ports import ScreenLost
from host_client.screen.loop import CaptureLoop, OpenScreen
from host_client.screen.masked import MaskedScreen, Veil
from host_client.screen.pointer_loop import PointerLoop
from policy.decision import Reason

RETRY_SECONDS = 1.0
"""A mask that could not be placed is tried again so often."""
_GATE = 0
"""The stage's own gate of the input thread: requests count from 1."""


class Teller(Protocol):
    """The way to the guardian (`link_socket.Link`). Called on any thread; never waits."""

    def say(self, said: ToGuardian) -> None:
        """Send one message."""

    def show(self, picture: Picture) -> None:
        """Send one parcel of the grant and run in `follow`."""

    def follow(self, grant: int | None, run: int = 0) -> None:
        """From now on only pictures of this run of this grant leave."""


class Stage:
    """What is shown of this PC. Called on any thread; `beat` gives the time of the window thread's last heartbeat."""

    def __init__(
        self,
        backend: Backend,
        link: Teller,
        hand: InputThread | None,
        veil: Veil,
        beat: Callable[[], float],
    ) -> None:
        """`hand`: what waits while nobody may see the screen; None for somebody who has none."""
        self._backend, self._link, self._hand, self._veil, self._beat = backend, link, hand, veil, beat
        self._turn = threading.RLock()
        self._wanted: StartCapture | None = None
        self._running: tuple[CaptureLoop, PointerLoop] | None = None
        self._away: Reason | None = None
        self._unplaced = False
        self._told: Reason | None = None
        self._retry: threading.Timer | None = None

    # ---- what the guardian says

    def start(self, wanted: StartCapture) -> None:
        """Show the screen under this grant, unless nobody may see it."""
        with self._turn:
            self.halt()
            self._wanted, self._unplaced = wanted, False
            self._act()

    def stop(self, grant: int) -> None:
        """Show nothing under this grant any more."""
        with self._turn:
            if self._wanted is not None and self._wanted.grant == grant:
                self.halt()

    def halt(self) -> None:
        """Show nothing any more. When this returns nothing more is sent."""
        with self._turn:
            self._wanted = None
            self._halt()
            retry, self._retry = self._retry, None
            if retry is not None:
                retry.cancel()

    def shown(self, said: PictureShown) -> None:
        """The console shows a frame."""
        with self._turn:
            if self._running is not None and self._wanted is not None and self._wanted.grant == said.grant:
                self._running[0].shown(said.frame, said.worked / 1000)

    # ---- what pauses

    def away(self, reason: Reason | None) -> None:
        """Nobody may see the screen, or somebody may again."""
        with self._turn:
            self._away = reason
            self._act()

    def _act(self) -> None:
        """Narrow at once, tell after; what was told is taken back before the first picture."""
        reason = self._away or (Reason.MASK_NOT_PLACED if self._unplaced else None)
        if reason is not None:
            self._halt()
            if self._hand is not None:
                self._hand.close_gate(_GATE)
        wanted = self._wanted
        if wanted is None:
            return
        if reason is not None and reason is not self._told:
            self._told = reason
            self._link.say(CapturePaused(wanted.grant, reason))
        if reason is None:
            if self._told is not None:
                self._told = None
                self._link.say(CaptureResumed(wanted.grant))
            if self._hand is not None:
                self._hand.open_gate(_GATE)
            if self._running is None:
                self._run(wanted)

    def _run(self, wanted: StartCapture) -> None:
        grant, run, link = wanted.grant, wanted.run, self._link

        def send(parcel: bytes) -> None:
            link.show(Picture(grant, parcel, run))

        loop = CaptureLoop(lambda: self._screen(wanted.masks), send, lambda reason: self._over(loop, grant, reason), self._beat)
        pointer = PointerLoop(self._backend.pointer, send, self._veil.lies_over)
        self._running = loop, pointer
        link.follow(grant, run)
        loop.start()
        pointer.start()

    def _screen(self, masks: tuple[MaskRule, ...]) -> OpenScreen:
        """The windows first: where they cannot be told, nobody is asked for a picture that would not be shown."""
        if not masks:
            return self._backend.screen()
        windows = self._backend.windows() if any(each.title or each.window_class or each.program for each in masks) else None
        try:
            return MaskedScreen(self._backend.screen(masked=True), windows, masks, self._veil)
        except ScreenLost:
            if windows is not None:
                windows.close()
            raise

    def _halt(self) -> None:
        running, self._running = self._running, None
        self._link.follow(None)
        for each in running or ():
            each.halt()

    def _over(self, loop: CaptureLoop, grant: int, reason: Reason) -> None:
        """Capture stopped by itself. Called on its own thread."""
        with self._turn:
            if self._running is None or self._running[0] is not loop:
                return
            if reason is not Reason.MASK_NOT_PLACED:
                self._link.say(CaptureStopped(grant, reason))
                return
            self._unplaced = True
            self._act()
            self._try_later()

    def _try_later(self) -> None:
        self._retry = threading.Timer(RETRY_SECONDS, self._try)
        self._retry.daemon = True
        self._retry.start()

    def _try(self) -> None:
        """Whether the windows can be asked for is tried apart, so that nothing flickers while they cannot."""
        try:
            windows = self._backend.windows()
            try:
                windows.windows()
            finally:
                windows.close()
        except ScreenLost:
            placed = False
        else:
            placed = True
        with self._turn:
            if not self._unplaced or self._wanted is None:
                return
            if placed:
                self._unplaced = False
                self._act()
            else:
                self._try_later()
