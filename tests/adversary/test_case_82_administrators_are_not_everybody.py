"""Case 82, and 81 as far as it is one person's: an administrator starts no visit, learns no secret of anybody, is nobody else, and makes
nobody an administrator alone: not himself, not a second account of his, not with a request that was answered before. Whatever he does
has its row.

Mutations that were tried, each of which makes this file fail:
    policy/roles.py      administrators have the rights of helpers; `may_give` forgets `together`; `may_act` forgets OWN_ACCOUNT
    broker/roster.py     `invite` takes an account that somebody has; an act without its entry

Who approves what one person proposed is case 81.
"""

import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from audit.events import accounts as log
from audit.events import broker as broker_log
from audit.events import people as people_log
from policy.decision import Reason
from policy.roles import ADMINISTRATOR_KIND, Role
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries
from tests.helpers.broker_process import ORIGIN, PASSWORD, BrokerProcess, Technician, read
from tests.helpers.ends import dial
from wire.limits import PROPOSAL_SECONDS
from wire.messages import administration as accounts
from wire.messages.presence import Refused
from wire.messages.signin import InvitationLook, SignIn

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def admin(broker: BrokerProcess) -> Technician:
    return await broker.technician("t-admin", role=Role.ADMINISTRATOR)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cookie(broker: BrokerProcess, admin: Technician) -> str:
    return await broker.sign_in(admin)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def anna(broker: BrokerProcess) -> Technician:
    return await broker.technician("t-anna")


async def reason(broker: BrokerProcess, path: str, said: object, cookie: str) -> Reason | None:
    response = await broker.post(path, said, cookie=cookie)
    return None if response.status_code == 200 else read(response, Refused).reason


async def test_no_administrator_of_any_kind_comes_near_a_visit(broker: BrokerProcess) -> None:
    await broker.publish()
    for role in sorted(ADMINISTRATOR_KIND):
        sites = ("Site A",) if role is Role.SITE_ADMINISTRATOR else ()
        person = await broker.technician(f"t-{role}", role=role, sites=sites)
        held = await broker.sign_in(person)
        for path in ("/console", "/session", "/bulk"):
            with pytest.raises(InvalidStatus, match="403"):
                await dial(broker, path, origin=ORIGIN, cookie=held)


async def test_no_answer_and_no_command_shows_a_secret_of_somebody(broker: BrokerProcess, cookie: str, anna: Technician) -> None:
    shown = [
        (await broker.post("/api/accounts", accounts.AccountsLook(""), cookie=cookie)).text,
        (await broker.post("/api/accounts/show", accounts.AccountNamed(anna.id), cookie=cookie)).text,
        await broker.run("accounts", "show", anna.id),
        await broker.run("accounts", "list"),
        await broker.run("registrations", "list", "--json"),
    ]
    assert anna.id in shown[0]
    for text in shown:
        assert anna.totp_secret not in text
        assert "argon2" not in text
        assert not [code for code in anna.recovery_codes if code in text]


async def test_nobody_who_has_come_is_invited_again_from_here(broker: BrokerProcess, cookie: str, anna: Technician) -> None:
    assert await reason(broker, "/api/accounts/invite-again", accounts.AccountNamed(anna.id), cookie) is Reason.ACCOUNT_EXISTS
    taken = accounts.AccountInvite(anna.id, "Another Anna", Role.TECHNICIAN, ())
    assert await reason(broker, "/api/accounts/invite", taken, cookie) is Reason.ACCOUNT_EXISTS
    assert (await broker.post("/api/sign-in", SignIn(anna.id, PASSWORD, anna.totp()))).status_code == 200


async def test_an_invitation_that_is_made_again_replaces_the_first(broker: BrokerProcess, cookie: str) -> None:
    said = accounts.AccountInvite("new one", "New One", Role.TECHNICIAN, ())
    first = read(await broker.post("/api/accounts/invite", said, cookie=cookie), accounts.InvitationIssued)
    again = await broker.post("/api/accounts/invite-again", accounts.AccountNamed(first.account_id), cookie=cookie)
    second = read(again, accounts.InvitationIssued)
    for token, status in ((first.token, 404), (second.token, 200)):
        assert (await broker.post("/api/invitation/look", InvitationLook(token))).status_code == status
    assert await reason(broker, "/api/accounts/invite", said, cookie) is Reason.ACCOUNT_EXISTS, "the same request, sent again"


async def test_one_person_makes_no_administrator(broker: BrokerProcess, cookie: str, admin: Technician, anna: Technician) -> None:
    for role in (Role.ADMINISTRATOR, Role.SECURITY_OFFICER):
        invite = accounts.AccountInvite(f"second {role}", "Second Account", role, ())
        change = accounts.AccountRole(anna.id, role, ())
        for path, said in (("invite", invite), ("role", change)):
            response = await broker.post(f"/api/accounts/{path}", said, cookie=cookie)
            assert response.status_code == 202
            assert read(response, accounts.ProposalMade).seconds == PROPOSAL_SECONDS
    for path, said in (
        ("invite", accounts.AccountInvite("of a site", "Second Account", Role.SITE_ADMINISTRATOR, ("Site A",))),
        ("role", accounts.AccountRole(anna.id, Role.SITE_ADMINISTRATOR, ("Site A",))),
    ):
        assert await reason(broker, f"/api/accounts/{path}", said, cookie) is Reason.ROLE_DENIES
    shown = read(await broker.post("/api/accounts", accounts.AccountsLook(""), cookie=cookie), accounts.AccountList)
    assert not [each for each in shown.accounts if each.name == "Second Account"]
    assert [each.role for each in shown.accounts if each.account_id == anna.id] == [Role.TECHNICIAN]
    for path in ("suspend", "resume", "clear-stop", "delete", "sign-out"):
        own = await reason(broker, f"/api/accounts/{path}", accounts.AccountNamed(admin.id), cookie)
        assert own is Reason.OWN_ACCOUNT, path
    own_role = accounts.AccountRole(admin.id, Role.TECHNICIAN, ())
    assert await reason(broker, "/api/accounts/role", own_role, cookie) is Reason.OWN_ACCOUNT


async def test_whatever_is_done_or_refused_has_its_row(broker: BrokerProcess, cookie: str, admin: Technician) -> None:
    berta = await broker.technician("t-berta")
    acts: tuple[tuple[str, object, type], ...] = (
        ("suspend", accounts.AccountNamed(berta.id), broker_log.AccountSuspended),
        ("resume", accounts.AccountNamed(berta.id), broker_log.AccountRestored),
        ("clear-stop", accounts.AccountNamed(berta.id), people_log.AccountStopCleared),
        ("role", accounts.AccountRole(berta.id, Role.SUPERVISOR, ()), log.RoleChanged),
        ("sign-out", accounts.AccountNamed(berta.id), log.SignedOutEverywhere),
        ("delete", accounts.AccountNamed(berta.id), log.AccountDeleted),
    )
    for path, said, kind in acts:
        assert await reason(broker, f"/api/accounts/{path}", said, cookie) is None, path
        newest = entries(broker)[-1].event
        assert isinstance(newest, kind)
        assert (getattr(newest, "technician_id", ""), getattr(newest, "by", "")) == (berta.id, admin.id)
    again = await reason(broker, "/api/accounts/resume", accounts.AccountNamed(berta.id), cookie)
    assert again is Reason.ACCOUNT_UNKNOWN, "who was deleted does not come back"
    shown = read(await broker.post("/api/accounts/show", accounts.AccountNamed(berta.id), cookie=cookie), accounts.AccountShown)
    assert (shown.account.state, shown.account.name) == (accounts.AccountState.DELETED, berta.name)
    assert berta.id in (await broker.run("accounts", "list"))
