"""Compares the two logs of the visits that a host and a broker share, and says what does not fit.

    1  every statement (asked, answered, withdrawn, ended) of one log stands in the other, in the same bytes with the same signature
    2  signatures verify with the keys that are known; the host's words and prompts open the commitments
    3  every head that one side held is the root of the other side's log over that many entries
    4  the end that one side was shown is the entry that ends the visit in the other side's log
5  whoever only watched, watched the same visit in both

What a cut line, a killed program or retention explains is told as such and is no finding. The rules (docs/protocol.md, sections
5 and 8): the broker records a request before it forwards it, the host an *allow* before it says it; whatever narrows acts
first. So a request or an *allow* is missing at the other side only if it was the last thing that went that way. Pure.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from audit.checkpoint import Checkpoint, origin_of
from audit.events.evidence import HeadHeld
from audit.events.visit import Answered, Asked, SessionEnded, opens
from audit.facts import Facts, Said, Visit
from audit.holes import NEVER_MS
from audit.log import Side
from audit.watched import watched_otherwise
from wire.commitments import matches
from wire.messages.ledger import Answer
from wire.statements import Algorithm, Label, signed_bytes

SEPARATOR = "\n"
"""Between the lines of a prompt, where it is committed to."""
CLOCKS_MS = 300_000
"""How far the clocks of both sides may be apart. What was let go was told by the other side's clock."""
VerifiesWith = Callable[[Algorithm, bytes, bytes, bytes], bool]
"""Algorithm, key, signature, message: is it right?"""


class Difference(StrEnum):
    """What does not fit, or would not if it were not explained; `difference-<value>` in the catalogues."""

    UNKNOWN_VISIT = "unknown_visit"
    NO_COUNTERPART = "no_counterpart"
    COUNTERPART_BROKEN = "counterpart_broken"
    SAYS_OTHERWISE = "says_otherwise"
    SAID_TWICE = "said_twice"
    NOT_SIGNED = "not_signed"
    WORDS_DIFFER = "words_differ"
    HEAD_DIFFERS = "head_differs"
    HEAD_BEYOND = "head_beyond"
    HEAD_NOT_SIGNED = "head_not_signed"
    HEAD_OTHER_LOG = "head_other_log"
    END_ELSEWHERE = "end_elsewhere"
    WATCHED_OTHERWISE = "watched_otherwise"
    # What is explained.
    ON_ITS_WAY = "on_its_way"
    KILLED = "killed"
    LET_GO = "let_go"
    OWN_ENDS = "own_ends"
    WRITTEN_LATE = "written_late"
    ACKNOWLEDGED = "acknowledged"


EXPLAINED = frozenset(
    {
        Difference.ON_ITS_WAY,
        Difference.KILLED,
        Difference.LET_GO,
        Difference.OWN_ENDS,
        Difference.WRITTEN_LATE,
        Difference.ACKNOWLEDGED,
    }
)


@dataclass(frozen=True, slots=True)
class Unfit:
    """One thing, about entry `index` of the log of `side`; `other` is an entry of the other log, 0 if none."""

    what: Difference
    side: Side
    index: int
    other: int = 0
    session_id: str = ""

    @property
    def explained(self) -> bool:
        """Is this told for completeness alone?"""
        return self.what in EXPLAINED


@dataclass(frozen=True, slots=True)
class Tail:
    """A visit whose end the other side has not shown that it holds: entries of this side from `since` on stand for themselves."""

    session_id: str
    side: Side
    since: int


@dataclass(frozen=True, slots=True)
class Whole:
    """One side of a comparison: what its log says, how long it is, its key, and its roots at the sizes the other side held."""

    facts: Facts
    log_id: str
    size: int
    key: bytes | None
    roots: Mapping[int, bytes]

    @property
    def side(self) -> Side:
        """Whose log it is."""
        return self.facts.side


@dataclass(frozen=True, slots=True)
class Keys:
    """`devices`: technicians' keys by fingerprint. What no key is known for is compared, and not verified."""

    verifies: VerifiesWith
    devices: Mapping[str, tuple[Algorithm, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison came to. `signatures`: how many were verified."""

    visits: int
    unfit: tuple[Unfit, ...]
    tails: tuple[Tail, ...]
    signatures: int


def compare(host: Whole, broker: Whole, keys: Keys) -> Compared:
    """Compare a host's log with its broker's."""
    judge = _Judge(host, broker, keys)
    found = [*judge.visits(), *judge.heads(host, broker), *judge.heads(broker, host), *_late(host), *_late(broker)]
    shared = [each for each in host.facts.visits if each in broker.facts.visits]
    return Compared(len(shared), tuple(found), tuple(judge.tails(shared)), judge.verified)


def _late(whole: Whole) -> Iterator[Unfit]:
    for first, last in whole.facts.late:
        yield Unfit(Difference.WRITTEN_LATE, whole.side, first, last)


class _Judge:
    def __init__(self, host: Whole, broker: Whole, keys: Keys) -> None:
        self._host, self._broker, self._keys = host, broker, keys
        self._let_go_until = {each.side: each.facts.holes.let_go_until() for each in (host, broker)}
        self._broken = {each.side: tuple(each.facts.holes.broken()) for each in (host, broker)}
        self.verified = 0

    # ---- visits

    def visits(self) -> Iterator[Unfit]:
        for mine, other in ((self._host, self._broker), (self._broker, self._host)):
            for visit in mine.facts.visits.values():
                theirs = other.facts.visits.get(visit.session_id)
                if theirs is None:
                    yield self._unknown(mine, other, visit)
                else:
                    yield from self._visit(mine, other, visit, theirs)

    def _let_go(self, other: Whole, utc_ms: int) -> bool:
        until = self._let_go_until[other.side]
        return bool(until) and utc_ms < until + CLOCKS_MS

    def _unknown(self, mine: Whole, other: Whole, visit: Visit) -> Unfit:
        said = [each for found in visit.said.values() for each in found]
        broken = next((place for each in said if (place := self._broken_at(other, visit, None, each))), 0)
        newest = max((each.utc_ms for each in said), default=0)
        asked = any(label is not Label.ENDED for label, _ in visit.said)
        if broken:
            what = Difference.COUNTERPART_BROKEN
        elif newest and self._let_go(other, newest):
            what = Difference.LET_GO
        else:
            # The broker opens a visit before the host hears of it: a line that was cut meanwhile leaves nothing there.
            what = Difference.ON_ITS_WAY if mine.side is Side.BROKER and not asked else Difference.UNKNOWN_VISIT
        return Unfit(what, mine.side, visit.first, broken, visit.session_id)

    def _broken_at(self, other: Whole, visit: Visit, theirs: Visit | None, said: Said) -> int:
        """The entry of the other log that was the counterpart of this statement and was altered or taken out; 0 if there is none."""
        claimed = other.facts.claims.get((visit.session_id, *said.key))
        if claimed is not None:
            return claimed
        first, last = _between(visit, theirs, said) if theirs else (0, other.size + 1)
        taken = set(other.facts.claims.values())
        for hole in self._broken[other.side]:
            if hole.after_ms - CLOCKS_MS <= said.utc_ms <= hole.before_ms + CLOCKS_MS:
                inside = range(max(hole.first, first + 1), min(hole.last, last - 1) + 1)
                place = next((each for each in inside if each not in taken), 0)
                if place:
                    return place
        return 0

    def _visit(self, mine: Whole, other: Whole, visit: Visit, theirs: Visit) -> Iterator[Unfit]:
        for key, found in visit.said.items():
            first, counterpart = found[0], theirs.find(key)
            if len(found) > 1 and key[0] is not Label.ENDED:
                yield Unfit(Difference.SAID_TWICE, mine.side, found[1].index, first.index, visit.session_id)
            if counterpart is None:
                broken = self._broken_at(other, visit, theirs, first)
                what = Difference.COUNTERPART_BROKEN if broken else self._missing(mine, other, visit, theirs, first)
                yield Unfit(what, mine.side, first.index, broken, visit.session_id)
            elif mine.side is Side.HOST:
                yield from self._pair(visit, first, counterpart)
            yield from self._signed(mine, visit, first, counterpart)
            if mine.side is Side.HOST:
                yield from _words(visit, first)
        yield from _end(mine, visit, theirs)
        other_watch = watched_otherwise(visit, theirs) if mine.side is Side.HOST else None
        if other_watch is not None:
            yield Unfit(Difference.WATCHED_OTHERWISE, mine.side, *other_watch, visit.session_id)

    def _pair(self, visit: Visit, host: Said, broker: Said) -> Iterator[Unfit]:
        if (host.payload, host.event.signature) == (broker.payload, broker.event.signature):
            return
        ends = isinstance(host.event, SessionEnded) and isinstance(broker.event, SessionEnded)
        by_themselves = ends and (host.event.signature is None or broker.event.signature is None or not _same_speaker(host, broker))
        what = Difference.OWN_ENDS if by_themselves else Difference.SAYS_OTHERWISE
        yield Unfit(what, Side.HOST, host.index, broker.index, visit.session_id)

    def _missing(self, mine: Whole, other: Whole, visit: Visit, theirs: Visit, said: Said) -> Difference:
        if self._let_go(other, said.utc_ms):
            return Difference.LET_GO
        if said.label is Label.ENDED:
            unfinished = other.facts.killed_after(theirs.last) or theirs.last == other.size
            return Difference.KILLED if unfinished else Difference.NO_COUNTERPART
        if mine.side is Side.HOST:
            return self._missing_at_broker(visit, theirs, said)
        return self._missing_at_host(other, visit, theirs, said)

    def _missing_at_broker(self, visit: Visit, theirs: Visit, said: Said) -> Difference:
        if said.label is Label.ASKED:
            return Difference.NO_COUNTERPART  # recorded there before it was forwarded
        later = _later(visit, said, {Label.ANSWERED, Label.WITHDRAWN})
        return Difference.NO_COUNTERPART if any(theirs.find(each.key) for each in later) else Difference.ON_ITS_WAY

    def _missing_at_host(self, host: Whole, visit: Visit, theirs: Visit, said: Said) -> Difference:
        if said.label is Label.ASKED:
            reached = visit.find((Label.ANSWERED, said.ask)) is not None
            later = any(theirs.find(each.key) for each in _later(visit, said, {Label.ASKED}))
            return Difference.NO_COUNTERPART if reached or later else Difference.ON_ITS_WAY
        widened = isinstance(said.event, Answered) and said.event.answer is Answer.ALLOW
        # Whatever narrows acts first: what was not written yet when the program was killed is lost, and everything after it.
        later = any(theirs.find(each.key) for each in _later(visit, said, {Label.ANSWERED, Label.WITHDRAWN, Label.ENDED}))
        lost = not widened and not later and host.facts.killed_after(theirs.last)
        return Difference.KILLED if lost else Difference.NO_COUNTERPART

    # ---- signatures and commitments

    def _signed(self, mine: Whole, visit: Visit, said: Said, counterpart: Said | None) -> Iterator[Unfit]:
        same = counterpart is not None and (said.payload, said.event.signature) == (counterpart.payload, counterpart.event.signature)
        if mine.side is Side.BROKER and same:
            return  # verified with the host's
        signature, key = said.event.signature, self._key(visit, said)
        if signature is None or key is None:
            return
        self.verified += 1
        if not said.payload or not self._keys.verifies(*key, signature, signed_bytes(said.label, said.payload)):
            yield Unfit(Difference.NOT_SIGNED, mine.side, said.index, session_id=visit.session_id)

    def _key(self, visit: Visit, said: Said) -> tuple[Algorithm, bytes] | None:
        host_id = self._host.facts.host_id
        by_host = said.label in {Label.ANSWERED, Label.WITHDRAWN}
        if isinstance(said.event, SessionEnded):
            if not host_id:
                return None  # nothing is left that says who the host is
            by_host = said.event.by == host_id
        if by_host:
            return (Algorithm.ED25519, self._host.key) if self._host.key is not None else None
        own = self._host.facts.visits.get(visit.session_id)
        return self._keys.devices.get(own.fingerprint) if own is not None else None

    # ---- heads

    def heads(self, holder: Whole, shown: Whole) -> Iterator[Unfit]:
        """Is what the one side held of the other's log what stands in that log?"""
        for index, head in holder.facts.heads:
            if holder.side is Side.BROKER and head.subject != shown.facts.host_id:
                continue  # of another host
            what = self._head(holder, shown, index, head)
            if what is not None:
                yield Unfit(what, holder.side, index, min(head.size, shown.size), head.session_id)

    def _head(self, holder: Whole, shown: Whole, index: int, head: HeadHeld) -> Difference | None:
        if head.log_id != shown.log_id:
            return Difference.ACKNOWLEDGED if holder.facts.acknowledged > index else Difference.HEAD_OTHER_LOG
        text = Checkpoint(origin_of(shown.side, head.log_id), head.size, head.root).text.encode()
        if shown.key is not None:
            self.verified += 1
            if not self._keys.verifies(Algorithm.ED25519, shown.key, head.signature, text):
                return Difference.HEAD_NOT_SIGNED
        if any(each.size < head.size <= each.held_size for each in shown.facts.begun):
            return Difference.ACKNOWLEDGED
        if head.size > shown.size:
            return Difference.HEAD_BEYOND
        return None if shown.roots.get(head.size) == head.root else Difference.HEAD_DIFFERS

    def tails(self, shared: list[str]) -> Iterator[Tail]:
        """Visits that are not closed, and from which entry on they rest on one side's word."""
        for mine, other in ((self._host, self._broker), (self._broker, self._host)):
            covered = max((head.size for _, head in other.facts.heads if head.log_id == mine.log_id), default=0)
            for session_id in shared:
                visit = mine.facts.visits[session_id]
                if not other.facts.visits[session_id].closed:
                    yield Tail(session_id, mine.side, max(covered + 1, visit.first))


def _end(mine: Whole, visit: Visit, theirs: Visit) -> Iterator[Unfit]:
    if visit.closed and visit.closed not in {each.index for each in theirs.said.get((Label.ENDED, 0), ())}:
        yield Unfit(Difference.END_ELSEWHERE, mine.side, visit.closed_at, visit.closed, visit.session_id)


def _same_speaker(one: Said, two: Said) -> bool:
    return isinstance(one.event, SessionEnded) and isinstance(two.event, SessionEnded) and one.event.by == two.event.by


def _later(visit: Visit, said: Said, labels: set[Label]) -> list[Said]:
    """What this side said after it, before the line was cut again: only that tells that the line bore what came before."""
    until = min((cut for cut in visit.cuts if cut > said.index), default=visit.last + 1)
    return [each for found in visit.said.values() for each in found if each.label in labels and said.index < each.index < until]


def _between(visit: Visit, theirs: Visit, said: Said) -> tuple[int, int]:
    """Behind and before which entries of the other log the counterpart of this statement stood."""
    before, behind = 0, NEVER_MS
    for found in visit.said.values():
        counterpart = theirs.find(found[0].key)
        if counterpart is not None and found[0].index < said.index:
            before = max(before, counterpart.index)
        elif counterpart is not None:
            behind = min(behind, counterpart.index)
    return before, behind


def _words(visit: Visit, said: Said) -> Iterator[Unfit]:
    event, opened = said.event, True
    if isinstance(event, Asked) and event.words_key is not None:
        opened = matches(event.words_commitment, event.words_key, event.words or "")
    elif isinstance(event, Answered) and event.prompt_key is not None:
        opened = matches(event.prompt_commitment, event.prompt_key, SEPARATOR.join(event.prompt or ()))
    if isinstance(event, Asked | Answered) and event.file is not None:
        opened = opened and opens(event.file, event.file_name or "", event.file_digest or b"", event.file_key or b"")
    if not opened:
        yield Unfit(Difference.WORDS_DIFFER, Side.HOST, said.index, session_id=visit.session_id)
