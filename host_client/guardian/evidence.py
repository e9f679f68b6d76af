"""What this host holds against its broker's log and its own: one private file, `evidence.json`, replaced in one step.

    held      the newest note of the broker's log that was verified
    unclosed  visits whose end the broker has not shown yet
    doubts    what did not fit, until a named person has acknowledged it
    told      the same, as the broker says of our log
    seen      what it said and was acknowledged: heard again, it is nothing new

It is as durable as the log: a host that forgot what it was shown would believe a shorter log after its next start.
"""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Annotated

from audit.checkpoint import NoteInvalid, said_by
from audit.heads import Held
from runtime.private_files import FileExposed, read_private, write_private
from wire.messages.evidence import Doubt, Note
from wire.schema import Count, Hash, Identity, MalformedMessage, Seconds, encode_part, part, read_part

SEEN_MAX = 64
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
    told: Annotated[tuple[KeptDoubt, ...], Count(16)]
    seen: Annotated[tuple[Hash, ...], Count(SEEN_MAX)]


class EvidenceUnreadable(Exception):
    """The file is there and cannot be used. To go on without it would be to forget what was held."""


class Evidence:
    """The file, read and written whole. Every change is on the disk when its call returns, or raises OSError and is not made.

    Calls block, and may come from several threads.
    """

    def __init__(self, path: Path, kept: _File) -> None:
        self._path, self._kept, self._busy = path, kept, Lock()
        self.held_anew: Callable[[str], None] = lambda _note: None
        """Called with each note that is held, in the thread of whoever holds it."""

    @property
    def held(self) -> Held | None:
        """The newest checkpoint of the broker's log that was verified here."""
        note = self._kept.held
        return Held(said_by(note), note) if note else None

    def hold(self, held: Held) -> None:
        """From now on the broker's log has to continue this one."""
        self._keep(lambda kept: replace(kept, held=held.note))
        self.held_anew(held.note)

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
        """What nobody has acknowledged yet, at most one for each log, and what was told by each other side."""
        return self._kept.doubts + self._kept.told

    @property
    def told(self) -> tuple[KeptDoubt, ...]:
        """Those of them that the other side told of our log; `subject` is the other side."""
        return self._kept.told

    def was_told(self, new: KeptDoubt) -> bool:
        """Did the other side tell this before, about the same note, acknowledged or not?"""
        return _digest(new) in {*self._kept.seen, *(_digest(each) for each in self._kept.told)}

    def add_told(self, new: KeptDoubt) -> None:
        """Keep what the other side says of our log, first of all that it said since a person looked."""
        if not any(each.subject == new.subject for each in self._kept.told):
            self._keep(lambda kept: replace(kept, told=(*kept.told, new)))

    def add_doubt(self, new: KeptDoubt) -> bool:
        """Keep it; False if that log is in doubt already: what was found first is what a person has to see."""
        if any(each.subject == new.subject for each in self._kept.doubts):
            return False
        self._keep(lambda kept: replace(kept, doubts=(*kept.doubts, new)))
        return True

    def acknowledge(self, subject: str, *, forget_held: bool) -> None:
        """A named person has seen it (recorded before). `forget_held`: the next head of the broker is believed anew."""

        def acknowledged(kept: _File) -> _File:
            left, told = (tuple(each for each in row if each.subject != subject) for row in (kept.doubts, kept.told))
            seen = (*kept.seen, *(_digest(each) for each in kept.told if each.subject == subject))[-SEEN_MAX:]
            return replace(kept, doubts=left, told=told, seen=seen, held="" if forget_held else kept.held)

        self._keep(acknowledged)

    def _keep(self, change: Callable[[_File], _File]) -> None:
        with self._busy:
            new = change(self._kept)
            if new != self._kept:
                write_private(self._path, encode_part(new))
                self._kept = new


def _without(sessions: tuple[str, ...], session_id: str) -> tuple[str, ...]:
    return tuple(each for each in sessions if each != session_id)


def _digest(doubt: KeptDoubt) -> bytes:
    return sha256("\n".join((doubt.subject, doubt.doubt.value, doubt.held)).encode()).digest()


def read_evidence(path: Path) -> Evidence:
    """The file, or an empty one where there is none yet. Raises EvidenceUnreadable."""
    try:
        kept = read_part(_File, read_private(path))
        if kept.held:
            said_by(kept.held)
    except FileNotFoundError:
        kept = _File("", (), (), (), ())
    except (OSError, FileExposed, MalformedMessage, NoteInvalid) as fault:
        raise EvidenceUnreadable(f"{path} cannot be used: {fault}") from None
    return Evidence(path, kept)
