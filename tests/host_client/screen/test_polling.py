"""A screen that says nothing is looked at often while it changes, and seldom while it stands still."""

from host_client.screen.polling import LONGEST, SHORTEST, Polling


def test_it_is_looked_at_ever_less_while_nothing_changes_and_at_once_again_after() -> None:
    polling = Polling()
    assert (polling.pause, polling.last) == (SHORTEST, b"")
    polling.looked(b"one")
    pauses = []
    for _ in range(12):
        polling.looked(b"one")
        pauses.append(polling.pause)
    assert pauses == sorted(pauses)
    assert pauses[0] > SHORTEST
    assert pauses[-1] == LONGEST
    polling.looked(b"two")
    assert (polling.pause, polling.last) == (SHORTEST, b"two")


def test_it_can_be_told_to_hurry() -> None:
    polling = Polling()
    polling.looked(b"one")
    polling.looked(b"one")
    polling.hurry()
    assert polling.pause == SHORTEST
