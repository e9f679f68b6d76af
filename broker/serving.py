"""The running process: opens what it needs, serves until it is told to stop, and ends every visit before it goes."""

import asyncio
import logging
import signal
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.applications import Starlette
from typing_extensions import override

from audit.entry import at
from audit.events import broker as log
from audit.events.trail import Quarantined
from audit.events.visit import SessionEnded
from broker.config import BrokerConfig
from broker.core.board import TALLY_KEPT_SECONDS, Board
from broker.core.narrowing import stopping
from broker.log_rounds import Rounds
from broker.log_watch import LogWatch
from broker.names import introduce_all
from broker.state import broker_id_of, read_clock, signer_of
from broker.storage.calls import KIND, TRIES
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.log_patrol import Patrol
from broker.storage.secret_box import SecretBox, key_from_file
from broker.storage.store import Store
from broker.web.app import make_app
from broker.web.documents import SignedDocuments, readers
from broker.web.machines import Machines
from broker.web.people import People
from broker.web.protocol import BoundedWebSockets
from broker.web.secrets_check import Passwords
from broker.web.shell import Shell
from policy.session import EndCause
from runtime.private_files import private_folder, write_private
from trust.keys import fingerprint
from wire.limits import CONTROL_FRAME_MAX

STOP_SECONDS = 10
_LOG = logging.getLogger(__name__)
LOOK_SECONDS = 0.5
"""A suspended account is out within a second, and so is whoever the hour or the documents no longer allow."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a running broker is made of."""

    store: Store
    shell: Shell
    people: People
    machines: Machines
    passwords: Passwords


async def assemble(config: BrokerConfig) -> Parts:
    """Open everything. Raises NotInitialised, what key files raise, and what the database raises."""
    signer = signer_of(config)
    store = await Store.open_file(config.database, config.lock_wait)
    tallies, calls = await store.tallies.load(read_clock()), await store.calls.load()
    board = Board(broker_id_of(signer), _leaves(config), fingerprint, tallies=tallies, calls=calls)
    board.tallies_kept = max(TALLY_KEPT_SECONDS, config.sign_in_pause)
    audit_log = AuditLog(store.database, lambda: at(read_clock()), signer, config.anchor)
    board.key = signer.public_key
    shell = Shell(board, store, audit_log, signer, read_clock)
    board.doubted.update({row.subject: True for row in await store.evidence.doubts()})
    documents = SignedDocuments(shell, *readers(private_folder(config.documents), *config.pinned()))
    await asyncio.to_thread(documents.restore)
    passwords = Passwords(key_from_file(config.pepper))
    people = People.on(shell, passwords, SecretBox.from_file(config.totp_key), config.sign_in_rules)
    return Parts(store, shell, people, Machines(shell, documents), passwords)


def _leaves(config: BrokerConfig) -> tuple[bytes, ...]:
    leaf = x509.load_pem_x509_certificates(config.certificate.read_bytes())[0]
    return (sha256(leaf.public_bytes(Encoding.DER)).digest(),)


@asynccontextmanager
async def running(config: BrokerConfig) -> AsyncIterator[tuple[Starlette, Shell]]:
    """The application with everything open; closes it in the end."""
    parts = await assemble(config)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        # A broker that cannot write its log serves all the same: it refuses everything, says why, and goes on by itself.
        await parts.shell.log.note(log.BrokerStarted(broker_id=parts.shell.board.broker_id, version=version("chaperone")))
        try:
            await introduce_all(parts.store, parts.shell.log, read_clock().utc)
        except LogUnavailable as fault:
            _LOG.error("names of before could not be brought into the log (%s); the next start does", fault)
        await _put_aside(parts)
        await _end_what_was_killed(parts.shell)
        watch = LogWatch(parts.shell, config.state)
        rounds = Rounds(parts.shell, Patrol(parts.store.database, parts.shell.signer.public_key), config.reread_rows)
        beside = (_every_minute(parts.shell), _every_moment(parts), _watching(watch), watch.probe(), rounds.go())
        tasks = [asyncio.create_task(each) for each in beside]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    try:
        yield make_app(parts.shell, parts.people, parts.machines, config.console_origin, lifespan), parts.shell
        await parts.shell.log.note(log.BrokerStopped(broker_id=parts.shell.board.broker_id))
        await parts.shell.log.settle()
    finally:
        parts.passwords.close()
        await parts.store.close()


async def _end_what_was_killed(shell: Shell) -> None:
    """A process that was killed in a visit wrote no end of it. This one does, before its host may ask for it."""
    for session_id in await shell.store.evidence.never_ended():
        said_at = int(shell.clock().utc)
        await shell.log.note(SessionEnded(session_id=session_id, by="", cause=EndCause.FAILED_INSIDE, said_at=said_at))


async def _put_aside(parts: Parts) -> None:
    for host_id in await parts.store.calls.put_aside():
        _LOG.error("a request to be called at %s cannot be read and was put aside", host_id)
        await parts.shell.log.note(Quarantined(kind=KIND, subject=host_id, tries=TRIES))


async def _every_moment(parts: Parts) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await parts.shell.log.keep_pace()
        await parts.shell.look_at_sign_ins()
        await parts.shell.look_at_doubts()
        await parts.machines.documents.look()


async def _watching(watch: LogWatch) -> None:
    while True:
        await watch.look()
        await asyncio.sleep(LOOK_SECONDS)


async def _every_minute(shell: Shell) -> None:
    while True:
        await asyncio.sleep(60 - time.time() % 60)
        await shell.count_strangers()
        await shell.log.flush()
        await shell.forget_old_tallies()


class BrokerServer(uvicorn.Server):
    """uvicorn, with our own start and end: it says when it is ready, and ends visits with their cause before sockets close."""

    def __init__(self, config: BrokerConfig, app: Starlette, shell: Shell) -> None:
        super().__init__(_uvicorn(config, app))
        self._port_file = config.port_file
        self._shell = shell

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        write_private(self._port_file, f"{port}\n".encode())
        sys.stdout.write(f"ready https://{self.config.host}:{port}\n")
        sys.stdout.flush()

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await self._shell.perform(stopping(self._shell.board, self._shell.clock()))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._shell.until_empty(), STOP_SECONDS)
        await super().shutdown(sockets)

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would raise the signal again at the end, and a clean stop would look like a crash.
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._told_to_stop)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _told_to_stop(self) -> None:
        self.should_exit = True


def _uvicorn(config: BrokerConfig, app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=config.listen_host,
        port=config.listen_port,
        loop="uvloop",
        http="h11",
        ws=BoundedWebSockets,
        ws_max_size=CONTROL_FRAME_MAX,
        ws_per_message_deflate=False,
        ws_ping_interval=15.0,
        ws_ping_timeout=15.0,
        interface="asgi3",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        h11_max_incomplete_event_size=16 * 1024,
        timeout_graceful_shutdown=STOP_SECONDS,
        ssl_certfile=config.certificate,
        ssl_keyfile=config.certificate_key,
        ssl_context_factory=_tls,
    )


def _tls(_config: uvicorn.Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    return context


async def serve(config: BrokerConfig) -> None:
    """Serve until SIGTERM or SIGINT. Raises what `assemble` raises."""
    async with running(config) as (app, shell):
        await BrokerServer(config, app, shell).serve()
