"""Documents on their way: a repository's files in one message, and that message in pieces for a control socket.

A bundle proves nothing. Whoever gets one has `updater.Documents` check it. A reader that has most of it already may be
sent the rest alone: what it does not find in a bundle, it takes from what it kept.
"""

from collections.abc import Collection, Mapping

from trust.metadata import hosts_path
from trust.refused import DocumentInvalid
from wire.limits import DOCUMENT_BUNDLE_MAX, DOCUMENT_PIECE_MAX, DOCUMENT_PIECES_MAX
from wire.messages.documents import DocumentFile, DocumentsBundle, DocumentsPiece, Repository
from wire.schema import MalformedMessage, decode, encode

_HOSTS = "targets/hosts/"


def bundle_for(
    files: Mapping[str, bytes], repository: Repository, site: str | None, have: Collection[str] = frozenset()
) -> DocumentsBundle:
    """What a reader of this site needs of a repository's files and does not `have`. `site` None: the hosts of all sites.

    Roots and the timestamp are always in it. Raises ValueError for more than a message may hold.
    """
    own = None if site is None else hosts_path(site).removeprefix("hosts/")
    chosen = (
        DocumentFile(path, content)
        for path, content in sorted(files.items())
        if _of_site(path, own) and (path not in have or path.endswith((".root.json", "/timestamp.json")))
    )
    return DocumentsBundle(repository, site or "", tuple(chosen))


def _of_site(path: str, own: str | None) -> bool:
    return own is None or not path.startswith(_HOSTS) or path.partition(".")[2] == own


def pieces(bundle: DocumentsBundle) -> tuple[DocumentsPiece, ...]:
    """An encoded bundle, cut. Raises ValueError if it is too large."""
    content = encode(bundle)
    if len(content) > DOCUMENT_BUNDLE_MAX:
        raise ValueError("a bundle that is too large for a control socket")
    cut = [content[start : start + DOCUMENT_PIECE_MAX] for start in range(0, len(content), DOCUMENT_PIECE_MAX)]
    return tuple(DocumentsPiece(number, len(cut), each) for number, each in enumerate(cut))


class Gathering:
    """Pieces on their way to being a bundle again. It holds at most one bundle of `most` bytes."""

    def __init__(self, most: int = DOCUMENT_BUNDLE_MAX) -> None:
        self._most = min(most, DOCUMENT_PIECE_MAX * DOCUMENT_PIECES_MAX)
        self._held: list[bytes] = []
        self._expected = 0

    def add(self, piece: DocumentsPiece) -> DocumentsBundle | None:
        """The bundle, once its last piece came. A piece 0 begins anew. Raises DocumentInvalid, and forgets what it held."""
        if piece.number == 0:
            self._held, self._expected = [], piece.pieces
        if (piece.number, piece.pieces) != (len(self._held), self._expected) or piece.pieces * DOCUMENT_PIECE_MAX > self._room():
            self._held, self._expected = [], 0
            raise DocumentInvalid("pieces out of order, or too many")
        self._held.append(piece.content)
        if len(self._held) < self._expected:
            return None
        content, self._held, self._expected = b"".join(self._held), [], 0
        try:
            return decode(content, DocumentsBundle)
        except MalformedMessage as fault:
            raise DocumentInvalid(f"no bundle: {fault}") from None

    def _room(self) -> int:
        # The last piece may be short: what counts is how many there are.
        return self._most + DOCUMENT_PIECE_MAX - 1
