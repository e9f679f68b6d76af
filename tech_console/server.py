"""Static files of the console and the rules under which a browser runs them. No state, no cookie, no way to the broker.

The console's origin is apart from the broker's (docs/protocol.md, section 1): the broker can never put a script here, and
a page from here may speak to the broker alone. Every file is read once at start, so no address reaches the disk.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tech_console.config import ConsoleConfig
from wire.schema import base64url

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class DistMissing(Exception):
    """The console has not been built. The message says how."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, ready to be sent."""

    body: bytes
    media_type: str
    lasting: bool
    """Its name changes with its content, so browsers may keep it."""


def read_dist(dist: Path) -> dict[str, StaticFile]:
    """Every file of a build, by address. Raises DistMissing."""
    if not (dist / "index.html").is_file():
        raise DistMissing(f"There is no built console in {dist}. Build it with: make console")
    files = {
        "/" + path.relative_to(dist).as_posix(): StaticFile(
            path.read_bytes(), TYPES.get(path.suffix, "application/octet-stream"), path.parent.name == "assets"
        )
        for path in sorted(dist.rglob("*"))
        if path.is_file()
    }
    return {**files, "/": files["/index.html"]}


def digest(dist: Path) -> str:
    """SHA-256, hex, over names and contents of a build: what the vendor's signed documents name. Raises DistMissing."""
    whole = sha256()
    for address, file in sorted(read_dist(dist).items()):
        whole.update(address.encode() + b"\0" + sha256(file.body).digest())
    return whole.hexdigest()


def content_security_policy(broker_origin: str) -> str:
    """What a page from here may do: run its own scripts, and speak to this broker."""
    sockets = "wss" + broker_origin.removeprefix("https")
    rules = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "worker-src 'self'",
        f"connect-src 'self' {broker_origin} {sockets}",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types chaperone-worker",
    )
    return "; ".join(rules)


def security_headers(broker_origin: str) -> dict[str, str]:
    """Sent with every answer, whatever it is."""
    return {
        "content-security-policy": content_security_policy(broker_origin),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), display-capture=()",
    }


class SecurityHeaders:
    """Puts the rules on every answer, also on errors."""

    def __init__(self, app: ASGIApp, broker_origin: str) -> None:
        self._app = app
        self._headers = security_headers(broker_origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hostname = Request(scope).url.hostname

        async def send_with_rules(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if hostname not in _LOOPBACK:  # there it would force every other server of this machine to https
                    headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
            await send(message)

        await self._app(scope, receive, send_with_rules)


def create_app(config: ConsoleConfig) -> ASGIApp:
    """The console's origin. Raises DistMissing, ConfigRefused."""
    files = read_dist(config.dist)
    told = {"broker_origin": config.broker_origin, "vendor_root": base64url(config.root())}
    settings = StaticFile(json.dumps(told).encode(), TYPES[".json"], lasting=False)
    files = {**files, "/config.json": settings}

    async def serve_file(request: Request) -> Response:
        file = files.get(request.url.path)
        if file is None:
            return Response("There is nothing here.", status_code=404, media_type=TYPES[".txt"])
        cache = "public, max-age=31536000, immutable" if file.lasting else "no-cache"
        return Response(file.body, media_type=file.media_type, headers={"cache-control": cache})

    return SecurityHeaders(Starlette(routes=[Route("/{path:path}", serve_file, methods=["GET", "HEAD"])]), config.broker_origin)
