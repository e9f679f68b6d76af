"""Brakes on guessing, as pure values that take `now`: who failed how often, and who must wait."""

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Network, ip_address

from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.passwords import PasswordProfile


@dataclass(frozen=True, slots=True)
class Brake:
    """`failures` within `window` seconds stop the next try for `pause` seconds, with `reason`."""

    failures: int
    window: float
    pause: float
    reason: Reason


SIGN_IN_BRAKE = Brake(3, 3600, 3600, Reason.SIGN_IN_PAUSED)
"""Three wrong sign-ins ban account and address for an hour (product behaviour 2)."""
ACCOUNT_FAILURES = 100
"""So many wrong sign-ins in a row, from wherever, stop an account until an administrator clears it; a recognised device still gets in."""
ADDRESS_BRAKE = Brake(60, 60, 60, Reason.TOO_FAST)
"""More sign-ins and invitations a minute than people behind one address type: it is not heard for a minute."""
CODE_BRAKE_ADDRESS = Brake(30, 3600, 3600, Reason.TOO_MANY_TRIES)
"""Wrong first halves from one address, over all tickets and technicians."""
CODE_BRAKE_TECHNICIAN = Brake(10, 3600, 3600, Reason.TOO_MANY_TRIES)
"""One technician's wrong first halves, over all tickets."""
CODE_BRAKE_GLOBAL = Brake(60, 600, 60, Reason.TOO_MANY_TRIES)
"""Everybody's wrong first halves: somebody walks through the ticket numbers."""
ENROL_BRAKE = Brake(10, 600, 600, Reason.ENROLMENT_INVALID)
"""Wrong enrolment tokens and invitations of one address."""
PUBLISH_BRAKE = Brake(10, 600, 600, Reason.TOO_MANY_TRIES)
"""Documents of one address that do not stand: each costs a verification."""
CALL_BRAKE = Brake(20, 3600, 3600, Reason.TOO_MANY_TRIES)
"""Requests of one technician to be called, at all hosts: an instrument is no notice board."""
READ_BRAKE = Brake(240, 60, 60, Reason.TOO_FAST)
"""Pages of the trail that one account asks for: each is an entry itself."""
HEAD_BRAKE = Brake(60, 60, 60, Reason.TOO_FAST)
"""Heads that one connection asks for: each costs proofs and a signature. An honest end asks at most every ten seconds, and for each
visit that is not closed. Counted by the connection, never stored.
"""
BRAKES = (
    SIGN_IN_BRAKE,
    ADDRESS_BRAKE,
    CODE_BRAKE_ADDRESS,
    CODE_BRAKE_TECHNICIAN,
    CODE_BRAKE_GLOBAL,
    ENROL_BRAKE,
    PUBLISH_BRAKE,
    CALL_BRAKE,
    READ_BRAKE,
)


@dataclass(frozen=True, slots=True)
class SignInRules:
    """What signing in asks of people, and how much guessing it bears. Policy values; `days` as in `passwords.rules_of`."""

    profile: PasswordProfile = PasswordProfile.LONG
    days: int = 0
    tries: Brake = SIGN_IN_BRAKE
    address: Brake = ADDRESS_BRAKE
    account_failures: int = ACCOUNT_FAILURES


@dataclass(frozen=True, slots=True)
class Tally:
    """Failures of one subject (an account and address, a technician, everybody), newest last."""

    failed_at: tuple[Instant, ...] = ()
    paused_at: Instant | None = None


def may_try(tally: Tally, brake: Brake, now: Instant) -> Decision:
    """Is this subject free to try?"""
    if tally.paused_at is not None and now.elapsed_since(tally.paused_at) < brake.pause:
        return Deny(brake.reason)
    return Allow()


def failed(tally: Tally, brake: Brake, now: Instant) -> Tally:
    """Count a failure; the one that reaches the limit starts the pause and clears the count."""
    recent = (*(then for then in tally.failed_at if now.elapsed_since(then) < brake.window), now)
    if len(recent) >= brake.failures:
        return Tally((), now)
    return replace(tally, failed_at=recent)


def succeeded(_tally: Tally) -> Tally:
    """A success wipes the count."""
    return Tally()


def begins_pause(tally: Tally, now: Instant) -> bool:
    """Was it this failure that began the pause? Whoever watches is told once, not at every try after it."""
    return tally.paused_at == now


def address_group(address: str) -> str:
    """Addresses that one person can have without effort count as one: an IPv6 network of 64 bits, a single IPv4 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
