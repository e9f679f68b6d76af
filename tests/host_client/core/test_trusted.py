"""What the host believes: its newest signed directory, and strangers nothing."""

from host_client.core.site_rules import rules_of
from policy.decision import Allow, Deny, Reason
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import TECHNICIAN, Stage
from tests.helpers.site_rules import LOOK, site
from trust.signatures import Ed25519Signer
from wire.messages.documents import Authenticator, AuthenticatorType, ListedBroker, ListedHost, Person, Profile
from wire.messages.ledger import Ended
from wire.statements import Label

STRANGER = Ed25519Signer(b"x" * 32)


def test_before_any_directory_nobody_is_known_and_the_host_counts_as_one_with_health_data() -> None:
    stage = Stage()
    trusted, now = stage.trusted, stage.now
    assert (trusted.version(now), trusted.vendor(now), trusted.listed(now)) == (0, "", False)
    assert trusted.broker_key(now) == stage.broker.public_key
    assert trusted.host_name(now) == "PC 1"
    assert trusted.host_facts(now).phi
    assert trusted.person(TECHNICIAN, now) is None
    assert len(trusted.digest()) == 32


def test_a_directory_in_force_names_host_broker_vendor_and_people() -> None:
    stage = Stage()
    trusted, now = stage.trusted, stage.now
    assert trusted.accept(stage.directory(), now) == Allow()
    assert (trusted.version(now), trusted.vendor(now), trusted.listed(now)) == (1, "Vendor", True)
    assert (trusted.host_name(now), trusted.host_facts(now).phi) == ("Analyser", False)
    assert trusted.broker_key(now) == stage.broker.public_key
    assert trusted.person(TECHNICIAN, now) is not None
    assert trusted.person("t-eve", now) is None


def test_a_directory_of_another_broker_or_another_key_or_expired_is_refused() -> None:
    stage = Stage()
    assert stage.trusted.accept(stage.directory(broker=ListedBroker("b-2", bytes(32))), stage.now) == Deny(Reason.DOCUMENT_INVALID)
    late = stage.now.after(90_000)
    assert stage.trusted.accept(stage.directory(), late) == Deny(Reason.DOCUMENT_STALE)


def test_the_directory_that_was_taken_last_is_known_again_and_a_check_takes_none() -> None:
    stage = Stage()
    first, second = stage.directory(), stage.directory()
    assert stage.trusted.check(first, stage.now) == Allow()
    assert not stage.trusted.holds(first)
    stage.trusted.accept(first, stage.now)
    assert (stage.trusted.holds(first), stage.trusted.holds(second)) == (True, False)


def test_a_listing_with_another_key_is_not_ours() -> None:
    stage = Stage()
    other = ListedHost("h-1", "Analyser", STRANGER.public_key, "Site", "blue", Profile("AX", "eu", False))
    stage.trusted.accept(stage.directory(hosts=(other,)), stage.now)
    assert not stage.trusted.listed(stage.now)


def test_a_statement_belongs_to_the_listed_device_that_made_it() -> None:
    stage = Stage()
    hardware = Authenticator(AuthenticatorType.WEBAUTHN, bytes(65), "")
    listed = Authenticator(AuthenticatorType.ED25519, stage.device.public_key, "laptop")
    person = Person(TECHNICIAN, "Ann", "Acme", True, ("blue",), (hardware, listed))
    stage.trusted.accept(stage.directory(persons=(person,)), stage.now)
    said = Ended("s-1", TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0)
    made = stage.device.sign(Label.ENDED, said)
    assert stage.trusted.signed_by(TECHNICIAN, made, Label.ENDED, stage.now) == listed
    assert stage.trusted.signed_by(TECHNICIAN, STRANGER.sign(Label.ENDED, said), Label.ENDED, stage.now) is None
    assert stage.trusted.signed_by("t-eve", made, Label.ENDED, stage.now) is None
    allowed = stage.trusted.steps(TECHNICIAN, listed, Permission.VIEW, stage.now)
    assert [(step.number, step.decision) for step in allowed] == [(number, Allow()) for number in (3, 4, 5, 6)]
    strange = Authenticator(AuthenticatorType.ED25519, STRANGER.public_key, "")
    assert stage.trusted.steps(TECHNICIAN, strange, Permission.VIEW, stage.now)[-1].decision == Deny(Reason.NOT_ASSIGNED)


def test_the_sites_rules_are_asked_with_what_the_directory_says() -> None:
    stage = Stage()
    listed = Authenticator(AuthenticatorType.ED25519, stage.device.public_key, "laptop")
    person = Person(TECHNICIAN, "Ann", "Acme", True, ("blue",), (listed,))
    assert stage.trusted.host_facts(stage.now).phi
    assert stage.trusted.until(TECHNICIAN, Permission.VIEW, stage.now, 60) == 0.0
    stage.trusted.accept(stage.directory(persons=(person,), hosts=()), stage.now)
    assert stage.trusted.steps(TECHNICIAN, listed, Permission.VIEW, stage.now)[-1].decision == Deny(Reason.HOST_NOT_LISTED)
    stage.trusted.accept(stage.directory(persons=(person,)), stage.now)
    assert stage.trusted.until(TECHNICIAN, Permission.VIEW, stage.now, 60) is None
    assert stage.trusted.until("t-eve", Permission.VIEW, stage.now, 60) == 0.0
    assert stage.trusted.steps("t-eve", listed, Permission.VIEW, stage.now)[-1].decision == Deny(Reason.NOT_ASSIGNED)
    stage.trusted.site = rules_of(site('[phi]\nhosts = ["h-1"]\n' + LOOK))
    assert stage.trusted.host_facts(stage.now).phi
    assert stage.trusted.steps(TECHNICIAN, listed, Permission.VIEW, stage.now)[-1].decision == Allow()
    assert stage.trusted.steps(TECHNICIAN, listed, Permission.CONTROL, stage.now)[-1].decision == Deny(Reason.SITE_POLICY)
    assert stage.trusted.until(TECHNICIAN, Permission.CONTROL, stage.now, 60) == 0.0
