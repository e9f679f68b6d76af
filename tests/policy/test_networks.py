"""Ranges of addresses: written in one way, never of this machine or of everybody, and what lies in both of two.

Seen to fail when: `network_of` takes any writing (10.0.0.1/8, 010.0.0.0/8, 10.0.0.0/255.0.0.0); `is_closed` says no;
`meeting` takes the wider of two; `in_order` sorts the narrowest first; `holding` takes the last.
"""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.networks import NEVER, RANGE_TEXT_MAX, WITHIN_BUILDINGS, Network, holding, in_order, is_closed, is_range, meeting, network_of


def networks() -> st.SearchStrategy[Network]:
    """Any range, many of them inside each other."""
    few = st.sampled_from((0x0A000000, 0x0A010000, 0xC0A80000)) | st.integers(0, 2**32 - 1)
    four = st.tuples(few, st.integers(0, 32)).map(lambda it: ip_network((it[0], it[1]), strict=False))
    six = st.tuples(st.integers(0, 2**128 - 1), st.integers(0, 128)).map(lambda it: ip_network((IPv6Address(it[0]), it[1]), strict=False))
    return four | six


def addresses() -> st.SearchStrategy[str]:
    six = st.integers(0, 2**128 - 1).map(IPv6Address)
    return (st.integers(0, 2**32 - 1) | st.integers(0x0A000000, 0x0A0200FF)).map(IPv4Address).map(str) | six.map(str)


@pytest.mark.parametrize("text", ["10.0.0.0/8", "10.20.0.0/16", "192.168.7.9/32", "130.92.0.0/16", "fd12:3456::/32", "2001:db8::/32"])
def test_a_range_has_one_writing(text: str) -> None:
    assert str(network_of(text)) == text
    assert is_range(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "10.0.0.0", "10.0.0.1/8", "10/8", "010.0.0.0/8", "10.0.0.0/255.0.0.0", "10.0.0.0/33", " 10.0.0.0/8", "10.0.0.0/08"),
        *("FD00::/8", "fd00:0::/8", "fe80::1%eth0/64", "fd00::/129", "example.org/8", "10.0.0.0/8\n", "\u0660.0.0.0/8", "167772160/8"),
    ],
)
def test_every_other_writing_is_none(text: str) -> None:
    assert network_of(text) is None
    assert not is_range(text)


def test_a_text_that_is_longer_than_any_range_is_not_looked_at() -> None:
    longest = "1111:2222:3333:4444:5555:6666:7777:8888/128"
    assert len(longest) == RANGE_TEXT_MAX
    assert is_range(longest)
    assert network_of(longest + "0") is None


@pytest.mark.parametrize("never", NEVER, ids=str)
def test_this_machine_its_cable_and_everybody_are_in_no_range(never: Network) -> None:
    inside = ip_network((never.broadcast_address, never.max_prefixlen))
    assert is_closed(never)
    assert is_closed(inside), "a part of it"
    assert is_closed(never.supernet()), "what holds it"
    assert not is_range(str(inside))


@pytest.mark.parametrize(
    "text", ["0.0.0.0/0", "::/0", "::ffff:10.0.0.0/104", "64:ff9b::/96", "127.0.0.1/32", "::1/128", "255.255.255.255/32"]
)
def test_well_known_ways_around_are_closed(text: str) -> None:
    found = ip_network(text)
    assert is_closed(found)
    assert not is_range(str(found))


def test_a_site_that_names_no_range_means_the_private_ones() -> None:
    assert [str(each) for each in WITHIN_BUILDINGS] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
    assert not any(map(is_closed, WITHIN_BUILDINGS))


def of(*texts: str) -> tuple[Network, ...]:
    return tuple(map(ip_network, texts))


def test_of_two_ranges_that_meet_the_narrower_is_left() -> None:
    assert meeting(of("10.0.0.0/8", "fc00::/7"), of("10.1.0.0/16", "10.2.0.0/16", "192.168.0.0/16")) == of("10.1.0.0/16", "10.2.0.0/16")
    assert meeting(of("10.1.0.0/16"), of("10.0.0.0/8")) == of("10.1.0.0/16")
    assert meeting(of("10.0.0.0/8"), of("fd00::/8")) == ()


def test_the_widest_range_names_an_address() -> None:
    ordered = in_order(set(of("fd00::/8", "10.1.0.0/16", "10.0.0.0/8")))
    assert ordered == of("10.0.0.0/8", "10.1.0.0/16", "fd00::/8")
    assert str(holding(ordered, "10.1.2.3")) == "10.0.0.0/8"
    assert str(holding(ordered, "fd00::1")) == "fd00::/8"
    assert holding(ordered, "11.0.0.1") is None


@pytest.mark.parametrize(
    "text", ["", "10.0.0.1/8", "x.local", "10.0.0.1:80", " 10.0.0.1", "010.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "167772161", "10.1"]
)
def test_what_is_no_plain_address_is_in_no_range(text: str) -> None:
    assert holding(of("10.0.0.0/8", "fc00::/7"), text) is None


@given(networks())
def test_whatever_can_be_written_holds_no_address_that_is_closed(network: Network) -> None:
    assert network_of(str(network)) == network
    closed = any(each in never for never in NEVER for each in (network.network_address, network.broadcast_address))
    assert is_closed(network) or not closed
    assert is_range(str(network)) is not is_closed(network)


@given(st.lists(networks(), max_size=4).map(tuple), st.lists(networks(), max_size=4).map(tuple), addresses())
def test_an_address_is_in_what_meets_exactly_if_it_is_in_both(ones: tuple[Network, ...], others: tuple[Network, ...], address: str) -> None:
    both = holding(ones, address) is not None and holding(others, address) is not None
    assert (holding(meeting(ones, others), address) is not None) is both


@given(st.text(max_size=60))
def test_any_text_is_a_range_or_is_not_and_nothing_else(text: str) -> None:
    assert is_range(text) in (True, False)
    assert holding(WITHIN_BUILDINGS, text) is None or "." in text or ":" in text
