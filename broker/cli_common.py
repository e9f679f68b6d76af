"""What every command of chaperone-broker shares: its configuration, how it runs, how it prints. No command is here."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import uvloop

from broker.config import BrokerConfig, read_config
from broker.state import NotInitialised
from runtime.config import ConfigRefused
from runtime.private_files import FileExposed
from trust.keys import KeyUnreadable

T = TypeVar("T")
ConfigOption = Annotated[Path, typer.Option("--config", envvar="CHAPERONE_CONFIG", help="The broker's TOML file.")]


def config_of(path: Path) -> BrokerConfig:
    """The configuration in this file; exit code 2 if it is wrong."""
    try:
        return read_config(path)
    except ConfigRefused as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from None


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run, and turn the faults a person can do something about into one line and exit code 1."""
    from broker.administration import NotDone

    try:
        # uvloop: an idle TLS connection costs a sixth of what it costs on the standard loop (docs/adr/0002).
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except (OSError, NotDone, NotInitialised, FileExposed, KeyUnreadable) as fault:
        typer.echo(str(fault), err=True)
    raise typer.Exit(1)


def show(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # a name in brackets is a name, and no markup
    Console().print(table)
