"""The restart of the PC, and the file in which the way back waits for the next start."""

import asyncio
import json
import logging
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from policy.decision import Reason
from runtime.private_files import FileExposed, read_private, sync_folder, write_private

_LOG = logging.getLogger(__name__)
_SECONDS = 10.0
"""So long the system may take to say whether it restarts."""
_ASK_SECONDS = 3.0
_ANSWER_MAX = 4096
_OF_SYSTEMD = {"systemctl", "loginctl"}
"""Commands that ask logind, in the name of this account."""
_CAN_REBOOT = ("--system", "--json=short", "call", "org.freedesktop.login1", "/org/freedesktop/login1")
_OF_THE_MANAGER = ("org.freedesktop.login1.Manager", "CanReboot")


class ReturnFile:
    """One file, private, on the disk before anything is done; taken away before it is used."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, ticket: bytes) -> bool:
        """True when it is on the disk."""
        try:
            write_private(self._path, ticket)
        except OSError as fault:
            _LOG.warning("the way back after a restart cannot be kept: %s", fault)
            return False
        return True

    def forget(self) -> None:
        """There is no way back."""
        try:
            self._remove()
        except OSError as fault:
            _LOG.warning("the way back after a restart cannot be removed: %s", fault)

    def take(self) -> bytes | None:
        """What was kept, once: it is gone from the disk when this returns. None: there is nothing, or nothing that may be used."""
        if not self._path.is_symlink() and not self._path.exists():
            return None
        kept = None
        try:
            kept = read_private(self._path)
        except (OSError, FileExposed) as fault:
            _LOG.warning("the way back after a restart cannot be used: %s", fault)
        try:
            self._remove()
        except OSError as fault:
            _LOG.warning("the way back after a restart is not used, because it cannot be removed: %s", fault)
            return None
        return kept if kept is not None else b""

    def _remove(self) -> None:
        self._path.unlink(missing_ok=True)
        sync_folder(self._path.parent)


class CommandRestarter:
    """Restarts by a command of the settings (`restart` in host.toml). What it says goes nowhere; its exit code decides."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command

    async def possible(self) -> Reason | None:
        """Before anybody is asked: what logind says of this account, where the command is one that asks logind. Anything but *yes* is no,
        also that somebody would have to type a password. Of other commands nothing is known before they are run.
        """
        if not self._command:
            return Reason.RESTART_NOT_SET_UP
        if Path(self._command[0]).name not in _OF_SYSTEMD:
            return None
        said = await _asked_logind()
        if said != "yes":
            _LOG.warning("this account may not restart this PC: logind says %s", ascii(said))
            return Reason.RESTART_NOT_ALLOWED
        return None

    async def restart(self) -> Reason | None:
        """None when the system said that it restarts."""
        if not self._command:
            return Reason.RESTART_NOT_SET_UP
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
            )
        except OSError as fault:
            _LOG.warning("this PC could not be restarted: %s", fault)
            return Reason.RESTART_FAILED
        try:
            code = await asyncio.wait_for(process.wait(), _SECONDS)
        except TimeoutError:
            process.kill()  # nothing is restarted later that was said to have failed
            code = await process.wait()
        if code != 0:
            _LOG.warning("this PC could not be restarted: the command ended with %d", code)
            return Reason.RESTART_FAILED
        return None


async def _asked_logind() -> str | None:
    """CanReboot: yes, no, challenge, na and what later versions add; None when it does not answer."""
    try:
        process = await asyncio.create_subprocess_exec(
            "busctl", *_CAN_REBOOT, *_OF_THE_MANAGER, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )
    except OSError:
        return None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_ASK_SECONDS):
            answer = await process.stdout.read(_ANSWER_MAX)
            code = await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
        return None
    return _told(answer) if code == 0 else None


def _told(answer: bytes) -> str | None:
    try:
        said = json.loads(answer)
    except ValueError:
        return None
    match said:
        case {"data": [str(word)]}:
            return word
        case _:
            return None
