"""`chaperone-audit`: read and check a log, offline, with nothing but the log. It never writes into one."""

import typer

from audit.cli_common import fail
from audit.cli_prove import check_proof, prove
from audit.cli_read import export, show, stream
from audit.cli_receipt import open_receipt
from audit.cli_verify import verify
from runtime.log_lines import LogUnreadable
from runtime.version import VersionOption

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
for command in (show, verify, export, stream, prove, check_proof, open_receipt):
    app.command()(command)


@app.callback()
def audit(version: VersionOption = False) -> None:
    """Read and check what a broker or a host remembers.

    A log is a chain and a tree: each entry is hashed together with everything before it, and its side signs checkpoints over
    it. An entry that was altered, removed, put in or moved is found; what was cut off at the end, or written anew with the
    key, is found against the other side's log, a receipt, or a head that was noted down.

    Exit codes: 0 nothing is wrong, 1 something was found, 2 wrong usage or a log that cannot be read, 3 (verify --closed)
    nothing is wrong but a visit is not closed.
    """


def main(arguments: list[str] | None = None) -> None:
    """The program. Ends the process with the exit codes of `--help`."""
    try:
        app(arguments)
    except LogUnreadable as fault:
        fail(str(fault))


if __name__ == "__main__":
    main()
