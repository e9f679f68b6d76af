"""Case 81, in signed documents: who may help, which PC holds health data, and which policy is in force change when as many keys have
signed as the role asks for, and not before. What too few have signed waits in `pending/` and is never published; a signature counts for
the very change it was given for; one key counts once, however often it signs; the next signer reads what he would say yes to.

Mutations that were tried, each of which makes this file fail:
    trust/signing_folder.py  `finish` publishes what waits; `put` forgets that another change waits; `with_change` takes any root;
                             `change` takes what was overtaken, or what is for a newer folder
    trust/publication.py     half-signed metadata is taken as signed
    trust/waiting.py         `first_missing` finds nothing; `_sound` looks at no path, no hash, no version
    trust/role_changes.py    what several sign is not renewed

Left: that two keys are one person's is known to no program; whoever holds both decides alone. Exports and purging of logs do not exist.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Root, Targets

from tests.helpers.views import rules
from tests.trust.test_cli_documents import ACME, BROKER, DEVICE, Desk, Said, believed, desk, keys
from tests.trust.test_cli_documents import HOST as LAB_KEY
from tests.trust.test_cli_documents import SECOND as OTHER_KEY
from trust.ceremonies import STARTER_POLICY
from trust.keys import public_key_text
from trust.publication import Publication, plain
from trust.refused import DocumentRefused
from trust.signing_folder import SigningFolder
from trust.view import View, host_of, person_of
from trust.waiting import read_change, roles_in, write_change

__all__ = ["desk", "keys"]
BEFORE, POLICY = STARTER_POLICY.read_text(encoding="utf-8"), rules("vendor", "", 2)
pytestmark = pytest.mark.adversary
PLACE = ["--name", "Analyser", "--site", "Lyon", "--group", "north", "--model", "AU", "--yes"]


@dataclass
class Signers:
    """Two folders with one key of each role; snapshot, timestamp and root are signed in the first."""

    desk: Desk
    first: Path
    second: Path

    def say(self, *words: str, second: bool = False) -> Said:
        """A command of one of the two."""
        return self.desk(*words, folder=self.second if second else self.first)

    def hand_over(self, *, back: bool = False) -> None:
        """What the one has, as copied to the other: published/ and what waits."""
        one, other = (self.second, self.first) if back else (self.first, self.second)
        for name in ("published", "pending"):
            shutil.rmtree(other / name, ignore_errors=True)
            if (one / name).exists():
                shutil.copytree(one / name, other / name)

    def published(self) -> dict[str, bytes]:
        """Every byte that readers can get."""
        folder = self.first / "published"
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def signers(desk: Desk, keys: Path, tmp_path: Path) -> Signers:
    made = Signers(desk, keys, tmp_path / "second")
    for words in (
        ["ceremony", str(keys), "--vendor", "Acme", "--company", ACME],
        ["broker", "b-1", "--key", public_key_text(BROKER), "--yes"],
        ["person", "add", "t-ana", "--name", "Ana", "--company", ACME, "--group", "north", "--training", "eu=2099-12-31"],
        ["device", "certify", "t-ana", "--type", "ed25519", "--yes", "--key", public_key_text(DEVICE)],
        ["host", "certify", "h-lab", "--key", public_key_text(LAB_KEY), "--phi", *PLACE],
        ["threshold", "targets", "2"],
        ["threshold", "hosts", "2"],
    ):
        said = made.say(*words)
        assert said.code == 0, said
    for folder in ("directory", "hosts"):
        (made.second / folder).mkdir(parents=True, mode=0o700)
        shutil.move(keys / folder / "2.key", made.second / folder / "2.key")
    made.second.chmod(0o700)
    return made


def policy(tmp_path: Path) -> list[str]:
    (tmp_path / "vendor.toml").write_text(POLICY, encoding="utf-8")
    return ["policy", str(tmp_path / "vendor.toml")]


def group_of(view: View) -> tuple[str, ...]:
    ana = person_of(view, "t-ana")
    return ana.groups if ana is not None else ()


EVE = ["person", "add", "t-eve", "--name", "Eve", "--company", ACME, "--group", "north", "--training", "eu=2099-12-31"]
NO_HEALTH_DATA = ["--key", public_key_text(OTHER_KEY), "--no-phi", *PLACE]
CHANGES: dict[str, tuple[list[str], str, Callable[[View], bool]]] = {
    "a technician": (EVE, "+ persons.json t-eve", lambda view: person_of(view, "t-eve") is not None),
    "a technician's company": (
        [*EVE[:5], "--company", "Another Company", *EVE[7:]],
        "~ who signs for devices-another-company",
        lambda view: person_of(view, "t-eve") is not None,
    ),
    "a technician fewer": (["person", "remove", "t-ana"], "- persons.json t-ana", lambda view: person_of(view, "t-ana") is None),
    "another broker": (
        ["broker", "b-2", "--key", public_key_text(OTHER_KEY), "--yes"], "~ vendor.json: broker", lambda view: view.broker.id == "b-2",
    ),
    "a host and its flag of health data": (
        ["host", "certify", "h-two", *NO_HEALTH_DATA], "phi False", lambda view: host_of(view, "h-two") is not None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_one_has_signed_waits_and_counts_when_the_second_signs(signers: Signers, tmp_path: Path, what: str) -> None:
    words, line, counts = CHANGES[what]
    before = signers.published()
    waits = signers.say(*words)
    assert waits.code == 1
    assert "1 of 2 signatures" in waits.err
    assert signers.published() == before, "nothing of it is published"
    assert signers.say("timestamp").code == 0
    assert not counts(believed(signers.first, tmp_path)), "whatever the small signer signs"
    shown = signers.say("show").out
    assert "Waiting: " in shown
    assert line in shown

    signers.hand_over()
    shown = signers.say("show", second=True).out
    assert line in shown
    assert "1 more of" in shown
    signed = signers.say("sign", second=True)
    assert signed.code == 0, signed
    assert line in signed.out
    signers.hand_over(back=True)
    assert signers.say("timestamp").code == 0
    assert counts(believed(signers.first, tmp_path))
    assert "Waiting" not in signers.say("show").out


def test_a_policy_waits_for_its_second_signer_in_the_vendors_folder_and_in_a_sites(signers: Signers, tmp_path: Path) -> None:
    assert signers.say(*policy(tmp_path)).code == 1
    assert believed(signers.first, tmp_path).vendor_policy == BEFORE
    signers.hand_over()
    assert "~ vendor-policy.toml" in signers.say("sign", second=True).out
    signers.hand_over(back=True)
    assert signers.say("timestamp").code == 0
    assert believed(signers.first, tmp_path).vendor_policy == POLICY

    site = tmp_path / "site"
    assert signers.say("site", "init", str(site), "--site", "Lyon").code == 0
    assert signers.desk("threshold", "targets", "2", folder=site).code == 0
    shutil.move(site / "site" / "2.key", tmp_path / "away.key")
    before = (site / "published" / "metadata" / "timestamp.json").read_bytes()
    assert "1 of 2" in signers.desk("site", "terms", "--phi-host", "h-lab", folder=site).err
    assert (site / "published" / "metadata" / "timestamp.json").read_bytes() == before
    shutil.move(site / "site" / "1.key", tmp_path / "first.key")
    shutil.move(tmp_path / "away.key", site / "site" / "2.key")
    signed = signers.desk("site", "sign", folder=site)
    assert (signed.code, "phi_hosts [] -> [h-lab]" in signed.out) == (0, True)


def test_one_key_counts_once_however_often_it_signs(signers: Signers, tmp_path: Path) -> None:
    assert signers.say(*policy(tmp_path)).code == 1
    shutil.copy(signers.first / "directory" / "1.key", signers.first / "directory" / "7.key")
    for _ in range(3):
        again = signers.say("sign")
        assert again.code == 1
        assert "1 of 2" in again.err
    shutil.move(signers.second / "hosts" / "2.key", signers.first / "directory" / "8.key")
    assert "1 of 2" in signers.say("sign").err, "a key of another role"
    assert believed(signers.first, tmp_path).vendor_policy == BEFORE


def waiting(folder: Path) -> dict[str, bytes]:
    return read_change((folder / "pending" / "change.json").read_bytes())


def top(files: dict[str, bytes]) -> tuple[str, Metadata[Targets]]:
    (path,) = (path for path in files if path.endswith(".targets.json"))
    return path, Metadata[Targets].from_bytes(files[path])


def test_a_signature_for_one_change_is_none_for_another(signers: Signers, tmp_path: Path) -> None:
    assert signers.say("person", "suspend", "t-ana").code == 1
    signers.hand_over()
    given = signers.second / "given.json"
    assert signers.say("sign", second=True).code == 0
    made = SigningFolder.load(signers.second)
    assert made is not None
    held = made.publication.newest("targets")
    assert held is not None
    given.write_bytes(held)

    assert signers.say("drop").code == 0
    assert signers.say(*EVE).code == 1, "the same version, something else"
    files = waiting(signers.first)
    path, metadata = top(files)
    for keyid, signature in Metadata[Targets].from_bytes(given.read_bytes()).signatures.items():
        metadata.signatures.setdefault(keyid, signature)
    assert len(metadata.signatures) == 2
    (signers.first / "pending" / "change.json").write_bytes(write_change({**files, path: plain(metadata)}))
    assert "1 of 2" in signers.say("sign").err
    assert person_of(believed(signers.first, tmp_path), "t-eve") is None


def test_whoever_has_the_small_signers_key_publishes_nothing_that_waits(signers: Signers, tmp_path: Path) -> None:
    assert signers.say(*EVE).code == 1
    for path, content in waiting(signers.first).items():
        target = signers.first / "published" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    refused = signers.say("timestamp")
    assert refused.code == 1, "a reader would not take it"
    made = SigningFolder.load(signers.first)
    assert made is not None
    made.publication.put_snapshot(made.signers("snapshot"), 4_000_000_000 - 30 * 86_400)
    with pytest.raises(DocumentRefused):
        made.verify(4_000_000_000 - 30 * 86_400)


def test_what_waits_is_what_its_names_say(signers: Signers, tmp_path: Path) -> None:
    assert signers.say(*policy(tmp_path)).code == 1
    signers.hand_over()
    file, good = signers.second / "pending" / "change.json", waiting(signers.second)
    path, metadata = top(good)
    (document,) = (each for each in good if each.endswith("vendor-policy.toml"))
    later = path.replace(path.partition("/")[2].partition(".")[0], "77", 1)
    for bad in (
        {**good, document: b"party = 'somebody else'\n"},
        {**good, "metadata/timestamp.json": good[path]},
        {**good, f"targets/../../root/{sha256(b'x').hexdigest()}.key": b"x"},
        {later: good[path]},
        {path: b"{}"},
    ):
        file.write_bytes(write_change(bad))
        for words in ("show", "sign"):
            refused = signers.say(words, second=True)
            assert refused.code == 1
            assert "damaged" in refused.err
    file.write_bytes(json.dumps({"files": 7}).encode())
    assert signers.say("sign", second=True).code == 1
    metadata.signatures.clear()
    file.write_bytes(write_change({**good, path: plain(metadata)}))
    assert "signed by nobody" in signers.say("show", second=True).out
    assert "1 of 2" in signers.say("sign", second=True).err, "the first signer's word is not there any more"


def test_a_root_that_its_keepers_did_not_sign_names_no_signers(signers: Signers, tmp_path: Path) -> None:
    """Whoever hands a change over could name himself as its only signer."""
    assert signers.say(*policy(tmp_path)).code == 1
    signers.hand_over()
    made, files = SigningFolder.load(signers.second), waiting(signers.second)
    assert made is not None
    root = made.publication.root()
    root.version += 1
    root.roles["targets"].threshold = 1
    own = plain(Metadata[Root](root))
    (signers.second / "pending" / "change.json").write_bytes(write_change({**files, f"metadata/{root.version}.root.json": own}))
    before = Publication(made.publication.files).files
    refused = signers.say("sign", second=True)
    assert refused.code == 1
    assert "root: 0 of 1" in refused.err
    after = SigningFolder.load(signers.second)
    assert after is not None
    assert after.publication.files == before


def test_nothing_is_piled_on_what_waits(signers: Signers, tmp_path: Path) -> None:
    assert signers.say(*EVE).code == 1
    held = (signers.first / "pending" / "change.json").read_bytes()
    for words in (["person", "suspend", "t-ana"], policy(tmp_path), ["host", "remove", "h-lab"]):
        refused = signers.say(*words)
        assert refused.code == 1
        assert "another change waits" in refused.err
    assert (signers.first / "pending" / "change.json").read_bytes() == held
    assert signers.say("drop").code == 0
    assert "Nothing waits" in signers.say("drop").out
    assert signers.say("person", "suspend", "t-ana").code == 1
    assert "t-eve" not in signers.say("show").out


def test_what_was_overtaken_is_not_signed(signers: Signers, tmp_path: Path) -> None:
    assert signers.say(*EVE).code == 1
    shutil.copytree(signers.first / "pending", tmp_path / "old")
    assert signers.say("drop").code == 0
    assert signers.say(*policy(tmp_path)).code == 1
    signers.hand_over()
    assert signers.say("sign", second=True).code == 0
    shutil.rmtree(signers.second / "pending", ignore_errors=True)
    shutil.copytree(tmp_path / "old", signers.second / "pending")
    assert "Waiting" not in signers.say("show", second=True).out
    signers.say("sign", second=True)
    made = SigningFolder.load(signers.second)
    assert made is not None
    assert b"t-eve" not in made.publication.documents()["persons.json"]


def test_a_change_for_a_newer_folder_is_not_signed_over_an_older(signers: Signers, tmp_path: Path) -> None:
    signers.hand_over()
    shutil.copytree(signers.second / "published", tmp_path / "older")
    assert signers.say("person", "suspend", "t-ana").code == 1
    signers.hand_over()
    assert signers.say("sign", second=True).code == 0
    signers.hand_over(back=True)
    assert signers.say(*policy(tmp_path)).code == 1
    signers.hand_over()
    shutil.rmtree(signers.second / "published")
    shutil.copytree(tmp_path / "older", signers.second / "published")
    refused = signers.say("sign", second=True)
    assert (refused.code, "copy that here first" in refused.err) == (1, True)
    made = SigningFolder.load(signers.second)
    assert made is not None
    assert POLICY.encode() not in made.publication.files.values()


def test_a_key_is_replaced_only_with_the_others_and_the_root_waits_with_it(signers: Signers, tmp_path: Path) -> None:
    made = SigningFolder.load(signers.first)
    assert made is not None
    (first,) = made.signers("targets")
    before = signers.published()
    assert signers.say("rotate", "targets", "--key", first.public_key.keyid[:12]).code == 1
    assert signers.published() == before
    assert set(roles_in(waiting(signers.first))) == {"targets"}
    signers.hand_over()
    signed = signers.say("sign", second=True)
    assert signed.code == 0, signed
    assert "who signs for targets: 2 of" in signed.out
    signers.hand_over(back=True)
    assert signers.say("timestamp").code == 0
    assert person_of(believed(signers.first, tmp_path), "t-ana") is not None


def test_documents_that_two_must_sign_are_renewed_by_two(signers: Signers, tmp_path: Path) -> None:
    first = signers.say("sign")
    assert first.code == 1
    assert "1 of 2" in first.err
    signers.hand_over()
    second = signers.say("sign", second=True)
    assert second.code == 0
    assert "nothing but version and expiry" in second.out
    signers.hand_over(back=True)
    assert signers.say("timestamp").code == 0
    assert group_of(believed(signers.first, tmp_path)) == ("north",)
