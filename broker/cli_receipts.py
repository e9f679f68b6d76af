"""chaperone-broker receipts: which receipts were signed, and the sealed copies, for whoever brings them to the vendor's auditor."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broker.cli_common import ConfigOption, config_of, run
from broker.config import DEFAULT_FILE, BrokerConfig
from runtime.private_files import create_private

if TYPE_CHECKING:
    from broker.storage.receipts import ReceiptRow

receipts_app = typer.Typer(no_args_is_help=True, help="Receipts of visits: digests, and copies that only the vendor's auditor can open.")


@receipts_app.command("list")
def list_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """List every visit whose receipt was signed, one a line: when, visit, host, SHA-256, and whether there is a sealed copy."""
    for row in run(_all(config_of(config))):
        signed = datetime.fromtimestamp(row.signed, UTC).strftime("%Y-%m-%d %H:%M UTC")
        copy = f"{row.copy_bytes} bytes sealed" if row.copy_bytes else "no sealed copy"
        typer.echo(f"{signed}  {row.session_id}  {row.host_id}  {row.digest.hex()}  {copy}")


@receipts_app.command("get")
def get_command(
    session: Annotated[str, typer.Argument(help="The visit, as `list` prints it.")],
    out: Annotated[Path, typer.Option(help="Where to write the copy; the file must not be there yet.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Write the sealed copy of a visit's receipt to a file. It opens with the auditor's key alone: chaperone-audit open-receipt."""
    copy = run(_copy(config_of(config), session))
    if copy is None:
        typer.echo(f"there is no sealed copy of {session}", err=True)
        raise typer.Exit(1)
    try:
        create_private(out, copy)
    except OSError as fault:
        typer.echo(f"{out} cannot be written: {fault.strerror}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{out}: {len(copy)} bytes, sealed")


async def _all(config: BrokerConfig) -> "tuple[ReceiptRow, ...]":
    from broker.storage.store import Store

    store = await Store.open_file(config.database)
    try:
        return await store.receipts.all()
    finally:
        await store.close()


async def _copy(config: BrokerConfig, session: str) -> bytes | None:
    from broker.storage.store import Store

    store = await Store.open_file(config.database)
    try:
        return await store.receipts.copy(session)
    finally:
        await store.close()
