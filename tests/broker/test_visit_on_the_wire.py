"""One visit between two honest ends and a real broker, from the code to the end; and what stands in the log afterwards."""

import asyncio
from dataclasses import replace
from pathlib import Path

from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_log import findings, names
from tests.helpers.broker_process import PASSWORD, read, running_broker
from tests.helpers.documents import SiteSigners
from tests.helpers.ends import claim, open_console, open_host, open_ticket, ready_to_meet, record
from tests.helpers.site_rules import LOOK
from tests.helpers.views import rules
from wire.frames import Frame, FrameKind
from wire.messages.documents import DocumentsPiece
from wire.messages.presence import Refused
from wire.messages.session import LeaseHeld, LeaseRenew, SessionOver
from wire.messages.signin import Done, SignIn


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
        assert (await visit.host_control.until(DocumentsPiece)).number == 0


async def test_documents_that_nobody_signed_or_that_are_older_are_refused(tmp_path: Path) -> None:
    async with running_broker(tmp_path, sites=("Site A",)) as broker:
        await broker.publish(older := broker.documents())
        await broker.publish()
        newer = broker.documents()
        altered = (replace(each, content=each.content.replace(b'"version":3', b'"version":9')) for each in newer.files)
        forged = replace(newer, files=tuple(altered))
        elsewhere = SiteSigners("Site B").sign("")
        for bundle, reason in (
            (older, Reason.DOCUMENT_STALE),
            (forged, Reason.DOCUMENT_INVALID),
            (elsewhere, Reason.DOCUMENT_INVALID),
            (broker.documents(expires_in=-1), Reason.DOCUMENT_STALE),
        ):
            assert read(await broker.put(bundle), Refused).reason is reason
        assert await broker.stop() == 0
        await broker.start_again()
        assert read(await broker.put(older), Refused).reason is Reason.DOCUMENT_STALE
        assert names(broker).count("documents_published") == 2
        assert names(broker).count("documents_refused") == 5


async def test_documents_that_name_another_broker_are_not_for_this_one(tmp_path: Path) -> None:
    async with running_broker(tmp_path, sites=("Site A",)) as broker:
        broker.key, own = bytes(32), broker.key
        assert read(await broker.put(broker.documents()), Refused).reason is Reason.DOCUMENT_INVALID
        broker.key = own
        assert read(await broker.put(broker.documents()), Done) == Done()
        assert read(await broker.put(broker.sites["Site A"].sign("", site="Site B")), Refused).reason is Reason.DOCUMENT_INVALID


async def test_a_site_closes_what_the_vendor_opens_and_its_word_counts_at_once(tmp_path: Path) -> None:
    async with running_broker(tmp_path, sites=("Site A",)) as broker:
        site = broker.sites["Site A"]
        await broker.publish(site.sign(rules("site", LOOK)))
        async with ready_to_meet(broker) as visit:
            await visit.spent()
            await visit.ask()
            await visit.allow()
            await broker.publish(site.sign(rules("site", "", 2)))
            assert (await visit.host_wire.until(SessionOver)).cause is EndCause.POLICY
            number = await open_ticket(visit.host_control)
            assert await claim(visit.console_control, number) is Reason.SITE_POLICY


async def test_a_site_that_says_nothing_in_time_closes_its_hosts(tmp_path: Path) -> None:
    async with running_broker(tmp_path, sites=("Site A",)) as broker:
        anna, host = await broker.technician("t-anna"), await broker.host()
        await broker.publish()
        async with await open_host(broker, host) as control, await open_console(broker, anna, await broker.sign_in(anna)) as console:
            assert await claim(console, await open_ticket(control)) is Reason.DOCUMENT_STALE


async def test_a_site_that_asks_for_classic_passwords_has_older_ones_changed(tmp_path: Path) -> None:
    async with running_broker(tmp_path, sites=("Site A",)) as broker:
        anna = await broker.technician("t-anna")
        await broker.publish()
        assert (await broker.post("/api/sign-in", SignIn(anna.id, PASSWORD, anna.totp()))).status_code == 200
        await broker.publish(broker.sites["Site A"].sign(rules("site", '[sign_in]\npasswords = "classic"\n')))
        due = await broker.post("/api/sign-in", SignIn(anna.id, PASSWORD, anna.totp()))
        assert read(due, Refused).reason is Reason.PASSWORD_DUE
