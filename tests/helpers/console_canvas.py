"""What a console would show: screen messages drawn onto a canvas with independent decoders, as docs/protocol.md tells."""

from io import BytesIO
from struct import unpack_from

from PIL import Image


class Canvas:
    """Draws screen messages as docs/protocol.md, section 7, describes them; keeps the frames that became whole."""

    def __init__(self) -> None:
        self.picture = Image.new("RGB", (1, 1))
        self.frames: list[int] = []
        self.pieces: list[tuple[int, int, int, int]] = []
        self.copies: list[tuple[int, ...]] = []
        self.codecs: list[int] = []
        self.beside: list[bytes] = []
        """What is no pixel: shapes and places of the pointer, monitors."""
        self._in_frame: list[int] = []

    def take(self, parcel: bytes) -> int | None:
        """Draw all messages of a parcel; the number of the last frame that they complete, if they do."""
        whole, at = None, 0
        while at < len(parcel):
            end = at + 4 + int(unpack_from(">I", parcel, at)[0])
            whole = self.draw(parcel[at + 4 : end]) or whole
            at = end
        return whole

    def draw(self, message: bytes) -> int | None:
        """Take one message; the number of the frame that it completes, if it does."""
        kind = message[0]
        if kind == 1:
            self.picture = Image.new("RGB", unpack_from(">HH", message, 1))
        elif kind == 2:
            self._draw_piece(message)
        elif kind == 4:
            self._copy(message)
        elif kind in {16, 17, 18}:
            self.beside.append(message)
        else:
            assert kind == 3
            frame, _boot = unpack_from(">IQ", message, 1)
            assert set(self._in_frame) <= {frame}
            self._in_frame.clear()
            self.frames.append(frame)
            return int(frame)
        return None

    def _draw_piece(self, message: bytes) -> None:
        frame, x, y, width, height, codec = unpack_from(">IHHHHB", message, 1)
        self._in_frame.append(frame)
        self.picture.paste(decoded(codec, (width, height), message[14:]), (x, y))
        self.pieces.append((x, y, width, height))
        self.codecs.append(codec)

    def _copy(self, message: bytes) -> None:
        assert len(message) == 17
        frame, from_x, from_y, x, y, width, height = unpack_from(">I6H", message, 1)
        self._in_frame.append(frame)
        right, bottom = from_x + width, from_y + height
        assert right <= self.picture.width
        assert bottom <= self.picture.height
        self.picture.paste(self.picture.crop((from_x, from_y, right, bottom)), (x, y))
        self.copies.append((from_x, from_y, x, y, width, height))


def decoded(codec: int, size: tuple[int, int], data: bytes) -> Image.Image:
    """The picture of one piece."""
    if codec == 3:
        return Image.frombytes("RGB", size, data)
    if codec == 4:
        assert len(data) == 3
        return Image.new("RGB", size, (data[0], data[1], data[2]))
    drawn = Image.open(BytesIO(data))
    assert drawn.format == {1: "PNG", 2: "JPEG", 5: "WEBP"}[codec]
    assert drawn.size == size
    assert drawn.mode in ("RGB", "P")
    return drawn.convert("RGB")


def picture_of(frame: bytes | bytearray, size: tuple[int, int]) -> Image.Image:
    """A grabbed BGRX frame as the picture that the canvas should equal."""
    return Image.frombytes("RGB", size, bytes(frame), "raw", "BGRX")
