"""What this host believes, and why: the signed documents in force, and what enrolment told before there were any.

Everything about a technician, a device or this host itself that decides something is asked here, and comes from a
signed document. What the online broker says by itself widens nothing (docs/protocol.md, section 2).
"""

from dataclasses import replace

from host_client.core.in_force import Held, InForce
from host_client.core.ports import Enrolled
from host_client.core.rules import Rules
from host_client.core.site_rules import SiteRules
from policy.admission import Said, Step, TechnicianFacts, host_steps
from policy.decision import Allow, Decision, Deny, Reason
from policy.direct import NO_WAY, DirectTerms
from policy.documents import HostFacts
from policy.facts import InstrumentFacts, VisitorFacts, trained
from policy.instant import Instant
from policy.language import Mask, Party
from policy.permissions import Permission
from trust.rulebooks import silent
from trust.signatures import SignatureInvalid, verify
from trust.view import Technician, host_facts, host_of, instrument_facts, person_of, visitor_facts
from wire.messages.documents import Authenticator, AuthenticatorType, ListedHost
from wire.statements import Algorithm, Label, Statement

ALGORITHM: dict[AuthenticatorType, Algorithm] = {
    AuthenticatorType.P256: Algorithm.P256,
    AuthenticatorType.ED25519: Algorithm.ED25519,
}
"""How a device of this type signs statements. A type that is not here signs none."""
_NOBODY = TechnicianFacts("", signed_in=False, factor_age=None, device_recognised=False, listed=False, active=False, groups=frozenset())


class Trusted:
    """The documents that verified, never older ones, and questions to them."""

    def __init__(self, enrolled: Enrolled, public_key: bytes, documents: InForce | None = None, held: Held = Held()) -> None:  # noqa: B008
        """`documents` were verified from the pinned roots; `public_key` is this host's own."""
        self.enrolled = enrolled
        self._public_key = public_key
        self.documents, self.held = documents, held
        self.site = SiteRules()
        """The rules of the site's file on this PC; a narrowing may be put here at any moment."""

    def _in_force(self, now: Instant) -> InForce | None:
        documents = self.documents
        return documents if documents is not None and documents.moment(now) < documents.over else None

    def safe_mode(self, now: Instant) -> bool:
        """There are documents, and the vendor's or the site's are over: nobody is let in until newer ones came."""
        documents = self._in_force(now)
        return bool(self.held.vendor) and (documents is None or documents.site is None)

    @property
    def rules(self) -> Rules:
        """Every rule there is, with or without documents in force."""
        if self.documents is None:
            return Rules(silent(Party.VENDOR), silent(Party.SITE), self.site)
        return Rules(self.documents.vendor, self.documents.site, self.site)

    def digest(self) -> bytes:
        """Names the documents that were taken last, in logs."""
        return self.documents.view.digest if self.documents is not None else bytes(32)

    def version(self, now: Instant) -> int:
        """Version of the vendor's documents in force, 0 if there are none."""
        documents = self._in_force(now)
        return documents.view.version if documents else 0

    def vendor(self, now: Instant) -> str:
        """Name of the vendor, empty before the first documents."""
        documents = self._in_force(now)
        return documents.view.vendor if documents else ""

    def broker_key(self, now: Instant) -> bytes:
        """The broker's online key: as the newest documents list it, also when they are over; before the first as enrolment told.

        A key that was replaced since does not come back because documents expired.
        """
        documents = self._in_force(now)
        return documents.view.broker.key if documents else self.held.broker_key or self.enrolled.broker_key

    def _listing(self, now: Instant) -> ListedHost | None:
        documents = self._in_force(now)
        listing = host_of(documents.view, self.enrolled.host_id) if documents else None
        return listing if listing and listing.key == self._public_key else None

    def listed(self, now: Instant) -> bool:
        """Do the documents name this host, with this very key?"""
        return self._listing(now) is not None

    def host_name(self, now: Instant) -> str:
        """The name of this instrument: as the documents list it, else as it was enrolled."""
        listing = self._listing(now)
        return listing.name if listing else self.enrolled.name

    def host_facts(self, now: Instant) -> HostFacts:
        """What policy needs to know of this host. A host that is not listed counts as one with health data, and what its administrator
        said when it was enrolled no document takes back.
        """
        documents = self._in_force(now) if self._listing(now) else None
        facts = host_facts(documents.view if documents else None, self.enrolled.host_id, phi_stated=self.enrolled.phi)
        return replace(facts, phi=facts.phi or self.rules.phi(self._instrument(now)))

    def person(self, technician_id: str, now: Instant) -> Technician | None:
        """The technician as the security officer signed, None for anybody else."""
        documents = self._in_force(now)
        return person_of(documents.view, technician_id) if documents else None

    def signed_by(self, technician_id: str, statement: Statement, label: Label, now: Instant) -> Authenticator | None:
        """The certified device of this technician that made this statement, None if none did."""
        person = self.person(technician_id, now)
        for device in person.authenticators if person else ():
            if device.type in ALGORITHM and verifies(statement, label, device):
                return device
        return None

    def steps(self, technician_id: str, device: Authenticator, permission: Permission, now: Instant) -> tuple[Step, ...]:
        """Steps 3 to 6 of admission, on signed documents, as they stand now. The last one denies, or all passed."""
        if self.held.vendor and self._in_force(now) is None:
            return (Step(3, Deny(Reason.DOCUMENT_STALE)),)
        person = self.person(technician_id, now)
        facts = _NOBODY
        if person is not None and any((each.type, each.key) == (device.type, device.key) for each in person.authenticators):
            groups = frozenset(person.groups)
            facts = TechnicianFacts(person.id, True, 0.0, True, listed=True, active=person.active, groups=groups)
        return tuple(host_steps(facts, self.host_facts(now), permission, self._said(technician_id, permission, now)))

    def chat(self, now: Instant) -> Decision:
        """May the two people of a visit write to each other, by the documents in force?"""
        return self.rules.chat(self._instrument(now)) if self._in_force(now) is not None else Deny(Reason.DOCUMENT_STALE)

    def until(self, technician_id: str, permission: Permission, now: Instant, within: int) -> float | None:
        """In how many seconds time alone closes what is open now: hours, or a training that ends; None: not within so many."""
        documents, visitor = self._in_force(now), self._visitor(technician_id, now)
        if documents is None or visitor is None:
            return 0.0
        moment = documents.moment(now)
        at = self.rules.until(permission, visitor, self._instrument(now), moment, within)
        return None if at is None else max(0.0, at - moment)

    def _said(self, technician_id: str, permission: Permission, now: Instant) -> Said:
        documents, visitor, instrument = self._in_force(now), self._visitor(technician_id, now), self._instrument(now)
        if documents is None or visitor is None:
            return Said(Allow(), Allow(), Deny(Reason.NOT_ASSIGNED))
        moment, rules = documents.moment(now), self.rules
        training = trained(visitor, instrument.region, moment)
        return Said(training, rules.open(instrument, moment), rules.allows(permission, visitor, instrument, moment))

    def masks(self, now: Instant) -> tuple[Mask, ...]:
        """What no technician sees of this screen."""
        return self.rules.masks(self._instrument(now))

    def direct(self, now: Instant) -> DirectTerms:
        """May content go straight to the technician's browser, and between which addresses?"""
        return self.rules.direct(self._instrument(now)) if self._in_force(now) is not None else NO_WAY

    def _visitor(self, technician_id: str, now: Instant) -> VisitorFacts | None:
        documents = self._in_force(now)
        return visitor_facts(documents.view, technician_id) if documents else None

    def _instrument(self, now: Instant) -> InstrumentFacts:
        documents = self._in_force(now) if self._listing(now) else None
        if documents is None:
            return InstrumentFacts(self.enrolled.host_id, "", "", self.enrolled.model, "", listed=False, phi=True)
        return instrument_facts(documents.view, self.enrolled.host_id, phi_stated=self.enrolled.phi)


def verifies(statement: Statement, label: Label, device: Authenticator) -> bool:
    """Was this statement made for this purpose with this device's key?"""
    try:
        verify(statement, label, device.key, ALGORITHM[device.type])
    except SignatureInvalid:
        return False
    return True
