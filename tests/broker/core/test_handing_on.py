"""Who is sent which documents: what it lacks, of its own site alone."""

from dataclasses import replace

from broker.core.board import ConsoleHere, HostHere
from broker.core.commands import HostRecord, Send, Unhurried
from broker.core.handing_on import hosts_of_site, to_console, to_host
from tests.helpers.broker_core import HOST, SIGN_IN, TECHNICIAN, Table, believed, control, messages, one, site_word
from tests.helpers.views import SITE
from trust.bundle import Gathering
from trust.metadata import slug
from wire.messages.documents import DocumentsBundle, DocumentsPiece, Repository
from wire.messages.presence import BrokerHello, EndRole, Hello
from wire.messages.ticket import TicketAdmitted

ROOT, TIME, OWN, OTHER, OLD = (
    "metadata/1.root.json",
    "metadata/timestamp.json",
    f"targets/hosts/aa.{slug(SITE)}.json",
    f"targets/hosts/bb.{slug('Elsewhere')}.json",
    "metadata/1.snapshot.json",
)
FILES = {path: path.encode() for path in (ROOT, TIME, OWN, OTHER, OLD)}
SITES_OWN = {ROOT: b"s", TIME: b"t", "targets/cc.site.json": b"terms"}


def bundles(commands: list[object]) -> list[DocumentsBundle]:
    """What was sent, put together again."""
    gathering = Gathering()
    return [bundle for each in messages(commands, DocumentsPiece) if (bundle := gathering.add(each)) is not None]


def paths(commands: list[object]) -> list[tuple[Repository, set[str]]]:
    return [(each.repository, {file.path for file in each.files}) for each in bundles(commands)]


def table_with(files: dict[str, bytes] | None = None, *, own: bool = True) -> Table:
    table = Table()
    sites = {SITE: site_word("", files=SITES_OWN)} if own else {}
    table.board.believed = believed(table.person, table.listed, sites=sites, files=FILES if files is None else files)
    return table


def test_a_host_is_sent_its_own_sites_documents_before_the_broker_proves_itself() -> None:
    table = table_with()
    commands = table.run(table.host_core(), control(Hello(1, EndRole.HOST, HOST, bytes(32), (OLD,), ())))
    assert paths(commands) == [(Repository.VENDOR, {ROOT, TIME, OWN}), (Repository.SITE, set(SITES_OWN))]
    kinds = [bool(messages([each], DocumentsPiece)) for each in commands if isinstance(each, Send)]
    assert kinds == [True, True, False]
    assert one(commands, BrokerHello).version == 1
    assert all(isinstance(each.frame, Unhurried) for each in commands if isinstance(each, Send) and messages([each], DocumentsPiece))


def test_a_console_is_sent_no_hosts_until_a_visit_is_admitted() -> None:
    table = table_with(own=False)
    host = table.host_in()
    console = table.console_core()
    sent = table.run(console, control(Hello(1, EndRole.CONSOLE, TECHNICIAN, bytes(32), (), ())))
    assert paths(sent) == [(Repository.VENDOR, {ROOT, TIME, OLD})]
    table.board.consoles.clear()
    admitted = table.claim(table.console_in(), table.ticket(host))
    assert paths(admitted) == [(Repository.VENDOR, {ROOT, TIME, OWN})]
    assert one(admitted, TicketAdmitted).host_id == HOST
    assert bundles(admitted)[0].site == SITE


def test_whoever_is_neither_listed_nor_enrolled_is_sent_nothing() -> None:
    table = table_with()
    assert paths(table.run(table.host_core(), control(Hello(1, EndRole.HOST, "h-stranger", bytes(32), (), ())))) == []
    table.enrolled = HostRecord(bytes(32), "Elsewhere", phi=False)
    sent = table.run(table.host_core(), control(Hello(1, EndRole.HOST, "h-new", bytes(32), (), ())))
    assert paths(sent) == [(Repository.VENDOR, {ROOT, TIME, OLD, OTHER})]


def test_documents_that_are_over_are_handed_to_nobody() -> None:
    table = table_with()
    table.wait(86_400)
    assert paths(table.run(table.host_core(), control(Hello(1, EndRole.HOST, HOST, bytes(32), (), ())))) == []


def test_news_is_what_was_not_sent_before() -> None:
    table = table_with()
    before = table.board.believed
    host = HostHere(HOST, table.socket(), SITE, documents=before)
    console = ConsoleHere(SIGN_IN, TECHNICIAN, table.person.authenticators[0], table.socket(), documents=before)
    assert list(to_host(table.board, host)) == []
    own = {SITE: site_word("", files={**SITES_OWN, "x": b"x"})}
    table.board.believed = new = believed(table.person, table.listed, sites=own, files={**FILES, "metadata/2.snapshot.json": b"n"})
    assert paths(list(to_host(table.board, host))) == [
        (Repository.VENDOR, {ROOT, TIME, "metadata/2.snapshot.json"}),
        (Repository.SITE, {ROOT, TIME, "x"}),
    ]
    assert paths(list(to_console(table.board, console))) == [(Repository.VENDOR, {ROOT, TIME, "metadata/2.snapshot.json"})]
    assert (host.documents, console.documents) == (new, new)
    table.board.believed = None
    assert list(to_host(table.board, host)) == list(to_console(table.board, console)) == []
    assert (host.documents, console.documents) == (new, new)
    assert list(hosts_of_site(table.board, console, SITE)) == []


def test_a_host_that_is_listed_under_another_site_is_sent_its_own_sites_until_it_enrols_again() -> None:
    table = table_with(own=False)
    table.enrolled = HostRecord(table.host_key.public_key, SITE, phi=False)
    table.board.believed = believed(table.person, replace(table.listed, site="Elsewhere"), files=FILES)
    sent = table.run(table.host_core(), control(Hello(1, EndRole.HOST, HOST, bytes(32), (), ())))
    assert paths(sent) == [(Repository.VENDOR, {ROOT, TIME, OLD, OWN})]


def test_a_repository_that_did_not_change_is_not_sent_again() -> None:
    table = table_with()
    host = HostHere(HOST, table.socket(), SITE, documents=table.board.believed)
    own = {SITE: site_word("", files={**SITES_OWN, "x": b"x"})}
    table.board.believed = believed(table.person, table.listed, sites=own, files=dict(FILES))
    assert paths(list(to_host(table.board, host))) == [(Repository.SITE, {ROOT, TIME, "x"})]
