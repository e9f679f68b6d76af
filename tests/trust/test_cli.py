"""The security officer's commands, as typed: what they write, what they say, and with which exit code."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path

import pytest

from policy.decision import Reason
from tests.trust.tls import self_signed
from trust.cli import main
from trust.directory import TrustedDirectory
from trust.draft import Ceremony
from trust.keys import fingerprint, public_key_text
from trust.signatures import Ed25519Signer
from trust.store import read_statement
from wire.messages.presence import Refused
from wire.schema import decode, encode
from wire.statements import Algorithm, Statement

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
    """A desk with a key, a broker, a person, a device and a host, nothing signed."""
    for words in (
        ["init", str(keys), "--vendor", "Acme"],
        ["broker", "b-1", "--key", public_key_text(BROKER), "--yes"],
        PERSON,
        [*CERTIFY, "--yes"],
        ["host", "add", "h-lab", *LAB, "--phi", "--yes"],
    ):
        assert desk(*words).code == 0, words
    return desk


def test_init_makes_a_private_key_and_never_overwrites_it(desk: Desk, keys: Path) -> None:
    said = desk("init", str(keys), "--vendor", "Acme")
    public = Ceremony(keys).key().public_key
    assert fingerprint(Algorithm.ED25519, public) in said.out
    assert (keys / "directory.key").stat().st_mode & 0o777 == 0o600
    assert (keys / "directory.pub").read_text() == public_key_text(public) + "\n"
    again = desk("init", str(keys), "--vendor", "Acme")
    assert again.code == 1
    assert "stays as it is" in again.err
    assert Ceremony(keys).key().public_key == public


def test_a_directory_is_drafted_signed_and_verified(ready: Desk, keys: Path) -> None:
    said = ready("sign", "--days", "30")
    assert said.code == 0
    assert "+ person t-ana (Ana [Ruiz])" in said.out
    assert "+ host h-lab (Analyser)" in said.out
    directory = TrustedDirectory(Ceremony(keys).key().public_key).accept(read_statement((keys / "directory.json").read_bytes()), 0)
    assert directory.version == 1
    assert directory.expires - directory.issued == 30 * 24 * 3600
    assert directory.persons[0].groups == ("north", "south")
    assert directory.persons[0].authenticators[0].key == DEVICE
    assert directory.hosts[0].profile.phi
    assert directory.broker.key == BROKER
    verified = ready("verify", str(keys / "directory.json"), "--key", str(keys / "directory.pub"))
    assert verified.code == 0
    assert "Version 1 of Acme" in verified.out


def test_each_signature_takes_the_next_version_and_says_what_changed(ready: Desk) -> None:
    ready("sign")
    assert "nothing changed" in ready("sign").out
    ready("person", "suspend", "t-ana")
    assert "not signed yet: ~ person t-ana: active False" in ready("show").out
    said = ready("sign")
    assert "~ person t-ana: active False" in said.out
    assert "version 3" in said.out
    ready("person", "restore", "t-ana")
    ready("host", "remove", "h-lab")
    assert "- host h-lab (Analyser)" in ready("sign").out
    ready("person", "remove", "t-ana")
    assert "- person t-ana (Ana [Ruiz])" in ready("sign").out


def test_show_tells_every_key_by_its_fingerprint(ready: Desk) -> None:
    ready("sign")
    said = ready("show").out
    for key in (BROKER, HOST, DEVICE):
        assert fingerprint(Algorithm.ED25519, key) in said
    assert "Person t-ana: Ana [Ruiz], Acme, groups north, south" in said
    assert "Host h-lab: Analyser, Lyon, group north, AU, health data" in ready("host", "list").out


def test_a_fingerprint_that_is_another_changes_nothing(ready: Desk, keys: Path) -> None:
    before = (keys / "draft.json").read_bytes()
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
    assert (keys / "draft.json").read_bytes() == before


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
        ([*CERTIFY, "--yes"], 1, "certified for t-ana already"),
        (["device", "certify", "t-ana", "--type", "webauthn", "--key", "AA", "--yes"], 1, "nothing makes"),
        (["device", "certify", "t-ana", "--key", "no key", "--yes"], 2, "no public key"),
        (["host", "add", "h-2", *LAB, "--no-phi", "--yes"], 1, "already"),
        (["host", "remove", "h-2"], 1, "no host h-2"),
        (["console", "x" * 65], 1, "console_digest"),
        (["publish", "--broker", "https://localhost:1"], 1, "nothing is signed"),
        (["verify", "gone.json", "--key", "gone.pub"], 2, "gone.pub"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(ready: Desk, words: list[str], code: int, why: str) -> None:
    said = ready(*words)
    assert (said.code, why in said.err) == (code, True), said


def test_nothing_is_signed_without_a_broker_or_against_itself(desk: Desk, keys: Path) -> None:
    desk("init", str(keys), "--vendor", "Acme")
    assert "names no broker" in desk("sign").err
    desk("broker", "b-1", "--key", public_key_text(BROKER), "--yes")
    desk(*PERSON)
    desk("device", "certify", "t-ana", "--key", public_key_text(DEVICE), "--yes")  # an Ed25519 key said to be a browser's
    said = desk("sign")
    assert said.code == 1
    assert "p256 key of 32 bytes" in said.err


def test_a_draft_that_was_damaged_is_named(ready: Desk, keys: Path) -> None:
    draft = json.loads((keys / "draft.json").read_text())
    (keys / "draft.json").write_text(json.dumps(draft | {"owner": "me"}))
    said = ready("show")
    assert said.code == 1
    assert "draft.json is damaged" in said.err


def test_an_older_or_foreign_directory_does_not_verify(ready: Desk, keys: Path, tmp_path: Path) -> None:
    ready("sign")
    (tmp_path / "other.pub").write_text(public_key_text(BROKER))
    said = ready("verify", str(keys / "directory.json"), "--key", str(tmp_path / "other.pub"))
    assert said.code == 1
    assert "not the one that the security officer signed" in said.err


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
    ready("sign")
    said = ready("publish", "--broker", door.url, "--ca", str(door.ca))
    assert said.code == 0, said
    ((path, body, origin),) = door.handler.came
    assert (path, origin) == ("/api/directory", None)
    assert decode(body, Statement) == read_statement((keys / "directory.json").read_bytes())


def test_publish_says_in_words_why_the_broker_refused(ready: Desk, door: Door) -> None:
    ready("sign")
    door.handler.answer = (409, encode(Refused("directory", Reason.DOCUMENT_STALE)))
    said = ready("publish", "--broker", door.url, "--ca", str(door.ca))
    assert said.code == 1
    assert "The broker refused. The directory is too old." in said.err
    door.handler.answer = (502, b"<html>")
    assert "answered 502" in ready("publish", "--broker", door.url, "--ca", str(door.ca)).err


def test_publish_trusts_no_broker_without_its_authority(ready: Desk, door: Door) -> None:
    ready("sign")
    said = ready("publish", "--broker", door.url)
    assert said.code == 1
    assert "not reached" in said.err
    assert door.handler.came == []
    assert "not an https" in ready("publish", "--broker", door.url.replace("https", "http")).err
