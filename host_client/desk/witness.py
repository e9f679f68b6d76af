"""Who pressed: what the desk asks of whoever can tell a person's hand from an injector's. Implemented for X in devices_x11.py."""

from collections.abc import Callable
from enum import Enum
from typing import Protocol


class Chord(Enum):
    """What a person can do with Ctrl+Alt and one more key."""

    END = "End"
    PAUSE = "Pause"
    TAKE_BACK = "Insert"


class PressWitness(Protocol):
    """Tells presses of devices from presses of injectors."""

    available: bool

    def physical(self, times: list[int]) -> bool:
        """Whether all presses and releases at these moments (window system's clock) were made by devices."""


class KeyWitness(PressWitness, Protocol):
    """Tells it of the newest keys too, where no moment is known."""

    def keys_were_physical(self) -> bool:
        """Whether devices made every key of the last moment."""


class Witness(KeyWitness, Protocol):
    """All that the desk asks of one. Called on any thread; what it calls is called on its own."""

    def last_key_was_injected(self) -> bool:
        """Whether the last key that went down was an injector's; False when there was none."""

    def attend(self, person_acts: Callable[[], None] | None) -> None:
        """Call `person_acts` at each sign that a person, and no injector, uses this PC."""

    def watch(self, window: int, covered: Callable[[], None]) -> None:
        """Call `covered` whenever something lies over that window."""

    def close(self) -> None:
        """Stop listening."""
