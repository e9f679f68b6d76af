"""Machines over HTTP: enrolment, the signed directory, health. No browser may use these; they carry no Origin."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex

from starlette.requests import Request
from starlette.responses import Response

from audit.events import broker as log
from broker.core.commands import KeepTally
from broker.core.narrowing import directory_changed
from broker.core.proof import host_key, read_signed
from broker.storage.registry import EnrolledHost
from broker.storage.secret_box import token_hash
from broker.web.door import Denied, address_of, answer, body_of
from broker.web.shell import Shell
from policy.decision import Deny, Reason
from policy.throttle import ENROL_BRAKE
from trust.directory import DocumentInvalid, DocumentRefused, TrustedDirectory
from trust.keys import fingerprint
from wire.limits import CONTROL_FRAME_MAX
from wire.messages.documents import Directory
from wire.messages.signin import Done, EnrolmentPayload, HostEnrol, HostEnrolled
from wire.schema import MalformedMessage, encode, read_part
from wire.statements import Algorithm, Label, Statement


@dataclass(slots=True)
class Machines:
    """The routes of machines. `trusted` is the directory as this process accepted it."""

    shell: Shell
    trusted: TrustedDirectory

    # ---- enrolment

    async def enrol(self, request: Request) -> Response:
        """A host presents its single-use token and the key it made."""
        said = await body_of(request, HostEnrol)
        address = address_of(request)
        subject = f"token {address}"
        decided = self.shell.board.may_try(subject, ENROL_BRAKE, self.shell.clock())
        if isinstance(decided, Deny):
            raise Denied(decided.reason)
        host = await self._described(said)
        if host is None or not await self._enrolled(token_hash(said.token), host, address):
            tally = self.shell.board.count_failure(subject, ENROL_BRAKE, self.shell.clock())
            await self.shell.keep_tally(KeepTally(subject, tally))
            await self.shell.stranger(address, log.EnrolRefused(address=address, reason=Reason.ENROLMENT_INVALID))
            raise Denied(Reason.ENROLMENT_INVALID)
        return answer(HostEnrolled(host.host_id, self.shell.board.broker_id, self.shell.signer.public_key, host.site))

    async def _described(self, said: HostEnrol) -> EnrolledHost | None:
        utc = self.shell.clock().utc
        site = await self.shell.store.registry.token_site(token_hash(said.token), utc)
        try:
            claimed = read_part(EnrolmentPayload, said.registration.payload)
        except MalformedMessage:
            return None
        signed = read_signed(said.registration, Label.HOST_ENROLMENT, (host_key(claimed.key),), EnrolmentPayload)
        if site is None or isinstance(signed, Deny):
            return None
        return EnrolledHost(
            host_id=f"h-{token_hex(8)}",
            key=claimed.key,
            name=claimed.name,
            site=site,
            model=claimed.model,
            phi=claimed.phi,
            accepted_by=claimed.accepted_by,
            terms_version=claimed.terms_version,
            made=utc,
        )

    async def _enrolled(self, token: bytes, host: EnrolledHost, address: str) -> bool:
        if await self.shell.store.registry.knows_key(host.key):
            return False
        recorded = await self.shell.record(
            log.HostEnrolled(
                host_id=host.host_id,
                fingerprint=fingerprint(Algorithm.ED25519, host.key),
                site=host.site,
                model=host.model,
                phi=host.phi,
                accepted_by=host.accepted_by,
                terms_version=host.terms_version,
                address=address,
            )
        )
        if not recorded:
            raise Denied(Reason.LOG_UNAVAILABLE)
        return await self.shell.store.registry.enrol(token, host)

    # ---- directory

    async def publish(self, request: Request) -> Response:
        """A new directory. Its signature is the authority; who brings it does not matter."""
        statement = await body_of(request, Statement, CONTROL_FRAME_MAX)
        try:
            directory = self.trusted.check(statement, self.shell.clock().utc)
            self._about_us(directory)
        except DocumentRefused as fault:
            refused = log.DirectoryRefused(address=address_of(request), reason=fault.reason)
            await self.shell.stranger(address_of(request), refused)
            raise Denied(fault.reason) from None
        if statement != self.trusted.statement:
            await self._take(statement, directory, address_of(request))
        return answer(Done())

    def _about_us(self, directory: Directory) -> None:
        if (directory.broker.id, directory.broker.key) != (self.shell.board.broker_id, self.shell.signer.public_key):
            raise DocumentInvalid("it names another broker")

    async def _take(self, statement: Statement, directory: Directory, address: str) -> None:
        digest = sha256(statement.payload).digest()
        if not await self.shell.record(log.DirectoryPublished(version=directory.version, digest=digest, address=address)):
            raise Denied(Reason.LOG_UNAVAILABLE)
        if not await self.shell.store.registry.keep_directory(directory.version, encode(statement)):
            raise Denied(Reason.DOCUMENT_STALE)
        self.trusted.accept(statement, self.shell.clock().utc)
        await self.shell.perform(directory_changed(self.shell.board, directory, statement, self.shell.clock()))

    # ---- health

    async def health(self, _request: Request) -> Response:
        """Does the broker serve, and can it write its log? 503 with LOG_UNAVAILABLE if it cannot."""
        if not await self.shell.log.flush():
            raise Denied(Reason.LOG_UNAVAILABLE)
        await self.shell.store.registry.newest_directory()
        return answer(Done())
