"""A folder with keys and what they signed: `chaperone-keys ceremony` makes one for the vendor, `site init` one for a site.

    root/ directory/ devices-<company>/ hosts/ timestamp/    keys by role, one file each, 0600; a site has root/ site/ timestamp/
    published/                                               the repository, for everybody to read
    pending/root.json                                        a root that too few of its keepers have signed yet
    pending/change.json                                      documents that too few of their signers have signed yet (`waiting.py`)

Each key folder can be moved to another machine, together with a copy of published/. A command signs with the keys it
finds, and says which are missing. Before anything is written, a reader with the pinned root must take it.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata, Root

from policy.instant import Instant
from runtime.private_files import private_folder, read_private, write_private
from trust.keys import KeyUnreadable, make_key
from trust.metadata import HOSTS, ROOT, SNAPSHOT, TARGETS, TIMESTAMP, TOP_ROLES, metadata_file
from trust.publication import DAY, Publication, SignaturesMissing, Who, plain
from trust.tuf_client import NotThere
from trust.updater import Documents
from trust.waiting import differences, first_missing, read_change, roles_in, sign_change, standings, write_change
from wire.limits import VENDOR_FRESH_SECONDS
from wire.messages.documents import Repository
from wire.schema import MalformedMessage, from_base64url

VENDOR_DAYS = {ROOT: 365, TARGETS: 90, SNAPSHOT: 30, HOSTS: 90}
SITE_DAYS = {ROOT: 730, TARGETS: 365, SNAPSHOT: 365}
DEVICES_DAYS = 30
SITE_FRESH_SECONDS = 30 * DAY
PUBLISHED = "published"


class FolderRefused(Exception):
    """The command cannot be carried out in this folder. The message is for whoever typed it."""


@dataclass(slots=True)
class SigningFolder:
    """The folder of one repository, loaded. Nothing is on the disk before `save`."""

    folder: Path
    repository: Repository
    publication: Publication = field(default_factory=Publication)

    # ---- beginning

    @staticmethod
    def load(folder: Path) -> "SigningFolder | None":
        """What a ceremony made here, None where there was none. Raises OSError."""
        published = folder / PUBLISHED
        if not published.is_dir():
            return None
        files = {str(path.relative_to(published)): path.read_bytes() for path in sorted(published.rglob("*.*")) if path.is_file()}
        kind = Repository.SITE if (published / "site").exists() else Repository.VENDOR
        return SigningFolder(folder, kind, Publication({path: each for path, each in files.items() if "/" in path}))

    @staticmethod
    def begin(folder: Path, repository: Repository) -> "SigningFolder":
        """An empty folder. Raises FolderRefused if a ceremony was held here, OSError."""
        if (folder / PUBLISHED).exists():
            raise FolderRefused(f"there is a repository in {folder} already; it stays as it is")
        private_folder(folder)
        (folder / PUBLISHED).mkdir(mode=0o755)
        if repository is Repository.SITE:
            (folder / PUBLISHED / "site").write_bytes(b"")
        return SigningFolder(folder, repository)

    # ---- keys

    def key_folder(self, role: str) -> Path:
        """Where the keys of a role lie. Snapshot and timestamp are signed by the same small signer."""
        named = {TARGETS: "site" if self.repository is Repository.SITE else "directory", SNAPSHOT: "timestamp"}
        return self.folder / named.get(role, role)

    def make_key(self, role: str) -> SSlibKey:
        """One more key of this role, on this disk. Raises OSError."""
        folder = private_folder(self.key_folder(role))
        number = max((int(path.stem) for path in folder.glob("*.key") if path.stem.isdigit()), default=0) + 1
        make_key(folder / f"{number}.key")
        return _signer(folder / f"{number}.key").public_key

    def signers(self, role: str) -> list[CryptoSigner]:
        """The keys of this role that are on this disk. Raises KeyUnreadable, FileExposed, OSError."""
        return [_signer(path) for path in sorted(self.key_folder(role).glob("*.key"))]

    def retire_key(self, role: str, keyid: str) -> None:
        """Put a key file aside that signs no more; nothing if it is not here. Raises OSError."""
        for path in self.key_folder(role).glob("*.key"):
            if _signer(path).public_key.keyid == keyid:
                path.rename(path.with_suffix(".retired"))

    # ---- signing

    def days(self, role: str) -> int:
        """For how long this role's signature is valid."""
        return (SITE_DAYS if self.repository is Repository.SITE else VENDOR_DAYS).get(role, DEVICES_DAYS)

    def put(self, role: str, documents: Mapping[str, bytes], now: int, delegations: Mapping[str, Who] | None = None) -> None:
        """Sign all documents of a role anew. Where some of several signers are missing, `finish` keeps it for them. Raises
        SignaturesMissing where nobody is here who signs, FolderRefused while another change waits.
        """
        if self.change() is not None:
            raise FolderRefused(
                "another change waits in pending/change.json; have it signed (chaperone-keys show says by whom), or drop it with: "
                "chaperone-keys drop"
            )
        self.publication.put(role, documents, self.signers(role), now, self.days(role), delegations, wait=True)

    def put_root(self, roles: Mapping[str, Who], now: int) -> None:
        """Sign a new root. Where keepers are missing it waits in pending/ for them; raises SignaturesMissing then."""
        self._finish_root(self.publication.unsigned_root(roles, now, self.days(ROOT)))

    def sign_pending_root(self) -> bool:
        """Add the signatures of the root keys here to a root that waits; False if none waits. Raises SignaturesMissing."""
        if not self._pending.exists():
            return False
        self._finish_root(Metadata[Root].from_bytes(self._pending.read_bytes()))
        return True

    @property
    def _pending(self) -> Path:
        return self.folder / "pending" / "root.json"

    def _finish_root(self, root: Metadata[Root]) -> None:
        try:
            self.publication.finish_root(root, self.signers(ROOT))
        except SignaturesMissing:
            write_private(private_folder(self._pending.parent) / self._pending.name, plain(root))
            raise
        self._pending.unlink(missing_ok=True)

    # ---- what waits for other signers

    @property
    def _waiting(self) -> Path:
        return self.folder / "pending" / "change.json"

    def change(self) -> dict[str, bytes] | None:
        """The files of the change that waits here, None where none does or it was overtaken. Raises ChangeUnreadable, FolderRefused."""
        if not self._waiting.exists():
            return None
        files = read_change(self._waiting.read_bytes())
        ahead = {role: version - self.publication.version(role) for role, version in roles_in(files).items()}
        if any(each > 1 for each in ahead.values()):
            raise FolderRefused("what waits in pending/change.json is for a newer published/; copy that here first")
        return None if any(each < 1 for each in ahead.values()) else files

    def with_change(self, files: Mapping[str, bytes]) -> Publication:
        """What would be published if everybody signed. Raises SignaturesMissing for a root in it that its keepers did not sign."""
        laid = Publication(self.publication.files)
        for path in sorted(path for path in files if path.endswith(f".{ROOT}.json")):
            laid.finish_root(Metadata[Root].from_bytes(files[path]), ())
        laid.files.update(files)
        return laid

    def sign_change(self, now: int) -> list[str] | None:
        """Add the signatures of the keys here to what waits; what it changes, in words, None if nothing waits. Saves it when it is
        complete. Raises SignaturesMissing while it is not.
        """
        files = self.change()
        if files is None:
            self._waiting.unlink(missing_ok=True)
            return None
        before, self.publication = self.publication, self.with_change(files)
        roles = roles_in(files)
        for role, version in roles.items():
            sign_change(self.publication, role, version, self.signers(role))
        self._keep_change({path: self.publication.files[path] for path in files})
        if missing := first_missing(standings(self.publication, files)):
            raise missing
        self.finish(now)
        self._waiting.unlink()
        return differences(before, self.publication, roles)

    def drop_change(self) -> bool:
        """Forget what waits, documents and root. False if nothing did."""
        there = [path for path in (self._waiting, self._pending) if path.exists()]
        for path in there:
            path.unlink()
        return bool(there)

    def _keep_change(self, files: Mapping[str, bytes]) -> None:
        write_private(private_folder(self._waiting.parent) / self._waiting.name, write_change(files))

    def _hold(self) -> None:
        """Keep what is new for the other signers, and publish none of it. Raises SignaturesMissing."""
        new = self.publication.newest_alone()
        files = {path: content for path, content in new.items() if not (self.folder / PUBLISHED / path).exists()}
        self._keep_change(files)
        missing = first_missing(standings(self.publication, files))
        assert missing is not None, "something waits"
        raise missing

    def roles(self) -> dict[str, Who]:
        """Who signs for the top roles."""
        return {role: self.publication.who(role) for role in TOP_ROLES}

    def delegations(self) -> dict[str, Who]:
        """Who signs for the delegated roles."""
        return {role: self.publication.who(role) for role in self.publication.delegated()}

    def finish(self, now: int) -> bool:
        """Snapshot and timestamp of what was signed, and save. False if their key is not here: then somebody else does it.
        Raises SignaturesMissing, and saves nothing but what waits, if some of several signers are missing.
        """
        if self.publication.waiting:
            self._hold()
        signers = self.signers(TIMESTAMP)
        if signers:
            self.publication.put_snapshot(signers, now, self.days(SNAPSHOT))
            self.fresh(now)
        self.save(now, checked=bool(signers))
        return bool(signers)

    def fresh(self, now: int) -> None:
        """A new timestamp. Raises SignaturesMissing."""
        seconds = SITE_FRESH_SECONDS if self.repository is Repository.SITE else VENDOR_FRESH_SECONDS
        self.publication.put_timestamp(self.signers(TIMESTAMP), now, seconds)

    # ---- the disk

    def save(self, now: int, *, checked: bool = True, drop: bool = True) -> None:
        """Write what is new, the timestamp last, and drop what nobody can ask for. Raises DocumentRefused, and writes nothing.

        Not `checked`: the timestamp's key is elsewhere, and the old timestamp still stands; then nothing is dropped. Nor
        without `drop`: then what is in no snapshot stays for whoever has to look at it.
        """
        if checked:
            self.verify(now)
        kept = self.publication.without_old() if checked and drop else dict(self.publication.files)
        published = self.folder / PUBLISHED
        for path in sorted(kept, key=lambda each: (each == metadata_file(TIMESTAMP, 0), each.startswith("metadata"), each)):
            _write_public(published / path, kept[path])
        for path in [each for each in self.publication.files if each not in kept]:
            (published / path).unlink(missing_ok=True)
        self.publication.files = kept

    def verify(self, now: int, root: bytes | None = None) -> None:
        """Would a reader that pinned `root`, else the first root, take all of it? Raises DocumentInvalid, DocumentStale."""
        files = self.publication.files

        def fetch(_repository: Repository, path: str) -> tuple[bytes]:
            if path not in files:
                raise NotThere(path)
            return (files[path],)

        with tempfile.TemporaryDirectory() as folder:
            documents = Documents(Path(folder) / "reader.json", self.repository, root or files[metadata_file(ROOT, 1)])
            documents.refresh(fetch, Instant(float(now), 0.0), None)


def _signer(path: Path) -> CryptoSigner:
    try:
        seed = from_base64url(read_private(path).decode("ascii").strip(), "key")
        return CryptoSigner(Ed25519PrivateKey.from_private_bytes(seed))
    except (MalformedMessage, ValueError):
        raise KeyUnreadable(f"{path} holds no key") from None


def _write_public(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    write_private(path, content)
    path.chmod(0o644)
