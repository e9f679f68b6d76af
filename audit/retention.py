"""What may be let go of a log that has grown old, and what never is. Pure; both sides' logs ask here.

Letting go takes body and salt of an entry; its leaf stays, and with it every head, root and proof about the others.
"""

import re

from audit.events.evidence import EntriesExpired
from audit.events.shape import EVENTS
from audit.events.visit import SessionEnded

_ABOUT_LOGS = EntriesExpired.__module__
KEPT = frozenset(name for name, cls in EVENTS.items() if cls.__module__ == _ABOUT_LOGS or cls is SessionEnded)
"""Entries of the logs about themselves, and the ends of visits: what the other side still asks for, and what a reader needs to
understand the rest."""
_FORM = re.compile(
    rb'\{"at":\{"boot_ms":[0-9]+,"clock_suspect":(?:true|false),"utc_ms":(?P<utc_ms>[0-9]+)\},.*"type":"(?P<type>\w+)","v":1\}', re.DOTALL
)


def may_go(entry: bytes) -> bool:
    """Is this an entry whose body may be let go? What cannot be read stays: it is evidence of something else."""
    form = _FORM.fullmatch(entry)
    return form is not None and form["type"].decode() not in KEPT


def older(entry: bytes, utc_ms: int) -> bool:
    """Was this entry written before then? One that cannot be read was not."""
    form = _FORM.fullmatch(entry)
    return form is not None and int(form["utc_ms"]) < utc_ms
