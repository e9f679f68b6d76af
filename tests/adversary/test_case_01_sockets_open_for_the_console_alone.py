"""Case 1: a socket opens for the console's exact Origin alone, and the host's for no browser at all.

Left: nothing. Case 2 shows the same with a victim's cookie in a real browser.
"""

import pytest
from websockets.exceptions import InvalidStatus

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import ORIGIN, BrokerProcess, read
from tests.helpers.ends import dial
from wire.messages.presence import Refused
from wire.messages.signin import Done

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]

FOREIGN = (
    "null",
    "https://evil.tld",
    "https://localhost:8444.evil.tld",
    "http://localhost:8444",
    "https://localhost:8443",
    "https://localhost",
    "https://localhost:8444@evil.tld",
    "https://evil.tld@localhost:8444",
    "https://LOCALHOST:8444",
    "https://localhost:8444/",
    "",
)


async def refused_with(running: BrokerProcess, path: str, origin: str | None, cookie: str = "") -> int:
    with pytest.raises(InvalidStatus) as refused:
        await dial(running, path, origin=origin, cookie=cookie)
    return refused.value.response.status_code


@pytest.mark.parametrize("path", ["/console", "/session", "/bulk"])
async def test_a_foreign_origin_opens_no_socket_even_with_a_live_cookie(broker: BrokerProcess, path: str) -> None:
    person = f"t-{path[1:]}"
    cookie = await broker.sign_in(await broker.technician(person))
    for origin in FOREIGN:
        assert await refused_with(broker, path, origin, cookie) == 403, origin
    wire = await dial(broker, path, origin=ORIGIN, cookie=cookie)
    await wire.socket.close()


async def test_the_console_socket_wants_an_origin(broker: BrokerProcess) -> None:
    cookie = await broker.sign_in(await broker.technician("t-absent"))
    assert await refused_with(broker, "/console", None, cookie) == 403


async def test_a_socket_of_the_console_wants_a_live_sign_in(broker: BrokerProcess) -> None:
    for path in ("/console", "/session", "/bulk"):
        for cookie in ("", "A" * 43, "not base64!"):
            assert await refused_with(broker, path, ORIGIN, cookie) == 401


@pytest.mark.parametrize("origin", [ORIGIN, *FOREIGN])
async def test_the_host_socket_refuses_every_browser(broker: BrokerProcess, origin: str) -> None:
    assert await refused_with(broker, "/host", origin) == 403


async def test_a_route_that_changes_something_refuses_a_foreign_origin_before_it_reads(broker: BrokerProcess) -> None:
    for origin in (*FOREIGN, None):
        response = await broker.post("/api/sign-out", Done(), origin=origin)
        assert (response.status_code, read(response, Refused).reason) == (403, Reason.ORIGIN_REFUSED), origin
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/enrol"), ("PUT", "/api/documents/vendor")])
async def test_a_route_for_machines_refuses_every_browser(broker: BrokerProcess, method: str, path: str) -> None:
    response = await broker.post(path, Done(), origin=ORIGIN, method=method)
    assert (response.status_code, read(response, Refused).reason) == (403, Reason.ORIGIN_REFUSED)
