"""A certificate authority of this machine's own, and one certificate for each server of the demo.

The authority may vouch for `localhost` and the loopback addresses and for nothing else (RFC 5280, section 4.2.1.10), so
that trusting it in a browser opens no other door. Broker and console get keys of their own, because their pages are
two origins with two owners (docs/protocol.md, section 1). Nothing here touches a browser: that is `trust_store.py`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from runtime.private_files import write_private

AUTHORITY_DAYS = 3650
LEAF_DAYS = 397
RENEW_BEFORE_DAYS = 30
BACKDATED = timedelta(hours=1)
"""A browser on a machine whose clock is a little behind must accept a certificate made just now."""

NAMES: tuple[x509.GeneralName, ...] = (
    x509.DNSName("localhost"),
    x509.IPAddress(IPv4Address("127.0.0.1")),
    x509.IPAddress(IPv6Address("::1")),
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Certificate chain and private key of one server, both PEM."""

    chain: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Certificates:
    """What the demo's servers serve, and what a browser has to trust."""

    authority: Path
    fingerprint: str
    """SHA-256 of the authority's certificate, `AB:CD:...`, as browsers show it."""
    broker: Leaf
    console: Leaf


def prepare_certificates(folder: Path, now: datetime | None = None) -> Certificates:
    """Make what is missing or about to run out, reuse the rest. `folder` is private; `now` is for tests."""
    moment = now or datetime.now(UTC)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _authority(folder, moment)
    return Certificates(
        authority=folder / "authority.pem",
        fingerprint=fingerprint_of(authority[0]),
        broker=_leaf(folder, "broker", authority, moment),
        console=_leaf(folder, "console", authority, moment),
    )


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate as browsers print it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


_Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _authority(folder: Path, now: datetime) -> _Pair:
    held = _read(folder, "authority", now)
    if held is not None:
        return held
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Chaperone demo authority of this machine")
    subtrees = (
        x509.DNSName("localhost"),
        x509.IPAddress(IPv4Network("127.0.0.0/8")),
        x509.IPAddress(IPv6Network("::1/128")),
    )
    builder = _builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(x509.NameConstraints(permitted_subtrees=subtrees, excluded_subtrees=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    return _keep(folder, "authority", builder.sign(key, hashes.SHA256()), key)


def _leaf(folder: Path, name: str, authority: _Pair, now: datetime) -> Leaf:
    leaf = Leaf(folder / f"{name}.pem", folder / f"{name}.key")
    held = _read(folder, name, now)
    if held is not None and _issued_by(held[0], authority[0]):
        return leaf
    issuer, issuer_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name("localhost"), issuer.subject, key.public_key(), now, LEAF_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    _keep(folder, name, builder.sign(issuer_key, hashes.SHA256()), key)
    return leaf


def _issued_by(leaf: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):  # another name, another kind of key, another key
        return False
    return True


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int) -> x509.CertificateBuilder:
    begun = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    dated = begun.not_valid_before(now - BACKDATED).not_valid_after(now + timedelta(days=days))
    named = dated.serial_number(x509.random_serial_number())
    return named.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _read(folder: Path, name: str, now: datetime) -> _Pair | None:
    """The pair that is there, or None when there is none or it soon runs out."""
    chain, key = folder / f"{name}.pem", folder / f"{name}.key"
    if not (chain.exists() and key.exists()):
        return None
    certificate = x509.load_pem_x509_certificate(chain.read_bytes())
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    if certificate.not_valid_after_utc - now < timedelta(days=RENEW_BEFORE_DAYS):
        return None
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return certificate, private


def _keep(folder: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> _Pair:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(folder / f"{name}.key", pem)
    write_private(folder / f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key
