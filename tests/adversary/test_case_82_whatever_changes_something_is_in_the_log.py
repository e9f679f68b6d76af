"""Case 82: every route and every command that changes something, or shows the log to somebody, leaves an entry. Both lists are taken from
the program: a route or command without a row here fails. Each is called here and its entries are looked for, except for the few that want
more than a fresh house: `ELSEWHERE` and `WAITING` name them, and the files that call them.

No row changes or removes an entry of the log: there is none that could.

Mutations, each seen to fail here: a copy of the log is fetched, an account given back, or a word for a new host made, and nothing says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from typer import Typer
from typer.main import get_command

from broker.cli import app
from broker.web.routes import DOORS
from policy.roles import Role
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import names
from tests.helpers.broker_process import PASSWORD, BrokerProcess, read
from wire.messages import administration as accounts
from wire.messages.audit import ExportAsk, ExportForm, ExportNamed, ReceiptsLook, TrailFilter, TrailLook
from wire.messages.signin import Done, FactorConfirm, FactorReplace, InvitationLook, PasswordChange, SignInRecovering, TotpIssued

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
NOTHING: frozenset[str] = frozenset()

ROUTES: dict[str, frozenset[str]] = {
    "/api/bootstrap": frozenset({"bootstrap_used"}),
    "/api/invitation/look": NOTHING,
    "/api/invitation/accept": NOTHING,
    "/api/invitation/confirm": frozenset({"invitation_accepted", "device_registered", "recovery_codes_made"}),
    "/api/sign-in": frozenset({"signed_in"}),
    "/api/sign-in/nonce": NOTHING,
    "/api/sign-in/recovery": frozenset({"signed_in", "recovery_code_used"}),
    "/api/sign-in/new-password": frozenset({"signed_in", "password_changed"}),
    "/api/sign-out": frozenset({"signed_out"}),
    "/api/me": NOTHING,
    "/api/factor": frozenset({"factor_confirmed"}),
    "/api/factor/replace": NOTHING,
    "/api/factor/replaced": frozenset({"factor_replaced"}),
    "/api/recovery-codes": frozenset({"recovery_codes_made"}),
    "/api/password": frozenset({"password_changed"}),
    "/api/sign-out-everywhere": frozenset({"signed_out_everywhere"}),
    "/api/accounts": NOTHING,
    "/api/accounts/show": NOTHING,
    "/api/accounts/invite": frozenset({"invitation_made", "role_given", "named"}),
    "/api/accounts/invite-again": frozenset({"invitation_made"}),
    "/api/accounts/suspend": frozenset({"account_suspended"}),
    "/api/accounts/resume": frozenset({"account_restored"}),
    "/api/accounts/role": frozenset({"role_changed"}),
    "/api/accounts/clear-stop": frozenset({"account_stop_cleared"}),
    "/api/accounts/delete": frozenset({"account_deleted"}),
    "/api/accounts/sign-out": frozenset({"signed_out_everywhere"}),
    "/api/approvals": NOTHING,
    "/api/approvals/approve": frozenset({"export_approved"}),
    "/api/approvals/decline": frozenset({"export_withdrawn"}),
    "/api/audit/entries": frozenset({"trail_read"}),
    "/api/audit/export": frozenset({"export_proposed"}),
    "/api/audit/export/fetch": frozenset({"export_fetched"}),
    "/api/receipts": frozenset({"receipts_listed"}),
    "/api/receipts/fetch": frozenset({"receipt_fetched"}),
    "/api/enrol": frozenset({"host_enrolled", "named"}),
    "/api/documents/vendor": frozenset({"documents_published"}),
    "/api/documents/site": frozenset({"documents_published"}),
    "/healthz": NOTHING,
}
"""NOTHING: it shows what is no secret of the log, or begins what another route makes good and records."""
ELSEWHERE = {
    "/api/sign-in/new-password": "tests/broker/web/test_every_route.py", "/api/documents/site": "tests/broker/web/test_every_route.py",
    "/api/factor": "case 17", "/api/receipts/fetch": "case 47, sealed receipts",
}  # fmt: skip
"""Called in another file: what it wants, or whoever it wants, is not in a fresh house."""

COMMANDS: dict[str, frozenset[str]] = {
    "init": NOTHING,
    "identity": NOTHING,
    "serve": frozenset({"broker_started"}),
    "health": NOTHING,
    "status": NOTHING,
    "doubts list": NOTHING,
    "doubts acknowledge": frozenset({"doubt_acknowledged"}),
    "log correct": frozenset({"correction"}),
    "log expire": frozenset({"entries_expired"}),
    "accounts bootstrap": frozenset({"bootstrap_secret_made"}),
    "accounts invite": frozenset({"invitation_made", "role_given", "named"}),
    "accounts suspend": frozenset({"account_suspended"}),
    "accounts resume": frozenset({"account_restored"}),
    "accounts role": frozenset({"role_changed"}),
    "accounts sign-out": frozenset({"signed_out_everywhere"}),
    "accounts clear-stop": frozenset({"account_stop_cleared"}),
    "accounts list": NOTHING,
    "accounts show": NOTHING,
    "accounts proposals": NOTHING,
    "hosts token": frozenset({"host_enrol_token_made"}),
    "registrations list": NOTHING,
    "receipts list": NOTHING,
    "receipts get": NOTHING,
    "accounts delete": frozenset({"account_deleted"}),
}
WAITING = {
    "serve": "every test",
    "doubts acknowledge": "wants a doubt, case 46",
    "log expire": "wants entries of days ago, tests/broker/test_cli_log.py",
    "receipts get": "wants a visit, tests/host_client/guardian/test_receipt_at_broker.py",
}
"""What there is nothing for in a fresh house."""
WORDS = {
    "log correct": ("1", "--words", "for the test"),
    "accounts invite": ("--person", "t-cli", "--name", "Cli", "--company", "Example GmbH"),
    **dict.fromkeys((f"accounts {each}" for each in ("suspend", "resume", "sign-out", "clear-stop", "show")), ("t-cli",)),
    "accounts role": ("t-cli", "--role", "supervisor"),
    "accounts delete": ("t-cli",),
    "hosts token": ("--site", "Site A"),
}


def commands(program: Typer) -> Iterator[str]:
    """Every command by its words."""

    def walk(command: object, words: tuple[str, ...]) -> Iterator[str]:
        below = getattr(command, "commands", None)
        if below is None:
            yield " ".join(words)
            return
        for name, each in below.items():
            yield from walk(each, (*words, name))

    return walk(get_command(program), ())


@dataclass
class Persons:
    """Cookies of an administrator and a security officer."""

    admin: str
    officer: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def persons(broker: BrokerProcess) -> Persons:
    admin = await broker.technician("t-admin", role=Role.ADMINISTRATOR, name="Ada Admin")
    officer = await broker.technician("t-officer", role=Role.SECURITY_OFFICER, name="Otto Officer")
    return Persons(await broker.sign_in(admin), await broker.sign_in(officer))


class Watched:
    """What a broker wrote since."""

    def __init__(self, broker: BrokerProcess) -> None:
        self.broker, self.before = broker, len(names(broker))
        self.called: set[str] = set()

    def has(self, path: str, expected: frozenset[str]) -> None:
        """Exactly this was written since the last time, beside what narrows as a consequence."""
        new = set(names(self.broker)[self.before :]) - {"signed_out"} | ({"signed_out"} & expected)
        self.before += len(names(self.broker)[self.before :])
        assert expected <= new, f"{path} left no {expected - new}"
        assert expected or not new, f"{path} left {new}: it is no row that changes nothing"
        self.called.add(path)

    async def post(self, path: str, said: object, cookie: str = "", **options: str) -> bytes:
        """Call it, and look at what it left."""
        response = await self.broker.post(path, said, cookie=cookie, **options)
        assert response.status_code < 300, (path, response.text)
        self.has(path, ROUTES[path])
        return response.content


async def test_every_route_has_its_row_and_every_command() -> None:
    assert {door.path for door in DOORS} == ROUTES.keys()
    assert set(commands(app)) == COMMANDS.keys()


async def test_whatever_is_done_over_http_is_in_the_log(broker: BrokerProcess, persons: Persons) -> None:
    admin, watched = persons.admin, Watched(broker)
    await watched.post("/api/bootstrap", accounts.BootstrapUse(broker.secret, "first", "First", "Other AG"))
    invited = await broker.post("/api/accounts/invite", accounts.AccountInvite("new", "New One", Role.TECHNICIAN, ()), cookie=admin)
    watched.has("/api/accounts/invite", ROUTES["/api/accounts/invite"])
    new_id = read(invited, accounts.InvitationIssued).account_id
    again = await broker.post("/api/accounts/invite-again", accounts.AccountNamed(new_id), cookie=admin)
    watched.has("/api/accounts/invite-again", ROUTES["/api/accounts/invite-again"])
    token = read(again, accounts.InvitationIssued).token
    await watched.post("/api/invitation/look", InvitationLook(token))
    new = await broker.accept(new_id, token)
    watched.has("/api/invitation/confirm", ROUTES["/api/invitation/confirm"])
    watched.called.add("/api/invitation/accept")
    new.id = "new"
    own = await broker.sign_in(new)
    watched.has("/api/sign-in", ROUTES["/api/sign-in"])
    await watched.post("/api/sign-in/nonce", Done())
    await watched.post("/api/sign-in/recovery", SignInRecovering(new.id, PASSWORD, new.recovery_codes[0]))
    async with broker.http(cookie=own) as http:
        assert (await http.get("/api/me")).status_code == 200
    watched.has("/api/me", NOTHING)
    issued = await broker.post("/api/factor/replace", FactorReplace(PASSWORD), cookie=own)
    watched.has("/api/factor/replace", NOTHING)
    new.totp_secret, new.next_step = read(issued, TotpIssued).secret, 0
    await watched.post("/api/factor/replaced", FactorConfirm(new.totp()), own)
    await watched.post("/api/recovery-codes", Done(), own)
    await watched.post("/api/password", PasswordChange(PASSWORD, "another horse battery staple"), own)
    await watched.post("/api/sign-out", Done(), own)
    for path in ("sign-out", "suspend", "resume", "clear-stop"):
        await watched.post(f"/api/accounts/{path}", accounts.AccountNamed(new_id), admin)
    await watched.post("/api/accounts/role", accounts.AccountRole(new_id, Role.SUPERVISOR, ()), admin)
    await watched.post("/api/accounts", accounts.AccountsLook(""), admin)
    await watched.post("/api/accounts/show", accounts.AccountNamed(new_id), admin)
    await watched.post("/api/accounts/delete", accounts.AccountNamed(new_id), admin)
    await _copies(watched, persons)
    await broker.host()
    watched.has("/api/enrol", ROUTES["/api/enrol"])
    await broker.publish()
    watched.has("/api/documents/vendor", ROUTES["/api/documents/vendor"])
    async with broker.http(origin=None) as http:
        assert (await http.get("/healthz")).status_code == 200
    watched.has("/healthz", NOTHING)
    await watched.post("/api/sign-out-everywhere", Done(), admin)
    assert ROUTES.keys() - watched.called == ELSEWHERE.keys()


async def _copies(watched: Watched, persons: Persons) -> None:
    everything = TrailFilter(0, 0, "", "", "", "")
    await watched.post("/api/audit/entries", TrailLook(everything, 0, newest_first=True, count=1, language="en"), persons.admin)
    export = ""
    for decide, by in (("decline", persons.admin), ("approve", persons.officer)):
        asked = await watched.broker.post("/api/audit/export", ExportAsk(everything, ExportForm.CSV, "en"), cookie=persons.admin)
        watched.has("/api/audit/export", ROUTES["/api/audit/export"])
        export = read(asked, accounts.ProposalMade).proposal_id
        await watched.post("/api/approvals", Done(), persons.officer)
        await watched.post(f"/api/approvals/{decide}", accounts.ProposalNamed(export), by)
    await watched.post("/api/audit/export/fetch", ExportNamed(export), persons.admin)
    await watched.post("/api/receipts", ReceiptsLook(""), persons.officer)


async def test_whatever_is_done_at_the_brokers_machine_is_in_the_log(broker: BrokerProcess) -> None:
    watched = Watched(broker)
    for command, expected in COMMANDS.items():
        if command in WAITING:
            continue
        await broker.run(*command.split(), *WORDS.get(command, ()))
        watched.has(command, expected)
    assert "broker_started" in names(broker)
