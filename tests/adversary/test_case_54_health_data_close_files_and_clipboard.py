"""Case 54: on a PC with health data there are no file and clipboard lanes, whoever said that there are such data, whatever else is
signed or asked, and both at the broker and at the host, each by its own reading. Nobody takes back what the host's administrator said.

Left until they exist: an older client version and an older protocol (there is one of each), signed updates as the way down, file windows.

Mutations that were tried, each of which makes this file fail:
    policy/documents.py            `may_offer` does not look at `phi` (what is closed is called *not offered*)
    broker/core/believed.py        `facts` leaves out the site's terms; the policies; what the host stated
    host_client/core/trusted.py    `host_facts` leaves out the rules; what was stated at enrolment
    broker/core/lanes.py           a record of a lane without a grant is forwarded
"""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from broker.core import bulk
from broker.core.board import HostHere
from broker.core.lanes import Relayed
from host_client.core.commands import OpenBulk, Tell
from host_client.core.events import BulkReceived
from host_client.link_files import FileBegin
from host_client.link_frames import FilePiece
from policy.decision import Allow, Deny, Reason
from policy.documents import may_offer
from policy.language import Merged, Party, stricter
from policy.permissions import TERMS, Lane, Permission
from policy.reading import read_policy
from policy.rulebook import rulebook
from tests.helpers.broker_core import HOST, Table, believed, site_word
from tests.helpers.broker_core import refused as told
from tests.helpers.host_core import HOST as HOST_ID
from tests.helpers.host_core import SESSION, Stage
from tests.helpers.playbook import NOON
from tests.helpers.site_rules import ALL
from tests.helpers.views import SITE, listed_host, rules, site_terms
from wire.frames import Frame, FrameKind, RecordHeader
from wire.messages.presence import EndRole
from wire.messages.session import BulkOffered
from wire.statements import Label

pytestmark = pytest.mark.adversary
CLOSED = [permission for permission, terms in TERMS.items() if terms.forbidden_on_phi]
LANES = sorted({TERMS[permission].lane for permission in CLOSED})
VOICES = ("the host's administrator", "the profile", "the model", "the site's terms", "the site's policy", "the vendor's policy")
EVERYTHING = f'[[allow]]\nname = "everything"\npermissions = [{", ".join(f"{chr(34)}{each}{chr(34)}" for each in Permission)}]\n'


def broker_that_hears(voice: str) -> Table:
    """A visit runs; nobody but this voice says that there are health data."""
    table = Table()
    table.meet()
    host, sites, vendor = table.listed, {}, rules("vendor", EVERYTHING)
    match voice:
        case "the host's administrator":
            table.board.hosts[HOST].phi_stated = True
        case "the profile":
            host = replace(host, profile=replace(host.profile, phi=True))
        case "the model":
            host = replace(host, profile=replace(host.profile, model="Navios EX"))
        case "the site's terms":
            sites = {SITE: site_word(EVERYTHING, HOST)}
        case "the site's policy":
            sites = {SITE: site_word(f'[phi]\nhosts = ["{HOST}"]\n{EVERYTHING}')}
        case _:
            vendor = rules("vendor", f'[phi]\nmodels = ["analyser"]\n{EVERYTHING}')
    table.board.believed = believed(table.person, host, sites=sites, vendor=vendor)
    return table


def host_that_hears(voice: str) -> Stage:
    """The same, at the host's own reading."""
    stage = Stage(phi=voice == "the host's administrator")
    plain = listed_host(HOST_ID, "blue", stage.key.public_key, name="Analyser", site="Site", model="AX")
    more: dict[str, Any] = {"vendor_policy": rules("vendor", EVERYTHING), "site_policy": rules("site", EVERYTHING), "hosts": (plain,)}
    match voice:
        case "the profile":
            more["hosts"] = (replace(plain, profile=replace(plain.profile, phi=True)),)
        case "the model":
            more["hosts"] = (replace(plain, profile=replace(plain.profile, model="dxflex")),)
        case "the site's terms":
            more["terms"] = site_terms(HOST_ID, site="Site")
        case "the site's policy":
            more["site_policy"] = rules("site", f'[phi]\nmodels = ["AX"]\n{EVERYTHING}')
        case "the vendor's policy":
            more["vendor_policy"] = rules("vendor", f'[phi]\nhosts = ["{HOST_ID}"]\n{EVERYTHING}')
        case _:
            pass
    stage.online(stage.papers(**more))
    return stage


@pytest.mark.parametrize("permission", CLOSED)
@pytest.mark.parametrize("voice", VOICES)
def test_the_broker_refuses_by_its_own_reading(voice: str, permission: Permission) -> None:
    table = broker_that_hears(voice)
    facts = table.board.facts(HOST, table.now)
    assert facts.phi
    assert may_offer(permission, facts) == Deny(Reason.PHI_POLICY)
    assert table.board.instruments(table.person.id, table.now).items[0].phi, "the technician sees it before he asks"


@pytest.mark.parametrize("permission", CLOSED)
def test_a_request_in_a_visit_is_refused_and_says_why(permission: Permission) -> None:
    table = Table()
    meeting = table.meet()
    meeting.view()
    table.board.hosts[HOST].phi_stated = True
    assert told(meeting.by_console(Label.ASKED, meeting.asked(2, permission))) == [Reason.PHI_POLICY]
    assert not meeting.visit.over


@pytest.mark.parametrize("voice", VOICES)
def test_the_host_refuses_by_its_own_reading_and_asks_nobody(voice: str) -> None:
    stage = host_that_hears(voice)
    far = stage.viewing()
    for permission in CLOSED:
        far.ask(permission)
        assert far.answers()[0].reason is Reason.PHI_POLICY, permission


@pytest.mark.parametrize("lane", LANES)
def test_a_raw_record_on_such_a_lane_ends_the_visit_at_the_broker_and_is_nothing_to_the_host(lane: Lane) -> None:
    meeting = Table().meet()
    meeting.view()
    raw = Frame(FrameKind.SEALED, RecordHeader(lane, 1, 0, 0).encode() + bytes(80)).encode()
    assert meeting.visit.lanes.judge(EndRole.CONSOLE, raw, NOON) is Relayed.MISBEHAVED
    assert meeting.visit.lanes.judge_bulk(EndRole.CONSOLE, raw, NOON) is Relayed.MISBEHAVED
    stage = host_that_hears("the profile")
    far = stage.viewing()
    assert far.record(lane, 1, bytes(64)) == []
    stage.give(BulkReceived(SESSION, Frame(FrameKind.SEALED, far.seal(lane, 1, bytes(64))).encode()))
    assert not [each for each in stage.did if isinstance(each, Tell) and isinstance(each.said, FileBegin | FilePiece)]


def test_no_bulk_socket_is_opened_on_such_a_host_whatever_the_broker_offers() -> None:
    stage = host_that_hears("the profile")
    far = stage.viewing()
    far.control(BulkOffered(SESSION, bytes(32), 30))
    assert not [each for each in stage.did if isinstance(each, OpenBulk)]
    meeting = broker_that_hears("the profile").board.visits
    (visit,) = meeting.values()
    assert not [each for role in EndRole for each in bulk.wanted(visit, role, NOON)]


def test_without_any_such_voice_nothing_is_closed_for_health_data() -> None:
    """The test of the tests: the same documents, silent."""
    assert not Table().board.facts(HOST, NOON).phi
    stage = host_that_hears("nobody")
    assert not stage.trusted.host_facts(stage.now).phi


def test_a_host_that_nobody_has_listed_counts() -> None:
    table = Table()
    assert table.board.facts("h-new", table.now).phi
    stage = Stage()
    stage.online(stage.papers(listed=False))
    assert stage.trusted.host_facts(stage.now).phi


def test_what_the_administrator_said_no_document_takes_back() -> None:
    stage = host_that_hears("the host's administrator")
    plain = listed_host(HOST_ID, "blue", stage.key.public_key, site="Site", model="AX", phi=False)
    for vendor in (rules("vendor", EVERYTHING), rules("vendor", EVERYTHING, 9)):
        stage.hears(stage.papers(hosts=(plain,), vendor_policy=vendor, terms=site_terms(site="Site")))
        assert stage.trusted.host_facts(stage.now).phi
    table = broker_that_hears("the host's administrator")
    elder = table.board.hosts[HOST]
    assert isinstance(elder, HostHere)
    assert table.board.facts(HOST, table.now).phi


def test_of_two_policies_that_race_the_stricter_counts() -> None:
    with_data, without = (
        read_policy(rules("site", text), "site.toml", ZoneInfo) for text in (f'[phi]\nhosts = ["{HOST}"]\n{ALL}', f"{EVERYTHING}")
    )
    for one, other in ((with_data, without), (without, with_data)):
        both = stricter(one, other)
        assert isinstance(both, Merged)
        assert any(page.phi_hosts for page in rulebook(both, ZoneInfo).pages)
        table = Table()
        word = replace(site_word(""), book=rulebook(both, ZoneInfo))
        table.board.believed = believed(table.person, table.listed, sites={SITE: word})
        assert table.board.facts(HOST, table.now).phi
        said = table.board.said(table.person.id, HOST, Permission.VIEW, table.now)
        assert (word.book.party, said.allowed) == (Party.SITE, Allow())
