"""Every route and socket of the app against every caller. The routes are taken from the app: a new one without a row fails."""

from enum import Enum

import pytest
from starlette.routing import Route, WebSocketRoute
from websockets.exceptions import InvalidStatus

from broker.config import read_config
from broker.serving import assemble
from broker.web.app import SECURITY_HEADERS, make_app
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import ORIGIN, BrokerProcess
from tests.helpers.documents import SiteSigners, VendorSigners
from tests.helpers.ends import dial
from trust.signatures import Ed25519Signer
from wire.messages.administration import BootstrapUse
from wire.messages.audit import TrailFilter, TrailLook
from wire.messages.documents import ListedBroker, VendorDocument
from wire.messages.signin import (
    Done,
    EnrolmentPayload,
    FactorConfirm,
    FactorReplace,
    HostEnrol,
    InvitationAccept,
    InvitationConfirm,
    InvitationLook,
    PasswordChange,
    SignIn,
    SignInRecovering,
    SignInRenewing,
)
from wire.statements import Label

pytestmark = ON_ONE_LOOP
__all__ = ["broker"]
NOBODYS_TOKEN = bytes(32)
STRANGER = Ed25519Signer(bytes(32))
OPENS = 101


class Caller(Enum):
    """Origin, and whether a live cookie comes with it."""

    ANONYMOUS = (ORIGIN, False)
    FOREIGN_PAGE = ("https://evil.tld", True)
    TECHNICIAN = (ORIGIN, True)
    MACHINE = (None, False)
    MACHINE_WITH_COOKIE = (None, True)


CONSOLE_ONLY = {Caller.FOREIGN_PAGE: 403, Caller.MACHINE: 403, Caller.MACHINE_WITH_COOKIE: 403}
MACHINES_ONLY = {Caller.FOREIGN_PAGE: 403, Caller.ANONYMOUS: 403, Caller.TECHNICIAN: 403}


def console(anonymous: int, technician: int) -> dict[Caller, int]:
    """A row of the console's routes."""
    return {**CONSOLE_ONLY, Caller.ANONYMOUS: anonymous, Caller.TECHNICIAN: technician}


def machine(status: int) -> dict[Caller, int]:
    """A row of the machines' routes."""
    return {**MACHINES_ONLY, Caller.MACHINE: status, Caller.MACHINE_WITH_COOKIE: status}


TABLE: dict[tuple[str, str], dict[Caller, int]] = {
    ("POST", "/api/bootstrap"): console(404, 404),
    ("POST", "/api/invitation/look"): console(404, 404),
    ("POST", "/api/invitation/accept"): console(404, 404),
    ("POST", "/api/invitation/confirm"): console(404, 404),
    ("POST", "/api/sign-in"): console(401, 401),
    ("POST", "/api/sign-in/nonce"): console(200, 200),
    ("POST", "/api/sign-in/recovery"): console(401, 401),
    ("POST", "/api/sign-in/new-password"): console(401, 401),
    ("POST", "/api/factor"): console(401, 401),
    ("POST", "/api/factor/replace"): console(401, 401),
    ("POST", "/api/factor/replaced"): console(401, 401),
    ("POST", "/api/recovery-codes"): console(401, 200),
    ("POST", "/api/password"): console(401, 401),
    ("POST", "/api/sign-out"): console(200, 200),
    ("GET", "/api/me"): console(401, 200),
    ("POST", "/api/sign-out-everywhere"): console(401, 200),
    ("POST", "/api/accounts"): console(401, 403),
    ("POST", "/api/accounts/show"): console(401, 403),
    ("POST", "/api/accounts/invite"): console(401, 403),
    ("POST", "/api/accounts/invite-again"): console(401, 403),
    ("POST", "/api/accounts/suspend"): console(401, 403),
    ("POST", "/api/accounts/resume"): console(401, 403),
    ("POST", "/api/accounts/role"): console(401, 403),
    ("POST", "/api/accounts/clear-stop"): console(401, 403),
    ("POST", "/api/accounts/delete"): console(401, 403),
    ("POST", "/api/accounts/sign-out"): console(401, 403),
    ("POST", "/api/approvals"): console(401, 403),
    ("POST", "/api/approvals/approve"): console(401, 403),
    ("POST", "/api/approvals/decline"): console(401, 403),
    ("POST", "/api/audit/entries"): console(401, 200),
    ("POST", "/api/audit/export"): console(401, 403),
    ("POST", "/api/audit/export/fetch"): console(401, 403),
    ("POST", "/api/receipts"): console(401, 403),
    ("POST", "/api/receipts/fetch"): console(401, 403),
    ("POST", "/api/enrol"): machine(404),
    ("PUT", "/api/documents/vendor"): machine(403),
    ("PUT", "/api/documents/site"): machine(403),
    ("GET", "/healthz"): machine(200),
    ("SOCKET", "/host"): machine(OPENS),
    ("SOCKET", "/console"): console(401, OPENS),
    ("SOCKET", "/session"): {**console(401, OPENS), Caller.MACHINE: OPENS, Caller.MACHINE_WITH_COOKIE: OPENS},
    ("SOCKET", "/bulk"): {**console(401, OPENS), Caller.MACHINE: OPENS, Caller.MACHINE_WITH_COOKIE: OPENS},
}
"""What each caller gets for a body that is well formed and proves nothing. What other roles than a technician's get: case 25."""


def body_for(path: str) -> object:
    """A well-formed body that nobody has a right to."""
    enrolment = EnrolmentPayload(STRANGER.public_key, "PC", "analyser", False, "Admin", "1", 0)
    bodies: dict[str, object] = {
        "/api/bootstrap": BootstrapUse(NOBODYS_TOKEN, "nobody", "Nobody", "Nowhere"),
        "/api/invitation/look": InvitationLook(NOBODYS_TOKEN),
        "/api/invitation/accept": InvitationAccept(NOBODYS_TOKEN, "correct horse battery staple"),
        "/api/invitation/confirm": InvitationConfirm(NOBODYS_TOKEN, "000000", STRANGER.sign(Label.HOST_ENROLMENT, enrolment)),
        "/api/sign-in": SignIn("nobody", "nothing", "000000"),
        "/api/sign-in/recovery": SignInRecovering("nobody else", "nothing", "0000-0000-0000-0000"),
        "/api/sign-in/new-password": SignInRenewing("nobody at all", "nothing", "000000", "correct horse battery staple"),
        "/api/factor": FactorConfirm("x" * 6),
        "/api/factor/replace": FactorReplace("nothing"),
        "/api/factor/replaced": FactorConfirm("x" * 6),
        "/api/password": PasswordChange("nothing", "correct horse battery staple"),
        "/api/audit/entries": TrailLook(TrailFilter(0, 0, "", "", "", ""), 0, newest_first=True, count=1, language="en"),
        "/api/enrol": HostEnrol(NOBODYS_TOKEN, STRANGER.sign(Label.HOST_ENROLMENT, enrolment)),
        "/api/documents/vendor": VendorSigners("a stranger").sign(VendorDocument("x", ListedBroker("b-1", bytes(32)), "", b""), (), {}, ()),
        "/api/documents/site": SiteSigners("nobody's").sign(""),
    }
    return bodies.get(path, Done())


async def status_of(running: BrokerProcess, method: str, path: str, origin: str | None, cookie: str) -> int:
    """What this caller gets."""
    if method == "SOCKET":
        try:
            wire = await dial(running, path, origin=origin, cookie=cookie)
        except InvalidStatus as refused:
            return refused.response.status_code
        await wire.socket.close()
        return OPENS
    response = await running.post(path, body_for(path), origin=origin, cookie=cookie, method=method)
    assert SECURITY_HEADERS.items() <= dict(response.headers).items()
    for_console = TABLE[method, path][Caller.ANONYMOUS] != 403
    assert response.headers.get("access-control-allow-origin") == (ORIGIN if origin == ORIGIN and for_console else None)
    return response.status_code


async def test_the_table_has_a_row_for_every_route_of_the_app_and_no_other(broker: BrokerProcess) -> None:
    parts = await assemble(read_config(broker.config, {}))
    app = make_app(parts.shell, parts.people, parts.machines, ORIGIN, lambda _app: pytest.fail("it is not served"))
    found: set[tuple[str, str]] = set()
    for route in app.routes:
        assert isinstance(route, (Route, WebSocketRoute)), "a kind of route that this table does not know"
        methods = route.methods or set() if isinstance(route, Route) else {"SOCKET"}
        found |= {(method, route.path) for method in methods - {"HEAD", "OPTIONS"}}
    parts.passwords.close()
    await parts.store.close()
    assert found == TABLE.keys()


async def test_every_caller_gets_what_the_table_says(broker: BrokerProcess) -> None:
    cookie = await broker.sign_in(await broker.technician("t-table"))
    leaving = {
        "/api/sign-out": await broker.sign_in(await broker.technician("t-leaver")),
        "/api/sign-out-everywhere": await broker.sign_in(await broker.technician("t-leaver-of-all")),
    }
    for (method, path), row in TABLE.items():
        assert row.keys() == set(Caller), f"{path}: a caller without a cell"
        for caller, expected in row.items():
            origin, with_cookie = caller.value
            held = leaving.get(path, cookie) if with_cookie else ""
            assert await status_of(broker, method, path, origin, held) == expected, f"{caller} {method} {path}"


async def test_a_preflight_is_answered_for_the_console_alone_and_any_other_method_is_nothing(broker: BrokerProcess) -> None:
    for (method, path), row in TABLE.items():
        if method == "SOCKET":
            continue
        for_console = row[Caller.ANONYMOUS] != 403
        for origin, status in ((ORIGIN, 204), ("https://evil.tld", 403)):
            response = await broker.post(path, Done(), origin=origin, method="OPTIONS")
            assert response.status_code == (status if for_console else 404), (path, origin)
        assert (await broker.post(path, Done(), method="DELETE")).status_code == 404
