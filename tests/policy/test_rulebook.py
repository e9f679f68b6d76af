"""Which rules fit: the index must say what reading each rule would say."""

from dataclasses import replace
from datetime import tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.facts import InstrumentFacts, VisitorFacts
from policy.language import Document, Party, Rule, Where, Who, stricter
from policy.permissions import Permission
from policy.rulebook import Index, Page, Walls, rulebook
from tests.policy.policies import ALL, ANA, LAB, document, documents, instruments, visitors


def named(values: frozenset[str] | None, value: str) -> bool:
    return values is None or value in values


def fits_who(who: Who, visitor: VisitorFacts) -> bool:
    in_group = who.groups is None or bool(who.groups & visitor.groups)
    return named(who.technicians, visitor.technician_id) and named(who.companies, visitor.company) and in_group


def fits_where(where: Where, instrument: InstrumentFacts) -> bool:
    return (
        named(where.hosts, instrument.host_id)
        and named(where.groups, instrument.group)
        and named(where.sites, instrument.site)
        and named(where.models, instrument.model)
        and named(where.regions, instrument.region)
    )


@given(documents(), st.sampled_from(Permission), visitors(), instruments())
def test_the_index_finds_the_rules_that_fit_when_each_is_read(
    policy: Document, permission: Permission, visitor: VisitorFacts, instrument: InstrumentFacts
) -> None:
    def fitting(rules: tuple[Rule, ...]) -> list[Rule]:
        asked = [each for each in rules if permission in each.permissions]
        return [each for each in asked if fits_who(each.who, visitor) and fits_where(each.where, instrument)]

    page = Page(policy, ZoneInfo)
    found = page.fitting(permission, visitor, instrument)
    assert [each.rule for each in found.allow()] == fitting(policy.allow)
    assert [each.rule for each in found.deny()] == fitting(policy.deny)
    assert [each.rule for each in page.pauses(instrument)] == [each for each in policy.black_out if fits_where(each.where, instrument)]


def test_an_index_holds_many_rules_for_many_values() -> None:
    index = Index([frozenset({str(number), "all"}) for number in range(200)] + [None])
    assert index.fitting("7") == 1 << 7 | 1 << 200
    assert index.fitting("nobody") == 1 << 200
    assert index.fitting_any(("7", "9")) == 1 << 7 | 1 << 9 | 1 << 200
    assert index.fitting("all") == (1 << 201) - 1


def test_models_fit_however_they_are_written() -> None:
    page = Page(document(f'{ALL}where.models = ["AU-680"]\n[phi]\nmodels = ["dx 9"]\nhosts = ["h-1"]\n'), ZoneInfo)
    assert page.fitting(Permission.VIEW, ANA, replace(LAB, model="au 680")).allow_bits
    assert not page.fitting(Permission.VIEW, ANA, replace(LAB, model="au 681")).allow_bits
    assert page.holds_phi(replace(LAB, model="DX9"))
    assert page.holds_phi(replace(LAB, host_id="h-1"))
    assert not page.holds_phi(LAB)


def test_the_relay_alone_is_for_the_instruments_that_are_named() -> None:
    page = Page(document(f'{ALL}[relay_only]\nmodels = ["dx 9"]\nhosts = ["h-1"]\n'), ZoneInfo)
    assert page.relay_only(replace(LAB, model="DX-9"))
    assert page.relay_only(replace(LAB, host_id="h-1"))
    assert not page.relay_only(LAB)
    assert not Page(document(), ZoneInfo).relay_only(LAB)


def test_a_rule_without_hours_is_open_and_needs_no_clock() -> None:
    page = Page(document(f'{ALL}[[deny]]\nname = "zone"\npermissions = ["view"]\nwhen.zone = "UTC"\n'), ZoneInfo)
    walls = Walls(0)
    fitting = page.fitting(Permission.VIEW, ANA, LAB)
    assert [each.open_at(walls) for each in (*fitting.allow(), *fitting.deny())] == [True, True]


def test_the_wall_of_a_zone_is_read_once() -> None:
    walls, utc = Walls(0.5), ZoneInfo("UTC")
    assert walls.of(utc) is walls.of(utc)
    assert walls.of(utc).minute == 0
    assert walls.of(ZoneInfo("Asia/Kolkata")).minute == 330


def test_documents_that_race_are_all_pages_of_one_book() -> None:
    one, other = document(), replace(document(), zone="UTC")
    book = rulebook(stricter(one, other), ZoneInfo)
    assert (book.party, [page.document for page in book.pages]) == (Party.SITE, [one, other])
    assert rulebook(one, ZoneInfo).pages[0].document is one


def test_a_zone_that_is_not_known_here_lets_nobody_in() -> None:
    def none(name: str) -> tzinfo:
        raise KeyError(name)

    with pytest.raises(KeyError, match="Europe/Paris"):
        rulebook(document(), none)


def test_black_outs_are_those_of_the_instrument() -> None:
    pause = '[[black_out]]\nname = "{0}"\ntext = "Samples."\nwhen = {{ hours = ["06:00-09:00"] }}\nwhere = {{ groups = ["{0}"] }}\n'
    page = Page(document(ALL + pause.format("north") + pause.format("south")), ZoneInfo)
    assert [each.rule.name for each in page.pauses(LAB)] == ["north"]
    assert Page(document(), ZoneInfo).pauses(LAB) == ()


def test_masks_are_those_of_the_instrument_in_their_order() -> None:
    written = '[[mask]]\nname = "{0}"\ntitle = "x"\nwhere = {{ groups = ["{0}"] }}\n'
    everywhere = '[[mask]]\nname = "all of them"\nprogram = "y"\n'
    page = Page(document(written.format("north") + everywhere + written.format("south")), ZoneInfo)
    assert [each.name for each in page.masks(LAB)] == ["north", "all of them"]
