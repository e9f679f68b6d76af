"""One right is taken back and the visit goes on: it stops first, then the other side hears it, then it is recorded."""

from audit.events import visit as log
from host_client.core.commands import Note, Talk, Tell, to_peer
from host_client.core.standing import Standing
from policy.consent import withdrawn
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from wire.frames import FrameKind
from wire.messages.ledger import Withdrawn
from wire.statements import Label


def withdraw_control(standing: Standing, reason: Reason, now: Instant) -> Talk:
    """Take mouse and keyboard back, which must have been given; the view stays."""
    grant = standing.control.grant
    yield Tell(standing.control.end())
    standing.consent, _ = withdrawn(standing.consent, Permission.CONTROL)
    said = Withdrawn(standing.session_id, grant, standing.trusted.enrolled.host_id, Permission.CONTROL, int(now.utc))
    statement = standing.ports.signer.sign(Label.WITHDRAWN, said)
    yield to_peer(FrameKind.LEDGER, statement)
    banner = standing.banner(now)
    assert banner is not None, "control was granted to somebody who had proven who they are"
    yield Tell(banner)
    yield Note(standing.control.ended(standing.session_id, grant, reason))
    yield Note(log.withdrawn(said, statement.sig))
