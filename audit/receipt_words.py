"""What a receipt says to a person: who was here, what was asked in which words, what was answered, how it ended.

Everything is taken from the entries of the receipt. HTML (`receipt_html.py`) and PDF (`receipt_pdf.py`) put the same page on
screen and paper. What strangers wrote comes out of here harmless (`visible.py`); escaping is whoever draws it's own. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Protocol, TypeVar

from audit.checkpoint import NoteInvalid, said_by
from audit.entry import At, Entry, decode_entry
from audit.events import host, visit
from audit.events.shape import Event, Outcome, name_of, outcome_of, sentence
from audit.receipt import ReceiptFinding
from audit.receipt_form import ProvenEntry, Receipt, ReceiptFile, SignedReceipt, digest_of
from audit.sentence import Sentence
from audit.visible import to_the_second, visible
from policy.purpose import Purpose
from wire.fingerprint import fingerprint
from wire.messages.ledger import Answer
from wire.schema import MalformedMessage
from wire.statements import Algorithm

T = TypeVar("T")


class Words(Protocol):
    """A catalogue (`runtime.catalogues.Catalogue`)."""

    language: str

    def has(self, message_id: str) -> bool:
        """Is there such a message?"""

    def text(self, message_id: str, **arguments: str | int) -> str:
        """The message in words."""

    def sentence(self, sentence: Sentence) -> str:
        """An event in words."""


class Tone(StrEnum):
    """What a reader should feel about it; a sign and a word always stand beside the colour."""

    GOOD = "good"
    BAD = "bad"
    ENDED = "ended"
    PLAIN = "plain"


_OUTCOMES = {Outcome.DONE: Tone.PLAIN, Outcome.REFUSED: Tone.BAD, Outcome.ENDED: Tone.ENDED}
_ANSWERS = {Answer.ALLOW: Tone.GOOD, Answer.REFUSE: Tone.BAD, Answer.NO_ANSWER: Tone.ENDED, Answer.POLICY: Tone.BAD}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a table. `exact`: a key or hash, to be compared letter by letter."""

    label: str
    value: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """One who took part."""

    role: str
    name: str
    facts: tuple[Fact, ...]


@dataclass(slots=True)
class Request:
    """One request, what was shown for it, and what was answered."""

    number: int
    title: str
    tone: Tone
    verdict: str
    facts: list[Fact]
    shown: str = ""
    """Heading of the prompt; empty where nobody was asked."""
    prompt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the host's log in short, or several that say the same: `index` is then the first and the last."""

    index: str
    time: str
    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page, top to bottom."""

    language: str
    number: str
    title: str
    lead: str
    tone: Tone
    verdict: str
    faults: tuple[str, ...]
    visit: tuple[Fact, ...]
    parties: tuple[Party, ...]
    requests: tuple[Request, ...]
    nothing_asked: str
    files: tuple[Fact, ...]
    lines: tuple[Line, ...]
    proof: tuple[Fact, ...]
    headings: dict[str, str]
    foot: str


@dataclass
class _Story:
    """What the entries of a receipt tell, as far as they can be read."""

    entries: list[tuple[int, Entry]] = field(default_factory=list)

    def first(self, kind: type[T]) -> tuple[At, T] | None:
        """The first event of this kind, and when it was."""
        return next(((entry.at, entry.event) for _, entry in self.entries if isinstance(entry.event, kind)), None)


def page_of(signed: SignedReceipt, findings: Sequence[ReceiptFinding], words: Words) -> Page:
    """The page of this receipt in the language of these words. `findings`: what a check of it found. Raises MessageMissing."""
    receipt = signed.receipt
    story = _Story([(each.index, entry) for each in receipt.entries if (entry := _read(each)) is not None])
    requests = _requests(story, words)
    return Page(
        words.language,
        visible(receipt.session_id),
        words.text("receipt-title"),
        _lead(story, receipt, words),
        Tone.BAD if findings else Tone.GOOD,
        words.text("receipt-verdict-bad" if findings else "receipt-verdict-good"),
        tuple(words.text(f"receipt-fault-{each.fault.value}", index=str(each.index)) for each in findings),
        _visit(story, receipt, words),
        _parties(story, receipt, words),
        tuple(requests),
        words.text("receipt-nothing-asked"),
        tuple(_file(each, words) for each in receipt.files),
        tuple(_lines(story, words)),
        _proof(signed, words),
        {each: words.text(f"receipt-heading-{each}") for each in HEADINGS},
        words.text("receipt-foot"),
    )


def _file(file: ReceiptFile, words: Words) -> Fact:
    """Its name, its way and its size, beside its hash."""
    way = words.text(f"way-{file.permission.value}")
    return Fact(words.text("receipt-file", name=visible(file.name), way=way, size=str(file.size)), file.digest.hex(), exact=True)


HEADINGS = ("visit", "parties", "requests", "files", "no-files", "faults", "order", "proof", "entry", "time", "what")


def _read(each: ProvenEntry) -> Entry | None:
    try:
        return decode_entry(each.entry.encode("ascii", "replace"))
    except MalformedMessage:
        return None  # it is among the findings, by its number


def _lead(story: _Story, receipt: Receipt, words: Words) -> str:
    instrument, proven = visible(receipt.host.name), story.first(host.IdentityProven)
    if proven is None:
        return words.text("receipt-lead-nobody", instrument=instrument)
    return words.text("receipt-lead", name=visible(proven[1].name), company=visible(proven[1].company), instrument=instrument)


# ---- the visit and who took part


def _visit(story: _Story, receipt: Receipt, words: Words) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    code, begun, ended = story.first(host.CodeShown), story.first(host.SessionOffered), story.first(visit.SessionEnded)
    back = story.first(host.ReturnOpened)
    if code is not None:
        facts.append(Fact(words.text("receipt-code-shown"), f"{to_the_second(code[0].utc_ms)} ({visible(code[1].ticket)})"))
    if back is not None:
        facts.append(Fact(words.text("receipt-return-opened"), f"{to_the_second(back[0].utc_ms)} ({visible(back[1].ticket)})"))
    if begun is not None:
        facts.append(Fact(words.text("receipt-begun"), to_the_second(begun[0].utc_ms)))
        facts.append(_why(begun[1].purpose, begun[1].case_reference, words))
    if ended is not None:
        facts.append(Fact(words.text("receipt-ended"), to_the_second(ended[0].utc_ms)))
        facts.append(Fact(words.text("receipt-cause"), words.text(f"end-{ended[1].cause.value}")))
    if begun is not None and ended is not None:
        facts.append(Fact(words.text("receipt-duration"), _minutes(max(0, ended[0].boot_ms - begun[0].boot_ms) // 1000, words)))
    return (*facts, Fact(words.text("receipt-session"), visible(receipt.session_id), exact=True))


def _why(purpose: Purpose, case: str, words: Words) -> Fact:
    return Fact(words.text("receipt-why"), f"{words.text(f'purpose-{purpose.value}')} ({visible(case)})")


def _minutes(seconds: int, words: Words) -> str:
    minutes, rest = divmod(seconds, 60)
    return words.text("receipt-minutes", minutes=str(minutes), seconds=f"{rest:02d}")


def _parties(story: _Story, receipt: Receipt, words: Words) -> tuple[Party, ...]:
    own, broker = receipt.host, receipt.broker
    print_of = words.text("receipt-fingerprint")
    number = words.text("receipt-id")
    at_host = [Fact(number, visible(own.id), exact=True), Fact(print_of, fingerprint(Algorithm.ED25519, own.key), exact=True)]
    if own.site:
        at_host.insert(0, Fact(words.text("receipt-site"), visible(own.site)))
    at_broker = (
        Fact(words.text("receipt-vendor"), visible(receipt.vendor)),
        Fact(number, visible(broker.id), exact=True),
        Fact(print_of, fingerprint(Algorithm.ED25519, broker.key), exact=True),
    )
    return (
        _technician(story, words),
        Party(words.text("receipt-role-host"), visible(own.name), tuple(at_host)),
        Party(words.text("receipt-role-broker"), visible(receipt.vendor) or visible(broker.id), at_broker),
    )


def _technician(story: _Story, words: Words) -> Party:
    role, proven, offered = words.text("receipt-role-technician"), story.first(host.IdentityProven), story.first(host.SessionOffered)
    if proven is not None:
        person = proven[1]
        facts = (
            Fact(words.text("receipt-company"), visible(person.company)),
            Fact(words.text("receipt-id"), visible(person.technician_id), exact=True),
            Fact(words.text("receipt-device"), visible(person.fingerprint), exact=True),
        )
        return Party(role, visible(person.name), facts)
    given = visible(offered[1].technician_id) if offered is not None else ""
    return Party(role, words.text("receipt-not-proven"), (Fact(words.text("receipt-id-given"), given, exact=True),))


# ---- requests


def _requests(story: _Story, words: Words) -> list[Request]:
    found: dict[int, Request] = {}
    for _, entry in story.entries:
        match entry.event:
            case visit.Asked():
                found[entry.event.ask] = _asked(entry, entry.event, words)
            case host.PromptShown():
                _shown(found.get(entry.event.ask), entry.event, words)
            case visit.Answered():
                _answered(found.get(entry.event.ask), entry, entry.event, words)
            case visit.Withdrawn():
                _withdrawn(found.get(entry.event.ask), entry, words)
            case _:
                pass  # what follows from an answer stands in the order of things
    return list(found.values())


def _asked(entry: Entry, event: visit.Asked, words: Words) -> Request:
    facts = [
        Fact(words.text("receipt-asked-at"), to_the_second(entry.at.utc_ms)),
        _why(event.purpose, event.case_reference, words),
    ]
    if event.words:
        facts.append(Fact(words.text("receipt-words"), visible(event.words)))
    title = _large(words.text(f"permission-{event.permission.value}"))
    return Request(event.ask, title, Tone.ENDED, _large(words.text("answer-open")), facts)


def _shown(request: Request | None, event: host.PromptShown, words: Words) -> None:
    if request is not None:
        request.shown = words.text("receipt-shown", language=visible(event.language))
        request.prompt = tuple(visible(line) for line in event.prompt)


def _answered(request: Request | None, entry: Entry, event: visit.Answered, words: Words) -> None:
    if request is None:
        return
    request.tone, request.verdict = _ANSWERS[event.answer], _large(words.text(f"answer-{event.answer.value}"))
    request.facts.append(Fact(words.text("receipt-answered-at"), to_the_second(entry.at.utc_ms)))
    if request.prompt:
        request.facts.append(Fact(words.text("receipt-answered-by"), _stated(event, words)))
    if event.reason is not None:
        request.facts.append(Fact(words.text("receipt-reason"), words.text(f"reason-{event.reason.value}")))
    else:
        request.facts.append(Fact(words.text("receipt-at-most"), _minutes(event.seconds, words)))


def _stated(event: visit.Answered, words: Words) -> str:
    if not event.stated_name:
        return words.text("receipt-stated-account", account=visible(event.account))
    return words.text("receipt-stated", account=visible(event.account), name=visible(event.stated_name))


def _withdrawn(request: Request | None, entry: Entry, words: Words) -> None:
    if request is not None:
        request.verdict = _large(words.text("answer-withdrawn"))
        request.facts.append(Fact(words.text("receipt-withdrawn-at"), to_the_second(entry.at.utc_ms)))


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---- everything in order, and the proof


def _lines(story: _Story, words: Words) -> Iterator[Line]:
    """Rules that were met come by the handful, before each request; together they are one line."""
    for met, group in groupby(
        story.entries, key=lambda each: isinstance(each[1].event, visit.AdmissionStep) and each[1].event.reason is None
    ):
        several = list(group)
        if met and len(several) > 1:
            (first, begun), (last, ended) = several[0], several[-1]
            text = words.text("receipt-rules-met", first=_step(begun), last=_step(ended))
            yield Line(f"{first}\N{EN DASH}{last}", _time(begun, words), Tone.PLAIN, text)
        else:
            yield from (_line(index, entry, words) for index, entry in several)


def _step(entry: Entry) -> str:
    return str(getattr(entry.event, "step", ""))


def _time(entry: Entry, words: Words) -> str:
    time = to_the_second(entry.at.utc_ms)
    return words.text("receipt-suspect", time=time) if entry.at.clock_suspect else time


def _line(index: int, entry: Entry, words: Words) -> Line:
    said, short = sentence(entry.event), f"receipt-line-{name_of(entry.event)}"
    if words.has(short):
        said = Sentence(short, said.arguments)
    return Line(str(index), _time(entry, words), _tone(entry.event), visible(words.sentence(said).strip()))


def _tone(event: Event) -> Tone:
    if isinstance(event, visit.Answered):
        return _ANSWERS[event.answer]
    return _OUTCOMES[outcome_of(event)]


def _proof(signed: SignedReceipt, words: Words) -> tuple[Fact, ...]:
    receipt = signed.receipt
    yes, no = words.text("word-yes"), words.text("word-no")
    return (
        *_log(receipt.checkpoint, words.text("receipt-log-host"), words),
        *_log(receipt.broker_checkpoint, words.text("receipt-log-broker"), words),
        Fact(words.text("receipt-entry-broker"), str(receipt.broker_end.index)),
        Fact(words.text("receipt-signed-host"), yes),
        Fact(words.text("receipt-signed-broker"), yes if signed.broker is not None else no),
        Fact(words.text("receipt-digest"), digest_of(receipt).hex(), exact=True),
    )


def _log(note: str, label: str, words: Words) -> tuple[Fact, ...]:
    try:
        said = said_by(note)
    except NoteInvalid:
        return (Fact(label, words.text("receipt-no-checkpoint")),)
    root = Fact(words.text("receipt-root"), said.root.hex(), exact=True)
    return Fact(label, words.text("receipt-entries", origin=said.origin, count=str(said.size))), root
