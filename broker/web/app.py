"""The guard before every route of the table (`routes.py`), and what every answer carries."""

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from audit.events.visit import FrameRefused
from broker.web.door import Denied, address_of, from_console, from_machine, refusal
from broker.web.machines import Machines
from broker.web.people import People
from broker.web.routes import DOORS, SOCKETS, Door, Endpoint, Rooms
from broker.web.shell import Shell
from broker.web.sockets import Sockets
from broker.web.threshold import Threshold
from policy.decision import Deny, Reason
from policy.roles import Entry, may

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

_LOG = logging.getLogger(__name__)
SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-site",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}


def make_app(shell: Shell, people: People, machines: Machines, console_origin: str, lifespan: Lifespan) -> Starlette:
    """The whole of HTTP and WebSocket."""
    sockets = Sockets(shell, console_origin)
    guard, rooms = Guard(people.threshold, console_origin), Rooms(people, machines)
    routes = [
        *(guard.route(door, door.endpoint(rooms)) for door in DOORS),
        *(WebSocketRoute(door.path, door.endpoint(sockets)) for door in SOCKETS),
    ]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: _nothing_here, 405: _nothing_here})


async def _nothing_here(_request: Request, _fault: Exception) -> Response:
    return _dressed(Response(status_code=404))


def _dressed(response: Response) -> Response:
    response.headers.update(SECURITY_HEADERS)
    return response


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands before every route: where does it come from, may its role do this at all? Dresses the answer."""

    threshold: Threshold
    console_origin: str

    def route(self, door: Door, endpoint: Endpoint) -> Route:
        """The guarded form of one route, with its preflight where browsers may call it."""
        methods = [door.method] if door.entry is Entry.MACHINE else [door.method, "OPTIONS"]

        async def guarded(request: Request) -> Response:
            return await self._answer(request, door, endpoint)

        return Route(door.path, guarded, methods=methods)

    async def _answer(self, request: Request, door: Door, endpoint: Endpoint) -> Response:
        if not self._may_call(request, door):
            await self.threshold.shell.refused_at_door(address_of(request), Reason.ORIGIN_REFUSED, door.path)
            return _dressed(refusal(door.path, Reason.ORIGIN_REFUSED))
        response = await self._within(request, door, endpoint)
        if door.entry is not Entry.MACHINE:
            response.headers["access-control-allow-origin"] = self.console_origin
            response.headers["access-control-allow-credentials"] = "true"
            response.headers["vary"] = "origin"
        return _dressed(response)

    def _may_call(self, request: Request, door: Door) -> bool:
        # HEAD comes with every GET route; it shows nothing that GET does not.
        return from_machine(request) if door.entry is Entry.MACHINE else from_console(request, self.console_origin)

    async def _within(self, request: Request, door: Door, endpoint: Endpoint) -> Response:
        if request.method == "OPTIONS":
            allowed = {"access-control-allow-methods": door.method, "access-control-allow-headers": "content-type"}
            return Response(status_code=204, headers=allowed)
        try:
            if door.entry is Entry.SIGNED_IN:
                await self._has_right(request, door)
            return await endpoint(request)
        except Denied as denied:
            return refusal(door.path, denied.reason)
        except SQLAlchemyError as fault:
            # A full disk, a lock: whatever it was about did not happen, or is not known to.
            _LOG.error("%s: the database does not answer (%s)", door.path, type(fault).__name__)
            return refusal(door.path, Reason.LOG_UNAVAILABLE)
        except ClientDisconnect:
            return Response(status_code=400)

    async def _has_right(self, request: Request, door: Door) -> None:
        """Before a byte of the body is read. What the endpoint then decides is to whom it may be done. Raises Denied."""
        account = await self.threshold.account(await self.threshold.who(request))
        decided = may(account.role, door.operation)
        if isinstance(decided, Deny):
            refused = FrameRefused(subject=account.technician_id, reason=decided.reason, what=door.path)
            await self.threshold.shell.stranger(address_of(request), refused)
            raise Denied(decided.reason)
