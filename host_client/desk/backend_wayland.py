"""A Wayland login: its picture, through the desktop's own portal and with the desktop's own question, and nothing else.

Wayland tells no program of others' windows, of the pointer outside its own, or whose hand moves it. So masks about windows pause
the picture, and there is no control: nobody could make the technician's hand wait for the person's.
"""

from collections.abc import Callable, Mapping

from typing_extensions import override

from host_client.desk.backend_none import NoBackend
from host_client.ports import ScreenLost
from host_client.screen.capture_portal import PortalScreen
from host_client.screen.frames_gst import usable
from host_client.screen.outputs_wayland import Outputs
from host_client.screen.portal import Portal
from host_client.screen.session_state import SessionSource
from host_client.screen.session_state_logind import LogindSession


class WaylandBackend(NoBackend):
    """One login. Raises ScreenLost, in words for an administrator, where its portal shares no monitor or something is not installed."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment` of the login. Asks nobody: whether the picture is there is found out when it is shown."""
        usable()
        self._environment = dict(environment)
        self._portal = Portal(_bus(environment))
        self._portal.offer()

    @override
    def size(self) -> tuple[int, int]:
        """Of the largest monitor. Which one is shared the person says later, and its picture has its own size."""
        try:
            outputs = Outputs(self._environment)
        except ScreenLost:
            return 0, 0
        found = outputs.all()
        outputs.close()
        return max(((each.width, each.height) for each in found), key=lambda size: size[0] * size[1], default=(0, 0))

    @override
    def screen(self, *, masked: bool = False) -> PortalScreen:
        """The picture, once the person has said yes to the desktop too."""
        return PortalScreen(self._portal, lambda: Outputs(self._environment), masked=masked)

    @override
    def sessions(self) -> tuple[Callable[[], SessionSource], ...]:
        """logind. That the picture stops when the desktop locks is the portal's word, too."""
        return (lambda: LogindSession(self._environment.get("XDG_SESSION_ID", "")),)


def _bus(environment: Mapping[str, str]) -> str:
    """Where systemd puts the bus of a login that does not say."""
    told = environment.get("DBUS_SESSION_BUS_ADDRESS")
    return told or f"unix:path={environment.get('XDG_RUNTIME_DIR', '/nowhere')}/bus"
