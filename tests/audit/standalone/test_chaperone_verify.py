"""The stand-alone verifier, run bare: it needs nothing of this project, and says yes and no where the real verifier does."""

import ast
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.events.host import CaptureStopped
from audit.events.visit import DirectEnded, DirectStarted
from audit.receipt import check_receipt
from audit.receipt_form import encode_receipt
from policy.carrier import DirectCause
from runtime.log_lines import segments
from tests.helpers.audit_program import real
from tests.helpers.bare_verifier import PROGRAM, Answer, bare
from tests.helpers.host_core import SESSION
from tests.helpers.receipts import VisitMade, exchanged, whole_visit
from tests.helpers.stored_logs import StoredBroker, StoredHost
from tests.helpers.two_logs import BROKER_KEY, HOST_KEY, Pair
from trust.keys import public_key_text
from trust.signatures import verifies

HOST, BROKER = public_key_text(HOST_KEY.public_key), public_key_text(BROKER_KEY.public_key)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A host's log, the broker's exported one, a proof, a receipt."""
    place = tmp_path_factory.mktemp("evidence")
    with StoredHost(place / "log") as at_host, StoredBroker(place / "broker.sqlite3") as at_broker:
        pair = Pair(at_host, at_broker)
        pair.start()
        for number in range(2):
            pair.visit(f"s-{number}")
            pair.close(f"s-{number}")
        at_host.note()
    assert real("export", place / "broker.sqlite3", place / "broker.jsonl", "--format", "jsonl") == 0
    assert real("prove", place / "log", 7, "--out", place / "proof.json") == 0
    (place / "receipt.json").write_bytes(encode_receipt(whole_visit().signed()))
    return place


def test_it_imports_nothing_but_what_comes_with_python_and_cryptography() -> None:
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"))
    imported = {each.names[0].name.split(".")[0] for each in ast.walk(tree) if isinstance(each, ast.Import)}
    imported |= {str(each.module).split(".")[0] for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_what_is_right_gets_a_yes_on_a_bare_machine(evidence: Path, tmp_path: Path) -> None:
    for name, key in (("log", HOST), ("broker.jsonl", BROKER), ("proof.json", HOST)):
        assert bare(key, tmp_path, evidence / name) == Answer(0, "yes\n"), name


def test_a_receipt_gets_a_yes_from_either_side_s_key(evidence: Path, tmp_path: Path) -> None:
    parties = json.loads((evidence / "receipt.json").read_bytes())["receipt"]
    for side in ("host", "broker"):
        assert bare(parties[side]["key"], tmp_path, evidence / "receipt.json") == Answer(0, "yes\n")
    assert bare(public_key_text(b"\x05" * 32), tmp_path, evidence / "receipt.json").code == 1


def test_what_cannot_be_read_is_neither(evidence: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    (tmp_path / "number").write_text("1")
    (tmp_path / "other.json").write_text("{}")
    for path, key in [("text", HOST), ("number", HOST), ("other.json", HOST), ("nothing", HOST), (".", HOST)]:
        assert bare(key, tmp_path, tmp_path / path).code == 2, path
    assert bare("no key", tmp_path, evidence / "proof.json").code == 2


Bend = Callable[[Path], object]


def in_file(old: bytes, new: bytes, count: int = 1) -> Bend:
    def bend(path: Path) -> None:
        content = path.read_bytes()
        assert old in content
        path.write_bytes(content.replace(old, new, count))

    return bend


def in_lines(change: Callable[[list[bytes]], list[bytes]]) -> Bend:
    def bend(path: Path) -> None:
        file = segments(path)[0] if path.is_dir() else path
        file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))

    return bend


def in_newest(change: Callable[[list[bytes]], list[bytes]]) -> Bend:
    def bend(path: Path) -> None:
        file = segments(path)[-1] if path.is_dir() else path
        file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))

    return bend


LOGS: dict[str, Bend] = {
    "nothing": lambda _path: None,
    "a word": in_lines(lambda lines: [*lines[:2], lines[2].replace(b"t-ana", b"t-bob"), *lines[3:]]),
    "a leaf": in_lines(lambda lines: [*lines[:2], lines[2].replace(b'"leaf":"', b'"leaf":"A'), *lines[3:]]),
    "a line": in_lines(lambda lines: [*lines[:2], *lines[3:]]),
    "two lines": in_lines(lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]]),
    "a copy": in_lines(lambda lines: [*lines[:3], lines[2], *lines[3:]]),
    "a line that is none": in_lines(lambda lines: [*lines[:2], b"hello\n", *lines[2:]]),
    "a line with a blank": in_lines(lambda lines: [*lines[:2], lines[2].replace(b'{"entry"', b'{ "entry"'), *lines[3:]]),
    "the end": in_newest(lambda lines: lines[:-2]),
    "half the end": in_newest(lambda lines: [*lines[:-1], lines[-1][:40]]),
    "a body": in_lines(lambda lines: [*lines[:2], blanked(lines[2]), *lines[3:]]),
}


def blanked(line: bytes) -> bytes:
    body = {**json.loads(line), "salt": "", "entry": ""}
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode() + b"\n"


@pytest.mark.parametrize("name", LOGS)
def test_both_verifiers_judge_a_log_alike(name: str, evidence: Path, tmp_path: Path) -> None:
    folder, export = tmp_path / "log", tmp_path / "broker.jsonl"
    shutil.copytree(evidence / "log", folder)
    (folder / "tree.bin").unlink()
    shutil.copy(evidence / "broker.jsonl", export)
    wanted = 0 if name == "nothing" else 1
    for path, key in ((folder, HOST), (export, BROKER)):
        LOGS[name](path)
        assert (real("verify", path, "--key", key), bare(key, tmp_path, path).code) == (wanted, wanted), path
        assert (real("verify", path, "--key", public_key_text(b"\x05" * 32)), bare(public_key_text(b"\x05" * 32), tmp_path, path).code) == (
            1,
            1,
        )


@pytest.mark.parametrize(("old", "new"), [("\n—", "\n\n—"), ("host/l-", "host/m-"), ("\n\n— ", "\n\n- ")])
def test_both_verifiers_judge_checkpoints_alike(old: str, new: str, evidence: Path, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    shutil.copytree(evidence / "log", folder)
    in_file(old.encode(), new.encode())(folder / "checkpoints")
    assert (real("verify", folder, "--key", HOST), bare(HOST, tmp_path, folder).code) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"index":7', b'"index":8'),
        (b"s-0", b"s-1"),
        (b'"salt":"', b'"salt":"A'),
        (b'"path":["', b'"path":["A'),
        (b"chaperone proof 1", b"chaperone proof 2"),
        (b"chaperone/host", b"chaperone/hosy"),
        (b'"index":7', b'"index":0'),
        (b'{"checkpoint"', b'{"a":1,"checkpoint"'),
    ],
)
def test_both_verifiers_judge_a_proof_alike(old: bytes, new: bytes, evidence: Path, tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    shutil.copy(evidence / "proof.json", path)
    in_file(old, new)(path)
    assert real("check-proof", path, "--key", HOST) == 1
    assert bare(HOST, tmp_path, path).code in {1, 2}


def test_both_verifiers_judge_a_receipt_alike(evidence: Path, tmp_path: Path) -> None:
    data = (evidence / "receipt.json").read_bytes()
    key = json.loads(data)["receipt"]["host"]["key"]
    path = tmp_path / "receipt.json"
    for place in range(0, len(data), len(data) // 20):
        bent = data[:place] + (b"A" if data[place : place + 1] != b"A" else b"B") + data[place + 1 :]
        path.write_bytes(bent)
        assert check_receipt(bent, None, None, verifies)
        assert bare(key, tmp_path, path).code in {1, 2}, place


def test_both_verifiers_know_a_receipt_with_a_direct_path_and_neither_takes_one_that_tells_its_ranges(tmp_path: Path) -> None:
    """Seen to fail when: `direct_started` belongs into a receipt for either of the two, or `direct_ended` for neither."""
    made = whole_visit()
    index, path = made.index_of(CaptureStopped), tmp_path / "receipt.json"
    ended = DirectEnded(session_id=SESSION, attempt=1, cause=DirectCause.STALLED, to_technician_bytes=5, to_host_bytes=6)
    started = DirectStarted(session_id=SESSION, attempt=1, host_range="10.0.0.0/8", console_range="fd00::/8")
    key = public_key_text(made.stage.key.public_key)
    told = VisitMade(made.stage, exchanged(made.host, index, started), made.broker, made.device)
    with_ranges = told.signed(entries=tuple(sorted((*told.host.of_visit(), told.host.prove(index)), key=lambda each: each.index)))
    for signed, sound in ((made.forged(index, ended), True), (told.signed(), True), (with_ranges, False)):
        path.write_bytes(encode_receipt(signed))
        assert (b"10.0.0.0" in path.read_bytes()) is not sound
        assert (not check_receipt(path.read_bytes(), None, None, verifies)) is sound
        assert (bare(key, tmp_path, path).code == 0) is sound
    path.write_bytes(encode_receipt(made.forged(index, ended)))
    assert b"direct_ended" in path.read_bytes()
