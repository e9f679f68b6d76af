"""One repository as its signers make it: files by path, each new version beside the old ones (TUF, consistent snapshots).

Nothing here reads a disk, a clock or a key file. A change is made in the order in which readers need it: the documents of
a role, then snapshot and timestamp; so a half-made change is never pointed at. Every version is one higher than the last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Key,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    T,
    TargetFile,
    Targets,
    Timestamp,
    VerificationResult,
)

from trust.metadata import ROOT, SNAPSHOT, TARGETS, TIMESTAMP, TOP_ROLES, metadata_file, paths_of, read_plain, target_file
from wire.schema import canonical

DAY = 24 * 3600


class SignaturesMissing(Exception):
    """Too few of a role's keys were given. `role`, how many signed, and how many must."""

    def __init__(self, role: str, signed: int, threshold: int) -> None:
        super().__init__(f"{role}: {signed} of {threshold} signatures; the other keys are not here")
        self.role, self.signed, self.threshold = role, signed, threshold


@dataclass(frozen=True, slots=True)
class Who:
    """The keys of a role, and how many of them must sign."""

    keys: tuple[SSlibKey, ...]
    threshold: int = 1


def plain(metadata: Metadata[T]) -> bytes:
    """Metadata in the one spelling that readers take. Raises DocumentInvalid for what they would not."""
    content = canonical(metadata.to_dict())
    read_plain(content)
    return content


class Publication:
    """The files of one repository. `files` is what readers fetch; hand it to whoever serves it."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.waiting: set[str] = set()
        """Roles whose newest metadata has too few signatures yet. It is among the files, and must not be published."""

    # ---- looking

    def newest(self, role: str) -> bytes | None:
        """The newest metadata of a role, as published; None before the first."""
        version = self.version(role)
        return self.files[metadata_file(role, version)] if version else None

    def version(self, role: str) -> int:
        """The newest version of a role, 0 before the first."""
        if role == TIMESTAMP:
            held = self.files.get(metadata_file(TIMESTAMP, 0))
            return Metadata[Timestamp].from_bytes(held).signed.version if held else 0
        names = (path.removeprefix("metadata/").partition(".") for path in self.files if path.startswith("metadata/"))
        return max((int(number) for number, _, name in names if name == f"{role}.json"), default=0)

    def root(self) -> Root:
        """The newest root. Raises KeyError before the first."""
        return Metadata[Root].from_bytes(self.files[metadata_file(ROOT, self.version(ROOT))]).signed

    def snapshot(self) -> Snapshot:
        """The newest snapshot. Raises KeyError before the first."""
        return Metadata[Snapshot].from_bytes(self.files[metadata_file(SNAPSHOT, self.version(SNAPSHOT))]).signed

    def timestamp(self) -> Timestamp:
        """The newest timestamp. Raises KeyError before the first."""
        return Metadata[Timestamp].from_bytes(self.files[metadata_file(TIMESTAMP, 0)]).signed

    def targets(self, role: str = TARGETS) -> Targets | None:
        """The newest documents of a role by their hashes, None before the first."""
        held = self.newest(role)
        return Metadata[Targets].from_bytes(held).signed if held else None

    def who(self, role: str) -> Who:
        """Who must sign for this role. Raises KeyError for one that nobody named."""
        if role in TOP_ROLES:
            root = self.root()
            return _who(root.roles[role], root.keys)
        targets = self.targets()
        if targets is None or targets.delegations is None or targets.delegations.roles is None:
            raise KeyError(role)
        return _who(targets.delegations.roles[role], targets.delegations.keys)

    def delegated(self) -> tuple[str, ...]:
        """The delegated roles, in the order in which they were named."""
        targets = self.targets()
        return tuple(targets.delegations.roles or ()) if targets and targets.delegations else ()

    def document(self, path: str, role: str = TARGETS) -> bytes | None:
        """The newest content of one document of this role."""
        targets = self.targets(role)
        info = targets.targets.get(path) if targets else None
        return self.files[target_file(path, info.hashes["sha256"])] if info else None

    def documents(self, role: str = TARGETS) -> dict[str, bytes]:
        """All newest documents of this role."""
        targets = self.targets(role)
        named = targets.targets if targets else {}
        return {path: self.files[target_file(path, info.hashes["sha256"])] for path, info in named.items()}

    # ---- signing

    def put_root(self, roles: Mapping[str, Who], signers: Iterable[CryptoSigner], now: int, days: int = 365) -> None:
        """A new root. It must be signed by enough keys of the old root and of the new. Raises SignaturesMissing."""
        self.finish_root(self.unsigned_root(roles, now, days), signers)

    def unsigned_root(self, roles: Mapping[str, Who], now: int, days: int) -> Metadata[Root]:
        """The next root, for its keepers to sign one after the other."""
        keys: dict[str, Key] = {key.keyid: key for who in roles.values() for key in who.keys}
        named = {role: Role([key.keyid for key in roles[role].keys], roles[role].threshold) for role in TOP_ROLES}
        root = Root(self.version(ROOT) + 1, None, _moment(now + days * DAY), keys, named, consistent_snapshot=True)
        return Metadata(root)

    def finish_root(self, root: Metadata[Root], signers: Iterable[CryptoSigner]) -> None:
        """Add these signatures; publish if there are enough, else raise SignaturesMissing with what is there kept in `root`."""
        old = self.root() if self.version(ROOT) else None
        known = {*root.signed.roles[ROOT].keyids, *(old.roles[ROOT].keyids if old else ())}
        for signer in signers:
            if signer.public_key.keyid in known:
                root.sign(signer, append=True)
        for each in (old, root.signed):
            if each is not None:
                _enough(each, ROOT, root)
        self.files[metadata_file(ROOT, root.signed.version)] = plain(root)

    def put(
        self,
        role: str,
        documents: Mapping[str, bytes],
        signers: Sequence[CryptoSigner],
        now: int,
        days: int,
        delegations: Mapping[str, Who] | None = None,
        *,
        wait: bool = False,
    ) -> None:
        """All documents of a role, anew. `delegations` belong to the top role; None keeps those there are. `wait`: where several must
        sign and some of them did, it is kept in `waiting` for the others. Raises SignaturesMissing.
        """
        made = {path: TargetFile(len(content), {"sha256": sha256(content).hexdigest()}, path) for path, content in documents.items()}
        # What nobody has seen but those who signed it is overtaken by its next version under the same number.
        version = self.version(role) + (0 if role in self.waiting else 1)
        targets = Targets(version, None, _moment(now + days * DAY), made, self._delegations(role, delegations))
        self._publish(role, Metadata(targets), signers, wait=wait)
        for path, content in documents.items():
            self.files[target_file(path, sha256(content).hexdigest())] = content

    def _delegations(self, role: str, wanted: Mapping[str, Who] | None) -> Delegations | None:
        if wanted is None:
            held = self.targets(role)
            return held.delegations if held else None
        if not wanted:
            return None
        keys: dict[str, Key] = {key.keyid: key for who in wanted.values() for key in who.keys}
        roles = {
            name: DelegatedRole(name, [key.keyid for key in who.keys], who.threshold, True, [paths_of(name)])
            for name, who in wanted.items()
        }
        return Delegations(keys, roles)

    def put_snapshot(self, signers: Sequence[CryptoSigner], now: int, days: int = 30) -> None:
        """Pin the newest documents of every role, delegated ones that have signed included."""
        roles = [TARGETS, *(each for each in self.delegated() if self.version(each))]
        # A role that is delegated no more stays named: a snapshot that forgets one looks like an attack to readers.
        before = self.snapshot().meta if self.version(SNAPSHOT) else {}
        meta = {f"{each}.json": self._pinned(each) for each in roles}
        snapshot = Snapshot(self.version(SNAPSHOT) + 1, None, _moment(now + days * DAY), {**before, **meta})
        self._publish(SNAPSHOT, Metadata(snapshot), signers)

    def put_timestamp(self, signers: Sequence[CryptoSigner], now: int, seconds: int = DAY) -> None:
        """Say that the newest snapshot is the newest, for this long."""
        timestamp = Timestamp(
            self.version(TIMESTAMP) + 1, None, _moment(now + seconds), self._pinned(SNAPSHOT), unrecognized_fields={"issued": now}
        )
        self._publish(TIMESTAMP, Metadata(timestamp), signers)

    def _pinned(self, role: str) -> MetaFile:
        version = self.version(role)
        content = self.files[metadata_file(role, version)]
        return MetaFile(version, len(content), {"sha256": sha256(content).hexdigest()})

    def verification(self, role: str, metadata: Metadata[T]) -> VerificationResult:
        """Who has signed this metadata of a role, of those that are named now. Raises KeyError for a role that nobody named."""
        targets = self.targets()
        delegator = self.root() if role in TOP_ROLES else targets
        assert delegator is not None
        return delegator.get_verification_result(role, metadata.signed_bytes, metadata.signatures)

    def _publish(self, role: str, metadata: Metadata[T], signers: Iterable[CryptoSigner], *, wait: bool = False) -> None:
        named = {key.keyid for key in self.who(role).keys}
        for signer in signers:
            if signer.public_key.keyid in named:
                metadata.sign(signer, append=True)
        result = self.verification(role, metadata)
        if not result.verified and not (wait and result.signed and result.threshold > 1):
            raise SignaturesMissing(role, len(result.signed), result.threshold)
        self.waiting = self.waiting - {role} if result.verified else self.waiting | {role}
        self.files[metadata_file(role, metadata.signed.version)] = plain(metadata)

    def newest_alone(self) -> dict[str, bytes]:
        """Every root, and of each role of documents its newest metadata with what that names."""
        kept = {path: content for path, content in self.files.items() if path.endswith(f".{ROOT}.json")}
        for role in (TARGETS, *self.delegated()):
            if version := self.version(role):
                self._keep_targets(kept, role, version)
        return kept

    def without_old(self) -> dict[str, bytes]:
        """What the newest timestamp stands for: every root, and the one version of each file that a reader can still ask for.

        What was signed since and is in no snapshot yet is not in it. Raises KeyError before the first timestamp.
        """
        kept = {path: content for path, content in self.files.items() if path.endswith(f".{ROOT}.json")}
        self._keep(kept, TIMESTAMP, 0)
        snapshot = Metadata[Snapshot].from_bytes(self._keep(kept, SNAPSHOT, self.timestamp().snapshot_meta.version)).signed
        top = self._keep_documents(kept, TARGETS, snapshot)
        for role in top.delegations.roles or () if top.delegations else ():
            if f"{role}.json" in snapshot.meta:
                self._keep_documents(kept, role, snapshot)
        return kept

    def _keep(self, kept: dict[str, bytes], role: str, version: int) -> bytes:
        path = metadata_file(role, version)
        kept[path] = self.files[path]
        return kept[path]

    def _keep_documents(self, kept: dict[str, bytes], role: str, snapshot: Snapshot) -> Targets:
        return self._keep_targets(kept, role, snapshot.meta[f"{role}.json"].version)

    def _keep_targets(self, kept: dict[str, bytes], role: str, version: int) -> Targets:
        targets = Metadata[Targets].from_bytes(self._keep(kept, role, version)).signed
        for path, info in targets.targets.items():
            file = target_file(path, info.hashes["sha256"])
            kept[file] = self.files[file]
        return targets


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _who(role: Role, keys: Mapping[str, Key]) -> Who:
    found = tuple(key for each in role.keyids if isinstance(key := keys.get(each), SSlibKey))
    return Who(found, role.threshold)


def _enough(delegator: Root, role: str, metadata: Metadata[T]) -> None:
    result = delegator.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
    if not result.verified:
        raise SignaturesMissing(role, len(result.signed), result.threshold)
