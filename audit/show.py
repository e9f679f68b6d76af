"""Puts entries and findings into lines for a person. What others wrote is shown with every odd character spelled out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.text import Text

from audit.entry import Entry, decode_entry
from audit.events.shape import Event, Outcome, name_of, outcome_of, sentence
from audit.log import Finding, Row
from audit.verify_against import Tail, Unfit
from audit.visible import moment, visible
from runtime.catalogues import Catalogue
from wire.schema import MalformedMessage

_COLOURS = {Outcome.DONE: "green", Outcome.REFUSED: "red", Outcome.ENDED: "yellow"}
_SIGNS = {Outcome.DONE: "+", Outcome.REFUSED: "!", Outcome.ENDED: "-"}
"""Beside the colour, for whoever does not see it."""
_SESSIONS = ("session_id", "subject")
_TECHNICIANS = ("technician_id", "technician_given", "name_given")
_HOSTS = ("host_id", "host_given", "subject", "by")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries to show; an empty field lets everything pass. `since` and `until` are seconds since 1970."""

    since: float = 0
    until: float = 0
    session: str = ""
    technician: str = ""
    host: str = ""
    site: str = ""
    event: str = ""
    outcome: Outcome | None = None


class Sieve:
    """Lets wanted entries pass. It remembers which visits and hosts belong to what was asked for, so it sees a log from its beginning."""

    def __init__(self, wanted: Filter) -> None:
        self._wanted = wanted
        self._visits: set[str] = set()
        self._hosts: set[str] = set()

    def lets_pass(self, entry: Entry) -> bool:
        """Is this one wanted?"""
        wanted, happened = self._wanted, entry.event
        place = self._of_the_place(happened)
        return (
            place
            and entry.at.utc_ms >= wanted.since * 1000
            and (not wanted.until or entry.at.utc_ms < wanted.until * 1000)
            and (not wanted.session or _named(happened, _SESSIONS, wanted.session))
            and (not wanted.technician or _named(happened, _TECHNICIANS, wanted.technician))
            and (not wanted.event or name_of(happened) == wanted.event)
            and (wanted.outcome is None or outcome_of(happened) is wanted.outcome)
        )

    def _of_the_place(self, happened: Event) -> bool:
        """Is it of the host or site that was asked for: named there, or of a visit to it?"""
        wanted = self._wanted
        if not wanted.host and not wanted.site:
            return True
        site = wanted.site and (_named(happened, ("site",), wanted.site) or wanted.site in getattr(happened, "sites", ()))
        host = wanted.host and _named(happened, _HOSTS, wanted.host)
        if site:
            self._hosts.add(getattr(happened, "host_id", ""))
        session, at_host = getattr(happened, "session_id", ""), getattr(happened, "host_id", "")
        found = bool(site or host or (at_host and at_host in self._hosts) or (session and session in self._visits))
        if found and session:
            self._visits.add(session)
        return found


def _named(happened: Event, fields: tuple[str, ...], wanted: str) -> bool:
    return any(getattr(happened, field, None) == wanted for field in fields)


@dataclass(frozen=True, slots=True)
class Line:
    """One line to print. `sound` is False where the row could not be read."""

    text: Text
    sound: bool


def lines(rows: Iterable[Row], wanted: Filter, words: Catalogue) -> Iterator[Line]:
    """One line for each wanted entry. A row that cannot be read is always shown."""
    sieve = Sieve(wanted)
    for row in rows:
        if not row.entry and not row.salt:
            continue  # let go by retention; `verify` says which
        try:
            entry = decode_entry(row.entry)
        except MalformedMessage:
            yield Line(Text(f"{row.index:>6}  {words.text('fault-unreadable', index=row.index)}", style="bold red"), sound=False)
            continue
        if sieve.lets_pass(entry):
            yield Line(_line(row.index, entry, words), sound=True)


def _line(index: int, entry: Entry, words: Catalogue) -> Text:
    outcome = outcome_of(entry.event)
    line = Text(f"{index:>6}  ", style="")
    line.append(moment(entry.at.utc_ms), style="dim")
    line.append("? " if entry.at.clock_suspect else "  ", style="magenta")
    line.append(f"{_SIGNS[outcome]} ", style=f"bold {_COLOURS[outcome]}")
    line.append(visible(words.sentence(sentence(entry.event)).rstrip()), style=_COLOURS[outcome])
    return line


def finding_line(finding: Finding, words: Catalogue) -> str:
    """One finding in words."""
    count = finding.last - finding.index + 1
    return words.text(f"fault-{finding.fault.value}", index=str(finding.index), last=str(finding.last), count=count)


def unfit_line(unfit: Unfit, words: Catalogue) -> str:
    """One difference between two logs in words."""
    return words.text(
        f"difference-{unfit.what.value}",
        index=str(unfit.index),
        other=str(unfit.other),
        side=words.text(f"{unfit.side.value}-log"),
        session=visible(unfit.session_id),
    )


def tail_line(tail: Tail, words: Catalogue) -> str:
    """One visit that is not closed in words."""
    side = words.text(f"{tail.side.value}-log")
    return words.text("tail", session=visible(tail.session_id), side=side, since=str(tail.since))
