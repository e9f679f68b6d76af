"""What both sides record of a visit. The broker leaves the fields that only the ends know at None.

Asked, Answered, Withdrawn and SessionEnded repeat a signed statement of the ledger field by field, with its signature, so
that the statement can be built again and checked. `words`, `prompt` and their keys open the commitments; the host
alone has them (docs/protocol.md, section 5).
"""

from audit.events.shape import Id, Lines, Name, Outcome, Salt, Signature, Small, TicketText, Words, event
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.session import EndCause
from wire.messages import ledger
from wire.messages.ledger import Answer
from wire.schema import Hash, Seconds
from wire.statements import Label


@event("admission_step")
class AdmissionStep:
    """One numbered step of admission (docs/protocol.md, section 6). `reason` is None when it passed."""

    session_id: Id
    """Empty at the broker, where no session exists before step 8."""
    ticket: TicketText
    technician_id: Id
    host_id: Id
    step: Small
    reason: Reason | None


@event("asked")
class Asked:
    """The technician asks for one permission."""

    session_id: Id
    ask: Small
    technician_id: Id
    host_id: Id
    permission: Permission
    purpose: Purpose
    case_reference: Id
    words_commitment: Hash
    said_at: Seconds
    signature: Signature
    words: Words | None = None
    words_key: Salt | None = None


@event("answered")
class Answered:
    """The person at the host, or the host's policy, answered. `seconds` is how long the grant may last."""

    session_id: Id
    ask: Small
    technician_id: Id
    host_id: Id
    permission: Permission
    answer: Answer
    reason: Reason | None
    prompt_commitment: Hash
    language: Id
    account: Name
    login_session: Id
    stated_name: Name
    seconds: Seconds
    said_at: Seconds
    signature: Signature
    prompt: Lines | None = None
    prompt_key: Salt | None = None


@event("withdrawn", Outcome.ENDED)
class Withdrawn:
    """The host took one grant back."""

    session_id: Id
    ask: Small
    host_id: Id
    permission: Permission
    said_at: Seconds
    signature: Signature


@event("session_ended", Outcome.ENDED)
class SessionEnded:
    """The visit is over. `signature` is None where nobody signed it: a lost connection, a stopped broker."""

    session_id: Id
    by: Id
    cause: EndCause
    said_at: Seconds
    signature: Signature | None = None


@event("visit_parted", Outcome.ENDED)
class VisitParted:
    """The line between the ends was cut. Nothing is captured, injected or carried until both are back, or the visit is over."""

    session_id: Id


@event("visit_rejoined")
class VisitRejoined:
    """Both ends are back: what was granted, and not taken back since, goes on. `number` counts them in one visit."""

    session_id: Id
    number: Small


@event("frame_refused", Outcome.REFUSED)
class FrameRefused:
    """A peer sent what it may not. `subject` is its session if there is one, else its address."""

    subject: Id
    reason: Reason
    what: Name
    """The rule that was broken. Never a piece of the frame."""


def asked(said: ledger.Asked, signature: bytes, words: str | None = None, words_key: bytes | None = None) -> Asked:
    """The event of a verified Asked."""
    return Asked(
        session_id=said.session_id,
        ask=said.ask,
        technician_id=said.technician_id,
        host_id=said.host_id,
        permission=said.permission,
        purpose=said.purpose,
        case_reference=said.case_reference,
        words_commitment=said.words_commitment,
        said_at=said.at,
        signature=signature,
        words=words,
        words_key=words_key,
    )


def answered(said: ledger.Answered, signature: bytes, prompt: tuple[str, ...] | None = None, prompt_key: bytes | None = None) -> Answered:
    """The event of a verified Answered."""
    return Answered(
        session_id=said.session_id,
        ask=said.ask,
        technician_id=said.technician_id,
        host_id=said.host_id,
        permission=said.permission,
        answer=said.answer,
        reason=said.reason,
        prompt_commitment=said.prompt_commitment,
        language=said.language,
        account=said.answered_by.account,
        login_session=said.answered_by.login_session,
        stated_name=said.answered_by.stated_name,
        seconds=said.seconds,
        said_at=said.at,
        signature=signature,
        prompt=prompt,
        prompt_key=prompt_key,
    )


def withdrawn(said: ledger.Withdrawn, signature: bytes) -> Withdrawn:
    """The event of a verified Withdrawn."""
    return Withdrawn(
        session_id=said.session_id, ask=said.ask, host_id=said.host_id, permission=said.permission, said_at=said.at, signature=signature
    )


def ended(said: ledger.Ended, signature: bytes | None = None) -> SessionEnded:
    """The event of an end, signed by whoever ended it or by nobody."""
    return SessionEnded(session_id=said.session_id, by=said.by, cause=said.cause, said_at=said.at, signature=signature)


Spoken = Asked | Answered | Withdrawn | SessionEnded
"""What repeats a signed statement."""


def statement_of(event: Spoken) -> tuple[Label, object]:
    """The part of the ledger that this entry repeats, and what a signature over it is for."""
    match event:
        case Asked():
            return Label.ASKED, ledger.Asked(
                event.session_id,
                event.ask,
                event.technician_id,
                event.host_id,
                event.permission,
                event.purpose,
                event.case_reference,
                event.words_commitment,
                event.said_at,
            )
        case Answered():
            return Label.ANSWERED, _answer_of(event)
        case Withdrawn():
            return Label.WITHDRAWN, ledger.Withdrawn(event.session_id, event.ask, event.host_id, event.permission, event.said_at)
        case _:
            return Label.ENDED, ledger.Ended(event.session_id, event.by, event.cause, event.said_at)


def _answer_of(event: Answered) -> ledger.Answered:
    return ledger.Answered(
        event.session_id,
        event.ask,
        event.technician_id,
        event.host_id,
        event.permission,
        event.answer,
        event.reason,
        event.prompt_commitment,
        event.language,
        ledger.AnsweredBy(event.account, event.login_session, event.stated_name),
        event.seconds,
        event.said_at,
    )


@event("chat_over", Outcome.ENDED)
class ChatOver:
    """The two people wrote so many messages to each other, or the chat was closed before the end of the visit. Never a word of it."""

    session_id: Id
    to_host: Small
    to_technician: Small
    reason: Reason | None
