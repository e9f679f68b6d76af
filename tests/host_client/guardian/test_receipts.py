"""The folder of the receipts: written whole or not at all, taken up again after a start, and sealed for the auditor alone."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from audit.entry import At
from audit.log import Side
from audit.receipt import check_receipt
from audit.receipt_form import payload_of, read_receipt
from host_client.core.commands import FinishReceipt, KeepCountersigned, MakeReceipt, NextReceipt, Parties, SealReceipt
from host_client.core.receipts import Waiting
from host_client.guardian.receipts import Receipts, all_receipts, file_name, find
from policy.instant import Instant
from runtime.log_opening import open_log
from tests.helpers.kept_visits import LISTED, MADE, Kept, kept_visits
from tests.helpers.stored_logs import NOTARY
from tests.helpers.two_logs import BROKER, BROKER_KEY, DEVICE_KEY, HOST, HOST_KEY
from tests.helpers.views import VENDOR
from trust.sealing import load_auditor_key, make_auditor_key, unseal
from trust.signatures import verifies
from wire.limits import RECEIPT_SEALED_MAX
from wire.messages.evidence import EntryProof
from wire.statements import Label, Statement

PARTIES = Parties(VENDOR, HOST, "Analyser 1", HOST_KEY.public_key, BROKER, BROKER_KEY.public_key)
WHEN = At(1_790_000_500_000, 5_000, clock_suspect=False)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return kept_visits(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def shelf(kept: Kept, tmp_path: Path) -> Iterator[Receipts]:
    """An empty folder beside the log of two visits, which is open."""
    folder = Path(shutil.copytree(kept.log, tmp_path / "log"))
    with open_log(folder, Side.HOST, WHEN, NOTARY) as log:
        yield Receipts(tmp_path / "receipts", log, folder, "Site A", HOST_KEY, lambda: Instant(MADE, 1))


def wish(kept: Kept, session: str = "s-1", **changed: object) -> MakeReceipt:
    receipt = kept.data(session).receipt
    end = receipt.broker_end
    proof = EntryProof(end.index, end.salt, end.entry.encode(), end.path)
    return replace(MakeReceipt(session, PARTIES, LISTED, proof, receipt.broker_checkpoint), **changed)  # type: ignore[arg-type]


def by_broker(shelf: Receipts, session: str) -> Statement:
    path = find(shelf.folder, session)
    assert path is not None
    return BROKER_KEY.sign(Label.RECEIPT_BROKER, payload_of(read_receipt(path.read_bytes()).receipt, MADE))


async def made(shelf: Receipts, kept: Kept, session: str = "s-1") -> Path:
    assert await shelf.perform(wish(kept, session)) is True
    path = find(shelf.folder, session)
    assert path is not None
    return path


async def test_a_receipt_is_made_once_for_its_owner_alone_and_named_for_its_day(shelf: Receipts, kept: Kept) -> None:
    path = await made(shelf, kept)
    assert (path.name, path.stat().st_mode & 0o777) == ("2026-09-21-s-1.json", 0o600)
    content = path.read_bytes()
    assert await shelf.perform(wish(kept)) is True
    assert (path.read_bytes(), all_receipts(shelf.folder)) == (content, [path])
    signed = read_receipt(content)
    assert (signed.broker, signed.receipt.host.site) == (None, "Site A")
    assert signed.receipt.device is not None
    assert signed.receipt.device.key == DEVICE_KEY.public_key


async def test_both_signatures_make_it_one_that_proves_itself(shelf: Receipts, kept: Kept) -> None:
    path = await made(shelf, kept)
    assert await shelf.perform(KeepCountersigned("s-1", by_broker(shelf, "s-1"))) is True
    assert check_receipt(path.read_bytes(), HOST_KEY.public_key, BROKER_KEY.public_key, verifies) == ()


async def test_what_is_not_finished_is_found_after_a_start_and_what_is_put_off_is_passed_over(shelf: Receipts, kept: Kept) -> None:
    for session in ("s-1", "s-2"):
        await made(shelf, kept, session)
    again = replace(shelf)
    first = await again.perform(NextReceipt(frozenset()))
    assert isinstance(first, Waiting)
    assert (first.session_id, first.countersigned) == ("s-1", False)
    await again.perform(KeepCountersigned("s-1", by_broker(shelf, "s-1")))
    then = await again.perform(NextReceipt(frozenset()))
    assert isinstance(then, Waiting)
    assert (then.session_id, then.countersigned, then.statement) == ("s-1", True, first.statement)
    other = await again.perform(NextReceipt(frozenset({"s-1"})))
    assert isinstance(other, Waiting)
    assert other.session_id == "s-2"
    for session in ("s-1", "s-2", "s-2"):
        await again.perform(FinishReceipt(session))
    assert await again.perform(NextReceipt(frozenset())) is None
    assert len(all_receipts(shelf.folder)) == 2


async def test_a_mark_whose_receipt_was_never_written_is_removed_and_the_receipt_can_be_made(shelf: Receipts, kept: Kept) -> None:
    shelf.folder.mkdir(mode=0o700)
    mark = shelf.folder / "2026-09-21-s-1.open"
    for power_cut in range(2):
        mark.touch()
        if power_cut:
            await made(shelf, kept)
        else:
            assert await shelf.perform(NextReceipt(frozenset())) is None
            assert not mark.exists()
    assert isinstance(await shelf.perform(NextReceipt(frozenset())), Waiting)


async def test_a_visit_that_the_log_does_not_hold_has_no_receipt_and_nobody_waits_for_one(
    shelf: Receipts, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    assert await shelf.perform(wish(kept, session_id="s-9")) is True
    assert "does not hold it from its code to its end" in caplog.text
    assert find(shelf.folder, "s-9") is None
    assert await shelf.perform(KeepCountersigned("s-9", kept.data("s-1").host)) is False
    assert await shelf.perform(SealReceipt("s-9", bytes(32))) is None


async def test_a_disk_that_refuses_is_said_and_tried_again(shelf: Receipts, kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    shelf.folder.write_bytes(b"in the way")
    assert await shelf.perform(wish(kept)) is False
    assert "could not be kept" in caplog.text
    shelf.folder.unlink()
    assert await shelf.perform(wish(kept)) is True


async def test_without_documents_the_devices_key_is_left_out_and_the_hosts_log_stands_for_it(shelf: Receipts, kept: Kept) -> None:
    assert await shelf.perform(wish(kept, view=None)) is True
    path = find(shelf.folder, "s-1")
    assert path is not None
    assert read_receipt(path.read_bytes()).receipt.device is None


async def test_the_copy_opens_with_the_auditors_key_alone_and_a_copy_that_is_too_long_is_not_given(
    shelf: Receipts, kept: Kept, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    public = make_auditor_key(tmp_path / "auditor.key")
    path = await made(shelf, kept)
    sealed = await shelf.perform(SealReceipt("s-1", public))
    assert isinstance(sealed, bytes)
    assert unseal(sealed, "s-1", load_auditor_key(tmp_path / "auditor.key"), 1 << 20) == path.read_bytes()
    assert await shelf.perform(SealReceipt("s-1", b"no key")) is None
    path.write_bytes(b"".join(sha256(bytes([number % 256, number // 256])).digest() for number in range(RECEIPT_SEALED_MAX // 32)))
    assert await shelf.perform(SealReceipt("s-1", public)) is None
    assert "too long for a sealed copy" in caplog.text


def test_an_id_that_is_no_plain_word_makes_no_path_and_finds_no_other_file(tmp_path: Path) -> None:
    for session in ("../../etc/passwd", "s/1", "s 1", "", "*"):
        name = file_name(session)
        assert (len(name), name.isalnum()) == (32, True)
        assert find(tmp_path, session) is None
    (tmp_path / "2026-09-21-x-s-1.json").touch()
    assert find(tmp_path, "s-1") is None
