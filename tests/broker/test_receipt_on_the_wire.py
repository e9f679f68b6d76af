"""A broker that dies between the offer of a receipt and its signature: asked again at the next contact it signs this one, recorded once."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException

from audit.events import evidence
from policy.decision import Reason
from tests.helpers.broker_log import entries, findings
from tests.helpers.broker_process import STARTED_WITHIN, BrokerProcess, Host, running_broker
from tests.helpers.ends import open_host
from tests.helpers.fail_points import KILLED
from tests.helpers.receipt_offers import digest_for, given, statement, visited
from wire.messages.evidence import ReceiptOffered, ReceiptSigned


async def die_over(broker: BrokerProcess, host: Host, session_id: str, point: str, trace: Path) -> None:
    """A broker on the same state is offered the receipt, and is cut off as by a power cut at this point."""
    command = (sys.executable, "-m", "tests.helpers.failing_broker")
    program = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(f"{broker.config} {point} {trace}\n".encode())
    program.stdin.close()
    ready = (await asyncio.wait_for(program.stdout.readline(), STARTED_WITHIN)).decode()
    broker.port = int(ready.strip().rsplit(":", 1)[1])
    async with await open_host(broker, host) as control:
        with pytest.raises(WebSocketException):
            await given(control, ReceiptOffered(statement(broker, host, session_id)))
    await asyncio.wait_for(program.wait(), STARTED_WITHIN)
    assert died_at(trace) == point.replace(":", " ")


def died_at(trace: Path) -> str:
    """The point of its end."""
    *_, last, killed = trace.read_text().splitlines()
    assert killed == KILLED
    return last.removeprefix("point ")


def signed(broker: BrokerProcess, session_id: str) -> list[bytes]:
    """The digests that the log says were signed for this visit."""
    events = (each.event for each in entries(broker))
    return [each.digest for each in events if isinstance(each, evidence.ReceiptSigned) and each.session_id == session_id]


async def test_a_broker_that_dies_between_offer_and_signature_signs_when_it_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    async with running_broker(tmp_path / "broker") as broker:
        technician, host = await broker.technician("t-ann"), await broker.host()
        await broker.publish()
        points = {"before:receipt_signed": 0, "after:receipt_signed": 1}
        sessions = [await visited(broker, technician, host) for _ in points]
        await broker.stop()
        for (point, recorded), session_id in zip(points.items(), sessions, strict=True):
            await die_over(broker, host, session_id, point, tmp_path / f"{recorded}.trace")
            assert len(signed(broker, session_id)) == recorded
        await broker.start_again()
        async with await open_host(broker, host) as control:
            for session_id in sessions:
                other = statement(broker, host, session_id, digest=bytes(32))
                assert await given(control, ReceiptOffered(other)) is Reason.WRONG_MOMENT, "another receipt of the same visit"
                for _ in range(2):
                    said = await given(control, ReceiptOffered(statement(broker, host, session_id)))
                    assert isinstance(said, ReceiptSigned)
                assert signed(broker, session_id) == [digest_for(session_id)], "neither lost nor doubled"
        await broker.stop()
        assert findings(broker) == []
