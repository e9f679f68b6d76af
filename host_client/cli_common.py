"""What the commands of `chaperone-host` share: exit codes, options, and how they end."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from host_client.config import HostConfig, HostFiles, read_host_config
from host_client.guardian.main import EXIT_WORDS
from runtime.config import ConfigRefused, unsafe_in_force
from runtime.directories import StateUnknown, directories

EXIT_NO_GUARDIAN = 3
out, err = Console(soft_wrap=True, highlight=False), Console(stderr=True, soft_wrap=True, highlight=False)

StateOption = Annotated[Path | None, typer.Option("--state", help="Folder for key, log and documents.", envvar="CHAPERONE_STATE")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings (host.toml).")]


def stop(what: str, code: int) -> typer.Exit:
    """Say it on standard error; raise what is returned."""
    err.print(what, markup=False)
    return typer.Exit(code)


def files_and_config(state: Path | None, config: Path | None) -> tuple[HostFiles, HostConfig]:
    """Where this host keeps its files, and its settings. Ends the program for wrong ones."""
    try:
        folders = directories("host", state=state, environment=os.environ, user_id=os.getuid())
        file = config or (folders.config_file if folders.config_file.exists() else None)
        settings = read_host_config(file, {name: value for name, value in os.environ.items() if name != "CHAPERONE_STATE"})
    except (ConfigRefused, StateUnknown) as fault:
        raise stop(str(fault), EXIT_WORDS) from None
    for name in unsafe_in_force(settings):
        err.print(f"unsafe: {name} is set", markup=False)
    return HostFiles(folders.state), settings
