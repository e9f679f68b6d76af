"""The closed lists of ways by which content travels."""

from policy.carrier import Carrier, Direct, DirectCause


def test_there_is_a_way_without_any_direct_path_and_a_site_has_to_ask_for_another() -> None:
    assert next(iter(Direct)) is Direct.NEVER
    assert {each.value for each in Carrier} == {"relay", "direct"}
    assert DirectCause.CUT in DirectCause
