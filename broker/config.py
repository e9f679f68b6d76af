"""What the broker is told at its start: one value, read once, refused when it holds a key that nobody reads.

    listen_host = "127.0.0.1"
    listen_port = 8443                       # 0 takes a free one, which the readiness line names
    certificate = "/etc/chaperone/broker.pem"
    certificate_key = "/etc/chaperone/broker.key"
    console_origin = "https://localhost:8444"
    state = "/var/lib/chaperone/broker"      # database, broker key, TOTP key; 0700
    directory_key = "/etc/chaperone/directory.pub"
    log_level = "info"

Relative paths are seen from the file's own folder. CHAPERONE_<KEY> in the environment overrides a key.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from trust.keys import KeyUnreadable, read_public_key

DEFAULT_FILE = Path("/etc/chaperone/broker.toml")
_PREFIX = "CHAPERONE_"
_LEVELS = ("debug", "info", "warning", "error")


class ConfigRefused(Exception):
    """The configuration is not one that the broker starts with. The text names the key."""


@dataclass(frozen=True, slots=True)
class BrokerConfig:
    """See the module. `directory_key` is the 32 bytes of the security officer's public key."""

    listen_host: str
    listen_port: int
    certificate: Path
    certificate_key: Path
    console_origin: str
    state: Path
    directory_key: bytes
    log_level: str = "info"

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
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise ConfigRefused(f"{path}: {fault}") from None
    names = {field.name for field in fields(BrokerConfig)}
    values: dict[str, object] = {**written, **_overrides(os.environ if environment is None else environment, names)}
    strange = sorted(values.keys() - names)
    if strange:
        raise ConfigRefused(f"{path}: unknown key {strange[0]}")
    return _checked(values, path.resolve().parent)


def _overrides(environment: Mapping[str, str], names: set[str]) -> dict[str, object]:
    given = {name: environment.get(_PREFIX + name.upper()) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def _checked(values: Mapping[str, object], folder: Path) -> BrokerConfig:
    return BrokerConfig(
        listen_host=_text(values, "listen_host", "127.0.0.1"),
        listen_port=_port(values.get("listen_port", 8443)),
        certificate=folder / _text(values, "certificate"),
        certificate_key=folder / _text(values, "certificate_key"),
        console_origin=_origin(_text(values, "console_origin")),
        state=folder / _text(values, "state"),
        directory_key=_directory_key(folder / _text(values, "directory_key")),
        log_level=_level(_text(values, "log_level", "info")),
    )


def _text(values: Mapping[str, object], name: str, otherwise: str | None = None) -> str:
    value = values.get(name, otherwise)
    if not isinstance(value, str) or not value:
        raise ConfigRefused(f"{name} is missing or not a text")
    return value


def _port(value: object) -> int:
    try:
        port = int(str(value))
    except ValueError:
        port = -1
    if isinstance(value, bool) or not 0 <= port <= 65535:
        raise ConfigRefused("listen_port is not a port")
    return port


def _origin(text: str) -> str:
    """An origin exactly as a browser sends it, because it is compared letter by letter."""
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or text != f"https://{parts.netloc}".lower() or "@" in parts.netloc:
        raise ConfigRefused("console_origin must be written like https://console.example:8444, without anything after it")
    return text


def _level(text: str) -> str:
    if text not in _LEVELS:
        raise ConfigRefused(f"log_level is none of {', '.join(_LEVELS)}")
    return text


def _directory_key(path: Path) -> bytes:
    try:
        key = read_public_key(path.read_text(encoding="ascii"))
    except (OSError, ValueError, KeyUnreadable) as fault:
        raise ConfigRefused(f"directory_key: {fault}") from None
    if len(key) != 32:
        raise ConfigRefused("directory_key holds no Ed25519 key")
    return key
