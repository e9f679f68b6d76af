"""The stand-alone verifier, run bare: it needs nothing of this project, and says yes and no where the real verifier does."""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cryptography
import pytest

from audit.cli import main
from audit.receipt import check_receipt
from audit.receipt_form import encode_receipt
from audit.standalone import chaperone_verify
from runtime.log_lines import segments
from tests.helpers.receipts import whole_visit
from tests.helpers.stored_logs import StoredBroker, StoredHost
from tests.helpers.two_logs import BROKER_KEY, HOST_KEY, Pair
from trust.keys import public_key_text
from trust.signatures import verifies

PROGRAM = Path(chaperone_verify.__file__)
HOST, BROKER = public_key_text(HOST_KEY.public_key), public_key_text(BROKER_KEY.public_key)


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str


def bare(path: Path, key: str, place: Path) -> Said:
    """Without this project, without the packages it needs, without a network to ask; only `cryptography` is within reach."""
    packages = place / "packages"
    if not packages.exists():
        packages.mkdir()
        home = Path(cryptography.__file__).parent.parent
        for name in ("cryptography", "cffi", "pycparser", *(each.name for each in home.glob("_cffi_backend*"))):
            (packages / name).symlink_to(home / name)
    begin = f"import sys; sys.path.insert(0, {str(packages)!r}); sys.argv = ['chaperone_verify.py', '--key', {key!r}, {str(path)!r}]; "
    run = f"import runpy; runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
    made = subprocess.run(
        [sys.executable, "-I", "-S", "-c", begin + run], capture_output=True, text=True, timeout=60, cwd=place, check=False
    )
    return Said(made.returncode, made.stdout + made.stderr)


def real(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


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
        assert bare(evidence / name, key, tmp_path) == Said(0, "yes\n"), name


def test_a_receipt_gets_a_yes_from_either_side_s_key(evidence: Path, tmp_path: Path) -> None:
    parties = json.loads((evidence / "receipt.json").read_bytes())["receipt"]
    for side in ("host", "broker"):
        assert bare(evidence / "receipt.json", parties[side]["key"], tmp_path) == Said(0, "yes\n")
    assert bare(evidence / "receipt.json", public_key_text(b"\x05" * 32), tmp_path).code == 1


def test_what_cannot_be_read_is_neither(evidence: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    (tmp_path / "number").write_text("1")
    (tmp_path / "other.json").write_text("{}")
    for path, key in [("text", HOST), ("number", HOST), ("other.json", HOST), ("nothing", HOST), (".", HOST)]:
        assert bare(tmp_path / path, key, tmp_path).code == 2, path
    assert bare(evidence / "proof.json", "no key", tmp_path).code == 2


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
        assert (real("verify", path, "--key", key), bare(path, key, tmp_path).code) == (wanted, wanted), path
        assert (real("verify", path, "--key", public_key_text(b"\x05" * 32)), bare(path, public_key_text(b"\x05" * 32), tmp_path).code) == (
            1,
            1,
        )


@pytest.mark.parametrize(("old", "new"), [("\n—", "\n\n—"), ("host/l-", "host/m-"), ("\n\n— ", "\n\n- ")])
def test_both_verifiers_judge_checkpoints_alike(old: str, new: str, evidence: Path, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    shutil.copytree(evidence / "log", folder)
    in_file(old.encode(), new.encode())(folder / "checkpoints")
    assert (real("verify", folder, "--key", HOST), bare(folder, HOST, tmp_path).code) == (1, 1)


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
    assert bare(path, HOST, tmp_path).code in {1, 2}


def test_both_verifiers_judge_a_receipt_alike(evidence: Path, tmp_path: Path) -> None:
    data = (evidence / "receipt.json").read_bytes()
    key = json.loads(data)["receipt"]["host"]["key"]
    path = tmp_path / "receipt.json"
    for place in range(0, len(data), len(data) // 20):
        bent = data[:place] + (b"A" if data[place : place + 1] != b"A" else b"B") + data[place + 1 :]
        path.write_bytes(bent)
        assert check_receipt(bent, None, None, verifies)
        assert bare(path, key, tmp_path).code in {1, 2}, place
