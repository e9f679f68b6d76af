"""Case 28: an *allow* that the host did not sign for this very request opens nothing and ends the visit."""

from dataclasses import replace

import pytest

from audit.events.visit import FrameRefused
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import findings, logged, names
from tests.helpers.broker_process import BrokerProcess, Host
from tests.helpers.ends import Meeting, altered, meeting, record
from wire.frames import FrameKind
from wire.messages.session import SessionOver
from wire.schema import encode
from wire.statements import Label, Statement

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
FORGERIES = (
    "technician says it",
    "technician signs it",
    "another host signs it",
    "altered",
    "other permission",
    "other request",
    "other label",
)


def forged(how: str, visit: Meeting, other: Host) -> tuple[bool, Statement]:
    """Whether the console sends it, and the statement."""
    honest, signer = visit.answered(), visit.host.signer
    match how:
        case "technician says it":
            return True, signer.sign(Label.ANSWERED, honest)
        case "technician signs it":
            return False, visit.technician.device.sign(Label.ANSWERED, honest)
        case "another host signs it":
            return False, other.signer.sign(Label.ANSWERED, honest)
        case "altered":
            return False, altered(signer.sign(Label.ANSWERED, honest))
        case "other permission":
            return False, signer.sign(Label.ANSWERED, replace(honest, permission=Permission.CONTROL))
        case "other request":
            return False, signer.sign(Label.ANSWERED, replace(honest, ask=2))
        case _:
            return False, replace(signer.sign(Label.ASKED, honest), label=Label.ANSWERED)


@pytest.mark.parametrize("how", FORGERIES)
async def test_a_forged_allow_opens_no_lane_and_ends_the_visit(broker: BrokerProcess, how: str) -> None:
    number = FORGERIES.index(how)
    anna, host = await broker.technician(f"t-anna-{number}"), await broker.host(f"Analyser {number}")
    other = await broker.host(f"Neighbour {number}")
    await broker.publish()
    async with meeting(broker, anna, host) as visit:
        await visit.spent()
        await visit.ask()
        by_console, statement = forged(how, visit, other)
        wire = visit.console_wire if by_console else visit.host_wire
        await wire.send(FrameKind.LEDGER, encode(statement))
        assert (await visit.console_wire.until(SessionOver)).cause is EndCause.PEER_MISBEHAVED
        assert await visit.host_wire.closed() == Reason.SESSION_OVER
    assert "lane_opened" not in names(broker)
    refused = await logged(broker, FrameRefused, lambda event: event.subject == visit.session_id)
    assert refused.reason in {Reason.WRONG_MOMENT, Reason.SIGNATURE_INVALID}
    assert findings(broker) == []


async def test_an_answer_of_an_earlier_visit_does_not_open_a_later_one(broker: BrokerProcess) -> None:
    """Case 67, the broker's part: statements are bound to their session, so none can be spliced into another."""
    anna, host = await broker.technician("t-splice"), await broker.host("Spliced")
    await broker.publish()
    async with meeting(broker, anna, host) as first:
        elder = first.host.signer.sign(Label.ANSWERED, first.answered())
        await first.end()
        await first.console_wire.closed()
    async with meeting(broker, anna, host) as second:
        await second.spent()
        await second.ask()
        await second.host_wire.send(FrameKind.LEDGER, encode(elder))
        assert (await second.console_wire.until(SessionOver)).cause is EndCause.PEER_MISBEHAVED
    assert "lane_opened" not in names(broker)


async def test_a_picture_before_any_allow_ends_the_visit(broker: BrokerProcess) -> None:
    anna, host = await broker.technician("t-early"), await broker.host("Early")
    await broker.publish()
    async with meeting(broker, anna, host) as visit:
        await visit.spent()
        await visit.ask()
        await visit.host_wire.send(FrameKind.SEALED, record(Lane.SCREEN, 1))
        assert (await visit.console_wire.frame()).kind is not FrameKind.SEALED
        assert await visit.console_wire.closed() == Reason.SESSION_OVER
    assert "lane_opened" not in names(broker)
