"""The pauses between two tries at the broker, and the tries themselves where nobody answers."""

import asyncio
import ssl

from host_client.core.events import ControlClosed, Event
from host_client.guardian.control import LAST_PAUSE, Control, PauseRow, pauses
from host_client.guardian.shell import Shell, Tasks
from tests.helpers.free_ports import free_ports


def test_pauses_double_from_half_a_second_to_a_minute_and_begin_anew_after_a_good_connection() -> None:
    row = pauses(lambda: 1.0)
    assert [row.next() for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 32, LAST_PAUSE, LAST_PAUSE]
    row.reset()
    assert row.next() == 0.5


def test_no_pause_is_shorter_than_half_its_whole() -> None:
    row = pauses(lambda: 0.0)
    assert [row.next() for _ in range(3)] == [0.25, 0.5, 1]


class Tired(PauseRow):
    """Does not wait, and says when it was asked often enough."""

    def __init__(self, times: int) -> None:
        super().__init__(lambda: 0.0)
        self.left, self.enough, self.resets = times, asyncio.Event(), 0

    def next(self) -> float:
        """No time at all, until it is enough."""
        self.left -= 1
        if self.left == 0:
            self.enough.set()
        return 0.0 if self.left > 0 else LAST_PAUSE

    def reset(self) -> None:
        """Counted."""
        self.resets += 1


class Ears(Shell):
    """Only listens."""

    def __init__(self) -> None:
        self.heard: list[Event] = []

    async def happened(self, event: Event) -> None:
        """Noted."""
        self.heard.append(event)


async def test_a_broker_that_is_not_there_is_tried_again_and_again() -> None:
    ears, row, tasks = Ears(), Tired(3), Tasks(lambda _: None)
    (port,) = free_ports(1)
    control = Control(ears, tasks, f"https://localhost:{port}", ssl.create_default_context(), row)
    tasks.go(control.keep())
    await asyncio.wait_for(row.enough.wait(), 10)
    control.say(b"lost")  # there is no line: nothing is kept for later
    control.drop()
    await tasks.stop()
    assert ears.heard == [ControlClosed(certificate=False)] * 3
    assert row.resets == 0
    assert not control.opened.is_set()
