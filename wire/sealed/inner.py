"""JSON messages inside the sealed control lane (lane 7, grant 0). The broker never sees one.

both ends      session_identity       first record each way: the session signature (docs/protocol.md, section 3)
both ends      file_over              what became of the file of a grant, or that somebody stops it
console->host  ask_words              before the clear *asked*: the free words and the key of their commitment
console->host  still_here             *Keep open*: the visit is not to end because nobody does anything
host->console  answer_words           after the clear *answered*: the prompt as shown and the key of its commitment
host->console  host_notice            something the technician should know now, from a closed list
host->console  visit_rejoined         after a line was cut: what is still granted
host->console  second_person          who else sees the screen, or whom somebody who only watches watches
host->console  chat_standing          whether the two people may write to each other
"""

from enum import StrEnum
from typing import Annotated

from policy.decision import Reason
from wire.limits import FILE_NAME_MAX, FILE_SIZE_MAX, FILES_MAX, FREE_TEXT_MAX, MANIFEST_MAX
from wire.schema import U32, Count, Hash, Identity, Key32, Nonce, Number, Text, message, part
from wire.statements import Statement


class SessionRole(StrEnum):
    """Which end signs a session identity; part of what is signed, so a signature cannot be reflected."""

    HOST = "host"
    TECHNICIAN = "technician"


@part
class SessionIdentityPayload:
    """What each end signs right after the key agreement: the whole transcript, bound to its long-term key."""

    session_id: Identity
    role: SessionRole
    subject: Identity
    transcript: Hash


@message("session_identity")
class SessionIdentity:
    """Label SESSION_HOST or SESSION_TECHNICIAN. The host verifies it before it asks the person anything."""

    statement: Statement


@part
class FileWords:
    """One file, or one folder with `files` files, `size` bytes together. `digest` is SHA-256 of the file, or of the folder's manifest,
    which has `manifest` bytes and goes ahead of the contents (0 for a file). `key` opens the commitments in the clear statement.
    """

    name: Annotated[str, Text(FILE_NAME_MAX, 1)]
    folder: bool
    files: Annotated[int, Number(1, FILES_MAX)]
    size: Annotated[int, Number(0, FILE_SIZE_MAX)]
    manifest: Annotated[int, Number(0, MANIFEST_MAX)]
    digest: Hash
    key: Key32


@message("ask_words")
class AskWords:
    """The technician's own words for request `ask`, and the key of the commitment in the clear *asked*. `file`: what is to be sent
    to the host.
    """

    ask: U32
    key: Nonce
    words: Annotated[str, Text(FREE_TEXT_MAX)]
    file: FileWords | None = None


@message("answer_words")
class AnswerWords:
    """The prompt exactly as the person saw it, and the key of the commitment in the clear *answered*. `file`: what the person
    picked to be sent from the host.
    """

    ask: U32
    key: Nonce
    prompt: Annotated[str, Text(3000)]
    file: FileWords | None = None


class Notice(StrEnum):
    """What a host may tell the console beside the ledger; `notice-<value>` in the catalogues."""

    NO_SCREEN = "no_screen"
    SCREEN_PAUSED = "screen_paused"
    SCREEN_LOCKED = "screen_locked"
    SESSION_AWAY = "session_away"
    MASK_NOT_PLACED = "mask_not_placed"
    SCREEN_RESUMED = "screen_resumed"
    SUSPENDED = "suspended"
    """The host has not heard the broker for too long. SCREEN_RESUMED tells that it goes on."""
    PAUSED_BY_PERSON = "paused_by_person"
    """*Pause* was pressed at the host. SCREEN_RESUMED tells that it goes on."""
    LOCAL_INPUT = "local_input"
    """The person at the host uses mouse or keyboard: the technician's have no effect until LOCAL_QUIET."""
    LOCAL_QUIET = "local_quiet"
    IDLE_WARNED = "idle_warned"
    """Nobody has done anything for a while: the visit ends soon, unless somebody does before IDLE_OVER."""
    IDLE_OVER = "idle_over"
    INPUT_STALE = "input_stale"
    INPUT_DROPPED_PROMPT = "input_dropped_prompt"
    INPUT_MASKED = "input_masked"
    PROMPT_SHOWN = "prompt_shown"
    PROMPT_GONE = "prompt_gone"


@message("host_notice")
class HostNotice:
    """One notice."""

    notice: Notice


@message("second_person")
class SecondPerson:
    """To the technician: who watches too; an empty name: nobody any more. To whoever only watches (`view_only`), before the person is
    asked: whom he watches. `name` and `company` are verified.
    """

    view_only: bool
    name: Annotated[str, Text(120)]
    company: Annotated[str, Text(120)]


@message("still_here")
class StillHere:
    """The technician is there, though nobody has done anything for a while."""


@message("answer_lost")
class AnswerLost:
    """The line was cut before the answer to this request came: whatever was allowed is not taken up, and the host takes it back."""

    ask: U32


@message("visit_rejoined")
class VisitRejoined:
    """Both ends are back and proven anew. `grants` are the numbers of what still stands; every other right is gone."""

    grants: Annotated[tuple[U32, ...], Count(16)]


@message("file_over")
class FileOver:
    """The file of grant `ask` is over: it arrived whole and is kept (`reason` is None), or it is stopped and nothing is left of it.

    Whoever receives a file says that it is kept; either end stops it. The host then takes the grant back.
    """

    ask: U32
    reason: Reason | None


@message("chat_standing")
class ChatStanding:
    """The chat lane is open from now on, or shut for this reason. It opens once, before the first answer, and never again."""

    reason: Reason | None
