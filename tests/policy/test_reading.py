"""From text to document, or to every fault with file, line and rule."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.carrier import Direct
from policy.language import DOCUMENT_MAX, MASKS_MAX, RANGES_MAX, RULES_MAX, Document, FilesAsk, Party, Passwords, Region, Visits, Weekday
from policy.permissions import Permission
from policy.reading import Fault, PolicyRefused, read_policy, rules_of
from policy.scalars import FaultKind
from policy.shape import Hours
from tests.policy.policies import ALL, HEAD

EXAMPLE = Path(__file__).parents[2] / "trust" / "policy_example.toml"
KEYS = "party, version, zone, visits, sign_in, phi, direct, direct_ranges, relay_only, allow, deny, black_out, mask"
SITE = HEAD.format(party="site")


def read(text: str) -> Document:
    return read_policy(text, "site.toml", ZoneInfo)


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(PolicyRefused) as caught:
        read(text)
    return caught.value.faults


def only(text: str) -> Fault:
    (fault,) = faults(text)
    return fault


def test_the_example_is_read_whole() -> None:
    document = read(EXAMPLE.read_text(encoding="utf-8"))
    assert (document.party, document.version, document.zone, document.file) == (Party.SITE, 1, "Europe/Paris", "site.toml")
    assert document.visits == Visits(45, 10, FilesAsk.EACH, {Permission.VIEW: 90, Permission.CONTROL: 60})
    assert document.sign_in.passwords is Passwords.CLASSIC
    first = document.allow[0]
    assert first.permissions == {Permission.VIEW, Permission.CONTROL}
    assert first.when.hours == frozenset({Hours(450, 720), Hours(780, 1080)})
    assert first.when.weekdays == frozenset(Weekday) - {Weekday.SATURDAY, Weekday.SUNDAY}
    assert first.where.groups is None
    assert len(document.black_out) == 2


def test_every_rule_knows_its_line() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    lines = text.splitlines()
    for _, rule in rules_of(read(text)):
        assert lines[rule.line - 1].startswith("[[")
        assert rule.name in lines[rule.line]


def test_a_document_of_three_lines_says_no_to_everything() -> None:
    document = read(SITE)
    assert (document.allow, document.deny, document.black_out) == ((), (), ())
    assert document.visits == Visits()


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ('[[allow]]\nname = "a"\n', Fault("site.toml", 4, "a", FaultKind.KEY_MISSING, "allow", "permissions")),
        ('[[allow]]\npermissions = ["view"]\n', Fault("site.toml", 4, "", FaultKind.KEY_MISSING, "allow", "name")),
        (f"{ALL}who = {{}}\n", Fault("site.toml", 7, "all", FaultKind.NAMES_NOTHING, "allow.who")),
        (f"{ALL}who.groups = []\n", Fault("site.toml", 7, "all", FaultKind.NAMES_NOTHING, "allow.who.groups")),
        (f'{ALL}when.hours = ["9-5"]\n', Fault("site.toml", 7, "all", FaultKind.NOT_HOURS, "allow.when.hours", "9-5")),
        (f'{ALL}when.zone = "Lyon"\n', Fault("site.toml", 7, "all", FaultKind.ZONE_UNKNOWN, "allow.when.zone", "Lyon")),
        (f"{ALL}who = 3\n", Fault("site.toml", 7, "all", FaultKind.WRONG_TYPE, "allow.who", "3", "table")),
        (f'{ALL}who.groups = "x"\n', Fault("site.toml", 7, "all", FaultKind.WRONG_TYPE, "allow.who.groups", "x", "list")),
        (f'{ALL}who.groups = ["x", "x"]\n', Fault("site.toml", 7, "all", FaultKind.SAID_TWICE, "allow.who.groups", "x")),
        ("deny = 3\n", Fault("site.toml", 4, "", FaultKind.WRONG_TYPE, "deny", "3", "tables")),
        ("deny = [3]\n", Fault("site.toml", 4, "", FaultKind.WRONG_TYPE, "deny", "3", "table")),
        ("visits.limit_minutes = 481\n", Fault("site.toml", 4, "", FaultKind.OUT_OF_BOUNDS, "visits.limit_minutes", "481", "5-480")),
        ("visits.prompt_seconds = 4\n", Fault("site.toml", 4, "", FaultKind.WRONG_TYPE, "visits.prompt_seconds", "4", "table")),
        (
            "[visits]\n\n\nprompt_seconds.view = 4\n",
            Fault("site.toml", 7, "", FaultKind.OUT_OF_BOUNDS, "visits.prompt_seconds.view", "4", "10-300"),
        ),
        ("[a.b]\n", Fault("site.toml", 4, "", FaultKind.UNKNOWN_KEY, "a", "a", KEYS)),
        (f"{ALL}{ALL}", Fault("site.toml", 8, "all", FaultKind.NAME_TAKEN, "allow.name", "4")),
        (
            f"{ALL}when = {{ begins = 2026-02-02, ends = 2026-02-01 }}\n",
            Fault("site.toml", 7, "all", FaultKind.DATES_BACKWARDS, "allow.when"),
        ),
        ("\n\nparty = 3", Fault("site.toml", 6, "", FaultKind.NOT_TOML, "", "Cannot overwrite a value (at end of document)")),
    ],
)
def test_a_fault_says_file_line_and_rule(rules: str, fault: Fault) -> None:
    assert only(SITE + rules) == fault


def test_one_day_is_no_contradiction() -> None:
    assert read(f"{SITE}{ALL}when = {{ begins = 2026-02-02, ends = 2026-02-02 }}\n").allow
    assert read(f"{SITE}{ALL}when = {{ begins = 2026-02-02 }}\n").allow


def test_a_permission_that_does_not_exist_is_named_with_those_that_do() -> None:
    fault = only(f"{SITE}visits.prompt_seconds.fly = 20\n{ALL.replace('restart', 'view')}".replace('"control", "view"', '"control"'))
    assert (fault.kind, fault.line, fault.found) == (FaultKind.NOT_IN_LIST, 4, "fly")
    assert fault.wanted == ", ".join(Permission)


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = '[[deny]]\nname = "b"\npermissions = ["fly"]\nwherever = 1\n[[black_out]]\nname = "c"\nwhen = { hours = ["1"] }\n'
    found = faults(f'party = "landlord"\nversion = "1"\n{text}')
    assert [(fault.line, fault.kind, fault.rule) for fault in found] == [
        (1, FaultKind.NOT_IN_LIST, ""),
        (1, FaultKind.KEY_MISSING, ""),
        (2, FaultKind.WRONG_TYPE, ""),
        (5, FaultKind.NOT_IN_LIST, "b"),
        (6, FaultKind.UNKNOWN_KEY, "b"),
        (7, FaultKind.KEY_MISSING, "c"),
        (9, FaultKind.NOT_HOURS, "c"),
    ]


def test_a_black_out_needs_its_hours_and_its_words() -> None:
    found = faults(f'{SITE}[[black_out]]\nname = "samples"\nwhen = {{}}\n')
    assert {(fault.kind, fault.found) for fault in found} == {(FaultKind.KEY_MISSING, "text"), (FaultKind.NAMES_NOTHING, "")}


def test_the_direct_path_is_the_sites_own_word() -> None:
    ours = read(f'{SITE}direct = "allow"\ndirect_ranges = ["10.0.0.0/8", "fd00::/8"]\n[relay_only]\nhosts = ["h-1"]\n')
    assert (ours.direct, ours.relay_only.hosts) == (Direct.ALLOW, frozenset({"h-1"}))
    assert sorted(map(str, ours.direct_ranges or ())) == ["10.0.0.0/8", "fd00::/8"]
    assert (read(SITE).direct, read(SITE).direct_ranges) == (Direct.NEVER, None)
    theirs = HEAD.format(party="vendor")
    assert only(f'{theirs}direct = "only"\n') == Fault("site.toml", 4, "", FaultKind.SITE_ALONE, "direct")
    assert only(f'{theirs}direct_ranges = ["10.0.0.0/8"]\n') == Fault("site.toml", 4, "", FaultKind.SITE_ALONE, "direct_ranges")
    assert read(f'{theirs}direct = "never"\n[relay_only]\nmodels = ["AU 680"]\n').relay_only.models == frozenset({"AU 680"})


def test_ranges_are_ranges_none_twice_and_not_too_many() -> None:
    for text, kind in (("10.0.0.1/8", FaultKind.NOT_A_RANGE), ("169.254.0.0/16", FaultKind.RANGE_CLOSED)):
        assert only(f'{SITE}direct_ranges = ["{text}"]\n') == Fault("site.toml", 4, "", kind, "direct_ranges", text)
    assert only(f'{SITE}direct_ranges = ["10.0.0.0/8", "10.0.0.0/8"]\n').kind is FaultKind.SAID_TWICE
    assert only(f"{SITE}direct_ranges = []\n").kind is FaultKind.NAMES_NOTHING
    many = ", ".join(f'"10.{place}.0.0/16"' for place in range(RANGES_MAX + 1))
    assert only(f"{SITE}direct_ranges = [{many}]\n") == Fault(
        "site.toml", 4, "", FaultKind.OUT_OF_BOUNDS, "direct_ranges", str(RANGES_MAX + 1), f"1-{RANGES_MAX}"
    )
    assert len(read(f"{SITE}direct_ranges = [{many.rsplit(', ', 1)[0]}]\n").direct_ranges or ()) == RANGES_MAX


def test_a_mask_is_of_windows_or_of_a_region() -> None:
    region = "region = { left = 0, top = 5, width = 10, height = 20 }\n"
    written = f'[[mask]]\nname = "a"\ntitle = "x*"\n[[mask]]\nname = "b"\n{region}[[mask]]\nname = "c"\nwindow_class = "x"\nprogram = "y"\n'
    masks = read(SITE + written).mask
    assert [(each.title, each.window_class, each.program, each.region) for each in masks] == [
        ("x*", "", "", None),
        ("", "", "", Region(0, 5, 10, 20)),
        ("", "x", "y", None),
    ]
    for unclear in ('[[mask]]\nname = "a"\n', f'[[mask]]\nname = "a"\nprogram = "y"\n{region}'):
        assert only(SITE + unclear) == Fault("site.toml", 4, "a", FaultKind.MASK_UNCLEAR, "mask")
    assert only(f'{SITE}{ALL}[[mask]]\nname = "all"\ntitle = "x"\n').kind is FaultKind.NAME_TAKEN
    many = "".join(f'[[mask]]\nname = "{place}"\ntitle = "x"\n' for place in range(MASKS_MAX + 1))
    assert only(SITE + many).kind is FaultKind.TOO_LONG


def test_a_name_that_is_none_is_not_shown_as_one() -> None:
    found = faults(f"{SITE}[[allow]]\nname = 7\npermissions = []\n")
    assert {fault.rule for fault in found} == {""}


def test_an_empty_or_endless_text_is_no_policy() -> None:
    assert only("").kind is FaultKind.NAMES_NOTHING
    assert only("#" * (DOCUMENT_MAX + 1)).kind is FaultKind.TOO_LONG


def test_more_rules_than_anybody_reads_are_refused() -> None:
    rules = "".join(f'[[deny]]\nname = "{number}"\npermissions = ["view"]\n' for number in range(RULES_MAX + 1))
    assert only(SITE + rules).kind is FaultKind.TOO_LONG


def test_what_is_refused_says_so_in_one_line() -> None:
    with pytest.raises(PolicyRefused, match=r"^site.toml, line 1: key_missing$"):
        read('version = 1\nzone = "UTC"\n')


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_a_document_or_is_refused(text: str) -> None:
    with pytest.raises(PolicyRefused):
        read(text)


SPOILING = st.sampled_from(["", '"', "[", "]", "=", "\n", "'''", "#"])


@given(st.integers(0, 3000), SPOILING, st.integers(0, 30))
def test_an_example_with_a_hole_is_a_document_or_is_refused_on_a_line_of_it(begin: int, spoiling: str, hole: int) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    spoilt = text[:begin] + spoiling + text[begin + hole :]
    lines = lines_of_faults(spoilt)
    assert all(1 <= line <= spoilt.count("\n") + 1 for line in lines)


def lines_of_faults(text: str) -> list[int]:
    try:
        read(text)
    except PolicyRefused as refused:
        return [fault.line for fault in refused.faults]
    return []
