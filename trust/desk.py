"""How `chaperone-keys` speaks, asks and fails. English, like every command line."""

import sys
from typing import Never

import typer
from rich.console import Console

from trust.keys import same_fingerprint
from trust.signing_folder import FolderRefused


def say(line: str) -> None:
    """One line for the officer, never broken or coloured by what stands in it."""
    Console(soft_wrap=True, highlight=False).print(line, markup=False)


def fail(code: int, line: str) -> Never:
    """Say why on the error stream, and end with this exit code."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(line, markup=False)
    sys.exit(code)


def compare(what: str, computed: str, given: str, yes: bool) -> None:
    """Show a fingerprint and have it confirmed. Raises FolderRefused if it is not the one that was read out."""
    say(f"{what}: {computed}")
    if given and not same_fingerprint(given, computed):
        raise FolderRefused(
            "this is not the fingerprint that was read out to you. Somebody may have exchanged the key; nothing was changed."
        )
    if not yes and not typer.confirm("Is this the fingerprint that was read out to you?", default=False):
        raise FolderRefused("not confirmed; nothing was changed")
