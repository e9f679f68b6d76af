"""What one visit is made of. Each part has a file of its own; what they share is where the visit stands (`standing.py`)."""

from host_client.core.asking import Asking
from host_client.core.commands import Talk, to_broker
from host_client.core.direct import DirectPath
from host_client.core.ending import end_visit
from host_client.core.files import Files
from host_client.core.idling import Idling
from host_client.core.misbehaving import guarded
from host_client.core.proving import Proving
from host_client.core.receiving import Receiving
from host_client.core.reconnecting import Reconnecting
from host_client.core.restarting import Restarting
from host_client.core.standing import Standing
from policy.instant import Instant
from policy.session import EndCause
from wire.messages.session import VisitLeft


class Parts:
    """The parts of one visit, and what more than one of them does."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.proving = Proving(standing)
        self.files = Files(standing)
        self.asking = Asking(standing, self.files)
        self.receiving = Receiving(standing)
        self.restarting = Restarting(standing)
        self.reconnecting = Reconnecting(standing, self.asking)
        self.idling = Idling(standing, self.end)
        self.direct = DirectPath(standing)

    def guarded(self, talk: Talk, now: Instant) -> Talk:
        """This conversation; whatever in it breaks a rule ends the visit."""
        yield from guarded(self.standing, talk, now)

    def end(self, cause: EndCause, now: Instant) -> Talk:
        """This side ends the visit."""
        if not self.standing.over:
            yield from self.standing.tell_cut()
            if self.standing.parted:
                yield to_broker(VisitLeft(self.standing.session_id))
            yield from self.receiving.record_dropped()
            yield from end_visit(self.standing, cause, now)
