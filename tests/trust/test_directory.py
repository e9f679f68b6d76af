"""The directory moves forward or not at all."""

from dataclasses import replace

import pytest

from policy.decision import Reason
from policy.documents import HostFacts
from trust.directory import DocumentInvalid, DocumentStale, TrustedDirectory, contradictions, device_of, host_facts, host_of, person_of
from trust.signatures import Ed25519Signer
from wire.messages.documents import Authenticator, AuthenticatorType, Directory, ListedBroker, ListedHost, Person, Profile
from wire.schema import encode_part
from wire.statements import Label, Statement

OFFICER, STRANGER = Ed25519Signer(b"o" * 32), Ed25519Signer(b"s" * 32)
DEVICE = Authenticator(AuthenticatorType.P256, b"\4" + b"d" * 64, "laptop")
ANA = Person("t-ana", "Ana Ruiz", "Acme", True, ("north",), (DEVICE,))
LAB = ListedHost("h-lab", "Analyser 3", b"h" * 32, "Lyon", "north", Profile("AU-680", "eu", phi=False))
FIRST = Directory(1, 1000, 2000, "Acme", ListedBroker("b-1", b"b" * 32), "", (ANA,), (LAB,))
SECOND = replace(FIRST, version=2, persons=())


def signed(directory: Directory, key: Ed25519Signer = OFFICER) -> Statement:
    return key.sign(Label.DIRECTORY, directory)


@pytest.fixture
def trusted() -> TrustedDirectory:
    return TrustedDirectory(OFFICER.public_key)


def test_a_newer_directory_replaces_an_older(trusted: TrustedDirectory) -> None:
    assert trusted.accept(signed(FIRST), 1500) == FIRST
    assert trusted.accept(signed(FIRST), 1500) == FIRST
    assert trusted.accept(signed(SECOND), 1500) == SECOND
    assert trusted.statement == signed(SECOND)
    assert trusted.in_force(1999) == SECOND


def test_an_older_directory_never_comes_back(trusted: TrustedDirectory) -> None:
    trusted.accept(signed(SECOND), 1500)
    with pytest.raises(DocumentStale, match="version 1 after 2") as refused:
        trusted.accept(signed(FIRST), 1500)
    assert refused.value.reason is Reason.DOCUMENT_STALE
    assert trusted.in_force(1500) == SECOND


def test_two_directories_of_one_version_are_a_forgery(trusted: TrustedDirectory) -> None:
    trusted.accept(signed(FIRST), 1500)
    with pytest.raises(DocumentInvalid, match="two directories") as refused:
        trusted.accept(signed(replace(FIRST, persons=())), 1500)
    assert refused.value.reason is Reason.DOCUMENT_INVALID
    assert trusted.in_force(1500) == FIRST


def test_an_expired_directory_is_neither_accepted_nor_in_force(trusted: TrustedDirectory) -> None:
    with pytest.raises(DocumentStale, match="no directory yet"):
        trusted.in_force(1500)
    with pytest.raises(DocumentStale, match="expired"):
        trusted.accept(signed(FIRST), 2000)
    trusted.accept(signed(FIRST), 1999)
    with pytest.raises(DocumentStale, match="expired"):
        trusted.in_force(2000)


def test_only_the_directory_key_makes_a_directory_and_only_under_its_label(trusted: TrustedDirectory) -> None:
    for forged in (signed(FIRST, STRANGER), OFFICER.sign(Label.ASKED, FIRST), replace(signed(FIRST), payload=encode_part(SECOND))):
        with pytest.raises(DocumentInvalid):
            trusted.accept(forged, 1500)
    assert trusted.statement is None


def test_a_truncated_directory_is_refused_even_if_it_is_signed(trusted: TrustedDirectory) -> None:
    whole = encode_part(FIRST)
    for length in range(0, len(whole), 7):
        with pytest.raises(DocumentInvalid):
            trusted.accept(OFFICER.sign_payload(Label.DIRECTORY, whole[:length]), 1500)


def test_what_was_kept_is_the_floor_even_when_it_is_expired(trusted: TrustedDirectory) -> None:
    trusted.restore(signed(SECOND))
    with pytest.raises(DocumentStale):
        trusted.accept(signed(replace(FIRST, expires=9000)), 5000)
    with pytest.raises(DocumentInvalid):
        trusted.restore(signed(SECOND, STRANGER))


@pytest.mark.parametrize(
    ("fault", "unsound"),
    [
        ("a person stands", replace(FIRST, persons=(ANA, replace(ANA, authenticators=())))),
        ("a host stands", replace(FIRST, hosts=(LAB, replace(LAB, key=b"i" * 32)))),
        ("a host key stands", replace(FIRST, hosts=(LAB, replace(LAB, id="h-2")))),
        ("a device key stands", replace(FIRST, persons=(ANA, replace(ANA, id="t-bob")))),
        ("a p256 key of 33 bytes", replace(FIRST, persons=(replace(ANA, authenticators=(replace(DEVICE, key=b"\2" * 33),)),))),
        ("expires before", replace(FIRST, issued=2000)),
    ],
)
def test_a_directory_with_two_voices_is_refused(trusted: TrustedDirectory, fault: str, unsound: Directory) -> None:
    assert contradictions(FIRST) == []
    with pytest.raises(DocumentInvalid, match=fault):
        trusted.accept(signed(unsound), 1500)


def test_persons_and_hosts_are_found_by_their_id() -> None:
    assert person_of(FIRST, "t-ana") == ANA
    assert person_of(FIRST, "t-bob") is None
    assert host_of(FIRST, "h-lab") == LAB
    assert host_of(FIRST, "h-2") is None


def test_a_device_is_recognised_only_with_its_own_type_key_and_active_person() -> None:
    found = device_of(FIRST, "t-ana", AuthenticatorType.P256, DEVICE.key)
    assert found is not None
    assert (found.person, found.device) == (ANA, DEVICE)
    assert device_of(FIRST, "t-ana", AuthenticatorType.ED25519, DEVICE.key) is None
    assert device_of(FIRST, "t-ana", AuthenticatorType.P256, b"x" * 65) is None
    assert device_of(FIRST, "t-bob", AuthenticatorType.P256, DEVICE.key) is None
    suspended = replace(FIRST, persons=(replace(ANA, active=False),))
    assert device_of(suspended, "t-ana", AuthenticatorType.P256, DEVICE.key) is None


def test_a_host_that_is_not_listed_is_treated_as_holding_health_data() -> None:
    assert host_facts(FIRST, "h-lab", phi_stated=False) == HostFacts("h-lab", "north", listed=True, phi=False)
    assert host_facts(FIRST, "h-lab", phi_stated=True).phi
    assert host_facts(FIRST, "h-new", phi_stated=False) == HostFacts("h-new", "", listed=False, phi=True)
    assert host_facts(None, "h-lab", phi_stated=False).phi
