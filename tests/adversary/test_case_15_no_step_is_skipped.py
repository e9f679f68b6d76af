"""Case 15: nothing is reached without both factors, a fresh one where one is wanted, and the steps in their order.

Name, password and code come in one request, so that there is no state between them to be carried anywhere. Here: every call without
a sign-in; every call that wants a fresh factor with one of six minutes ago; the invitation's steps out of order and mixed between
people.

Mutations that this file is to catch: step 1 of admission without the factor's age; `who` in place of `who_is_fresh`
in any route of one's own account; `confirm` without a chosen password; a registration for another person taken.
"""

import sqlite3
import time
from contextlib import closing

import pyotp
import pytest
from websockets.exceptions import InvalidStatus

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import PASSWORD, BrokerProcess, P256Signer, read
from tests.helpers.ends import claim, dial, open_console, open_host, open_ticket
from wire.limits import SECOND_FACTOR_FRESH_SECONDS
from wire.messages import signin
from wire.messages.documents import AuthenticatorType
from wire.messages.presence import Refused
from wire.messages.ticket import TicketAdmitted
from wire.schema import from_base64url
from wire.statements import Label, Statement

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
OWN: dict[str, object] = {
    "/api/password": signin.PasswordChange(PASSWORD, "seven brave otters at dusk"),
    "/api/factor/replace": signin.FactorReplace(PASSWORD),
    "/api/factor/replaced": signin.FactorConfirm("000000"),
    "/api/recovery-codes": signin.Done(),
}


def grow_old(broker: BrokerProcess, seconds: float) -> None:
    """Let every second factor have been given so long ago."""
    with closing(sqlite3.connect(broker.database, timeout=10)) as database, database:
        database.execute("UPDATE sign_ins SET factor = factor - ?", (seconds,))


async def test_without_a_sign_in_nothing_opens(broker: BrokerProcess) -> None:
    for path, said in OWN.items():
        assert read(await broker.post(path, said), Refused).reason is Reason.NOT_SIGNED_IN
    for socket in ("/console", "/session", "/bulk"):
        with pytest.raises(InvalidStatus, match="401"):
            await dial(broker, socket, origin="https://localhost:8444", cookie="A" * 43)


async def test_a_factor_of_six_minutes_ago_opens_no_visit_and_changes_nothing_until_it_is_fresh_again(broker: BrokerProcess) -> None:
    anna, host = await broker.technician("t-anna"), await broker.host()
    await broker.publish()
    cookie = await broker.sign_in(anna)
    grow_old(broker, SECOND_FACTOR_FRESH_SECONDS + 60)
    for path, said in OWN.items():
        assert read(await broker.post(path, said, cookie=cookie), Refused).reason is Reason.SECOND_FACTOR_STALE, path
    async with await open_host(broker, host) as control, await open_console(broker, anna, cookie) as console:
        number = await open_ticket(control)
        assert await claim(console, number) is Reason.SECOND_FACTOR_STALE
        renewed = await broker.post("/api/factor", signin.FactorConfirm(anna.totp()), cookie=cookie)
        assert read(renewed, signin.SignedIn).factor_age == 0
        assert isinstance(await claim(console, number), TicketAdmitted)


async def test_an_invitation_is_walked_in_order_by_one_person(broker: BrokerProcess) -> None:
    tokens = {}
    for name in ("t-one", "t-two"):
        link = await broker.run("accounts", "invite", "--person", name, "--name", "Some Body", "--company", "Example GmbH")
        tokens[name] = from_base64url(link.strip().rsplit("/", 1)[1])
    device = P256Signer()

    def registered(owner: str) -> Statement:
        payload = signin.RegistrationPayload(owner, AuthenticatorType.P256, device.public_key, int(time.time()))
        return device.sign(Label.DEVICE_REGISTRATION, payload)

    early = await broker.post("/api/invitation/confirm", signin.InvitationConfirm(tokens["t-one"], "000000", registered("t-one")))
    assert read(early, Refused).reason is Reason.SECOND_FACTOR_WRONG
    accepted = await broker.post("/api/invitation/accept", signin.InvitationAccept(tokens["t-one"], PASSWORD))
    secret = read(accepted, signin.TotpIssued).secret
    code = pyotp.TOTP(secret).now()
    for token, owner, reason in (
        (tokens["t-two"], "t-two", Reason.SECOND_FACTOR_WRONG),
        (tokens["t-one"], "t-two", Reason.SIGNATURE_INVALID),
    ):
        mixed = await broker.post("/api/invitation/confirm", signin.InvitationConfirm(token, code, registered(owner)))
        assert read(mixed, Refused).reason is reason
    right = await broker.post("/api/invitation/confirm", signin.InvitationConfirm(tokens["t-one"], code, registered("t-one")))
    assert len(read(right, signin.RecoveryCodes).codes) == 10
