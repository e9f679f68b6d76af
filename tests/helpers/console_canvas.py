"""What a console would show: screen messages drawn onto a canvas with an independent PNG decoder."""

from io import BytesIO
from struct import unpack_from

from PIL import Image


class Canvas:
    """Draws screen messages as docs/protocol.md, section 5, describes them; keeps the frames that became whole."""

    def __init__(self) -> None:
        self.picture = Image.new("RGB", (1, 1))
        self.frames: list[int] = []
        self.pieces: list[tuple[int, int, int, int]] = []

    def draw(self, message: bytes) -> int | None:
        """Take one message; the number of the frame that it completes, if it does."""
        kind = message[0]
        if kind == 1:
            self.picture = Image.new("RGB", unpack_from(">HH", message, 1))
        elif kind == 2:
            _frame, x, y, width, height, codec = unpack_from(">IHHHHB", message, 1)
            assert codec == 1
            drawn = Image.open(BytesIO(message[14:]))
            assert drawn.size == (width, height)
            assert drawn.mode == "RGB"
            self.picture.paste(drawn, (x, y))
            self.pieces.append((x, y, width, height))
        else:
            assert kind == 3
            frame, _boot = unpack_from(">IQ", message, 1)
            self.frames.append(frame)
            return int(frame)
        return None


def picture_of(frame: bytes | bytearray, size: tuple[int, int]) -> Image.Image:
    """A grabbed BGRX frame as the picture that the canvas should equal."""
    return Image.frombytes("RGB", size, bytes(frame), "raw", "BGRX")
