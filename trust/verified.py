"""What came out of verifying one repository: files, versions, expiries and contents. How it verifies is `tuf_client.py`'s."""

from collections.abc import Mapping
from dataclasses import dataclass

from trust.contents import SiteContents, VendorContents
from trust.metadata import ROOT, SNAPSHOT, TARGETS, TIMESTAMP
from wire.messages.documents import Repository

Contents = VendorContents | SiteContents


@dataclass(frozen=True, slots=True)
class Verified:
    """What verified, at one moment. `files` are as published; expiries in seconds since 1970, by role."""

    repository: Repository
    files: Mapping[str, bytes]
    versions: Mapping[str, int]
    expiries: Mapping[str, int]
    issued: int
    contents: Contents

    @property
    def expires(self) -> int:
        """From when on none of it stands: the first expiry of root, timestamp, snapshot and targets."""
        return min(self.expiries[role] for role in (ROOT, TIMESTAMP, SNAPSHOT, TARGETS))
