"""From settings to a running guardian, and from a signal to a clean stop.

0   told to stop, and stopped         4   not enrolled, or its files cannot be used
1   a fault of this program           5   the log cannot be written: nothing may be done
2   wrong settings or words
"""

import asyncio
import logging
import os
import platform
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from audit.entry import at
from audit.events import evidence as events
from audit.events import host
from audit.log import Side
from audit.merkle import HASH
from host_client.carriers.relay import tls_context
from host_client.config import Enrolment, HostConfig, HostFiles, NotEnrolled, read_enrolment, read_site_root
from host_client.core.events import Acknowledged, DoubtsRead, Fired, ReturnFound, SiteRulesRead, Stopping, Timer
from host_client.core.guardian import Guardian
from host_client.core.in_force import InForce
from host_client.core.ports import Ports
from host_client.core.site_rules import SiteFile
from host_client.core.trusted import Trusted
from host_client.guardian.bulk import Bulk
from host_client.guardian.comparing import Comparing, standing
from host_client.guardian.control import Control, pauses
from host_client.guardian.desk_server import DeskServer
from host_client.guardian.documents import HostDocuments
from host_client.guardian.errands import Errands, ErrandServer
from host_client.guardian.evidence import Evidence, EvidenceUnreadable, KeptDoubt, read_evidence
from host_client.guardian.log_watch import LogWatch
from host_client.guardian.logbook import Logbook
from host_client.guardian.receipts import Receipts
from host_client.guardian.restarting import CommandRestarter, ReturnFile
from host_client.guardian.session import SecondSession, Session
from host_client.guardian.shell import Shell, Tasks, Wires, mark_code
from host_client.guardian.site_policy import read_site_policy, stamp, watch_site_policy
from host_client.guardian.texts import CatalogueTexts
from host_client.guardian.witness import Witnesses, WitnessUnknown, read_witness
from policy.decision import Reason
from policy.instant import Instant
from runtime.config import ConfigRefused
from runtime.file_log import FileLog, LogUnavailable, Notary
from runtime.log_opening import open_log
from runtime.private_files import FileExposed, private_folder
from trust.keys import KeyUnreadable, fingerprint, load_key
from trust.refused import DocumentRefused
from trust.signatures import Ed25519Signer, ed25519_verifies
from trust.told import told
from wire.messages.evidence import Doubt

_LOG = logging.getLogger(__name__)
VERSION = "0.1.0"
DAY_SECONDS = 24 * 3600.0
EXIT_DONE, EXIT_FAULT, EXIT_WORDS, EXIT_NOT_ENROLLED, EXIT_NO_LOG = 0, 1, 2, 4, 5


def read_clock() -> Instant:
    """Both clocks, read together. The run-time clock counts sleep where the system has one that does."""
    boot = time.clock_gettime(time.CLOCK_BOOTTIME) if platform.system() == "Linux" else time.monotonic()
    return Instant(time.time(), boot)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a guardian is made of; tests put a port of their own in the place of one."""

    enrolment: Enrolment
    signer: Ed25519Signer
    documents: HostDocuments
    in_force: InForce | None
    log: FileLog
    evidence: Evidence
    clock: Callable[[], Instant] = read_clock


class GuardianProgram:
    """A guardian with everything around it."""

    def __init__(self, files: HostFiles, config: HostConfig, parts: Parts) -> None:
        """Raises ConfigRefused, ssl.SSLError."""
        self._files, self._parts, self._site_policy = files, parts, config.site_policy
        self._stop: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
        self._tasks = Tasks(self.stop)
        waits = config.restart_seconds if config.restart else None
        ports = Ports(os.urandom, parts.signer, CatalogueTexts(), fingerprint, config.files_megabytes * 10**6, waits)
        documents = parts.documents
        trusted = Trusted(parts.enrolment.known(), parts.signer.public_key, parts.in_force, documents.held)
        witnesses = self._witnesses(config)
        self._logbook = Logbook(parts.log, parts.clock, signed=witnesses.offer)
        comparing = Comparing(self._logbook, parts.evidence, parts.clock)
        receipts = Receipts(files.receipts, parts.log, files.log, parts.enrolment.site, parts.signer, parts.clock)
        core = Guardian(trusted, ports)
        self._shell = Shell(core, self._logbook, comparing, receipts, parts.clock, files.mark, documents, self._tasks)
        context = tls_context(parts.enrolment.ca)
        url = parts.enrolment.broker_url
        self.control = Control(self._shell, self._tasks, url, context, pauses(random.SystemRandom().random))
        self._session = Session(self._shell, self._tasks, url, context)
        self._second = SecondSession(self._shell, self._tasks, url, context)
        self._bulk = Bulk(self._shell, self._tasks, url, context)
        self._desk = DeskServer(files.socket(config), self._shell, (self._session, self._second), self._bulk, self._tasks)
        self._errands = Errands(parts.log, self._logbook, parts.evidence, parts.enrolment.host_id, parts.clock, self._doubt_seen)
        self._counter = ErrandServer(files.errands(config), self._errands)
        self._keep_days = config.keep_days
        self._returning = ReturnFile(files.returning)
        restarter = CommandRestarter(config.restart)
        self._shell.attach(Wires(self._desk, self.control, self._session, self._bulk, restarter, self._returning, self._second))

    def _witnesses(self, config: HostConfig) -> Witnesses:
        host_id, documents, loop = self._parts.enrolment.host_id, self._parts.documents, asyncio.get_running_loop()
        for name in config.witness:
            try:
                read_witness(name, host_id)
            except WitnessUnknown as fault:
                raise ConfigRefused(str(fault)) from None
        witnesses = Witnesses(lambda: (*config.witness, *documents.witnesses), host_id, self._tasks.go, self._witness_failed)

        def held(note: str) -> None:
            loop.call_soon_threadsafe(witnesses.offer, note)

        self._parts.evidence.held_anew = held
        return witnesses

    def stop(self, fault: BaseException | None = None) -> None:
        """End `run`, after everything was narrowed and recorded."""
        if not self._stop.done():
            self._stop.set_result(fault)

    async def run(self, ready: Callable[[], None], on_line: Callable[[], None]) -> None:
        """Until stopped. Calls `ready` when a desk may come, `on_line` when the broker is proven for the first time."""
        await self._begin()
        await self._begin_site_policy()
        await self._desk.listen()
        await self._counter.listen()
        self._tasks.go(self.control.keep())
        self._tasks.go(self._expire())
        self._tasks.go(LogWatch(self._logbook, self._parts.clock, self._visiting, self._log_failing).keep())
        self._tasks.go(self._tell_on_line(on_line))
        ready()
        fault = await self._stop
        self._shell.narrow()
        await self._shell.happened(Stopping())
        self._shell.stop_timers()
        self._session.close()
        self._second.close()
        self._bulk.close()
        self.control.drop()
        await self._logbook.checkpoint()
        await self._counter.close()
        await self._desk.close()
        await self._tasks.stop()
        if fault is not None:
            raise fault

    async def _tell_on_line(self, on_line: Callable[[], None]) -> None:
        await self.control.opened.wait()
        on_line()

    async def _doubt_seen(self, subject: str) -> None:
        _LOG.warning("the doubt about the log of %s was acknowledged", subject)
        await self._shell.happened(Acknowledged(subject))

    async def _witness_failed(self, name: str, fault: str) -> None:
        _LOG.warning("the witness %s was not given the newest head: %s", name, fault)
        await self._logbook.note(events.WitnessFailed(witness=name))

    async def _expire(self) -> None:
        """What the settings let go, at start and once a day."""
        while self._keep_days:
            try:
                await self._errands.expire(self._keep_days, "keep_days")
            except (LogUnavailable, OSError) as fault:
                _LOG.warning("nothing could be let go of the log: %s", fault)
            await asyncio.sleep(DAY_SECONDS)

    def _visiting(self) -> bool:
        return self._shell.core.visit is not None

    async def _log_failing(self) -> None:
        self._shell.narrow()  # before it waits for its turn
        await self._shell.happened(Fired(Timer.LOG))

    async def _begin_site_policy(self) -> None:
        """The site's own rules, before anybody can be let in by anything else."""
        path = self._site_policy
        if path is None:
            return
        known = stamp(path)
        await self._site_policy_read(read_site_policy(path))
        self._tasks.go(watch_site_policy(path, known, self._site_policy_read))

    async def _site_policy_read(self, read: SiteFile) -> None:
        await self._shell.happened(SiteRulesRead(read))

    async def _begin(self) -> None:
        started = (host.HostStarted(host_id=self._parts.enrolment.host_id, version=VERSION),)
        if not await self._logbook.record(started):
            raise LogUnavailable("the log cannot be written")
        await self._begin_evidence()
        await self._shell.happened(DoubtsRead(standing(self._parts.evidence)))
        if self._files.mark.exists():
            # Whoever held the code's second half is gone with the process: a crash burns the code (docs/protocol.md, section 3).
            ticket = self._files.mark.read_text(encoding="ascii", errors="replace")
            await self._logbook.note(host.CodeOver(ticket=ticket, reason=Reason.CODE_BURNT))
            mark_code(self._files.mark, None)
        kept = self._returning.take()
        if kept is not None:
            await self._shell.happened(ReturnFound(kept))

    async def _begin_evidence(self) -> None:
        """What was found when the log was opened is kept and recorded once; otherwise a checkpoint says where this run began."""
        doubted = self._parts.log.doubted
        if doubted is None:
            await self._logbook.checkpoint()
            return
        host_id, held, given = self._parts.enrolment.host_id, doubted.held, doubted.given
        new = KeptDoubt(host_id, Doubt.OWN_LOG, doubted.held_note, "", int(self._parts.clock().utc))
        for finding in doubted.findings:
            _LOG.error("the log of this host: entry %d is %s", finding.index, finding.fault.value)
        if not self._parts.evidence.add_doubt(new):
            return
        size, root = (held.size, held.root) if held is not None else (0, bytes(HASH))
        await self._logbook.note(
            events.LogDoubted(
                subject=host_id, doubt=Doubt.OWN_LOG, held_size=size, held_root=root, given_size=given.size, given_root=given.root
            )
        )


def open_parts(files: HostFiles) -> Parts:
    """Everything from the state folder. Raises NotEnrolled, LogUnavailable."""
    enrolment = read_enrolment(files.enrolment)
    try:
        private_folder(files.state)
        signer = load_key(files.key)
        documents = documents_of(files, enrolment)
        in_force = documents.restore()
        evidence = read_evidence(files.evidence)
    except (OSError, KeyUnreadable, FileExposed, DocumentRefused, EvidenceUnreadable) as fault:
        raise NotEnrolled(told(fault)) from None
    return Parts(enrolment, signer, documents, in_force, open_host_log(files, signer), evidence)


def documents_of(files: HostFiles, enrolment: Enrolment, clock: Callable[[], Instant] = read_clock) -> HostDocuments:
    """The signed documents that this host keeps. Raises DocumentInvalid for a pinned root that was damaged, OSError."""
    roots = (enrolment.vendor_root, read_site_root(files))
    return HostDocuments(files.documents, enrolment.site, enrolment.broker_id, *roots, clock)


def open_host_log(files: HostFiles, signer: Ed25519Signer | None = None) -> FileLog:
    """The host's log, with the host's key for its checkpoints once there is one. Raises LogUnavailable."""
    notary = Notary(signer.public_key, signer.sign_note, ed25519_verifies) if signer is not None else None
    return open_log(files.log, Side.HOST, at(read_clock()), notary)


async def run_guardian(files: HostFiles, config: HostConfig, parts: Parts, say: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT. `say` gets `ready ...` when a desk may come and `online ...` when the broker is proven."""
    program = GuardianProgram(files, config, parts)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, program.stop)
    host_id = parts.enrolment.host_id
    await program.run(lambda: say(f"ready guardian of {host_id}"), lambda: say(f"online at {parts.enrolment.broker_url}"))
