"""What both directions of a file share: how one is stopped, and how far it is, for the person who watches."""

from host_client.core.commands import Talk, Tell
from host_client.core.standing import Standing
from host_client.core.withdrawing import withdraw
from host_client.link_files import FileShown
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from wire.sealed.inner import FileOver, FileWords

_SHOW_EVERY = 0.25
"""Seconds between two lines of progress."""


def stop_file(standing: Standing, permission: Permission, reason: Reason, now: Instant) -> Talk:
    """This file is over before it was whole. A file that is not moving any more is over already."""
    grant = standing.abilities[permission].grant
    if grant:
        yield from withdraw(standing, permission, reason, now, saying=(FileOver(grant, reason),))


class Showing:
    """Tells the desk how far one direction is: a few times a second, and at the end."""

    def __init__(self, permission: Permission) -> None:
        self._permission = permission
        self._shown: Instant | None = None

    def show(self, grant: int, file: FileWords, done: int, pace: tuple[int, int], now: Instant) -> Talk:
        """`done` bytes of contents are where they are to be; `pace` is bytes a second and seconds left."""
        if self._shown is None or now.elapsed_since(self._shown) >= _SHOW_EVERY or done == file.size:
            self._shown = now
            rate, left = pace
            yield Tell(FileShown(grant, self._permission, file.name, done, file.size, rate, left, waits=False))

    def wait(self, grant: int, file: FileWords, done: int) -> Talk:
        """It waits for the line of the visit. The next that comes of it is shown at once."""
        self._shown = None
        yield Tell(FileShown(grant, self._permission, file.name, done, file.size, 0, 0, waits=True))
