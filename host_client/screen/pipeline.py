"""Frames out of pictures: what is sent when, and never more than the console can show. Pure.

A frame is the pieces that bring the console from the last frame to this picture. At most FRAMES_IN_FLIGHT frames are
unshown; without credit no picture is taken at all, so what is sent next is always the newest (docs/protocol.md,
section 5). A new size of the screen is told first, and makes the frame whole.
"""

from collections.abc import Iterator

from host_client.screen.change import Pixels, changed, pixels_of, whole
from host_client.screen.png import png
from wire.limits import FRAMES_IN_FLIGHT
from wire.sealed.screen import Codec, FrameEnd, Layout, Piece, encode_picture


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

    def messages(self, picture: bytes | bytearray, width: int, height: int, boot_microseconds: int) -> Iterator[bytes]:
        """Screen messages for this picture, each ready to be sealed; none when nothing changed.

        They must all be sent, in order: the pipeline takes them as sent. `boot_microseconds` is when it was grabbed.
        """
        pixels = pixels_of(picture, width, height)
        before, self._sent = self._sent, pixels
        if before is None or before.shape != pixels.shape:
            yield encode_picture(Layout(width, height))
            found = list(whole(width, height))
        else:
            found = changed(before, pixels)
        if not found:
            return
        self._frame += 1
        self._unshown.add(self._frame)
        for at in found:
            data = png(pixels[at.y : at.y + at.height, at.x : at.x + at.width])
            yield encode_picture(Piece(self._frame, at.x, at.y, at.width, at.height, Codec.PNG, data))
        yield encode_picture(FrameEnd(self._frame, boot_microseconds))
