"""Case 74, and case 75 as far as the broker's own log goes: a database of yesterday is put back.

As a backup, or as a copy that lost its last commits. The anchor file beside it holds what was signed since: the broker refuses
everything, and goes on when a named person has seen it. Then nobody is signed in, and nothing that was given out before opens anything:
what was spent since yesterday is not there to say so.

Mutations, each of which was seen to make it fail: cookies of before live; so do links, hosts' tokens, the first secret, recovery codes, or
the codes of the app that were there to be seen; the anchor file is not read.
"""

import time
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from sqlite3 import connect

import pyotp
import pytest

from policy.decision import Reason
from tests.adversary.test_case_46_a_hostile_administrator_with_sql import is_signed_in
from tests.helpers.broker_log import names
from tests.helpers.broker_process import ORIGIN, PASSWORD, BrokerProcess, read, running_broker
from tests.helpers.log_losing import health, healthy, sign_in_refused
from trust.signatures import Ed25519Signer
from wire.messages.administration import BootstrapUse
from wire.messages.presence import Refused
from wire.messages.signin import EnrolmentPayload, HostEnrol, InvitationAccept, SignedIn, SignIn, SignInRecovering
from wire.schema import from_base64url
from wire.statements import Label

pytestmark = pytest.mark.adversary
RECOVERY = "/api/sign-in/recovery"


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


def enrolment(token: bytes) -> HostEnrol:
    """A host that comes with this token."""
    signer = Ed25519Signer(bytes(32))
    said = EnrolmentPayload(signer.public_key, "Analyser", "analyser", False, "Local Admin", "1", 1)
    return HostEnrol(token, signer.sign(Label.HOST_ENROLMENT, said))


async def answered(broker: BrokerProcess, path: str, said: object) -> Reason | None:
    """Why it is refused; None where it is not. A host comes as a machine, everybody else as the console's page."""
    response = await broker.post(path, said, origin=None if isinstance(said, HostEnrol) else ORIGIN)
    return read(response, Refused).reason if response.status_code >= 400 else None


async def test_yesterday_comes_back_with_nothing_that_was_spent_today(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        anna, bea = await broker.technician("t-anna"), await broker.technician("t-bea")
        cookie = await broker.sign_in(anna)
        link = await invited(broker, "t-new")
        token = from_base64url((await broker.run("hosts", "token", "--site", "Site A")).strip())
        await saved(broker, tmp_path / "yesterday")
        spent, unspent, *_ = (SignInRecovering(anna.id, PASSWORD, code, None) for code in anna.recovery_codes)
        assert read(await broker.post(RECOVERY, spent), SignedIn).technician_id == anna.id
        assert "recovery_code_used" in names(broker)
        assert await answered(broker, RECOVERY, spent) is Reason.SIGN_IN_FAILED, "it works once"
        await put_back(broker, tmp_path / "yesterday")
        assert await health(broker) == 503
        assert await sign_in_refused(broker, bea) is Reason.LOG_UNAVAILABLE
        assert "entries, and" in (tmp_path / "broker.log").read_text()
        # The newest that an app a step ahead shows: it would be taken for another minute.
        seen_before = SignIn(anna.id, PASSWORD, pyotp.HOTP(anna.totp_secret).at(int(time.time()) // 30 + 1))
        await broker.run("doubts", "acknowledge", broker.id, "--by", "Mia Admin", "--why", "disk failure, backup of yesterday")
        await healthy(broker)
        opens = {
            "a code of the app that was there to be seen": await answered(broker, "/api/sign-in", seen_before),
            "a cookie of before": await is_signed_in(broker, cookie),
            "a link of before": await answered(broker, "/api/invitation/accept", InvitationAccept(link, PASSWORD)),
            "a host's token of before": await answered(broker, "/api/enrol", enrolment(token)),
            "the first secret": await answered(broker, "/api/bootstrap", BootstrapUse(broker.secret, "first", "First", "Example GmbH")),
            "a recovery code spent today": await answered(broker, RECOVERY, spent),
            "a recovery code of before": await answered(broker, RECOVERY, unspent),
        }
        assert opens == {
            "a cookie of before": False,
            "a link of before": Reason.INVITATION_INVALID,
            "a host's token of before": Reason.ENROLMENT_INVALID,
            "the first secret": Reason.BOOTSTRAP_INVALID,
            "a code of the app that was there to be seen": Reason.SIGN_IN_FAILED,
            "a recovery code spent today": Reason.SIGN_IN_FAILED,
            "a recovery code of before": Reason.SIGN_IN_FAILED,
        }
        assert await broker.sign_in(await broker.technician("t-berta"))
