"""May content go directly? Only the site says yes, anybody may take it back, and `only` is never quietly turned into a relay.

Seen to fail when: a silent site counts as `allow`; the vendor's `[relay_only]`, or its models, are left out; ranges of two documents are
joined instead of met; ONLY with a closed path gives NO_DIRECT; ALLOW with no common range stays ALLOW; ONLY beside ALLOW gives ALLOW.
"""

from dataclasses import replace
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.direct import NO_DIRECT, NO_WAY, Direct, DirectTerms, Word, ranges_of, terms_for, words_of
from policy.language import Document, Party, RelayOnly, nothing_said
from policy.networks import WITHIN_BUILDINGS, Network, holding, meeting
from policy.rulebook import Page, Rulebook, rulebook
from policy.shape import File
from tests.policy.policies import ALL, LAB, book, document
from tests.policy.test_networks import addresses, networks

VENDOR = book(party=Party.VENDOR)
TEN = (ip_network("10.0.0.0/8"),)
EVERYWHERE: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))


def site(*texts: str) -> Rulebook:
    """A site with these documents in force at once."""
    pages = tuple(Page(document(text + ALL), ZoneInfo) for text in texts)
    return Rulebook(Party.SITE, pages[0].document, pages)


def vendor(text: str) -> Rulebook:
    return book(text + ALL, Party.VENDOR)


def relay_only(text: str) -> str:
    return f"[relay_only]\n{text}\n"


def test_whoever_says_nothing_has_said_never() -> None:
    assert terms_for(LAB, VENDOR, site("")) == NO_DIRECT
    assert terms_for(LAB, VENDOR, rulebook(nothing_said(Party.SITE), ZoneInfo)) == NO_DIRECT
    assert terms_for(LAB, VENDOR, Rulebook(Party.SITE, nothing_said(Party.SITE), ())) == NO_DIRECT
    assert terms_for(LAB, VENDOR, site('direct = "never"\n')) == NO_DIRECT
    assert (NO_DIRECT.mode, NO_DIRECT.ranges, NO_DIRECT.no_way) == (Direct.NEVER, (), False)


def test_a_site_that_allows_it_names_ranges_or_means_the_private_ones() -> None:
    assert terms_for(LAB, VENDOR, site('direct = "allow"\n')) == DirectTerms(Direct.ALLOW, WITHIN_BUILDINGS)
    named = terms_for(LAB, VENDOR, site('direct = "only"\ndirect_ranges = ["10.0.0.0/8"]\n'))
    assert named == DirectTerms(Direct.ONLY, TEN)
    assert (named.range_of("10.9.8.7"), named.range_of("192.168.0.1"), named.range_of("x")) == ("10.0.0.0/8", None, None)


@pytest.mark.parametrize(
    "closing",
    [
        (relay_only('hosts = ["h-lab"]'), ""),
        (relay_only('models = ["au-680"]'), ""),
        ("", relay_only('hosts = ["h-lab"]')),
        ("", relay_only('models = ["AU680"]')),
    ],
    ids=["vendor's hosts", "vendor's models", "site's hosts", "site's models"],
)
def test_either_party_keeps_an_instrument_on_the_relay(closing: tuple[str, str]) -> None:
    ours, theirs = closing
    assert terms_for(LAB, vendor(ours), site(f'direct = "allow"\n{theirs}')) == NO_DIRECT
    other = replace(LAB, host_id="h-other", model="AX")
    assert terms_for(other, vendor(ours), site(f'direct = "allow"\n{theirs}')).mode is Direct.ALLOW


def test_only_and_relay_only_leave_no_way_rather_than_the_relay() -> None:
    for closed in (
        terms_for(LAB, vendor(relay_only('hosts = ["h-lab"]')), site('direct = "only"\n')),
        terms_for(LAB, VENDOR, site('direct = "only"\n', "")),
        terms_for(
            LAB, VENDOR, site('direct = "only"\ndirect_ranges = ["10.0.0.0/8"]\n', 'direct = "allow"\ndirect_ranges = ["fd00::/8"]\n')
        ),
    ):
        assert closed == NO_WAY
    assert NO_WAY.no_way
    assert NO_WAY.range_of("10.1.2.3") is None


def test_of_two_documents_the_narrower_word_counts_and_what_lies_in_both_ranges() -> None:
    wide, narrow = 'direct = "allow"\n', 'direct = "only"\ndirect_ranges = ["10.0.0.0/8"]\n'
    assert terms_for(LAB, VENDOR, site(wide, narrow)) == DirectTerms(Direct.ONLY, TEN)
    assert terms_for(LAB, VENDOR, site(narrow, wide)) == DirectTerms(Direct.ONLY, TEN)
    assert terms_for(LAB, VENDOR, site(wide, "")) == NO_DIRECT
    apart = site('direct = "allow"\ndirect_ranges = ["10.0.0.0/8"]\n', 'direct = "allow"\ndirect_ranges = ["fd00::/8"]\n')
    assert terms_for(LAB, VENDOR, apart) == NO_DIRECT


def test_every_word_is_told_with_its_file() -> None:
    said = words_of(LAB, vendor(relay_only('hosts = ["h-lab"]')), site('direct = "allow"\n'))
    assert said == (Word("site.toml", "allow"), Word("vendor.toml", "relay_only"))
    assert words_of(LAB, VENDOR, site("")) == (Word("site.toml", "never"),)


# ---- whatever is signed


def documents(party: Party) -> st.SearchStrategy[Document]:
    few = st.sampled_from((*WITHIN_BUILDINGS, ip_network("10.1.0.0/16"), ip_network("fd00::/8"))) | networks()
    names = st.none() | st.just(frozenset({"h-lab"})) | st.just(frozenset({"h-other"}))
    return st.builds(
        Document,
        st.just(File(f"{party.value}.toml")),
        st.just(party),
        st.just(1),
        st.just("UTC"),
        direct=st.sampled_from((Direct.ALLOW, Direct.ONLY, *Direct)) if party is Party.SITE else st.just(Direct.NEVER),
        direct_ranges=st.none() | st.frozensets(few, min_size=1, max_size=4),
        relay_only=st.just(RelayOnly()) | st.builds(RelayOnly, hosts=names),
    )


def books(party: Party, least: int = 0) -> st.SearchStrategy[Rulebook]:
    pages = st.lists(documents(party).map(lambda each: Page(each, ZoneInfo)), min_size=least, max_size=3)
    return pages.map(lambda some: Rulebook(party, nothing_said(party), tuple(some)))


def more(one: Rulebook, other: Rulebook) -> Rulebook:
    return Rulebook(one.party, one.policy, one.pages + other.pages)


@settings(max_examples=40)
@given(books(Party.VENDOR), books(Party.SITE, 1), books(Party.SITE), books(Party.VENDOR), addresses())
def test_a_document_more_opens_neither_an_address_nor_the_relay(
    vendors: Rulebook, sites: Rulebook, own: Rulebook, theirs: Rulebook, address: str
) -> None:
    before, after = terms_for(LAB, vendors, sites), terms_for(LAB, more(vendors, theirs), more(sites, own))
    assert after.range_of(address) is None or before.range_of(address) is not None
    assert before.mode is not Direct.ONLY or after.mode is Direct.ONLY


@settings(max_examples=40)
@given(books(Party.VENDOR), books(Party.SITE), addresses())
def test_an_address_is_open_only_where_every_document_of_the_site_names_it(vendors: Rulebook, sites: Rulebook, address: str) -> None:
    terms = terms_for(LAB, vendors, sites)
    if terms.range_of(address) is not None:
        assert all(page.document.direct is not Direct.NEVER for page in sites.pages)
        assert all(holding(ranges_of(page), address) is not None for page in sites.pages)
        assert not any(page.relay_only(LAB) for page in vendors.pages + sites.pages)
    said_only = any(page.document.direct is Direct.ONLY for page in sites.pages)
    assert said_only is (terms.mode is Direct.ONLY)
    assert terms.no_way is (said_only and not terms.ranges)


@settings(max_examples=40)
@given(st.lists(st.frozensets(networks(), min_size=1, max_size=4), min_size=1, max_size=3))
def test_the_ranges_are_those_that_lie_in_all(ranges: list[frozenset[Network]]) -> None:
    made = [replace(nothing_said(Party.SITE), direct=Direct.ALLOW, direct_ranges=each) for each in ranges]
    terms = terms_for(LAB, VENDOR, Rulebook(Party.SITE, made[0], tuple(Page(each, ZoneInfo) for each in made)))
    in_all = EVERYWHERE
    for each in ranges:
        in_all = meeting(in_all, tuple(each))
    assert set(terms.ranges) == set(in_all)
