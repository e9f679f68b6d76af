"""`chaperone-console`: serve the console's files, or say which build they are. Exit codes: 0 done, 1 stopped by a fault, 2 refused."""

import ssl
from collections.abc import Mapping
from http.client import HTTPSConnection
from pathlib import Path
from socket import socket
from typing import Annotated

import typer
import uvicorn
from rich.console import Console
from typing_extensions import override

from runtime.version import VersionOption
from tech_console.config import DIST, ConfigRefused, ConsoleConfig, read_config
from tech_console.server import DistMissing, create_app, digest

REFUSED = 2
OK = 200
HEALTH_SECONDS = 4
GRACE_SECONDS = 2
"""A browser that keeps its connection open must not keep the program from stopping."""

app = typer.Typer(help="The technician's console: static files from an origin of their own.", no_args_is_help=True)
_voice = Console(highlight=False, soft_wrap=True)
_errors = Console(stderr=True, highlight=False, soft_wrap=True)


@app.callback()
def program(version: VersionOption = False) -> None:
    """What every command begins with."""


@app.command()
def serve(
    config: Annotated[Path | None, typer.Option(help="TOML file; every option here may stand in it.")] = None,
    broker_origin: Annotated[str | None, typer.Option(help="The broker, e.g. https://localhost:8443")] = None,
    vendor_root: Annotated[Path | None, typer.Option(help="The vendor's 1.root.json, as published.")] = None,
    cert: Annotated[Path | None, typer.Option(help="Certificate chain, PEM.")] = None,
    key: Annotated[Path | None, typer.Option(help="Private key of the certificate, PEM.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 if not given.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 8444 if not given.")] = None,
    dist: Annotated[Path | None, typer.Option(help="Folder of the built console.")] = None,
) -> None:
    """Serve the built console over TLS until stopped. Settings come from the file, CHAPERONE_CONSOLE_*, then options."""
    given = {
        "broker_origin": broker_origin,
        "vendor_root": vendor_root,
        "cert": cert,
        "key": key,
        "host": host,
        "port": port,
        "dist": dist,
    }
    settings = _settings(config, given)
    server = _server(settings)
    server.run()
    if not server.started:
        raise typer.Exit(1)


@app.command()
def health(config: Annotated[Path | None, typer.Option(help="The TOML file that `serve` was given.")] = None) -> None:
    """Ask the running console for its settings; exit code 0 if it answers with the certificate it was given, else 1."""
    settings = _settings(config, {})
    tls = ssl.create_default_context(cafile=str(settings.cert))
    tls.check_hostname = False  # it is asked by its address here; what counts is that it shows its own certificate
    tls.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    asked = HTTPSConnection(settings.host, settings.port, timeout=HEALTH_SECONDS, context=tls)
    try:
        asked.request("GET", "/config.json")
        status = asked.getresponse().status
    except OSError as fault:
        _errors.print(f"the console does not answer: {fault}", markup=False)
        raise typer.Exit(1) from None
    finally:
        asked.close()
    if status != OK:
        raise typer.Exit(1)


@app.command(name="digest")
def show_digest(dist: Annotated[Path, typer.Option(help="Folder of the built console.")] = DIST) -> None:
    """Print the SHA-256 of the built console, as the vendor's signed documents name it."""
    try:
        _voice.print(digest(dist))
    except DistMissing as fault:
        raise _refuse(str(fault)) from None


class _AnnouncingServer(uvicorn.Server):
    """Says where it listens once it does, so that whoever started it need not guess when, or which free port it got."""

    @override
    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in self.servers:
            for listening in listener.sockets:
                address, port = listening.getsockname()[:2]
                _voice.print(f"Console at https://{address}:{port}")


def _settings(file: Path | None, given: Mapping[str, object]) -> ConsoleConfig:
    try:
        return read_config(file, given)
    except (ConfigRefused, OSError) as fault:
        raise _refuse(str(fault)) from None


def _server(settings: ConsoleConfig) -> uvicorn.Server:
    try:
        console = create_app(settings)
    except (DistMissing, ConfigRefused) as fault:
        raise _refuse(str(fault)) from None
    for file in (settings.cert, settings.key):
        if not file.is_file():
            raise _refuse(f"{file} is missing: the console is served over TLS only")
    return _AnnouncingServer(
        uvicorn.Config(
            console,
            host=settings.host,
            port=settings.port,
            ssl_certfile=settings.cert,
            ssl_keyfile=settings.key,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


def _refuse(why: str) -> typer.Exit:
    _errors.print(why)
    return typer.Exit(REFUSED)


def main() -> None:
    """Entry point of the installed command."""
    app()
