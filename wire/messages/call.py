"""*Please call for help*: a technician without a code asks to be called. It opens nothing and is no step of any visit.

console -> broker   call_ask{statement}           broker -> console   call_queued | refused
broker -> host      call_asked{who, statement}    now, or when the host is there again
host -> broker      call_seen{shown}              the person can read it, or this host does not believe it
broker -> console   call_queued{shown}
"""

from typing import Annotated

from policy.purpose import Purpose
from wire.schema import Identity, Seconds, Text, message, part
from wire.statements import Statement


@part
class CallWanted:
    """A technician asks somebody at this host to call (Label.CALL_WANTED, signed by the device). No free text: it is not sealed."""

    technician_id: Identity
    host_id: Identity
    broker_id: Identity
    purpose: Purpose
    case_reference: Annotated[str, Text(64, 1)]
    at: Seconds


@message("call_ask")
class CallAsk:
    """Put this where the host finds it. One of each technician waits at each host: a newer one takes its place."""

    statement: Statement


@message("call_queued")
class CallQueued:
    """It waits for the host or, with `shown`, stands on its screen."""

    host_id: Identity
    shown: bool


@message("call_asked")
class CallAsked:
    """Somebody asks to be called. The host checks who, on its own documents, and shows the name that those give."""

    technician_id: Identity
    statement: Statement


@message("call_seen")
class CallSeen:
    """It needs to wait no longer: the person can read it, or (`shown` is False) this host does not believe it."""

    technician_id: Identity
    at: Seconds
    shown: bool
