"""Signed documents on their way to the ends: each gets what it lacks, of its own site alone, and verifies it for itself.

A host is sent the vendor's documents with the hosts of its site, and its site's own. A console is sent the vendor's without
hosts; those of a site follow when a visit there is admitted.
"""

from collections.abc import Collection, Iterator, Mapping

from broker.core.believed import Believed
from broker.core.board import Board, ConsoleHere, HostHere
from broker.core.commands import Send, SocketId
from broker.core.parcels import Parcel, Parcels
from wire.messages.documents import Repository
from wire.messages.presence import Hello

NO_SITE = ""
_HOSTS = "targets/hosts/"


def to_newcomer(believed: Believed, parcels: Parcels, socket: SocketId, hello: Hello, site: str) -> Iterator[Send]:
    """Right after its hello, before the broker proves the key that stands in them. `site` is NO_SITE for a console."""
    for repository, files, holds in _repositories(believed, site, hello.vendor_holds, hello.site_holds):
        yield from _sent(socket, parcels.of(files, repository, site, holds))


def to_host(board: Board, host: HostHere) -> Iterator[Send]:
    """What is newer than what this host was sent last."""
    yield from _newer(board, host.socket, host.site, host.documents)
    host.documents = board.believed or host.documents


def to_console(board: Board, console: ConsoleHere) -> Iterator[Send]:
    """The same for a console."""
    yield from _newer(board, console.socket, NO_SITE, console.documents)
    console.documents = board.believed or console.documents


def _newer(board: Board, socket: SocketId, site: str, sent: Believed | None) -> Iterator[Send]:
    new = board.believed
    if new is None or new is sent:
        return
    known = sent.site(site) if sent is not None else None
    held = (sent.files if sent is not None else {}, known.files if known is not None else {})
    for repository, files, holds in _repositories(new, site, *held):
        yield from _sent(socket, board.parcels.of(files, repository, site, holds))


def hosts_of_site(board: Board, console: ConsoleHere, site: str) -> Iterator[Send]:
    """The listing of the host that a visit is about to begin with."""
    if board.believed is not None:
        files = board.believed.files
        held = frozenset(path for path in files if not path.startswith(_HOSTS))
        yield from _sent(console.socket, board.parcels.of(files, Repository.VENDOR, site, held))


def _repositories(
    believed: Believed, site: str, vendor: Collection[str], own: Collection[str]
) -> Iterator[tuple[Repository, Mapping[str, bytes], Collection[str]]]:
    yield Repository.VENDOR, believed.files, vendor
    word = believed.site(site)
    if word is not None and word.files:
        yield Repository.SITE, word.files, own


def _sent(socket: SocketId, parcel: Parcel) -> Iterator[Send]:
    return (Send(socket, frame) for frame in parcel)
