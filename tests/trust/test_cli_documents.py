"""The commands for documents of many signers, as typed: what a reader believes afterwards, and what is said when a key is missing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Targets

from policy.instant import Instant
from tests.helpers.views import rules
from tests.trust.test_cli import Door, door
from trust import cli_documents
from trust.bundle import bundle_for
from trust.cli import main
from trust.keys import fingerprint, public_key_text
from trust.publication import plain
from trust.sealing import load_auditor_key, public_of
from trust.signatures import Ed25519Signer
from trust.signing_folder import SigningFolder
from trust.updater import Documents
from trust.view import View, compose, device_of, host_of, person_of
from wire.messages.documents import (
    Authenticator,
    AuthenticatorType,
    Directory,
    DocumentsBundle,
    ListedBroker,
    ListedHost,
    Person,
    Profile,
    Repository,
)
from wire.schema import decode, encode
from wire.statements import Algorithm, Label

__all__ = ["door"]

BROKER, HOST, DEVICE, SECOND = (Ed25519Signer(letter * 32).public_key for letter in (b"b", b"h", b"d", b"e"))
ACME = "Acme Diagnostics"
PERSON = ["person", "add", "t-ana", "--name", "Ana [Ruiz]", "--company", ACME, "--group", "north"]
TRAINED = ["--training", "eu=2099-12-31"]
CERTIFY = ["device", "certify", "t-ana", "--type", "ed25519", "--yes", "--key"]
LAB = ["--key", public_key_text(HOST), "--name", "Analyser", "--site", "Lyon", "--group", "north", "--model", "AU", "--no-phi", "--yes"]


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
    def run(*arguments: str, folder: Path = keys) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(["--keys", str(folder), *arguments])
        captured = capsys.readouterr()
        return Said(int(ended.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def ready(desk: Desk, keys: Path) -> Desk:
    for words in (
        ["ceremony", str(keys), "--vendor", "Acme", "--company", ACME],
        ["broker", "b-1", "--key", public_key_text(BROKER), "--yes"],
        [*PERSON, *TRAINED],
        [*CERTIFY, public_key_text(DEVICE)],
        ["host", "certify", "h-lab", *LAB],
    ):
        said = desk(*words)
        assert said.code == 0, said
    return desk


def reader(folder: Path, kept: Path) -> Documents:
    """A reader that pinned the first root of this folder."""
    made = SigningFolder.load(folder)
    assert made is not None
    return Documents(kept, made.repository, made.publication.files["metadata/1.root.json"])


def believed(folder: Path, tmp_path: Path) -> View:
    """What a new reader believes today."""
    return told(reader(folder, tmp_path / f"{os.urandom(4).hex()}.json"), folder)


def told(documents: Documents, folder: Path) -> View:
    """What a reader believes after the newest of this folder."""
    made = SigningFolder.load(folder)
    assert made is not None
    now = Instant(time.time(), time.monotonic())
    documents.accept(bundle_for(made.publication.files, made.repository, None), now, None)
    return compose(documents.in_force(now), None, documents.time(now))


def test_a_ceremony_says_that_all_keys_are_here_and_closes_them(desk: Desk, keys: Path) -> None:
    said = desk("ceremony", str(keys), "--vendor", "Acme", "--company", ACME, "--root-keys", "3", "--threshold", "2", "--site", "Lyon")
    assert "ALL KEYS ARE ON THIS DISK" in said.out
    assert len(list((keys / "root").glob("*.key"))) == 3
    secrets = [*keys.rglob("*.key")]
    assert len(secrets) == 3 + 4 + 3
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}
    assert {path.parent.stat().st_mode & 0o777 for path in secrets} == {0o700}
    again = desk("ceremony", str(keys), "--vendor", "Acme")
    assert again.code == 1
    assert "stays as it is" in again.err
    assert desk("ceremony", str(keys / "x"), "--vendor", "Acme", "--threshold", "2").code == 1


def test_what_was_typed_is_what_a_reader_believes(ready: Desk, keys: Path, tmp_path: Path) -> None:
    rulings = tmp_path / "vendor.toml"
    rulings.write_text(rules("vendor", '[[allow]]\nname = "look"\npermissions = ["view"]\n', 2), encoding="utf-8")
    assert ready("policy", str(rulings)).code == 0
    assert ready("console", "a" * 64).code == 0
    view = believed(keys, tmp_path)
    person = person_of(view, "t-ana")
    assert person is not None
    assert (person.name, person.groups, person.training[0].region) == ("Ana [Ruiz]", ("north",), "eu")
    assert view.auditor_key == b""
    assert (view.broker.id, view.broker.key, view.console_digest) == ("b-1", BROKER, "a" * 64)
    assert device_of(view, "t-ana", AuthenticatorType.ED25519, DEVICE) is not None
    assert [each.id for each in view.hosts] == ["h-lab"]
    assert view.vendor_policy == rulings.read_text(encoding="utf-8")


def test_each_change_counts_at_once_for_a_reader_that_saw_the_last(ready: Desk, keys: Path, tmp_path: Path) -> None:
    documents = reader(keys, tmp_path / "kept.json")
    told(documents, keys)
    mark = fingerprint(AuthenticatorType.ED25519, DEVICE)
    for words, check in (
        ([*CERTIFY, public_key_text(SECOND)], lambda view: device_of(view, "t-ana", AuthenticatorType.ED25519, SECOND)),
        (["revoke", "device", "t-ana", mark], lambda view: not device_of(view, "t-ana", AuthenticatorType.ED25519, DEVICE)),
        (["person", "suspend", "t-ana"], lambda view: not device_of(view, "t-ana", AuthenticatorType.ED25519, SECOND)),
        (["person", "restore", "t-ana"], lambda view: device_of(view, "t-ana", AuthenticatorType.ED25519, SECOND)),
        (["person", "train", "t-ana", "=2098-01-01"], lambda view: view.persons[0].training[0].region == ""),
        (["rotate", "root"], lambda view: view.persons),
        (["rotate", "targets"], lambda view: view.persons),
        (["rotate", "timestamp"], lambda view: view.persons),
        (["rotate", "hosts"], lambda view: view.hosts),
        (["threshold", "targets", "2"], lambda view: view.persons),
        (["sign"], lambda view: view.persons),
        (["timestamp"], lambda view: view.persons),
        (["revoke", "host", "h-lab"], lambda view: not view.hosts),
        (["revoke", "person", "t-ana"], lambda view: not view.persons),
    ):
        said = ready(*words)
        assert said.code == 0, said
        assert check(told(documents, keys)), words
    shown = ready("show").out
    assert "Role targets: version" in shown
    assert "2 of" in shown


def test_a_key_that_is_not_here_is_named_and_nothing_is_written(ready: Desk, keys: Path) -> None:
    before = {path: path.read_bytes() for path in keys.rglob("*.json")}
    shutil.move(keys / "directory", keys.parent / "directory")
    said = ready("person", "suspend", "t-ana")
    assert said.code == 1
    assert "targets: 0 of 1 signatures" in said.err
    assert "(not here)" in ready("show").out
    assert {path: path.read_bytes() for path in keys.rglob("*.json")} == before
    assert ready(*CERTIFY, public_key_text(SECOND)).code == 0


def test_a_supervisor_signs_alone_and_the_small_signer_makes_it_count(ready: Desk, keys: Path, tmp_path: Path) -> None:
    supervisor, small = tmp_path / "supervisor", tmp_path / "small"
    for folder, kept in ((supervisor, "devices-*"), (small, "timestamp")):
        shutil.copytree(keys / "published", folder / "published")
        for path in keys.glob(kept):
            shutil.copytree(path, folder / path.name)
    said = ready(*CERTIFY, public_key_text(SECOND), folder=supervisor)
    assert "counts once" in said.out
    assert ready("person", "suspend", "t-ana", folder=supervisor).code == 1
    shutil.copytree(supervisor / "published", small / "published", dirs_exist_ok=True)
    assert ready("timestamp", folder=small).code == 0
    assert device_of(believed(small, tmp_path), "t-ana", AuthenticatorType.ED25519, SECOND) is not None


def test_the_small_signer_that_stays_signs_what_others_signed_and_ends_when_told(ready: Desk, keys: Path, tmp_path: Path) -> None:
    script = "from trust.cli import main; main()"
    words = [sys.executable, "-c", script, "--keys", str(keys), "timestamp", "--watch", "--every", "1"]
    shutil.move(keys / "timestamp", tmp_path / "timestamp")
    assert ready(*CERTIFY, public_key_text(SECOND)).code == 0
    shutil.move(tmp_path / "timestamp", keys / "timestamp")
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as signer:
        assert signer.stdout is not None
        assert signer.stdout.readline().startswith("Signed timestamp")
        signer.send_signal(signal.SIGTERM)
        assert signer.wait(timeout=20) == 0
    assert device_of(believed(keys, tmp_path), "t-ana", AuthenticatorType.ED25519, SECOND) is not None


def test_a_root_waits_for_its_second_keeper(desk: Desk, keys: Path, tmp_path: Path) -> None:
    assert desk("ceremony", str(keys), "--vendor", "Acme", "--root-keys", "2", "--threshold", "2").code == 0
    shutil.move(keys / "root" / "2.key", tmp_path / "2.key")
    said = desk("rotate", "timestamp")
    assert said.code == 1
    assert "root: 1 of 2" in said.err
    assert believed(keys, tmp_path).version == 1
    shutil.move(keys / "root" / "1.key", tmp_path / "1.key")
    shutil.move(tmp_path / "2.key", keys / "root" / "2.key")
    assert desk("sign").code == 0
    made = SigningFolder.load(keys)
    assert made is not None
    assert made.publication.version("root") == 2
    assert not (keys / "pending" / "root.json").exists()
    assert believed(keys, tmp_path).version > 1


def test_a_directory_of_one_signer_is_brought_over(desk: Desk, keys: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    officer, now = Ed25519Signer(b"o" * 32), int(time.time())
    ana = Person("t-ana", "Ana", "Acme", True, ("north",), (Authenticator(AuthenticatorType.ED25519, DEVICE, "laptop"),))
    lab = ListedHost("h-lab", "Analyser", HOST, "Lyon", "north", Profile("AU", "", True))
    directory = Directory(3, now, now + 60, "Acme", ListedBroker("b-1", BROKER), "", (ana,), (lab,))
    (old / "directory.pub").write_text(public_key_text(officer.public_key))
    assert desk("migrate", str(old)).code == 2
    (old / "directory.json").write_bytes(encode(Ed25519Signer(b"x" * 32).sign(Label.DIRECTORY, directory)))
    assert desk("migrate", str(old)).code == 1
    (old / "directory.json").write_bytes(b"{}")
    assert "no signed directory" in desk("migrate", str(old)).err
    (old / "directory.json").write_bytes(encode(officer.sign(Label.DIRECTORY, directory)))
    assert desk("migrate", str(old)).code == 0
    view = believed(keys, tmp_path)
    assert device_of(view, "t-ana", AuthenticatorType.ED25519, DEVICE) is not None
    listed = host_of(view, "h-lab")
    assert listed is not None
    assert listed.profile.phi
    assert (view.vendor, view.broker.key) == ("Acme", BROKER)


def test_a_site_signs_its_own_policy_and_the_vendors_folder_does_not(ready: Desk, keys: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert ready("site", "init", str(site), "--site", "Lyon").code == 0
    policy = tmp_path / "site.toml"
    policy.write_text(rules("site", ""), encoding="utf-8")
    assert ready("site", "policy", str(policy), folder=site).code == 0
    assert ready("site", "terms", "--phi-host", "h-lab", "--updates", "site-approved", folder=site).code == 0
    assert ready("site", "sign", folder=site).code == 0
    documents, now = reader(site, tmp_path / "kept.json"), Instant(time.time(), 0.0)
    made = SigningFolder.load(site)
    assert made is not None
    documents.accept(bundle_for(made.publication.files, Repository.SITE, None), now, None)
    vendor = reader(keys, tmp_path / "vendor.json")
    told(vendor, keys)
    view = compose(vendor.in_force(now), documents.in_force(now), time.time())
    assert view.site_policy == rules("site", "")
    assert view.site_terms is not None
    assert view.site_terms.phi_hosts == ("h-lab",)
    assert ready("site", "policy", str(policy)).code == 1
    assert ready("policy", str(policy), folder=site).code == 1


def test_a_policy_that_readers_would_not_take_is_not_signed(ready: Desk, keys: Path, tmp_path: Path) -> None:
    policy, before = tmp_path / "vendor.toml", believed(keys, tmp_path).vendor_policy
    for text, why in (
        (rules("vendor", "x = 1\n", 2), "line 4"),
        (rules("site", "", 2), "the policy of the site"),
        (rules("vendor", "", 1), "raise it with every change"),
    ):
        policy.write_text(text, encoding="utf-8")
        said = ready("policy", str(policy))
        assert (said.code, why in said.err) == (1, True), said
    assert believed(keys, tmp_path).vendor_policy == before
    policy.write_text(before, encoding="utf-8")
    assert ready("policy", str(policy)).code == 0


def test_verify_takes_a_published_folder_by_its_root_alone(ready: Desk, keys: Path, tmp_path: Path) -> None:
    published = keys / "published"
    root = published / "metadata" / "1.root.json"
    assert "stand" in ready("verify", str(published), "--key", str(root)).out
    assert ready("ceremony", str(tmp_path / "other"), "--vendor", "Eve").code == 0
    said = ready("verify", str(published), "--key", str(tmp_path / "other" / "published" / "metadata" / "1.root.json"))
    assert said.code == 1
    assert ready("verify", str(keys), "--key", str(root)).code == 1


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["person", "suspend", "t-bob"], 1, "no person t-bob"),
        ([*PERSON, *TRAINED], 1, "already"),
        ([*PERSON[:2], "t-new", *PERSON[3:], "--training", "eu"], 1, "REGION=YYYY-MM-DD"),
        (["device", "remove", "t-ana", "0000"], 1, "no device with this fingerprint"),
        (["host", "remove", "h-none"], 1, "no host h-none"),
        (["host", "add", "h-two", *LAB], 1, "already"),
        (["rotate", "nobody"], 1, "no role nobody"),
        (["rotate", "targets", "--key", "zz"], 1, "0 keys begin with zz"),
        (["revoke", "key", "targets", ""], 1, "cannot sign"),
        (["company", "add", ACME], 1, "already"),
        (["company", "add", "New", "--key", "zz"], 1, "no Ed25519 key"),
        (["site", "sign"], 1, "not a site's folder"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(ready: Desk, words: list[str], code: int, why: str) -> None:
    said = ready(*words)
    assert (said.code, why in said.err) == (code, True), said


def test_one_key_is_certified_for_one_person(ready: Desk) -> None:
    assert ready("person", "add", "t-bo", "--name", "Bo", "--company", "Bolt", "--group", "north").code == 0
    said = ready("device", "certify", "t-bo", "--type", "ed25519", "--yes", "--key", public_key_text(DEVICE))
    assert said.code == 1
    assert "certified for t-ana already" in said.err


def test_a_supervisors_own_key_is_named_without_being_seen(ready: Desk, keys: Path, tmp_path: Path) -> None:
    public = Ed25519Signer(b"s" * 32).public_key.hex()
    assert ready("company", "add", "Bolt", "--key", public).code == 0
    assert not list(keys.glob("devices-bolt-*"))
    assert believed(keys, tmp_path).persons[0].id == "t-ana"


def test_commands_for_many_signers_need_a_ceremony(desk: Desk) -> None:
    said = desk("rotate", "root")
    assert said.code == 1
    assert "no ceremony was held" in said.err


def test_a_host_key_is_compared_by_its_fingerprint(ready: Desk) -> None:
    wrong = ready("host", "certify", "h-new", *LAB[:-1], "--fingerprint", fingerprint(Algorithm.ED25519, DEVICE))
    assert wrong.code == 1
    assert "not the fingerprint" in wrong.err


def test_publish_gives_the_broker_all_that_counts(ready: Desk, keys: Path, tmp_path: Path, door: Door) -> None:
    said = ready("publish", "--broker", door.url, "--ca", str(door.ca))
    assert said.code == 0, said
    ((path, body, origin),) = door.handler.came
    assert (path, origin) == ("/api/documents/vendor", None)
    now = Instant(time.time(), 0.0)
    broker = reader(keys, tmp_path / "broker.json")
    broker.accept(decode(body, DocumentsBundle), now, None)
    assert person_of(compose(broker.in_force(now), None, now.utc), "t-ana") is not None


def test_the_small_signer_tries_again_while_the_broker_is_away(ready: Desk, keys: Path, door: Door) -> None:
    assert ready("show").code == 0
    made = opened(keys)
    door.handler.answer = (502, b"")
    assert cli_documents.look(made, 0, door.url, door.ca) == 0
    door.handler.answer = (200, b"{}")
    known = cli_documents.look(made, 0, door.url, door.ca)
    assert known == made.publication.version("timestamp")
    assert cli_documents.look(made, known, door.url, door.ca) == known
    assert len(door.handler.came) == 2


def test_somebody_who_signs_what_readers_refuse_stops_nobody_else(ready: Desk, keys: Path, tmp_path: Path) -> None:
    assert ready("show").code == 0
    made = opened(keys)
    signer, now = made.signers("timestamp"), int(time.time())
    made.publication.put_timestamp(signer, now - 13 * 3600)
    made.save(now)
    stranger = CryptoSigner.generate_ed25519()
    (role,) = (each for each in made.publication.delegated() if each.startswith("devices-"))
    held = made.publication.newest(role)
    assert held is not None
    metadata = Metadata[Targets].from_bytes(held)
    metadata.signed.version += 1
    metadata.sign(stranger)
    (keys / "published" / "metadata" / f"{metadata.signed.version}.{role}.json").write_bytes(plain(metadata))
    after = cli_documents.look(opened(keys), 0, "", None)
    assert after == made.publication.version("timestamp") + 1
    assert hours_since_signed(keys, tmp_path) == 0
    assert cli_documents.look(opened(keys), 0, "", None) == after


def hours_since_signed(folder: Path, tmp_path: Path) -> int:
    """Whole hours since the newest timestamp that a reader takes."""
    documents, now = reader(folder, tmp_path / "pinned.json"), Instant(time.time(), 0.0)
    documents.accept(bundle_for(opened(folder).publication.without_old(), Repository.VENDOR, None), now, None)
    return int(now.utc - documents.in_force(now).issued) // 3600


def opened(folder: Path) -> SigningFolder:
    made = SigningFolder.load(folder)
    assert made is not None
    return made


def test_copies_of_receipts_are_sealed_to_the_auditor_whose_key_is_named(ready: Desk, keys: Path, tmp_path: Path) -> None:
    file = tmp_path / "auditor.key"
    made, again = ready("auditor", "key", str(file)), ready("auditor", "key", str(file))
    assert made.out == again.out, "the same key as long as the file is there"
    assert ready("auditor", "set", f"--key={made.out.strip()}").code == 0
    assert believed(keys, tmp_path).auditor_key == public_of(load_auditor_key(file))
    assert f"Auditor: {made.out.strip()}" in ready("show").out
    assert ready("auditor", "set", "--key=c2hvcnQ").code == 1
    assert ready("auditor", "none").code == 0
    assert believed(keys, tmp_path).auditor_key == b""
