"""Case 81, for copies of the log: one person proposes, another who decides within the same company or site approves, and the first
fetches it, once, within a day. Refused: approving one's own, also with another account of the same name; somebody of another company or
site; a second time; too late; when the proposer is not as he was. There is no way over HTTP to let entries go.

Mutations, each of which was seen to fail here: a copy is handed out again and again; another account of one's own name approves; an
approval does not grow old; whoever asks is handed a copy that somebody else proposed (another check refuses him then, for a reason that
tells him it exists).

Left: two accounts under two names are taken for two persons.
"""

import asyncio
import csv
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from io import StringIO

import httpx
import pytest
import pytest_asyncio

from audit.events import trail as log
from audit.events.accounts import AdministrationRefused
from broker.web.routes import DOORS
from policy.decision import Reason
from policy.roles import Role
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries
from tests.helpers.broker_process import BrokerProcess, read
from wire.messages import administration as accounts
from wire.messages.audit import ExportAsk, ExportForm, ExportNamed, TrailFilter
from wire.messages.presence import Refused
from wire.messages.signin import Done, SignIn

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
EVERYTHING = TrailFilter(0, 0, "", "", "", "")
PERSONS = (
    ("t-anna", "Anna Example", Role.ADMINISTRATOR, ()),
    ("t-anna-2", "ANNA  Example", Role.SECURITY_OFFICER, ()),
    ("t-berta", "Berta Example", Role.ADMINISTRATOR, ()),
    ("t-auditor", "Otto Auditor", Role.AUDITOR, ("Site A",)),
    ("t-other-auditor", "Olga Auditor", Role.AUDITOR, ("Site A",)),
    ("t-site", "Sigrid Site", Role.SITE_ADMINISTRATOR, ("Site A", "Site B")),
    ("t-site-b", "Bodo Site", Role.SITE_ADMINISTRATOR, ("Site B",)),
    ("t-tech", "Tea Technician", Role.TECHNICIAN, ()),
)


@dataclass
class People:
    """Cookies by id."""

    cookies: dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(broker: BrokerProcess) -> People:
    cookies = {}
    for name, called, role, sites in PERSONS:
        cookies[name] = await broker.sign_in(await broker.technician(name, name=called, role=role, sites=sites))
    elsewhere = await broker.technician("t-elsewhere", company="Other AG", role=Role.ADMINISTRATOR, name="Else Where")
    return People(cookies | {"t-elsewhere": await broker.sign_in(elsewhere)})


async def reason(broker: BrokerProcess, path: str, said: object, cookie: str) -> Reason | None:
    response = await broker.post(path, said, cookie=cookie)
    return read(response, Refused).reason if response.status_code >= 400 else None


async def proposed(broker: BrokerProcess, cookie: str, form: ExportForm = ExportForm.JSONL, wanted: TrailFilter = EVERYTHING) -> str:
    response = await broker.post("/api/audit/export", ExportAsk(wanted, form, "en"), cookie=cookie)
    assert response.status_code == 202
    return read(response, accounts.ProposalMade).proposal_id


async def approve(broker: BrokerProcess, export: str, cookie: str) -> Reason | None:
    return await reason(broker, "/api/approvals/approve", accounts.ProposalNamed(export), cookie)


async def fetch(broker: BrokerProcess, export: str, cookie: str) -> httpx.Response:
    return await broker.post("/api/audit/export/fetch", ExportNamed(export), cookie=cookie)


async def refused(broker: BrokerProcess, export: str, cookie: str) -> Reason | None:
    response = await fetch(broker, export, cookie)
    return read(response, Refused).reason if response.status_code >= 400 else None


def written(broker: BrokerProcess, order: str, *values: object) -> None:
    with closing(sqlite3.connect(broker.database, timeout=10)) as database:
        assert database.execute(order, values).rowcount == 1
        database.commit()


async def test_one_proposes_another_approves_and_the_first_takes_it_once(broker: BrokerProcess, people: People) -> None:
    anna, berta = people.cookies["t-anna"], people.cookies["t-berta"]
    export = await proposed(broker, anna)
    assert await refused(broker, export, anna) is Reason.SECOND_PERSON_NEEDED
    newest = entries(broker)[-1].event
    assert isinstance(newest, AdministrationRefused)
    assert (newest.account_given, newest.reason) == (export, Reason.SECOND_PERSON_NEEDED)
    shown = read(await broker.post("/api/approvals", Done(), cookie=berta), accounts.ProposalList)
    assert [(each.export_id, each.proposed_by) for each in shown.exports] == [(export, "t-anna")]
    assert await approve(broker, export, berta) is None
    later = await broker.post("/api/sign-in", SignIn("made after it was approved", "x", "000000"))
    assert later.status_code == 401
    assert await refused(broker, export, berta) is Reason.PROPOSAL_UNKNOWN, "it is handed to who proposed it"
    response = await fetch(broker, export, anna)
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert response.headers["content-disposition"].endswith(f'{export}.jsonl"')
    assert {"role_given", "export_proposed"} <= {each["event"] for each in lines}
    assert "export_approved" not in {each["event"] for each in lines}, "nothing that came later"
    assert "made after" not in response.text
    assert "t-elsewhere" not in response.text
    assert "Otto Auditor" not in response.text
    assert await refused(broker, export, anna) is Reason.PROPOSAL_DECIDED
    said = [each.event for each in entries(broker) if isinstance(each.event, (log.ExportProposed, log.ExportApproved, log.ExportFetched))]
    assert [type(each) for each in said] == [log.ExportProposed, log.ExportApproved, log.ExportFetched]
    assert isinstance(said[-1], log.ExportFetched)
    assert said[-1].count == len(lines)


async def test_a_sites_auditor_gets_the_sites_with_its_administrator(broker: BrokerProcess, people: People) -> None:
    await broker.host("=cmd|'/c calc'!A1", site="Site A")
    export = await proposed(broker, people.cookies["t-auditor"], ExportForm.CSV)
    for name, why in (
        ("t-auditor", Reason.ROLE_DENIES), ("t-other-auditor", Reason.ROLE_DENIES), ("t-tech", Reason.ROLE_DENIES),
        ("t-site-b", Reason.PROPOSAL_UNKNOWN), ("t-berta", Reason.PROPOSAL_UNKNOWN), ("t-elsewhere", Reason.PROPOSAL_UNKNOWN),
    ):  # fmt: skip
        assert await approve(broker, export, people.cookies[name]) is why, name
    assert await approve(broker, export, people.cookies["t-site"]) is None
    text = (await fetch(broker, export, people.cookies["t-auditor"])).text
    rows = list(csv.DictReader(StringIO(text)))
    assert {"host_enrol_token_made", "host_enrolled"} <= {row["event"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert [row for row in rows if row["sentence"].startswith("'=cmd|")], "the host's own name, as text"
    assert "t-berta" not in text


@pytest.mark.parametrize(("form", "begins"), [(ExportForm.HTML, b"<!doctype html>"), (ExportForm.PDF, b"%PDF-")])
async def test_pages_to_read_leave_by_the_same_rule(broker: BrokerProcess, people: People, form: ExportForm, begins: bytes) -> None:
    export = await proposed(broker, people.cookies["t-anna"], form)
    assert await refused(broker, export, people.cookies["t-anna"]) is Reason.SECOND_PERSON_NEEDED
    assert await approve(broker, export, people.cookies["t-berta"]) is None
    page = await fetch(broker, export, people.cookies["t-anna"])
    assert page.content.startswith(begins)
    assert page.headers["content-disposition"].endswith(f'{export}.{form.value}"')
    assert await refused(broker, export, people.cookies["t-anna"]) is Reason.PROPOSAL_DECIDED


async def test_nobody_is_two_persons(broker: BrokerProcess, people: People) -> None:
    export = await proposed(broker, people.cookies["t-anna"])
    assert await approve(broker, export, people.cookies["t-anna"]) is Reason.SECOND_PERSON_NEEDED
    assert await approve(broker, export, people.cookies["t-anna-2"]) is Reason.SECOND_PERSON_NEEDED, "another account of the same name"
    withdrawn = await reason(broker, "/api/approvals/decline", accounts.ProposalNamed(export), people.cookies["t-anna"])
    assert withdrawn is None
    assert await approve(broker, export, people.cookies["t-berta"]) is Reason.PROPOSAL_DECIDED
    assert await refused(broker, export, people.cookies["t-anna"]) is Reason.PROPOSAL_DECIDED


async def test_what_is_late_or_no_longer_as_it_was_is_over(broker: BrokerProcess, people: People) -> None:
    anna, berta = people.cookies["t-anna"], people.cookies["t-berta"]
    late = await proposed(broker, anna)
    written(broker, "UPDATE audit_exports SET made = made - 86401, expires = expires - 86401 WHERE export_id = ?", late)
    assert await approve(broker, late, berta) is Reason.PROPOSAL_EXPIRED
    fetched_late = await proposed(broker, anna)
    assert await approve(broker, fetched_late, berta) is None
    written(broker, "UPDATE audit_exports SET decided = decided - 86401 WHERE export_id = ?", fetched_late)
    assert await refused(broker, fetched_late, anna) is Reason.PROPOSAL_EXPIRED
    changed = await proposed(broker, people.cookies["t-elsewhere"])
    await broker.run("accounts", "suspend", "t-elsewhere", "--even-last")
    written(broker, "UPDATE audit_exports SET company = 'Example GmbH' WHERE export_id = ?", changed)
    assert await approve(broker, changed, berta) is Reason.PROPOSAL_CHANGED


async def test_of_many_approvals_and_fetches_at_once_one_counts(broker: BrokerProcess, people: People) -> None:
    anna, berta = people.cookies["t-anna"], people.cookies["t-berta"]
    export = await proposed(broker, anna)
    went = await asyncio.gather(*(approve(broker, export, berta) for _ in range(10)))
    assert sorted(map(str, went)) == ["None", *[Reason.PROPOSAL_DECIDED.value] * 9]
    answers = await asyncio.gather(*(fetch(broker, export, anna) for _ in range(10)))
    assert sorted(each.status_code for each in answers) == [200, *[409] * 9]


async def test_proposing_and_fetching_want_a_fresh_second_factor(broker: BrokerProcess, people: People) -> None:
    written(broker, "UPDATE sign_ins SET factor = factor - 301 WHERE technician_id = ?", "t-site")
    cookie = people.cookies["t-site"]
    for path, said in (("/api/audit/export", ExportAsk(EVERYTHING, ExportForm.CSV, "en")), ("/api/audit/export/fetch", ExportNamed("x-1"))):
        assert await reason(broker, path, said, cookie) is Reason.SECOND_FACTOR_STALE


async def test_no_route_lets_an_entry_go_or_writes_one() -> None:
    about_the_log = {door.path for door in DOORS if "audit" in door.path}
    assert about_the_log == {"/api/audit/entries", "/api/audit/export", "/api/audit/export/fetch"}
