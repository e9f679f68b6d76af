"""Case 47: everybody reads the trail of the hosts and accounts within reach, and of nobody else; whoever was removed stays in it by name.

What somebody may not see is not there: no entry, no name, no word about how many there are. Reading is itself in the log, and where it
cannot be recorded nothing is shown. What a copy holds is case 81, but for the addresses between which content went directly: a site's
ranges are in what its own people read and take away, and in nobody else's.

Mutations, each seen to fail its own test here: a site's people with everybody's accounts; every administrator taken for the vendor's; a
filter that is ignored; names that the log does not commit to; a reading that is not recorded; no brake on reading; ranges for everybody, in
the trail or in copies.

Left: hosts are taken off the signed list, not removed; the trail of one that is no longer listed is its site's.
"""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass

import pytest
import pytest_asyncio

from audit.events.trail import TrailRead
from policy.carrier import Carrier, DirectCause
from policy.decision import Reason
from policy.roles import Role
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries
from tests.helpers.broker_process import BrokerProcess, Host, Technician, read
from tests.helpers.ends import meeting
from wire.messages import administration as accounts
from wire.messages.audit import ExportAsk, ExportForm, ExportNamed, TrailEntry, TrailFilter, TrailLook, TrailPage
from wire.messages.presence import Refused
from wire.messages.session import CarrierReport, SessionOver

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
EVERYTHING = TrailFilter(0, 0, "", "", "", "")
NEAR, FAR = "10.20.0.0/16", "fd12:3456::/32"
"""Ranges of Site A."""


@dataclass
class House:
    """Two visits at two sites, in two groups, and whoever reads about them."""

    blue: Technician
    red: Technician
    host_a: Host
    host_b: Host
    cookies: dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(broker: BrokerProcess) -> House:
    blue, red = await broker.technician("t-blue", name="Bea Blue"), await broker.technician("t-red", ("red",), "Rita Red")
    host_a, host_b = await broker.host("Analyser A"), await broker.host("Analyser B", "red", "Site B")
    cookies = {}
    for name, role, sites, company in (
        ("t-super", Role.SUPERVISOR, (), "Example GmbH"), ("t-admin", Role.ADMINISTRATOR, (), "Example GmbH"),
        ("t-officer", Role.SECURITY_OFFICER, (), "Example GmbH"), ("t-elsewhere", Role.ADMINISTRATOR, (), "Other AG"),
        ("t-site-a", Role.AUDITOR, ("Site A",), "Example GmbH"), ("t-lead-a", Role.SITE_ADMINISTRATOR, ("Site A",), "Lab A"),
        ("t-site-b", Role.SITE_ADMINISTRATOR, ("Site B",), "Lab B"),
    ):  # fmt: skip
        person = await broker.technician(name, ("green",), role=role, sites=sites, company=company, name=name.upper())
        cookies[name] = await broker.sign_in(person)
    await broker.publish()
    for technician, host in ((blue, host_a), (red, host_b)):
        async with meeting(broker, technician, host) as met:
            await met.spent()
            await met.ask()
            await met.allow()
            if host is host_a:
                await met.host_wire.say(CarrierReport(met.session_id, 1, Carrier.DIRECT, NEAR, FAR, None, 0, 0))
                await met.host_wire.say(CarrierReport(met.session_id, 1, Carrier.RELAY, "", "", DirectCause.STALLED, 5_000, 90))
            await met.end()
            await met.console_wire.until(SessionOver)
    cookies |= {each.id: await broker.sign_in(each) for each in (blue, red)}
    return House(blue, red, host_a, host_b, cookies)


async def page(broker: BrokerProcess, cookie: str, wanted: TrailFilter = EVERYTHING, after: int = 0, count: int = 100) -> TrailPage:
    said = TrailLook(wanted, after, newest_first=False, count=count, language="en")
    return read(await broker.post("/api/audit/entries", said, cookie=cookie), TrailPage)


async def trail(broker: BrokerProcess, cookie: str, wanted: TrailFilter = EVERYTHING) -> list[TrailEntry]:
    """All of it, page by page."""
    found, after = list[TrailEntry](), 0
    while True:
        shown = await page(broker, cookie, wanted, after)
        found += shown.entries
        after = shown.after
        if not after:
            return found


def told(found: list[TrailEntry]) -> str:
    return "\n".join(f"{each.sentence} {[field.value for field in each.fields]}" for each in found)


async def test_whoever_helps_reads_about_the_hosts_of_his_groups_and_no_other(broker: BrokerProcess, house: House) -> None:
    for cookie, own, foreign, colleague in (
        (house.cookies["t-blue"], house.host_a, house.host_b, house.red),
        (house.cookies["t-red"], house.host_b, house.host_a, house.blue),
    ):
        text = told(await trail(broker, cookie))
        assert own.id in text
        assert "session_opened" in {each.event for each in await trail(broker, cookie)}
        assert foreign.id not in text
        assert colleague.id not in text
    text = told(await trail(broker, house.cookies["t-super"]))
    assert house.host_a.id not in text, "a supervisor who is listed in no group sees no host"
    assert "T-SUPER (t-super)" in text


async def test_a_sites_people_read_about_their_site_and_no_other(broker: BrokerProcess, house: House) -> None:
    for cookie, own, foreign in (
        (house.cookies["t-site-a"], house.host_a, house.host_b),
        (house.cookies["t-site-b"], house.host_b, house.host_a),
    ):
        found = await trail(broker, cookie)
        assert {"host_enrolled", "session_opened", "asked", "answered", "lane_opened", "session_ended"} <= {each.event for each in found}
        assert own.id in told(found)
        assert foreign.id not in told(found)
        assert foreign.site not in told(found)
        assert "t-admin" not in told(found), "whatever their company is called"


async def test_whoever_decides_reads_about_the_company_and_about_no_visit(broker: BrokerProcess, house: House) -> None:
    for name in ("t-admin", "t-officer"):
        found = await trail(broker, house.cookies[name])
        kinds = {each.event for each in found}
        assert {"invitation_made", "role_given", "signed_in", "documents_published"} <= kinds
        assert not kinds & {"session_opened", "asked", "answered", "lane_opened", "session_ended", "ticket_opened"}
        assert "t-elsewhere" not in told(found)
        assert "t-site" not in told(found), "a site's people are their own, whatever their company is called"
    found = await trail(broker, house.cookies["t-elsewhere"])
    assert {each.event for each in found} <= {"invitation_made", "role_given", "named", "invitation_accepted", "device_registered",
        "recovery_codes_made", "signed_in", "trail_read"}  # fmt: skip
    assert "t-blue" not in told(found)


async def test_a_sites_ranges_are_told_to_its_own_people_alone(broker: BrokerProcess, house: House) -> None:
    for name, there, own in (
        ("t-site-a", True, True), ("t-lead-a", True, True), ("t-blue", True, False), ("t-red", False, False),
        ("t-super", False, False), ("t-admin", False, False), ("t-officer", False, False), ("t-site-b", False, False),
    ):  # fmt: skip
        found = await trail(broker, house.cookies[name])
        kinds = Counter(each.event for each in found)
        assert (kinds["direct_started"], kinds["direct_ended"]) == (there, there), name
        assert (NEAR in told(found), FAR in told(found)) == (own, own), name
        for each in found:
            if each.event == "direct_started":
                assert ("host_range" in {field.name for field in each.fields}) is own
                assert ("inside the site" in each.sentence) is not own


@pytest.mark.parametrize("form", [ExportForm.JSONL, ExportForm.CSV, ExportForm.HTML])
async def test_a_copy_has_a_sites_ranges_where_it_is_the_sites_own(broker: BrokerProcess, house: House, form: ExportForm) -> None:
    for proposer, approver, own in (("t-site-a", "t-lead-a", True), ("t-admin", "t-officer", False)):
        ask, cookie = ExportAsk(EVERYTHING, form, "fr"), house.cookies[proposer]
        export = read(await broker.post("/api/audit/export", ask, cookie=cookie), accounts.ProposalMade).proposal_id
        approved = await broker.post("/api/approvals/approve", accounts.ProposalNamed(export), cookie=house.cookies[approver])
        assert approved.status_code == 200, proposer
        copy = await broker.post("/api/audit/export/fetch", ExportNamed(export), cookie=cookie)
        assert copy.status_code == 200, proposer
        assert (NEAR in copy.text, FAR in copy.text, "direct_started" in copy.text) == (own, own, own), proposer


async def test_a_filter_is_no_way_past_ones_reach_and_what_is_not_there_leaves_no_trace(broker: BrokerProcess, house: House) -> None:
    cookie = house.cookies["t-blue"]
    for wanted in (
        TrailFilter(0, 0, house.host_b.id, "", "", ""),
        TrailFilter(0, 0, "", "t-red", "", ""),
        TrailFilter(0, 0, "h-nobody", "", "", ""),
    ):
        shown = await page(broker, cookie, wanted)
        assert (shown.entries, shown.names, shown.after) == ((), (), 0)
    opened = await trail(broker, cookie, TrailFilter(0, 0, house.host_a.id, "t-blue", "", "session_opened"))
    assert len(opened) == 1
    one = await page(broker, cookie, count=1)
    assert one.after == one.entries[0].index


async def test_who_was_deleted_stays_by_name_and_a_host_that_is_no_longer_listed_in_its_site(broker: BrokerProcess, house: House) -> None:
    deleted = await broker.post("/api/accounts/delete", accounts.AccountNamed("t-red"), cookie=house.cookies["t-admin"])
    assert deleted.status_code == 200
    broker.hosts.remove(house.host_b)
    await broker.publish()
    shown = await page(broker, house.cookies["t-site-b"])
    called = {each.id: (each.name, each.belongs) for each in shown.names}
    assert called["t-red"] == ("Rita Red", "Example GmbH")
    assert called[house.host_b.id] == ("Analyser B", "Site B")
    assert f"Rita Red (t-red) at Analyser B ({house.host_b.id})" in told(await trail(broker, house.cookies["t-site-b"]))
    with closing(sqlite3.connect(broker.database, timeout=10)) as database:
        database.execute("UPDATE audit_names SET name = 'Mallory' WHERE subject = 't-red'")
        database.commit()
    assert "Mallory" not in told(await trail(broker, house.cookies["t-site-b"])), "a name that the log does not commit to"


async def test_every_reading_is_in_the_log_before_it_is_answered(broker: BrokerProcess, house: House) -> None:
    before = len(entries(broker))
    await page(broker, house.cookies["t-site-a"], TrailFilter(1, 0, house.host_a.id, "", "", "asked"))
    (newest,) = [each.event for each in entries(broker)[before:]]
    assert newest == TrailRead(by="t-site-a", wanted=("since=1", f"host={house.host_a.id}", "event=asked"))
    with closing(sqlite3.connect(broker.database, timeout=10)) as database:
        database.execute("ALTER TABLE audit_log RENAME TO away")
        database.commit()
    said = TrailLook(EVERYTHING, 0, newest_first=True, count=1, language="fr")
    refused = await broker.post("/api/audit/entries", said, cookie=house.cookies["t-site-a"])
    assert read(refused, Refused).reason is Reason.LOG_UNAVAILABLE
    with closing(sqlite3.connect(broker.database, timeout=10)) as database:
        database.execute("ALTER TABLE away RENAME TO audit_log")
        database.commit()


async def test_whoever_reads_faster_than_people_do_is_not_heard_for_a_minute(broker: BrokerProcess, house: House) -> None:
    said = TrailLook(EVERYTHING, 0, newest_first=True, count=1, language="en")
    answers = await asyncio.gather(*(broker.post("/api/audit/entries", said, cookie=house.cookies["t-super"]) for _ in range(250)))
    assert {read(each, Refused).reason for each in answers if each.status_code != 200} == {Reason.TOO_FAST}
    assert sum(each.status_code == 200 for each in answers) >= 200
