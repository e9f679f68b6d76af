"""Case 20: a recovery code works once and for its owner, and nothing takes a second factor away or replaces it without the same proof.

An administrator's invitation begins an account anew; it chooses no password, shows no secret, and the browser it makes opens no
visit until the security officer has signed for its key (step 2 of admission).

Mutations that this file is to catch: a recovery code that is not used up; one that is not bound to its owner;
earlier codes kept beside new ones; `replace_factor` without the password; a waiting secret that counts before its first code.
"""

import asyncio

import pyotp
import pytest

from audit.events.people import FactorReplaced, RecoveryCodesMade, RecoveryCodeUsed
from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries
from tests.helpers.broker_process import COOKIE, PASSWORD, BrokerProcess, read
from wire.messages.presence import Refused
from wire.messages.signin import Done, FactorConfirm, FactorReplace, RecoveryCodes, SignedIn, SignIn, SignInRecovering, TotpIssued

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
RECOVERY = "/api/sign-in/recovery"
RACERS = 12


async def test_of_many_sign_ins_with_one_recovery_code_exactly_one_succeeds(broker: BrokerProcess) -> None:
    anna = await broker.technician("t-anna")
    said = SignInRecovering(anna.id, PASSWORD, anna.recovery_codes[0])
    answers = await asyncio.gather(
        *(broker.try_sign_in(said, address=f"127.3.0.{number}", path=RECOVERY) for number in range(1, RACERS + 1))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (RACERS - 1)
    assert next(read(each, SignedIn) for each in answers if each.status_code == 200).recovery_left == 9
    used = [each.event for each in entries(broker) if isinstance(each.event, RecoveryCodeUsed)]
    assert [(event.technician_id, event.left) for event in used] == [(anna.id, 9)]


async def test_a_recovery_code_is_its_owners_wants_the_password_and_dies_with_newer_ones(broker: BrokerProcess) -> None:
    berta, clara = await broker.technician("t-berta"), await broker.technician("t-clara")
    code = berta.recovery_codes[0]
    foreign = await broker.try_sign_in(SignInRecovering(clara.id, PASSWORD, code), address="127.3.1.1", path=RECOVERY)
    guessed = await broker.try_sign_in(SignInRecovering(berta.id, "another one that is wrong", code), address="127.3.1.2", path=RECOVERY)
    cookie = await broker.sign_in(berta)
    newer = read(await broker.post("/api/recovery-codes", Done(), cookie=cookie), RecoveryCodes).codes
    elder = await broker.try_sign_in(SignInRecovering(berta.id, PASSWORD, code), address="127.3.1.3", path=RECOVERY)
    for refused in (foreign, guessed, elder):
        assert read(refused, Refused).reason is Reason.SIGN_IN_FAILED
    fresh = await broker.try_sign_in(SignInRecovering(berta.id, PASSWORD, newer[0]), address="127.3.1.4", path=RECOVERY)
    assert read(fresh, SignedIn).recovery_left == 9
    assert len(set(newer)) == 10
    assert sum(isinstance(each.event, RecoveryCodesMade) and each.event.technician_id == berta.id for each in entries(broker)) == 2


async def test_the_authenticator_is_replaced_by_password_and_its_own_first_code_alone(broker: BrokerProcess) -> None:
    doris = await broker.technician("t-doris")
    cookie = await broker.sign_in(doris)
    wrong = await broker.post("/api/factor/replace", FactorReplace("another one that is wrong"), cookie=cookie)
    assert read(wrong, Refused).reason is Reason.SIGN_IN_FAILED
    none = await broker.post("/api/factor/replaced", FactorConfirm("000000"), cookie=cookie)
    assert read(none, Refused).reason is Reason.SECOND_FACTOR_WRONG
    issued = read(await broker.post("/api/factor/replace", FactorReplace(PASSWORD), cookie=cookie), TotpIssued)
    newest = pyotp.TOTP(issued.secret)
    early = await broker.try_sign_in(SignIn(doris.id, PASSWORD, newest.now()), address="127.3.2.1")
    assert read(early, Refused).reason is Reason.SIGN_IN_FAILED, "the new one counts for nothing yet"
    other = (await broker.try_sign_in(SignIn(doris.id, PASSWORD, doris.totp()), address="127.3.2.2")).cookies[COOKIE]
    read(await broker.post("/api/factor/replaced", FactorConfirm(newest.now()), cookie=cookie), Done)
    assert any(isinstance(each.event, FactorReplaced) for each in entries(broker))
    async with broker.http(cookie=other) as http:
        assert (await http.get("/api/me")).status_code == 401, "every other sign-in is over"
    old = pyotp.TOTP(doris.totp_secret).now()
    assert read(await broker.try_sign_in(SignIn(doris.id, PASSWORD, old), address="127.3.2.3"), Refused).reason is Reason.SIGN_IN_FAILED
    again = await broker.post("/api/factor/replaced", FactorConfirm(newest.now()), cookie=cookie)
    assert read(again, Refused).reason is Reason.SECOND_FACTOR_WRONG, "nothing waits any more"


async def test_an_administrator_has_no_word_for_a_password_or_a_factor(broker: BrokerProcess) -> None:
    said = await broker.run("accounts", "invite", "--person", "t-help", "--name", "Help", "--company", "Example GmbH")
    assert said.count("\n") == 1, "the link, and nothing else"
    listed = await broker.run("accounts", "list")
    assert "secret" not in listed
    with pytest.raises(AssertionError, match="No such option"):
        await broker.run("accounts", "invite", "--person", "t-help", "--name", "H", "--company", "E", "--password", PASSWORD)
