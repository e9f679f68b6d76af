"""New keys for a visit whose line was cut: both ends arrive at the same, and nobody else does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import PeerMisbehaved
from wire.messages.handshake import RenewalTag
from wire.sealed.agreement import Agreed, Visit
from wire.sealed.renewal import ConsoleRenewal, HostRenewal

VISIT = Visit("s-1", "482913", "b-1", "h-1", "t-1")
BEFORE = Agreed(b"s" * 32, b"t" * 32)
N, S = b"n" * 32, bytes(range(32))


def host(before: Agreed = BEFORE, visit: Visit = VISIT, number: int = 1) -> HostRenewal:
    return HostRenewal(visit, before, number, nonce=b"h" * 32, scalar=S)


def console(of: HostRenewal, before: Agreed = BEFORE, visit: Visit = VISIT, scalar: bytes = b"c" * 32) -> ConsoleRenewal:
    return ConsoleRenewal(visit, before, of.open(), nonce=N, scalar=scalar)


def test_both_ends_agree_on_a_secret_that_is_new() -> None:
    ours = host()
    theirs = console(ours)
    tag = ours.confirm(theirs.share())
    assert tag is not None
    assert ours.agreed == theirs.confirm(tag)
    assert ours.agreed is not None
    assert ours.agreed.secret != BEFORE.secret
    assert ours.agreed.transcript != BEFORE.transcript


def test_each_try_leads_elsewhere_and_what_it_left_is_the_ground_of_the_next() -> None:
    ours = host()
    assert ours.confirm(console(ours).share()) is not None
    again = host(number=2)
    assert again.confirm(console(again).share()) is not None
    assert ours.agreed != again.agreed
    assert ours.agreed is not None
    following = host(ours.agreed)
    assert following.confirm(console(following).share()) is None
    following = host(ours.agreed)
    assert following.confirm(console(following, ours.agreed).share()) is not None


@pytest.mark.parametrize(
    ("before", "visit"),
    [
        (replace(BEFORE, secret=b"x" * 32), VISIT),
        (replace(BEFORE, transcript=b"x" * 32), VISIT),
        (BEFORE, replace(VISIT, session_id="s-2")),
        (BEFORE, replace(VISIT, host_id="h-2")),
        (BEFORE, replace(VISIT, technician_id="t-2")),
        (BEFORE, replace(VISIT, broker_id="b-2")),
    ],
)
def test_who_was_not_in_this_visit_is_shown_no_tag(before: Agreed, visit: Visit) -> None:
    ours = host()
    assert ours.confirm(console(ours, before, visit).share()) is None
    assert ours.agreed is None


def test_a_broker_that_exchanges_a_share_gets_nowhere() -> None:
    ours = host()
    between = host()
    swapped = console(ours).share()
    assert ours.confirm(replace(swapped, share=between.open().share)) is None
    ours = host()
    assert ours.confirm(replace(swapped, console_nonce=b"m" * 32)) is None


def test_a_try_is_confirmed_once_and_under_its_own_number() -> None:
    ours = host()
    share = console(ours).share()
    with pytest.raises(PeerMisbehaved):
        ours.confirm(replace(share, number=2))
    assert ours.confirm(share) is not None
    with pytest.raises(PeerMisbehaved):
        ours.confirm(share)


def test_a_wrong_tag_of_the_host_is_no_slip() -> None:
    ours = host()
    theirs = console(ours)
    tag = ours.confirm(theirs.share())
    assert tag is not None
    with pytest.raises(PeerMisbehaved):
        theirs.confirm(RenewalTag(1, bytes(32)))
    with pytest.raises(PeerMisbehaved):
        theirs.confirm(replace(tag, number=2))
    with pytest.raises(PeerMisbehaved):  # our own tag sent back to us
        theirs.confirm(RenewalTag(1, theirs.share().tag))


@pytest.mark.parametrize("share", [bytes(32), (1).to_bytes(32, "little"), b"\xff" * 32], ids=["zero", "one", "above the prime"])
def test_a_share_that_is_no_point_to_use_is_refused_by_both(share: bytes) -> None:
    ours = host()
    theirs = console(ours)
    with pytest.raises(PeerMisbehaved):
        ours.confirm(replace(theirs.share(), share=share))
    with pytest.raises(PeerMisbehaved):
        ConsoleRenewal(VISIT, BEFORE, replace(host().open(), share=share), nonce=N, scalar=S)


def test_a_scalar_has_its_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        HostRenewal(VISIT, BEFORE, 1, nonce=N, scalar=b"short")


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_whatever_is_drawn_both_arrive_at_the_same(one: bytes, other: bytes) -> None:
    ours = HostRenewal(VISIT, BEFORE, 1, nonce=N, scalar=one)
    theirs = console(ours, scalar=other)
    tag = ours.confirm(theirs.share())
    assert tag is not None
    assert theirs.confirm(tag) == ours.agreed
