"""Enrolment: a named administrator accepts the terms, that is recorded, and only then a socket opens.

1  the terms, the exact list of what can leave this PC and the one egress target are shown
2  a name is given; it stands in the log before anything is sent
3  the host makes its key, presents its token, and proves the key
4  what the broker answers is pinned together with the roots that the administrator brought
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from audit.entry import at
from audit.events import host
from host_client.carriers.post import post
from host_client.carriers.relay import BrokerUnreachable, tls_context
from host_client.config import Enrolment, HostFiles, NotEnrolled, egress_target, read_enrolment, read_site_root, write_enrolment
from host_client.guardian.main import open_host_log, read_clock
from policy.decision import Reason
from runtime.catalogues import catalogue
from runtime.private_files import private_folder, write_private
from trust.keys import fingerprint, load_or_make_key
from trust.signatures import Ed25519Signer
from trust.updater import Documents
from wire.messages.documents import Repository
from wire.messages.presence import Refused
from wire.messages.signin import EnrolmentPayload, HostEnrol, HostEnrolled
from wire.schema import MalformedMessage, decode, encode
from wire.statements import Algorithm, Label

_DATA = 5
_OTHER_ROOT = "another site's root is pinned already; only somebody who removes {} by hand can exchange it"


class EnrolmentFailed(Exception):
    """The host is not enrolled. `str()` says why and what to do, for the administrator; `reason` is the broker's."""

    def __init__(self, what: str, reason: Reason | None = None) -> None:
        super().__init__(what)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wish:
    """What the administrator brought and said."""

    broker_url: str
    token: bytes
    vendor_root: bytes
    site_root: bytes
    ca: str
    name: str
    model: str
    phi: bool


def terms(wish: Wish, language: str) -> Iterator[str]:
    """Everything that is accepted, line by line."""
    words = catalogue(language)
    target = egress_target(wish.broker_url)
    yield words.text("terms-title")
    yield words.text("terms-body", vendor=target)
    yield words.text("terms-data-title")
    for number in range(1, _DATA + 1):
        yield f"  {number}. {words.text(f'terms-data-{number}')}"
    yield words.text("terms-egress", target=target)


def terms_version(language: str) -> str:
    """Which terms these are: their date, and a digest of the catalogue they were read in."""
    words = catalogue(language)
    return f"{words.text('terms-version')}-{words.version}"


def enrol(files: HostFiles, wish: Wish, accepted_by: str, language: str) -> Enrolment:
    """Steps 2 to 4. Raises EnrolmentFailed, LogUnavailable, OSError."""
    if files.enrolment.exists():
        raise EnrolmentFailed(_already(files, wish))
    if wish.site_root and files.site_root.exists() and read_site_root(files) != wish.site_root:
        raise EnrolmentFailed(_OTHER_ROOT.format(files.site_root))
    private_folder(files.state)
    private_folder(files.key.parent)
    version = terms_version(language)
    log = open_host_log(files)
    with log:
        accepted = host.TermsAccepted(by=accepted_by, terms_version=version, egress_target=egress_target(wish.broker_url))
        log.append((accepted,), at(read_clock()))
        signer = load_or_make_key(files.key)
        enrolled = _present(wish, _request(wish, signer, accepted_by, version))
        done = _pinned(wish, enrolled, accepted_by, version)
        if wish.site_root:
            log.append((host.SiteRootPinned(digest=sha256(wish.site_root).digest()),), at(read_clock()))
            write_private(files.site_root, wish.site_root)
        write_enrolment(files.enrolment, done)
        shown = fingerprint(Algorithm.ED25519, signer.public_key)
        log.append((host.Enrolled(host_id=done.host_id, broker_id=done.broker_id, fingerprint=shown),), at(read_clock()))
    return done


def _already(files: HostFiles, wish: Wish) -> str:
    """Why not again. What was said about health data never falls by a command (policy/profiles.py)."""
    try:
        lowers = not wish.phi and read_enrolment(files.enrolment).phi
    except NotEnrolled as fault:
        return str(fault)
    health = " that this PC may hold health data was accepted by name and no command takes it back;" if lowers else ""
    return f"this host is enrolled already;{health} its files are in {files.state}"


def _request(wish: Wish, signer: Ed25519Signer, accepted_by: str, version: str) -> HostEnrol:
    payload = EnrolmentPayload(signer.public_key, wish.name, wish.model, wish.phi, accepted_by, version, int(read_clock().utc))
    return HostEnrol(wish.token, signer.sign(Label.HOST_ENROLMENT, payload))


def _pinned(wish: Wish, enrolled: HostEnrolled, accepted_by: str, version: str) -> Enrolment:
    return Enrolment(
        broker_url=wish.broker_url,
        vendor_root=wish.vendor_root,
        ca=wish.ca,
        host_id=enrolled.host_id,
        name=wish.name,
        model=wish.model,
        site=enrolled.site,
        phi=wish.phi,
        broker_id=enrolled.broker_id,
        broker_key=enrolled.broker_key,
        accepted_by=accepted_by,
        terms_version=version,
    )


def _present(wish: Wish, request: HostEnrol) -> HostEnrolled:
    status, body = _post(wish, encode(request))
    try:
        answer = decode(body, *_ANSWERS)
    except MalformedMessage:
        raise EnrolmentFailed(f"the broker's answer ({status}) is not understood; check the address") from None
    if isinstance(answer, Refused):
        raise EnrolmentFailed(catalogue("en").text_at_host(f"reason-{answer.reason.value}"), answer.reason)
    return answer


_ANSWERS: tuple[type[HostEnrolled | Refused], ...] = (HostEnrolled, Refused)


def _post(wish: Wish, body: bytes) -> tuple[int, bytes]:
    try:
        return post(wish.broker_url, "/api/enrol", body, tls_context(wish.ca))
    except BrokerUnreachable as fault:
        what = "the broker's certificate is refused" if fault.certificate else f"{egress_target(wish.broker_url)} cannot be reached"
        raise EnrolmentFailed(f"{what}: {fault}") from None


def read_root(path: Path, repository: Repository) -> bytes:
    """A first root, as its signers handed it over. Raises DocumentInvalid for a file that is none, OSError."""
    content = path.read_bytes()
    Documents(path, repository, content)
    return content


def pin_site_root(files: HostFiles, root: bytes) -> bool:
    """From now on the site's own documents must stand beside the vendor's. False if this very root is pinned already.

    Raises EnrolmentFailed for another one: whoever could exchange it would speak for the site. LogUnavailable, OSError.
    """
    if files.site_root.exists():
        if read_site_root(files) == root:
            return False
        raise EnrolmentFailed(_OTHER_ROOT.format(files.site_root))
    with open_host_log(files) as log:
        log.append((host.SiteRootPinned(digest=sha256(root).digest()),), at(read_clock()))
        write_private(files.site_root, root)
    return True


def read_pem(path: Path | None) -> str:
    """The certificate authority's PEM, empty for the system's. Raises OSError."""
    return "" if path is None else path.read_text(encoding="ascii")


def system_language() -> str:
    """The language of this account, as the environment says."""
    return next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "en")
