"""Effective policy: the most restrictive wins."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.decision import Allow, Deny, Reason
from policy.documents import HostFacts, effective_phi, may_offer
from policy.permissions import TERMS, Permission

PLAIN = HostFacts("h-1", "haematology", listed=True, phi=False)
PHI = HostFacts("h-2", "haematology", listed=True, phi=True)
NEW = HostFacts("h-3", "", listed=False, phi=False)
FORBIDDEN = [permission for permission, terms in TERMS.items() if terms.forbidden_on_phi]


def test_phi_is_what_anybody_says_it_is() -> None:
    for facts in product((False, True), repeat=3):
        assert effective_phi(*facts) is any(facts)


@pytest.mark.parametrize("permission", FORBIDDEN)
@pytest.mark.parametrize("host", [PHI, NEW], ids=["phi", "new"])
def test_files_and_clipboard_do_not_exist_where_health_data_may_be(permission: Permission, host: HostFacts) -> None:
    assert may_offer(permission, host) == Deny(Reason.PHI_POLICY)


def test_a_new_host_offers_its_view_and_nothing_else() -> None:
    assert may_offer(Permission.VIEW, NEW) == Allow()
    assert may_offer(Permission.CONTROL, NEW) == Deny(Reason.HOST_NOT_LISTED)


def test_what_does_not_exist_yet_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TERMS, Permission.RESTART, replace(TERMS[Permission.RESTART], available=False))
    for permission, terms in TERMS.items():
        assert (may_offer(permission, PLAIN) == Deny(Reason.PERMISSION_NOT_OFFERED)) is not terms.available


@given(st.sampled_from(Permission), st.booleans(), st.booleans())
def test_declaring_health_data_never_widens(permission: Permission, listed: bool, phi: bool) -> None:
    without = may_offer(permission, HostFacts("h", "g", listed, phi))
    with_phi = may_offer(permission, HostFacts("h", "g", listed, True))
    assert isinstance(without, Allow) or isinstance(with_phi, Deny)
