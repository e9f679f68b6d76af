"""What the person at the PC does to a visit beside answering it: pauses it, goes on, takes a right back, uses the PC.

The desk has done its part before any of this is heard here (product behaviours 7 and 8).
"""

from typing import assert_never

from host_client.core.commands import Talk
from host_client.core.files import Files
from host_client.core.standing import PauseCause, Standing
from host_client.core.waiting import pause, resume
from host_client.core.withdrawing import withdraw
from host_client.link import KeepOpenPressed, LocalInput, PausePressed, ResumePressed, TakeBackPressed
from host_client.link_files import FileStop
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission

OfThePerson = TakeBackPressed | PausePressed | ResumePressed | KeepOpenPressed | LocalInput


def acted(standing: Standing, files: Files, said: OfThePerson, now: Instant) -> Talk:
    """One of them. Raises PeerMisbehaved and MalformedMessage for what a file brought while the visit waited."""
    match said:
        case PausePressed():
            yield from pause(standing, PauseCause.PERSON, now)
        case ResumePressed():
            yield from resume(standing, PauseCause.PERSON, now)
            yield from files.resumed(now)
        case KeepOpenPressed():
            pass  # a deed, and nothing more (`idling.py`)
        case TakeBackPressed():
            yield from _take_back(standing, files, said.permission, now)
        case LocalInput():
            if not said.active:
                yield from resume(standing, PauseCause.LOCAL, now)
            elif standing.control.grant:
                yield from pause(standing, PauseCause.LOCAL, now)
        case _:
            assert_never(said)


def _take_back(standing: Standing, files: Files, permission: Permission, now: Instant) -> Talk:
    """With a right goes what was allowed ahead under it: the next file is asked for again."""
    for each in list(standing.all_files):
        if permission in {each, Permission.VIEW}:
            del standing.all_files[each]
    if permission is Permission.FILE_TO_HOST:
        yield from files.desk(FileStop(standing.abilities[permission].grant), now)
    else:
        yield from withdraw(standing, permission, Reason.REFUSED_BY_PERSON, now)
