"""Case 25: every route, socket and message on a socket, asked by everybody: only the cells written down here succeed.

Routes come from the table of the app, messages from the cores: what has no row here fails. Then, for each route about an account: each
role against an account of its own company, of another company, of its own site, of another site, and one that does not exist; whom
one may not see is answered letter by letter like nobody. M46, M47, C27, C41.

Mutations that were tried, each of which makes this file fail:
    broker/web/app.py             the guard does not ask `_has_right`
    broker/web/sockets.py         `_allowed` does not ask for the role
    broker/core/console_control   a message is taken whatever the role
    broker/web/administration.py  `_about` decides without `may_act`; `accounts` lists everybody
    policy/roles.py               `_reaches` answers True for a company; ACCOUNT_UNKNOWN is ROLE_DENIES for whom one may not see

What of the trail each role reads: case 47. Left: routes about hosts, policies and visits, which do not exist.
"""

from dataclasses import dataclass

import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from broker.core import console_control, host_control, session_socket
from broker.web.routes import DOORS, SOCKETS
from policy.decision import Reason
from policy.purpose import Purpose
from policy.roles import HELPERS, Entry, Role
from tests.helpers.broker_core import HALF, Table, control, refused
from tests.helpers.broker_core import TECHNICIAN as CONSOLE_OWNER
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import ORIGIN, BrokerProcess, read
from tests.helpers.ends import dial, prove
from wire.frames import FrameKind
from wire.messages import administration as accounts
from wire.messages.call import CallAsk, CallSeen
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.evidence import Doubt, Head, HeadWanted, LogDoubted, ReceiptOffered, ReceiptSealed
from wire.messages.presence import EndRole, Instruments, Refused
from wire.messages.session import BulkWanted, CarrierReport, LeaseRenew, ReconnectWanted, VisitLeft
from wire.messages.signin import Done
from wire.messages.ticket import TicketBurnt, TicketClaim, TicketClose, TicketOpen, TicketSpent, WatchOpen
from wire.statements import Label

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]

TECHNICIAN, SUPERVISOR, OFFICER, ADMIN, SITE_ADMIN, AUDITOR = Role
EVERYBODY = frozenset(Role)
SEE = EVERYBODY - {TECHNICIAN}
DECIDE = frozenset({ADMIN, SITE_ADMIN})
PUT_OUT = SEE - {AUDITOR}
SECOND = frozenset({OFFICER, ADMIN, SITE_ADMIN})
AUDIT = SECOND | {AUDITOR}
SEALED = AUDIT - {ADMIN}

ROLES: dict[tuple[str, str], frozenset[Role] | Entry] = {
    ("POST", "/api/bootstrap"): Entry.STRANGER,
    ("POST", "/api/invitation/look"): Entry.STRANGER,
    ("POST", "/api/invitation/accept"): Entry.STRANGER,
    ("POST", "/api/invitation/confirm"): Entry.STRANGER,
    ("POST", "/api/sign-in"): Entry.STRANGER,
    ("POST", "/api/sign-in/nonce"): Entry.STRANGER,
    ("POST", "/api/sign-in/recovery"): Entry.STRANGER,
    ("POST", "/api/sign-in/new-password"): Entry.STRANGER,
    ("POST", "/api/sign-out"): Entry.STRANGER,
    ("GET", "/api/me"): EVERYBODY,
    ("POST", "/api/factor"): EVERYBODY,
    ("POST", "/api/factor/replace"): EVERYBODY,
    ("POST", "/api/factor/replaced"): EVERYBODY,
    ("POST", "/api/recovery-codes"): EVERYBODY,
    ("POST", "/api/password"): EVERYBODY,
    ("POST", "/api/sign-out-everywhere"): EVERYBODY,
    ("POST", "/api/accounts"): SEE,
    ("POST", "/api/accounts/show"): SEE,
    ("POST", "/api/accounts/invite"): DECIDE,
    ("POST", "/api/accounts/invite-again"): DECIDE,
    ("POST", "/api/accounts/suspend"): PUT_OUT,
    ("POST", "/api/accounts/resume"): frozenset({OFFICER, ADMIN, SITE_ADMIN}),
    ("POST", "/api/accounts/role"): DECIDE,
    ("POST", "/api/accounts/clear-stop"): DECIDE,
    ("POST", "/api/accounts/delete"): DECIDE,
    ("POST", "/api/accounts/sign-out"): PUT_OUT,
    ("POST", "/api/approvals"): SECOND,
    ("POST", "/api/approvals/approve"): SECOND,
    ("POST", "/api/approvals/decline"): SECOND,
    ("POST", "/api/audit/entries"): EVERYBODY,
    ("POST", "/api/audit/export"): AUDIT,
    ("POST", "/api/audit/export/fetch"): AUDIT,
    ("POST", "/api/receipts"): SEALED,
    ("POST", "/api/receipts/fetch"): SEALED,
    ("POST", "/api/enrol"): Entry.MACHINE,
    ("PUT", "/api/documents/vendor"): Entry.MACHINE,
    ("PUT", "/api/documents/site"): Entry.MACHINE,
    ("GET", "/healthz"): Entry.MACHINE,
    ("SOCKET", "/host"): Entry.MACHINE,
    ("SOCKET", "/console"): HELPERS,
    ("SOCKET", "/session"): HELPERS,
    ("SOCKET", "/bulk"): HELPERS,
}
CONSOLE_SAYS = {
    TicketClaim: HELPERS, ReconnectWanted: HELPERS, VisitLeft: HELPERS, CallAsk: HELPERS, HeadWanted: HELPERS, LogDoubted: HELPERS
}  # fmt: skip
HOST_SAYS = {
    TicketOpen, WatchOpen, TicketClose, TicketSpent, TicketBurnt, LeaseRenew, ReconnectWanted, VisitLeft, CallSeen, HeadWanted, Head,
    LogDoubted, ReceiptOffered, ReceiptSealed,
}  # fmt: skip
OWN_HOST = "each is about the host whose key was proven on this socket"
ON_A_SESSION = {EndRole.HOST: {BulkWanted, CarrierReport}, EndRole.CONSOLE: {BulkWanted}}
"""Which way content takes is the host's to say: a console that reports it has misbehaved (`tests/broker/core/test_carriage.py`)."""
SESSION_SAYS = {FrameKind.CONTROL, FrameKind.HANDSHAKE, FrameKind.LEDGER, FrameKind.SEALED}


@dataclass(frozen=True)
class Someone:
    """Whoever is signed in."""

    id: str
    role: Role
    cookie: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(broker: BrokerProcess) -> dict[Role, Someone]:
    made = {}
    for role in Role:
        sites = ("Site A",) if role in {SITE_ADMIN, AUDITOR} else ()
        person = await broker.technician(f"t-{role.value}", role=role, sites=sites)
        made[role] = Someone(person.id, role, await broker.sign_in(person))
    await broker.technician("t-elsewhere", company="Other AG")
    await broker.technician("t-auditor-elsewhere", role=AUDITOR, sites=("Site B",))
    await broker.technician("t-auditor-of-two", role=AUDITOR, sites=("Site A", "Site B"))
    await broker.technician("t-colleague")
    await broker.technician("t-colleague-auditor", role=AUDITOR, sites=("Site A",))
    return made


async def refusal(broker: BrokerProcess, path: str, said: object, cookie: str, method: str = "POST") -> Reason | None:
    """Why it was refused; None if it was done."""
    response = await broker.post(path, said, cookie=cookie, method=method)
    return None if response.status_code == 200 else read(response, Refused).reason


async def test_every_route_and_every_message_has_its_row() -> None:
    routes = {(door.method, door.path) for door in DOORS} | {("SOCKET", door.path) for door in SOCKETS}
    assert routes == ROLES.keys()
    for door in DOORS:
        row = ROLES[door.method, door.path]
        assert door.entry is (row if isinstance(row, Entry) else Entry.SIGNED_IN), door.path
    assert console_control.SAYS.keys() == CONSOLE_SAYS.keys()
    assert host_control.SAYS.keys() == HOST_SAYS, OWN_HOST
    assert set(FrameKind) == SESSION_SAYS
    assert {role: set(said) for role, said in session_socket.SAYS.items()} == ON_A_SESSION


async def test_each_role_opens_the_routes_that_are_its_own(broker: BrokerProcess, people: dict[Role, Someone]) -> None:
    """Malformed bodies: whoever may call a route is told so of the body, everybody else is refused before it is read."""
    for (method, path), row in ROLES.items():
        if method == "SOCKET" or isinstance(row, Entry) or path in {"/api/sign-out-everywhere", "/api/me"}:
            continue
        for role, someone in people.items():
            reason = await refusal(broker, path, accounts.AccountShown(ENTRY), someone.cookie)
            assert reason is (Reason.MALFORMED if role in row else Reason.ROLE_DENIES), f"{role} {path}"
        assert await refusal(broker, path, Done(), "") is Reason.NOT_SIGNED_IN, path
        assert (await broker.post(path, Done(), origin=None)).status_code == 403, "a host is no person"


ENTRY = accounts.AccountEntry("t-x", "x", "X", "X", Role.TECHNICIAN, (), accounts.AccountState.ACTIVE)


async def test_each_role_opens_the_sockets_that_are_its_own(broker: BrokerProcess, people: dict[Role, Someone]) -> None:
    for path in ("/console", "/session", "/bulk"):
        for role, someone in people.items():
            if role in HELPERS:
                await (await dial(broker, path, origin=ORIGIN, cookie=someone.cookie)).socket.close()
                continue
            with pytest.raises(InvalidStatus) as caught:
                await dial(broker, path, origin=ORIGIN, cookie=someone.cookie)
            assert caught.value.response.status_code == 403, f"{role} {path}"
    for someone in people.values():
        with pytest.raises(InvalidStatus):
            await dial(broker, "/host", origin=ORIGIN, cookie=someone.cookie)


async def test_each_message_of_a_console_is_taken_from_the_roles_that_may() -> None:
    """The socket does not open for anybody else; should it ever, the message is refused for itself."""
    for role in Role:
        for cls, row in CONSOLE_SAYS.items():
            table = Table()
            core = table.console_core(role=role)
            table.prove(core, EndRole.CONSOLE, CONSOLE_OWNER, table.device)
            signed = table.device.sign(Label.CALL_WANTED, Authenticator(AuthenticatorType.P256, bytes(32), ""))
            said = {
                TicketClaim: TicketClaim("123456", HALF, Purpose.FAULT, "CASE-1"),
                ReconnectWanted: ReconnectWanted("s-1"),
                VisitLeft: VisitLeft("s-1"),
                CallAsk: CallAsk(signed),
                HeadWanted: HeadWanted(0, ""),
                LogDoubted: LogDoubted(Doubt.FORKED, "", ""),
            }[cls]
            assert (Reason.ROLE_DENIES in refused(table.run(core, control(said)))) == (role not in row), f"{role} {cls.__name__}"


TARGETS = {
    "own company": "t-colleague",
    "other company": "t-elsewhere",
    "own site": "t-colleague-auditor",
    "other site": "t-auditor-elsewhere",
    "two sites": "t-auditor-of-two",
    "nobody": "t-nobody",
}
VENDORS = frozenset({SUPERVISOR, OFFICER, ADMIN})
REACH: dict[str, dict[str, frozenset[Role]]] = {
    "/api/accounts/show": {"own company": VENDORS, "own site": frozenset({SITE_ADMIN, AUDITOR})},
    "/api/accounts/suspend": {"own company": VENDORS, "own site": frozenset({SITE_ADMIN})},
    "/api/accounts/resume": {"own company": frozenset({OFFICER, ADMIN}), "own site": frozenset({SITE_ADMIN})},
    "/api/accounts/clear-stop": {"own company": frozenset({ADMIN}), "own site": frozenset({SITE_ADMIN})},
    "/api/accounts/sign-out": {"own company": VENDORS, "own site": frozenset({SITE_ADMIN})},
    "/api/accounts/role": {"own company": frozenset({ADMIN}), "own site": frozenset({SITE_ADMIN})},
    "/api/accounts/invite-again": {},
    "/api/accounts/delete": {},
}
"""To whom it is done. Nobody invites again who has come, and deleting has its own test: an account can be deleted once."""


def about(path: str, target: str, account_id: str) -> object:
    if path != "/api/accounts/role":
        return accounts.AccountNamed(account_id)
    return accounts.AccountRole(account_id, AUDITOR, ("Site A",)) if "site" in target else accounts.AccountRole(account_id, TECHNICIAN, ())


async def test_each_role_reaches_the_accounts_that_are_its_own_to_reach(broker: BrokerProcess, people: dict[Role, Someone]) -> None:
    rows = [path for (_, path), row in ROLES.items() if path.startswith("/api/accounts/") and path != "/api/accounts/invite"]
    assert set(rows) == REACH.keys()
    for path, reach in REACH.items():
        for role, someone in people.items():
            for target, account_id in TARGETS.items():
                if not reach and target in {"own company", "own site"}:
                    continue
                reason = await refusal(broker, path, about(path, target, account_id), someone.cookie)
                assert (reason is None) == (role in reach.get(target, ())), f"{role} {path} {target}: {reason}"


async def test_whom_one_may_not_see_is_answered_like_nobody(broker: BrokerProcess, people: dict[Role, Someone]) -> None:
    for path in REACH:
        for role in (ADMIN, SITE_ADMIN):
            bodies = set()
            for target in ("nobody", "other company", "other site", "two sites"):
                response = await broker.post(path, about(path, target, TARGETS[target]), cookie=people[role].cookie)
                bodies.add((response.status_code, response.content))
            assert len(bodies) == 1, path


async def test_the_list_shows_ones_own_and_nobody_else(broker: BrokerProcess, people: dict[Role, Someone]) -> None:
    for role in SEE:
        shown = read(await broker.post("/api/accounts", accounts.AccountsLook(""), cookie=people[role].cookie), accounts.AccountList)
        seen = {each.account_id for each in shown.accounts}
        assert people[role].id in seen
        assert not seen & {"t-elsewhere", "t-auditor-elsewhere", "t-auditor-of-two", "t-nobody"}
        vendors = {"t-colleague"} & seen
        assert bool(vendors) == (role in VENDORS)


async def test_a_proposal_is_there_for_who_may_decide_it_and_for_nobody_else(broker: BrokerProcess, people: dict[Role, Someone]) -> None:
    """Proposed by an administrator of the company and one of the site. What is not there is answered letter by letter like nobody's."""
    proposals, kinds = dict[Role, str](), {ADMIN: (OFFICER, ()), SITE_ADMIN: (SITE_ADMIN, ("Site A",))}
    for by, (role, sites) in kinds.items():
        said = accounts.AccountInvite(f"new {role}", "New One", role, sites)
        made = await broker.post("/api/accounts/invite", said, cookie=people[by].cookie)
        proposals[by] = read(made, accounts.ProposalMade).proposal_id
    reach = {OFFICER: {proposals[ADMIN]}, ADMIN: {proposals[ADMIN]}, SITE_ADMIN: {proposals[SITE_ADMIN]}}
    for role in SECOND:
        shown = read(await broker.post("/api/approvals", Done(), cookie=people[role].cookie), accounts.ProposalList)
        assert {each.proposal_id for each in shown.proposals} == reach[role]
        foreign = (set(proposals.values()) - reach[role]).pop()
        for path in ("/api/approvals/approve", "/api/approvals/decline"):
            bodies = set()
            for named in (foreign, "p-nobodys"):
                response = await broker.post(path, accounts.ProposalNamed(named), cookie=people[role].cookie)
                bodies.add((response.status_code, response.content))
            assert len(bodies) == 1
            assert await refusal(broker, path, accounts.ProposalNamed(foreign), people[role].cookie) is Reason.PROPOSAL_UNKNOWN
    for by, proposal in proposals.items():
        assert await refusal(broker, "/api/approvals/decline", accounts.ProposalNamed(proposal), people[by].cookie) is None


async def test_deleting_is_an_administrators(broker: BrokerProcess, people: dict[Role, Someone]) -> None:
    for role in Role:
        for who, account_id in ((ADMIN, "t-colleague"), (SITE_ADMIN, "t-colleague-auditor")):
            if role is who:
                continue
            assert await refusal(broker, "/api/accounts/delete", accounts.AccountNamed(account_id), people[role].cookie) is not None
    assert await refusal(broker, "/api/accounts/delete", accounts.AccountNamed("t-colleague"), people[ADMIN].cookie) is None
    assert await refusal(broker, "/api/accounts/delete", accounts.AccountNamed("t-colleague-auditor"), people[SITE_ADMIN].cookie) is None


async def test_a_technician_of_another_group_sees_no_host_of_this_one(broker: BrokerProcess) -> None:
    red, host = await broker.technician("t-red", groups=("red",)), await broker.host(group="blue")
    await broker.publish()
    wire = await dial(broker, "/console", origin=ORIGIN, cookie=await broker.sign_in(red))
    await prove(wire, broker, EndRole.CONSOLE, red.id, red.device)
    assert host.id not in {each.host_id for each in (await wire.until(Instruments)).items}
    await wire.socket.close()
