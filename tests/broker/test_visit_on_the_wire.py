"""One visit between two honest ends and a real broker, from the code to the end; and what stands in the log afterwards."""

from pathlib import Path

from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_log import findings, names
from tests.helpers.broker_process import running_broker
from tests.helpers.ends import ready_to_meet, record
from wire.frames import Frame, FrameKind
from wire.messages.session import LeaseHeld, LeaseRenew, SessionOver


async def test_a_visit_runs_from_the_code_to_the_end_and_the_log_tells_it(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        async with ready_to_meet(broker) as visit:
            await visit.host_wire.send(FrameKind.HANDSHAKE, b"from the host")
            assert await visit.console_wire.frame() == Frame(FrameKind.HANDSHAKE, b"from the host")
            await visit.console_wire.send(FrameKind.SEALED, identity := record(Lane.CONTROL, 0))
            assert (await visit.host_wire.frame()).body == identity
            await visit.spent()
            await visit.ask()
            await visit.allow()
            await visit.host_wire.send(FrameKind.SEALED, picture := record(Lane.SCREEN, 1, size=60_000))
            assert (await visit.console_wire.frame()).body == picture
            await visit.ask(2, Permission.CONTROL)
            await visit.allow(2, Permission.CONTROL)
            await visit.console_wire.send(FrameKind.SEALED, click := record(Lane.INPUT, 2, size=64))
            assert (await visit.host_wire.frame()).body == click
            await visit.host_control.say(LeaseRenew(visit.session_id))
            assert await visit.host_control.until(LeaseHeld) == LeaseHeld(visit.session_id, 30)
            await visit.end()
            assert (await visit.console_wire.frame()).kind is FrameKind.LEDGER
            assert await visit.console_wire.hear(SessionOver) == SessionOver(visit.session_id, EndCause.HOST_ENDED)
            assert await visit.host_wire.until(SessionOver) == SessionOver(visit.session_id, EndCause.HOST_ENDED)
        assert await broker.stop() == 0
        assert findings(broker) == []
        told = ["ticket_opened", *["admission_step"] * 8, "session_opened", "ticket_closed", "asked", "answered", "lane_opened"]
        told += ["asked", "answered", "lane_opened", "session_ended"]
        assert [name for name in names(broker) if name in told] == told
