"""What a technician can be allowed, and the terms of each permission. The only list of permissions there is."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Permission(StrEnum):
    """One thing that the person at the host can allow. Each is asked for by itself (product behaviour 5)."""

    VIEW = "view"
    CONTROL = "control"
    FILE_TO_HOST = "file_to_host"
    FILE_FROM_HOST = "file_from_host"
    CLIPBOARD_TO_HOST = "clipboard_to_host"
    CLIPBOARD_FROM_HOST = "clipboard_from_host"
    RESTART = "restart"


class Lane(IntEnum):
    """One stream of sealed records (docs/protocol.md, section 5). The number crosses the wire."""

    SCREEN = 1
    INPUT = 2
    FILE_TO_HOST = 3
    FILE_FROM_HOST = 4
    CLIPBOARD_TO_HOST = 5
    CLIPBOARD_FROM_HOST = 6
    CONTROL = 7
    CHAT = 8
    RESTART = 9


class Direction(StrEnum):
    """Which way a lane carries its content; the other way carries only short acknowledgements."""

    TO_HOST = "to_host"
    TO_TECHNICIAN = "to_technician"


@dataclass(frozen=True, slots=True)
class Terms:
    """What one permission requires.

    `lane` and `direction` say where its records flow; `requires` must be granted and live first; `forbidden_on_phi`
    closes it on hosts with health data, whatever else is signed; `available` is False until the ability exists.
    """

    lane: Lane
    direction: Direction
    requires: frozenset[Permission]
    forbidden_on_phi: bool
    available: bool


_VIEW_FIRST = frozenset({Permission.VIEW})

TERMS: dict[Permission, Terms] = {
    Permission.VIEW: Terms(Lane.SCREEN, Direction.TO_TECHNICIAN, frozenset(), False, True),
    Permission.CONTROL: Terms(Lane.INPUT, Direction.TO_HOST, _VIEW_FIRST, False, True),
    Permission.FILE_TO_HOST: Terms(Lane.FILE_TO_HOST, Direction.TO_HOST, _VIEW_FIRST, True, True),
    Permission.FILE_FROM_HOST: Terms(Lane.FILE_FROM_HOST, Direction.TO_TECHNICIAN, _VIEW_FIRST, True, True),
    Permission.CLIPBOARD_TO_HOST: Terms(Lane.CLIPBOARD_TO_HOST, Direction.TO_HOST, _VIEW_FIRST, True, True),
    Permission.CLIPBOARD_FROM_HOST: Terms(Lane.CLIPBOARD_FROM_HOST, Direction.TO_TECHNICIAN, _VIEW_FIRST, True, True),
    Permission.RESTART: Terms(Lane.RESTART, Direction.TO_HOST, _VIEW_FIRST, False, True),
}

LANE_PERMISSION: dict[Lane, Permission] = {terms.lane: permission for permission, terms in TERMS.items()}
"""The permission that opens a lane. CONTROL and CHAT are not in it: they belong to the session itself."""
