"""One visit between two honest ends and a real broker, from the code to the end; and what stands in the log afterwards."""

import asyncio
from pathlib import Path

from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_log import findings, names
from tests.helpers.broker_process import read, running_broker
from tests.helpers.ends import ready_to_meet, record
from trust.signatures import Ed25519Signer
from wire.frames import Frame, FrameKind
from wire.messages.documents import Directory
from wire.messages.presence import DirectoryChanged, Refused
from wire.messages.session import LeaseHeld, LeaseRenew, SessionOver
from wire.schema import read_part
from wire.statements import Label


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


async def test_a_broker_that_is_told_to_stop_ends_visits_with_their_own_cause_and_records_it(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker, ready_to_meet(broker) as visit:
        stopped = asyncio.create_task(broker.stop())
        for wire in (visit.host_wire, visit.console_wire):
            assert (await wire.until(SessionOver)).cause is EndCause.BROKER_STOPPED
        assert await stopped == 0
        assert findings(broker) == []
        assert names(broker)[-1] == "broker_stopped"
        assert "session_ended" in names(broker)


async def test_a_technician_who_is_struck_off_is_cut_off_at_once(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker, ready_to_meet(broker) as visit:
        await visit.spent()
        await visit.ask()
        await visit.allow()
        broker.technicians.clear()
        await broker.publish()
        assert (await visit.host_wire.until(SessionOver)).cause is EndCause.POLICY
        assert (await visit.console_control.until(Refused)).reason is Reason.DEVICE_NOT_RECOGNISED
        assert (await visit.host_control.until(DirectoryChanged)).directory == broker.newest


async def test_a_directory_that_nobody_signed_or_that_is_older_is_refused(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        older = broker.directory()
        await broker.publish()
        stranger = Ed25519Signer(bytes(32)).sign(Label.DIRECTORY, read_part(Directory, broker.directory().payload))
        for statement, reason in (
            (older, Reason.DOCUMENT_STALE),
            (stranger, Reason.DOCUMENT_INVALID),
            (broker.directory(expires_in=0), None),
        ):
            response = await broker.post("/api/directory", statement, origin=None, method="PUT")
            assert read(response, Refused).reason in {reason, Reason.DOCUMENT_INVALID}
        assert await broker.stop() == 0
        await broker.start_again()
        response = await broker.post("/api/directory", older, origin=None, method="PUT")
        assert read(response, Refused).reason is Reason.DOCUMENT_STALE
