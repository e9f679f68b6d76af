"""Session identities: each end binds its long-term key to this one agreement (docs/protocol.md, section 3).

The first sealed record each way carries a statement whose payload is made and compared here. Whether its signature is
right is checked first and elsewhere, because this room holds no keys of persons and hosts.
"""

from hmac import compare_digest

from wire.errors import PeerMisbehaved
from wire.schema import MalformedMessage, read_part
from wire.sealed.agreement import Agreed, Visit
from wire.sealed.inner import SessionIdentityPayload, SessionRole
from wire.statements import Label

LABELS: dict[SessionRole, Label] = {
    SessionRole.HOST: Label.SESSION_HOST,
    SessionRole.TECHNICIAN: Label.SESSION_TECHNICIAN,
}
"""Under which label each end signs."""


def identity_of(role: SessionRole, visit: Visit, agreed: Agreed) -> SessionIdentityPayload:
    """What this end signs, or expects the other to have signed."""
    subject = visit.host_id if role is SessionRole.HOST else visit.technician_id
    return SessionIdentityPayload(visit.session_id, role, subject, agreed.transcript)


def check_identity(payload: bytes, role: SessionRole, visit: Visit, agreed: Agreed) -> None:
    """Is this verified payload about this session, this end and this very agreement? Raises PeerMisbehaved if not."""
    try:
        told = read_part(SessionIdentityPayload, payload)
    except MalformedMessage:
        raise PeerMisbehaved("a session identity that cannot be read") from None
    expected = identity_of(role, visit, agreed)
    if (told.session_id, told.role, told.subject) != (expected.session_id, expected.role, expected.subject):
        raise PeerMisbehaved("a session identity of somebody else")
    if not compare_digest(told.transcript, expected.transcript):
        raise PeerMisbehaved("a session identity of another agreement")
