"""From *admitted* to *sealed*: runs of the key agreement, then identities both ways (docs/protocol.md, section 3).

    1  we open a run; the console answers with its share
    2  from our share on, the run counts as failed until step 5
    3  the technician's tag first; ours only when it was right
    4  the first sealed record is the technician's session identity: a device of the signed directory made it
    5  the run is confirmed; steps 3 to 6 of admission are walked on our own documents, and recorded with the identity
    6  the code is spent, our own identity goes out

Whoever knows the code but no key, or a key but not the code, ends here, and nobody was asked anything.
"""

from typing import assert_never

from audit.events import host, visit
from audit.events.shape import Event as AuditEvent
from host_client.core.commands import MarkCode, Note, Record, SendSession, StartTimer, StopTimer, Talk, Tell, to_broker, to_peer
from host_client.core.ending import end_visit
from host_client.core.events import Timer
from host_client.core.seals import Seals
from host_client.core.standing import Proven, Standing
from host_client.core.watching import watch_hours
from host_client.link import ShowAttempt
from policy.admission import Step
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.permissions import Permission
from policy.session import EndCause, SessionEvent, SessionState
from wire.errors import PeerMisbehaved
from wire.frames import FrameKind
from wire.limits import AGREEMENT_RUNS, AGREEMENT_SECONDS
from wire.messages.documents import Authenticator
from wire.messages.handshake import AgreementFailed, ConsoleShare, ConsoleTag
from wire.messages.ticket import TicketBurnt, TicketSpent
from wire.schema import MalformedMessage, decode
from wire.sealed import agreement
from wire.sealed.agreement import Agreed, HostAgreement
from wire.sealed.identities import LABELS, check_identity, identity_of
from wire.sealed.inner import SessionIdentity, SessionRole
from wire.statements import Statement

_FROM_CONSOLE: tuple[type[ConsoleShare | ConsoleTag], ...] = (ConsoleShare, ConsoleTag)


class Proving:
    """The proof of one visit."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._run: HostAgreement | None = None
        self._agreed: Agreed | None = None
        self.seals: Seals | None = None
        """Set from the confirmed tags on; good for one record, the identity, until that is right."""
        offer, enrolled = standing.offer, standing.trusted.enrolled
        self._about = agreement.Visit(offer.session_id, offer.ticket, enrolled.broker_id, enrolled.host_id, offer.technician_id)

    def begin_run(self) -> Talk:
        """Step 1. Nothing begins once the visit stops, or with a code that is burnt."""
        if self._standing.stopping or self._standing.code.burnt:
            return
        entropy, code = self._standing.ports.entropy, self._standing.code
        self._run = HostAgreement(self._about, code.value.second, code.runs + 1, nonce=entropy(32), scalar=entropy(32))
        yield StartTimer(Timer.AGREEMENT, AGREEMENT_SECONDS)
        yield to_peer(FrameKind.HANDSHAKE, self._run.open())

    def handshake(self, body: bytes, now: Instant) -> Talk:
        """Steps 2 and 3. Raises PeerMisbehaved, MalformedMessage."""
        if self._standing.state is not SessionState.ADMITTED or self._run is None or self.seals is not None:
            raise PeerMisbehaved("key agreement at the wrong moment")
        said = decode(body, *_FROM_CONSOLE)
        match said:
            case ConsoleShare():
                yield from self._share(self._run, said)
            case ConsoleTag():
                yield from self._tag(self._run, said, now)
            case _:
                assert_never(said)

    def _share(self, run: HostAgreement, said: ConsoleShare) -> Talk:
        self._standing.code.runs += 1  # before anything goes out: an abort must cost as much as a wrong guess
        yield to_peer(FrameKind.HANDSHAKE, run.answer(said))

    def _tag(self, run: HostAgreement, said: ConsoleTag, now: Instant) -> Talk:
        tag = run.confirm(said)
        if tag is None or run.agreed is None:
            yield from self.failed(now)
            return
        self._agreed = run.agreed
        self.seals = Seals(self._standing.session_id, run.agreed.secret)
        yield to_peer(FrameKind.HANDSHAKE, tag)

    def failed(self, now: Instant) -> Talk:
        """A run failed. The person sees it; the next run begins, or the code is burnt."""
        standing, code = self._standing, self._standing.code
        self._run = self.seals = self._agreed = None
        standing.move(SessionEvent.AGREEMENT_FAILED)
        yield to_peer(FrameKind.HANDSHAKE, AgreementFailed(max(1, code.runs), code.runs_left))
        yield Note(self._run_entry(Reason.AGREEMENT_FAILED))
        yield Note(host.CodeTried(ticket=code.value.ticket, tries_left=code.runs_left))
        yield Tell(ShowAttempt(code.runs_left))
        if code.burnt:
            yield from self._burnt(now)
        else:
            yield from self.begin_run()

    def _burnt(self, now: Instant) -> Talk:
        standing = self._standing
        yield from end_visit(standing, EndCause.CODE_BURNT, now)
        yield to_broker(TicketBurnt(standing.offer.ticket, standing.session_id))

    def _run_entry(self, reason: Reason | None) -> AuditEvent:
        run = min(self._standing.code.runs, AGREEMENT_RUNS)
        return host.AgreementRun(session_id=self._standing.session_id, run=run, reason=reason)

    def timed_out(self, now: Instant) -> Talk:
        """AGREEMENT_SECONDS passed. A run whose share was sent has failed; one that nobody answered ends the visit."""
        yield Note(self._run_entry(Reason.AGREEMENT_FAILED))
        cause = EndCause.CODE_BURNT if self._standing.code.burnt else EndCause.CONNECTION_LOST
        if cause is EndCause.CODE_BURNT:
            yield from self._burnt(now)
        else:
            yield from end_visit(self._standing, cause, now)

    # ---- identities

    def identity(self, plain: bytes, now: Instant) -> Talk:
        """Steps 4 to 6: the plaintext of the first sealed record. Raises PeerMisbehaved, MalformedMessage."""
        assert self._agreed is not None
        statement = decode(plain, SessionIdentity).statement
        device = self._device(statement, self._agreed, now)
        if device is not None and not self._standing.code.is_for(self._standing.offer.technician_id, device):
            # Somebody else holds what was given to one person with one device: it is worth nothing any more.
            self._standing.code.burn()
            yield Note(host.Refusal(session_id=self._standing.session_id, about="session_identity", reason=Reason.RETURN_NOT_YOURS))
            yield from self._not_proven(now)
            return
        if device is None:
            yield Note(host.Refusal(session_id=self._standing.session_id, about="session_identity", reason=Reason.IDENTITY_NOT_PROVEN))
            yield Note(self._run_entry(Reason.IDENTITY_NOT_PROVEN))
            yield from self._not_proven(now)
            return
        yield from self._confirmed(device, now)

    def _not_proven(self, now: Instant) -> Talk:
        if self._standing.code.burnt:
            yield from self._burnt(now)
        else:
            yield from end_visit(self._standing, EndCause.IDENTITY_NOT_PROVEN, now)

    def _device(self, statement: Statement, agreed: Agreed, now: Instant) -> Authenticator | None:
        technician = self._standing.offer.technician_id
        device = self._standing.trusted.signed_by(technician, statement, LABELS[SessionRole.TECHNICIAN], now)
        if device is None:
            return None
        try:
            check_identity(statement.payload, SessionRole.TECHNICIAN, self._about, agreed)
        except (PeerMisbehaved, MalformedMessage):
            return None
        return device

    def _confirmed(self, device: Authenticator, now: Instant) -> Talk:
        standing, offer = self._standing, self._standing.offer
        assert self.seals is not None
        assert self._agreed is not None
        standing.code.proven = True
        yield StopTimer(Timer.AGREEMENT)
        yield MarkCode(None)
        person = standing.trusted.person(offer.technician_id, now)
        assert person is not None, "a device is only found at a person"
        steps = standing.trusted.steps(offer.technician_id, device, Permission.VIEW, now)
        proven = host.IdentityProven(
            session_id=offer.session_id,
            technician_id=offer.technician_id,
            name=person.name,
            company=person.company,
            fingerprint=standing.ports.fingerprint(device.type, device.key),
        )
        recorded = yield Record((self._run_entry(None), proven, *step_entries(standing, steps)))
        yield to_broker(TicketSpent(offer.ticket, offer.session_id))
        if standing.stopping:
            return
        if not recorded:
            yield from end_visit(standing, EndCause.LOG_UNAVAILABLE, now)
        elif isinstance(steps[-1].decision, Deny):
            standing.denied = steps[-1].decision.reason
            yield from end_visit(standing, EndCause.POLICY, now)
        else:
            standing.proven = Proven(self.seals, self._agreed, device, person, now)
            yield from self._sealed(standing, self.seals, now)

    def _sealed(self, standing: Standing, seals: Seals, now: Instant) -> Talk:
        assert self._agreed is not None
        standing.move(SessionEvent.IDENTITIES_PROVEN)
        own = identity_of(SessionRole.HOST, self._about, self._agreed)
        statement = standing.ports.signer.sign(LABELS[SessionRole.HOST], own)
        yield SendSession(seals.say(SessionIdentity(statement), now))
        banner = standing.banner(now)
        assert banner is not None
        yield Tell(banner)
        yield from watch_hours(standing, now)


def step_entries(standing: Standing, steps: tuple[Step, ...]) -> tuple[visit.AdmissionStep, ...]:
    """One entry for each step that was walked, whichever way it went."""
    return tuple(
        visit.AdmissionStep(
            session_id=standing.session_id,
            ticket=standing.offer.ticket,
            technician_id=standing.offer.technician_id,
            host_id=standing.trusted.enrolled.host_id,
            step=step.number,
            reason=step.decision.reason if isinstance(step.decision, Deny) else None,
        )
        for step in steps
    )
