"""Case 74, and case 75 as far as the broker's own log goes: a database of yesterday is put back.

As a backup, or as a copy that lost its last commits. The anchor file beside it holds what was signed since: the broker refuses
everything, and goes on when a named person has seen it. Then nobody is signed in, and nothing that was given out before opens anything:
what was spent since yesterday is not there to say so.
"""

from contextlib import closing
from pathlib import Path
from shutil import copyfile
from sqlite3 import connect

import pytest

from policy.decision import Reason
from tests.adversary.test_case_46_a_hostile_administrator_with_sql import is_signed_in
from tests.helpers.broker_log import names
from tests.helpers.broker_process import PASSWORD, BrokerProcess, read, running_broker
from tests.helpers.log_losing import health, healthy, sign_in_refused
from wire.messages.presence import Refused
from wire.messages.signin import InvitationAccept, SignedIn, SignInRecovering
from wire.schema import from_base64url

pytestmark = pytest.mark.adversary


async def put_back(broker: BrokerProcess, copy: Path) -> None:
    """The database file as it was, while the broker stands still."""
    assert await broker.stop() == 0
    for beside in broker.database.parent.glob("broker.sqlite3-*"):
        beside.unlink()
    copyfile(copy, broker.database)
    await broker.start_again()


async def saved(broker: BrokerProcess, copy: Path) -> None:
    """A backup of the running broker's database."""
    with closing(connect(broker.database)) as running, closing(connect(copy)) as kept:
        running.backup(kept)


async def invited(broker: BrokerProcess, person: str) -> bytes:
    link = await broker.run("accounts", "invite", "--person", person, "--name", "Some Body", "--company", "Vendor")
    return from_base64url(link.strip().rsplit("/", 1)[1])


async def test_yesterday_comes_back_with_nothing_that_was_spent_today(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        anna = await broker.technician("t-anna")
        cookie = await broker.sign_in(anna)
        token = await invited(broker, "t-new")
        await saved(broker, tmp_path / "yesterday")
        spent, unspent, *_ = (SignInRecovering(anna.id, PASSWORD, code, None) for code in anna.recovery_codes)
        assert read(await broker.post("/api/sign-in/recovery", spent), SignedIn).technician_id == anna.id
        assert "recovery_code_used" in names(broker)
        assert read(await broker.post("/api/sign-in/recovery", spent), Refused).reason is Reason.SIGN_IN_FAILED, "it works once"
        await put_back(broker, tmp_path / "yesterday")
        assert await health(broker) == 503
        assert await sign_in_refused(broker, anna) is Reason.LOG_UNAVAILABLE
        assert "entries, and" in (tmp_path / "broker.log").read_text()
        await broker.run("doubts", "acknowledge", broker.id, "--by", "Mia Admin", "--why", "disk failure, backup of yesterday")
        await healthy(broker)
        assert not await is_signed_in(broker, cookie)
        accepted = await broker.post("/api/invitation/accept", InvitationAccept(token, PASSWORD))
        assert read(accepted, Refused).reason is not None
        for before in (spent, unspent):
            again = await broker.post("/api/sign-in/recovery", before)
            assert read(again, Refused).reason is Reason.SIGN_IN_FAILED, "a recovery code of before is void"
        assert await broker.sign_in(await broker.technician("t-berta"))
