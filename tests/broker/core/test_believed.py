"""What the signed documents say of a technician at a host, and of the host."""

from dataclasses import replace

import pytest

from broker.core.board import HostHere
from policy.admission import Said
from policy.decision import Allow, Deny, Reason
from policy.instant import Instant
from policy.permissions import Permission
from tests.helpers.broker_core import HOST, TECHNICIAN, Table, believed, site_word
from tests.helpers.playbook import NOON
from tests.helpers.views import SITE, rules


def test_time_is_the_documents_own() -> None:
    table = Table()
    made = believed(table.person, table.listed)
    assert made.moment(NOON) == NOON.utc
    assert made.moment(NOON.after(5)) == NOON.utc + 5
    assert made.moment(Instant(0.0, NOON.boot + 7)) == NOON.utc + 7
    assert made.moment(Instant(0.0, NOON.boot - 7)) == NOON.utc


def test_a_site_without_documents_of_its_own_is_silent_and_one_whose_documents_are_over_is_none() -> None:
    table, word = Table(), site_word("")
    made = believed(table.person, table.listed, sites={SITE: word, "Site B": None})
    assert made.site(SITE) is word
    assert made.site("Site B") is None
    silent = made.site("Site C")
    assert silent is not None
    assert silent.book.pages == ()


def test_health_data_are_there_if_the_host_its_site_or_a_policy_says_so() -> None:
    table = Table()
    assert not table.board.facts(HOST, table.now).phi
    table.board.hosts[HOST] = HostHere(HOST, table.socket(), phi_stated=True)
    assert table.board.facts(HOST, table.now).phi
    table.board.hosts[HOST].phi_stated = False
    for sites in ({SITE: site_word("", HOST)}, {SITE: site_word('phi.models = ["analyser"]')}, {SITE: None}):
        table.board.believed = believed(table.person, table.listed, sites=sites)
        assert table.board.facts(HOST, table.now).phi
        assert table.board.instruments(TECHNICIAN, table.now).items[0].phi


def test_what_vendor_and_site_say_of_a_permission_is_what_both_allow() -> None:
    table = Table()
    look = '[[allow]]\nname = "look"\npermissions = ["view"]\n'
    closed = '[[black_out]]\nname = "now"\ntext = "Samples are running."\nwhen = { begins = 2020-01-01 }\n'
    said = table.board.said(TECHNICIAN, HOST, Permission.CONTROL, table.now)
    assert said == Said(Allow(), Allow(), Allow())
    table.board.believed = believed(table.person, table.listed, sites={SITE: site_word(look)})
    assert table.board.said(TECHNICIAN, HOST, Permission.CONTROL, table.now).allowed == Deny(Reason.SITE_POLICY)
    assert table.board.said(TECHNICIAN, HOST, Permission.VIEW, table.now) == said
    table.board.believed = believed(table.person, table.listed, vendor="")
    assert table.board.said(TECHNICIAN, HOST, Permission.VIEW, table.now).allowed == Deny(Reason.VENDOR_POLICY)
    table.board.believed = believed(table.person, table.listed, sites={SITE: site_word(closed + look)})
    assert table.board.said(TECHNICIAN, HOST, Permission.VIEW, table.now).open == Deny(Reason.BLACK_OUT)
    table.board.believed = believed(replace(table.person, training=()), table.listed)
    assert table.board.said(TECHNICIAN, HOST, Permission.VIEW, table.now).trained == Deny(Reason.TRAINING_EXPIRED)
    assert table.board.said("t-nobody", HOST, Permission.VIEW, table.now).allowed == Deny(Reason.NOT_ASSIGNED)
    table.board.believed = believed(table.person, table.listed, sites={SITE: None})
    assert table.board.said(TECHNICIAN, HOST, Permission.VIEW, table.now).allowed == Deny(Reason.DOCUMENT_STALE)


def test_whether_people_may_write_is_what_vendor_and_site_say() -> None:
    table = Table()
    table.board.hosts[HOST] = HostHere(HOST, table.socket(), phi_stated=False)
    never = "[visits]\nchat = 'never'\n"
    assert table.board.chat(HOST, table.now) == Allow()
    table.board.hosts[HOST].phi_stated = True
    assert table.board.chat(HOST, table.now) == Deny(Reason.PHI_POLICY)
    table.board.hosts[HOST].phi_stated = False
    for sites, reason in (({SITE: site_word(never)}, Reason.SITE_POLICY), ({SITE: None}, Reason.DOCUMENT_STALE)):
        table.board.believed = believed(table.person, table.listed, sites=sites)
        assert table.board.chat(HOST, table.now) == Deny(reason)
    table.board.believed = None
    assert table.board.chat(HOST, table.now) == Deny(Reason.DOCUMENT_STALE)


@pytest.mark.parametrize("party", ["vendor", "site"])
def test_one_voice_is_enough_to_ask_for_classic_passwords(party: str) -> None:
    table, classic = Table(), '[sign_in]\npasswords = "classic"\n'
    assert not believed(table.person, table.listed, sites={SITE: site_word(""), "Site B": None}).classic_passwords
    if party == "vendor":
        assert believed(table.person, table.listed, vendor=rules("vendor", classic)).classic_passwords
    else:
        assert believed(table.person, table.listed, sites={SITE: site_word(classic)}).classic_passwords
