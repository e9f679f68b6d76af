"""Effective policy: the most restrictive wins, nothing said is a no, and the vendor never widens what the site answers."""

from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.decision import Allow, Decision, Deny, Reason
from policy.effective import (
    BY_RELAY_ALONE,
    STEP,
    Check,
    Explanation,
    Finding,
    Outcome,
    black_out,
    chat,
    decide,
    effective,
    explain,
    narrowest,
    phi_in_force,
    until_change,
)
from policy.facts import InstrumentFacts, Training, VisitorFacts
from policy.language import Document, Party, Policy, Rule, nothing_said, stricter
from policy.permissions import TERMS, Permission
from policy.rulebook import Rulebook, rulebook
from tests.policy.policies import ALL, ANA, EVERYTHING, LAB, book, documents, instruments, moments, paris, rules, visitors

VENDOR = book(party=Party.VENDOR)
NOON = paris(2026, 6, 1, 12)
OFFICE = f'{ALL}when.hours = ["08:00-18:00"]\n'
NO_CONTROL = '[[deny]]\nname = "hands off"\npermissions = ["control"]\n'
SAMPLES = '[[black_out]]\nname = "samples"\ntext = "Call 4711."\nwhen.hours = ["12:00-13:00"]\n'


def ask(
    permission: Permission = Permission.VIEW, site: Rulebook | None = None, at: float = NOON, lab: InstrumentFacts = LAB
) -> Explanation:
    """What is said to Ana, and that `decide` says the same."""
    said = explain(permission, ANA, lab, at, VENDOR, site or book())
    assert said.decision == decide(permission, ANA, lab, at, VENDOR, site or book())
    return said


def decided_by(said: Explanation) -> Finding:
    return next(finding for finding in said.findings if isinstance(finding.decision, Deny))


def test_what_both_allow_is_allowed_and_every_check_is_told_in_the_order_of_admission() -> None:
    said = ask()
    assert said.decision == Allow()
    assert [finding.check for finding in said.findings] == list(Check)
    steps = [STEP[finding.check] for finding in said.findings]
    assert steps == sorted(steps) == [3, 4, 4, 5, 6, 6, 6, 6, 6]
    site, carrier = said.findings[-2:]
    assert (site.message, carrier.message) == ("policy-site-allowed", "policy-carrier-allowed")
    assert (site.file, site.rule, site.line) == ("site.toml", "all", 4)


def test_nothing_said_is_a_no_of_whoever_said_nothing() -> None:
    silent = rulebook(nothing_said(Party.SITE), ZoneInfo)
    said = ask(site=silent)
    assert said.decision == Deny(Reason.SITE_POLICY)
    assert decided_by(said).outcome is Outcome.SILENT
    vendor = rulebook(nothing_said(Party.VENDOR), ZoneInfo)
    assert decide(Permission.VIEW, ANA, LAB, NOON, vendor, book()) == Deny(Reason.VENDOR_POLICY)


def test_deny_wins_and_says_by_which_rule() -> None:
    said = ask(Permission.CONTROL, book(ALL + NO_CONTROL))
    assert said.decision == Deny(Reason.SITE_POLICY)
    assert (decided_by(said).outcome, decided_by(said).rule, decided_by(said).line) == (Outcome.DENIED, "hands off", 7)
    assert ask(Permission.VIEW, book(ALL + NO_CONTROL)).decision == Allow()


def test_a_deny_counts_only_in_its_hours() -> None:
    site = book(f'{ALL}{NO_CONTROL}when.hours = ["12:00-13:00"]\n')
    assert ask(Permission.CONTROL, site).decision == Deny(Reason.SITE_POLICY)
    assert ask(Permission.CONTROL, site, paris(2026, 6, 1, 13)).decision == Allow()


def test_outside_the_hours_of_a_rule_that_would_allow_it_this_is_what_is_said() -> None:
    said = ask(site=book(OFFICE), at=paris(2026, 6, 1, 18))
    assert said.decision == Deny(Reason.OUTSIDE_HOURS)
    assert (decided_by(said).outcome, decided_by(said).rule) == (Outcome.CLOSED, "all")


def test_a_black_out_stops_everything_with_the_sites_own_words() -> None:
    site = book(ALL + SAMPLES)
    said = ask(site=site)
    assert said.decision == Deny(Reason.BLACK_OUT)
    assert (decided_by(said).check, decided_by(said).text) == (Check.BLACK_OUT, "Call 4711.")
    assert black_out(LAB, NOON, VENDOR, site) == decided_by(said)
    assert black_out(LAB, paris(2026, 6, 1, 13), VENDOR, site).decision == Allow()


@pytest.mark.parametrize(
    ("lab", "check", "reason"),
    [
        (replace(LAB, listed=False), Check.LISTED, Reason.HOST_NOT_LISTED),
        (replace(LAB, group="south"), Check.GROUP, Reason.NOT_ASSIGNED),
    ],
)
def test_what_no_rule_can_repair_denies_before_any_rule(lab: InstrumentFacts, check: Check, reason: Reason) -> None:
    said = ask(lab=lab)
    assert said.decision == Deny(reason)
    assert (decided_by(said).check, decided_by(said).message) == (check, f"policy-{check.value}-denied")


def test_training_has_to_be_valid_in_the_region_of_the_instrument() -> None:
    german = replace(ANA, training=(Training("DE", 2**40),))
    assert decide(Permission.VIEW, german, LAB, NOON, VENDOR, book()) == Deny(Reason.TRAINING_EXPIRED)


def test_what_a_version_cannot_do_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TERMS, Permission.RESTART, replace(TERMS[Permission.RESTART], available=False))
    assert ask(Permission.RESTART).decision == Deny(Reason.PERMISSION_NOT_OFFERED)


@pytest.mark.parametrize(
    ("site", "lab"),
    [
        (ALL, replace(LAB, phi=True)),
        (ALL, replace(LAB, model="Navios EX")),
        (f'{ALL}[phi]\nmodels = ["AU-680"]\n', LAB),
        (f'{ALL}[phi]\nhosts = ["h-lab"]\n', LAB),
    ],
    ids=["host", "model", "site's models", "site's hosts"],
)
def test_health_data_close_files_and_clipboard_for_anybody_who_says_so(site: str, lab: InstrumentFacts) -> None:
    for permission in (Permission.FILE_TO_HOST, Permission.CLIPBOARD_TO_HOST):
        assert ask(permission, book(site), lab=lab).decision == Deny(Reason.PHI_POLICY)
    assert ask(Permission.VIEW, book(site), lab=lab).decision == Allow()
    assert phi_in_force(lab, VENDOR, book(site))
    assert phi_in_force(lab, book(site, Party.VENDOR), book())
    assert not phi_in_force(LAB, VENDOR, book())


def test_step_six_alone_looks_at_health_data_and_rules_and_at_nothing_else() -> None:
    stranger = replace(ANA, groups=frozenset(), training=())
    unlisted = replace(LAB, listed=False)
    site = book(ALL + SAMPLES)
    assert effective(Permission.VIEW, stranger, unlisted, NOON, VENDOR, site) == Allow()
    assert effective(Permission.FILE_TO_HOST, ANA, unlisted, NOON, VENDOR, site) == Deny(Reason.PHI_POLICY)
    assert effective(Permission.CONTROL, ANA, LAB, NOON, VENDOR, book(ALL + NO_CONTROL)) == Deny(Reason.SITE_POLICY)


def test_the_narrowest_of_several_answers_is_the_first_no_and_no_answer_is_a_no() -> None:
    first, second = Deny(Reason.NOT_GRANTED), Deny(Reason.PHI_POLICY)
    assert narrowest(Allow(), first, second) == first
    assert narrowest(Allow(), Allow()) == Allow()
    assert isinstance(narrowest(), Deny)


# ---- whatever is signed


class Visit(NamedTuple):
    permission: Permission
    visitor: VisitorFacts
    instrument: InstrumentFacts
    moment: int


ASKED = st.sampled_from((*(Permission.VIEW, Permission.CONTROL) * 6, *Permission))
VISITS = st.builds(Visit, ASKED, visitors(), instruments(), moments())
PARTIES = st.sampled_from(Party)


def answer(visit: Visit, vendor: Policy, site: Policy) -> Decision:
    return decide(*visit, rulebook(vendor, ZoneInfo), rulebook(site, ZoneInfo))


def allows(visit: Visit, vendor: Policy, site: Policy) -> bool:
    return answer(visit, vendor, site) == Allow()


WIDEST = replace(nothing_said(Party.VENDOR), allow=EVERYTHING)
"""A vendor who stands in nobody's way: what is answered then is the site's own answer."""


@settings(max_examples=60)
@given(VISITS, documents(Party.VENDOR), documents(Party.SITE))
def test_whatever_the_vendor_says_nothing_is_allowed_that_the_site_does_not_allow(visit: Visit, vendor: Document, site: Document) -> None:
    assert not allows(visit, vendor, site) or allows(visit, WIDEST, site)
    assert not allows(visit, vendor, site) or allows(visit, vendor, replace(WIDEST, party=Party.SITE))


@settings(max_examples=60)
@given(VISITS, documents(Party.VENDOR), documents(Party.SITE), rules(), st.booleans())
def test_no_rule_added_by_the_vendor_widens_what_the_site_answers(
    visit: Visit, vendor: Document, site: Document, rule: Rule, deny: bool
) -> None:
    more = replace(vendor, deny=(*vendor.deny, rule)) if deny else replace(vendor, allow=(*vendor.allow, rule))
    assert not allows(visit, more, site) or allows(visit, WIDEST, site)


@settings(max_examples=60)
@given(VISITS, documents(Party.VENDOR), documents(Party.SITE), rules(), PARTIES)
def test_a_deny_more_on_either_side_never_allows_more(visit: Visit, vendor: Document, site: Document, rule: Rule, party: Party) -> None:
    if party is Party.VENDOR:
        narrowed = replace(vendor, deny=(*vendor.deny, rule)), site
    else:
        narrowed = vendor, replace(site, deny=(*site.deny, rule))
    assert allows(visit, vendor, site) or not allows(visit, *narrowed)


@settings(max_examples=60)
@given(VISITS, documents(Party.VENDOR), documents(Party.SITE), PARTIES)
def test_a_deny_of_everything_wins_over_any_allow(visit: Visit, vendor: Document, site: Document, party: Party) -> None:
    denied = (replace(vendor, deny=EVERYTHING), site) if party is Party.VENDOR else (vendor, replace(site, deny=EVERYTHING))
    assert not allows(visit, *denied)


@settings(max_examples=60)
@given(VISITS, documents(Party.VENDOR), documents(Party.SITE), PARTIES)
def test_a_document_without_an_allow_denies_everything(visit: Visit, vendor: Document, site: Document, party: Party) -> None:
    emptied = (replace(vendor, allow=()), site) if party is Party.VENDOR else (vendor, replace(site, allow=()))
    assert not allows(visit, *emptied)


@settings(max_examples=60)
@given(VISITS, documents(Party.VENDOR), documents(Party.SITE), documents(Party.SITE))
def test_of_two_documents_that_race_only_what_both_allow_is_allowed(visit: Visit, vendor: Document, one: Document, other: Document) -> None:
    both = allows(visit, vendor, one) and allows(visit, vendor, other)
    assert allows(visit, vendor, stricter(one, other)) is both
    assert allows(visit, vendor, stricter(other, one)) is both


@settings(max_examples=60)
@given(VISITS, documents(Party.VENDOR), documents(Party.SITE))
def test_where_health_data_may_be_nothing_signed_opens_files_or_clipboard(visit: Visit, vendor: Document, site: Document) -> None:
    here = visit._replace(instrument=replace(visit.instrument, phi=True))
    said = explain(*here, rulebook(vendor, ZoneInfo), rulebook(site, ZoneInfo))
    closed = TERMS[visit.permission].forbidden_on_phi
    assert (Deny(Reason.PHI_POLICY) in [finding.decision for finding in said.findings]) is closed
    assert not (closed and said.decision == Allow())


@settings(max_examples=60)
@given(VISITS, documents(Party.VENDOR), documents(Party.SITE))
def test_an_explanation_ends_as_the_decision_does(visit: Visit, vendor: Document, site: Document) -> None:
    books = rulebook(vendor, ZoneInfo), rulebook(site, ZoneInfo)
    said = explain(*visit, *books)
    assert said.decision == decide(*visit, *books)
    assert said.decision == narrowest(*(finding.decision for finding in said.findings))


# ---- when it may change


def test_an_answer_that_is_no_already_changes_now() -> None:
    assert until_change(Permission.CONTROL, ANA, LAB, NOON, VENDOR, book(ALL + NO_CONTROL)) == NOON


def test_without_hours_nothing_changes() -> None:
    assert until_change(Permission.VIEW, ANA, LAB, NOON, VENDOR, book()) is None


@pytest.mark.parametrize(
    ("site", "moment", "change"),
    [
        (OFFICE, NOON, paris(2026, 6, 1, 18)),
        (f"{ALL}{SAMPLES}", paris(2026, 6, 1, 9), paris(2026, 6, 1, 12)),
        (f'{ALL}{NO_CONTROL}when.hours = ["20:00-21:00"]\n', NOON, paris(2026, 6, 1, 20)),
        (f'{ALL}when.hours = ["08:00-13:00", "13:00-18:00"]\n', NOON, paris(2026, 6, 1, 18)),
        (f"{ALL}when.ends = 2026-06-01\n", NOON, paris(2026, 6, 2)),
        (OFFICE, paris(2026, 3, 28, 17, 59), paris(2026, 3, 28, 18)),
        (f'{ALL}when.hours = ["00:00-02:30"]\n', paris(2026, 3, 29, 1), paris(2026, 3, 29, 3)),
        (f'{ALL}when.hours = ["00:00-02:30"]\n', paris(2026, 10, 25, 1), paris(2026, 10, 25, 2, 30)),
        (f'{ALL}when.hours = ["02:00-02:30"]\n', paris(2026, 10, 25, 2, 10, fold=1), paris(2026, 10, 25, 2, 30, fold=1)),
        (f'{ALL}when.hours = ["02:50-03:00"]\n', paris(2026, 10, 25, 2, 55), paris(2026, 10, 25, 2, 0, fold=1)),
    ],
    ids=[
        "end of hours",
        "black-out",
        "deny",
        "hours that meet",
        "last day",
        "before summer",
        "skipped hour",
        "repeated hour",
        "its second time",
        "put back",
    ],
)
def test_the_change_is_the_end_of_what_allows_or_the_beginning_of_what_denies(site: str, moment: float, change: float) -> None:
    assert until_change(Permission.CONTROL, ANA, LAB, moment, VENDOR, book(site)) == change


def test_training_that_ends_is_a_change() -> None:
    soon = replace(ANA, training=(Training("FR", int(NOON) + 60),))
    assert until_change(Permission.VIEW, soon, LAB, NOON, VENDOR, book()) == NOON + 60
    assert until_change(Permission.VIEW, soon, LAB, NOON, VENDOR, book(), within=59) is None


@settings(max_examples=80)
@given(VISITS, documents(Party.VENDOR), documents(Party.SITE), st.lists(st.integers(0, 24 * 3600 - 1), max_size=12))
def test_nothing_becomes_a_no_before_the_change(visit: Visit, vendor: Document, site: Document, later: list[int]) -> None:
    books = rulebook(vendor, ZoneInfo), rulebook(site, ZoneInfo)
    change = until_change(*visit, *books)
    for seconds in (*later, *([] if change is None else [int(change) - visit.moment - 1])):
        at = visit.moment + seconds
        if at >= visit.moment and (change is None or at < change):
            assert decide(visit.permission, visit.visitor, visit.instrument, at, *books) == Allow()
    if change is not None:
        assert decide(visit.permission, visit.visitor, visit.instrument, change, *books) != Allow()


@pytest.mark.parametrize(
    ("vendor", "site", "plain", "with_phi"),
    [
        ("", "", None, Reason.PHI_POLICY),
        ("always", "", None, Reason.PHI_POLICY),
        ("", "always", None, Reason.PHI_POLICY),
        ("always", "always", None, None),
        ("always", "no_health_data", None, Reason.PHI_POLICY),
        ("never", "always", Reason.VENDOR_POLICY, Reason.VENDOR_POLICY),
        ("always", "never", Reason.SITE_POLICY, Reason.SITE_POLICY),
    ],
)
def test_people_may_write_to_each_other_where_both_parties_let_them(
    vendor: str, site: str, plain: Reason | None, with_phi: Reason | None
) -> None:
    said = {party: f"[visits]\nchat = '{word}'\n{ALL}" if word else ALL for party, word in ((Party.VENDOR, vendor), (Party.SITE, site))}
    books = (book(said[Party.VENDOR], Party.VENDOR), book(said[Party.SITE]))
    for lab, reason in ((LAB, plain), (replace(LAB, phi=True), with_phi)):
        assert chat(lab, *books) == (Allow() if reason is None else Deny(reason))


def test_a_site_without_a_document_has_said_the_default() -> None:
    silent = Rulebook(Party.SITE, nothing_said(Party.SITE), ())
    assert chat(LAB, VENDOR, silent) == Allow()
    always = book(f"[visits]\nchat = 'always'\n{ALL}", Party.VENDOR)
    assert chat(replace(LAB, phi=True), always, silent) == Deny(Reason.PHI_POLICY)


@pytest.mark.parametrize(
    ("site", "closed", "outcome"),
    [
        ("", set(), Outcome.ALLOWED),
        ('direct = "allow"\n', set(), Outcome.ALLOWED),
        ('direct = "only"\n', set(BY_RELAY_ALONE), Outcome.DENIED),
        ('direct = "only"\nrelay_only.hosts = ["h-lab"]\n', set(Permission), Outcome.SILENT),
    ],
    ids=["silent", "allow", "only", "no way"],
)
def test_what_has_no_way_to_travel_is_refused(site: str, closed: set[Permission], outcome: Outcome) -> None:
    """Seen to fail when: the check is left out of step 6, looks at `no_way` alone, or closes nothing but the view; or shuts the chat."""
    for permission in Permission:
        finding = next(each for each in ask(permission, book(site + ALL)).findings if each.check is Check.CARRIER)
        assert (finding.decision == Deny(Reason.SITE_POLICY)) is (permission in closed)
        assert (finding.outcome is outcome) is (permission in closed or not closed)
    assert ask(site=book(site + ALL)).decision == (Deny(Reason.SITE_POLICY) if closed == set(Permission) else Allow())
    writing = chat(LAB, VENDOR, book(site + ALL))
    assert writing == (Deny(Reason.SITE_POLICY) if closed == set(Permission) else Allow()), "what people write goes where content goes"
