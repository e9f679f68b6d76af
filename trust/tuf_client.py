"""python-tuf's own client, with our way to the files, our time, and our way to say no.

The client works in a folder that `updater.py` gives it and throws away; `Reading` collects what it vouches for. The order
of checks on top-level metadata is the client's (TUF specification, section 5); what is ours is numbered where it stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import cast

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, TargetFile, Targets, Timestamp
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.fetcher import FetcherInterface

from trust.contents import Target, read_site, read_vendor
from trust.metadata import (
    HOSTS,
    PERSONS_PATH,
    ROOT,
    SITE_PATH,
    SITE_POLICY_PATH,
    TARGETS,
    TIMESTAMP,
    TOP_ROLES,
    VENDOR_PATH,
    VENDOR_POLICY_PATH,
    devices_path,
    hosts_path,
    metadata_file,
    read_plain,
    target_file,
)
from trust.refused import DocumentInvalid, DocumentRefused, DocumentStale
from trust.verified import Verified
from wire.limits import DOCUMENT_FILE_MAX, SITE_FRESH_MAX, VENDOR_FRESH_MAX
from wire.messages.documents import Repository

Fetch = Callable[[Repository, str], Iterable[bytes]]
"""Gives a published file in pieces, `metadata/timestamp.json` for example. Raises NotThere, OSError."""

_CONFIG = UpdaterConfig(
    max_root_rotations=1024,
    root_max_length=64 * 1024,
    timestamp_max_length=4 * 1024,
    snapshot_max_length=1024 * 1024,
    targets_max_length=DOCUMENT_FILE_MAX,
)
_FRESH_MAX = {Repository.VENDOR: VENDOR_FRESH_MAX, Repository.SITE: SITE_FRESH_MAX}
_TOP_TARGETS = {
    Repository.VENDOR: (PERSONS_PATH, VENDOR_PATH, VENDOR_POLICY_PATH),
    Repository.SITE: (SITE_POLICY_PATH, SITE_PATH),
}


class NotThere(Exception):
    """The repository has no such file. For a root that is no fault: the one before it is the newest."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The machine's clock, the bound by the newest timestamp and what ran since, and that timestamp as it was signed."""

    utc: float
    bound: float
    timestamp: bytes


class refusals:  # noqa: N801 - it stands in a `with`, like a word of the language
    """Turns the client's faults into ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        match fault:
            case BadVersionNumberError() | ExpiredMetadataError():
                raise DocumentStale(str(fault)) from None
            case RepositoryError() | ValueError() | KeyError() | TypeError():
                raise DocumentInvalid(str(fault)) from None
            case DownloadError() if isinstance(fault.__cause__, OSError | DocumentRefused):
                raise fault.__cause__ from None
            case DownloadError():
                raise DocumentInvalid(f"withheld or too long: {fault}") from None
            case _:
                return


class PortFetcher(FetcherInterface):
    """The client's way out: to `fetch`, and nowhere else. Metadata is looked at before the client parses it.

    `kept` stands in for metadata that is not sent again because we hold it: the client asks for some of that anew, such as that of a role
    which has expired. Its name has its version in it, and what it says is verified like anything else.
    """

    def __init__(self, fetch: Fetch, repository: Repository, kept: Mapping[str, bytes] | None = None) -> None:
        self._ask, self._repository, self._kept = fetch, repository, kept or {}
        self.seen: dict[str, bytes] = {}

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            pieces = iter(self._ask(self._repository, url))
            return chain((next(pieces, b""),), pieces)
        except NotThere:
            held = self._kept.get(url) if not url.endswith((f".{ROOT}.json", f"/{TIMESTAMP}.json")) else None
            if held is None:
                raise DownloadHTTPError(f"there is no {url}", 404) from None
            return iter((held,))

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """The whole file, once its length and its spelling are known to be right. Raises DownloadError, DocumentInvalid."""
        content = super().download_bytes(url, max_length)
        read_plain(content)
        self.seen[url] = content
        return content


class Client(Updater):
    """python-tuf's client with our time, which it samples from the machine's clock otherwise."""

    def __init__(self, folder: Path, fetcher: PortFetcher, root: bytes, clock: Clock) -> None:
        super().__init__(str(folder), "metadata/", target_base_url="targets/", fetcher=fetcher, config=_CONFIG, bootstrap=root)
        self._clock = clock

    def _load_timestamp(self) -> None:
        # The roots are loaded, and none of them needed a time. A kept timestamp binds us only while its key counts:
        # a root that replaces the key takes back a time in the far future, too (recovery from fast-forward).
        seconds = self._clock.bound if self._still_counts() else self._clock.utc
        self._trusted_set.reference_time = datetime.fromtimestamp(seconds, UTC)
        super()._load_timestamp()

    def _still_counts(self) -> bool:
        if not self._clock.timestamp:
            return False
        kept = Metadata[Timestamp].from_bytes(self._clock.timestamp)
        try:
            self._trusted_set.root.verify_delegate(TIMESTAMP, kept.signed_bytes, kept.signatures)
        except UnsignedMetadataError:
            return False
        return True

    def same_as(self, newest: Verified) -> bool:
        """Is what was refreshed the very thing that was taken last? Then there is nothing to read again."""
        return all(self._trusted_set[role].version == newest.versions[role] for role in (ROOT, TIMESTAMP))

    @property
    def trusted(self) -> TrustedMetadataSet:
        """Everything that verified in this run."""
        return self._trusted_set


class Reading:
    """Collects what a refreshed client vouches for: the metadata it holds, and the documents this reader is to have."""

    def __init__(self, client: Client, fetcher: PortFetcher, folder: Path, kept: Mapping[str, bytes]) -> None:
        self._client, self._fetcher, self._folder, self._kept = client, fetcher, folder, kept
        self._files: dict[str, bytes] = {}
        self._targets: dict[str, Target] = {}
        self._roles = list(TOP_ROLES)

    def all_of_it(self, repository: Repository, site: str | None) -> Verified:
        """Every document this reader is to have. `site`: whose hosts; None for all sites. Raises DocumentInvalid."""
        issued = self._issued(repository)
        # Delegated roles are judged as of the timestamp, so that what is kept verifies again at a restart, whatever
        # expired since; `view.py` leaves out what expired by the moment it is asked.
        self._client.trusted.reference_time = datetime.fromtimestamp(issued, UTC)
        for path in _TOP_TARGETS[repository]:
            self._take(TARGETS, path)
        for role in self._delegated(repository):
            self._delegated_role(role, site)
        self._metadata()
        trusted = self._client.trusted
        return Verified(
            repository,
            self._files,
            {role: trusted[role].version for role in self._roles},
            {role: int(trusted[role].expires.timestamp()) for role in self._roles},
            issued,
            read_vendor(self._targets) if repository is Repository.VENDOR else read_site(self._targets),
        )

    def _delegated(self, repository: Repository) -> tuple[str, ...]:
        delegations = self._client.trusted.targets.delegations
        if delegations is not None and repository is Repository.SITE:
            raise DocumentInvalid("a site delegates nothing")
        return tuple(delegations.roles or ()) if delegations else ()

    def _issued(self, repository: Repository) -> int:
        timestamp = self._client.trusted.timestamp
        issued = timestamp.unrecognized_fields["issued"]
        if not isinstance(issued, int) or not 0 < timestamp.expires.timestamp() - issued <= _FRESH_MAX[repository]:
            raise DocumentInvalid("a timestamp that is valid for too long, or not at all")
        return issued

    def _delegated_role(self, role: str, site: str | None) -> None:
        if f"{role}.json" not in self._client.trusted.snapshot.meta:
            return  # named by the officer, and its signer has signed nothing yet: it says nothing
        path = hosts_path(site or "") if role == HOSTS else devices_path(role)
        try:
            self._client.get_targetinfo(path)
        except ExpiredMetadataError:
            self._pass_on(role)
            return
        self._roles.append(role)
        held = cast(Targets, self._client.trusted[role]).targets
        for each in sorted(held) if role == HOSTS and site is None else (path,):
            self._take(role, each)

    def _pass_on(self, role: str) -> None:
        # Its signer is late, and nobody else waits for him: what he signed does not count, but other readers ask for it.
        file = metadata_file(role, self._client.trusted.snapshot.meta[f"{role}.json"].version)
        self._files[file] = self._fetcher.seen.get(file) or self._kept[file]

    def _take(self, role: str, path: str) -> None:
        info = self._client.get_targetinfo(path)
        if info is None:
            return
        file = target_file(path, info.hashes["sha256"])
        content = self._kept[file] if file in self._kept else self._download(info)
        self._files[file], self._targets[path] = content, Target(role, content)

    def _download(self, info: TargetFile) -> bytes:
        if info.length > DOCUMENT_FILE_MAX:
            raise DocumentInvalid(f"{info.path} is too long")
        return Path(self._client.download_target(info, str(self._folder / "target"))).read_bytes()

    def _metadata(self) -> None:
        trusted = self._client.trusted
        for each in self._roles:
            if each != ROOT:
                self._files[metadata_file(each, trusted[each].version)] = (self._folder / f"{each}.json").read_bytes()
        for path in (self._folder / "root_history").iterdir():
            version, _, _ = path.name.partition(".")
            if int(version) <= trusted.root.version:
                self._files[metadata_file(ROOT, int(version))] = path.read_bytes()


def lay_out(folder: Path, kept: Mapping[str, bytes]) -> None:
    """Put kept metadata where the client looks for it. It verifies all of it again."""
    (folder / "root_history").mkdir()
    for path, content in kept.items():
        name = path.removeprefix("metadata/")
        if name == path:
            continue
        version, _, role = name.partition(".")
        if role == f"{ROOT}.json":
            (folder / "root_history" / f"{version}.{role}").write_bytes(content)
        else:
            (folder / (name if name == f"{TIMESTAMP}.json" else role)).write_bytes(content)
