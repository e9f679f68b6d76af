"""Frames out of pictures: what is sent when, and never more than the console can show. Pure.

A frame brings the console nearer to the newest picture: first what only moved is copied, region by region, then what
still differs is sent in pieces. Only the rectangle that was drawn in is compared with what the console has. At most
FRAMES_IN_FLIGHT frames are unshown; without credit nothing is encoded, so what is sent next is always the newest
(docs/protocol.md, section 7). A frame larger than the line carries in a moment is cut off there: small changes go first,
the rest is owed, and compared again when there is credit. What was sent with loss is sent again without it at rest.
"""

from collections.abc import Iterator
from typing import Final

from host_client.ports import Shot
from host_client.screen.change import Pixels, Rectangle, changed, pixels_of
from host_client.screen.credit import Credit
from host_client.screen.encode import PHOTOGRAPH_PIXELS, Want, is_photograph, tile
from host_client.screen.held import Held
from host_client.screen.moves import Move, Shift, find_move, goes_on, regions
from wire.limits import COPIES_MAX, PICTURE_MESSAGE_MAX
from wire.sealed.screen import Copy, FrameEnd, Layout, Piece, encode_picture
from wire.sealed.tiles import Codec

SEARCHES: Final = 4
"""Copies looked for in one region."""
GIVE_UP_AFTER, TRY_AGAIN_EVERY = 6, 8
"""Where the search found nothing so many times, something plays that is no move: then only one frame in so many is searched."""
MOVES_KEPT: Final = 4
REMAINS: Final = 8
"""After a move that went on, what is smaller than this part of it came in at its edge, and is no move."""
LOSSLESS_PER_PIXEL: Final = 2
"""Bytes of a photograph's pixel without loss, about."""
SPLIT_MIN: Final = 16


class Pipeline:
    """The screen lane of one grant. Knows what the console was sent, and what it has not shown yet."""

    def __init__(self) -> None:
        self.credit = Credit()
        self._screen: Pixels | None = None
        self._held = Held(1, 1)
        self._owed: Rectangle | None = None
        self._drawn: Rectangle | None = None
        """What of it was captured since the last frame."""
        self._begins = False
        """Whether a layout was told, and no frame yet."""
        self._frame = 0
        self._area = 0
        """Pixels that this frame covers; the console takes twice those of the picture."""
        self._moves: tuple[Shift, ...] = ()
        """How the last moves went, each once, the newest first."""
        self._going = False
        """Whether most of the last frame moved."""
        self._missed = 0

    @property
    def may_send(self) -> bool:
        """Whether the console has credit for another frame."""
        return self.credit.may_send

    @property
    def owes(self) -> bool:
        """Whether the console lacks something that was captured already."""
        return self._owed is not None

    def rest_in(self, now: float) -> float | None:
        """Seconds until something sent with loss is due again, None when the console has everything exactly."""
        return self._held.rest_in(now)

    def shown(self, frame: int, now: float, worked: float = 0.0) -> None:
        """The console shows this frame, and took so many seconds over it."""
        self.credit.shown(frame, now, worked)

    def take(self, shot: Shot) -> Iterator[bytes]:
        """Keep what was captured; a new size of the screen is told at once. Raises ValueError for a part of a screen never seen whole."""
        fresh = pixels_of(shot.pixels, shot.width, shot.height)
        width, height = shot.screen
        if self._screen is None or self._screen.shape != (height, width):
            if fresh.shape != (height, width):
                raise ValueError("a part of a screen that was never seen whole")
            self._screen, self._held, self._owed = fresh.copy(), Held(width, height), None
            self._begins = True
            yield encode_picture(Layout(width, height))
        at = Rectangle(shot.x, shot.y, shot.width, shot.height)
        self._screen[_slices(at)] = fresh
        self._owed = _around(self._owed, at)
        self._drawn = _around(self._drawn, at)

    def sent(self, now: float) -> None:
        """The last frame was handed on, whole."""
        self.credit.sent(now)

    def messages(self, now: float, boot_microseconds: int) -> Iterator[bytes]:
        """One frame, each message ready to be sealed; none when the console lacks nothing that is due.

        They must all be sent, in order: the pipeline takes them as sent. `boot_microseconds` is when the picture was taken.
        """
        first = begun = self._begins  # a screen that is all black is a picture too
        self._begins = False
        self._frame += 1
        if begun:
            self.credit.begin(self._frame, now)
        for message in self._changes(now, first=first):
            if not begun:
                begun = True
                self.credit.begin(self._frame, now)
            self.credit.add(len(message))
            yield message
        if begun:
            yield encode_picture(FrameEnd(self._frame, boot_microseconds))
        else:
            self._frame -= 1

    def _changes(self, now: float, *, first: bool) -> Iterator[bytes]:
        self._area = sent = 0
        for message in self._owed_messages(now, first=first):
            sent += len(message)
            yield message
        yield from self._repairs(now, self.credit.frame_bytes - sent)

    # ---- what was drawn --------------------------------------------------------------------------------------------------------

    def _owed_messages(self, now: float, *, first: bool) -> Iterator[bytes]:
        if self._owed is None or self._screen is None:
            return
        at, self._owed = self._owed, None
        drawn, self._drawn = self._drawn, None
        went = None if first or drawn is None else self._on_and_on(at)
        if went is not None:
            self._held.touch(went.target, now)
            yield self._copy(went)
        found = self._differing(at)
        for rectangle in found:
            if drawn is not None and rectangle.meets(drawn):
                self._held.touch(rectangle, now)
        if found:
            copied = False
            for message in () if first or drawn is None else self._copies(found, went):
                copied = True
                yield message
            yield from self._pieces(self._differing(at) if copied else found, now)

    def _differing(self, at: Rectangle) -> list[Rectangle]:
        return [rectangle.moved(at.x, at.y) for rectangle in changed(*self._both(at))]

    def _on_and_on(self, at: Rectangle) -> Move | None:
        """Where most of what differs goes on moving as in the frame before, it is copied without a search."""
        if not self._going or at.area < PHOTOGRAPH_PIXELS:
            return None
        held, screen = self._both(at)
        move = goes_on(held, screen, self._moves)
        return None if move is None else self._copied(move, at)

    def _copies(self, found: list[Rectangle], went: Move | None) -> Iterator[bytes]:
        """What only moved, searched in each region by itself; after a move that went on, not in the little that it left."""
        least = PHOTOGRAPH_PIXELS if went is None else max(PHOTOGRAPH_PIXELS, went.source.area // REMAINS)
        large = [region for region in regions(found) if region.area >= least]
        if self._missed >= GIVE_UP_AFTER:
            self._missed += 1
            if self._missed % TRY_AGAIN_EVERY:
                return
        moves = 0 if went is None else 1
        for region in large:
            for _ in range(SEARCHES):
                move = self._move_in(region) if moves < COPIES_MAX else None
                if move is None:
                    break
                moves += 1
                yield self._copy(move)
        self._going = moves > 0
        if moves:
            self._missed = 0
        elif large:
            self._missed += 1

    def _move_in(self, region: Rectangle) -> Move | None:
        held, screen = self._both(region)
        move = find_move(held, screen, self._moves)
        return None if move is None else self._copied(move, region)

    def _copied(self, move: Move, region: Rectangle) -> Move | None:
        """The same on the whole picture, where it has been copied; None for more than a frame may cover."""
        if self._area + move.source.area > self._held.pixels.size:
            return None
        shift = move.dx, move.dy
        self._moves = (shift, *(each for each in self._moves if each != shift))[:MOVES_KEPT]
        here = Move(move.source.moved(region.x, region.y), move.dx, move.dy)
        self._area += here.source.area
        self._held.copy(here)
        return here

    def _both(self, at: Rectangle) -> tuple[Pixels, Pixels]:
        """What the console has here, and what the screen has."""
        assert self._screen is not None
        here = _slices(at)
        return self._held.pixels[here], self._screen[here]

    def _copy(self, move: Move) -> bytes:
        source, target = move.source, move.target
        return encode_picture(Copy(self._frame, source.x, source.y, target.x, target.y, source.width, source.height))

    def _pieces(self, found: list[Rectangle], now: float) -> Iterator[bytes]:
        """Small changes first: what somebody types does not wait for a picture beside it."""
        photographs = {at: is_photograph(self._pixels(at)) for at in found}
        lossless = LOSSLESS_PER_PIXEL * sum(at.area for at, photograph in photographs.items() if photograph)
        left = self.credit.frame_bytes
        for at in sorted(found, key=lambda at: at.area):
            if left <= 0:
                self._owed = _around(self._owed, at)
                continue
            want = self.credit.want(moving=self._held.moves(at, now), lossless_bytes=lossless)
            for message in self._piece(at, want):
                left -= len(message)
                yield message
                if left <= 0:  # of a piece in parts the others may be missing
                    self._owed = _around(self._owed, at)
                    break

    def _repairs(self, now: float, left: int) -> Iterator[bytes]:
        """What the console holds with loss and what is still: sent again, exactly."""
        if self._owed is not None or left <= 0:
            return
        for at in self._held.at_rest(now):
            if self._area + at.area > 2 * self._held.pixels.size:
                return
            for message in self._piece(at, self.credit.exactly):
                left -= len(message)
                yield message
                if left <= 0:
                    return

    def _piece(self, at: Rectangle, want: Want) -> Iterator[bytes]:
        """One rectangle; in halves where that makes a message longer than the line likes, but for a half that the console has already."""
        pixels = self._pixels(at)
        most = self.credit.message_bytes if max(at.width, at.height) > SPLIT_MIN else PICTURE_MESSAGE_MAX
        if not want.lossy and at.area > most and is_photograph(pixels):
            yield from self._in_halves(at, want)
            return
        codec, data = tile(pixels, want)
        if len(data) > most:
            yield from self._in_halves(at, want)
            return
        self._area += at.area
        self._held.draw(at, pixels, exact=codec is not Codec.JPEG)
        yield encode_picture(Piece(self._frame, at.x, at.y, at.width, at.height, codec, data))

    def _in_halves(self, at: Rectangle, want: Want) -> Iterator[bytes]:
        for half in _halves(at):
            if not self._held.has(half, self._pixels(half)):
                yield from self._piece(half, want)

    def _pixels(self, at: Rectangle) -> Pixels:
        assert self._screen is not None
        return self._screen[_slices(at)]


def _around(box: Rectangle | None, at: Rectangle) -> Rectangle:
    return at if box is None else box.joined(at)


def _slices(at: Rectangle) -> tuple[slice, slice]:
    return slice(at.y, at.y + at.height), slice(at.x, at.x + at.width)


def _halves(at: Rectangle) -> tuple[Rectangle, Rectangle]:
    if at.width >= at.height:
        half = at.width // 2
        return Rectangle(at.x, at.y, half, at.height), Rectangle(at.x + half, at.y, at.width - half, at.height)
    half = at.height // 2
    return Rectangle(at.x, at.y, at.width, half), Rectangle(at.x, at.y + half, at.width, at.height - half)
