"""Receipts of whole visits, made from what the host's core records, with a broker's log beside it.

visit = whole_visit()                     viewed, controlled, one request refused, ended by the technician
signed = visit.signed()                   as both sides sign it
check(encode_receipt(signed))             what is wrong with it: nothing
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from audit.checkpoint import Checkpoint, origin_of, signed_note
from audit.entry import At, decode_entry, encode_entry
from audit.events import broker as broker_events
from audit.events import host as host_events
from audit.events import visit as visit_events
from audit.events.shape import Event
from audit.log import Side, leaf_of
from audit.merkle import appended, inclusion_proof, root_of
from audit.receipt import ReceiptFinding, check_receipt
from audit.receipt_form import (
    FORM,
    BrokerParty,
    DeviceParty,
    HostParty,
    ProvenEntry,
    Receipt,
    SignedReceipt,
    indexes_of_visit,
    payload_of,
)
from host_client.link import CaptureStopped, Given, PromptAnswered
from policy.decision import Reason
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import BROKER, HOST, SESSION, TECHNICIAN, Stage
from tests.helpers.views import rules
from trust.signatures import Ed25519Signer, verifies
from wire.messages.ledger import Ended
from wire.statements import Algorithm, Label

NOON_MS = 1_790_000_000_000
MADE = NOON_MS // 1000 + 600


@dataclass
class Tree:
    """A log with its tree, in memory."""

    side: Side
    signer: Ed25519Signer
    entries: list[bytes] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)

    def read(self, positions: Sequence[int]) -> list[bytes]:
        """Hashes that are kept."""
        return [self.kept[each] for each in positions]

    def salt(self, index: int) -> bytes:
        """The salt of entry `index`."""
        return sha256(f"{self.side.value} {index}".encode()).digest()

    def append(self, events: Iterable[Event]) -> "Tree":
        """More entries, one second apart."""
        for event in events:
            moment = NOON_MS + 1000 * len(self.entries)
            entry = encode_entry(event, At(moment, 5_000_000 + 1000 * len(self.entries), clock_suspect=False))
            self.append_bytes(entry)
        return self

    def append_bytes(self, entry: bytes) -> None:
        """One entry as it stands."""
        self.kept += appended(len(self.entries), leaf_of(self.salt(len(self.entries) + 1), entry), self.read)
        self.entries.append(entry)

    def note(self) -> str:
        """A checkpoint over everything."""
        checkpoint = Checkpoint(origin_of(self.side, f"l-{self.side.value}"), len(self.entries), root_of(len(self.entries), self.read))
        return signed_note(checkpoint, self.signer.public_key, self.signer.sign_note)

    def prove(self, index: int) -> ProvenEntry:
        """Entry `index` with its proof under `note`."""
        path = inclusion_proof(index - 1, len(self.entries), self.read)
        return ProvenEntry(index, self.salt(index), self.entries[index - 1].decode("ascii"), path)

    def of_visit(self, session_id: str = SESSION) -> tuple[ProvenEntry, ...]:
        """The entries that belong into the receipt of this visit."""
        newest_first = ((index, decode_entry(self.entries[index - 1])) for index in range(len(self.entries), 0, -1))
        return tuple(self.prove(index) for index in indexes_of_visit(newest_first, session_id))


@dataclass
class VisitMade:
    """Both logs of one visit, and the keys of everybody."""

    stage: Stage
    host: Tree
    broker: Tree
    device: DeviceParty | None

    def receipt(self, **changed: object) -> Receipt:
        """The receipt, with other values where they are given."""
        made = Receipt(
            FORM,
            SESSION,
            MADE,
            "Vendor",
            HostParty(HOST, "Analyser", "Site", self.stage.key.public_key),
            BrokerParty(BROKER, self.stage.broker.public_key),
            self.device,
            self.host.of_visit(),
            (),
            self.host.note(),
            self.broker.prove(len(self.broker.entries) - 1),
            self.broker.note(),
        )
        return replace(made, **changed)  # type: ignore[arg-type]

    def sign(self, receipt: Receipt) -> SignedReceipt:
        """Whatever it says, signed by both."""
        payload = payload_of(receipt, receipt.made_at)
        host, broker = self.stage.key.sign(Label.RECEIPT_HOST, payload), self.stage.broker.sign(Label.RECEIPT_BROKER, payload)
        return SignedReceipt(receipt, host, broker)

    def signed(self, **changed: object) -> SignedReceipt:
        """The receipt, signed by both."""
        return self.sign(self.receipt(**changed))

    def forged(self, index: int, event: Event) -> SignedReceipt:
        """As a host would sign it that had written this event as entry `index` from the beginning."""
        return VisitMade(self.stage, exchanged(self.host, index, event), self.broker, self.device).signed()

    def index_of(self, cls: type[Event], number: int = 0) -> int:
        """Index of the host's entry of this kind."""
        found = [index for index, event in self.events() if isinstance(event, cls)]
        return found[number]

    def event(self, index: int) -> Event:
        """The host's event at this index."""
        return decode_entry(self.host.entries[index - 1]).event

    def events(self) -> list[tuple[int, Event]]:
        """Every event of the host's log, with its index."""
        return [(index, self.event(index)) for index in range(1, len(self.host.entries) + 1)]


def exchanged(tree: Tree, index: int, event: Event) -> Tree:
    """The same log, had this event been written at `index`."""
    other = Tree(tree.side, tree.signer)
    for number, entry in enumerate(tree.entries, 1):
        if number == index:
            other.append_bytes(encode_entry(event, decode_entry(entry).at))
        else:
            other.append_bytes(entry)
    return other


def check(data: bytes, host_key: bytes | None = None, broker_key: bytes | None = None) -> tuple[ReceiptFinding, ...]:
    """`check_receipt` with the one verifier."""
    return check_receipt(data, host_key, broker_key, verifies)


NO_RESTART = '[[allow]]\nname = "no restart"\npermissions = ["view", "control", "file_to_host"]\n'


def online() -> Stage:
    """A host that is proven."""
    stage = Stage()
    stage.online(stage.papers(vendor_policy=rules("vendor", NO_RESTART)))
    return stage


def made_of(stage: Stage, *, proven: bool = True) -> VisitMade:
    """The logs of a visit that is over."""
    before: list[Event] = [host_events.HostStarted(host_id=HOST, version="0.1.0")]
    after: list[Event] = [host_events.CallsPutAway(count=1)]
    host = Tree(Side.HOST, stage.key).append([*before, *stage.log, *after])
    ended = visit_events.SessionEnded(session_id=SESSION, by="", cause=EndCause.TECHNICIAN_ENDED, said_at=MADE)
    first = broker_events.BrokerStarted(broker_id=BROKER, version="0.1.0")
    broker = Tree(Side.BROKER, stage.broker).append([first, ended, broker_events.HostDisconnected(host_id=HOST)])
    device = DeviceParty(Algorithm.ED25519, stage.device.public_key) if proven else None
    return VisitMade(stage, host, broker, device)


def whole_visit(words: str = "Please show me the fault.") -> VisitMade:
    """View and control allowed, control taken back, a third request refused by policy; the technician ends it."""
    stage = online()
    far = stage.sealed()
    far.ask(Permission.VIEW, words)
    stage.allow()
    far.ask(Permission.CONTROL)
    stage.allow()
    stage.says(CaptureStopped(2, Reason.NO_SCREEN))
    far.ask(Permission.CONTROL)
    stage.says(PromptAnswered(3, Given.REFUSE))
    far.ask(Permission.RESTART)
    far.state(Label.ENDED, Ended(SESSION, TECHNICIAN, EndCause.TECHNICIAN_ENDED, int(stage.now.utc)))
    return made_of(stage)


def burnt_visit() -> VisitMade:
    """The code was wrong three times: nobody was asked anything."""
    stage = online()
    far = stage.admitted()
    for _ in range(3):
        far.agree("0000")
    return made_of(stage, proven=False)
