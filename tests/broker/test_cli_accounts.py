"""`chaperone-broker accounts` against the database of a running broker: roles, sites, deleting, signing out."""

import pytest

from audit.events.accounts import AccountDeleted, RoleChanged, RoleGiven, SignedOutEverywhere
from policy.roles import Role
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries, findings, names
from tests.helpers.broker_process import BrokerProcess, read
from tests.helpers.command_line import typed
from wire.messages.administration import AccountInvite, ProposalMade

pytestmark = ON_ONE_LOOP
__all__ = ["broker"]


def invite(person: str, *more: str) -> tuple[str, ...]:
    return ("accounts", "invite", "--person", person, "--name", "Some Body", "--company", "Vendor", *more)


async def test_an_account_is_shown_with_role_and_sites_and_without_a_secret(broker: BrokerProcess) -> None:
    assert (await typed(broker, *invite("t-auditor", "--role", "auditor", "--site", "Site B", "--site", "Site A")))[0] == 0
    code, shown, _ = await typed(broker, "accounts", "show", "t-auditor")
    assert code == 0
    for word in ("auditor", "Site A, Site B", "invited", "unknown"):
        assert word in shown
    given = [entry.event for entry in entries(broker) if isinstance(entry.event, RoleGiven)]
    assert [(each.technician_id, each.role, each.sites) for each in given] == [("t-auditor", Role.AUDITOR, ("Site A", "Site B"))]


@pytest.mark.parametrize(
    "words", [("--role", "auditor"), ("--site", "Site A"), ("--role", "administrator", "--site", "Site A"), ("--role", "king")]
)
async def test_a_role_and_sites_that_do_not_fit_are_refused_before_anything_is_opened(
    broker: BrokerProcess, words: tuple[str, ...]
) -> None:
    before = names(broker)
    assert (await typed(broker, *invite("t-wrong", *words)))[0] == 2
    assert names(broker) == before


async def test_a_second_invitation_changes_no_role(broker: BrokerProcess) -> None:
    assert (await typed(broker, *invite("t-same")))[0] == 0
    code, _, errors = await typed(broker, *invite("t-same", "--role", "administrator"))
    assert (code, errors) == (1, "the account t-same is a technician's; change its role first\n")
    assert (await typed(broker, "accounts", "role", "t-same", "--role", "supervisor"))[0] == 0
    newest = entries(broker)[-1].event
    assert isinstance(newest, RoleChanged)
    assert (newest.before, newest.role) == (Role.TECHNICIAN, Role.SUPERVISOR)


async def test_who_is_deleted_stays_in_the_list_and_does_not_come_back(broker: BrokerProcess) -> None:
    await broker.technician("t-gone", name="Gone Person")
    assert await typed(broker, "accounts", "sign-out", "t-gone") == (0, "", "")
    assert await typed(broker, "accounts", "delete", "t-gone") == (0, "", "")
    assert [type(entry.event) for entry in entries(broker)][-2:] == [SignedOutEverywhere, AccountDeleted]
    (line,) = (line for line in (await typed(broker, "accounts", "list"))[1].splitlines() if "t-gone" in line)
    assert "Gone Person" in line
    assert "deleted" in line
    for words in (("resume", "t-gone"), ("clear-stop", "t-gone"), ("role", "t-gone", "--role", "supervisor"), ("delete", "t-gone")):
        code, _, errors = await typed(broker, "accounts", *words)
        assert (code, errors) == (1, "that account was deleted, or is not as it was when this began\n"), words
    assert (await typed(broker, *invite("t-gone")))[0] == 1
    assert findings(broker) == []


async def test_what_waits_for_a_second_person_is_listed_with_who_wants_it_and_until_when(broker: BrokerProcess) -> None:
    admin = await broker.technician("t-proposer", role=Role.SITE_ADMINISTRATOR, sites=("Site A",))
    assert await typed(broker, "accounts", "proposals") == (0, "", "")
    said = AccountInvite("second", "Second One", Role.SITE_ADMINISTRATOR, ("Site A",))
    made = read(await broker.post("/api/accounts/invite", said, cookie=await broker.sign_in(admin)), ProposalMade)
    code, shown, _ = await typed(broker, "accounts", "proposals")
    assert code == 0
    for word in (made.proposal_id, "Second One", "new -> site_administrator of Site A", "proposed by t-proposer"):
        assert word in shown
