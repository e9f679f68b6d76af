"""Case 81, over the API: whoever decides about others is made by two persons. One proposes, another with the right role approves with a
fresh second factor, and it is done once. Refused: the proposer himself, the subject, another company, a second time, too late, after it
was declined or withdrawn, and when the subject, the proposer or the approver is not as he was. What is proposed changes nothing.

Mutations that were tried, each of which makes this file fail:
    policy/approvals.py     no SECOND_PERSON_NEEDED; no OWN_ACCOUNT; `_within` answers True; a proposal of the future is taken
    policy/approvals.py and broker/storage/proposals.py, which both look: no PROPOSAL_DECIDED and no `state`; no PROPOSAL_EXPIRED and no
                            `expires`; `_still_stands` and `_all_as_they_were` answer True
    policy/roles.py         such roles are given by one
    broker/approvals.py     the entries are not recorded; no PROPOSALS_MAX
    broker/web/approvals.py `caller` without `fresh=True`; no `turn`: in a race one is told that something changed

Left: that two accounts are one person's is known to no program. Whitelist, flags of health data and policies are documents: see the other
file of this case, and so are copies of the log.
"""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest
import pytest_asyncio

from audit.events import accounts as log
from audit.events import broker as broker_log
from policy.decision import Reason
from policy.roles import Role
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries
from tests.helpers.broker_process import COOKIE, PASSWORD, BrokerProcess, Technician, read
from wire.messages import administration as accounts
from wire.messages.presence import Refused
from wire.messages.signin import Done, FactorConfirm, InvitationLook, SignedIn, SignInRecovering

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
RACERS = 30


@dataclass
class Someone:
    """Whoever is signed in."""

    person: Technician
    cookie: str

    @property
    def id(self) -> str:
        """The account's."""
        return self.person.id


@dataclass
class People:
    """An administrator who proposes, another one, the security officer, and an administrator elsewhere."""

    anna: Someone
    berta: Someone
    officer: Someone
    elsewhere: Someone


async def someone(broker: BrokerProcess, name: str, role: Role = Role.TECHNICIAN, company: str = "Example GmbH") -> Someone:
    person = await broker.technician(f"t-{name}", role=role, company=company)
    return Someone(person, await broker.sign_in(person))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(broker: BrokerProcess) -> People:
    return People(
        await someone(broker, "anna", Role.ADMINISTRATOR),
        await someone(broker, "berta", Role.ADMINISTRATOR),
        await someone(broker, "officer", Role.SECURITY_OFFICER),
        await someone(broker, "elsewhere", Role.ADMINISTRATOR, "Other AG"),
    )


async def reason(broker: BrokerProcess, path: str, said: object, cookie: str) -> Reason | None:
    """Why not; None if it was done."""
    response = await broker.post(path, said, cookie=cookie)
    return read(response, Refused).reason if response.status_code >= 400 else None


async def proposed(broker: BrokerProcess, by: Someone, account_id: str, role: Role = Role.ADMINISTRATOR) -> str:
    response = await broker.post("/api/accounts/role", accounts.AccountRole(account_id, role, ()), cookie=by.cookie)
    assert response.status_code == 202
    return read(response, accounts.ProposalMade).proposal_id


async def approve(broker: BrokerProcess, proposal: str, by: Someone) -> Reason | None:
    return await reason(broker, "/api/approvals/approve", accounts.ProposalNamed(proposal), by.cookie)


async def decline(broker: BrokerProcess, proposal: str, by: Someone) -> Reason | None:
    return await reason(broker, "/api/approvals/decline", accounts.ProposalNamed(proposal), by.cookie)


async def role_of(broker: BrokerProcess, account_id: str, seen_by: Someone) -> Role:
    shown = await broker.post("/api/accounts/show", accounts.AccountNamed(account_id), cookie=seen_by.cookie)
    return read(shown, accounts.AccountShown).account.role


async def again(broker: BrokerProcess, who: Someone) -> str:
    """Sign in again, with a recovery code: the app has one code for half a minute."""
    code, *left = who.person.recovery_codes
    who.person.recovery_codes = tuple(left)
    response = await broker.post("/api/sign-in/recovery", SignInRecovering(who.id, PASSWORD, code))
    read(response, SignedIn)
    return response.cookies[COOKIE]


def written(broker: BrokerProcess, order: str, *values: object) -> None:
    """Set a row of the broker's database as it will be some time from now."""
    with closing(sqlite3.connect(broker.database, timeout=10)) as database:
        assert database.execute(order, values).rowcount == 1
        database.commit()


async def test_a_proposal_changes_nothing_and_an_approval_does_it_once(broker: BrokerProcess, people: People) -> None:
    clara = await someone(broker, "clara")
    proposal = await proposed(broker, people.anna, clara.id)
    assert await role_of(broker, clara.id, people.anna) is Role.TECHNICIAN
    assert clara.id in await broker.run("accounts", "proposals")
    shown = read(await broker.post("/api/approvals", Done(), cookie=people.officer.cookie), accounts.ProposalList).proposals
    (entry,) = (each for each in shown if each.proposal_id == proposal)
    assert (entry.kind, entry.account_id, entry.before, entry.role, entry.proposed_by) == (
        accounts.ProposalKind.CHANGE_ROLE, clara.id, Role.TECHNICIAN, Role.ADMINISTRATOR, people.anna.id,
    )  # fmt: skip

    assert await approve(broker, proposal, people.berta) is None
    for by in (people.berta, people.officer):
        assert await approve(broker, proposal, by) is Reason.PROPOSAL_DECIDED, "once"
    assert await role_of(broker, clara.id, people.anna) is Role.ADMINISTRATOR
    assert (await broker.post("/api/accounts", accounts.AccountsLook(""), cookie=clara.cookie)).status_code == 401, "signed out by it"
    assert proposal not in await broker.run("accounts", "proposals")

    events = [each.event for each in entries(broker)]
    (approved,) = (each for each in events if isinstance(each, log.ProposalApproved) and each.proposal_id == proposal)
    (made,) = (each for each in events if isinstance(each, log.ProposalMade) and each.proposal_id == proposal)
    (changed,) = (each for each in events if isinstance(each, log.RoleChanged) and each.technician_id == clara.id)
    assert (made.by, approved.proposed_by, changed.by) == (people.anna.id,) * 3
    assert approved.by == people.berta.id
    assert events.index(made) < events.index(approved) < events.index(changed)


async def test_an_invitation_that_two_persons_made_goes_to_the_one_who_approved(broker: BrokerProcess, people: People) -> None:
    said = accounts.AccountInvite("new-officer", "New Officer", Role.SECURITY_OFFICER, ())
    answered = await broker.post("/api/accounts/invite", said, cookie=people.anna.cookie)
    assert answered.status_code == 202
    proposal = read(answered, accounts.ProposalMade).proposal_id
    assert answered.json().keys() == {"type", "proposal_id", "seconds"}, "who proposes holds no link"
    response = await broker.post("/api/approvals/approve", accounts.ProposalNamed(proposal), cookie=people.officer.cookie)
    done = read(response, accounts.ProposalApproved)
    assert done.token is not None
    assert (await broker.post("/api/invitation/look", InvitationLook(done.token))).status_code == 200
    new = await broker.accept(done.account_id, done.token)
    new.id = "new-officer"
    signed_in = await broker.sign_in(new)
    assert signed_in
    kinds = [type(each.event) for each in entries(broker)]
    at = max(index for index, kind in enumerate(kinds) if kind is log.ProposalApproved)
    assert kinds[at : at + 3] == [log.ProposalApproved, broker_log.InvitationMade, log.RoleGiven]
    again = await reason(broker, "/api/accounts/invite-again", accounts.AccountNamed(done.account_id), people.anna.cookie)
    assert again is Reason.ROLE_DENIES, "nobody alone makes another link to it"


async def test_neither_who_proposed_nor_whom_it_is_about_nor_anybody_elsewhere_approves(broker: BrokerProcess, people: People) -> None:
    proposal = await proposed(broker, people.anna, people.officer.id)
    dora = await someone(broker, "dora")
    for by, why in (
        (people.anna, Reason.SECOND_PERSON_NEEDED),
        (people.officer, Reason.OWN_ACCOUNT),
        (people.elsewhere, Reason.PROPOSAL_UNKNOWN),
        (dora, Reason.ROLE_DENIES),
    ):
        assert await approve(broker, proposal, by) is why
        newest = [each.event for each in entries(broker)][-1]
        assert getattr(newest, "reason", None) is why
    assert await role_of(broker, people.officer.id, people.anna) is Role.SECURITY_OFFICER
    assert await decline(broker, proposal, people.officer) is Reason.OWN_ACCOUNT
    assert await decline(broker, proposal, people.anna) is None


async def test_what_was_declined_or_withdrawn_is_over(broker: BrokerProcess, people: People) -> None:
    erna = await someone(broker, "erna")
    for by, kind in ((people.berta, log.ProposalDeclined), (people.anna, log.ProposalWithdrawn)):
        proposal = await proposed(broker, people.anna, erna.id)
        assert await decline(broker, proposal, by) is None
        newest = [each.event for each in entries(broker)][-1]
        assert isinstance(newest, kind)
        for someone_else in (people.berta, people.officer):
            assert await approve(broker, proposal, someone_else) is Reason.PROPOSAL_DECIDED
            assert await decline(broker, proposal, someone_else) is Reason.PROPOSAL_DECIDED
    assert await role_of(broker, erna.id, people.anna) is Role.TECHNICIAN


async def test_what_waited_too_long_is_over(broker: BrokerProcess, people: People) -> None:
    frida = await someone(broker, "frida")
    proposal = await proposed(broker, people.anna, frida.id)
    written(broker, "UPDATE proposals SET made = made - 86401, expires = expires - 86401 WHERE proposal_id = ?", proposal)
    assert await approve(broker, proposal, people.berta) is Reason.PROPOSAL_EXPIRED
    assert await role_of(broker, frida.id, people.anna) is Role.TECHNICIAN
    assert proposal not in await broker.run("accounts", "proposals")


async def test_a_proposal_of_the_future_is_not_taken_either(broker: BrokerProcess, people: People) -> None:
    """The clock was set back behind it: nobody knows how long it has waited."""
    greta = await someone(broker, "greta")
    proposal = await proposed(broker, people.anna, greta.id)
    written(broker, "UPDATE proposals SET made = made + 3600, expires = expires + 3600 WHERE proposal_id = ?", proposal)
    assert await approve(broker, proposal, people.berta) is Reason.PROPOSAL_EXPIRED


async def test_what_changed_meanwhile_is_not_what_was_proposed(broker: BrokerProcess, people: People) -> None:
    hanna = await someone(broker, "hanna")
    proposal = await proposed(broker, people.anna, hanna.id)
    assert await reason(broker, "/api/accounts/role", accounts.AccountRole(hanna.id, Role.SUPERVISOR, ()), people.berta.cookie) is None
    assert await approve(broker, proposal, people.berta) is Reason.PROPOSAL_CHANGED, "the subject is something else"

    proposal = await proposed(broker, people.anna, hanna.id)
    assert await reason(broker, "/api/accounts/suspend", accounts.AccountNamed(hanna.id), people.officer.cookie) is None
    assert await approve(broker, proposal, people.berta) is Reason.PROPOSAL_CHANGED, "the subject was put out"
    assert await role_of(broker, hanna.id, people.anna) is Role.SUPERVISOR


async def test_a_proposer_or_an_approver_who_is_no_longer_what_he_was_counts_for_nothing(broker: BrokerProcess, people: People) -> None:
    ida, judith = await someone(broker, "ida", Role.ADMINISTRATOR), await someone(broker, "judith")
    proposal, other = await proposed(broker, ida, judith.id), await proposed(broker, people.anna, judith.id)
    await broker.run("accounts", "role", ida.id, "--role", "supervisor")
    assert await approve(broker, proposal, people.berta) is Reason.PROPOSAL_CHANGED, "who proposed may not any more"
    assert await approve(broker, other, ida) is Reason.NOT_SIGNED_IN
    ida.cookie = await again(broker, ida)
    assert await approve(broker, other, ida) is Reason.ROLE_DENIES
    await broker.run("accounts", "suspend", people.anna.id)
    assert await approve(broker, other, people.berta) is Reason.PROPOSAL_CHANGED, "who proposed was put out"
    await broker.run("accounts", "resume", people.anna.id)
    people.anna.cookie = await again(broker, people.anna)
    assert await role_of(broker, judith.id, people.anna) is Role.TECHNICIAN


async def test_who_approves_proves_himself_anew(broker: BrokerProcess, people: People) -> None:
    klara = await someone(broker, "klara")
    proposal = await proposed(broker, people.anna, klara.id)
    lena = Someone(await broker.technician("t-lena", role=Role.SECURITY_OFFICER), "")
    lena.cookie = await again(broker, lena)
    written(broker, "UPDATE sign_ins SET factor = factor - 301 WHERE technician_id = ?", lena.id)
    for act in (approve, decline):
        assert await act(broker, proposal, lena) is Reason.SECOND_FACTOR_STALE
    confirmed = await broker.post("/api/factor", FactorConfirm(lena.person.totp()), cookie=lena.cookie)
    read(confirmed, SignedIn)
    lena.cookie = confirmed.cookies[COOKIE]
    assert await approve(broker, proposal, lena) is None
    assert await role_of(broker, klara.id, people.anna) is Role.ADMINISTRATOR


async def test_of_many_approvals_at_once_one_is_done_and_recorded(broker: BrokerProcess, people: People) -> None:
    maria = await someone(broker, "maria")
    proposal = await proposed(broker, people.anna, maria.id)
    racers = [approve(broker, proposal, (people.berta, people.officer)[number % 2]) for number in range(RACERS)]
    went = await asyncio.gather(*racers)
    assert sorted(map(str, went)) == ["None", *[Reason.PROPOSAL_DECIDED.value] * (RACERS - 1)]
    rows = [each.event for each in entries(broker)]
    assert len([each for each in rows if isinstance(each, log.ProposalApproved) and each.proposal_id == proposal]) == 1
    assert len([each for each in rows if isinstance(each, log.RoleChanged) and each.technician_id == maria.id]) == 1


async def test_one_person_leaves_no_heap_of_proposals(broker: BrokerProcess, people: People) -> None:
    said = accounts.AccountInvite("many", "Many", Role.ADMINISTRATOR, ())
    answers = [await reason(broker, "/api/accounts/invite", said, people.elsewhere.cookie) for _ in range(21)]
    assert answers == [None] * 20 + [Reason.TOO_MANY_PROPOSALS]
