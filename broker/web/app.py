"""The table of routes, and what every answer carries. A route that is not in the table does not exist."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum, auto

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from broker.web.door import Denied, address_of, from_console, from_machine, refusal
from broker.web.machines import Machines
from broker.web.people import People
from broker.web.shell import Shell
from broker.web.sockets import Sockets
from policy.decision import Reason

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]
Endpoint = Callable[[Request], Awaitable[Response]]

SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-site",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}


class Caller(Enum):
    """Who may call a route."""

    CONSOLE = auto()
    """The console's pages alone, by their exact Origin."""
    MACHINE = auto()
    """No browser at all."""


@dataclass(frozen=True, slots=True)
class Door:
    """One HTTP route."""

    method: str
    path: str
    caller: Caller
    endpoint: Endpoint


def doors(people: People, machines: Machines) -> tuple[Door, ...]:
    """Every HTTP route there is."""
    return (
        Door("POST", "/api/invitation/look", Caller.CONSOLE, people.invitation.look),
        Door("POST", "/api/invitation/accept", Caller.CONSOLE, people.invitation.accept),
        Door("POST", "/api/invitation/confirm", Caller.CONSOLE, people.invitation.confirm),
        Door("POST", "/api/sign-in", Caller.CONSOLE, people.sign_in.sign_in),
        Door("POST", "/api/sign-in/nonce", Caller.CONSOLE, people.sign_in.nonce),
        Door("POST", "/api/sign-in/recovery", Caller.CONSOLE, people.sign_in.recovering),
        Door("POST", "/api/sign-in/new-password", Caller.CONSOLE, people.sign_in.renewing),
        Door("POST", "/api/factor", Caller.CONSOLE, people.sign_in.factor),
        Door("POST", "/api/factor/replace", Caller.CONSOLE, people.own.replace_factor),
        Door("POST", "/api/factor/replaced", Caller.CONSOLE, people.own.confirm_factor),
        Door("POST", "/api/recovery-codes", Caller.CONSOLE, people.own.recovery_codes),
        Door("POST", "/api/password", Caller.CONSOLE, people.own.password),
        Door("POST", "/api/sign-out", Caller.CONSOLE, people.sign_in.sign_out),
        Door("GET", "/api/me", Caller.CONSOLE, people.sign_in.me),
        Door("POST", "/api/enrol", Caller.MACHINE, machines.enrol),
        Door("PUT", "/api/directory", Caller.MACHINE, machines.publish),
        Door("GET", "/healthz", Caller.MACHINE, machines.health),
    )


def make_app(shell: Shell, people: People, machines: Machines, console_origin: str, lifespan: Lifespan) -> Starlette:
    """The whole of HTTP and WebSocket."""
    sockets = Sockets(shell, console_origin)
    guard = Guard(shell, console_origin)
    routes = [
        *(guard.route(door) for door in doors(people, machines)),
        WebSocketRoute("/host", sockets.host),
        WebSocketRoute("/console", sockets.console),
        WebSocketRoute("/session", sockets.session),
    ]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: _nothing_here, 405: _nothing_here})


async def _nothing_here(_request: Request, _fault: Exception) -> Response:
    return _dressed(Response(status_code=404))


def _dressed(response: Response) -> Response:
    response.headers.update(SECURITY_HEADERS)
    return response


@dataclass(slots=True)
class Guard:
    """Stands before every route: checks the caller, dresses the answer."""

    shell: Shell
    console_origin: str

    def route(self, door: Door) -> Route:
        """The guarded form of one route, with its preflight where browsers may call it."""
        methods = [door.method, "OPTIONS"] if door.caller is Caller.CONSOLE else [door.method]

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, door)

        return Route(door.path, endpoint, methods=methods)

    async def _answer(self, request: Request, door: Door) -> Response:
        if not self._may_call(request, door):
            await self.shell.refused_at_door(address_of(request), Reason.ORIGIN_REFUSED, door.path)
            return _dressed(refusal(door.path, Reason.ORIGIN_REFUSED))
        response = await self._within(request, door)
        if door.caller is Caller.CONSOLE:
            response.headers["access-control-allow-origin"] = self.console_origin
            response.headers["access-control-allow-credentials"] = "true"
            response.headers["vary"] = "origin"
        return _dressed(response)

    def _may_call(self, request: Request, door: Door) -> bool:
        # HEAD comes with every GET route; it shows nothing that GET does not.
        return from_console(request, self.console_origin) if door.caller is Caller.CONSOLE else from_machine(request)

    async def _within(self, request: Request, door: Door) -> Response:
        if request.method == "OPTIONS":
            allowed = {"access-control-allow-methods": door.method, "access-control-allow-headers": "content-type"}
            return Response(status_code=204, headers=allowed)
        try:
            return await door.endpoint(request)
        except Denied as denied:
            return refusal(door.path, denied.reason)
        except ClientDisconnect:
            return Response(status_code=400)
