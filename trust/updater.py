"""The newest documents of one repository that this reader has verified. They only ever move forward.

The checks and their order are those of python-tuf's own client (TUF specification, section 5). Around it stand:
    * one spelling of metadata, before anything else (`metadata.py`)
    * all or nothing: the client works in a folder of its own; what it leaves is kept in one file, in one step
    * time: the newest signed timestamp is the lower bound, and from there on durations run on the clock that nobody can
      set (docs/protocol.md, section 2). A clock that was set back makes nothing valid again while the program runs.
    * a company's devices or the hosts that expired are left out; nothing else waits for their signer
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import cast

from policy.instant import Instant
from runtime.private_files import write_private
from trust.metadata import (
    TIMESTAMP,
    metadata_file,
    read_plain,
)
from trust.refused import DocumentInvalid, DocumentStale
from trust.tuf_client import Client, Clock, Fetch, NotThere, PortFetcher, Reading, lay_out, refusals
from trust.verified import Verified
from wire.messages.documents import DocumentFile, DocumentsBundle, Repository
from wire.schema import MalformedMessage, decode, encode

_TIMESTAMP_FILE = metadata_file(TIMESTAMP, 0)
Before = Callable[[Verified], None]
"""Hears what was verified before it is kept; what it raises, nothing has changed."""


class Documents:
    """One repository as this reader trusts it. `root` is the pinned root, as published; `path` keeps what was accepted."""

    def __init__(self, path: Path, repository: Repository, root: bytes) -> None:
        """Raises DocumentInvalid if `root` is no root that signs itself."""
        self._path, self.repository, self.root = path, repository, root
        self._newest: Verified | None = None
        self._since = 0.0
        self._site: str | None = None
        with refusals(), tempfile.TemporaryDirectory() as folder:
            read_plain(root)
            Client(Path(folder), PortFetcher(_nothing, repository), root, Clock(0.0, 0.0, b""))

    def restore(self, now: Instant, site: str | None) -> None:
        """Begin with what was kept, expired or not. Raises DocumentInvalid if it was changed since, OSError."""
        if not self._path.exists():
            return
        try:
            bundle = decode(self._path.read_bytes(), DocumentsBundle)
        except MalformedMessage as fault:
            raise DocumentInvalid(f"what was kept is damaged: {fault}") from None
        files = {each.path: each.content for each in bundle.files}
        issued = float(_issued(files.get(_TIMESTAMP_FILE, b"")))
        self._newest, self._since, self._site = self._verified({}, files_of(bundle), issued, issued, site), now.boot, site

    def accept(self, bundle: DocumentsBundle, now: Instant, site: str | None, before: Before | None = None) -> bool:
        """`refresh` from a bundle. Raises DocumentRefused, OSError, and what `before` raises."""
        if bundle.repository is not self.repository:
            raise DocumentInvalid("documents of another repository")
        return self.refresh(files_of(bundle), now, site, before)

    def refresh(self, fetch: Fetch, now: Instant, site: str | None, before: Before | None = None) -> bool:
        """Take what is newer; True if anything was. `site`: whose hosts; None for all of them. `before` may still say no.

        Raises DocumentInvalid, DocumentStale, OSError, what `before` raises, and then nothing has changed.
        """
        kept = self._newest.files if self._newest else {}
        newest = self._verified(kept, fetch, now.utc, self.time(now), site)
        if newest.files == kept:
            return False
        if newest.expires <= max(now.utc, newest.issued):
            raise DocumentStale("expired when it came")
        if before is not None:
            before(newest)
        files = tuple(DocumentFile(path, content) for path, content in sorted(newest.files.items()))
        write_private(self._path, encode(DocumentsBundle(self.repository, site or "", files)))
        self._newest, self._since, self._site = newest, now.boot, site
        return True

    def in_force(self, now: Instant) -> Verified:
        """The newest. Raises DocumentStale if there is none or it is expired: by it nobody is admitted (safe mode)."""
        if self._newest is None:
            raise DocumentStale(f"no documents of the {self.repository.value} yet")
        if self._newest.expires <= self.time(now):
            raise DocumentStale(f"the documents of the {self.repository.value} are expired")
        return self._newest

    @property
    def newest(self) -> Verified | None:
        """The newest, expired or not; to be handed on and compared, never to decide by."""
        return self._newest

    def kept_bytes(self) -> bytes:
        """What is on the disk; empty before the first. Raises OSError."""
        return self._path.read_bytes() if self._path.exists() else b""

    def time(self, now: Instant) -> float:
        """The moment as far as it is proven: never before the newest signed timestamp and what ran since it came."""
        if self._newest is None:
            return now.utc
        return max(now.utc, self._newest.issued + max(0.0, now.boot - self._since))

    def _verified(self, kept: Mapping[str, bytes], fetch: Fetch, utc: float, bound: float, site: str | None) -> Verified:
        with refusals(), tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            lay_out(folder, kept)
            fetcher = PortFetcher(fetch, self.repository, kept)
            client = Client(folder, fetcher, self.root, Clock(utc, bound, kept.get(_TIMESTAMP_FILE, b"")))
            client.refresh()
            if self._newest is not None and site == self._site and client.same_as(self._newest):
                return self._newest
            return Reading(client, fetcher, folder, kept).all_of_it(self.repository, site)


def files_of(bundle: DocumentsBundle) -> Fetch:
    """A bundle as a place to fetch from."""
    files = {each.path: each.content for each in bundle.files}

    def fetch(_repository: Repository, path: str) -> Iterable[bytes]:
        if path not in files:
            raise NotThere(path)
        return (files[path],)

    return fetch


def _nothing(_repository: Repository, path: str) -> Iterable[bytes]:
    raise NotThere(path)


def _issued(timestamp: bytes) -> int:
    return cast(int, read_plain(timestamp).get("issued", 0)) if timestamp else 0
