"""`chaperone-audit open-receipt`: opens the sealed copy of a receipt with the auditor's key, and says whether what was in it holds."""

from pathlib import Path
from typing import Annotated

import typer

from audit import cli_common as common
from audit.against_receipt import receipt_alone
from audit.cli_verdict import Verdict, tell
from audit.receipt_form import RECEIPT_MAX
from runtime.catalogues import catalogue
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
    signed_by: Annotated[list[str] | None, typer.Option(help="Public key of host or broker; may be said again.")] = None,
    language: common.InLanguage = common.Language.EN,
) -> None:
    """Open the sealed copy of a receipt, which only the vendor's auditor can, and check what comes out like any receipt.

    Exit code 1 if something is wrong with it; it is written all the same, because it is what somebody left with the broker.
    """
    words = catalogue(language.value)
    given = tuple(common.given_key(text) for text in signed_by or ())
    try:
        with sealed.open("rb") as file:
            content = file.read(_SEALED_READ)
        receipt = unseal(content, session, load_auditor_key(key), RECEIPT_MAX)
        create_private(out, receipt)
    except (OSError, KeyUnreadable, FileExposed, SealBroken) as fault:
        common.fail(str(fault))
    common.screen().print(words.text("opened-receipt", file=str(out)), markup=False)
    verdict = Verdict((), receipt=receipt_alone(receipt, given, words, session))
    tell(verdict, words)
    raise typer.Exit(common.FINDINGS if verdict.found else common.FINE)
