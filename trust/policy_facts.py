"""For the command line: the directory in a file, and which names of a policy fit nobody and nothing in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policy.language import BlackOut, Document, Rule, Who
from policy.profiles import normalised
from policy.reading import rules_of
from trust.directory import DocumentInvalid, TrustedDirectory
from trust.keys import read_public_key
from trust.store import read_statement
from wire.messages.documents import Directory
from wire.schema import MalformedMessage, read_part


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name in a rule that the directory does not have: probably a slip of the pen."""

    file: str
    line: int
    rule: str
    found: str


def load_directory(path: Path, key: Path | None) -> Directory:
    """The directory of this file; its signature is checked if there is a `key`. An expired one is read too.

    Raises DocumentInvalid for a file that is no directory or not signed by this key; KeyUnreadable, OSError.
    """
    statement = read_statement(path.read_bytes())
    if key is not None:
        TrustedDirectory(read_public_key(key.read_text(encoding="ascii"))).restore(statement)
    try:
        return read_part(Directory, statement.payload)
    except MalformedMessage as fault:
        raise DocumentInvalid(f"no directory: {fault}") from None


def unknown_names(document: Document, directory: Directory) -> Iterator[Unknown]:
    """Every name in a rule that fits nobody and nothing in this directory."""
    known = _Known(directory)
    for _, rule in rules_of(document):
        for found in sorted(known.missing(rule)):
            yield Unknown(document.file, rule.line, rule.name, found)


class _Known:
    def __init__(self, directory: Directory) -> None:
        persons, hosts = directory.persons, directory.hosts
        self._technicians = {each.id for each in persons}
        self._companies = {each.company for each in persons}
        self._groups = {group for each in persons for group in each.groups}
        self._hosts = {each.id for each in hosts}
        self._host_groups = {each.group for each in hosts}
        self._sites = {each.site for each in hosts}
        self._models = {normalised(each.profile.model) for each in hosts}
        self._regions = {each.profile.region for each in hosts}

    def missing(self, rule: Rule | BlackOut) -> set[str]:
        where, who = rule.where, rule.who if isinstance(rule, Rule) else Who()
        pairs = (
            (who.technicians, self._technicians),
            (who.companies, self._companies),
            (who.groups, self._groups),
            (where.hosts, self._hosts),
            (where.groups, self._host_groups),
            (where.sites, self._sites),
            (where.regions, self._regions),
        )
        models = {each for each in where.models or () if normalised(each) not in self._models}
        return models.union(*((named or frozenset()) - known for named, known in pairs))
