"""Health data: known models, hosts that nobody listed, and a flag that no host takes down by itself."""

from dataclasses import replace
from itertools import product

import pytest

from policy.facts import InstrumentFacts
from policy.permissions import TERMS, Permission
from policy.profiles import PHI_MODELS, holds_phi, normalised, seeded_phi, settle_phi

PLAIN = InstrumentFacts("h-1", "north", "Lyon", "AU 680", "FR", listed=True, phi=False)
SAME = ("NAVIOS-EX", "navios  ex", "Acme DxFLEX 2", "InstrumentManager", "\N{FULLWIDTH LATIN CAPITAL LETTER D}x Flex", "", "--")


@pytest.mark.parametrize("model", [*PHI_MODELS, *SAME])
def test_known_models_and_models_without_a_name_hold_health_data(model: str) -> None:
    assert seeded_phi(model)
    assert holds_phi(replace(PLAIN, model=model))


def test_another_model_holds_none_unless_somebody_says_so_or_nobody_listed_it() -> None:
    assert not holds_phi(PLAIN)
    assert holds_phi(replace(PLAIN, phi=True))
    assert holds_phi(replace(PLAIN, listed=False))


def test_a_models_name_is_compared_without_case_blanks_accents_and_signs() -> None:
    assert normalised("Analyseur É-2") == normalised("ANALYSEUR e2") == "analyseure2"


def test_a_host_never_takes_its_flag_down_itself() -> None:
    for profile, site, release, accepts in product((False, True), repeat=4):
        kept = settle_phi(stored=True, profile=profile, site=site, release_allows=release, administrator_accepts=accepts)
        assert kept is (profile or site or not (release and accepts))


def test_the_flag_rises_at_a_word_of_profile_or_site_and_a_release_alone_changes_nothing() -> None:
    for profile, site, release, accepts in product((False, True), repeat=4):
        kept = settle_phi(stored=False, profile=profile, site=site, release_allows=release, administrator_accepts=accepts)
        assert kept is (profile or site)


def test_everything_that_takes_files_text_or_recordings_away_is_closed_where_health_data_are() -> None:
    closed = {each for each, terms in TERMS.items() if terms.forbidden_on_phi}
    assert closed == {each for each in Permission if {"file", "clipboard", "record", "recording"} & set(each.value.split("_"))}
    assert len(closed) == 4
