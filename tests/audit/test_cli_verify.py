"""`chaperone-audit verify` as typed: one log, two logs, a receipt; keys given, found beside the log, and missing."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from audit.log import Side
from audit.receipt_form import encode_receipt
from runtime.log_lines import segments
from tests.helpers.audit_program import Audit, audit
from tests.helpers.receipts import whole_visit
from tests.helpers.stored_logs import StoredBroker, StoredHost
from tests.helpers.two_logs import BROKER_KEY, DEVICE_KEY, HOST_KEY, Pair
from trust.keys import make_key, public_key_text

__all__ = ["audit"]
HOST, BROKER, DEVICE = (public_key_text(each.public_key) for each in (HOST_KEY, BROKER_KEY, DEVICE_KEY))


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two visits; the second is not closed."""
    place = tmp_path_factory.mktemp("honest")
    (place / "host").mkdir()
    with StoredHost(place / "host" / "log") as at_host, StoredBroker(place / "broker.sqlite3") as at_broker:
        pair = Pair(at_host, at_broker)
        pair.start()
        pair.visit("s-1")
        pair.close("s-1")
        pair.visit("s-2")
        at_host.note()
    return place


@pytest.fixture
def house(honest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(honest, tmp_path / "house"))


def test_a_key_that_is_missing_is_said_and_so_is_where_one_was_found(audit: Audit, house: Path) -> None:
    log = house / "host" / "log"
    said = audit("verify", log)
    assert (said.code, "no signature of a checkpoint was checked" in said.out) == (0, True)
    said = audit("verify", log, "--key", HOST)
    assert (said.code, "Checked with the key that was given." in said.out) == (0, True)
    (house / "key.txt").write_text(HOST + "\n")
    assert audit("verify", log, "--key", house / "key.txt").code == 0
    assert "is not signed with the key of this log" in audit("verify", log, "--key", BROKER).out
    (house / "host" / "keys").mkdir(mode=0o700)
    make_key(house / "host" / "keys" / "host.key", lambda count: b"\1" * count)
    said = audit("verify", house / "host")
    assert (said.code, "which proves nothing against whoever could exchange both" in said.out) == (0, True)
    (house / "host" / "enrolment.json").write_text(json.dumps({"broker_key": BROKER}))
    said = audit("verify", house / "broker.sqlite3", "--against", house / "host")
    assert (said.code, said.out.count("proves nothing")) == (0, 2)
    (house / "host" / "enrolment.json").write_text("{}")
    assert "no signature" in audit("verify", house / "broker.sqlite3", "--against", house / "host").out


def test_what_is_no_key_is_refused(audit: Audit, house: Path) -> None:
    for key in ("nonsense!", public_key_text(b"short")):
        assert audit("verify", house / "broker.sqlite3", "--key", key).code == 2
    (house / "latin").write_bytes(b"\xff")
    assert audit("verify", house / "broker.sqlite3", "--key", house / "latin").code == 2


def test_visits_that_are_not_closed_are_named_and_count_where_that_is_wanted(audit: Audit, house: Path) -> None:
    said = audit("verify", house / "broker.sqlite3", "--key", BROKER, "--closed")
    assert (said.code, "Visit s-2 is not closed: unclosed tail from entry" in said.out) == (3, True)
    said = audit("verify", house / "host", "--against", house / "broker.sqlite3", "--closed", "--language", "fr")
    assert (said.code, "La visite s-2 n\u2019est pas close" in said.out) == (3, True)
    assert audit("verify", house / "host", "--against", house / "broker.sqlite3").code == 0


def both(house: Path) -> tuple[object, ...]:
    return ("verify", house / "host", "--against", house / "broker.sqlite3", "--key", HOST, "--other-key", BROKER, "--device-key", DEVICE)


def test_two_honest_logs_say_the_same(audit: Audit, house: Path) -> None:
    said = audit(*both(house))
    assert (said.code, "2 shared visits" in said.out, "both logs say the same" in said.out) == (0, True, True)
    other_way = audit("verify", house / "broker.sqlite3", "--against", house / "host", "--key", BROKER, "--other-key", HOST)
    assert other_way.code == 0


def cut(house: Path, lines: int) -> None:
    newest = segments(house / "host" / "log")[-1]
    newest.write_bytes(b"".join(newest.read_bytes().splitlines(keepends=True)[:-lines]))


def test_what_is_wrong_is_named_in_sentences_and_for_programs(audit: Audit, house: Path) -> None:
    cut(house, 2)
    said = audit(*both(house))
    assert (said.code, "are gone from the end" in said.out, "Head: " in said.out) == (1, True, False)
    body = json.loads(audit(*both(house), "--json").out)
    assert body["log"]["findings"][-1]["fault"] == "truncated"
    assert (body["log"]["side"], body["other"]["side"], body["compared"]["visits"]) == ("host", "broker", 2)
    assert {each["explained"] for each in body["compared"]["differences"]} <= {True, False}
    assert body["found"] > 0


def altered_answer(house: Path) -> int:
    """An answer in the broker's database is exchanged by somebody with every right on it but no key; which entry it is."""
    with closing(sqlite3.connect(house / "broker.sqlite3")) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        answers = """SELECT min(position) FROM audit_log WHERE instr(entry, CAST('"type":"answered"' AS BLOB))"""
        (index,) = database.execute(answers).fetchone()
        changed = """UPDATE audit_log SET entry = replace(entry, '"stated_name":"Kim"', '"stated_name":"Tom"') WHERE position = ?"""
        assert database.execute(changed, (index,)).rowcount == 1
        database.commit()
    return int(index)


def test_an_altered_entry_is_explained_by_nothing_and_the_logs_are_not_said_to_agree(audit: Audit, house: Path) -> None:
    index = altered_answer(house)
    said = audit(*both(house))
    assert (said.code, f"Entry {index} was altered." in said.out) == (1, True)
    assert f"entry {index} there was altered, cannot be read or was taken out" in said.out.replace("\n", " ")
    assert "Explained" not in said.out
    assert "both logs say the same" not in said.out
    assert "found in all" in said.out
    french = audit(*both(house), "--language", "fr").out
    assert ("disent la même chose" in french, "en tout" in french) == (False, True)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_visit_is_not_several(audit: Audit, house: Path, tmp_path: Path, language: str) -> None:
    (tmp_path / "one").mkdir()
    with StoredHost(tmp_path / "one" / "log") as at_host, StoredBroker(tmp_path / "one" / "broker.sqlite3") as at_broker:
        pair = Pair(at_host, at_broker)
        pair.start()
        pair.visit("s-1")
    one = audit("verify", tmp_path / "one" / "log", "--against", tmp_path / "one" / "broker.sqlite3", "--language", language).out
    assert {"en": "1 shared visit, 0 signatures verified: both", "fr": "1 visite commune, 0 signature vérifiée :"}[language] in one
    several = audit(*both(house), "--language", language).out
    assert {"en": "2 shared visits, ", "fr": "2 visites communes, "}[language] in several


def test_two_logs_of_one_side_cannot_be_compared(audit: Audit, house: Path) -> None:
    said = audit("verify", house / "host", "--against", house / "host")
    assert (said.code, "both are logs of a host" in said.err) == (2, True)


def test_a_receipt_is_compared_with_the_log_it_is_of(audit: Audit, tmp_path: Path, house: Path) -> None:
    made = whole_visit()
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(encode_receipt(made.signed()))
    said = audit("verify", house / "host", "--against", receipt)
    assert (said.code, "The receipt is of another log than this." in said.out) == (1, True)
    body = json.loads(audit("verify", house / "broker.sqlite3", "--against", receipt, "--json").out)
    assert body["receipt"]["findings"]
    receipt.write_bytes(b'{"broker":nonsense')
    said = audit("verify", house / "host", "--against", receipt)
    assert (said.code, "no receipt of a form" in said.out) == (1, True)
    assert Side.HOST.value == "host"


def test_an_entry_is_proven_to_whoever_has_the_key(audit: Audit, house: Path, tmp_path: Path) -> None:
    out = tmp_path / "proof.json"
    assert audit("prove", house / "broker.sqlite3", 3, "--out", out).code == 0
    said = audit("check-proof", out, "--key", BROKER, "--language", "fr")
    assert (said.code, "Oui : l\u2019entrée 3 de chaperone/broker/" in said.out) == (0, True)
    assert audit("check-proof", out, "--key", HOST).code == 1
    assert audit("prove", house / "broker.sqlite3", 3).out.encode() == out.read_bytes()
    for arguments, why in [
        (("prove", house / "broker.sqlite3", 3, "--out", out), "cannot be written"),
        (("prove", house / "broker.sqlite3", 999), "is not under a signed checkpoint"),
        (("check-proof", tmp_path / "none", "--key", HOST), "cannot be read"),
    ]:
        said = audit(*arguments)
        assert (said.code, why in said.err) == (2, True)
    (house / "host" / "log" / "checkpoints").unlink()
    assert "no signed checkpoint" in audit("prove", house / "host", 1).err
