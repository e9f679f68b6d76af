"""What a grant does at the host: one file per permission, named as it is (policy/permissions.py).

Each says what the desk is told to start and to stop, what the log says of it, and what its records mean, both ways.
Whether anything of it may happen is decided before by `policy.consent` and `host_client.core`. Pure.
"""

from collections.abc import Callable

from host_client.abilities.ability import Ability
from host_client.abilities.clipboard_from_host import ClipboardFromHost
from host_client.abilities.clipboard_to_host import ClipboardToHost
from host_client.abilities.control import Control
from host_client.abilities.file_from_host import FileFromHost
from host_client.abilities.file_to_host import FileToHost
from host_client.abilities.restart import Restart
from host_client.abilities.view import View
from policy.permissions import Permission

ABILITIES: dict[Permission, Callable[[], Ability]] = {
    Permission.VIEW: View,
    Permission.CONTROL: Control,
    Permission.FILE_TO_HOST: FileToHost,
    Permission.FILE_FROM_HOST: FileFromHost,
    Permission.CLIPBOARD_TO_HOST: ClipboardToHost,
    Permission.CLIPBOARD_FROM_HOST: ClipboardFromHost,
    Permission.RESTART: Restart,
}
"""Walked by a test: every available permission has its ability."""

__all__ = ["ABILITIES", "Ability", "ClipboardFromHost", "ClipboardToHost", "Control", "FileFromHost", "FileToHost", "Restart", "View"]
