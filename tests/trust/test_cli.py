"""The signers' commands, as typed: what they write, what they say, and with which exit code."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path

import pytest

from policy.decision import Reason
from tests.trust.tls import self_signed
from trust.cli import main
from trust.keys import fingerprint, public_key_text
from trust.metadata import TARGETS, TIMESTAMP, VENDOR_PATH
from trust.signatures import Ed25519Signer
from trust.signing_folder import SigningFolder
from wire.messages.documents import DocumentsBundle
from wire.messages.presence import Refused
from wire.schema import canonical, decode, encode
from wire.statements import Algorithm

BROKER, HOST, DEVICE = (Ed25519Signer(letter * 32).public_key for letter in (b"b", b"h", b"d"))
PERSON = ["person", "add", "t-ana", "--name", "Ana [Ruiz]", "--company", "Acme", "--group", "north", "--group", "south"]
CERTIFY = ["device", "certify", "t-ana", "--type", "ed25519", "--key", public_key_text(DEVICE)]
LAB = ["--key", public_key_text(HOST), "--name", "Analyser", "--site", "Lyon", "--group", "north", "--model", "AU"]


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


Desk = Callable[..., Said]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def desk(keys: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    def run(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(["--keys", str(keys), *arguments])
        captured = capsys.readouterr()
        return Said(int(ended.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def ready(desk: Desk, keys: Path) -> Desk:
    """A desk after its ceremony, with a broker, a person, a device and a host."""
    for words in (
        ["ceremony", str(keys), "--vendor", "Acme", "--company", "Acme"],
        ["broker", "b-1", "--key", public_key_text(BROKER), "--yes"],
        [*PERSON, "--training", "eu=2099-12-31"],
        [*CERTIFY, "--yes"],
        ["host", "add", "h-lab", *LAB, "--phi", "--yes"],
    ):
        assert desk(*words).code == 0, words
    return desk


def published(keys: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((keys / "published").rglob("*")) if path.is_file()}


def test_what_is_listed_is_told_to_programs_too(ready: Desk) -> None:
    told = json.loads(ready("show", "--json").out)
    assert told["broker"] == {"id": "b-1", "key": public_key_text(BROKER)}
    assert told["persons"] == [{"id": "t-ana", "active": True, "devices": [public_key_text(DEVICE)]}]
    assert told["hosts"] == [{"id": "h-lab", "key": public_key_text(HOST), "site": "Lyon"}]
    assert 'party = "vendor"' in told["policy"]
    assert 0 < told["expires"] - time.time() <= 30 * 86_400


def test_show_tells_every_key_by_its_fingerprint(ready: Desk) -> None:
    said = ready("show").out
    for key in (BROKER, HOST, DEVICE):
        assert fingerprint(Algorithm.ED25519, key) in said
    assert "Person t-ana: Ana [Ruiz], Acme, groups north, south" in said
    assert "Host h-lab: Analyser, Lyon, group north, AU, health data" in ready("host", "list").out


def test_a_fingerprint_that_is_another_changes_nothing(ready: Desk, keys: Path) -> None:
    before = published(keys)
    other = fingerprint(Algorithm.ED25519, b"x" * 32)
    new = public_key_text(Ed25519Signer(b"n" * 32).public_key)
    for words in (
        ["device", "certify", "t-ana", "--key", new, "--type", "ed25519", "--fingerprint", other, "--yes"],
        ["host", "add", "h-2", "--key", new, *LAB[2:], "--no-phi", "--fingerprint", other, "--yes"],
        ["broker", "b-2", "--key", new, "--fingerprint", other, "--yes"],
    ):
        said = ready(*words)
        assert said.code == 1, words
        assert "exchanged" in said.err
    assert published(keys) == before


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("\n", 1), ("n\n", 1)])
def test_a_fingerprint_is_confirmed_by_a_person(ready: Desk, monkeypatch: pytest.MonkeyPatch, typed: str, code: int) -> None:
    new = Ed25519Signer(b"n" * 32).public_key
    monkeypatch.setattr("sys.stdin", StringIO(typed))
    said = ready("device", "certify", "t-ana", "--key", public_key_text(new), "--type", "ed25519")
    assert said.code == code
    assert (fingerprint(Algorithm.ED25519, new) in ready("show").out) is (code == 0)


def test_a_device_is_taken_away_by_its_fingerprint(ready: Desk) -> None:
    assert ready("device", "remove", "t-ana", fingerprint(Algorithm.ED25519, HOST)).code == 1
    assert ready("device", "remove", "t-ana", fingerprint(Algorithm.ED25519, DEVICE).replace(" ", "")).code == 0
    assert fingerprint(Algorithm.ED25519, DEVICE) not in ready("show").out


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (PERSON, 1, "already"),
        (["person", "remove", "t-bob"], 1, "no person t-bob"),
        (["device", "certify", "t-ana", "--type", "webauthn", "--key", "AA", "--yes"], 1, "nothing makes"),
        (["device", "certify", "t-ana", "--key", "no key", "--yes"], 2, "no public key"),
        (["host", "add", "h-2", *LAB, "--no-phi", "--yes"], 1, "already"),
        (["host", "remove", "h-2"], 1, "no host h-2"),
        (["console", "x" * 64], 1, "no digest"),
        (["publish", "--broker", "https://localhost:1"], 1, "not reached"),
        (["verify", "gone", "--root", "gone.json"], 1, "published/"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(ready: Desk, words: list[str], code: int, why: str) -> None:
    said = ready(*words)
    assert (said.code, why in said.err) == (code, True), said


class _Door(BaseHTTPRequestHandler):
    """A broker's door that keeps what came in and answers as it was told."""

    answer: tuple[int, bytes] = (200, b"{}")
    came: list[tuple[str, bytes, str | None]]

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append((self.path, body, self.headers["Origin"]))
        status, content = self.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """The test speaks for itself."""


@dataclass(frozen=True, slots=True)
class Door:
    url: str
    ca: Path
    handler: type[_Door]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    certificate, key = self_signed(tmp_path)
    handler = type("Handler", (_Door,), {"came": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Door(f"https://localhost:{server.server_port}", certificate, handler)
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_publish_puts_the_signed_bytes_before_the_broker(ready: Desk, keys: Path, door: Door) -> None:
    said = ready("publish", "--broker", door.url, "--ca", str(door.ca))
    assert said.code == 0, said
    ((path, body, origin),) = door.handler.came
    assert (path, origin) == ("/api/documents/vendor", None)
    sent = {each.path: each.content for each in decode(body, DocumentsBundle).files}
    assert sent["metadata/timestamp.json"] == (keys / "published" / "metadata" / "timestamp.json").read_bytes()


def test_publish_says_in_words_why_the_broker_refused(ready: Desk, door: Door) -> None:
    door.handler.answer = (409, encode(Refused("documents_bundle", Reason.DOCUMENT_STALE)))
    said = ready("publish", "--broker", door.url, "--ca", str(door.ca))
    assert said.code == 1
    assert "The broker refused. The signed documents are too old." in said.err
    door.handler.answer = (502, b"<html>")
    assert "answered 502" in ready("publish", "--broker", door.url, "--ca", str(door.ca)).err


def test_publish_trusts_no_broker_without_its_authority(ready: Desk, door: Door) -> None:
    said = ready("publish", "--broker", door.url)
    assert said.code == 1
    assert "not reached" in said.err
    assert door.handler.came == []
    assert "not an https" in ready("publish", "--broker", door.url.replace("https", "http")).err


def test_documents_of_an_earlier_version_are_named_and_signed_again(ready: Desk, keys: Path) -> None:
    """`vendor.json` had no auditor's key once: readers say what to do, and doing it is enough."""
    made = SigningFolder.load(keys)
    assert made is not None
    body = json.loads(made.publication.document(VENDOR_PATH, TARGETS) or b"")
    del body["auditor_key"]
    made.put(TARGETS, {**made.publication.documents(TARGETS), VENDOR_PATH: canonical(body)}, int(time.time()))
    made.publication.put_snapshot(made.signers(TIMESTAMP), int(time.time()), 7)
    made.fresh(int(time.time()))
    made.save(int(time.time()), checked=False)
    root = str(keys / "published" / "metadata" / "1.root.json")
    refused = ready("verify", str(keys / "published"), "--root", root)
    assert refused.code == 1
    for words in ("chaperone-keys auditor set", "version antérieure"):
        assert words in refused.err
    assert "Auditor: none" in ready("show").out
    assert ready("auditor", "none").code == 0
    assert ready("verify", str(keys / "published"), "--root", root).code == 0
