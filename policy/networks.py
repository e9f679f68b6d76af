"""Ranges of addresses as a site writes them: `10.0.0.0/8`. What no direct path may ever use is in none of them.

A range is written in one way only, so that two logs that name it name the same: the first address, and how many bits are fixed.
"""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

RANGE_TEXT_MAX = 43
"""Longest range, in characters."""
NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # unspecified
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
            "::/8",  # unspecified, loopback, and every way to write an IPv4 address as another
            "fe80::/10",  # link-local
            "ff00::/8",  # multicast
        ),
    )
)
"""What a range may not touch: this machine itself, its neighbours on the cable, and everybody at once."""
WITHIN_BUILDINGS: tuple[Network, ...] = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
"""Networks that no router of the Internet carries: the ranges of a site that names none."""


def network_of(text: str) -> Network | None:
    """The range of this text, None if it is none or is written in another way than the one."""
    if len(text) > RANGE_TEXT_MAX:
        return None
    try:
        found = ip_network(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def is_closed(network: Network) -> bool:
    """Does it touch an address that no direct path may use?"""
    return any(_meet(network, never) for never in NEVER)


def is_range(text: str) -> bool:
    """Could a site have written this range?"""
    found = network_of(text)
    return found is not None and not is_closed(found)


def meeting(ones: tuple[Network, ...], others: tuple[Network, ...]) -> tuple[Network, ...]:
    """What lies in both: of two ranges that meet, one lies in the other."""
    both = {max(one, other, key=_length) for one in ones for other in others if _meet(one, other)}
    return in_order(both)


def in_order(networks: set[Network]) -> tuple[Network, ...]:
    """The widest first, so that the first that holds an address says least about it."""
    return tuple(sorted(networks, key=lambda each: (each.version, each.prefixlen, int(each.network_address))))


def holding(networks: tuple[Network, ...], address: str) -> Network | None:
    """The first of these that holds this address; None for every text that is no plain address."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return next((each for each in networks if found in each), None)


def _meet(one: Network, other: Network) -> bool:
    return one.version == other.version and one.overlaps(other)


def _length(network: Network) -> int:
    return network.prefixlen
