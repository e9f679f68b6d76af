"""Case 26: every JSON body of every route, with a field more, a key twice, a number that is none, or nested without end: refused whole.

Bodies are the good ones of the shared vectors, so that each differs from what is taken in the one thing that is tried. What nobody may
choose (company, id, who asks, approval) has no field to be sent in. The fields of every message are held to that here.

Mutations that were tried, each of which makes this file fail:
    wire/schema.py    RecursionError is not caught (a key twice is found by `_no_twins`, and again by the comparison with the plain form:
                      either one alone may be taken away)
    broker/web/door   any content type is taken
"""

import json
from pathlib import Path

import pytest
import pytest_asyncio

from broker.web.routes import DOORS, Door
from policy.decision import Allow, Reason
from policy.roles import Entry, Role, may
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import ORIGIN, BrokerProcess, read
from wire.gen_ts import key_of
from wire.messages.presence import Refused
from wire.schema import fields_of

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
GOOD = {
    case["name"]: case["text"]
    for case in json.loads((Path(__file__).parents[2] / "wire" / "vectors" / "messages.json").read_text(encoding="utf-8"))["good"]
}
BODIES = [door for door in DOORS if door.takes is not None]
MORE = {
    "tenant_id": '"other"', "company_id": '"other"', "is_phi": "false", "phi": "false", "permissions": '["control"]', "approved": "true",
    "approved_by": '"t-other"', "confirmed": "true", "suspended": "false", "technician_id_by": '"t-other"', "by": '"t-other"',
    "is_admin": "true", "groups": '["blue"]', "deleted": "null", "__proto__": '{"role":"administrator"}',
    "constructor": '{"prototype":{"role":"administrator"}}', "": "1",
}  # fmt: skip
CHOSEN_BY_THE_BROKER = {"tenant_id", "is_phi", "phi", "permissions", "approved", "confirmed", "suspended", "by", "deleted", "groups"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cookies(broker: BrokerProcess) -> dict[Role, str]:
    """Somebody of each role that one of these doors needs."""
    roles = (Role.ADMINISTRATOR, Role.SECURITY_OFFICER)
    return {role: await broker.sign_in(await broker.technician(f"t-{role.value}", role=role)) for role in roles}


def bent(door: Door) -> dict[str, bytes]:
    """The good body with one thing wrong, by what it is."""
    assert door.takes is not None
    good = GOOD[key_of(door.takes)]
    more = "" if good == "{}" else ","
    with_field = {f"field {name}": f'{good[:-1]}{more}"{name}":{value}}}' for name, value in {**MORE, "role": '"administrator"'}.items()}
    wrong = {
        **with_field,
        "key twice": f'{good[:-1]}{more}"type":"done"}}',
        "NaN": f'{good[:-1]}{more}"n":NaN}}',
        "1e400": f'{good[:-1]}{more}"n":1e400}}',
        "deep": '{"a":' * 10_000 + "1" + "}" * 10_000,
        "deep list": "[" * 10_000 + "]" * 10_000,
        "white space": good.replace(":", ": ", 1),
        "an array": f"[{good}]",
        "nothing": "",
        "null": "null",
    }
    return {what: body.encode() for what, body in wrong.items()} | {"mark": b"\xef\xbb\xbf" + good.encode(), "half": good.encode()[:-1]}


async def send(broker: BrokerProcess, door: Door, body: bytes, cookie: str, kind: str = "application/json") -> tuple[int, Reason | None]:
    origin = None if door.entry is Entry.MACHINE else ORIGIN
    async with broker.http(origin, cookie if door.entry is Entry.SIGNED_IN else "") as http:
        response = await http.request(door.method, door.path, content=body, headers={"content-type": kind})
    return response.status_code, None if response.status_code < 300 else read(response, Refused).reason


@pytest.mark.parametrize("door", BODIES, ids=lambda door: door.path)
async def test_a_body_with_anything_more_or_otherwise_is_refused_whole(broker: BrokerProcess, cookies: dict[Role, str], door: Door) -> None:
    administrator = door.entry is not Entry.SIGNED_IN or may(Role.ADMINISTRATOR, door.operation) == Allow()
    cookie = cookies[Role.ADMINISTRATOR if administrator else Role.SECURITY_OFFICER]
    for what, body in bent(door).items():
        assert await send(broker, door, body, cookie) == (400, Reason.MALFORMED), f"{door.path} {what}"
    good = GOOD[key_of(door.takes)].encode() if door.takes else b""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert await send(broker, door, good, cookie, kind) == (400, Reason.MALFORMED), f"{door.path} {kind}"
    if not door.path.startswith("/api/sign-out"):
        assert (await send(broker, door, good, cookie))[1] is not Reason.MALFORMED, "the good one is no test of anything"


async def test_no_message_has_a_field_for_what_the_broker_decides() -> None:
    for door in BODIES:
        assert door.takes is not None
        assert not CHOSEN_BY_THE_BROKER & fields_of(door.takes).keys(), door.path
        if door.operation.value.startswith("account"):
            assert "company" not in fields_of(door.takes), "an account is of the caller's own company"
