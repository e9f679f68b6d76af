"""`chaperone-keys auditor`: the vendor's auditor, to whom hosts seal a copy of each receipt. The private key stays with the auditor."""

from pathlib import Path
from typing import Annotated

import typer

from trust import cli_signed
from trust.cli_signed import opened
from trust.desk import say
from trust.keys import read_public_key
from trust.sealing import load_auditor_key, make_auditor_key, public_of
from wire.schema import base64url

auditor = typer.Typer(no_args_is_help=True, help="To whom hosts seal a copy of each receipt.")


@auditor.command("key")
def key_command(file: Annotated[Path, typer.Argument(help="The auditor's private key; made if it is not there.")]) -> None:
    """Print the public key of FILE. Run it at the auditor's machine: whoever has FILE reads every copy that is sealed to it."""
    public = public_of(load_auditor_key(file)) if file.exists() else make_auditor_key(file)
    say(base64url(public))


@auditor.command("set")
def set_command(context: typer.Context, key: Annotated[str, typer.Option(help="The public key, as `auditor key` prints it.")]) -> None:
    """From now on hosts seal a copy of each receipt to this key. Copies that were sealed before stay sealed to the key of then."""
    cli_signed.set_auditor(opened(context), read_public_key(key))


@auditor.command("none")
def none_command(context: typer.Context) -> None:
    """From now on hosts seal no copies."""
    cli_signed.set_auditor(opened(context), b"")
