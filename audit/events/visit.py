"""What both sides record of a visit. The broker leaves the fields that only the ends know at None.

Asked, Answered, Withdrawn and SessionEnded repeat a signed statement of the ledger field by field, with its signature, so
that the statement can be built again and checked. `words`, `prompt`, `file_name`, `file_digest` and their keys open the
commitments; the host alone has them (docs/protocol.md, section 5).
"""

from dataclasses import dataclass, replace

from audit.events.shape import (
    AddressRange,
    Counted,
    Event,
    FileName,
    Id,
    Lines,
    Name,
    Outcome,
    Salt,
    Signature,
    Small,
    TicketText,
    Words,
    event,
)
from policy.carrier import DirectCause
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.session import EndCause
from wire.commitments import matches
from wire.messages import ledger
from wire.messages.ledger import Answer, FileCommitted, FileScope
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
    file: FileCommitted | None = None
    words: Words | None = None
    words_key: Salt | None = None
    file_name: FileName | None = None
    file_size: Seconds | None = None
    file_digest: Hash | None = None
    file_key: Salt | None = None


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
    scope: FileScope | None = None
    under: Small = 0
    file: FileCommitted | None = None
    prompt: Lines | None = None
    prompt_key: Salt | None = None
    file_name: FileName | None = None
    file_size: Seconds | None = None
    file_digest: Hash | None = None
    file_key: Salt | None = None


@event("withdrawn", Outcome.ENDED)
class Withdrawn:
    """The host took one grant back. `done`: it had served its purpose."""

    session_id: Id
    ask: Small
    host_id: Id
    permission: Permission
    said_at: Seconds
    signature: Signature
    done: bool = False


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


@event("direct_started")
class DirectStarted:
    """Content goes directly from here on, between these ranges of addresses: the site's own, and never the addresses themselves.

    In the broker's log it stands as the host reported it; whoever is not of the site is shown the entry without the ranges.
    """

    session_id: Id
    attempt: Small
    host_range: AddressRange | None
    console_range: AddressRange | None


def without_ranges(happened: Event) -> Event:
    """The same event as people are shown it who are not of the site."""
    return replace(happened, host_range=None, console_range=None) if isinstance(happened, DirectStarted) else happened


@event("direct_ended", Outcome.ENDED)
class DirectEnded:
    """Content goes directly no more. The bytes are those that the direct path carried, as the host counted them."""

    session_id: Id
    attempt: Small
    cause: DirectCause
    to_technician_bytes: Counted
    to_host_bytes: Counted


@event("frame_refused", Outcome.REFUSED)
class FrameRefused:
    """A peer sent what it may not. `subject` is its session if there is one, else its address."""

    subject: Id
    reason: Reason
    what: Name
    """The rule that was broken. Never a piece of the frame."""


@dataclass(frozen=True, slots=True)
class FileNamed:
    """What the two ends know of a file, and the key of its commitments. It stands in the host's log alone."""

    name: str
    size: int
    digest: bytes
    key: bytes


def opens(committed: FileCommitted, name: str, digest: bytes, key: bytes) -> bool:
    """Is this the file that was committed to?"""
    return matches(committed.name_commitment, key, name) and matches(committed.hash_commitment, key, digest.hex())


def asked(
    said: ledger.Asked, signature: bytes, words: str | None = None, words_key: bytes | None = None, file: FileNamed | None = None
) -> Asked:
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
        file=said.file,
        words=words,
        words_key=words_key,
        file_name=file.name if file else None,
        file_size=file.size if file else None,
        file_digest=file.digest if file else None,
        file_key=file.key if file else None,
    )


def answered(
    said: ledger.Answered,
    signature: bytes,
    prompt: tuple[str, ...] | None = None,
    prompt_key: bytes | None = None,
    file: FileNamed | None = None,
) -> Answered:
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
        scope=said.scope,
        under=said.under,
        file=said.file,
        prompt=prompt,
        prompt_key=prompt_key,
        file_name=file.name if file else None,
        file_size=file.size if file else None,
        file_digest=file.digest if file else None,
        file_key=file.key if file else None,
    )


def withdrawn(said: ledger.Withdrawn, signature: bytes) -> Withdrawn:
    """The event of a verified Withdrawn."""
    return Withdrawn(
        session_id=said.session_id,
        ask=said.ask,
        host_id=said.host_id,
        permission=said.permission,
        said_at=said.at,
        signature=signature,
        done=said.done,
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
                event.file,
            )
        case Answered():
            return Label.ANSWERED, _answer_of(event)
        case Withdrawn():
            said = ledger.Withdrawn(event.session_id, event.ask, event.host_id, event.permission, event.said_at, event.done)
            return Label.WITHDRAWN, said
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
        event.scope,
        event.under,
        event.file,
    )


@event("chat_over", Outcome.ENDED)
class ChatOver:
    """The two people wrote so many messages to each other, or the chat was closed before the end of the visit. Never a word of it."""

    session_id: Id
    to_host: Small
    to_technician: Small
    reason: Reason | None
