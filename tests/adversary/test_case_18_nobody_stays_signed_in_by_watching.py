"""Case 18: a sign-in idles out after 20 minutes and ends after 12 hours, whatever runs on it: a live picture, leases, polls, heartbeats.

The shell on a real database, with a clock that is moved by hand: nothing here waits.

Mutations that were tried, each of which makes this file fail:
    broker/storage/sign_ins.py    `standing` without the idle limit, without the absolute limit
    broker/web/shell.py           `look_at_sign_ins` touches what it finds standing
    broker/core/narrowing.py      `sign_ins_now` keeps a console whose sign-in is over

Left: 15 minutes for sites that ask for it (a policy value of later).
"""

import pytest

from policy.decision import Reason
from tests.helpers.broker_core import SIGN_IN
from tests.helpers.watched_sign_in import Watching, watching
from wire.limits import CONSOLE_ABSOLUTE_SECONDS, CONSOLE_IDLE_SECONDS, LEASE_RENEW_EVERY

pytestmark = pytest.mark.adversary
__all__ = ["watching"]


async def test_a_live_stream_and_its_heartbeats_are_no_activity(watching: Watching) -> None:
    for _ in range(CONSOLE_IDLE_SECONDS // LEASE_RENEW_EVERY - 1):
        await watching.lease()
        assert watching.ear.told == []
        assert not watching.meeting.visit.over
    await watching.lease()
    assert watching.ear.told == [Reason.NOT_SIGNED_IN]
    assert watching.meeting.visit.over


async def test_what_the_person_does_is_activity_but_not_for_ever(watching: Watching) -> None:
    begun = watching.table.now
    while watching.table.now.elapsed_since(begun) + 600 < CONSOLE_ABSOLUTE_SECONDS:
        watching.table.wait(600)
        await watching.shell.store.sign_ins.touch(SIGN_IN, watching.table.now.utc)
        await watching.shell.look_at_sign_ins()
        assert watching.ear.told == []
    watching.table.wait(600)
    await watching.shell.store.sign_ins.touch(SIGN_IN, watching.table.now.utc)
    await watching.shell.look_at_sign_ins()
    assert watching.ear.told == [Reason.NOT_SIGNED_IN]
