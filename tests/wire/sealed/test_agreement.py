"""Key agreement: the same half agrees, anything else does not, and nothing is said out of turn."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.errors import PeerMisbehaved
from wire.messages.handshake import AgreementOpen, ConsoleShare, ConsoleTag, HostShare, HostTag
from wire.sealed.agreement import OFFERED, Agreed, ConsoleAgreement, HostAgreement, Visit

VISIT = Visit("s-1", "482913", "b-1", "h-1", "t-1")


def fresh(name: str) -> bytes:
    return sha256(name.encode()).digest()


def host_of(half: str = "2M9X", visit: Visit = VISIT, run: int = 1) -> HostAgreement:
    return HostAgreement(visit, half, run, nonce=fresh("host nonce"), scalar=fresh("host scalar"))


def console_of(opened: AgreementOpen, half: str = "2M9X", visit: Visit = VISIT) -> ConsoleAgreement:
    return ConsoleAgreement(visit, half, opened, nonce=fresh("console nonce"), scalar=fresh("console scalar"))


def shaken(host: HostAgreement, console: ConsoleAgreement) -> HostTag | None:
    return host.confirm(console.tag(host.answer(console.share())))


def test_the_same_half_at_both_ends_leads_to_the_same_secret() -> None:
    host = host_of()
    console = console_of(host.open())
    tag = shaken(host, console)
    assert tag is not None
    agreed = console.confirm(tag)
    assert agreed == host.agreed
    assert len(agreed.secret) == len(agreed.transcript) == 32


@settings(max_examples=30)
@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=4, max_size=4))
def test_another_half_agrees_on_nothing(half: str) -> None:
    host = host_of()
    tag = shaken(host, console_of(host.open(), half))
    assert (tag is not None) == (host.agreed is not None) == (half == "2M9X")


@pytest.mark.parametrize("field", ["session_id", "ticket", "broker_id", "host_id", "technician_id"])
def test_ends_that_mean_different_visits_agree_on_nothing(field: str) -> None:
    host = host_of()
    other = replace(VISIT, **{field: "x-2"})
    assert shaken(host, console_of(host.open(), visit=other)) is None
    assert host.agreed is None


@pytest.mark.parametrize(
    "altered",
    [
        lambda opened: replace(opened, offered=(*opened.offered, "OLDER")),
        lambda opened: replace(opened, offered=("OLDER", *opened.offered)),
        lambda opened: replace(opened, host_nonce=fresh("another")),
    ],
    ids=["one more offered", "another offered first", "another nonce"],
)
def test_an_opening_that_was_changed_on_the_way_breaks_the_tags(altered: Callable[[AgreementOpen], AgreementOpen]) -> None:
    host = host_of()
    assert shaken(host, console_of(altered(host.open()))) is None


def test_the_tags_cover_who_speaks_and_what_was_offered_and_chosen() -> None:
    technician, host = console_of(host_of().open()).associated_data
    assert technician.startswith(b'{"chosen":"' + OFFERED[0].encode() + b'","nonce":"')
    assert technician.endswith(b'","role":"technician","subject":"t-1"}')
    assert host.endswith(b'","offered":["' + OFFERED[0].encode() + b'"],"role":"host","run":1,"subject":"h-1"}')


def test_every_run_has_its_own_secret() -> None:
    secrets = set()
    for name in ("one", "two"):
        host = HostAgreement(VISIT, "2M9X", 1, nonce=fresh(name), scalar=fresh("host scalar"))
        assert shaken(host, console_of(host.open())) is not None
        secrets.add(_agreed(host).secret)
    host = host_of(run=2)
    assert shaken(host, console_of(host.open())) is not None
    assert len(secrets | {_agreed(host).secret}) == 3


def _agreed(host: HostAgreement) -> Agreed:
    assert host.agreed is not None
    return host.agreed


def test_the_host_shows_no_tag_before_the_console_has_shown_a_right_one() -> None:
    host = host_of()
    with pytest.raises(PeerMisbehaved, match="out of order"):
        host.confirm(ConsoleTag(1, bytes(64)))
    host.answer(console_of(host.open()).share())
    assert host.confirm(ConsoleTag(1, bytes(64))) is None
    assert host.agreed is None


def test_a_run_gives_one_guess() -> None:
    host = host_of()
    console = console_of(host.open())
    answer = host.answer(console.share())
    assert host.confirm(ConsoleTag(1, bytes(64))) is None
    with pytest.raises(PeerMisbehaved, match="out of order"):
        host.confirm(console.tag(answer))
    with pytest.raises(PeerMisbehaved, match="second share"):
        host.answer(console.share())


def test_a_reflected_share_and_tag_prove_nothing() -> None:
    """The mirror knows no code: it sends the console's own words back to it."""
    opened = host_of().open()
    console = console_of(opened)
    tag = console.tag(HostShare(1, console.share().share))
    with pytest.raises(PeerMisbehaved, match="a wrong tag"):
        console.confirm(HostTag(1, tag.tag))


def test_a_wrong_tag_of_the_host_is_not_taken_for_a_slip() -> None:
    host = host_of()
    console = console_of(host.open())
    assert shaken(host, console) is not None
    with pytest.raises(PeerMisbehaved, match="a wrong tag"):
        console.confirm(HostTag(1, bytes(64)))


def test_the_console_too_keeps_the_order() -> None:
    host = host_of()
    console = console_of(host.open())
    with pytest.raises(PeerMisbehaved, match="out of order"):
        console.confirm(HostTag(1, bytes(64)))
    answer = host.answer(console.share())
    console.tag(answer)
    with pytest.raises(PeerMisbehaved, match="second share"):
        console.tag(answer)


@pytest.mark.parametrize(
    "share",
    [bytes(32), b"\x01" + bytes(31), (2**255 - 19).to_bytes(32, "little"), (2**255 + 9).to_bytes(32, "little"), b"\xff" * 32],
    ids=["zero", "one", "zero in a second way", "nine with the top bit", "all ones"],
)
def test_a_share_of_small_order_or_written_in_a_second_way_is_refused_at_both_ends(share: bytes) -> None:
    host = host_of()
    with pytest.raises(PeerMisbehaved, match="small order"):
        host.answer(ConsoleShare(1, fresh("n"), OFFERED[0], share))
    with pytest.raises(PeerMisbehaved, match="small order"):
        console_of(host.open()).tag(HostShare(1, share))


def test_messages_of_another_run_are_refused() -> None:
    host = host_of()
    console = console_of(host.open())
    for act in (
        lambda: host.answer(replace(console.share(), run=2)),
        lambda: host.confirm(ConsoleTag(2, bytes(64))),
        lambda: console.tag(HostShare(2, bytes(32))),
        lambda: console.confirm(HostTag(2, bytes(64))),
    ):
        with pytest.raises(PeerMisbehaved, match="another run"):
            act()


def test_only_what_was_offered_and_is_spoken_can_be_chosen() -> None:
    host = host_of()
    with pytest.raises(PeerMisbehaved, match="not offered"):
        host.answer(replace(console_of(host.open()).share(), chosen="OLDER"))
    for offered in ((), ("OLDER",)):
        with pytest.raises(PeerMisbehaved, match="spoken here"):
            console_of(replace(host.open(), offered=offered))


def test_a_scalar_has_32_bytes() -> None:
    host = HostAgreement(VISIT, "2M9X", 1, nonce=fresh("n"), scalar=bytes(31))
    with pytest.raises(ValueError, match="32 bytes"):
        host.answer(console_of(host.open()).share())
