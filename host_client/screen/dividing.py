"""Tells the monitors with the pictures: behind each layout, and before the first picture after they changed. Pure."""

from collections.abc import Iterable, Iterator

from wire.sealed.scene import Monitor, Monitors
from wire.sealed.screen import ScreenMessage, encode_picture


class Dividing:
    """The monitors that the console knows of under one grant."""

    def __init__(self) -> None:
        self._told: tuple[Monitor, ...] = ()
        self._seen: tuple[Monitor, ...] = ()

    def messages(self, seen: tuple[Monitor, ...] | None, pictures: Iterable[bytes]) -> Iterator[bytes]:
        """The pictures' messages, with what they do not say; `seen` None: nobody has looked since.

        A layout makes the console forget its monitors.
        """
        monitors = self._seen = self._seen if seen is None else seen
        for each in pictures:
            if each[0] == ScreenMessage.LAYOUT:
                yield each
                self._told = ()
                if monitors:
                    yield self._tell(monitors)
                continue
            if monitors != self._told:
                yield self._tell(monitors)
            yield each

    def _tell(self, monitors: tuple[Monitor, ...]) -> bytes:
        self._told = monitors
        return encode_picture(Monitors(monitors))
