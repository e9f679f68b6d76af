"""Rights are taken back and the visit goes on: they stop first, then the other side hears it, then it is recorded."""

from audit.events import visit as log
from host_client.core.commands import Note, Talk, Tell, tell, to_peer
from host_client.core.standing import Standing
from policy.consent import withdrawn
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from wire.frames import FrameKind
from wire.messages.ledger import Withdrawn
from wire.statements import Label


def withdraw(standing: Standing, permission: Permission, reason: Reason, now: Instant) -> Talk:
    """Take one right back, and with it every right that rests on it; the others stay. Nothing when it is not granted."""
    standing.consent, taken = withdrawn(standing.consent, permission)
    gone = {grant.permission: grant.number for grant in taken}
    order = [each for each in standing.granted if each in gone]
    ended = [standing.abilities[each].ended(standing.session_id, gone[each], reason) for each in order]
    for each in order:
        yield from tell(standing.abilities[each].end())
    said = [Withdrawn(standing.session_id, gone[each], standing.trusted.enrolled.host_id, each, int(now.utc)) for each in order]
    statements = [standing.ports.signer.sign(Label.WITHDRAWN, one) for one in said]
    for statement in statements:
        if standing.parted:
            standing.untold.append(statement)
        else:
            yield to_peer(FrameKind.LEDGER, statement)
    banner = standing.banner(now)
    if banner is not None and order:
        yield Tell(banner)
    for event, one, statement in zip(ended, said, statements, strict=True):
        yield Note(event)
        yield Note(log.withdrawn(one, statement.sig))
