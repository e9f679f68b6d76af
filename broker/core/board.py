"""Who is here, which codes are shown, which visits run: what all connections of one broker share.

Everything is changed between two commands, never across one, so that no conversation sees it half done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from audit.questions import Questions
from broker.core.believed import STALE, Believed
from broker.core.commands import Call, Send, SignInId, SocketId, say
from broker.core.parcels import Parcels
from broker.core.visit import Visit
from policy import throttle
from policy.admission import AdmissionRules, Said
from policy.decision import Decision, Deny, Reason
from policy.documents import HostFacts
from policy.instant import Instant
from policy.one_time import TicketRules, TicketStanding, TicketState
from policy.permissions import Permission
from policy.throttle import Brake, Tally
from trust.view import Technician
from wire.messages.documents import Authenticator, ListedHost
from wire.messages.evidence import HeadWanted
from wire.messages.presence import HostState, Instrument, Instruments

TICKET_KEPT_SECONDS = 24 * 3600
"""How long a number that is over is remembered, so that it says why it is over and is not given out again."""

TALLY_KEPT_SECONDS = max(seconds for brake in throttle.BRAKES for seconds in (brake.window, brake.pause))
"""After the last failure. No window and no pause is longer."""


@dataclass(slots=True)
class Ticket:
    """One support code as the broker knows it: number, the keyed hash of its first half, what it is worth."""

    number: str
    host_id: str
    salt: bytes
    digest: bytes
    standing: TicketStanding
    watches: str = ""
    """The visit that whoever enters it watches, and nothing more (`watching.py`)."""


@dataclass(slots=True)
class HostHere:
    """A host whose key was proven on the socket that stands."""

    host_id: str
    socket: SocketId
    site: str = ""
    """As it enrolled: the host believes no other, and is enrolled again if it is moved."""
    phi_stated: bool = False
    """What its administrator said when it enrolled."""
    documents: Believed | None = None
    """Those it was sent."""
    key: bytes = b""
    """The key that was proven."""
    ticket: Ticket | None = None
    visit: Visit | None = None
    watch: Visit | None = None
    """Of somebody who only watches that visit."""
    compares: bool = False
    """It has asked for a head: only then it is asked for its own (`asking.py`)."""
    questions: Questions = field(default_factory=Questions)
    asks: Tally = field(default_factory=Tally)
    """How often it asked for heads."""
    owed: HeadWanted | None = None
    """It asked how a visit ended that runs here."""
    told: bool = False
    """It has said on this connection that the broker's log is in doubt."""

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The visit that runs there, and that of somebody who only watches it."""
        return tuple(visit for visit in (self.visit, self.watch) if visit is not None)


@dataclass(slots=True)
class ConsoleHere:
    """A technician whose sign-in and device were proven on the socket that stands."""

    sign_in: SignInId
    technician_id: str
    device: Authenticator
    socket: SocketId
    visit: Visit | None = None
    address: str = ""
    """Where the socket comes from, as `throttle.address_group` writes it."""
    documents: Believed | None = None
    """Those it was sent."""
    asks: Tally = field(default_factory=Tally)
    """How often it asked for heads."""
    told: bool = False
    """It has said on this connection that the broker's log is in doubt."""


@dataclass(slots=True)
class Board:
    """The broker's present. `believed` is verified before it comes here; None where no signed documents are in force."""

    broker_id: str
    leaves: tuple[bytes, ...]
    fingerprint: Callable[[StrEnum, bytes], str]
    """`trust.keys.fingerprint`, which stands in a room with files."""
    key: bytes = b""
    """This broker's public key: no receipt is signed that names another."""
    admission: AdmissionRules = field(default_factory=AdmissionRules)
    ticket_rules: TicketRules = field(default_factory=TicketRules)
    believed: Believed | None = None
    parcels: Parcels = field(default_factory=Parcels)
    hosts: dict[str, HostHere] = field(default_factory=dict)
    consoles: dict[SignInId, ConsoleHere] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    opening: set[str] = field(default_factory=set)
    """Visits whose beginning is being recorded: nobody has heard of them yet."""
    tallies: dict[str, Tally] = field(default_factory=dict)
    tallies_kept: float = TALLY_KEPT_SECONDS
    """Longer where the configuration makes a pause longer."""
    calls: dict[tuple[str, str], Call] = field(default_factory=dict)
    """Requests to be called, by host and technician."""
    doubted: dict[str, bool] = field(default_factory=dict)
    """Hosts whose log, or word about ours, is in doubt, and this broker itself when its own is; False: not stored yet (`heads.py`)."""
    stopping: bool = False

    def doubts(self, host_id: str) -> bool:
        """Does a doubt stop this host, or everybody?"""
        return host_id in self.doubted or self.broker_id in self.doubted

    # ---- what the signed documents say

    def in_force(self, now: Instant) -> Believed | None:
        """The documents, unless they are over: then nobody is admitted (safe mode)."""
        return self.believed if self.believed is not None and self.believed.moment(now) < self.believed.over else None

    def person(self, technician_id: str, now: Instant) -> Technician | None:
        """The person as listed, if the documents are in force."""
        believed = self.in_force(now)
        return believed.view.technicians.get(technician_id) if believed else None

    def recognises(self, technician_id: str, device: Authenticator, now: Instant) -> bool:
        """Is this a device of this technician, active or not? Another label makes no other device."""
        person = self.person(technician_id, now)
        return person is not None and any((each.type, each.key) == (device.type, device.key) for each in person.authenticators)

    def lets_in(self, technician_id: str, device: Authenticator, now: Instant) -> bool:
        """Is it, and is the technician active?"""
        person = self.person(technician_id, now)
        return person is not None and person.active and self.recognises(technician_id, device, now)

    def listed_host(self, host_id: str, now: Instant) -> ListedHost | None:
        """The host as listed, if the documents are in force."""
        believed = self.in_force(now)
        return believed.view.listed_hosts.get(host_id) if believed else None

    def said(self, technician_id: str, host_id: str, permission: Permission, now: Instant) -> Said:
        """Steps 3, 4 and 6 of admission, as vendor and site signed."""
        believed = self.in_force(now)
        return believed.said(technician_id, host_id, permission, phi_stated=self._phi_stated(host_id), now=now) if believed else STALE

    def facts(self, host_id: str, now: Instant) -> HostFacts:
        """What policy needs to know of a host. One that nobody has listed counts as one with health data."""
        believed = self.in_force(now)
        if believed is None:
            return HostFacts(host_id, "", listed=False, phi=True)
        return believed.facts(host_id, phi_stated=self._phi_stated(host_id))

    def chat(self, host_id: str, now: Instant) -> Decision:
        """May the two people of a visit at this host write to each other, as vendor and site signed?"""
        believed = self.in_force(now)
        return believed.chat(host_id, phi_stated=self._phi_stated(host_id)) if believed else Deny(Reason.DOCUMENT_STALE)

    def _phi_stated(self, host_id: str) -> bool:
        host = self.hosts.get(host_id)
        return host is not None and host.phi_stated

    def watch_of(self, visit: Visit) -> Visit | None:
        """The visit of whoever only watches this one."""
        return next((each for each in self.visits.values() if each.watches == visit.session_id), None)

    # ---- guessing

    def may_try(self, subject: str, brake: Brake, now: Instant) -> Decision:
        """Is this subject free to try?"""
        return throttle.may_try(self.tallies.get(subject, Tally()), brake, now)

    def count_failure(self, subject: str, brake: Brake, now: Instant) -> Tally:
        """Count a failure at once; the caller has it stored."""
        tally = throttle.failed(self.tallies.get(subject, Tally()), brake, now)
        self.tallies[subject] = tally
        return tally

    def forget_old_tallies(self, now: Instant) -> list[str]:
        """Drop every count that no brake looks at any more; whose they were."""
        old = [subject for subject, tally in self.tallies.items() if _newest_age(tally, now) > self.tallies_kept]
        for subject in old:
            del self.tallies[subject]
        return old

    # ---- tickets

    def forget_old_tickets(self, now: Instant) -> None:
        """Drop numbers that were given out long ago."""
        old = [number for number, ticket in self.tickets.items() if now.elapsed_since(ticket.standing.opened) > TICKET_KEPT_SECONDS]
        for number in old:
            del self.tickets[number]

    # ---- what technicians see

    def host_state(self, host_id: str, now: Instant) -> HostState:
        """One host, as the list shows it."""
        host = self.hosts.get(host_id)
        if host is None:
            return HostState.OFFLINE
        if host.visit is not None:
            return HostState.VISITED
        return HostState.CALLING if host.ticket is not None and self._shown(host.ticket, now) else HostState.READY

    def _shown(self, ticket: Ticket, now: Instant) -> bool:
        young = now.elapsed_since(ticket.standing.opened) < self.ticket_rules.lifetime
        return young and ticket.standing.state in {TicketState.OPEN, TicketState.RESERVED}

    def instruments(self, technician_id: str, now: Instant, visit: Visit | None = None) -> Instruments:
        """The hosts this technician's groups may see, and no other. `visit`: his own, with what is closed to him there (`rights.py`)."""
        person, believed = self.person(technician_id, now), self.in_force(now)
        if person is None or believed is None or not person.active:
            return Instruments(())
        seen = (host for host in believed.view.hosts if host.group in person.groups)
        return Instruments(tuple(self._instrument(host, visit, now) for host in seen))

    def _instrument(self, host: ListedHost, visit: Visit | None, now: Instant) -> Instrument:
        state, phi = self.host_state(host.id, now), self.facts(host.id, now).phi
        closed = visit.closed if visit is not None and visit.host_id == host.id else ()
        return Instrument(host.id, host.name, host.site, host.profile.model, phi, state, closed)

    def tell_instruments(self, host_id: str, now: Instant) -> Iterator[Send]:
        """Something changed at this host: tell every console that may see it."""
        for console in list(self.consoles.values()):
            shown = self.instruments(console.technician_id, now, console.visit)
            if any(item.host_id == host_id for item in shown.items):
                yield say(console.socket, shown)


def _newest_age(tally: Tally, now: Instant) -> float:
    then = (*tally.failed_at, *((tally.paused_at,) if tally.paused_at else ()))
    return min((now.elapsed_since(each) for each in then), default=inf)
