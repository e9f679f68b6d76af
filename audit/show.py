"""Puts entries and findings into lines for a person. What others wrote is shown with every odd character spelled out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.text import Text

from audit.entry import Entry, decode_entry
from audit.events.shape import Event, Outcome, name_of, outcome_of, sentence
from audit.log import Finding, Row
from audit.visible import moment, visible
from runtime.catalogues import Catalogue
from wire.schema import MalformedMessage

_COLOURS = {Outcome.DONE: "green", Outcome.REFUSED: "red", Outcome.ENDED: "yellow"}
_SIGNS = {Outcome.DONE: "+", Outcome.REFUSED: "!", Outcome.ENDED: "-"}
"""Beside the colour, for whoever does not see it."""
_SESSIONS = ("session_id", "subject")
_TECHNICIANS = ("technician_id", "technician_given", "name_given")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries to show; an empty field lets everything pass. `since` is seconds since 1970."""

    since: float = 0
    session: str = ""
    technician: str = ""
    event: str = ""

    def lets_pass(self, entry: Entry) -> bool:
        """Is this one wanted?"""
        happened = entry.event
        return (
            entry.at.utc_ms >= self.since * 1000
            and (not self.session or _named(happened, _SESSIONS, self.session))
            and (not self.technician or _named(happened, _TECHNICIANS, self.technician))
            and (not self.event or name_of(happened) == self.event)
        )


def _named(happened: Event, fields: tuple[str, ...], wanted: str) -> bool:
    return any(getattr(happened, field, None) == wanted for field in fields)


@dataclass(frozen=True, slots=True)
class Line:
    """One line to print. `sound` is False where the row could not be read."""

    text: Text
    sound: bool


def lines(rows: Iterable[Row], wanted: Filter, words: Catalogue) -> Iterator[Line]:
    """One line for each wanted entry. A row that cannot be read is always shown."""
    for row in rows:
        try:
            entry = decode_entry(row.entry)
        except MalformedMessage:
            yield Line(Text(f"{row.index:>6}  {words.text('fault-unreadable', index=row.index)}", style="bold red"), sound=False)
            continue
        if wanted.lets_pass(entry):
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
