"""Which desktop of a Windows login has the keyboard: the person's own, or one of the system's (locked, Ctrl+Alt+Del, a question of UAC).

The system's desktops are its own: no program of the person's account may open, copy or type into them. Written from the documentation of
`OpenInputDesktop` and `GetUserObjectInformation`, and run on no such machine yet (docs/limits.md).
"""

import ctypes
import threading
from collections.abc import Callable
from typing import Any, Final

from policy.decision import Reason

OWN_DESKTOP: Final = "Default"
"""The desktop that every program of a login draws on."""
_READ_OBJECTS: Final = 0x0001
_NAME: Final = 2
_NAME_CHARACTERS: Final = 256
InputDesktop = Callable[[], str | None]
"""The name of the desktop that has the keyboard; None: this account may not know."""


class WindowsDesktop:
    """The login that this process belongs to."""

    def __init__(self, ask: InputDesktop | None = None) -> None:
        self._ask = ask or input_desktop
        self._pause = threading.Event()

    def away(self) -> Reason | None:
        """SCREEN_LOCKED while the keyboard belongs to anything but the person's own desktop."""
        return None if self._ask() == OWN_DESKTOP else Reason.SCREEN_LOCKED

    def wait(self, seconds: float) -> None:
        """Nothing tells of a change: it is asked again after this."""
        self._pause.wait(seconds)

    def close(self) -> None:
        """Nothing is held."""


def input_desktop() -> str | None:
    """Ask Windows. Raises AttributeError anywhere else."""
    user32: Any = ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]  # it is there on Windows alone
    user32.OpenInputDesktop.restype = ctypes.c_void_p
    user32.OpenInputDesktop.argtypes = [ctypes.c_uint32, ctypes.c_int, ctypes.c_uint32]
    user32.GetUserObjectInformationW.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p]
    user32.CloseDesktop.argtypes = [ctypes.c_void_p]
    desktop = user32.OpenInputDesktop(0, 0, _READ_OBJECTS)
    if not desktop:
        return None
    name = ctypes.create_unicode_buffer(_NAME_CHARACTERS)
    try:
        return name.value if user32.GetUserObjectInformationW(desktop, _NAME, name, ctypes.sizeof(name), None) else None
    finally:
        user32.CloseDesktop(desktop)
