"""Whoever only watches (docs/adr/0011): both logs must say so of the same visit, and name the same visit beside it. Pure."""

from audit.events.visit import Answered
from audit.facts import Said, Visit
from wire.messages.ledger import Answer


def watched_otherwise(host: Visit, broker: Visit) -> tuple[int, int] | None:
    """The two entries that allowed him to see, where the logs do not agree on what he watched; None if they do.

    Each side writes the link with the *allow* itself, so that one without the other is no cut line. Where one side never had the *allow*
    there is nothing to compare, and that is told of the *allow*.
    """
    mine, theirs = _allow(host), _allow(broker)
    if mine is None or theirs is None or host.watches == broker.watches:
        return None
    return mine.index, theirs.index


def _allow(visit: Visit) -> Said | None:
    said = (found[0] for found in visit.said.values() if found)
    return next((each for each in said if isinstance(each.event, Answered) and each.event.answer is Answer.ALLOW), None)
