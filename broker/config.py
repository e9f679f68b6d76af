"""What the broker is told at its start: one value, read once, refused when it holds a key that nobody reads.

    listen_host = "127.0.0.1"
    listen_port = 8443                       # 0 takes a free one, which the readiness line names
    certificate = "/etc/chaperone/broker.pem"
    certificate_key = "/etc/chaperone/broker.key"
    console_origin = "https://localhost:8444"
    state = "/var/lib/chaperone/broker"      # database, anchor of its log, broker key, TOTP key, pepper; 0700
    vendor_root = "/etc/chaperone/vendor.root.json"   # the vendor's published metadata/1.root.json, as the ceremony named it
    log_level = "info"
    lock_wait = 5                            # seconds that a change waits while another process holds the database
    reread_rows = 50                         # entries of the log that are read again in a second, to find what was altered
    password_profile = "long"                # or "classic": ten characters of four classes, and a change every so many days
    password_days = 90                       # of the classic profile: 90, 365, 0 for never
    sign_in_tries = 3                        # wrong sign-ins of one name and address, and then for so many seconds none
    sign_in_pause = 3600
    account_failures = 100                   # wrong sign-ins in a row, from everywhere, that stop an account
    address_tries = 60                       # sign-ins and invitations of one address in a minute
    [site_roots]                             # sites that sign rules of their own, and the first root of each
    "Lyon Nord" = "/etc/chaperone/lyon.root.json"

Relative paths are seen from the file's own folder. CHAPERONE_BROKER_<KEY> in the environment overrides a key.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from policy.passwords import PasswordProfile
from policy.throttle import ACCOUNT_FAILURES, ADDRESS_BRAKE, SIGN_IN_BRAKE, SignInRules
from runtime.config import ConfigRefused
from runtime.config import read_config as read_settings
from trust.refused import DocumentRefused
from trust.updater import Documents
from wire.messages.documents import Repository

DEFAULT_FILE = Path("/etc/chaperone/broker.toml")
PREFIX = "CHAPERONE_BROKER_"
_BOUNDS = {
    "lock_wait": (1, 30),
    "reread_rows": (1, 1000),
    "password_days": (0, 3660),
    "sign_in_tries": (1, 20),
    "sign_in_pause": (60, 24 * 3600),
    "account_failures": (10, 1000),
    "address_tries": (10, 10_000),
}
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class BrokerConfig:
    """See the module. Raises ConfigRefused, which names the key, for a value that the broker does not start with."""

    certificate: Path
    certificate_key: Path
    console_origin: str
    state: Path
    vendor_root: Path
    """File of the vendor's first root."""
    site_roots: Mapping[str, Path] = field(default_factory=dict)
    """Files of sites' first roots, by the site's name."""
    listen_host: str = "127.0.0.1"
    listen_port: int = 8443
    log_level: str = "info"
    lock_wait: int = 5
    reread_rows: int = 50
    password_profile: str = PasswordProfile.LONG
    password_days: int = 90
    sign_in_tries: int = SIGN_IN_BRAKE.failures
    sign_in_pause: int = int(SIGN_IN_BRAKE.pause)
    account_failures: int = ACCOUNT_FAILURES
    address_tries: int = ADDRESS_BRAKE.failures

    def __post_init__(self) -> None:
        """Check every value, and that the pinned key is one."""
        if not self.listen_host:
            raise ConfigRefused("listen_host is empty")
        if not 0 <= self.listen_port <= 65535:
            raise ConfigRefused("listen_port is not a port")
        if not _is_origin(self.console_origin):
            raise ConfigRefused("console_origin must be written like https://console.example:8444, without anything after it")
        if self.log_level not in _LEVELS:
            raise ConfigRefused(f"log_level is none of {', '.join(_LEVELS)}")
        if self.password_profile not in tuple(PasswordProfile):
            raise ConfigRefused(f"password_profile is none of {', '.join(PasswordProfile)}")
        for name, (least, most) in _BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise ConfigRefused(f"{name} is not between {least} and {most}")
        self.pinned()

    @property
    def sign_in_rules(self) -> SignInRules:
        """What signing in asks of people, and how much guessing it bears."""
        return SignInRules(
            profile=PasswordProfile(self.password_profile),
            days=self.password_days,
            tries=replace(SIGN_IN_BRAKE, failures=self.sign_in_tries, window=float(self.sign_in_pause), pause=float(self.sign_in_pause)),
            address=replace(ADDRESS_BRAKE, failures=self.address_tries),
            account_failures=self.account_failures,
        )

    def pinned(self) -> tuple[bytes, dict[str, bytes]]:
        """The vendor's first root, and each site's. Raises ConfigRefused for a file that is no root which signs itself."""
        vendor = _root(self.vendor_root, "vendor_root", Repository.VENDOR)
        return vendor, {name: _root(path, f"site_roots: {name}", Repository.SITE) for name, path in self.site_roots.items()}

    @property
    def documents(self) -> Path:
        """The folder of the signed documents that were accepted."""
        return self.state / "documents"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.state / "broker.sqlite3"

    @property
    def anchor(self) -> Path:
        """The file that holds the newest checkpoint of the log."""
        return self.state / "anchor"

    @property
    def broker_key(self) -> Path:
        """The file of the broker's own signing key."""
        return self.state / "broker.key"

    @property
    def totp_key(self) -> Path:
        """The file of the key under which TOTP secrets are sealed."""
        return self.state / "totp.key"

    @property
    def pepper(self) -> Path:
        """The file of the key with which passwords are keyed before they are hashed."""
        return self.state / "pepper.key"

    @property
    def port_file(self) -> Path:
        """Where the running server notes its port, for `health`."""
        return self.state / "port"


def read_config(path: Path, environment: Mapping[str, str] | None = None) -> BrokerConfig:
    """Read, override, check. Raises ConfigRefused."""
    return read_settings(BrokerConfig, path, prefix=PREFIX, environment=os.environ if environment is None else environment)


def _root(path: Path, name: str, repository: Repository) -> bytes:
    try:
        content = path.read_bytes()
        Documents(path, repository, content)
    except (OSError, DocumentRefused) as fault:
        raise ConfigRefused(f"{name}: {fault}; it is the file published/metadata/1.root.json of whoever signs") from None
    return content


def _is_origin(text: str) -> bool:
    """An origin exactly as a browser sends it, because it is compared letter by letter."""
    parts = urlsplit(text)
    return parts.scheme == "https" and bool(parts.hostname) and text == f"https://{parts.netloc}".lower() and "@" not in parts.netloc
