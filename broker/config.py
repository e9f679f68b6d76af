"""What the broker is told at its start: one value, read once, refused when it holds a key that nobody reads.

    listen_host = "127.0.0.1"
    listen_port = 8443                       # 0 takes a free one, which the readiness line names
    certificate = "/etc/chaperone/broker.pem"
    certificate_key = "/etc/chaperone/broker.key"
    console_origin = "https://localhost:8444"
    state = "/var/lib/chaperone/broker"      # database, broker key, TOTP key; 0700
    directory_key = "/etc/chaperone/directory.pub"
    log_level = "info"

Relative paths are seen from the file's own folder. CHAPERONE_BROKER_<KEY> in the environment overrides a key.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from runtime.config import ConfigRefused
from runtime.config import read_config as read_settings
from trust.keys import KeyUnreadable, read_public_key

DEFAULT_FILE = Path("/etc/chaperone/broker.toml")
PREFIX = "CHAPERONE_BROKER_"
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class BrokerConfig:
    """See the module. Raises ConfigRefused, which names the key, for a value that the broker does not start with."""

    certificate: Path
    certificate_key: Path
    console_origin: str
    state: Path
    directory_key: Path
    """File of the security officer's public key."""
    listen_host: str = "127.0.0.1"
    listen_port: int = 8443
    log_level: str = "info"

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
        self.pinned_key()

    def pinned_key(self) -> bytes:
        """The 32 bytes with which every directory must be signed. Raises ConfigRefused."""
        try:
            key = read_public_key(self.directory_key.read_text(encoding="ascii"))
        except (OSError, ValueError, KeyUnreadable) as fault:
            raise ConfigRefused(f"directory_key: {fault}") from None
        if len(key) != 32:
            raise ConfigRefused("directory_key holds no Ed25519 key")
        return key

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.state / "broker.sqlite3"

    @property
    def broker_key(self) -> Path:
        """The file of the broker's own signing key."""
        return self.state / "broker.key"

    @property
    def totp_key(self) -> Path:
        """The file of the key under which TOTP secrets are sealed."""
        return self.state / "totp.key"

    @property
    def port_file(self) -> Path:
        """Where the running server notes its port, for `health`."""
        return self.state / "port"


def read_config(path: Path, environment: Mapping[str, str] | None = None) -> BrokerConfig:
    """Read, override, check. Raises ConfigRefused."""
    return read_settings(BrokerConfig, path, prefix=PREFIX, environment=os.environ if environment is None else environment)


def _is_origin(text: str) -> bool:
    """An origin exactly as a browser sends it, because it is compared letter by letter."""
    parts = urlsplit(text)
    return parts.scheme == "https" and bool(parts.hostname) and text == f"https://{parts.netloc}".lower() and "@" not in parts.netloc
