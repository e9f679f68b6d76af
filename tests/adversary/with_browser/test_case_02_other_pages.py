"""Case 2: a page of another origin, in the very browser in which a technician is signed in."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page

from tests.helpers.house import House

PAGE = b"<!doctype html><html lang=en><title>Free coffee</title><p>You have won."
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(PAGE), PAGE)

SOCKETS = """async (broker) => {
  const tried = ["/console", "/session", "/host"].map((path) => new Promise((done) => {
    const socket = new WebSocket(broker.replace("https", "wss") + path);
    socket.onopen = () => done([path, "opened"]);
    socket.onerror = () => done([path, "refused"]);
  }));
  return Object.fromEntries(await Promise.all(tried));
}"""

REQUESTS = """async ([broker, routes]) => {
  const seen = {};
  for (const [route, body] of routes) {
    for (const mode of ["cors", "no-cors"]) {
      try {
        const answer = await fetch(broker + route, {method: "POST", mode, credentials: "include", body});
        seen[route + " " + mode] = answer.type;
      } catch { seen[route + " " + mode] = "blocked"; }
    }
    const frame = document.createElement("iframe");
    frame.name = "to" + route;
    document.body.append(frame);
    const form = document.createElement("form");
    Object.assign(form, {method: "post", action: broker + route, target: frame.name, enctype: "text/plain"});
    const field = document.createElement("input");
    [field.name, field.value] = [body.slice(0, -1) + ',"x":"', '"}'];
    form.append(field);
    document.body.append(form);
    const loaded = new Promise((done) => { frame.onload = done; frame.onerror = done; });
    form.submit();
    await loaded;
    const image = new Image();
    const ended = new Promise((done) => { image.onload = image.onerror = done; });
    image.src = broker + route;
    await ended;
  }
  return seen;
}"""

ROUTES = (
    ("/api/sign-out", {"type": "done"}),
    ("/api/factor", {"type": "factor_confirm", "totp": "000000"}),
    ("/api/sign-in", {"type": "sign_in", "sign_in_name": "t-demo", "password": "x", "totp": "000000"}),
)


@asynccontextmanager
async def other_server(home: House) -> AsyncIterator[str]:
    """A real page on another port of the same machine: another origin, but the same *site*, so cookies go along."""
    certificates = home.demo.certificates
    assert certificates is not None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.console.chain, certificates.console.key)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}/"


async def attack(page: Page, broker: str) -> tuple[dict[str, str], dict[str, str]]:
    """Everything a page can try: sockets, requests with and without CORS, forms, pictures."""
    sockets: dict[str, str] = await page.evaluate(SOCKETS, broker)
    routes: list[Any] = [[route, json.dumps(body, separators=(",", ":"))] for route, body in ROUTES]
    requests: dict[str, str] = await page.evaluate(REQUESTS, [broker, routes])
    return sockets, requests


@pytest.mark.parametrize("site", ["same site", "other site"])
async def test_a_page_of_another_origin_gets_nothing_from_a_live_sign_in(home: House, site: str) -> None:
    """Case 2. The victim's cookie is live; on the same site the browser even sends it."""
    async with home.technician() as victim, other_server(home) as nearby:
        address = nearby if site == "same site" else "https://evil.example/"
        page = await victim.context.new_page()
        await page.route("https://evil.example/**", lambda route: route.fulfill(body=PAGE.decode(), content_type="text/html"))
        await page.goto(address)
        sockets, requests = await attack(page, home.demo.ports.broker_origin)
        assert sockets == {"/console": "refused", "/session": "refused", "/host": "refused"}
        assert {name: kind for name, kind in requests.items() if name.endswith(" cors")} == {
            f"{route} cors": "blocked" for route, _ in ROUTES
        }
        assert set(requests.values()) <= {"blocked", "opaque"}
        victim.complaints.violations.clear()  # the other page was refused as a frame, which it complains about; ours begins here
        await victim.page.reload()
        await victim.page.wait_for_selector("#link[data-state=open]")
    broker = await home.shown("broker")
    assert f"{victim.invited.identity} signed out" not in broker
    assert "This address may not talk to the broker" in broker
