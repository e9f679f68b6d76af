"""The run of published vectors: it passes what is right, and says so when something is wrong or the languages differ."""

import json
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from hmac import digest
from pathlib import Path

import pytest

from tests import vectors_run
from tests.published import cases, python_side
from tests.published.cases import ACCEPTED, REFUSED, SETS, Case, PublishedSet, read
from tests.vector_sets.statements import LOW_ORDER, SEED
from trust.signatures import Ed25519Signer
from wire.statements import Label

KEY, MESSAGE = bytes(range(32)), b"message"
NINE_AGAIN = "09" + "00" * 30 + "80"


def hmac_document(*tags: bytes) -> str:
    tests = [
        {"tcId": number, "key": KEY.hex(), "msg": MESSAGE.hex(), "tag": tag.hex(), "result": "valid"} for number, tag in enumerate(tags, 1)
    ]
    return json.dumps({"testGroups": [{"tests": tests}]})


@pytest.fixture
def only_hmac(monkeypatch: pytest.MonkeyPatch) -> PublishedSet:
    published = next(each for each in SETS if each.cases is cases.hmac)
    here = replace(published, path="hmac.json")
    monkeypatch.setattr(vectors_run, "SETS", (here,))
    return here


def test_right_and_wrong_cases_are_counted_in_both_languages(
    tmp_path: Path, only_hmac: PublishedSet, capsys: pytest.CaptureFixture[str]
) -> None:
    right = digest(KEY, MESSAGE, sha256)
    (tmp_path / only_hmac.path).write_text(hmac_document(right, right[:16]), encoding="utf-8")
    assert vectors_run.main([str(tmp_path)]) == 0
    (tmp_path / only_hmac.path).write_text(hmac_document(right, bytes(32)), encoding="utf-8")
    assert vectors_run.main([str(tmp_path)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "HMAC-SHA-256: 2 passed, 0 failed",
        "HMAC-SHA-256: 1 passed, 1 failed",
        "    2: Python says refused",
    ]


def test_a_set_may_be_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(vectors_run, "SETS", tuple(each for each in SETS if each.title == "Merkle inclusion"))
    hashes = {"leafHash": b64encode(KEY).decode(), "root": b64encode(KEY).decode()}
    for name, said in [
        ("a", {"treeSize": 1, "wantErr": False}),
        ("b", {"treeSize": 2, "wantErr": True}),
        ("c", {"treeSize": 2, "wantErr": False}),
    ]:
        file = tmp_path / "merkle/inclusion" / name / "case.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"leafIdx": 0, "proof": None, **hashes, **said}), encoding="utf-8")
    assert vectors_run.main([str(tmp_path)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == ["Merkle inclusion: 2 passed, 1 failed", "    c/case.json: Python says refused"]


def test_a_difference_between_the_languages_fails_even_where_both_answers_would_do() -> None:
    case = Case("7", {}, frozenset({"00", REFUSED}))
    assert vectors_run.judged(case, "00", "00") is None
    assert vectors_run.judged(case, REFUSED, REFUSED) is None
    assert vectors_run.judged(case, "00", REFUSED) == "7: Python says 00, the browser code refused"
    assert vectors_run.judged(case, "01", "01") == "7: Python says 01"


def test_a_set_without_cases_is_no_set(tmp_path: Path, only_hmac: PublishedSet) -> None:
    (tmp_path / only_hmac.path).write_text(hmac_document(), encoding="utf-8")
    with pytest.raises(ValueError, match="holds no case"):
        read(tmp_path, only_hmac)


def test_both_languages_refuse_what_this_protocol_refuses() -> None:
    signer = Ed25519Signer(SEED)
    made = signer.sign_payload(Label.ASKED, b"")
    zeros, message = bytes(32), MESSAGE.hex()
    asked = [
        Case("any message under the neutral point", signature(LOW_ORDER, LOW_ORDER + zeros, message), frozenset({REFUSED})),
        Case("a signature of something else", signature(signer.public_key, made.sig, message), frozenset({REFUSED})),
        Case("a share of zeros", {"do": "x25519", "private": KEY.hex(), "public": zeros.hex()}, frozenset({REFUSED})),
        Case(
            "a share with its top bit set", {"do": "x25519", "private": KEY.hex(), "public": "09" + "00" * 30 + "80"}, frozenset({REFUSED})
        ),
    ]
    with vectors_run.browser_code() as browser:
        faults = [vectors_run.judged(case, python_side.answer(case.given), browser(case)) for case in asked]
        with pytest.raises(RuntimeError, match="the browser code stopped"):
            browser(Case("no such thing", {"do": "nothing"}, frozenset({ACCEPTED})))
    assert faults == [None] * len(asked)


def signature(key: bytes, sig: bytes, message: str) -> dict[str, str]:
    return {"do": "ed25519", "key": key.hex(), "sig": sig.hex(), "msg": message}
