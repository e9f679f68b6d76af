"""What host and broker prove to each other of their logs: heads that must fit (`heads.py`), and receipts of visits (`receipts.py`)."""

from collections.abc import Callable
from typing import assert_never

from audit.events import host
from audit.questions import Raised
from host_client.core.commands import Note, Talk
from host_client.core.heads import Heads
from host_client.core.ports import Ports
from host_client.core.receipts import Receipts
from host_client.core.trusted import Trusted
from policy.decision import Reason
from policy.instant import Instant
from wire.messages.evidence import Head, HeadWanted, LogDoubted, ReceiptKept, ReceiptSigned
from wire.schema import name_of

OfTheLogs = HeadWanted | Head | LogDoubted | ReceiptSigned | ReceiptKept
Stop = Callable[[Instant], Talk]
Running = Callable[[], frozenset[str]]


class Evidence:
    """The two logs. `stop`: everything, because they do not fit; `running`: the visits whose ends are in neither yet."""

    def __init__(self, trusted: Trusted, ports: Ports, stop: Stop, running: Running) -> None:
        self._receipts = Receipts(trusted, ports)
        self._heads = Heads(trusted, ports, self._receipts, stop)
        self._running = running

    @property
    def doubted(self) -> bool:
        """Do they not fit, and has no named person seen it yet?"""
        return self._heads.doubted

    def begin(self, broker_key: bytes, now: Instant) -> Talk:
        """The broker is proven."""
        yield from self._heads.begin(broker_key, self._running(), now)
        yield from self._receipts.begin(broker_key, now)

    def heard(self, said: OfTheLogs, now: Instant) -> Talk:
        """What the broker says of them."""
        match said:
            case HeadWanted():
                yield from self._heads.wanted(said, self._running(), now)
            case Head():
                yield from self._heads.shown(said, self._running(), now)
            case LogDoubted():
                yield from self._heads.told(said, now)
            case ReceiptSigned():
                yield from self._receipts.signed(said, now)
            case ReceiptKept():
                yield from self._receipts.kept(said, now)
            case _:
                assert_never(said)

    def refused(self, about: str, reason: Reason, now: Instant) -> Talk:
        """The broker refused something; what was asked of its log is asked no more."""
        if about == name_of(HeadWanted):
            yield from self._heads.unanswered()
        yield Note(host.Refusal(session_id="", about=about, reason=reason))
        yield from self._receipts.refused(about, now)

    def compare(self, now: Instant) -> Talk:
        """Ask for the broker's head, and compare."""
        yield from self._heads.compare(self._running(), now)

    def ended(self, session_id: str, now: Instant) -> Talk:
        """A visit is over: does the broker's log end it as ours does?"""
        yield from self._heads.ended(session_id, now)

    def read(self, doubts: tuple[Raised, ...], now: Instant) -> Talk:
        """The doubts that still stand from before."""
        yield from self._heads.read(doubts, now)

    def acknowledged(self, subject: str) -> None:
        """A named person has seen this one."""
        self._heads.acknowledged(subject)
