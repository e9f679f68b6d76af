"""What the host believes: the signed documents in force, and strangers nothing."""

from dataclasses import replace

from host_client.core.in_force import Held
from host_client.core.site_rules import rules_of
from policy.admission import Step
from policy.decision import Allow, Deny, Reason
from policy.direct import NO_DIRECT, NO_WAY
from policy.facts import InstrumentFacts
from policy.instant import Instant
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import HOST, TECHNICIAN, Stage
from tests.helpers.site_rules import LOOK, site
from tests.helpers.views import TRAINED, device, listed_host, rules, site_terms, technician
from trust.signatures import Ed25519Signer
from wire.messages.documents import Authenticator, AuthenticatorType, ListedBroker, TrainedFor
from wire.messages.ledger import Ended
from wire.statements import Label

STRANGER = Ed25519Signer(b"x" * 32)


def stage_with(**changed: object) -> Stage:
    """A host with these documents in force."""
    stage = Stage()
    stage.papers(**changed)  # type: ignore[arg-type]
    stage.trusted.documents = stage.published[stage.version]
    stage.trusted.held = Held(("metadata/1.snapshot.json",))
    return stage


def ann(stage: Stage, **changed: object) -> object:
    """The technician, with other values."""
    return replace(technician(TECHNICIAN, "blue", devices=(device(stage.device.public_key),), name="Ann"), **changed)  # type: ignore[arg-type]


def last(stage: Stage, permission: Permission = Permission.VIEW, technician_id: str = TECHNICIAN) -> Step:
    return stage.trusted.steps(technician_id, device(stage.device.public_key), permission, stage.now)[-1]


def test_before_any_documents_nobody_is_known_and_the_host_counts_as_one_with_health_data() -> None:
    stage = Stage()
    trusted, now = stage.trusted, stage.now
    assert (trusted.version(now), trusted.vendor(now), trusted.listed(now), trusted.safe_mode(now)) == (0, "", False, False)
    assert trusted.broker_key(now) == stage.broker.public_key
    assert trusted.host_name(now) == "PC 1"
    assert trusted.host_facts(now).phi
    assert trusted.person(TECHNICIAN, now) is None
    assert trusted.chat(now) == Deny(Reason.DOCUMENT_STALE)
    assert trusted.direct(now) == NO_WAY
    assert trusted.digest() == bytes(32)
    assert not trusted.rules.phi(InstrumentFacts(HOST, "", "", "AX", "", listed=True, phi=False))
    assert last(stage) == Step(3, Deny(Reason.NOT_ASSIGNED))
    assert trusted.until(TECHNICIAN, Permission.VIEW, now, 60) == 0.0


def test_documents_in_force_name_host_broker_vendor_and_people() -> None:
    stage = stage_with()
    trusted, now = stage.trusted, stage.now
    assert (trusted.version(now), trusted.vendor(now), trusted.listed(now)) == (1, "Vendor", True)
    assert (trusted.host_name(now), trusted.host_facts(now).phi) == ("Analyser", False)
    assert trusted.broker_key(now) == stage.broker.public_key
    assert trusted.person(TECHNICIAN, now) is not None
    assert trusted.person("t-eve", now) is None
    assert trusted.digest() != bytes(32)
    assert trusted.direct(now) == NO_DIRECT


def test_documents_that_are_over_are_safe_mode_whatever_the_calendar_says() -> None:
    stage = stage_with()
    late = Instant(stage.now.utc - 1_000_000, stage.now.boot + 86_400)
    assert not stage.trusted.safe_mode(Instant(stage.now.utc - 1_000_000, stage.now.boot + 86_399))
    assert stage.trusted.safe_mode(late)
    assert not stage.trusted.listed(late)
    stage.now = late
    assert last(stage) == Step(3, Deny(Reason.DOCUMENT_STALE))
    assert stage.trusted.until(TECHNICIAN, Permission.VIEW, late, 60) == 0.0


def test_the_sites_documents_that_are_over_are_safe_mode_too() -> None:
    assert stage_with(site_over=True).trusted.safe_mode(Stage().now)
    assert not stage_with(site_policy="").trusted.safe_mode(Stage().now), "a policy that allows nothing is no old one"


def test_a_broker_key_that_was_replaced_does_not_come_back_when_documents_expire() -> None:
    stage = stage_with(broker=ListedBroker("b-1", STRANGER.public_key))
    stage.trusted.held = replace(stage.trusted.held, broker_key=STRANGER.public_key)
    late = stage.now.after(86_400)
    assert stage.trusted.safe_mode(late)
    assert stage.trusted.broker_key(stage.now) == stage.trusted.broker_key(late) == STRANGER.public_key
    stage.trusted.documents = None
    assert stage.trusted.broker_key(late) == STRANGER.public_key


def test_a_listing_with_another_key_is_not_ours() -> None:
    stage = stage_with(hosts=(listed_host(HOST, "blue", STRANGER.public_key),))
    assert not stage.trusted.listed(stage.now)
    assert last(stage) == Step(4, Deny(Reason.HOST_NOT_LISTED))


def test_a_statement_belongs_to_the_certified_device_that_made_it() -> None:
    stage = Stage()
    hardware = Authenticator(AuthenticatorType.WEBAUTHN, bytes(65), "")
    listed = device(stage.device.public_key)
    stage = stage_with(technicians=(ann(stage, authenticators=(hardware, listed)),))
    said = Ended("s-1", TECHNICIAN, EndCause.TECHNICIAN_ENDED, 0)
    made = stage.device.sign(Label.ENDED, said)
    assert stage.trusted.signed_by(TECHNICIAN, made, Label.ENDED, stage.now) == listed
    assert stage.trusted.signed_by(TECHNICIAN, STRANGER.sign(Label.ENDED, said), Label.ENDED, stage.now) is None
    assert stage.trusted.signed_by("t-eve", made, Label.ENDED, stage.now) is None
    allowed = stage.trusted.steps(TECHNICIAN, listed, Permission.VIEW, stage.now)
    assert [(step.number, step.decision) for step in allowed] == [(number, Allow()) for number in (3, 4, 5, 6)]
    strange = device(STRANGER.public_key)
    assert stage.trusted.steps(TECHNICIAN, strange, Permission.VIEW, stage.now)[-1].decision == Deny(Reason.NOT_ASSIGNED)


def test_training_is_step_3_and_ends_by_time_alone() -> None:
    stage = Stage()
    until = int(stage.now.utc) + 40
    trained = stage_with(technicians=(ann(stage, training=(TrainedFor("eu", until), TrainedFor("us", until + 99))),))
    assert last(trained) == Step(6, Allow())
    assert trained.trusted.until(TECHNICIAN, Permission.VIEW, trained.now, 60) == 40.0
    trained.wait(40)
    assert last(trained) == Step(3, Deny(Reason.TRAINING_EXPIRED))
    assert last(stage_with(technicians=(ann(stage, training=()),))) == Step(3, Deny(Reason.TRAINING_EXPIRED))
    assert TRAINED[0].region == ""


def test_what_vendor_site_and_file_allow_is_what_all_of_them_allow() -> None:
    look = rules("site", LOOK)
    assert last(stage_with(), Permission.CONTROL) == Step(6, Allow())
    assert last(stage_with(vendor_policy=""), Permission.VIEW) == Step(6, Deny(Reason.VENDOR_POLICY))
    assert last(stage_with(vendor_policy=rules("vendor", LOOK)), Permission.CONTROL) == Step(6, Deny(Reason.VENDOR_POLICY))
    assert last(stage_with(site_policy=look), Permission.CONTROL) == Step(6, Deny(Reason.SITE_POLICY))
    assert last(stage_with(site_policy=look), Permission.VIEW) == Step(6, Allow())
    assert last(stage_with(site_policy="")) == Step(6, Deny(Reason.SITE_POLICY))
    assert last(stage_with(site_over=True)) == Step(6, Deny(Reason.DOCUMENT_STALE))
    with_file = stage_with(site_policy=rules("site", LOOK))
    with_file.trusted.site = rules_of(site(""))
    assert last(with_file) == Step(6, Deny(Reason.SITE_POLICY))
    assert with_file.trusted.until(TECHNICIAN, Permission.VIEW, with_file.now, 60) == 0.0
    assert stage_with().trusted.until("t-eve", Permission.VIEW, with_file.now, 60) == 0.0
    assert last(stage_with(), technician_id="t-eve") == Step(3, Deny(Reason.NOT_ASSIGNED))


def test_health_data_are_there_if_anybody_says_so_and_nobody_takes_back_what_this_host_said() -> None:
    assert not stage_with().trusted.host_facts(Stage().now).phi
    stated = Stage(phi=True)
    plain = listed_host(HOST, "blue", stated.key.public_key, phi=False)
    stated.papers(hosts=(plain,), terms=site_terms())
    stated.trusted.documents = stated.published[1]
    assert stated.trusted.host_facts(stated.now).phi, "the vendor's documents say no, and it stays so"
    for said in (
        {"terms": site_terms(HOST)},
        {"vendor_policy": rules("vendor", '[phi]\nmodels = ["AX"]\n' + LOOK)},
        {"site_policy": rules("site", '[phi]\nhosts = ["h-1"]\n' + LOOK)},
        {"site_over": True},
    ):
        stage = stage_with(**said)
        assert stage.trusted.host_facts(stage.now).phi
