"""Case 27: a host is its key. Another's name opens nothing, a copied key takes over only by proof, tokens enrol once."""

import asyncio
import os
import time

import pytest
from websockets.exceptions import InvalidStatus

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import BrokerProcess, Host, read
from tests.helpers.ends import dial, greet, meeting, open_host, open_ticket, prove
from trust.signatures import Ed25519Signer
from wire.messages.presence import EndProof, EndProofPayload, EndRole, Refused, Welcome
from wire.messages.signin import Done, EnrolmentPayload, HostEnrol, HostEnrolled
from wire.schema import from_base64url
from wire.statements import Label

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]


async def test_another_key_with_this_hosts_name_is_turned_away_and_the_first_stays(broker: BrokerProcess) -> None:
    host, thief = await broker.host(), await broker.host("Thief")
    await broker.publish()
    async with await open_host(broker, host) as control, await dial(broker, "/host") as wire:
        await prove(wire, broker, EndRole.HOST, host.id, thief.signer)
        assert (await wire.until(Refused)).reason is Reason.IDENTITY_NOT_PROVEN
        assert await wire.closed() == Reason.IDENTITY_NOT_PROVEN
        assert await open_ticket(control)


async def test_a_proof_over_another_nonce_is_worth_nothing(broker: BrokerProcess) -> None:
    host = await broker.host("Analyser 2")
    async with await dial(broker, "/host") as wire:
        _, nonce = await greet(wire, EndRole.HOST, host.id)
        payload = EndProofPayload(host.id, broker.id, os.urandom(32), nonce)
        await wire.say(EndProof(host.signer.sign(Label.HOST_HELLO, payload)))
        assert (await wire.until(Refused)).reason is Reason.IDENTITY_NOT_PROVEN


async def test_a_second_socket_takes_over_only_when_it_has_proven_the_key(broker: BrokerProcess) -> None:
    anna, host = await broker.technician("t-anna"), await broker.host("Analyser 3")
    await broker.publish()
    async with meeting(broker, anna, host) as visit, await dial(broker, "/host") as twin:
        said, nonce = await greet(twin, EndRole.HOST, host.id)
        await visit.spent()
        await visit.ask()  # the visit lives while the twin has only said a name
        payload = EndProofPayload(host.id, broker.id, said.broker_nonce, nonce)
        await twin.say(EndProof(host.signer.sign(Label.HOST_HELLO, payload)))
        await twin.until(Welcome)
        assert await visit.host_control.closed() == Reason.TAKEN_OVER
        assert await visit.console_wire.closed() == Reason.SESSION_OVER


async def enrol(running: BrokerProcess, token: bytes, signer: Ed25519Signer) -> HostEnrolled | Reason:
    payload = EnrolmentPayload(signer.public_key, "Copy", "analyser", False, "Local Admin", "1", int(time.time()))
    said = HostEnrol(token, signer.sign(Label.HOST_ENROLMENT, payload))
    response = await running.post("/api/enrol", said, origin=None)
    return read(response, HostEnrolled) if response.status_code == 200 else read(response, Refused).reason


async def test_a_token_enrols_one_host_however_many_race_for_it(broker: BrokerProcess) -> None:
    token = from_base64url((await broker.run("hosts", "token", "--site", "Site B")).strip())
    racers = [enrol(broker, token, Ed25519Signer(os.urandom(32))) for _ in range(4)]
    answers = await asyncio.gather(*racers)
    assert sorted(isinstance(answer, HostEnrolled) for answer in answers) == [False, False, False, True]


async def test_a_key_enrols_once(broker: BrokerProcess) -> None:
    known: Host = await broker.host("Analyser 4")
    token = from_base64url((await broker.run("hosts", "token", "--site", "Site B")).strip())
    assert await enrol(broker, token, known.signer) is Reason.ENROLMENT_INVALID
    assert isinstance(await enrol(broker, token, Ed25519Signer(os.urandom(32))), HostEnrolled)


async def test_a_technicians_cookie_opens_no_host_route_and_a_host_no_technicians(broker: BrokerProcess) -> None:
    berta = await broker.technician("t-berta")
    cookie = await broker.sign_in(berta)
    async with await dial(broker, "/host", cookie=cookie) as wire:
        await prove(wire, broker, EndRole.HOST, berta.id, berta.device)
        assert (await wire.until(Refused)).reason is Reason.IDENTITY_NOT_PROVEN
    with pytest.raises(InvalidStatus):
        await dial(broker, "/console")
    assert (await broker.post("/api/sign-out", Done(), origin=None)).status_code == 403
