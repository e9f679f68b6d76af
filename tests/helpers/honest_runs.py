"""Random honest runs of two programs: visits, cut lines, kills, restarts, late entries, retention. Nothing in them is a lie."""

from dataclasses import replace
from random import Random  # noqa: TID251 - the same run every time

from audit.entry import decode_entry
from audit.events import broker, evidence, host
from audit.events.shape import name_of
from audit.facts import Facts
from audit.log import Chain, Side
from audit.verify import Watch
from audit.verify_against import Keys, Whole, compare
from policy.purpose import Purpose
from tests.helpers.two_logs import (
    BROKER,
    DEVICE,
    DEVICE_KEY,
    HOST,
    KEYS,
    TECHNICIAN,
    VERIFIES,
    MemoryBook,
    Pair,
    ended,
)
from trust.signatures import verifies
from wire.statements import Algorithm

NEVER_LET_GO = {"session_ended", "entries_expired", "head_held", "visit_closed", "log_begun", "log_doubted"}


class Run:
    """One run. `pair` holds the books."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"honest {seed}")
        self.host, self.broker = MemoryBook(Side.HOST), MemoryBook(Side.BROKER)
        self.pair = Pair(self.host, self.broker)
        self.number = 0

    def visit(self) -> None:
        """A visit that goes on until something ends it."""
        chance, session = self.chance, f"s-{self.number}"
        self.number += 1
        self.pair.clock += 60
        if chance.random() < 0.1:
            self.pair.broker.write(*MemoryPair.opened(session))  # the line was cut before the host heard of it
            self.broker.write(ended(session, self.pair.clock, signed=False))
            return
        self.pair.open(session)
        asks = chance.randint(0, 4)
        for ask in range(1, asks + 1):
            last = ask == asks
            if last and chance.random() < 0.2:
                self.pair.ask(session, ask, reaches_host=False)
                break
            self.pair.ask(session, ask)
            self.pair.answer(session, ask, allow=chance.random() < 0.7, reaches_broker=not last or chance.random() < 0.8)
        self._end(session)
        if chance.random() < 0.7:
            self.pair.close("" if chance.random() < 0.2 else self._shown(session))

    def _shown(self, session: str) -> str:
        both = session in self.host.ends and session in self.broker.ends
        return session if both else ""

    def _end(self, session: str) -> None:
        way = self.chance.choice(["signed", "technician", "cut", "at once", "host killed", "broker killed"])
        clock = self.pair.clock
        if way in {"signed", "technician"}:
            self.pair.end(session, by=HOST if way == "signed" else TECHNICIAN)
        elif way == "cut":
            self.host.write(ended(session, clock + 1, signed=False))
            self.broker.write(ended(session, clock + 2, by=BROKER, signed=False))
        elif way == "at once":
            self.host.write(ended(session, clock))
            self.broker.write(ended(session, clock, by=TECHNICIAN))
        elif way == "host killed":
            self.broker.write(ended(session, clock, by=BROKER, signed=False))
            self.host.write(host.HostStarted(host_id=HOST, version="1"))
        else:
            self.host.write(ended(session, clock))
            self.broker.write(broker.BrokerStarted(broker_id=BROKER, version="1"))

    def restart(self) -> None:
        """Both stop as they should, and start."""
        self.host.write(host.HostStopped(host_id=HOST))
        self.broker.write(broker.BrokerStopped(broker_id=BROKER))
        self.pair.start()

    def late(self) -> None:
        """Something could not be written for a while."""
        self.host.write(host.LateEntries(count=1), host.CodeOver(ticket="T", reason=None))
        self.broker.write(evidence.LogFailed(seconds=3, late=0, lost=0))

    def let_go(self) -> None:
        """Retention at one side: bodies go, but for those that never do."""
        book = self.chance.choice([self.host, self.broker])
        last = self.chance.randint(1, len(book.rows))
        book.write(evidence.EntriesExpired(first=1, last=last, older_than_days=90, by="Kim"))
        for place, row in enumerate(book.rows[:last]):
            if row.entry and name_of(decode_entry(row.entry).event) not in NEVER_LET_GO:
                book.rows[place] = replace(row, salt=b"", entry=b"")


class MemoryPair:
    """What the broker alone notes of a visit."""

    @staticmethod
    def opened(session: str) -> tuple[broker.SessionOpened]:
        """The broker admits the technician."""

        return (
            broker.SessionOpened(
                session_id=session, ticket="T", technician_id=TECHNICIAN, host_id=HOST, purpose=Purpose.FAULT, case_reference=""
            ),
        )


def honest_run(seed: int) -> Run:
    """A run of some visits."""
    run = Run(seed)
    run.pair.start()
    for _ in range(run.chance.randint(1, 6)):
        run.chance.choice([run.visit, run.visit, run.visit, run.restart, run.late, run.let_go])()
    run.host.note()
    run.broker.note()
    return run


def in_memory_findings(run: Run) -> list[str]:
    """Everything that is called wrong of a run, which should be nothing."""
    at_host = _facts(run.host, Facts(Side.HOST))
    at_broker = _facts(run.broker, Facts(Side.BROKER, at_host.host_id or HOST, at_host.visits.keys()))
    sides = {}
    wrong = []
    for book, facts, other in ((run.host, at_host, at_broker), (run.broker, at_broker, at_host)):
        held = [head.size for _, head in other.heads]
        watch = Watch(Chain.empty(book.log_id, book.side), book.beside(), KEYS[book.side].public_key, VERIFIES, held=held)
        for row in book.rows:
            watch.look(row)
        report = watch.end()
        wrong += [f"{book.side.value} {each.fault.value} {each.index}" for each in report.findings]
        sides[book.side] = Whole(facts, book.log_id, report.chain.size, KEYS[book.side].public_key, watch.roots)
    keys = Keys(verifies, {DEVICE: (Algorithm.ED25519, DEVICE_KEY.public_key)})
    compared = compare(sides[Side.HOST], sides[Side.BROKER], keys)
    return wrong + [f"{each.what.value} {each.side.value} {each.index} {each.session_id}" for each in compared.unfit if not each.explained]


def _facts(book: MemoryBook, facts: Facts) -> Facts:
    watch = Watch(Chain.empty(book.log_id, book.side), book.beside(), None, VERIFIES)
    for row in book.rows:
        facts.look(row, watch.look(row))
    return facts
