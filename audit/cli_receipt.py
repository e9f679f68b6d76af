"""`chaperone-audit open-receipt`: opens the sealed copy of a receipt with the auditor's key. What was opened is checked by `verify`."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli_common import fail
from audit.receipt_form import RECEIPT_MAX
from runtime.private_files import FileExposed, create_private
from trust.keys import KeyUnreadable
from trust.sealing import SealBroken, load_auditor_key, unseal

_SEALED_READ = 1024 * 1024
"""More than any copy has that a broker takes."""


def open_receipt(
    sealed: Annotated[Path, typer.Argument(help="The sealed copy, as `chaperone-broker receipts get` writes it.")],
    session: Annotated[str, typer.Option(help="The visit it is of: a copy opens for its own visit alone.")],
    key: Annotated[Path, typer.Option(help="The auditor's private key, as `chaperone-keys auditor key` made it.")],
    out: Annotated[Path, typer.Option(help="Where to write the receipt; the file must not be there yet.")],
) -> None:
    """Open the sealed copy of a receipt. Only the vendor's auditor can; check what comes out like any receipt."""
    try:
        with sealed.open("rb") as file:
            content = file.read(_SEALED_READ)
        create_private(out, unseal(content, session, load_auditor_key(key), RECEIPT_MAX))
    except (OSError, KeyUnreadable, FileExposed, SealBroken) as fault:
        fail(str(fault))
    typer.echo(f"{out}: opened")
