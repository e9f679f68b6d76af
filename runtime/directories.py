"""Where a program keeps what it must not lose, by the rules of the system it runs on.

In this order: `--state`, CHAPERONE_STATE, `/var/lib/chaperone/<program>` for a service account, and for a person
$XDG_STATE_HOME/chaperone/<program> (XDG Base Directory Specification). Nothing is made here; see `private_files`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SYSTEM_STATE = Path("/var/lib/chaperone")
SYSTEM_CONFIG = Path("/etc/chaperone")
_FIRST_PERSON = 1000
"""User ids below this belong to services on every system of the Linux Standard Base kind; 0 is root."""


class StateUnknown(Exception):
    """Nothing says where state belongs. The message says what to give."""


@dataclass(frozen=True, slots=True)
class Directories:
    """The folders of one program. `config_file` may not be there."""

    state: Path
    config_file: Path

    @property
    def log(self) -> Path:
        """The host's log of what happened."""
        return self.state / "log"

    @property
    def keys(self) -> Path:
        """Private keys; for the owner alone."""
        return self.state / "keys"

    @property
    def documents(self) -> Path:
        """Signed documents as they were accepted."""
        return self.state / "documents"


def directories(program: str, *, state: Path | None, environment: Mapping[str, str], user_id: int) -> Directories:
    """The folders of `program` (`broker`, `host`). Raises StateUnknown for a person without a home."""
    said = environment.get("CHAPERONE_STATE")
    if state is not None or said:
        chosen = (state if state is not None else Path(str(said))).absolute()
        return Directories(chosen, chosen / f"{program}.toml")
    if user_id < _FIRST_PERSON:
        return Directories(SYSTEM_STATE / program, SYSTEM_CONFIG / f"{program}.toml")
    return Directories(
        _xdg(environment, "XDG_STATE_HOME", ".local/state") / "chaperone" / program,
        _xdg(environment, "XDG_CONFIG_HOME", ".config") / "chaperone" / f"{program}.toml",
    )


def _xdg(environment: Mapping[str, str], name: str, otherwise: str) -> Path:
    said, home = environment.get(name, ""), environment.get("HOME", "")
    if said.startswith("/"):  # the specification: a relative path is to be ignored
        return Path(said)
    if not home:
        raise StateUnknown("this account has no home; say where to keep state with --state DIR")
    return Path(home) / otherwise
