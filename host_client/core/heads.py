"""The two logs beside each other: what the broker shows of its own, what it says of ours, and that nothing goes on when they do not fit.

    after welcome, with each lease renewal, now and then     where the broker's log stands, and the ends of visits not closed yet
    after a visit                                            how the broker's log ends it; once it does, the visit is closed
    a doubt                                                  stops the visit and the code, then is recorded, kept and told

What is held, which visits are not closed, and which doubts stand is kept outside (`guardian/evidence.py`) and outlives this process.
A doubt stands until a named person at this host acknowledges it (docs/protocol.md, section 8).
"""

from collections.abc import Callable, Generator, Iterable
from typing import Any

from audit.events import visit as log
from audit.heads import Doubted, Held
from audit.log import Side
from audit.questions import ALONE, Questions, Raised, believe, size_of
from host_client.core.commands import (
    Command,
    FindHead,
    FindHeld,
    FindUnclosed,
    HoldHead,
    KeepDoubt,
    MarkClosed,
    Note,
    Record,
    StartTimer,
    Talk,
    WasTold,
    to_broker,
)
from host_client.core.documents import NotOpened
from host_client.core.events import Timer
from host_client.core.ports import Ports
from host_client.core.receipts import Receipts
from host_client.core.trusted import Trusted
from policy import throttle
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.session import EndCause
from policy.throttle import HEAD_BRAKE, Tally
from trust.signatures import ed25519_verifies
from wire.limits import HEADS_EVERY_SECONDS
from wire.messages.evidence import Head, HeadWanted, LogDoubted

Stop = Callable[[Instant], Talk]
"""Ends the visit, takes the code back, and shows why."""


class Heads:
    """What this host compares with its one broker."""

    def __init__(self, trusted: Trusted, ports: Ports, receipts: Receipts, stop: Stop) -> None:
        self._trusted, self._ports, self._receipts, self._stop = trusted, ports, receipts, stop
        self._standing: list[Raised] = []
        self._forget_connection()

    def _forget_connection(self) -> None:
        self._questions, self._asks, self._key = Questions(), Tally(), b""
        self._owed: HeadWanted | None = None
        self._told = False

    @property
    def doubted(self) -> bool:
        """Does a doubt stand, about either log?"""
        return bool(self._standing)

    # ---- when to ask

    def begin(self, key: bytes, running: frozenset[str], now: Instant) -> Talk:
        """The control socket is proven, by this key of the broker's. `running`: the visits that run."""
        self._forget_connection()
        self._key = key
        for raised in self._standing:
            if not raised.told:
                yield to_broker(raised.words)
        yield from self.compare(running, now)

    def compare(self, running: frozenset[str], now: Instant) -> Talk:
        """Ask where the broker's log stands, and for the end of each visit that is over and not closed."""
        yield StartTimer(Timer.HEADS, self._pause())
        yield from self._pay(running, now)
        unclosed: tuple[str, ...] = yield FindUnclosed()
        yield from self._ask(ALONE, *(each for each in unclosed if each not in running))

    def ended(self, session_id: str, now: Instant) -> Talk:
        """A visit is over, and its end was recorded."""
        yield from self._pay(frozenset(), now)
        yield from self._ask(session_id)

    def unanswered(self) -> Talk:
        """The broker cannot show its log now; it is asked again at the next occasion."""
        self._questions.over()
        yield from ()

    def _ask(self, *session_ids: str) -> Talk:
        self._questions.want(*session_ids)
        held: Held | None = yield FindHeld()
        question = self._questions.next(held)
        if question is not None:
            yield to_broker(question)

    def _pause(self) -> float:
        """Hosts must not ask in step."""
        fraction = int.from_bytes(self._ports.entropy(2), "big") / 2**16
        return HEADS_EVERY_SECONDS * (0.5 + fraction / 2)

    # ---- what the broker wants to see

    def wanted(self, said: HeadWanted, running: frozenset[str], now: Instant) -> Talk:
        """Show our log; how a visit ended that still runs, once it is over. Raises NotOpened for a broker that asks without end."""
        self._count(now)
        self._owed = said
        yield from self._pay(running, now)

    def _count(self, now: Instant) -> None:
        decided = throttle.may_try(self._asks, HEAD_BRAKE, now)
        self._asks = throttle.failed(self._asks, HEAD_BRAKE, now)
        if isinstance(decided, Deny):
            raise NotOpened(decided.reason)

    def _pay(self, running: frozenset[str], now: Instant) -> Talk:
        owed = self._owed
        if owed is None or owed.session_id in running:
            return
        head: Head | Deny | None = yield FindHead(owed.known, owed.session_id)
        if head is None:
            head = yield from self._end_late(owed, now)
        if isinstance(head, Head):
            self._owed = None
            yield to_broker(head)
        # Else the log cannot be written now: it is shown at the next occasion.

    def _end_late(self, owed: HeadWanted, now: Instant) -> Generator[Command, Any, Head | Deny | None]:
        """A host that was killed, or never took up what was offered, has no end of its own in the log: it writes one now."""
        recorded = yield Record((_end(owed.session_id, now),))
        head: Head | Deny | None = (yield FindHead(owed.known, owed.session_id)) if recorded else None
        return head

    # ---- what the broker shows

    def shown(self, head: Head, running: frozenset[str], now: Instant) -> Talk:
        """An answer. Raises NotOpened for one to nothing that was asked."""
        asked = self._questions.asked(head)
        if asked is None:
            raise NotOpened(Reason.WRONG_MOMENT)
        self._questions.over()
        held: Held | None = yield FindHeld()
        if asked.known != size_of(held):  # a person acknowledged meanwhile: the proof is of something that is held no more
            yield from self._ask(head.session_id)
            return
        broker_id, first = self._trusted.enrolled.broker_id, self._questions.first
        try:
            believed = believe(broker_id, held, head, Side.BROKER, self._key, ed25519_verifies, first=first)
        except Doubted as fault:
            yield from self._doubt(Raised(broker_id, fault.doubt, held.note if held is not None else "", head.note), running, now)
            return
        if not self.doubted and (not believed.events or (yield Record(believed.events))):
            yield HoldHead(believed.held)
            self._questions.first = False
            if head.session_id:
                yield from self._closed(head, now)
        yield from self._ask()

    def _closed(self, head: Head, now: Instant) -> Talk:
        """The broker has shown, signed, that its log holds the end of the visit: it is closed as soon as its receipt is there."""
        if (yield from self._receipts.make(head, now)):
            yield MarkClosed(head.session_id)
        yield from self._receipts.go_on(now)

    # ---- doubts

    def read(self, standing: Iterable[Raised], now: Instant) -> Talk:
        """What stands since before this process began, or was found when our own log was opened: recorded and kept already.

        A process that was killed in a visit wrote no end of it: this one does. There is one visit at a time and one beside it, so they are
        the newest two.
        """
        self._standing = list(standing)
        unclosed: tuple[str, ...] = yield FindUnclosed()
        for session_id in unclosed[-2:]:
            if (yield FindHead(0, session_id)) is None:
                yield Note(_end(session_id, now))

    def told(self, said: LogDoubted, now: Instant) -> Talk:
        """The broker doubts our log, and lets nobody in. What it told before was seen by a person, or stands already."""
        self._count(now)
        raised = Raised(self._trusted.enrolled.broker_id, said.doubt, said.held, said.given, told=True)
        if self._told or (yield WasTold(raised)):
            return
        self._told = True
        yield from self._raise(raised, now)

    def _doubt(self, raised: Raised, running: frozenset[str], now: Instant) -> Talk:
        """The broker's log does not fit. Found again while that stands, it is only told again: the broker may not have heard it."""
        if not any((each.doubt, each.held, each.told) == (raised.doubt, raised.held, False) for each in self._standing):
            yield from self._raise(raised, now)
            unclosed: tuple[str, ...] = yield FindUnclosed()
            for session_id in unclosed:
                if session_id not in running:  # asked for no more: a log that was begun anew cannot show them, and the doubt is recorded
                    yield MarkClosed(session_id)
        yield to_broker(raised.words)

    def _raise(self, raised: Raised, now: Instant) -> Talk:
        self._standing.append(raised)
        yield from self._stop(now)
        yield Note(raised.event)
        yield KeepDoubt(raised)

    def acknowledged(self, subject: str) -> None:
        """A named person has seen what there is about this log: the next head is believed anew."""
        self._standing = [each for each in self._standing if each.subject != subject]
        self._told, self._questions.first = False, True


def _end(session_id: str, now: Instant) -> log.SessionEnded:
    return log.SessionEnded(session_id=session_id, by="", cause=EndCause.FAILED_INSIDE, said_at=int(now.utc))
