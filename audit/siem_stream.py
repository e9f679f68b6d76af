"""Follows a log and hands each entry to a syslog receiver, in order. The log is only read; the receiver may be gone for days.

How far the stream is stands in a small state file, replaced whole after each batch that the receiver's system took: after a
restart entries may come twice, never not at all. TCP is framed by counting octets (RFC 6587, 3.4.1); TLS is left to a local relay
(stunnel, rsyslog), which sites have with their own certificates.
"""

import json
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from audit.entry import decode_entry
from audit.events.shape import sentence
from audit.export import leaving, plain_fields
from audit.log import Row
from audit.siem import SiemFormat, message
from audit.stores import OpenLog, open_stored
from runtime.catalogues import Catalogue
from runtime.private_files import write_private
from wire.schema import MalformedMessage

BATCH = 500
CONNECT_SECONDS = 10
DATAGRAM_MAX = 8192
_KINDS = {"syslog": "tcp", "syslog+tcp": "tcp", "syslog+udp": "udp"}


class StreamFailed(Exception):
    """The state file belongs to another log, or cannot be used."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the entries go."""

    kind: str
    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> "Target | None":
        """syslog+tcp://host:port; None for anything else."""
        parts = urlsplit(text)
        try:
            port = parts.port or 514
        except ValueError:
            return None
        return cls(_KINDS[parts.scheme], parts.hostname, port) if parts.scheme in _KINDS and parts.hostname else None


class Outlet:
    """One receiver. A connection is made when something is to be sent."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._socket: socket.socket | None = None

    def send(self, messages: list[bytes]) -> None:
        """Raises OSError; then nothing of this batch counts as sent."""
        try:
            connected = self._socket or self._connect()
            self._socket = connected
            if self._target.kind == "udp":
                for each in messages:
                    connected.send(each[:DATAGRAM_MAX])
            else:
                connected.sendall(b"".join(b"%d %b" % (len(each), each) for each in messages))
        except OSError:
            self.close()
            raise

    def _connect(self) -> socket.socket:
        if self._target.kind == "tcp":
            return socket.create_connection((self._target.host, self._target.port), CONNECT_SECONDS)
        family, kind, protocol, _, address = socket.getaddrinfo(self._target.host, self._target.port, type=socket.SOCK_DGRAM)[0]
        made = socket.socket(family, kind, protocol)
        made.connect(address)
        return made

    def close(self) -> None:
        """A second call does nothing."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
        self._socket = None


def follow(
    log: Path,
    target: Target,
    form: SiemFormat,
    state: Path | None,
    every: timedelta,
    words: Catalogue,
    *,
    once: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> int:
    """Send what is new, and go on; how many were sent, with `once`. Raises StreamFailed, LogUnreadable."""
    opened, outlet = open_stored(log), Outlet(target)
    done, sent = _read_state(state, opened.log_id), 0
    try:
        while True:
            fresh = _whole(islice(opened.rows_after(done), BATCH))
            if fresh:
                try:
                    outlet.send([_message(opened, form, row, words) for row in fresh])
                except OSError as fault:
                    if once:
                        raise StreamFailed(f"{target.host}:{target.port} does not take it: {fault}") from None
                else:
                    done, sent = fresh[-1].index, sent + len(fresh)
                    _write_state(state, opened.log_id, done)
                    continue
            if once:
                return sent
            wait(every.total_seconds())
    finally:
        outlet.close()


def _whole(rows: Iterable[Row]) -> list[Row]:
    fresh = list(rows)
    # The newest line of a host's log may be half written just now: it is taken with the next look.
    while fresh and not fresh[-1].leaf:
        fresh.pop()
    return fresh


def _message(opened: OpenLog, form: SiemFormat, row: Row, words: Catalogue) -> bytes:
    try:
        entry = decode_entry(row.entry)
    except MalformedMessage:
        said = words.text("fault-unreadable", index=str(row.index))
        return f"<105>1 - {socket.gethostname() or '-'} chaperone-{opened.side.value} - unreadable - {said}".encode("ascii", "replace")
    entry = leaving(entry, opened.side)
    said = words.sentence(sentence(entry.event)).rstrip()
    hostname = socket.gethostname()
    return message(form, opened.side, opened.log_id, hostname, row.index, entry, plain_fields(entry.event), said)


def _read_state(state: Path | None, log_id: str) -> int:
    if state is None or not state.exists():
        return 0
    try:
        said = json.loads(state.read_bytes())
        found, done = str(said["log"]), int(said["entry"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise StreamFailed(f"{state} cannot be used: {fault}") from None
    if found != log_id:
        raise StreamFailed(f"{state} is of another log")
    return done


def _write_state(state: Path | None, log_id: str, done: int) -> None:
    if state is None:
        return
    try:
        write_private(state, json.dumps({"entry": done, "log": log_id}).encode("ascii"))
    except OSError as fault:
        raise StreamFailed(f"{state} cannot be written: {fault.strerror}") from None
