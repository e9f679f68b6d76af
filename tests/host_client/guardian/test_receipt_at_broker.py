"""Host and broker as they are started: a visit that is over leaves a receipt that both signed, of which every line is proven."""

import asyncio
from pathlib import Path

import pytest

from audit.cli import main as audit
from audit.events import evidence
from audit.events import visit as both
from audit.receipt import check_receipt
from audit.receipt_form import digest_of, read_receipt
from host_client.guardian.receipts import find
from host_client.link import EndPressed
from tests.helpers.bare_verifier import bare
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries, logged
from tests.helpers.host_process import command, logged_at_host
from tests.helpers.visit_place import Place, place
from trust.keys import public_key_text
from trust.sealing import make_auditor_key
from trust.signatures import verifies

__all__ = ["broker", "place"]
pytestmark = ON_ONE_LOOP


async def receipt_of(place: Place, session: str) -> Path:
    """The file, once both have signed it."""
    await logged_at_host(place.host, evidence.ReceiptSigned, lambda event: event.session_id == session)
    path = find(place.host.files.receipts, session)
    assert path is not None
    return path


async def test_a_visit_that_is_over_has_a_receipt_that_proves_itself_with_either_key(place: Place, tmp_path: Path) -> None:
    visit = await place.viewing()
    place.desk.say(EndPressed())
    await visit.over()
    path = await receipt_of(place, visit.about.session_id)
    data = path.read_bytes()
    assert check_receipt(data, place.host.known.signer.public_key, None, verifies) == ()
    assert check_receipt(data, None, place.broker.key, verifies) == ()
    assert path.stat().st_mode & 0o777 == 0o600
    for key in (place.host.known.signer.public_key, place.broker.key):
        said = await asyncio.to_thread(bare, public_key_text(key), tmp_path, path, place.host.files.log)
        assert said == (0, "yes\n"), "the host's files and the receipt, with one key and nothing else"
    receipt = read_receipt(data).receipt
    at_broker = await logged(place.broker, evidence.ReceiptSigned, lambda event: event.session_id == visit.about.session_id)
    assert (at_broker.digest, at_broker.subject) == (digest_of(receipt), place.host.known.id)
    ended = entries(place.broker)[receipt.broker_end.index - 1].event
    assert isinstance(ended, both.SessionEnded)
    assert receipt.device is not None


async def test_a_visit_that_nobody_joined_has_one_too(place: Place) -> None:
    code = await place.code()
    visit = await place.console.enter(code, place.host.known)
    place.desk.say(EndPressed())
    await visit.over()
    data = (await receipt_of(place, visit.about.session_id)).read_bytes()
    assert check_receipt(data, place.host.known.signer.public_key, place.broker.key, verifies) == ()


async def test_a_copy_reaches_the_auditor_alone_and_people_read_the_receipt_at_the_host(place: Place, tmp_path: Path) -> None:
    public = make_auditor_key(tmp_path / "auditor.key")
    place.broker.auditor_key = public
    await place.broker.publish()
    visit = await place.viewing()
    session = visit.about.session_id
    place.desk.say(EndPressed())
    await visit.over()
    await logged(place.broker, evidence.ReceiptKept, lambda event: event.session_id == session)
    path = await receipt_of(place, session)
    sealed, opened = tmp_path / "sealed", tmp_path / "opened.json"
    await place.broker.run("receipts", "get", session, "--out", str(sealed))
    assert session in await place.broker.run("receipts", "list")
    with pytest.raises(SystemExit) as ended:
        audit(["open-receipt", str(sealed), "--session", session, "--key", str(tmp_path / "auditor.key"), "--out", str(opened)])
    assert not ended.value.code
    assert opened.read_bytes() == path.read_bytes()
    state = ("--state", str(place.host.files.state))
    assert "signed by both" in (await command("receipts", "list", *state))[1]
    code, shown = await command("receipts", "show", session, *state)
    assert (code, "What the person read, word for word" in shown) == (0, True)
    for form, begins in (("json", b'{"broker":'), ("html", b"<!doctype html>"), ("pdf", b"%PDF-")):
        target = tmp_path / f"receipt.{form}"
        assert (await command("receipts", "export", session, "--as", form, "--out", str(target), *state))[0] == 0
        assert target.read_bytes().startswith(begins)
    assert (await command("receipts", "show", "s-none", *state))[0] == 2
