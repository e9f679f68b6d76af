"""The ledger: payloads of the clear, signed statements of a visit (docs/protocol.md, section 5).

Each travels in a LEDGER frame as a Statement. The broker verifies and records it before it forwards it. No free text
and no name stands here: commitments are HMAC-SHA-256(k, value), with k known only to the ends.
"""

from enum import StrEnum
from typing import Annotated

from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.session import EndCause
from wire.schema import U32, Hash, Identity, Number, Seconds, Text, part

SIZE_CLASS_MAX = 37


class Answer(StrEnum):
    """How a request was answered at the host."""

    ALLOW = "allow"
    REFUSE = "refuse"
    NO_ANSWER = "no_answer"
    POLICY = "policy"


class FileScope(StrEnum):
    """How far a *yes* to a file reaches (product behaviour 6)."""

    THIS = "this"
    """This file, or this folder."""
    SESSION = "session"
    """Every file this way until the visit ends: each is still asked for and answered, but the person is not asked again."""


@part
class FileCommitted:
    """A file as the broker may know it: HMAC-SHA-256(key, name), the same of its SHA-256 in hex, and the power of two that its size and
    manifest fit into. The key is in `FileWords`.
    """

    name_commitment: Hash
    hash_commitment: Hash
    size_class: Annotated[int, Number(0, SIZE_CLASS_MAX)]


def size_class(count: int) -> int:
    """The smallest power of two that holds so many bytes."""
    return max(0, count - 1).bit_length()


@part
class Asked:
    """A technician asks for one permission (Label.ASKED, signed by the device). `ask` counts up from 1 in a session.

    `file` is there exactly when a file is to be sent to the host.
    """

    session_id: Identity
    ask: U32
    technician_id: Identity
    host_id: Identity
    permission: Permission
    purpose: Purpose
    case_reference: Annotated[str, Text(64, 1)]
    words_commitment: Hash
    at: Seconds
    file: FileCommitted | None = None


@part
class AnsweredBy:
    """Who sat at the host: as the operating system and the person state it, not verified."""

    account: Annotated[str, Text(120)]
    login_session: Annotated[str, Text(64)]
    stated_name: Annotated[str, Text(120)]


@part
class Answered:
    """The host's answer (Label.ANSWERED). With ALLOW it is the consent receipt, and `ask` becomes the grant's number.

    `reason` is None exactly when the answer is ALLOW. `seconds` is how long the grant may last at most. `scope` is there exactly when a
    file is allowed; `under` names the earlier answer to *all files* that this one follows, 0 where the person was asked.
    `file` is there exactly when one from the host is allowed.
    """

    session_id: Identity
    ask: U32
    technician_id: Identity
    host_id: Identity
    permission: Permission
    answer: Answer
    reason: Reason | None
    prompt_commitment: Hash
    language: Annotated[str, Text(16)]
    answered_by: AnsweredBy
    seconds: Seconds
    at: Seconds
    scope: FileScope | None = None
    under: U32 = 0
    file: FileCommitted | None = None


@part
class Withdrawn:
    """The host takes one grant back (Label.WITHDRAWN). `done`: it has served its purpose, such as a file that arrived."""

    session_id: Identity
    ask: U32
    host_id: Identity
    permission: Permission
    at: Seconds
    done: bool = False


@part
class Ended:
    """One end closes the visit (Label.ENDED, signed by whoever ended it)."""

    session_id: Identity
    by: Identity
    cause: EndCause
    at: Seconds
