"""One request: from the technician's signed *asked* to the host's signed *answered* (docs/protocol.md, section 5).

Building and checking only; in which order things are recorded, sent and started is the visit's business.
"""

from dataclasses import dataclass

from audit.events.visit import FileNamed, opens
from host_client.core.ports import Enrolled, FileFacts, Ports, PromptFacts, Seat
from host_client.core.seen import visible
from host_client.core.trusted import ALGORITHM
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from trust.signatures import SignatureInvalid, verify
from trust.view import Technician
from wire.commitments import KEY_BYTES, commitment, matches
from wire.errors import PeerMisbehaved
from wire.limits import FREE_TEXT_MAX
from wire.messages.documents import Authenticator
from wire.messages.ledger import Answer, Answered, AnsweredBy, Asked, FileCommitted, FileScope, size_class
from wire.schema import MalformedMessage, read_part
from wire.sealed.inner import AnswerWords, AskWords, FileWords
from wire.statements import Label, Statement

NAME_SHOWN = 80
CASE_SHOWN = 64
WORDS_SHOWN = 300
FILE_SHOWN = 160
KIND_SHOWN = 16
PROMPT_MAX = 3000
LINE_MAX = 1000
SEPARATOR = "\n"
"""Between the lines of a prompt, where its commitment and the technician's copy are made."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request that verified, with the words that belong to it."""

    asked: Asked
    signature: bytes
    words: AskWords


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a *yes* to a file reaches, the earlier answer that it follows, and the file, where the person picked it."""

    scope: FileScope | None
    under: int = 0
    picked: FileWords | None = None


NO_REACH = Reach(None)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is before the person, exactly, since when, and the key of its commitment. No lines: nobody was asked."""

    lines: tuple[str, ...]
    key: bytes
    shown: Instant

    @property
    def text(self) -> str:
        """The whole text, as it is committed to."""
        return SEPARATOR.join(self.lines)


def read_asked(statement: Statement, device: Authenticator, who: tuple[str, str, str], words: AskWords | None) -> Request:
    """The request in this statement. `who` is session, technician, host. Raises PeerMisbehaved.

    The broker verified the same before it forwarded it, so what does not verify here is no slip (docs/protocol.md, section 2).
    """
    try:
        asked = read_part(Asked, verify(statement, Label.ASKED, device.key, ALGORITHM[device.type]))
    except (SignatureInvalid, MalformedMessage):
        raise PeerMisbehaved("a request that is not signed by the technician's device") from None
    if (asked.session_id, asked.technician_id, asked.host_id) != who:
        raise PeerMisbehaved("a request of another visit")
    if words is None or words.ask != asked.ask or not matches(asked.words_commitment, words.key, words.words):
        raise PeerMisbehaved("a request without the words that it is bound to")
    if not _names_file(asked, words):
        raise PeerMisbehaved("a request without the file that it is bound to")
    return Request(asked, statement.sig, words)


def _names_file(asked: Asked, words: AskWords) -> bool:
    """A file is named where one is to be sent here, nowhere else, and it is the one that was committed to."""
    file, committed = words.file, asked.file
    if file is None or committed is None:
        return file is None and committed is None and asked.permission is not Permission.FILE_TO_HOST
    sane = file.folder or (file.files == 1 and file.manifest == 0)
    fits = committed.size_class == size_class(file.size + file.manifest)
    return sane and fits and asked.permission is Permission.FILE_TO_HOST and opens(committed, file.name, file.digest, file.key)


def committed_to(file: FileWords) -> FileCommitted:
    """What the broker may know of it."""
    names = commitment(file.key, file.name), commitment(file.key, file.digest.hex())
    return FileCommitted(*names, size_class(file.size + file.manifest))


def named(file: FileWords | None) -> FileNamed | None:
    """How the log names it."""
    return FileNamed(file.name, file.size, file.digest, file.key) if file is not None else None


def prompt_of(
    request: Request, person: Technician, host_name: str, ports: Ports, seat: Seat, now: Instant, left_out: int = 0, watched: str = ""
) -> Prompt:
    """What the person will read. Verified names and company come from the directory, never from the request."""
    asked = request.asked
    facts = PromptFacts(
        permission=asked.permission,
        name=visible(person.name, NAME_SHOWN),
        company=visible(person.company, NAME_SHOWN),
        instrument=visible(host_name, NAME_SHOWN),
        purpose=asked.purpose,
        case_reference=visible(asked.case_reference, CASE_SHOWN),
        words=visible(request.words.words[:FREE_TEXT_MAX], WORDS_SHOWN),
        file=_file_facts(request.words.file),
        left_out=left_out,
        restart_seconds=ports.restart_seconds or 0,
        watched=visible(watched, NAME_SHOWN),
    )
    lines = tuple(line[:LINE_MAX] for line in ports.texts.prompt(facts, seat.language))
    return Prompt(lines, ports.entropy(KEY_BYTES), now)


def _file_facts(file: FileWords | None) -> FileFacts | None:
    if file is None:
        return None
    return FileFacts(visible(file.name, FILE_SHOWN), file.folder, file.files, file.size, file.digest.hex(), kind_of(file.name))


def kind_of(name: str) -> str:
    """The ending of a name, as people know kinds of files by it; empty if there is none."""
    ending = name.rpartition(".")[2] if "." in name.strip(".") else ""
    return visible(ending, KIND_SHOWN).lower()


def no_prompt(ports: Ports, now: Instant) -> Prompt:
    """For an answer that policy gave by itself."""
    return Prompt((), ports.entropy(KEY_BYTES), now)


def answered(
    asked: Asked,
    prompt: Prompt,
    seat: Seat,
    verdict: tuple[Answer, Reason | None],
    seconds: float,
    enrolled: Enrolled,
    now: Instant,
    reach: Reach = NO_REACH,
) -> Answered:
    """The answer to be signed. `seconds` is how long the grant may last, used only with ALLOW; `reach` that of a file."""
    answer, reason = verdict
    return Answered(
        session_id=asked.session_id,
        ask=asked.ask,
        technician_id=asked.technician_id,
        host_id=enrolled.host_id,
        permission=asked.permission,
        answer=answer,
        reason=reason,
        prompt_commitment=commitment(prompt.key, prompt.text),
        language=seat.language,
        answered_by=AnsweredBy(seat.account, seat.login_session, ""),
        seconds=max(0, int(seconds)) if answer is Answer.ALLOW else 0,
        at=int(now.utc),
        scope=reach.scope,
        under=reach.under,
        file=committed_to(reach.picked) if reach.picked is not None else None,
    )


def answer_words(asked: Asked, prompt: Prompt, picked: FileWords | None = None) -> AnswerWords:
    """The technician's copy of what the person read, and the file that was picked."""
    return AnswerWords(asked.ask, prompt.key, prompt.text[:PROMPT_MAX], picked)
