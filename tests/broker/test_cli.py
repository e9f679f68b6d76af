"""What an administrator does at the command line, against the database of a running broker."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE

import pytest

from audit.events.broker import AccountRestored, AccountSuspended
from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries, findings, names
from tests.helpers.broker_process import PASSWORD, BrokerProcess, read
from trust.keys import fingerprint
from wire.messages.documents import AuthenticatorType
from wire.messages.presence import Refused
from wire.messages.signin import SignIn
from wire.schema import base64url
from wire.statements import Algorithm

pytestmark = ON_ONE_LOOP
__all__ = ["broker"]


async def run(running: BrokerProcess, *words: str, config: str = "") -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    command = (sys.executable, "-m", "broker", *words, "--config", config or str(running.config))
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env={"COLUMNS": "200"})
    out, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), errors.decode()


async def test_a_suspended_account_signs_in_no_more_and_its_cookie_does_not_come_back_with_it(broker: BrokerProcess) -> None:
    anna = await broker.technician("t-anna")
    cookie = await broker.sign_in(anna)
    assert await run(broker, "accounts", "suspend", "t-anna") == (0, "", "")
    async with broker.http(cookie=cookie) as http:
        assert read(await http.get("/api/me"), Refused).reason is Reason.NOT_SIGNED_IN
        code = anna.totp()
        refused = await broker.post("/api/sign-in", SignIn(anna.id, PASSWORD, code))
        assert read(refused, Refused).reason is Reason.SIGN_IN_FAILED
        assert await run(broker, "accounts", "suspend", "t-anna", "--restore") == (0, "", "")
        assert (await http.get("/api/me")).status_code == 401, "whoever held a cookie signs in anew"
    changes = [entry.event for entry in entries(broker) if isinstance(entry.event, (AccountSuspended, AccountRestored))]
    assert [type(change) for change in changes] == [AccountSuspended, AccountRestored]
    assert {change.technician_id for change in changes} == {"t-anna"}
    assert findings(broker) == [], "two processes write one log"


async def test_somebody_who_does_not_exist_cannot_be_suspended_and_no_entry_says_so(broker: BrokerProcess) -> None:
    before = names(broker)
    code, out, errors = await run(broker, "accounts", "suspend", "t-nobody")
    assert (code, out, errors) == (1, "", "there is no account t-nobody\n")
    assert names(broker) == before


async def test_accounts_are_listed_with_their_state_and_a_name_is_no_markup(broker: BrokerProcess) -> None:
    await broker.technician("t-clara", name="Clara [bold]")
    invited = ("accounts", "invite", "--person", "t-dora", "--name", "Dora", "--company", "Vendor", "--sign-in-name", "dora")
    assert (await run(broker, *invited))[0] == 0
    assert (await run(broker, "accounts", "suspend", "t-clara"))[0] == 0
    code, out, _ = await run(broker, "accounts", "list")
    lines = {line.split()[1]: line for line in out.splitlines() if "t-" in line}
    assert code == 0
    assert "Clara [bold]" in lines["t-clara"]
    assert "suspended" in lines["t-clara"]
    assert ("dora" in lines["t-dora"], "invited" in lines["t-dora"]) == (True, True)


async def test_a_sign_in_name_belongs_to_one_person_and_an_id_looks_like_one(broker: BrokerProcess) -> None:
    invite = ("accounts", "invite", "--name", "Eva", "--company", "Vendor", "--sign-in-name", "eva", "--person")
    assert (await run(broker, *invite, "t-eva"))[0] == 0
    assert (await run(broker, *invite, "t-other"))[::2] == (1, "the sign-in name eva is that of t-eva\n")
    for wrong in ("eva", "t-", "t-" + "x" * 63):
        assert (await run(broker, *invite, wrong))[0] == 2


async def test_registrations_are_listed_with_the_fingerprints_that_people_compare(broker: BrokerProcess) -> None:
    fred, host = await broker.technician("t-fred"), await broker.host("Analyser 7", phi=True)
    shown = json.loads((await run(broker, "registrations", "list", "--json"))[1])
    device = next(row for row in shown["devices"] if row["id"] == "t-fred")
    assert device["fingerprint"] == fingerprint(AuthenticatorType.P256, fred.device.public_key)
    listed = next(row for row in shown["hosts"] if row["id"] == host.id)
    assert (listed["name"], listed["phi"], listed["key"]) == ("Analyser 7", True, base64url(host.signer.public_key))
    table = (await run(broker, "registrations", "list"))[1]
    assert fingerprint(Algorithm.ED25519, host.signer.public_key) in table


@pytest.mark.parametrize("words", [("identity",), ("accounts", "list"), ("health",), ("serve",)])
async def test_a_broker_that_was_never_initialised_says_so(broker: BrokerProcess, words: tuple[str, ...]) -> None:
    bare = broker.folder / "bare.toml"
    bare.write_text(broker.config.read_text().replace('state = "state"', 'state = "bare"'))
    code, out, errors = await run(broker, *words, config=str(bare))
    assert (code, out) == (1, "")
    assert ("not healthy" if words == ("health",) else "run: chaperone-broker init") in errors


async def test_a_configuration_that_is_wrong_has_an_exit_code_of_its_own(broker: BrokerProcess) -> None:
    code, _, errors = await run(broker, "identity", config=str(broker.folder / "nothing.toml"))
    assert code == 2
    assert "nothing.toml" in errors
