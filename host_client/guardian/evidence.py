"""What this host holds against its broker's log and its own: one private file, `evidence.json`, replaced in one step.

    held      the newest note of the broker's log that was verified
    unclosed  visits whose end the broker has not shown yet
    doubts    what did not fit, until a named person has acknowledged it

It is as durable as the log: a host that forgot what it was shown would believe a shorter log after its next start.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Annotated

from audit.checkpoint import NoteInvalid, said_by
from audit.heads import Held
from runtime.private_files import FileExposed, read_private, write_private
from wire.messages.evidence import Doubt, Note
from wire.schema import Count, Identity, MalformedMessage, Seconds, encode_part, part, read_part

UNCLOSED_MAX = 1000
"""Older ones are given up: a broker that never shows the end of a thousand visits is in doubt long before."""


@part
class KeptDoubt:
    """Whose log is in doubt, why, and since when. Both notes as they were signed, empty where there is none."""

    subject: Identity
    doubt: Doubt
    held: Note
    given: Note
    at: Seconds


@part
class _File:
    held: Note
    unclosed: Annotated[tuple[Identity, ...], Count(UNCLOSED_MAX)]
    doubts: Annotated[tuple[KeptDoubt, ...], Count(16)]


class EvidenceUnreadable(Exception):
    """The file is there and cannot be used. To go on without it would be to forget what was held."""


class Evidence:
    """The file, read and written whole. Every change is on the disk when its call returns, or raises OSError and is not made.

    Calls block, and may come from several threads.
    """

    def __init__(self, path: Path, kept: _File) -> None:
        self._path, self._kept, self._busy = path, kept, Lock()

    @property
    def held(self) -> Held | None:
        """The newest checkpoint of the broker's log that was verified here."""
        note = self._kept.held
        return Held(said_by(note), note) if note else None

    def hold(self, held: Held) -> None:
        """From now on the broker's log has to continue this one."""
        self._keep(lambda kept: replace(kept, held=held.note))

    @property
    def unclosed(self) -> tuple[str, ...]:
        """Visits whose end the broker has still to show, oldest first."""
        return self._kept.unclosed

    def add_unclosed(self, session_id: str) -> None:
        """This visit is over here, and its end has to be shown."""
        self._keep(lambda kept: replace(kept, unclosed=(*_without(kept.unclosed, session_id), session_id)[-UNCLOSED_MAX:]))

    def closed(self, session_id: str) -> None:
        """Its end was shown."""
        self._keep(lambda kept: replace(kept, unclosed=_without(kept.unclosed, session_id)))

    @property
    def doubts(self) -> tuple[KeptDoubt, ...]:
        """What nobody has acknowledged yet, at most one for each log."""
        return self._kept.doubts

    def add_doubt(self, new: KeptDoubt) -> bool:
        """Keep it; False if that log is in doubt already: what was found first is what a person has to see."""
        if any(each.subject == new.subject for each in self._kept.doubts):
            return False
        self._keep(lambda kept: replace(kept, doubts=(*kept.doubts, new)))
        return True

    def acknowledge(self, subject: str, *, forget_held: bool) -> None:
        """A named person has seen it (recorded before). `forget_held`: the next head of the broker is believed anew."""

        def seen(kept: _File) -> _File:
            left = tuple(each for each in kept.doubts if each.subject != subject)
            return replace(kept, doubts=left, held="" if forget_held else kept.held)

        self._keep(seen)

    def _keep(self, change: Callable[[_File], _File]) -> None:
        with self._busy:
            new = change(self._kept)
            if new != self._kept:
                write_private(self._path, encode_part(new))
                self._kept = new


def _without(sessions: tuple[str, ...], session_id: str) -> tuple[str, ...]:
    return tuple(each for each in sessions if each != session_id)


def read_evidence(path: Path) -> Evidence:
    """The file, or an empty one where there is none yet. Raises EvidenceUnreadable."""
    try:
        kept = read_part(_File, read_private(path))
        if kept.held:
            said_by(kept.held)
    except FileNotFoundError:
        kept = _File("", (), ())
    except (OSError, FileExposed, MalformedMessage, NoteInvalid) as fault:
        raise EvidenceUnreadable(f"{path} cannot be used: {fault}") from None
    return Evidence(path, kept)
