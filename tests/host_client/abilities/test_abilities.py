"""Every permission that can be granted has an ability that does it, and no other has one."""

from host_client.abilities import ABILITIES
from policy.permissions import TERMS


def test_what_can_be_granted_can_be_done() -> None:
    assert set(ABILITIES) == {permission for permission, terms in TERMS.items() if terms.available}


def test_each_begins_with_no_grant() -> None:
    assert [made().grant for made in ABILITIES.values()] == [0] * len(ABILITIES)
