"""The demo's own authority: small in what it may vouch for, and made once."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from runtime.certificates import Certificates, prepare_certificates

NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def shakes_hands(made: Certificates, name: str) -> bool:
    """Whether a TLS handshake with the broker's certificate succeeds for `name`, in memory."""
    trusting = ssl.create_default_context(cafile=str(made.authority))
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(made.broker.chain, made.broker.key)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [trusting.wrap_bio(down, up, server_hostname=name), serving.wrap_bio(up, down, server_side=True)]
    for _ in range(6):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return True


def test_the_certificates_are_good_for_this_machine_and_for_no_other_name(tmp_path: Path) -> None:
    made = prepare_certificates(tmp_path)
    assert shakes_hands(made, "localhost")
    assert shakes_hands(made, "127.0.0.1")
    assert not shakes_hands(made, "example.org")


def test_the_authority_may_not_vouch_for_any_other_name(tmp_path: Path) -> None:
    authority = load(prepare_certificates(tmp_path).authority)
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert [each.value for each in limits.value.permitted_subtrees or () if isinstance(each, x509.DNSName)] == ["localhost"]


def test_a_second_start_reuses_everything(tmp_path: Path) -> None:
    first = prepare_certificates(tmp_path)
    held = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert prepare_certificates(tmp_path) == first
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == held


def test_a_certificate_that_soon_runs_out_is_made_again_by_the_same_authority(tmp_path: Path) -> None:
    first = prepare_certificates(tmp_path, NOON)
    old = load(first.broker.chain)
    again = prepare_certificates(tmp_path, NOON + timedelta(days=380))
    assert again.fingerprint == first.fingerprint
    assert load(again.broker.chain).serial_number != old.serial_number


def test_a_new_authority_issues_new_certificates(tmp_path: Path) -> None:
    first = prepare_certificates(tmp_path)
    old = load(first.console.chain)
    (tmp_path / "authority.pem").unlink()
    again = prepare_certificates(tmp_path)
    assert again.fingerprint != first.fingerprint
    assert load(again.console.chain).serial_number != old.serial_number


def test_keys_are_for_their_owner_alone_and_broker_and_console_do_not_share_one(tmp_path: Path) -> None:
    made = prepare_certificates(tmp_path)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert made.broker.key.read_bytes() != made.console.key.read_bytes()
