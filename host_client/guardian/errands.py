"""What an administrator of this PC has the guardian do: say how things stand, add to an entry, let old ones go, acknowledge a doubt.

The guardian alone writes the log, so a command that runs beside it asks over a socket that only the guardian's own account can
reach; the desk has another one. Where no guardian runs, the command opens the log itself and does the same.

    request    one line of JSON, an Errand           answer    one line of JSON, a Done
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, assert_never

from audit.entry import at
from audit.events.evidence import Correction, DoubtAcknowledged
from host_client.guardian.evidence import Evidence
from host_client.guardian.logbook import Logbook
from policy.instant import Instant
from runtime.file_log import FileLog, LogUnavailable
from runtime.log_expiry import expire
from runtime.peers import owner_of
from runtime.private_files import private_folder
from wire.schema import MalformedMessage, Number, Text, encode_part, part, read_part

ERRAND_MAX = 8 * 1024
ERRAND_SECONDS = 5.0
_LOG = logging.getLogger(__name__)


class What(StrEnum):
    """Kinds of errands."""

    STATUS = "status"
    CORRECT = "correct"
    EXPIRE = "expire"
    ACKNOWLEDGE = "acknowledge"


@part
class Errand:
    """`number`: an entry, or days. `by` names who wants it; `words` are theirs; `subject` whose log, empty for every doubt."""

    what: What
    number: Annotated[int, Number()]
    by: Annotated[str, Text(120)]
    words: Annotated[str, Text(500)]
    subject: Annotated[str, Text(64)]


@part
class Done:
    """Whether it was done, and what to tell."""

    done: bool
    said: Annotated[str, Text(4000)]


class Errands:
    """Runs them, whoever asks. `seen` is called with whose log it is once a doubt was acknowledged."""

    def __init__(
        self,
        log: FileLog,
        logbook: Logbook,
        evidence: Evidence,
        host_id: str,
        clock: Callable[[], Instant],
        seen: Callable[[str], Awaitable[None]],
    ) -> None:
        self._log, self._logbook, self._evidence, self._host_id, self._clock, self._seen = log, logbook, evidence, host_id, clock, seen

    async def run(self, errand: Errand) -> Done:
        """Do it."""
        try:
            match errand.what:
                case What.STATUS:
                    return Done(True, "\n".join(self._standing()))
                case What.CORRECT:
                    return await self._correct(errand)
                case What.EXPIRE:
                    return await self.expire(errand.number, errand.by)
                case What.ACKNOWLEDGE:
                    return await self._acknowledge(errand)
                case _:
                    assert_never(errand.what)
        except (LogUnavailable, OSError) as fault:
            return Done(False, str(fault))

    def _standing(self) -> list[str]:
        since, chain = self._logbook.failing_since, self._log.chain
        lines = [f"log {chain.log_id}, {chain.size} entries"]
        if since is not None:
            seconds, late = int(self._clock().elapsed_since(since)), self._logbook.late
            lines.append(f"THE LOG CANNOT BE WRITTEN for {seconds} s: nothing new is allowed; {late} entries wait")
        return lines

    async def _correct(self, errand: Errand) -> Done:
        if not 1 <= errand.number <= self._log.chain.size:
            return Done(False, f"there is no entry {errand.number}; the log has {self._log.chain.size}")
        if not await self._logbook.record((Correction(about=errand.number, by=errand.by, words=errand.words),)):
            return Done(False, "the log cannot be written")
        return Done(True, f"entry {self._log.chain.size} adds to entry {errand.number}; that one stays as it is")

    async def expire(self, days: int, by: str) -> Done:
        """Let go of what is older than so many days. Raises LogUnavailable, OSError."""
        gone = await asyncio.to_thread(expire, self._log, days, by, at(self._clock()))
        return Done(True, f"the contents of entries {gone[0]} to {gone[1]} are gone" if gone else f"nothing is older than {days} days")

    async def _acknowledge(self, errand: Errand) -> Done:
        doubts = [each for each in self._evidence.doubts if errand.subject in {"", each.subject}]
        for subject in dict.fromkeys(each.subject for each in doubts):
            if not await self._seen_by(subject, errand):
                return Done(False, "the log cannot be written, so nothing was acknowledged")
        if not doubts:
            return Done(False, "there is no such doubt")
        return Done(True, "\n".join(f"acknowledged: the log of {each.subject} ({each.doubt.value})" for each in doubts))

    async def _seen_by(self, subject: str, errand: Errand) -> bool:
        if not await self._logbook.record((DoubtAcknowledged(subject=subject, by=errand.by, why=errand.words),)):
            return False
        own = subject == self._host_id
        if own:
            await asyncio.to_thread(self._log.acknowledged, at(self._clock()))
        await asyncio.to_thread(self._evidence.acknowledge, subject, forget_held=not own)
        await self._seen(subject)
        return True


class ErrandServer:
    """Listens beside the desk's socket."""

    def __init__(self, path: Path, errands: Errands) -> None:
        self._path, self._errands = path, errands
        self._server: asyncio.Server | None = None

    async def listen(self) -> None:
        """Make the socket. Raises OSError."""
        private_folder(self._path.parent)
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._met, str(self._path), limit=ERRAND_MAX)
        finally:
            os.umask(before)

    async def close(self) -> None:
        """Take it away."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if owner_of(writer) in {0, os.getuid()}:
                async with asyncio.timeout(ERRAND_SECONDS):
                    line = await reader.readline()
                done = await self._errands.run(read_part(Errand, line.rstrip(b"\n")))
                writer.write(encode_part(done) + b"\n")
                await writer.drain()
        except (OSError, ValueError, TimeoutError, MalformedMessage) as fault:
            _LOG.warning("an errand was not understood: %s", fault)
        finally:
            writer.close()


async def ask_guardian(path: Path, errand: Errand) -> Done | None:
    """Have the running guardian do it; None if none listens. Raises MalformedMessage, OSError for one that does not answer."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(path), limit=ERRAND_MAX)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    try:
        writer.write(encode_part(errand) + b"\n")
        return read_part(Done, (await reader.readline()).rstrip(b"\n"))
    finally:
        writer.close()
