"""Bundles of signed documents, cut into frames once for all ends that need the same."""

from collections.abc import Collection, Mapping

from broker.core.commands import Unhurried
from trust.bundle import bundle_for, pieces
from wire.frames import Frame, FrameKind
from wire.messages.documents import Repository
from wire.schema import encode

Parcel = tuple[Unhurried, ...]


class Parcels:
    """Frames of bundles that were made last: many ends need the same. At most `most` bytes of them are held."""

    def __init__(self, most: int = 64 * 1024 * 1024) -> None:
        self._most, self._bytes = most, 0
        self._made: dict[tuple[int, object, Repository, str], tuple[object, Parcel]] = {}

    def of(self, files: Mapping[str, bytes], repository: Repository, site: str, held: Collection[str]) -> Parcel:
        """The bundle of this site without what is held, in frames; none if a mapping of the very same files is held. A mapping counts as
        the same as long as it is the same object.
        """
        known = id(held) if isinstance(held, Mapping) else frozenset(held)
        key = (id(files), known, repository, site)
        if key not in self._made:
            nothing_new = isinstance(held, Mapping) and held == files
            self._keep(key, (files, held), () if nothing_new else _frames(files, repository, site, held))
        return self._made[key][1]

    def _keep(self, key: tuple[int, object, Repository, str], named: object, frames: Parcel) -> None:
        size = sum(map(len, frames))
        if self._bytes + size > self._most:
            self._made.clear()
            self._bytes = 0
        self._bytes += size
        self._made[key] = (named, frames)  # what the key names by its id is held, so that the id stays its own


def _frames(files: Mapping[str, bytes], repository: Repository, site: str, held: Collection[str]) -> Parcel:
    bundle = bundle_for(files, repository, None if repository is Repository.SITE else site, held)
    return tuple(Unhurried(Frame(FrameKind.CONTROL, encode(each)).encode()) for each in pieces(bundle))
