"""What systemd's logind says of this login: locked (`LockedHint`), or not the one that has the seat (`Active`).

`busctl`, which comes with systemd, is asked every second: a program of that system's own, and no library that would have to speak
D-Bus from a thread. A login without a seat (remote, or in a container) is never active and says nothing here.
"""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping

from host_client.screen.session_state import SourceGone
from policy.decision import Reason

ASK_SECONDS = 1.0
_ANSWER_SECONDS = 3.0
_SESSION = "org.freedesktop.login1.Session"
Ask = Callable[[str, tuple[str, ...]], tuple[object, ...]]
"""Properties of one object of logind. Raises SourceGone."""


class LogindSession:
    """One login session, by its id (XDG_SESSION_ID). Raises SourceGone where logind does not know it."""

    def __init__(self, session: str, ask: Ask | None = None) -> None:
        if not session or not session.isalnum():
            raise SourceGone("this login has no session")
        self._ask = ask or _busctl
        self._path = f"/org/freedesktop/login1/session/{_escaped(session)}"
        self._pause = threading.Event()
        (seat,) = self._ask(self._path, ("Seat",))
        self._seated = isinstance(seat, list) and bool(seat[0])

    def away(self) -> Reason | None:
        """SCREEN_LOCKED while it is locked, SESSION_AWAY while another login has the seat."""
        locked, active = self._ask(self._path, ("LockedHint", "Active"))
        if locked is True:
            return Reason.SCREEN_LOCKED
        return Reason.SESSION_AWAY if self._seated and active is False else None

    def wait(self, seconds: float) -> None:
        """The next question is worth asking after a second."""
        self._pause.wait(max(seconds, ASK_SECONDS))

    def close(self) -> None:
        """Nothing is held."""


def _escaped(session: str) -> str:
    """As logind names its objects: a leading digit is written as its code (sd_bus_path_encode)."""
    return f"_{ord(session[0]):02x}{session[1:]}" if session[0].isdigit() else session


def _busctl(path: str, names: tuple[str, ...]) -> tuple[object, ...]:
    program = shutil.which("busctl")
    if program is None:
        raise SourceGone("this system has no logind")
    command = (program, "--system", "--json=short", "get-property", "org.freedesktop.login1", path, _SESSION, *names)
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=True).stdout
        return tuple(_value(line) for line in said.splitlines())
    except (OSError, subprocess.SubprocessError, ValueError):
        raise SourceGone("logind does not answer") from None


def _value(line: str) -> object:
    told = json.loads(line)
    if not isinstance(told, Mapping):
        raise ValueError("no property")  # noqa: TRY004  # what a program wrote, not what ours passed
    return told.get("data")
