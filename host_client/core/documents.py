"""Signed documents as they come in pieces from the broker: put together, verified, kept, recorded, and then in force.

Nothing goes on with a broker whose documents do not stand: the host hangs up, and says in its next hello what it really holds.
"""

from audit.events import host
from audit.events.shape import Event
from host_client.core.commands import KeepDocuments, LookAgain, Note, Record, StartTimer, Talk
from host_client.core.events import Timer
from host_client.core.in_force import InForce, Taken
from host_client.core.trusted import Trusted
from policy.decision import Reason
from policy.instant import Instant
from trust.bundle import Gathering
from trust.metadata import SNAPSHOT
from trust.refused import DocumentRefused
from wire.messages.documents import DocumentsBundle, DocumentsPiece

LOOK_SECONDS = 3600.0
"""At least so often what is in force is looked at: a calendar can be set while the program runs."""
LEAST_SECONDS = 0.2


class NotOpened(Exception):
    """The broker is not who it should be, or does not let us in. `reason` is said locally, never to the broker.

    `late` is what could not be recorded: to be noted once everything is narrowed.
    """

    def __init__(self, reason: Reason, late: Event | None = None) -> None:
        super().__init__(reason.value)
        self.reason, self.late = reason, late


class Post:
    """The documents of one control socket."""

    def __init__(self, trusted: Trusted) -> None:
        self._trusted, self._gathering = trusted, Gathering()

    def came(self, piece: DocumentsPiece, now: Instant) -> Talk:
        """One piece. Raises NotOpened for documents that do not stand, and for those that cannot be kept or recorded: a restart would
        believe the older ones again.
        """
        try:
            bundle = self._gathering.add(piece)
        except DocumentRefused as fault:
            yield Note(host.DocumentsRefusedHere(repository=None, reason=fault.reason))
            raise NotOpened(fault.reason) from None
        if bundle is not None:
            yield from self._take(bundle, now)

    def _take(self, bundle: DocumentsBundle, now: Instant) -> Talk:
        taken: Taken | Reason = yield KeepDocuments(bundle)
        if isinstance(taken, Reason):
            yield Note(host.DocumentsRefusedHere(repository=bundle.repository, reason=taken))
            raise NotOpened(taken)
        if not taken.changed:
            return
        version = _version(bundle, taken)
        digest = taken.documents.view.digest if taken.documents is not None else bytes(32)
        accepted = host.DocumentsAccepted(repository=bundle.repository, version=version, digest=digest)
        recorded = yield Record((accepted,))
        self._trusted.documents, self._trusted.held = taken.documents, taken.held
        if not recorded:
            raise NotOpened(Reason.LOG_UNAVAILABLE, accepted)
        yield from watch_documents(self._trusted, now)


def _version(bundle: DocumentsBundle, taken: Taken) -> int:
    held = taken.held.vendor if bundle.repository.value == "vendor" else taken.held.site
    named = (path.removeprefix("metadata/").partition(".") for path in held if path.endswith(f".{SNAPSHOT}.json"))
    return max((int(number) for number, _, _ in named if number.isdigit()), default=0)


def watch_documents(trusted: Trusted, now: Instant) -> Talk:
    """Look again when the first of them is over."""
    documents = trusted.documents
    if documents is not None:
        left = documents.until - documents.moment(now)
        yield StartTimer(Timer.DOCUMENTS, min(max(left, LEAST_SECONDS), LOOK_SECONDS))


def look_again(trusted: Trusted, now: Instant) -> Talk:
    """Something may be over."""
    documents: InForce | None = yield LookAgain()
    trusted.documents = documents
    yield from watch_documents(trusted, now)
