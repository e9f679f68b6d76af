"""An auditor with a receipt, the host's files and one public key, without a network, gets a yes or the exact entry that is wrong.

What is typed and what is answered are those of docs/audit-guide.md, word for word.
"""

import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.log_lines import segments
from tests.helpers.bare_verifier import alone, bare, no_network
from tests.helpers.kept_visits import BROKER_TEXT, HOST_TEXT, Kept, kept_visits

GUIDE = Path(__file__).parents[3] / "docs" / "audit-guide.md"
ENTRY = 6
"""The first answer: whoever alters it has somebody else say yes."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return kept_visits(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def desk(kept: Kept, tmp_path: Path) -> Path:
    """What lies on the auditor's machine."""
    shutil.copytree(kept.log, tmp_path / "log")
    shutil.copy(kept.receipt("s-1"), tmp_path / "receipt.json")
    return tmp_path


def of_the_guide() -> list[tuple[list[str], str]]:
    """Each command of the guide with what it answers."""
    block = re.findall(r"```\n(\$ python3 .*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]
    said = [part.partition("\n") for part in block.split("$ ")[1:]]
    return [(shlex.split(typed, comments=True), answer) for typed, _, answer in said]


def exchange(path: Path, old: bytes, new: bytes) -> bytes:
    """One byte is another; what was there before."""
    content = path.read_bytes()
    assert old in content
    assert sum(one != other for one, other in zip(old, new, strict=True)) == 1
    path.write_bytes(content.replace(old, new, 1))
    return content


@pytest.mark.parametrize("key", [HOST_TEXT, BROKER_TEXT], ids=["host", "broker"])
def test_the_auditor_gets_a_yes_or_the_exact_entry_that_is_wrong(desk: Path, key: str) -> None:
    (whole, yes), (in_log, log_answer), (in_receipt, receipt_answer) = of_the_guide()
    assert {tuple(each[:3]) for each in (whole, in_log, in_receipt)} == {("python3", "chaperone_verify.py", "--key")}
    paths = whole[4:]

    assert bare(key, desk, *paths) == (0, yes)

    segment = segments(desk / "log")[0]
    before = exchange(segment, b'stated_name\\":\\"Kim', b'stated_name\\":\\"Tim')
    assert bare(key, desk, *in_log[4:]) == (1, log_answer)
    segment.write_bytes(before)

    before = exchange(desk / "receipt.json", b'stated_name\\":\\"Kim', b'stated_name\\":\\"Tim')
    said = bare(HOST_TEXT, desk, *in_receipt[4:])
    assert said == (1, receipt_answer)
    (desk / "receipt.json").write_bytes(before)

    assert bare(key, desk, *paths) == (0, yes)


def test_whichever_byte_of_an_entry_is_altered_that_entry_is_named(desk: Path) -> None:
    segment = segments(desk / "log")[0]
    lines = segment.read_bytes().splitlines(keepends=True)
    line = lines[ENTRY - 1]
    for place in range(5, len(line), len(line) // 8):
        bent = line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]
        segment.write_bytes(b"".join([*lines[: ENTRY - 1], bent, *lines[ENTRY:]]))
        said = bare(HOST_TEXT, desk, "receipt.json", "log")
        assert (said.code, f"entry {ENTRY} " in said.out.splitlines()[0]) == (1, True), (place, said.out)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Yes / No", b"Yes / no"),
        (b'answer\\":\\"allow', b'answer\\":\\"allaw'),
        (b'"index":6', b'"index":4'),
        (b'\\"type\\":\\"answered', b'\\"type\\":\\"answeree'),
    ],
    ids=["prompt", "answer", "index", "type"],
)
def test_whichever_byte_of_the_receipt_is_altered_its_entry_is_named(desk: Path, old: bytes, new: bytes) -> None:
    exchange(desk / "receipt.json", old, new)
    said = bare(HOST_TEXT, desk, "receipt.json", "log")
    entry = 4 if b'"index":4' in new else ENTRY
    assert (said.code, re.findall(r"receipt.json: (?:the words in )?entry (\d+)", said.out)[:1]) == (1, [str(entry)]), said.out


def test_there_is_no_network_where_the_verifier_runs(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        tries = f"import socket; socket.create_connection(('127.0.0.1', {there.getsockname()[1]}), 5)"
        assert subprocess.run([sys.executable, "-c", tries], timeout=60, check=False).returncode == 0
        assert subprocess.run([*no_network(), sys.executable, "-c", tries], timeout=60, check=False).returncode == int(bool(no_network()))
        said = alone(tries, tmp_path)
        assert (said.code, "RuntimeError: socket" in said.out) == (1, True), said.out
