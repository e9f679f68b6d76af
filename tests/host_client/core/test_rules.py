"""Vendor, site and the file on this PC together: what all allow, and of two numbers the smaller. Their hours: `test_site_rules.py`."""

from zoneinfo import ZoneInfo

from host_client.core.rules import Rules
from host_client.core.site_rules import SiteRules, rules_of
from policy.decision import Allow, Deny, Reason
from policy.direct import NO_DIRECT, NO_WAY, Direct
from policy.facts import EVERYWHERE, InstrumentFacts, Training, VisitorFacts
from policy.language import Party
from policy.permissions import Permission
from policy.rulebook import Rulebook
from tests.helpers.site_rules import ALL, BROKEN, LOOK, site, site_text
from tests.helpers.views import ALLOWS_ALL, FOREVER, rules
from trust.rulebooks import book_of, silent

ANN = VisitorFacts("t-ann", "Acme", frozenset({"blue"}), (Training(EVERYWHERE, FOREVER),))
LAB = InstrumentFacts("h-1", "blue", "Site", "AX", "eu", listed=True, phi=False)
NOW = 1_800_000_000.0


def signed(text: str) -> Rulebook:
    return book_of(Party.SITE, site_text(text), ZoneInfo)


def made(vendor: str = ALLOWS_ALL, own: Rulebook | None = None, local: SiteRules | None = None) -> Rules:
    return Rules(book_of(Party.VENDOR, vendor, ZoneInfo), own or silent(Party.SITE), local or SiteRules())


def test_each_of_the_three_can_say_no_and_none_can_say_yes_for_another() -> None:
    allowed = made(own=signed(ALL), local=rules_of(site(ALL)))
    assert allowed.allows(Permission.CONTROL, ANN, LAB, NOW) == Allow()
    for narrower in (
        made(vendor=rules("vendor", LOOK), own=signed(ALL), local=rules_of(site(ALL))),
        made(own=signed(LOOK), local=rules_of(site(ALL))),
        made(own=signed(ALL), local=rules_of(site(LOOK))),
    ):
        assert isinstance(narrower.allows(Permission.CONTROL, ANN, LAB, NOW), Deny)
        assert narrower.allows(Permission.VIEW, ANN, LAB, NOW) == Allow()
    assert made(local=rules_of(BROKEN)).allows(Permission.VIEW, ANN, LAB, NOW) == Deny(Reason.SITE_POLICY)


def test_a_site_that_should_speak_and_does_not_lets_nobody_in_and_counts_as_health_data() -> None:
    mute = Rules(book_of(Party.VENDOR, ALLOWS_ALL, ZoneInfo), None, rules_of(site(ALL)))
    assert mute.allows(Permission.VIEW, ANN, LAB, NOW) == Deny(Reason.DOCUMENT_STALE)
    assert mute.until(Permission.VIEW, ANN, LAB, NOW, 60) == NOW
    assert mute.phi(LAB)
    assert mute.chat(LAB) == Deny(Reason.DOCUMENT_STALE)
    assert mute.open(LAB, NOW) == Allow()


def test_of_two_numbers_the_smaller_counts_whoever_says_it() -> None:
    visits = "[visits]\nidle_minutes = 7\nlimit_minutes = {}\nprompt_seconds = {{ view = {} }}\n"
    both = made(vendor=rules("vendor", visits.format(20, 50) + ALL), own=signed(visits.format(30, 20) + ALL))
    assert (both.limit_seconds(), both.prompt_seconds(Permission.VIEW), both.prompt_seconds(Permission.CONTROL)) == (1200, 20, 60)
    assert (both.idle_seconds(), made(vendor=rules("vendor", ALL), own=signed(ALL)).idle_seconds()) == (420, 600)
    long = "[visits]\nidle_minutes = 60\n"
    assert made(vendor=rules("vendor", long + ALL), own=signed(long + ALL)).idle_seconds() == 3600
    assert made(own=signed(ALL), local=rules_of(site(visits.format(5, 60) + ALL))).limit_seconds() == 300
    assert both.until(Permission.VIEW, ANN, LAB, NOW, 60) is None


def test_each_of_the_three_can_close_the_chat() -> None:
    never = "[visits]\nchat = 'never'\n"
    assert made(own=signed(ALL), local=rules_of(site(ALL))).chat(LAB) == Allow()
    assert made(vendor=rules("vendor", never + ALL)).chat(LAB) == Deny(Reason.VENDOR_POLICY)
    assert made(own=signed(never + ALL)).chat(LAB) == Deny(Reason.SITE_POLICY)
    assert made(local=rules_of(site(never + ALL))).chat(LAB) == Deny(Reason.SITE_POLICY)
    assert made(local=rules_of(BROKEN)).chat(LAB) == Deny(Reason.SITE_POLICY)


def test_content_goes_directly_where_every_document_of_the_site_lets_it_and_nowhere_while_one_cannot_be_read() -> None:
    direct = f'direct = "allow"\n{ALL}'
    assert made(own=signed(direct)).direct(LAB).mode is Direct.ALLOW
    assert made(own=signed(direct), local=rules_of(site(direct))).direct(LAB).mode is Direct.ALLOW
    assert made(local=rules_of(site(direct))).direct(LAB).range_of("10.1.2.3") == "10.0.0.0/8"
    assert made(own=signed(direct), local=rules_of(site(ALL))).direct(LAB) == NO_DIRECT
    assert made(vendor=rules("vendor", f'{ALL}[relay_only]\nhosts = ["h-1"]\n'), own=signed(direct)).direct(LAB) == NO_DIRECT
    assert made(own=signed(direct), local=rules_of(BROKEN)).direct(LAB) == NO_WAY
    assert Rules(book_of(Party.VENDOR, ALLOWS_ALL, ZoneInfo), None, rules_of(site(direct))).direct(LAB) == NO_WAY


def test_all_files_may_be_allowed_only_if_every_party_says_so() -> None:
    once = f'{ALL}[visits]\nfiles_ask = "session"\n'
    assert made(vendor=rules("vendor", once), own=signed(once)).all_files()
    assert not made(vendor=rules("vendor", once), own=signed(ALL)).all_files()
    assert not made(vendor=rules("vendor", ALL), own=signed(once)).all_files()
    assert not Rules(silent(Party.VENDOR), silent(Party.SITE), SiteRules()).all_files()


def test_a_mask_counts_whoever_names_it() -> None:
    mask = '[[mask]]\nname = "{}"\ntitle = "Patients*"\n'
    all_three = made(
        vendor=rules("vendor", mask.format("v") + ALL), own=signed(mask.format("s") + ALL), local=rules_of(site(mask.format("l") + ALL))
    )
    assert [each.name for each in all_three.masks(LAB)] == ["v", "s", "l"]
