"""Bundles of signed documents, cut into frames once for all ends that need the same."""

from collections.abc import Mapping

from broker.core.commands import Unhurried
from trust.bundle import bundle_for, pieces
from wire.frames import Frame, FrameKind
from wire.messages.documents import Repository
from wire.schema import encode

Parcel = tuple[Unhurried, ...]


class Parcels:
    """Frames of bundles that were made last: many ends need the same."""

    MOST = 64

    def __init__(self) -> None:
        self._made: dict[tuple[int, Repository, str, frozenset[str]], tuple[Mapping[str, bytes], Parcel]] = {}

    def of(self, files: Mapping[str, bytes], repository: Repository, site: str, held: frozenset[str]) -> Parcel:
        """The bundle of this site without what is held, in frames."""
        key = (id(files), repository, site, held)
        if key not in self._made:
            if len(self._made) >= self.MOST:
                self._made.clear()
            bundle = bundle_for(files, repository, None if repository is Repository.SITE else site, held)
            frames = tuple(Unhurried(Frame(FrameKind.CONTROL, encode(each)).encode()) for each in pieces(bundle))
            self._made[key] = (files, frames)  # the files are held, so that their id stays theirs
        return self._made[key][1]
