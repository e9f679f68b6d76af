"""A disk that fills up is said once, not every moment while it wavers about the bound."""

from broker.core.disk import DiskWarning


def test_it_warns_once_below_a_fifth_and_again_only_after_it_was_above_a_quarter() -> None:
    warning = DiskWarning()
    free = [80, 20, 19, 5, 22, 25, 19, 26, 20, 19, 0]
    assert [percent for percent in free if warning.due(percent)] == [19, 19]
    assert not warning.due(1)
