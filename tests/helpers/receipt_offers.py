"""A scripted host that gives receipts to a real broker, true ones and others."""

import time
from dataclasses import replace
from hashlib import sha256
from typing import Any

from audit.events.visit import SessionEnded
from policy.decision import Reason
from tests.helpers.broker_log import logged
from tests.helpers.broker_process import BrokerProcess, Host, Technician
from tests.helpers.ends import Wire, meeting
from trust.signatures import Ed25519Signer
from wire.messages.evidence import ReceiptKept, ReceiptOffered, ReceiptPayload, ReceiptSealed, ReceiptSigned
from wire.messages.presence import Refused
from wire.schema import decode
from wire.statements import Label, Statement


async def visited(broker: BrokerProcess, technician: Technician, host: Host) -> str:
    """A visit that is over, and its end in the broker's log."""
    async with meeting(broker, technician, host) as met:
        await met.spent()
        await met.end()
        await logged(broker, SessionEnded, lambda event: event.session_id == met.session_id)
    return met.session_id


def digest_for(session_id: str) -> bytes:
    """Of a receipt that this test's host made of the visit."""
    return sha256(session_id.encode()).digest()


def statement(broker: BrokerProcess, host: Host, session_id: str, signer: Ed25519Signer | None = None, **changed: Any) -> Statement:
    """What an honest host signs of a receipt, with something else where it is given."""
    payload = ReceiptPayload(session_id, host.id, host.signer.public_key, broker.id, broker.key, digest_for(session_id), int(time.time()))
    return (signer or host.signer).sign(Label.RECEIPT_HOST, replace(payload, **changed))


async def given(control: Wire, said: ReceiptOffered | ReceiptSealed) -> ReceiptSigned | ReceiptKept | Reason:
    """What the broker answers."""
    await control.say(said)
    while True:
        body = (await control.frame()).body
        if b'"type":"receipt_signed"' in body:
            return decode(body, ReceiptSigned)
        if b'"type":"receipt_kept"' in body:
            return decode(body, ReceiptKept)
        if b'"type":"refused"' in body:
            return decode(body, Refused).reason
