"""A countdown: begun and ended under its grant, and nothing else happens under it."""

from audit.events import host
from host_client.abilities.restart import Restart
from host_client.core.ports import Seat
from host_client.link_restart import CloseRestart, ShowRestart
from policy.decision import Reason

SEAT = Seat("en", "lab", "c1", 640, 480)


def test_it_counts_under_its_grant_and_the_log_says_so() -> None:
    restart = Restart()
    restart.seconds = 30
    assert restart.begun("s-1", 3, SEAT) == host.RestartBegun(session_id="s-1", ask=3, seconds=30)
    assert restart.grant == 0
    assert (restart.begin(3), restart.grant) == ((ShowRestart(3, 30),), 3)
    assert (restart.paused(), restart.again()) == ((), ())
    assert (restart.end(), restart.grant) == ((CloseRestart(3),), 0)
    ended = restart.ended("s-1", 3, Reason.RESTART_STOPPED)
    assert ended == host.RestartNotWaiting(session_id="s-1", ask=3, reason=Reason.RESTART_STOPPED)
