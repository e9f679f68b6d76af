"""Case 47: sealed receipts are listed and handed out within reach, and what is out of reach is answered like what never was.

A site's people reach those of its hosts, a company's security officer those of its technicians. Both readings are in the log before they
are answered; where they cannot be, nothing is. A row that somebody writes beside the log is within nobody's reach.

Mutations, each tried: list without the scope; fetch without the scope; fetch with an old second factor; hand out and record nothing;
refuse what is out of reach and record nothing. That a row alone is found by no host either: tests/broker/storage/test_receipts.py.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256

import httpx
import pytest
import pytest_asyncio

from audit.events.accounts import AdministrationRefused
from audit.events.trail import ReceiptFetched, ReceiptsListed
from policy.decision import Reason
from policy.roles import Role
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries
from tests.helpers.broker_process import BrokerProcess, read
from tests.helpers.ends import open_host
from tests.helpers.receipt_offers import digest_for, given, statement, visited
from wire.messages.audit import ReceiptEntry, ReceiptList, ReceiptNamed, ReceiptsLook
from wire.messages.evidence import ReceiptKept, ReceiptOffered, ReceiptSealed, ReceiptSigned
from wire.messages.presence import Refused

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]


@dataclass
class House:
    """One visit at each of two sites, by technicians of two companies; the cookies of whoever reads."""

    at_a: str
    at_b: str
    host_a: str
    cookies: dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(broker: BrokerProcess) -> House:
    blue, red = await broker.technician("t-blue"), await broker.technician("t-red", ("red",), company="Other AG")
    host_a, host_b = await broker.host("Analyser A"), await broker.host("Analyser B", "red", "Site B")
    cookies = {}
    for name, role, sites, company in (
        ("t-officer", Role.SECURITY_OFFICER, (), "Example GmbH"), ("t-elsewhere", Role.SECURITY_OFFICER, (), "Other AG"),
        ("t-auditor-a", Role.AUDITOR, ("Site A",), "Example GmbH"), ("t-site-b", Role.SITE_ADMINISTRATOR, ("Site B",), "Lab B"),
    ):  # fmt: skip
        cookies[name] = await broker.sign_in(await broker.technician(name, role=role, sites=sites, company=company))
    await broker.publish()
    visits = []
    for technician, host in ((blue, host_a), (red, host_b)):
        session_id = await visited(broker, technician, host)
        async with await open_host(broker, host) as control:
            assert isinstance(await given(control, ReceiptOffered(statement(broker, host, session_id))), ReceiptSigned)
            assert isinstance(await given(control, ReceiptSealed(session_id, sealed(session_id))), ReceiptKept)
        visits.append(session_id)
    return House(visits[0], visits[1], host_a.id, cookies)


def sealed(session_id: str) -> bytes:
    return b"sealed " + session_id.encode()


async def listed(broker: BrokerProcess, cookie: str, after: str = "") -> tuple[ReceiptEntry, ...]:
    found = read(await broker.post("/api/receipts", ReceiptsLook(after), cookie=cookie), ReceiptList)
    assert not found.more
    return found.receipts


async def fetch(broker: BrokerProcess, session_id: str, cookie: str) -> httpx.Response:
    return await broker.post("/api/receipts/fetch", ReceiptNamed(session_id), cookie=cookie)


def written(broker: BrokerProcess, order: str, *values: object) -> None:
    with closing(sqlite3.connect(broker.database, timeout=10)) as database:
        database.execute(order, values)
        database.commit()


async def test_each_reads_those_within_reach_and_of_the_rest_nothing(broker: BrokerProcess, house: House) -> None:
    for name, own, foreign in (
        ("t-auditor-a", house.at_a, house.at_b),
        ("t-site-b", house.at_b, house.at_a),
        ("t-officer", house.at_a, house.at_b),
        ("t-elsewhere", house.at_b, house.at_a),
    ):
        cookie = house.cookies[name]
        (found,) = await listed(broker, cookie)
        assert (found.session_id, found.digest, found.copy_bytes) == (own, digest_for(own), len(sealed(own))), name
        assert await listed(broker, cookie, after=own) == ()
        assert entries(broker)[-1].event == ReceiptsListed(by=name)
        answer = await fetch(broker, own, cookie)
        assert answer.content == sealed(own)
        assert entries(broker)[-1].event == ReceiptFetched(session_id=own, digest=sha256(sealed(own)).digest(), by=name)
        out_of_reach, never = await fetch(broker, foreign, cookie), await fetch(broker, "s-never", cookie)
        assert (out_of_reach.status_code, out_of_reach.content) == (never.status_code, never.content)
        assert read(never, Refused).reason is Reason.RECEIPT_UNKNOWN
        refused = [each.event for each in entries(broker)[-2:]]
        assert [each.account_given for each in refused if isinstance(each, AdministrationRefused)] == [foreign, "s-never"]


async def test_a_copy_wants_a_fresh_second_factor_and_the_list_does_not(broker: BrokerProcess, house: House) -> None:
    cookie = house.cookies["t-auditor-a"]
    written(broker, "UPDATE sign_ins SET factor = factor - 301 WHERE technician_id = ?", "t-auditor-a")
    assert read(await fetch(broker, house.at_a, cookie), Refused).reason is Reason.SECOND_FACTOR_STALE
    assert len(await listed(broker, cookie)) == 1
    written(broker, "UPDATE sign_ins SET factor = factor + 301 WHERE technician_id = ?", "t-auditor-a")


async def test_a_row_that_somebody_wrote_beside_the_log_is_within_nobodys_reach(broker: BrokerProcess, house: House) -> None:
    row = ("s-invented", house.host_a, bytes(32), 1.0, b"anything")
    written(broker, "INSERT INTO receipts (session_id, host_id, digest, signed, sealed) VALUES (?, ?, ?, ?, ?)", *row)
    for cookie in house.cookies.values():
        assert "s-invented" not in {each.session_id for each in await listed(broker, cookie)}
        assert read(await fetch(broker, "s-invented", cookie), Refused).reason is Reason.RECEIPT_UNKNOWN


async def test_nothing_is_shown_or_handed_out_that_cannot_be_recorded(broker: BrokerProcess, house: House) -> None:
    cookie = house.cookies["t-auditor-a"]
    written(broker, "ALTER TABLE audit_log RENAME TO away")
    refused = await broker.post("/api/receipts", ReceiptsLook(""), cookie=cookie), await fetch(broker, house.at_a, cookie)
    written(broker, "ALTER TABLE away RENAME TO audit_log")
    assert [read(each, Refused).reason for each in refused] == [Reason.LOG_UNAVAILABLE] * 2
