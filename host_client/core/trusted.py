"""What this host believes, and why: the directory signed by the pinned key, and what enrolment told before there was one.

Everything about a technician, a device or this host itself that decides something is asked here, and comes from a
signed document. What the online broker says by itself widens nothing (docs/protocol.md, section 2).
"""

from dataclasses import replace
from hashlib import sha256

from host_client.core.ports import Enrolled
from host_client.core.site_rules import SiteRules
from policy.admission import AdmissionRules, Said, Step, TechnicianFacts, host_steps
from policy.decision import Allow, Decision, Deny, Reason
from policy.documents import HostFacts
from policy.facts import InstrumentFacts, VisitorFacts
from policy.instant import Instant
from policy.permissions import Permission
from trust.directory import DocumentRefused, DocumentStale, TrustedDirectory, host_facts, host_of, person_of
from trust.facts import instrument_facts, visitor_facts
from trust.signatures import SignatureInvalid, verify
from wire.messages.documents import Authenticator, AuthenticatorType, Directory, ListedHost, Person
from wire.statements import Algorithm, Label, Statement

ALGORITHM: dict[AuthenticatorType, Algorithm] = {
    AuthenticatorType.P256: Algorithm.P256,
    AuthenticatorType.ED25519: Algorithm.ED25519,
}
"""How a device of this type signs statements. A type that is not here signs none."""
_NOBODY = TechnicianFacts("", signed_in=False, factor_age=None, device_recognised=False, listed=False, active=False, groups=frozenset())


class Trusted:
    """The newest directory that verified, never an older one, and questions to it."""

    def __init__(self, enrolled: Enrolled, directory: TrustedDirectory, public_key: bytes) -> None:
        """`directory` was built from the pinned key; `public_key` is this host's own."""
        self.enrolled = enrolled
        self._trusted, self._public_key = directory, public_key
        self.site = SiteRules()
        """The site's own rules in force; a narrowing may be put here at any moment."""

    def check(self, statement: Statement, now: Instant) -> Decision:
        """Is this directory signed by the pinned key, of this broker, not older, and not expired? Takes nothing."""
        try:
            offered = self._trusted.check(statement, now.utc)
        except DocumentRefused as fault:
            return Deny(fault.reason)
        return Allow() if offered.broker.id == self.enrolled.broker_id else Deny(Reason.DOCUMENT_INVALID)

    def accept(self, statement: Statement, now: Instant) -> Decision:
        """Take a directory that passes `check`. It is to be kept first (`take_directory`)."""
        decision = self.check(statement, now)
        if isinstance(decision, Allow):
            self._trusted.accept(statement, now.utc)
        return decision

    def holds(self, statement: Statement) -> bool:
        """Is it the very directory that was taken last?"""
        return self._trusted.statement is not None and self._trusted.statement.payload == statement.payload

    def digest(self) -> bytes:
        """SHA-256 of the newest directory's payload."""
        return sha256(self._trusted.statement.payload if self._trusted.statement else b"").digest()

    def _in_force(self, now: Instant) -> Directory | None:
        try:
            return self._trusted.in_force(now.utc)
        except DocumentStale:
            return None

    def version(self, now: Instant) -> int:
        """Version of the directory in force, 0 if there is none."""
        directory = self._in_force(now)
        return directory.version if directory else 0

    def vendor(self, now: Instant) -> str:
        """Name of the vendor, empty before the first directory."""
        directory = self._in_force(now)
        return directory.vendor if directory else ""

    def broker_key(self, now: Instant) -> bytes:
        """The broker's online key: as the directory lists it, else as enrolment told."""
        directory = self._in_force(now)
        return directory.broker.key if directory else self.enrolled.broker_key

    def _listing(self, now: Instant) -> ListedHost | None:
        directory = self._in_force(now)
        listing = host_of(directory, self.enrolled.host_id) if directory else None
        return listing if listing and listing.key == self._public_key else None

    def listed(self, now: Instant) -> bool:
        """Does the directory name this host, with this very key?"""
        return self._listing(now) is not None

    def host_name(self, now: Instant) -> str:
        """The name of this instrument: as the directory lists it, else as it was enrolled."""
        listing = self._listing(now)
        return listing.name if listing else self.enrolled.name

    def host_facts(self, now: Instant) -> HostFacts:
        """What policy needs to know of this host. A host that is not listed counts as one with health data."""
        directory = self._in_force(now) if self._listing(now) else None
        facts = host_facts(directory, self.enrolled.host_id, phi_stated=self.enrolled.phi)
        return replace(facts, phi=facts.phi or self.site.phi(self._instrument(now)))

    def person(self, technician_id: str, now: Instant) -> Person | None:
        """The technician as the security officer signed, None for anybody else."""
        directory = self._in_force(now)
        return person_of(directory, technician_id) if directory else None

    def signed_by(self, technician_id: str, statement: Statement, label: Label, now: Instant) -> Authenticator | None:
        """The listed device of this technician that made this statement, None if none did."""
        person = self.person(technician_id, now)
        for device in person.authenticators if person else ():
            if device.type in ALGORITHM and verifies(statement, label, device):
                return device
        return None

    def steps(self, technician_id: str, device: Authenticator, permission: Permission, now: Instant) -> tuple[Step, ...]:
        """Steps 3 to 6 of admission, on signed documents, as they stand now. The last one denies, or all passed."""
        person = self.person(technician_id, now)
        facts = _NOBODY
        if person is not None and device in person.authenticators:
            groups = frozenset(person.groups)
            facts = TechnicianFacts(person.id, True, 0.0, True, listed=True, active=person.active, groups=groups)
        return tuple(host_steps(facts, self.host_facts(now), permission, AdmissionRules(), self._said(technician_id, permission, now)))

    def until(self, technician_id: str, permission: Permission, now: Instant, within: int) -> float | None:
        """In how many seconds the site's hours close what is open now; None: not within so many."""
        visitor = self._visitor(technician_id, now)
        if visitor is None:
            return 0.0
        at = self.site.until(permission, visitor, self._instrument(now), now.utc, within)
        return None if at is None else max(0.0, at - now.utc)

    def _said(self, technician_id: str, permission: Permission, now: Instant) -> Said:
        visitor, instrument = self._visitor(technician_id, now), self._instrument(now)
        if visitor is None:
            return Said(Allow(), Deny(Reason.NOT_ASSIGNED))
        return Said(self.site.open(instrument, now.utc), self.site.allows(permission, visitor, instrument, now.utc))

    def _visitor(self, technician_id: str, now: Instant) -> VisitorFacts | None:
        directory = self._in_force(now)
        return visitor_facts(directory, technician_id) if directory else None

    def _instrument(self, now: Instant) -> InstrumentFacts:
        directory = self._in_force(now) if self._listing(now) else None
        if directory is None:
            return InstrumentFacts(self.enrolled.host_id, "", "", self.enrolled.model, "", listed=False, phi=True)
        return instrument_facts(directory, self.enrolled.host_id, phi_stated=self.enrolled.phi)


def verifies(statement: Statement, label: Label, device: Authenticator) -> bool:
    """Was this statement made for this purpose with this device's key?"""
    try:
        verify(statement, label, device.key, ALGORITHM[device.type])
    except SignatureInvalid:
        return False
    return True
