"""Rights are taken back and the visit goes on: they stop first, then the other side hears it, then it is recorded."""

from audit.events import visit as log
from host_client.core.commands import Note, SendSession, Talk, Tell, tell, to_peer
from host_client.core.standing import Standing
from policy.consent import withdrawn
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from wire.frames import FrameKind
from wire.messages.ledger import Withdrawn
from wire.statements import Label


def not_taken_up(standing: Standing, ask: int, now: Instant) -> Talk:
    """The technician's end never heard of this grant: its *allow* was lost with the line. Nothing when it is not granted."""
    for permission in standing.granted:
        if standing.abilities[permission].grant == ask:
            yield from withdraw(standing, permission, Reason.LINE_CUT, now)


def withdraw(
    standing: Standing, permission: Permission, reason: Reason | None, now: Instant, *, done: bool = False, saying: tuple[object, ...] = ()
) -> Talk:
    """Take one right back, and with it every right that rests on it; the others stay. Nothing when it is not granted.

    `done`: it has served its purpose, such as a file that arrived. `saying`: what the technician is told inside the seals before.
    """
    standing.consent, taken = withdrawn(standing.consent, permission)
    gone = {grant.permission: grant.number for grant in taken}
    order = [each for each in standing.granted if each in gone]
    ended = [standing.abilities[each].ended(standing.session_id, gone[each], reason) for each in order]
    for each in order:
        yield from tell(standing.abilities[each].end())
    for words in saying:
        if standing.parted:
            standing.unsaid.append(words)
        elif standing.proven is not None:
            yield SendSession(standing.proven.seals.say(words, now))
    host_id = standing.trusted.enrolled.host_id
    said = [Withdrawn(standing.session_id, gone[each], host_id, each, int(now.utc), done and each is permission) for each in order]
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
