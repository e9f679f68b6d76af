"""For the command line: what signed documents in files say, and which names of a policy fit nobody and nothing in them."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policy.instant import Instant
from policy.language import BlackOut, Document, Mask, Rule, Who
from policy.profiles import normalised
from policy.reading import rules_of
from trust.metadata import ROOT, metadata_file
from trust.refused import DocumentInvalid
from trust.updater import Documents
from trust.view import View, compose
from wire.messages.documents import DocumentFile, DocumentsBundle, Repository
from wire.schema import MalformedMessage, decode, encode


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name in a rule that the signed documents do not have: probably a slip of the pen."""

    file: str
    line: int
    rule: str
    found: str


def load_view(path: Path, root: Path | None) -> View:
    """What the vendor's documents say: those of a `published` folder, or those that a host or broker keeps (`documents/vendor.json`).

    They are verified from `root`, else from the first root that is with them. Expired ones are read too. Raises DocumentInvalid, OSError.
    """
    bundle = _folder(path) if path.is_dir() else _kept(path)
    first = next((each.content for each in bundle.files if each.path == metadata_file(ROOT, 1)), b"")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "vendor.json"
        copy.write_bytes(encode(bundle))
        documents = Documents(copy, Repository.VENDOR, root.read_bytes() if root is not None else first)
        documents.restore(Instant(0.0, 0.0), bundle.site or None)
    assert documents.newest is not None, "what was restored is there"
    return compose(documents.newest, None, documents.newest.issued)


def _folder(path: Path) -> DocumentsBundle:
    files = (each for each in sorted(path.rglob("*")) if each.is_file() and each.parent != path)
    return DocumentsBundle(Repository.VENDOR, "", tuple(DocumentFile(str(each.relative_to(path)), each.read_bytes()) for each in files))


def _kept(path: Path) -> DocumentsBundle:
    try:
        return decode(path.read_bytes(), DocumentsBundle)
    except MalformedMessage as fault:
        raise DocumentInvalid(f"{path} holds no signed documents: {fault}") from None


def unknown_names(document: Document, view: View) -> Iterator[Unknown]:
    """Every name in a rule that fits nobody and nothing in these documents."""
    known = _Known(view)
    for _, rule in rules_of(document):
        for found in sorted(known.missing(rule)):
            yield Unknown(document.file, rule.line, rule.name, found)


class _Known:
    def __init__(self, view: View) -> None:
        persons, hosts = view.persons, view.hosts
        self._technicians = {each.id for each in persons}
        self._companies = {each.company for each in persons}
        self._groups = {group for each in persons for group in each.groups}
        self._hosts = {each.id for each in hosts}
        self._host_groups = {each.group for each in hosts}
        self._sites = {each.site for each in hosts}
        self._models = {normalised(each.profile.model) for each in hosts}
        self._regions = {each.profile.region for each in hosts}

    def missing(self, rule: Rule | BlackOut | Mask) -> set[str]:
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
