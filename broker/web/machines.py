"""Machines over HTTP: enrolment, signed documents (`documents.py`), health. No browser may use these; they carry no Origin."""

from dataclasses import dataclass
from secrets import token_hex

from starlette.requests import Request
from starlette.responses import Response

from audit.events import broker as log
from broker.core.commands import KeepTally
from broker.core.proof import host_key, read_signed
from broker.names import introduce, name_of_host
from broker.storage.registry import EnrolledHost
from broker.storage.secret_box import token_hash
from broker.web.documents import SignedDocuments
from broker.web.door import Denied, address_of, answer, body_of
from broker.web.shell import Shell
from policy.decision import Deny, Reason
from policy.throttle import ENROL_BRAKE
from trust.keys import fingerprint
from wire.messages.signin import Done, EnrolmentPayload, HostEnrol, HostEnrolled
from wire.schema import MalformedMessage, read_part
from wire.statements import Algorithm, Label


@dataclass(slots=True)
class Machines:
    """The routes of machines."""

    shell: Shell
    documents: SignedDocuments

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
            ),
            await introduce(self.shell.store.trail, host.host_id, name_of_host(host), host.made),
        )
        if not recorded:
            raise Denied(Reason.LOG_UNAVAILABLE)
        return await self.shell.store.registry.enrol(token, host)

    # ---- health

    async def health(self, _request: Request) -> Response:
        """Does the broker serve, and can it write its log? 503 with LOG_UNAVAILABLE if it cannot."""
        if not await self.shell.log.flush():
            raise Denied(Reason.LOG_UNAVAILABLE)
        await self.shell.store.registry.hosts_known()
        return answer(Done())
