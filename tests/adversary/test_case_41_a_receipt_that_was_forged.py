"""Case 41, receipts: what was spliced, changed, taken out, put in, or signed by somebody else is refused, and what is wrong is named.

Each forger has what the row says: nothing, the host's key, or even both keys and everything but the logs that others hold. Each
forged receipt is given to `verify`, to `verify --against` the host's log, to `open-receipt` in a sealed copy, and to the stand-alone
verifier beside the host's files. All four say no; and the entries they name are those that are wrong, no others.

Mutations that were tried, each alone; each made a test of this file fail. In audit/receipt.py: an entry that is not proven passes;
the host's signature passes; the broker's signature passes; any payload that is signed passes; an entry of anybody's passes; the
order is not looked at; the code need not be first; another checkpoint passes; a request that nobody signed passes. In
audit/against_receipt.py: nothing is left out; another digest passes; another visit passes. In the stand-alone verifier: an entry
that is not proven, a signature, a signature over something else, an entry of anybody's, any order, and a beginning that is missing
pass; what is left out is not looked for. In these three, for the entry that somebody watched alone: it is not proven, and it passes; it is
left out, and nobody looks for it. In trust/sealing.py: the visit is not bound into the seal.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest

from audit.entry import decode_entry, encode_entry
from audit.events import host, visit
from audit.events.shape import Event
from audit.receipt_form import ProvenEntry, SignedReceipt, encode_receipt
from policy.permissions import Permission
from tests.helpers.audit_program import Audit, audit
from tests.helpers.bare_verifier import bare
from tests.helpers.kept_visits import BROKER_TEXT, HOST_TEXT, Kept, kept_visits, signed
from trust.sealing import make_auditor_key, seal
from trust.signatures import Ed25519Signer
from wire.statements import Label

__all__ = ["audit"]
pytestmark = pytest.mark.adversary
STRANGER = Ed25519Signer(b"x" * 32)
NOT_IN_THE_LOG = "Entry {0} does not stand in the host\u2019s log as it stands in the receipt."
LEFT_OUT = "Entry {0} of this log is of the visit, and the receipt leaves it out."
HOST_SIGNED, BROKER_SIGNED = "The host did not sign this receipt.", "The broker did not sign this receipt."


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return kept_visits(tmp_path_factory.mktemp("kept"))


# ---- what a forger does


def place(receipt: SignedReceipt, cls: type[Event]) -> int:
    """Where among the entries the first of this kind stands."""
    kinds = [type(event_of(each)) for each in receipt.receipt.entries]
    return kinds.index(cls)


def event_of(entry: ProvenEntry) -> Event:
    return decode_entry(entry.entry.encode()).event


def exchanged(receipt: SignedReceipt, at: int, *entries: ProvenEntry) -> SignedReceipt:
    """Other entries instead of the one at this place; both signatures are as they were."""
    own = receipt.receipt.entries
    return replace(receipt, receipt=replace(receipt.receipt, entries=(*own[:at], *entries, *own[at + 1 :])))


def reworded(entry: ProvenEntry, **changed: object) -> ProvenEntry:
    said = decode_entry(entry.entry.encode())
    return replace(entry, entry=encode_entry(replace(cast(Any, said.event), **changed), said.at).decode())


def spliced(kept: Kept) -> SignedReceipt:
    """An answer of the second visit stands where that of the first did."""
    one, two = kept.data("s-1"), kept.data("s-2")
    at = place(one, visit.Answered)
    return signed(exchanged(one, at, replace(two.receipt.entries[at], index=one.receipt.entries[at].index)).receipt)


def of_another_visit(kept: Kept) -> SignedReceipt:
    """The whole second visit under the number of the first."""
    return signed(replace(kept.data("s-2").receipt, session_id="s-1"))


def of_another_host(kept: Kept) -> SignedReceipt:
    """Another PC, with a key of its own, hands on the visit as one of its own."""
    receipt = kept.data("s-1").receipt
    return signed(replace(receipt, host=replace(receipt.host, id="h-2", key=STRANGER.public_key)), host_key=STRANGER)


def changed(kept: Kept) -> SignedReceipt:
    """The permission that was asked for is another one."""
    one = kept.data("s-1")
    at = place(one, visit.Asked)
    return exchanged(one, at, reworded(one.receipt.entries[at], permission=Permission.CONTROL))


def changed_and_signed(kept: Kept) -> SignedReceipt:
    """As before, by somebody with both keys."""
    return signed(changed(kept).receipt)


def without_a_line(kept: Kept) -> SignedReceipt:
    """The line that says that a permission was taken back is gone, and both sides signed."""
    one = kept.data("s-1")
    return signed(exchanged(one, place(one, visit.Withdrawn)).receipt)


def without_its_beginning(kept: Kept) -> SignedReceipt:
    """That a code was shown is not said; both sides signed."""
    return signed(exchanged(kept.data("s-1"), 0).receipt)


def with_a_line_more(kept: Kept) -> SignedReceipt:
    """A request of the second visit stands before the end of the first, and both sides signed."""
    one, two = kept.data("s-1"), kept.data("s-2")
    entries = (*one.receipt.entries, two.receipt.entries[place(two, visit.Asked)])
    return signed(replace(one.receipt, entries=entries))


def twice(kept: Kept) -> SignedReceipt:
    """A line is said again, and both sides signed."""
    one = kept.data("s-1")
    at = place(one, visit.Withdrawn)
    return signed(exchanged(one, at, one.receipt.entries[at], one.receipt.entries[at]).receipt)


def watched_by_another(kept: Kept) -> SignedReceipt:
    """Who watched is somebody else."""
    one = kept.data("s-1")
    at = place(one, host.WatchBegun)
    return exchanged(one, at, reworded(one.receipt.entries[at], watcher_id="t-eve", name="Eve"))


def watched_by_another_and_signed(kept: Kept) -> SignedReceipt:
    """As before, by somebody with both keys."""
    return signed(watched_by_another(kept).receipt)


def watched_by_nobody(kept: Kept) -> SignedReceipt:
    """That somebody watched is not said, and both sides signed."""
    one = kept.data("s-1")
    return signed(exchanged(one, place(one, host.WatchBegun)).receipt)


def by_another_key(kept: Kept) -> SignedReceipt:
    """The host's signature is somebody else's."""
    one = kept.data("s-1")
    return replace(one, host=STRANGER.sign_payload(Label.RECEIPT_HOST, one.host.payload))


def over_another(kept: Kept) -> SignedReceipt:
    """The broker's signature is right, and is of the second visit's receipt."""
    return replace(kept.data("s-1"), broker=kept.data("s-2").broker)


def under_an_older_checkpoint(kept: Kept) -> SignedReceipt:
    """The second visit under the checkpoint that the host signed for the first; both sides signed."""
    return signed(replace(kept.data("s-2").receipt, checkpoint=kept.data("s-1").receipt.checkpoint))


# ---- and what is said of it


@dataclass(frozen=True, slots=True)
class Forged:
    """`line`: what must be said. `entries`: which are wrong, by their index; all of them are named, where `exact`.

    `alone`: it is found without a log too.
    """

    make: Callable[[Kept], SignedReceipt]
    line: str
    entries: Callable[[SignedReceipt], set[int]]
    alone: bool = True
    exact: bool = True


def nothing(_receipt: SignedReceipt) -> set[int]:
    return set()


def everything(receipt: SignedReceipt) -> set[int]:
    return {each.index for each in receipt.receipt.entries}


def first(cls: type[Event]) -> Callable[[SignedReceipt], set[int]]:
    return lambda receipt: {receipt.receipt.entries[place(receipt, cls)].index}


def the_last(receipt: SignedReceipt) -> set[int]:
    return {receipt.receipt.entries[-1].index}


def the_gap(receipt: SignedReceipt) -> set[int]:
    """The entry that is left out, where the others follow each other."""
    there = everything(receipt)
    return set(range(min(there), max(there))) - there


def all_but_the_code(receipt: SignedReceipt) -> set[int]:
    """That a code was shown belongs to the visit that it began, whatever its number."""
    return everything(receipt) - {min(everything(receipt))}


FORGED = {
    "spliced": Forged(spliced, NOT_IN_THE_LOG, first(visit.Answered)),
    "of another visit": Forged(of_another_visit, "Entry {0} is of another visit", all_but_the_code),
    "of another host": Forged(of_another_host, "The host\u2019s checkpoint is not signed by the host\u2019s key.", everything, exact=False),
    "changed": Forged(changed, NOT_IN_THE_LOG, first(visit.Asked)),
    "changed and signed": Forged(changed_and_signed, "Entry {0} was not signed by the technician\u2019s device.", first(visit.Asked)),
    "without a line": Forged(without_a_line, LEFT_OUT, the_gap, alone=False),
    "without its beginning": Forged(without_its_beginning, "The beginning or the end of the visit is missing", nothing),
    "with a line more": Forged(with_a_line_more, "Entry {0} is of another visit", the_last),
    "twice": Forged(twice, "Entry {0} stands in the wrong place, or twice.", first(visit.Withdrawn)),
    "watched by another": Forged(watched_by_another, NOT_IN_THE_LOG, first(host.WatchBegun)),
    "watched by another and signed": Forged(watched_by_another_and_signed, NOT_IN_THE_LOG, first(host.WatchBegun)),
    "watched by nobody": Forged(watched_by_nobody, LEFT_OUT, the_gap, alone=False),
    "by another key": Forged(by_another_key, HOST_SIGNED, nothing),
    "over another": Forged(over_another, BROKER_SIGNED, nothing),
    "under an older checkpoint": Forged(under_an_older_checkpoint, "Entry {0} does not stand in the host\u2019s log", everything),
}


def named(out: str) -> set[int]:
    """Every entry that is called wrong."""
    return {int(each) for each in re.findall(r"(?<!up to )[Ee]ntry (\d+)", out)}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_receipt_is_refused_and_what_is_wrong_is_named(name: str, kept: Kept, audit: Audit, tmp_path: Path) -> None:
    forged = FORGED[name]
    receipt = forged.make(kept)
    data, wrong, said = encode_receipt(receipt), forged.entries(receipt), forged.line.format(min(forged.entries(receipt), default=0))
    path = tmp_path / "receipt.json"
    path.write_bytes(data)
    public = make_auditor_key(tmp_path / "auditor.key")
    (tmp_path / "sealed").write_bytes(seal(data, receipt.receipt.session_id, public))
    at = ("--session", receipt.receipt.session_id, "--key", tmp_path / "auditor.key", "--out", tmp_path / "opened.json")
    answers = {
        "verify": audit("verify", path, "--key", BROKER_TEXT),
        "open-receipt": audit("open-receipt", tmp_path / "sealed", *at, "--signed-by", BROKER_TEXT),
        "against": audit("verify", kept.log, "--against", path, "--key", HOST_TEXT, "--other-key", BROKER_TEXT),
    }
    for how, answer in answers.items():
        wanted = forged.alone or how == "against"
        assert answer.code == int(wanted), (how, answer.out)
        assert (said in answer.out) == wanted, (how, answer.out)
        assert named(answer.out) == (wrong if wanted else set()) or not forged.exact, (how, answer.out)
    alone, beside = bare(BROKER_TEXT, tmp_path, path), bare(HOST_TEXT, tmp_path, path, kept.log)
    assert (alone.code, beside.code) == (int(forged.alone), 1), alone.out + beside.out
    assert named(beside.out) == wrong or not forged.exact, beside.out


def test_nobody_is_accused_of_an_honest_receipt(kept: Kept, audit: Audit, tmp_path: Path) -> None:
    for session in ("s-1", "s-2"):
        path = kept.receipt(session)
        assert audit("verify", path, "--key", BROKER_TEXT).code == 0
        assert audit("verify", kept.log, "--against", path, "--key", HOST_TEXT).code == 0
        assert audit("verify", kept.database, "--against", path, "--key", BROKER_TEXT).code == 0
    assert bare(BROKER_TEXT, tmp_path, kept.log, *(kept.receipt(session) for session in ("s-1", "s-2"))).out == "yes\n"


def test_what_both_sides_sign_later_is_not_what_the_brokers_log_holds(kept: Kept, audit: Audit, tmp_path: Path) -> None:
    receipt = kept.data("s-1").receipt
    path = tmp_path / "receipt.json"
    path.write_bytes(encode_receipt(signed(replace(receipt, host=replace(receipt.host, name="Another PC")))))
    assert audit("verify", path, "--key", BROKER_TEXT).code == 0, "both keys are in one hand"
    said = audit("verify", kept.database, "--against", path, "--key", BROKER_TEXT)
    assert (said.code, "of this log says that the broker signed another receipt of this visit." in said.out) == (1, True)


def test_a_copy_for_another_auditor_or_of_another_visit_opens_for_nobody_else(kept: Kept, audit: Audit, tmp_path: Path) -> None:
    data = kept.receipt("s-1").read_bytes()
    make_auditor_key(tmp_path / "own.key")
    other = make_auditor_key(tmp_path / "other.key")
    (tmp_path / "sealed").write_bytes(seal(data, "s-1", other))
    for key, session, code in (("own.key", "s-1", 2), ("other.key", "s-2", 2), ("other.key", "s-1", 0)):
        out = tmp_path / f"{key}-{session}.json"
        said = audit("open-receipt", tmp_path / "sealed", "--session", session, "--key", tmp_path / key, "--out", out)
        assert (said.code, out.exists()) == (code, code == 0)
        assert ("not sealed to this key for this visit" in said.err) == (code == 2)


def test_a_copy_of_one_visit_under_the_seal_of_another_is_named(kept: Kept, audit: Audit, tmp_path: Path) -> None:
    public = make_auditor_key(tmp_path / "auditor.key")
    (tmp_path / "sealed").write_bytes(seal(kept.receipt("s-2").read_bytes(), "s-1", public))
    arguments = ("--session", "s-1", "--key", tmp_path / "auditor.key", "--out", tmp_path / "out.json")
    said = audit("open-receipt", tmp_path / "sealed", *arguments)
    assert (said.code, "The receipt is not of the visit that it was said to be of." in said.out) == (1, True)
