"""The list of permissions and its terms."""

from policy.permissions import LANE_PERMISSION, TERMS, Lane, Permission


def test_every_permission_has_terms() -> None:
    assert set(TERMS) == set(Permission)


def test_no_two_permissions_share_a_lane() -> None:
    assert len(LANE_PERMISSION) == len(TERMS)
    assert Lane.CONTROL not in LANE_PERMISSION
    assert Lane.CHAT not in LANE_PERMISSION


def test_everything_but_the_view_requires_it() -> None:
    assert TERMS[Permission.VIEW].requires == frozenset()
    assert all(Permission.VIEW in terms.requires for permission, terms in TERMS.items() if permission is not Permission.VIEW)


def test_a_permission_is_offered_only_with_what_it_requires() -> None:
    for terms in TERMS.values():
        assert not terms.available or all(TERMS[needed].available for needed in terms.requires)
