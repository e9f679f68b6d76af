"""Frames out of pictures: what is sent when, and never more than the console can show. Pure.

A frame is the pieces that bring the console from the last frame to this picture. Only the rectangle that was drawn in
is compared with what the console has; the rest of what it has is kept. At most FRAMES_IN_FLIGHT frames are
unshown; without credit no picture is taken at all, so what is sent next is always the newest (docs/protocol.md,
section 5). A new size of the screen is told first, and makes the frame whole.
"""

from collections.abc import Iterator

from host_client.ports import Shot
from host_client.screen.change import Pixels, Rectangle, changed, pixels_of, whole
from host_client.screen.png import png
from wire.limits import FRAMES_IN_FLIGHT
from wire.sealed.screen import FrameEnd, Layout, Piece, encode_picture
from wire.sealed.tiles import Codec


class Pipeline:
    """The screen lane of one grant. Knows what the console was sent, and what it has not shown yet."""

    def __init__(self) -> None:
        self._sent: Pixels | None = None
        self._frame = 0
        self._unshown: set[int] = set()

    @property
    def may_send(self) -> bool:
        """Whether the console has credit for another frame."""
        return len(self._unshown) < FRAMES_IN_FLIGHT

    def shown(self, frame: int) -> None:
        """The console shows this frame, so it shows every earlier one too. A number never sent changes nothing."""
        self._unshown = {sent for sent in self._unshown if sent > frame}

    def messages(self, shot: Shot, boot_microseconds: int) -> Iterator[bytes]:
        """Screen messages for this shot, each ready to be sealed; none when nothing changed.

        They must all be sent, in order: the pipeline takes them as sent. `boot_microseconds` is when it was taken.
        Raises ValueError for a part of a screen whose whole was not sent yet.
        """
        fresh = pixels_of(shot.pixels, shot.width, shot.height)
        width, height = shot.screen
        if self._sent is None or self._sent.shape != (height, width):
            if fresh.shape != (height, width):
                raise ValueError("a part of a screen that was never seen whole")
            self._sent = fresh.copy()
            yield encode_picture(Layout(width, height))
            found = list(whole(width, height))
        else:
            held = self._sent[shot.y : shot.y + shot.height, shot.x : shot.x + shot.width]
            found = [at.moved(shot.x, shot.y) for at in changed(held, fresh)]
            held[:] = fresh
        if found:
            yield from self._frame_of(self._sent, found, boot_microseconds)

    def _frame_of(self, pixels: Pixels, found: list[Rectangle], boot_microseconds: int) -> Iterator[bytes]:
        self._frame += 1
        self._unshown.add(self._frame)
        for at in found:
            data = png(pixels[at.y : at.y + at.height, at.x : at.x + at.width])
            yield encode_picture(Piece(self._frame, at.x, at.y, at.width, at.height, Codec.PNG, data))
        yield encode_picture(FrameEnd(self._frame, boot_microseconds))
