"""A pipeline and an independent console, with a line between them that shows frames when told to, on a clock of its own."""

import numpy as np
from PIL import Image

from host_client.ports import Shot
from host_client.screen.change import Pixels
from host_client.screen.pipeline import Pipeline
from tests.helpers.console_canvas import Canvas

FRAME = 0.02


def shot_of(pixels: Pixels, x: int = 0, y: int = 0, width: int | None = None, height: int | None = None) -> Shot:
    """What the capture hands on of a screen: all of it, or a part."""
    whole = pixels.shape[::-1]
    width, height = width or whole[0], height or whole[1]
    part = np.ascontiguousarray(pixels[y : y + height, x : x + width])
    return Shot(x, y, width, height, (int(whole[0]), int(whole[1])), part.tobytes())


def image_of(pixels: Pixels) -> Image.Image:
    """The picture that the console should show."""
    height, width = pixels.shape
    return Image.frombytes("RGB", (width, height), np.ascontiguousarray(pixels).tobytes(), "raw", "BGRX")


class ScreenVisit:
    """Frames are shown `trip` seconds after they were sent, and `rate` bytes a second pass."""

    def __init__(self, *, rate: float = 50_000_000.0, trip: float = 0.004) -> None:
        self.pipeline, self.canvas = Pipeline(), Canvas()
        self.now = 100.0
        self.bytes = 0
        self.messages: list[bytes] = []
        self.ages: list[float] = []
        """Seconds that each shown frame was on its way."""
        self._rate, self._trip = rate, trip
        self._line_free = 0.0
        self._flying: list[tuple[float, float, int]] = []

    def show(self, pixels: Pixels, part: Shot | None = None) -> None:
        """The screen looks like this now: take it, and send a frame if there is credit."""
        for message in self.pipeline.take(part or shot_of(pixels)):
            self._carry(message)
        self.step()

    def step(self, seconds: float = FRAME) -> int:
        """Let time pass; what arrived is shown, and one frame is sent if something is due. How many messages it had."""
        self.now += seconds
        while self._flying and self._flying[0][0] <= self.now:
            at, since, frame = self._flying.pop(0)
            self.ages.append(at - since)
            self.pipeline.shown(frame, at)
        if not self.pipeline.may_send:
            return 0
        made = list(self.pipeline.messages(self.now, int(self.now * 1e6)))
        self.pipeline.sent(self.now)
        for message in made:
            self._carry(message)
        return len(made)

    def _carry(self, message: bytes) -> None:
        self.messages.append(message)
        self.bytes += len(message)
        self._line_free = max(self.now, self._line_free) + len(message) / self._rate
        frame = self.canvas.draw(message)
        if frame is not None:
            self._flying.append((self._line_free + self._trip, self.now, frame))

    def settle(self, within: float = 60.0) -> float:
        """Nothing is drawn any more: until nothing is owed and everything is exact. Seconds that took."""
        begun = self.now
        while self._flying or self.pipeline.owes or self.pipeline.rest_in(self.now) is not None:
            self.step()
            assert self.now - begun < within, "the picture does not settle"
        return self.now - begun
