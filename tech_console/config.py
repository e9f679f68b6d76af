"""What the console's origin has to know: where the broker is, and which root the signed documents have. Read once, at start."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from trust.refused import DocumentInvalid
from trust.updater import Documents
from wire.messages.documents import Repository

DIST = Path(__file__).parent / "dist"
PREFIX = "CHAPERONE_CONSOLE_"
_PORT_MAX = 65535


class ConfigRefused(Exception):
    """A setting is missing, unknown or unsafe. The message is for the administrator."""


@dataclass(frozen=True, slots=True)
class ConsoleConfig:
    """Settings of `chaperone-console serve`. Paths are absolute or relative to the working directory."""

    broker_origin: str
    """`https://host` or `https://host:port`, exactly as a browser writes an origin."""
    vendor_root: Path
    """The vendor's `1.root.json` as it was published: all that the page believes by itself."""
    cert: Path
    key: Path
    host: str = "127.0.0.1"
    port: int = 8444
    dist: Path = DIST

    def __post_init__(self) -> None:
        """Raises ConfigRefused."""
        if origin_of(self.broker_origin) != self.broker_origin:
            raise ConfigRefused(f"broker_origin must be an origin like https://broker.example:8443, not {self.broker_origin!r}")
        if not 0 <= self.port <= _PORT_MAX:
            raise ConfigRefused(f"port must be between 0 and {_PORT_MAX}")

    def root(self) -> bytes:
        """Content of the vendor's root file. Raises ConfigRefused, also for a file that is no root that signs itself."""
        try:
            content = self.vendor_root.read_bytes()
            Documents(Path(os.devnull), Repository.VENDOR, content)  # checks the root; nothing is kept there
        except OSError as fault:
            raise ConfigRefused(f"vendor_root cannot be read: {fault}") from None
        except DocumentInvalid as fault:
            raise ConfigRefused(
                f"vendor_root: {self.vendor_root} is no root of signed documents ({fault}); one is published/metadata/1.root.json"
            ) from None
        return content


def origin_of(address: str) -> str | None:
    """The https origin of an address as browsers write it, or None: no path, no user, no default port, lower case."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or not host or any(letter in " ;,'\"" for letter in address):
        return None
    name = f"[{host}]" if ":" in host else host
    return f"https://{name}" if port in {None, 443} else f"https://{name}:{port}"


_READ: dict[str, type[str] | type[int] | type[Path]] = {
    "broker_origin": str,
    "vendor_root": Path,
    "cert": Path,
    "key": Path,
    "host": str,
    "port": int,
    "dist": Path,
}


def read_config(file: Path | None, given: Mapping[str, object], environment: Mapping[str, str] | None = None) -> ConsoleConfig:
    """Settings from a TOML file, then the environment (CHAPERONE_CONSOLE_PORT=...), then the command line.

    Raises ConfigRefused for an unknown, missing or wrong setting, OSError for a file that cannot be read.
    """
    settings = {**_from_file(file), **_from_environment(os.environ if environment is None else environment)}
    settings.update({name: value for name, value in given.items() if value is not None})
    unknown = settings.keys() - _READ.keys()
    if unknown:
        raise ConfigRefused(f"unknown setting: {', '.join(sorted(unknown))}")
    missing = {"broker_origin", "vendor_root", "cert", "key"} - settings.keys()
    if missing:
        raise ConfigRefused(f"missing setting: {', '.join(sorted(missing))}")
    return _typed(settings)


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigRefused(f"{file} is not TOML: {fault}") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    return {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}


def _typed(settings: Mapping[str, Any]) -> ConsoleConfig:
    typed: dict[str, Any] = {}
    for name, value in settings.items():
        try:
            typed[name] = _READ[name](value)
        except (TypeError, ValueError):
            raise ConfigRefused(f"{name} has a wrong value") from None
    assert typed.keys() <= {each.name for each in fields(ConsoleConfig)}
    return ConsoleConfig(**typed)
