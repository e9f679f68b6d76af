"""May this technician begin a visit with this ticket? Numbered as docs/protocol.md, section 6; each step is recorded.

The broker walks all eight steps; the host repeats 3 to 6 on its own signed documents before it asks the person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from policy.decision import Allow, Decision, Deny, Reason
from policy.documents import HostFacts, may_offer
from policy.permissions import Permission


@dataclass(frozen=True, slots=True)
class TechnicianFacts:
    """What admission needs to know of a technician, from the signed directory and the live sign-in.

    `factor_age` is seconds since the last accepted second factor, None if there was none.
    """

    technician_id: str
    signed_in: bool
    factor_age: float | None
    device_recognised: bool
    listed: bool
    active: bool
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What the ticket says about this try."""

    decision: Decision
    """From `one_time.may_try`, then whether the first half was right."""
    reason_given: bool


@dataclass(frozen=True, slots=True)
class AdmissionRules:
    """Policy values. Seconds."""

    factor_fresh: int = 300


@dataclass(frozen=True, slots=True)
class Said:
    """What signed documents say of this technician and a permission at this host now: steps 3, 4 and 6."""

    trained: Decision
    open: Decision
    allowed: Decision


Walk = tuple[tuple[int, Callable[[], Decision]], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step and how it went."""

    number: int
    decision: Decision


def _until_denied(walk: Walk) -> Iterator[Step]:
    for number, decide in walk:
        decision = decide()
        yield Step(number, decision)
        if isinstance(decision, Deny):
            return


def _signed_in(technician: TechnicianFacts, rules: AdmissionRules) -> Decision:
    if not technician.signed_in:
        return Deny(Reason.NOT_SIGNED_IN)
    if technician.factor_age is None or technician.factor_age > rules.factor_fresh:
        return Deny(Reason.SECOND_FACTOR_STALE)
    return Allow()


def _recognised(technician: TechnicianFacts) -> Decision:
    return Allow() if technician.device_recognised else Deny(Reason.DEVICE_NOT_RECOGNISED)


def _active(technician: TechnicianFacts) -> Decision:
    return Allow() if technician.listed and technician.active else Deny(Reason.NOT_ASSIGNED)


def _online(host: HostFacts, online: bool) -> Decision:
    if not host.listed:
        return Deny(Reason.HOST_NOT_LISTED)
    return Allow() if online else Deny(Reason.HOST_OFFLINE)


def _both(one: Decision, other: Decision) -> Decision:
    return one if isinstance(one, Deny) else other


def _assigned(technician: TechnicianFacts, host: HostFacts) -> Decision:
    return Allow() if host.group in technician.groups else Deny(Reason.NOT_ASSIGNED)


def admission_steps(
    technician: TechnicianFacts, host: HostFacts, online: bool, ticket: TicketFacts, rules: AdmissionRules, said: Said
) -> Iterator[Step]:
    """The broker's eight steps in order, for the first view, ending with the first that denies."""
    walk: Walk = (
        (1, lambda: _signed_in(technician, rules)),
        (2, lambda: _recognised(technician)),
        (3, lambda: _both(_active(technician), said.trained)),
        (4, lambda: _both(_online(host, online), said.open)),
        (5, lambda: _assigned(technician, host)),
        (6, lambda: _both(may_offer(Permission.VIEW, host), said.allowed)),
        (7, lambda: ticket.decision),
        (8, lambda: Allow() if ticket.reason_given else Deny(Reason.REASON_MISSING)),
    )
    return _until_denied(walk)


def host_steps(technician: TechnicianFacts, host: HostFacts, permission: Permission, said: Said) -> Iterator[Step]:
    """Steps 3 to 6 again, at the host, for one permission. The host is online: it is the one that asks."""
    walk: Walk = (
        (3, lambda: _both(_active(technician), said.trained)),
        (4, lambda: _both(_online(host, online=True), said.open)),
        (5, lambda: _assigned(technician, host)),
        (6, lambda: _both(may_offer(permission, host), said.allowed)),
    )
    return _until_denied(walk)
