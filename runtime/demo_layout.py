"""Where the demo keeps its things, and the configuration files it writes. No program is started here.

var/            0700
  tls/          authority and the servers' certificates
  keys/         the signers' keys and what they sign, keys/site/ those of the site; the broker never reads this folder
  broker/ host/ state of each program       etc/   their configuration, written anew at every start
  log/          what each program said
"""

import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime.certificates import Certificates
from runtime.private_files import private_folder, write_private

BROKER_PORT = 8443
CONSOLE_PORT = 8444
PORTS_TRIED = 200
ROOT_FILE = Path("published", "metadata", "1.root.json")


class NoPort(Exception):
    """The ports are taken. The message says which, for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one demo."""

    root: Path

    @property
    def tls(self) -> Path:
        """Authority and certificates."""
        return self.root / "tls"

    @property
    def keys(self) -> Path:
        """The vendor's signing folder."""
        return self.root / "keys"

    @property
    def site_keys(self) -> Path:
        """The site's signing folder."""
        return self.keys / "site"

    @property
    def vendor_root(self) -> Path:
        """What everybody is configured with to believe the vendor's documents."""
        return self.keys / ROOT_FILE

    @property
    def auditor_key(self) -> Path:
        """The private key of the vendor's auditor, which opens the copies of receipts. Elsewhere it would lie with the auditor alone."""
        return self.keys / "auditor.key"

    @property
    def site_root(self) -> Path:
        """What the broker and the site's hosts are configured with to believe the site's."""
        return self.site_keys / ROOT_FILE

    @property
    def site_policy(self) -> Path:
        """The site's rules, to be edited and signed."""
        return self.site_keys / "site.toml"

    @property
    def broker(self) -> Path:
        """State of the broker."""
        return self.root / "broker"

    @property
    def host(self) -> Path:
        """State of the host."""
        return self.root / "host"

    @property
    def etc(self) -> Path:
        """Configuration."""
        return self.root / "etc"

    @property
    def log(self) -> Path:
        """What the programs said."""
        return self.root / "log"

    @property
    def invitation(self) -> Path:
        """The invitation link of the demo's technician, for a second start."""
        return self.root / "invitation"

    @property
    def lock(self) -> Path:
        """Held by the run that uses this folder."""
        return self.root / "lock"

    @property
    def ports(self) -> Path:
        """The two ports of the last run: browsers keep their keys by address."""
        return self.root / "ports"

    def config(self, program: str) -> Path:
        """The configuration file of a program."""
        return self.etc / f"{program}.toml"

    def make(self) -> None:
        """Make every folder, closed to others."""
        for folder in (self.root, self.tls, self.keys, self.broker, self.host, self.etc, self.log):
            private_folder(folder)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the two origins listen."""

    broker: int
    console: int

    @property
    def broker_origin(self) -> str:
        """As a browser writes it."""
        return f"https://localhost:{self.broker}"

    @property
    def console_origin(self) -> str:
        """As a browser writes it."""
        return f"https://localhost:{self.console}"


def choose_ports(layout: Layout) -> Ports:
    """The first free ones from 8443 on, and from then on always the same. Raises NoPort.

    The host was enrolled with the broker's address, and a browser keeps a technician's key by the console's: on other ports
    the demo would be a stranger to both.
    """
    kept = _kept_ports(layout)
    if kept is not None:
        taken = [str(port) for port in (kept.broker, kept.console) if not is_free(port)]
        if taken:
            raise NoPort(f"Port {' and '.join(taken)} of this demo is taken by another program. Stop that, or use another folder (--var).")
        return kept
    free = _free_from(BROKER_PORT)
    try:
        ports = Ports(next(free), next(free))
    except StopIteration:
        raise NoPort(f"no two free ports between {BROKER_PORT} and {BROKER_PORT + PORTS_TRIED}") from None
    write_private(layout.ports, json.dumps([ports.broker, ports.console]).encode())
    return ports


def _kept_ports(layout: Layout) -> Ports | None:
    if not layout.ports.exists():
        return None
    broker, console = json.loads(layout.ports.read_text())
    return Ports(int(broker), int(console))


def _free_from(first: int) -> Iterator[int]:
    return (port for port in range(first, first + PORTS_TRIED) if is_free(port))


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of this machine now."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def toml(values: Mapping[str, str | int | Path]) -> bytes:
    """A flat TOML file. Strings are written as JSON, which TOML reads alike."""
    written = {name: value if isinstance(value, int) else str(value) for name, value in values.items()}
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in written.items()).encode()


def write_configs(layout: Layout, ports: Ports, certificates: Certificates, site: str) -> None:
    """Write the servers' configuration, so that they follow the folder and the ports of this run."""
    broker: dict[str, str | int | Path] = {
        "listen_port": ports.broker,
        "certificate": certificates.broker.chain,
        "certificate_key": certificates.broker.key,
        "console_origin": ports.console_origin,
        "state": layout.broker,
        "vendor_root": layout.vendor_root,
    }
    console: dict[str, str | int | Path] = {
        "broker_origin": ports.broker_origin,
        "vendor_root": layout.vendor_root,
        "cert": certificates.console.chain,
        "key": certificates.console.key,
        "port": ports.console,
    }
    pinned = f"[site_roots]\n{json.dumps(site)} = {json.dumps(str(layout.site_root))}\n".encode()
    write_private(layout.config("broker"), toml(broker) + pinned)
    write_private(layout.config("console"), toml(console))
