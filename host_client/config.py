"""Settings of the host's programs, and what enrolment leaves behind. Read once; what cannot be meant is refused.

    host.toml          state of this dataclass; every value has a default or comes from enrolment
    enrolment.json     written once by `chaperone-host enrol`: which broker, which keys are pinned, who accepted

Environment: CHAPERONE_HOST_<NAME> for each setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from host_client.core.ports import Enrolled
from runtime.config import ConfigRefused, read_config
from runtime.private_files import FileExposed, read_private, write_private
from wire.messages.documents import Name
from wire.schema import Identity, Key32, MalformedMessage, Octets, Text, encode_part, part, read_part

PREFIX = "CHAPERONE_HOST_"
RESTART_SECONDS_MAX = 600
SOCKET_PATH_MAX = 100
"""The kernel takes 107 bytes for the name of a Unix socket."""


@dataclass(frozen=True, slots=True)
class HostConfig:
    """Settings. `desk_socket` is where guardian and desk meet (default: `desk.sock` in the state folder)."""

    desk_socket: Path | None = None
    language: str = ""
    """Of prompts and windows; empty: the system's."""
    theme: str = "auto"
    screen: str = ""
    """The X display that is shown; empty: $DISPLAY."""
    site_policy: Path | None = None
    """The site's own rules (docs/policy.md). Only its owner may be able to write it; none: the site restricts nothing by itself."""

    files_folder: Path | None = None
    """Where files arrive; none: the folder `Chaperone` in the user's Downloads, or on the desktop."""
    files_megabytes: int = 4096
    """What one visit may bring here, in all."""
    keep_days: int = 0
    """Days after which the contents of entries are let go, once a day; 0: they are kept for ever (docs/it-guide.md)."""
    restart: tuple[str, ...] = ()
    """The command that restarts this PC, and its words; none: a technician cannot ask for it (docs/it-guide.md)."""
    restart_seconds: int = 30
    """Between the person's yes and the restart, for whoever changes their mind."""
    witness: tuple[str, ...] = ()
    """Folders and syslog servers that are given each head of both logs (`guardian/witness.py`)."""

    def __post_init__(self) -> None:
        if self.files_megabytes < 0:
            raise ConfigRefused("files_megabytes is a number of megabytes, or 0")
        if self.keep_days < 0:
            raise ConfigRefused("keep_days is a number of days, or 0")
        if not 0 <= self.restart_seconds <= RESTART_SECONDS_MAX:
            raise ConfigRefused(f"restart_seconds is a number of seconds, {RESTART_SECONDS_MAX} at most")
        if self.theme not in {"auto", "light", "dark"}:
            raise ConfigRefused("theme is auto, light or dark")


def read_host_config(file: Path | None, environment: Mapping[str, str]) -> HostConfig:
    """Raises ConfigRefused."""
    return read_config(HostConfig, file, prefix=PREFIX, environment=environment)


@part
class Enrolment:
    """What enrolment leaves behind. `vendor_root` is the vendor's first root, as it was pinned; `ca` the certificate authority in PEM,
    empty for the system's.
    """

    broker_url: Annotated[str, Text(300, 8)]
    vendor_root: Annotated[bytes, Octets(64 * 1024, 1)]
    ca: Annotated[str, Text(64 * 1024)]
    host_id: Identity
    name: Name
    model: Name
    site: Annotated[str, Text(120)]
    phi: bool
    broker_id: Identity
    broker_key: Key32
    accepted_by: Name
    terms_version: Annotated[str, Text(32, 1)]

    def known(self) -> Enrolled:
        """What the core knows of itself."""
        return Enrolled(self.host_id, self.name, self.model, self.phi, self.broker_id, self.broker_key)


@dataclass(frozen=True, slots=True)
class HostFiles:
    """The files of one host, by name."""

    state: Path

    @property
    def key(self) -> Path:
        """The host's private key."""
        return self.state / "keys" / "host.key"

    @property
    def enrolment(self) -> Path:
        """What enrolment left behind."""
        return self.state / "enrolment.json"

    @property
    def documents(self) -> Path:
        """The folder of the newest signed documents, the vendor's and the site's."""
        return self.state / "documents"

    @property
    def site_root(self) -> Path:
        """The first root of the site's own documents, where it has some; pinned by an administrator of this PC."""
        return self.state / "site.root.json"

    @property
    def log(self) -> Path:
        """The host's log."""
        return self.state / "log"

    @property
    def evidence(self) -> Path:
        """What this host holds against the broker's log and its own (`guardian/evidence.py`)."""
        return self.state / "evidence.json"

    @property
    def receipts(self) -> Path:
        """The folder of the receipts."""
        return self.state / "receipts"

    @property
    def mark(self) -> Path:
        """There while a code is out; found at start, it tells of a crash."""
        return self.state / "code.out"

    @property
    def returning(self) -> Path:
        """There from a restart that was allowed until the next start: who may come back."""
        return self.state / "return.json"

    def socket(self, config: HostConfig) -> Path:
        """Where guardian and desk meet. Raises ConfigRefused if the name is too long for a socket."""
        chosen = config.desk_socket or self.state / "run" / "desk.sock"
        if len(str(chosen).encode()) > SOCKET_PATH_MAX:
            raise ConfigRefused(f"desk_socket is too long a name for a socket ({SOCKET_PATH_MAX} bytes at most): {chosen}")
        return chosen

    def errands(self, config: HostConfig) -> Path:
        """Where commands of this PC's administrator meet the guardian. Raises ConfigRefused as `socket` does."""
        return self.socket(config).with_name("errands.sock")


class NotEnrolled(Exception):
    """This host has not been enrolled, or what enrolment left cannot be read."""


def read_enrolment(path: Path) -> Enrolment:
    """Raises NotEnrolled."""
    try:
        return read_part(Enrolment, read_private(path))
    except FileNotFoundError:
        raise NotEnrolled("this host is not enrolled yet; run: chaperone-host enrol --help") from None
    except (OSError, FileExposed, MalformedMessage) as fault:
        raise NotEnrolled(f"{path} cannot be used: {fault}") from None


def write_enrolment(path: Path, enrolment: Enrolment) -> None:
    """Raises OSError."""
    write_private(path, encode_part(enrolment))


def read_site_root(files: HostFiles) -> bytes:
    """The pinned root of the site; empty where there is none. Raises OSError, FileExposed: one that cannot be read is not none."""
    return read_private(files.site_root) if files.site_root.exists() else b""


def checked_broker_url(url: str) -> str:
    """`https://name[:port]` and nothing more. Raises ConfigRefused: there is no way to talk to a broker without TLS."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise ConfigRefused(f"no port: {url}") from None
    if parts.scheme != "https" or not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigRefused(f"the broker's address is https://name[:port], not {url}")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"https://{name}" if port in {None, 443} else f"https://{name}:{port}"


def egress_target(url: str) -> str:
    """The one name and port that this host ever talks to."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 443}"
