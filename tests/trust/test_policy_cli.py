"""The administrator's commands, as typed: what they say, and with which exit code."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from policy.decision import Allow
from policy.effective import Check, Finding, Outcome
from policy.json_schema import json_schema
from policy.language import Document
from policy.permissions import Permission
from policy.reading import Fault, read_policy
from policy.scalars import FaultKind
from policy.shape import Key, Table, keys_of
from runtime.catalogues import LANGUAGES, catalogue
from tests.helpers.documents import VendorSigners
from tests.helpers.views import listed_host
from trust.policy_cli import EXAMPLE, fault_line, main
from wire.messages.documents import DocumentsBundle, ListedBroker, ListedPerson, TrainedFor, VendorDocument
from wire.schema import decode, encode

SITE = """\
party = "site"
version = 2
zone = "Europe/Paris"

[[allow]]
name = "weekdays"
permissions = ["view", "control"]
where = { sites = ["Lyon"] }
when = { hours = ["08:00-18:00"] }

[[deny]]
name = "hands off"
permissions = ["control"]
who = { technicians = ["t-ana"] }
"""
VENDOR = 'party = "vendor"\nversion = 1\nzone = "UTC"\n[[allow]]\nname = "all"\npermissions = ["view", "control", "file_to_host"]\n'
DAY = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
"""Within the life of documents that are signed now."""
NOON = f"{DAY}T12:00"
TRAINED_UNTIL = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


Desk = Callable[..., Said]


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str]) -> Desk:
    def run(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        captured = capsys.readouterr()
        return Said(int(ended.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Signed documents of two technicians and two instruments, and the policies of vendor and site."""
    vendor = VendorSigners("Acme")
    trained = (TrainedFor("", TRAINED_UNTIL),)
    people = tuple(ListedPerson(f"t-{name}", name, "Acme", name == "ana", ("north",), trained) for name in ("ana", "bo"))
    instruments = (
        listed_host("h-lab", "north", b"h" * 32, site="Lyon", model="AU 680"),
        listed_host("h-phi", "north", b"p" * 32, site="Lyon", model="Navios EX"),
    )
    service = VendorDocument("Acme", ListedBroker("b-1", b"b" * 32), "", b"")
    bundle = vendor.sign(service, people, {}, instruments, policy=VENDOR)
    for each in bundle.files:
        (tmp_path / "published" / each.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "published" / each.path).write_bytes(each.content)
    (tmp_path / "vendor.json").write_bytes(encode(bundle))
    (tmp_path / "root.json").write_bytes(vendor.root)
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    (tmp_path / "vendor.toml").write_text(VENDOR, encoding="utf-8")
    return tmp_path


@pytest.fixture
def explained(desk: Desk, folder: Path) -> Desk:
    def run(technician: str, host: str, permission: str, *more: str, root: bool = True) -> Said:
        files = ["--site", str(folder / "site.toml"), "--vendor", str(folder / "vendor.toml")]
        signed = ["--documents", str(folder / "vendor.json")]
        checked = ["--root", str(folder / "root.json")] if root else []
        return desk("explain", technician, host, permission, *files, *signed, *checked, *(more or ("--at", NOON)))

    return run


def test_a_sound_document_is_summed_up(desk: Desk, folder: Path) -> None:
    said = desk("check", str(folder / "site.toml"), str(EXAMPLE))
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"{folder / 'site.toml'}: site, version 2: 1 allow, 1 deny, 0 black_out, 0 mask",
        f"{EXAMPLE}: site, version 1: 3 allow, 1 deny, 2 black_out, 2 mask",
    ]


def test_each_mistake_is_told_with_file_line_and_rule_in_the_language_that_was_asked_for(desk: Desk, folder: Path) -> None:
    bad = folder / "bad.toml"
    bad.write_text(SITE.replace("18:00", "07:00").replace('permissions = ["control"]', "permissons = []"), encoding="utf-8")
    said = desk("check", str(bad), str(folder / "vendor.toml"))
    assert said.code == 1
    first, second, third, sound = said.out.splitlines()
    assert first.startswith(f"{bad}, line 9, rule “weekdays”: “allow.when.hours” ends before it begins: 08:00-07:00.")
    assert second == f"{bad}, line 11, rule “hands off”: “permissions” is missing."
    assert third.startswith(f"{bad}, line 13, rule “hands off”: “permissons” is no key here.")
    assert "version 1" in sound
    assert "ligne 11, règle « hands off »" in desk("check", "--language", "fr", str(bad)).out


def test_a_name_that_fits_nobody_is_found_with_the_documents(desk: Desk, folder: Path) -> None:
    slip = folder / "slip.toml"
    slip.write_text(SITE.replace("t-ana", "t-anna") + 'where = { models = ["au-680", "AU 681"] }\n', encoding="utf-8")
    documents = str(folder / "published")
    said = desk("check", str(slip), "--documents", documents)
    assert said.code == 1
    assert said.out.count("line 11, rule “hands off”: the signed documents know no") == 2
    assert "“t-anna”" in said.out
    assert "“AU 681”" in said.out
    assert desk("check", str(folder / "site.toml"), "--documents", documents).code == 0


def test_what_is_allowed_says_by_which_rules_and_until_when(explained: Desk, folder: Path) -> None:
    said = explained("t-ana", "h-lab", "view")
    assert said.code == 0, said
    lines = said.out.splitlines()
    assert lines[0] == f"t-ana asks h-lab to see the screen, {DAY} 12:00 (Europe/Paris)."
    assert [line[:3] for line in lines[1:10]] == ["3 +", "4 +", "4 +", "5 +", "6 +", "6 +", "6 +", "6 +", "6 +"]
    assert "The vendor allows it by rule “all”" in lines[7]
    assert "The site allows it by rule “weekdays”" in lines[8]
    assert "line 5)" in lines[8]
    assert lines[10].startswith("Allowed, if the person")
    assert lines[11:13] == [
        "Content here: over the broker, sealed. There is no direct path.",
        f'  {folder / "site.toml"} says direct = "never", or nothing, which is the same.',
    ]
    assert lines[13] == f"It ends by time alone at {DAY} 18:00 (Europe/Paris)."


def test_what_is_refused_says_which_rule_decided(explained: Desk) -> None:
    said = explained("t-ana", "h-lab", "control")
    assert said.code == 1
    assert "6 ! The site denies it by rule “hands off”" in said.out
    assert "Refused. The rules of this site do not allow this here." in said.out


def test_a_time_without_a_zone_is_by_the_clock_of_the_site(explained: Desk) -> None:
    assert explained("t-ana", "h-lab", "view", "--at", f"{DAY}T17:59").code == 0
    late = explained("t-ana", "h-lab", "view", "--at", f"{DAY}T18:00")
    assert (late.code, "but not at this time" in late.out) == (1, True)
    assert explained("t-ana", "h-lab", "view", "--at", f"{DAY}T15:59+00:00").code == 0
    assert explained("t-ana", "h-lab", "view", "--at", "noon").code == 2
    assert " asks h-lab " in explained("t-ana", "h-lab", "view", "--language", "en").out


def test_what_does_not_end_by_time_is_not_said_to_end(explained: Desk, folder: Path) -> None:
    (folder / "site.toml").write_text(SITE.replace('when = { hours = ["08:00-18:00"] }\n', ""), encoding="utf-8")
    said = explained("t-ana", "h-lab", "view")
    assert said.code == 0
    assert "It ends by time" not in said.out


def test_health_data_are_named_as_the_cause(explained: Desk) -> None:
    said = explained("t-ana", "h-phi", "file_to_host")
    assert "6 ! There may be health data" in said.out
    assert "PC may hold health data" in said.out


def test_strangers_and_stopped_technicians_and_unlisted_hosts_are_refused(explained: Desk) -> None:
    for technician in ("t-nobody", "t-bo"):
        said = explained(technician, "h-lab", "view")
        assert (said.code, "not assigned" in said.out) == (1, True)
    assert "4 ! The signed documents do not list" in explained("t-ana", "h-none", "view").out


def test_documents_that_came_with_their_own_root_are_called_so(explained: Desk) -> None:
    assert "the root that is with the documents" in explained("t-ana", "h-lab", "view", root=False).out
    assert "the root that is with the documents" not in explained("t-ana", "h-lab", "view").out


def test_a_document_of_the_other_party_or_no_document_is_not_explained_with(desk: Desk, explained: Desk, folder: Path) -> None:
    site = (folder / "site.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(VENDOR, encoding="utf-8")
    assert "is the policy of the vendor" in explained("t-ana", "h-lab", "view").err
    (folder / "site.toml").write_text(site + "x = 1\n", encoding="utf-8")
    wrong = explained("t-ana", "h-lab", "view")
    assert (wrong.code, "line 15, rule “hands off”" in wrong.err) == (2, True)
    (folder / "site.toml").write_bytes(b"\xff")
    assert "no UTF-8" in explained("t-ana", "h-lab", "view").err
    assert desk("check", str(folder / "nowhere.toml")).code == 2


def test_forged_or_strange_documents_are_refused(explained: Desk, folder: Path) -> None:
    kept = folder / "vendor.json"
    genuine = kept.read_bytes()
    bundle = decode(genuine, DocumentsBundle)
    forged = tuple(replace(each, content=each.content.replace(b"t-ana", b"t-eve")) for each in bundle.files)
    kept.write_bytes(encode(replace(bundle, files=forged)))
    assert "not those that were signed" in explained("t-eve", "h-lab", "view").err
    kept.write_bytes(b"{}")
    assert "holds no signed documents" in explained("t-ana", "h-lab", "view", root=False).err
    kept.write_bytes(genuine)
    (folder / "root.json").write_bytes(VendorSigners("Somebody else").root)
    assert explained("t-ana", "h-lab", "view").code == 2


def test_the_vendors_signed_policy_is_asked_unless_another_is_tried(desk: Desk, folder: Path) -> None:
    files = ("--site", str(folder / "site.toml"), "--documents", str(folder / "published"))
    words = ("explain", "t-ana", "h-lab", "view", *files, "--at", NOON)
    said = desk(*words)
    assert (said.code, "The vendor allows it by rule “all” (vendor-policy.toml" in said.out) == (0, True)
    (folder / "other.toml").write_text(VENDOR.replace('"view", ', ""), encoding="utf-8")
    assert desk(*words, "--vendor", str(folder / "other.toml")).code == 1


def test_a_vendor_that_signed_no_policy_lets_nobody_in(desk: Desk, folder: Path) -> None:
    service = VendorDocument("Acme", ListedBroker("b-1", b"b" * 32), "", b"")
    (folder / "vendor.json").write_bytes(encode(VendorSigners("Acme").sign(service, (), {}, (), policy="")))
    said = desk("explain", "t-ana", "h-lab", "view", "--site", str(folder / "site.toml"), "--documents", str(folder / "vendor.json"))
    assert (said.code, "has signed no policy" in said.err) == (2, True)


def test_the_schema_and_the_example_are_printed_as_they_are(desk: Desk) -> None:
    assert json.loads(desk("schema").out) == json_schema()
    assert desk("example").out == EXAMPLE.read_text(encoding="utf-8")


def test_help_and_version_are_there(desk: Desk) -> None:
    said = desk("--help")
    assert said.code == 0
    assert all(command in said.out for command in ("check", "explain", "schema", "example"))
    assert desk("--version").out.startswith("chaperone ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mistake_and_every_finding_has_its_words(language: str) -> None:
    words = catalogue(language)
    for kind in FaultKind:
        said = fault_line(Fault("site.toml", 4, "a rule", kind, "allow.who", "x", "text"), words)
        assert "site.toml" in said
        assert said.endswith("."), said
    for check in Check:
        by_rule = {Outcome.ALLOWED, Outcome.DENIED} | ({Outcome.CLOSED, Outcome.SILENT} if check in (Check.VENDOR, Check.SITE) else set())
        for outcome in by_rule:
            assert words.has(Finding(check, outcome, Allow()).message)


GUIDE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def toml_of_the_guide() -> list[str]:
    """The site's policy, then the vendor's."""
    written = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert len(written) == 2
    return [str(text) for text in written]


def test_the_policies_of_the_guide_are_sound(desk: Desk, tmp_path: Path) -> None:
    for number, text in enumerate(toml_of_the_guide()):
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
        assert desk("check", str(tmp_path / f"{number}.toml")).code == 0


def test_the_guide_shows_every_key_and_every_permission() -> None:
    named = {key.name for key in every_key(Document)}
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", GUIDE)] == []
    assert [each for each in Permission if f"`{each.value}`" not in GUIDE] == []


def every_key(cls: type) -> Iterator[Key]:
    for key in keys_of(cls):
        yield key
        if isinstance(key.kind, Table):
            yield from every_key(key.kind.cls)


def test_the_explanation_of_the_guide_is_in_the_words_of_today() -> None:
    words = catalogue("en")
    shown = re.findall(r"^    \d [+!] (.*)$", GUIDE, re.MULTILINE)
    site, vendor = (read_policy(text, name, ZoneInfo) for text, name in zip(toml_of_the_guide(), ("site.toml", "vendor.toml"), strict=True))
    assert len(shown) == len(Check)
    assert shown[0] == words.text("policy-training-allowed")
    assert shown[-3] == words.text("policy-vendor-allowed", file="vendor.toml", rule=vendor.allow[0].name, line=vendor.allow[0].line)
    assert shown[-2] == words.text("policy-site-closed", file="site.toml", rule=site.allow[0].name, line=site.allow[0].line)
    assert shown[-1] == words.text("policy-carrier-allowed")
