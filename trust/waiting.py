"""A change that too few of a role's keys have signed yet: `pending/change.json` in a signing folder. Nobody publishes it.

It holds the files that the change would publish, by path. The metadata among them is complete but for signatures, so each signer signs
the very same characters, and a signature counts for this change alone. `differences` says in words what a signature would say yes to.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Targets

from trust.metadata import HOSTS_PATTERN, PERSONS_PATH, ROOT, SITE_PATH, TARGETS, VENDOR_PATH, metadata_file, read_plain
from trust.publication import Publication, SignaturesMissing, plain
from trust.refused import DocumentInvalid
from wire.messages.documents import DevicesDocument, HostsDocument, PersonsDocument, SiteDocument, VendorDocument
from wire.schema import MalformedMessage, base64url, canonical, from_base64url, read_part

_PATH = re.compile(r"metadata/[0-9]+\.(root|targets|hosts|devices-[a-z0-9-]+)\.json|targets/([a-z]+/)?[0-9a-f]{64}\.[a-z0-9.-]+")
_LISTS: tuple[tuple[str, type, str, str], ...] = (
    (PERSONS_PATH, PersonsDocument, "persons", "id"),
    (HOSTS_PATTERN.rpartition("/")[0] + "/", HostsDocument, "hosts", "id"),
    ("devices/", DevicesDocument, "persons", "person"),
)
"""Documents that are lists: how their path begins, what they are, their field, and what names an entry."""
_FORMS: dict[str, type] = {VENDOR_PATH: VendorDocument, SITE_PATH: SiteDocument}


class ChangeUnreadable(Exception):
    """What waits is damaged, or is not what it says. The message is for whoever would sign it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many have signed a role's part of the change. Key ids in hex."""

    role: str
    version: int
    signed: tuple[str, ...]
    missing: tuple[str, ...]
    threshold: int

    @property
    def complete(self) -> bool:
        """Is it enough?"""
        return len(self.signed) >= self.threshold


def write_change(files: Mapping[str, bytes]) -> bytes:
    """The content of pending/change.json."""
    return canonical({"files": {path: base64url(content) for path, content in files.items()}})


def read_change(content: bytes) -> dict[str, bytes]:
    """The files of a change. Raises ChangeUnreadable for a path that no change has, or content that is not what its name says."""
    try:
        body: Any = json.loads(content)
        files = {str(path): from_base64url(text) for path, text in body["files"].items()}
        for path, held in files.items():
            _sound(path, held)
    except (ValueError, KeyError, TypeError, AttributeError, MalformedMessage, DocumentInvalid) as fault:
        raise ChangeUnreadable(f"what waits in pending/change.json is damaged: {fault}") from None
    return files


def _sound(path: str, content: bytes) -> None:
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path} is no file of a change")
    if path.startswith("metadata/"):
        number, _, role = path.removeprefix("metadata/").removesuffix(".json").partition(".")
        signed = read_plain(content)
        if (signed["_type"], signed["version"]) != (ROOT if role == ROOT else TARGETS, int(number)):
            raise ValueError(f"{path} is not what its name says")
    elif sha256(content).hexdigest() != path.rpartition("/")[2].partition(".")[0]:
        raise ValueError(f"{path} is not what its name says")


def roles_in(files: Mapping[str, bytes]) -> dict[str, int]:
    """The roles whose metadata a change brings, root excepted, and under which version."""
    found = (path.removeprefix("metadata/").removesuffix(".json").partition(".") for path in files if path.startswith("metadata/"))
    return {role: int(version) for version, _, role in found if role != ROOT}


def standings(publication: Publication, files: Mapping[str, bytes]) -> list[Standing]:
    """Who has signed what, in a publication that these files are laid over."""
    return [_standing(publication, role, version) for role, version in sorted(roles_in(files).items())]


def _standing(publication: Publication, role: str, version: int) -> Standing:
    metadata = Metadata[Targets].from_bytes(publication.files[metadata_file(role, version)])
    result = publication.verification(role, metadata)
    return Standing(role, version, tuple(sorted(result.signed)), tuple(sorted(result.unsigned)), result.threshold)


def sign_change(publication: Publication, role: str, version: int, signers: list[CryptoSigner]) -> None:
    """Add the signatures of these keys to a role's part of the change; those that do not sign for it are passed over."""
    path = metadata_file(role, version)
    metadata = Metadata[Targets].from_bytes(publication.files[path])
    for signer in signers:
        if signer.public_key.keyid in {key.keyid for key in publication.who(role).keys}:
            metadata.sign(signer, append=True)
    publication.files[path] = plain(metadata)


def first_missing(stand: list[Standing]) -> SignaturesMissing | None:
    """What to say while something is missing."""
    return next((Waits(each.role, len(each.signed), each.threshold) for each in stand if not each.complete), None)


class Waits(SignaturesMissing):
    """Too few keys are here, and what is signed so far waits for the others in pending/."""

    def __str__(self) -> str:
        return (
            f"{self.role}: {self.signed} of {self.threshold} signatures. Nothing is published; it waits in pending/change.json. "
            "Copy that file to the next signer, who says: chaperone-keys show, and then: chaperone-keys sign"
        )


# ---- in words


def differences(before: Publication, after: Publication, roles: Mapping[str, int]) -> list[str]:
    """What is different once the change is published, one line each: `+` new, `-` gone, `~` changed."""
    lines = list(_signers(before, after))
    for role in roles:
        old, new = before.documents(role), after.documents(role)
        for path in sorted({*old, *new}):
            if old.get(path) != new.get(path):
                lines += _document(path, old.get(path), new.get(path))
    return lines or ["nothing but version and expiry"]


def _signers(before: Publication, after: Publication) -> Iterator[str]:
    old = {role: before.who(role) for role in (TARGETS, *before.delegated())}
    new = {role: after.who(role) for role in (TARGETS, *after.delegated())}
    for role in sorted({*old, *new}):
        if old.get(role) != new.get(role):
            who = new.get(role)
            keys = ", ".join(key.keyid[:12] for key in who.keys) if who else ""
            yield f"~ who signs for {role}: {f'{who.threshold} of {keys}' if who else 'nobody any more'}"


def _document(path: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    for start, cls, field, name in _LISTS:
        if path.startswith(start):
            yield from _entries(path, *(_by_name(cls, field, name, content) for content in (old, new)))
            return
    form = _FORMS.get(path)
    if form is None:
        yield f"~ {path}: {len(old or b'')} bytes before, {len(new or b'')} now, SHA-256 {sha256(new or b'').hexdigest()}"
        return
    yield from _fields(path, *(read_part(form, content) if content is not None else None for content in (old, new)))


def _by_name(cls: type, field: str, name: str, content: bytes | None) -> dict[str, Any]:
    listed = getattr(read_part(cls, content), field) if content is not None else ()
    return {getattr(each, name): each for each in listed}


def _entries(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name not in old:
            yield f"+ {path} {name}: {_said(new[name])}"
        elif name not in new:
            yield f"- {path} {name}: {_said(old[name])}"
        elif old[name] != new[name]:
            yield from _fields(f"{path} {name}", old[name], new[name])


def _fields(what: str, old: Any, new: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a document
    for field in fields(new if new is not None else old):
        was, now = (getattr(each, field.name) if each is not None else None for each in (old, new))
        if was != now:
            yield f"~ {what}: {field.name} {_said(was)} -> {_said(now)}"


def _said(value: object) -> str:
    if isinstance(value, bytes):
        return f"{base64url(value)[:12]}…"
    if isinstance(value, tuple):
        return f"[{', '.join(_said(each) for each in value)}]"
    names = getattr(value, "__dataclass_fields__", None)
    return ", ".join(f"{name} {_said(getattr(value, name))}" for name in names) if names else str(value)
