"""One file or folder on its way in: written as it comes, under its name only when the guardian says that it is whole and right."""

from host_client.desk.files.drop_folder import DropFolder, FileRefused, OpenFile, PartialFile, PartialFolder
from host_client.desk.files.names import numbered, safe_name, twin_key
from policy.decision import Reason
from wire.limits import FILE_TELL_EVERY

DEEPEST = 32
"""Folders within folders."""


class Arriving:
    """What one grant brings. Raises FileRefused from anything but `drop`; then it must be dropped."""

    def __init__(self, folder: DropFolder, name: str, size: int, *, is_folder: bool) -> None:
        folder.room_for(size)
        self.name, self.size = name, size
        self.written = 0
        """Bytes of contents on the disk, or on their way there."""
        self._told = 0
        self._whole: PartialFile | PartialFolder = folder.new_folder() if is_folder else folder.new_file()
        self._inner: OpenFile | None = None
        self._taken: set[str] = set()
        self._named: dict[tuple[str, ...], str] = {}

    def entry(self, path: str) -> None:
        """The contents that follow are of this file of the folder."""
        if not isinstance(self._whole, PartialFolder):
            raise FileRefused(Reason.FILE_DIFFERS)
        self._close_inner()
        names = path.split("/")
        if len(names) > DEEPEST:
            raise FileRefused(Reason.FILE_DIFFERS)
        above = tuple(names[:-1])
        place = tuple(self._named_as(above[: depth + 1]) for depth in range(len(above)))
        self._inner = self._whole.new_file((*place, self._free("/".join(place), names[-1])))

    def _named_as(self, above: tuple[str, ...]) -> str:
        """What a folder within the folder is called here: the same each time."""
        if above not in self._named:
            within = "/".join(self._named[above[: depth + 1]] for depth in range(len(above) - 1))
            self._named[above] = self._free(within, above[-1])
        return self._named[above]

    def _free(self, within: str, name: str) -> str:
        """Two names that some system takes for one get numbers."""
        for number in range(1, len(self._taken) + 3):
            chosen = numbered(safe_name(name), number)
            key = f"{within}/{twin_key(chosen)}"
            if key not in self._taken:
                self._taken.add(key)
                return chosen
        raise FileRefused(Reason.FOLDER_UNUSABLE)

    def write(self, content: bytes) -> bool:
        """Take a piece of contents. Whether it is time to say how far it got."""
        into = self._inner if isinstance(self._whole, PartialFolder) else self._whole
        if into is None:
            raise FileRefused(Reason.FILE_DIFFERS)
        into.write(content)
        self.written += len(content)
        if self.written - self._told < FILE_TELL_EVERY and self.written < self.size:
            return False
        self._told = self.written
        return True

    def keep(self) -> str:
        """It is whole and right: give it its name; which it got."""
        self._close_inner()
        return self._whole.keep(self.name)

    def drop(self) -> None:
        """Leave nothing of it."""
        if self._inner is not None:
            self._inner.close()
        self._whole.drop()

    def _close_inner(self) -> None:
        if self._inner is not None:
            self._inner.settle()
            self._inner = None
