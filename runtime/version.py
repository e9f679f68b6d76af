"""`--version`, the same for every program."""

from importlib.metadata import version
from typing import Annotated

import typer


def _show(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chaperone {version('chaperone')}")
        raise typer.Exit


VersionOption = Annotated[bool, typer.Option("--version", help="Say which version this is, and end.", is_eager=True, callback=_show)]
