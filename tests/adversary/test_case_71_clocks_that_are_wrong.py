"""Case 71: the broker's calendar an hour back or ahead, also in the middle of a visit; the host's ten years; a leap second, summer time,
the year 2038. Nothing is accepted early, and nothing outlives its time: durations run on the clock that nobody can set, and what has to be
kept by the calendar is over when it seems to come from the future.

Cores, store and documents with made-up readings of both clocks: nothing here waits, and no process of the product knows of it.

Mutations that were tried, each of which makes this file fail:
    policy/instant.py             `elapsed_since` counts by the calendar
    policy/one_time.py            `within_calendar` takes what is of the future
    broker/storage/sign_ins.py    `_young` without the latest `seen` and `made`; without the latest `factor`
    broker/core/lanes.py          a lane is open until a calendar time
    broker/storage/tallies.py     `load` reckons a pause of the future as over
    trust/updater.py              `time` is the machine's clock alone

Left: two nodes whose clocks differ by five minutes, and one clock for a claim on both (there is one broker). `clock_suspect` is set in an
entry for a calendar before 1970 alone. By the calendar, and so as wrong as it: what waits in the broker's database with an end of its own
(invitations, tokens of enrolment, the bootstrap secret) lives longer by what the clock was set back; a TOTP code is one of the broker's
own half minute.
"""

from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyotp
import pytest

from audit.entry import at as entry_at
from broker.core.believed import Believed
from broker.core.commands import Command, FindSignIn
from broker.core.events import Fired, Timer
from broker.core.lanes import Lanes, Relayed
from broker.storage.store import Store
from broker.web.secrets_check import step_of
from host_client.link import GetHelp, ShowPrompt
from policy.consent import Consent, asked, granted, may_pass
from policy.decision import Allow, Deny, Reason
from policy.hours import is_open, wall
from policy.instant import Instant
from policy.language import When
from policy.one_time import within_calendar
from policy.permissions import Lane, Permission
from policy.shape import Hours
from policy.throttle import SIGN_IN_BRAKE, Tally, failed, may_try
from tests.helpers.broker_core import SIGN_IN, Meeting, Table, believed, refused
from tests.helpers.host_core import Stage
from tests.helpers.watched_sign_in import Watching, watching
from tests.trust.simulator import LYON, Vendor, at, reader
from trust.publication import DAY
from trust.refused import DocumentStale
from wire.frames import Frame, FrameKind, RecordHeader
from wire.limits import LEASE_GONE_SECONDS, LEASE_SECONDS, SESSION_HARD_LIMIT_SECONDS, TICKET_SECONDS
from wire.messages.presence import EndRole

pytestmark = pytest.mark.adversary
__all__ = ["watching"]
HOUR, YEARS = 3600.0, 10 * 365.25 * DAY
JUMPS = (-YEARS, -HOUR, -300.0, 300.0, HOUR, YEARS)
BEFORE_2038 = float(2**31 - 5)


def jumped(now: Instant, seconds: float, passed: float = 0.0) -> Instant:
    """Somebody sets the calendar, and meanwhile time passes."""
    return Instant(now.utc + seconds + passed, now.boot + passed)


# ---- what lives within a process: codes, leases, lanes, grants, limits


@pytest.mark.parametrize("jump", JUMPS)
def test_a_support_code_lives_ten_minutes_whatever_the_calendar_says(jump: float) -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    number = table.ticket(host)
    table.board.believed = _for_ever(table)
    table.now = jumped(table.now, jump, TICKET_SECONDS - 1)
    assert Reason.CODE_WRONG in refused(table.claim(console, number, "0000")), "it is still tried"
    table.now = jumped(table.now, -jump, 1)
    assert Reason.CODE_EXPIRED in refused(table.claim(console, number))


def _for_ever(table: Table) -> Believed:
    """Documents that outlive every jump, so that it is the code's own time that is looked at."""
    return believed(table.person, table.listed, over=2.0**40)


def over(meeting: Meeting) -> bool:
    return meeting.visit.over


@pytest.mark.parametrize("jump", JUMPS)
def test_a_lease_and_the_limit_of_a_visit_end_on_the_clock_that_nobody_sets(jump: float) -> None:
    table = Table()
    meeting = table.meet()
    meeting.view()
    table.now = jumped(table.now, jump)
    assert meeting.visit.lease_left(table.now) == LEASE_SECONDS
    table.run(meeting.host, Fired(Timer.HARD_LIMIT))
    assert over(meeting) is False, "not early"
    table.now = jumped(table.now, -jump, LEASE_SECONDS)
    assert meeting.visit.lease_left(table.now) == 0
    table.run(meeting.host, Fired(Timer.LEASE))
    assert (over(meeting), meeting.visit.lapsed) == (False, True)
    table.now = jumped(table.now, jump, LEASE_GONE_SECONDS - LEASE_SECONDS)
    table.run(meeting.host, Fired(Timer.LEASE))
    assert over(meeting) is True

    other = Table()
    longer = other.meet()
    longer.view()
    other.now = jumped(other.now, jump, SESSION_HARD_LIMIT_SECONDS)
    other.run(longer.host, Fired(Timer.HARD_LIMIT))
    assert longer.visit.over


@pytest.mark.parametrize("jump", JUMPS)
def test_a_lane_and_a_grant_are_open_as_long_as_was_answered(jump: float) -> None:
    begin = Instant(1_800_000_000.0, 1000.0)
    lanes, until = Lanes(), begin.after(600)
    lanes.open(Lane.INPUT, 1, until)
    record = Frame(FrameKind.SEALED, RecordHeader(Lane.INPUT, 1, 0, 0).encode() + bytes(100)).encode()
    consent = granted(asked(Consent(), 1), Permission.VIEW, until)
    late = jumped(begin, jump, 599.9)
    assert lanes.judge(EndRole.CONSOLE, record, late) is Relayed.FORWARD
    assert may_pass(consent, Lane.SCREEN, 1, late) == Allow()
    over = jumped(begin, jump, 600)
    assert lanes.judge(EndRole.CONSOLE, record, over) is Relayed.DISCARD
    assert may_pass(consent, Lane.SCREEN, 1, over) == Deny(Reason.NOT_GRANTED)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_visit_at_a_host_goes_on_but_not_by_documents_that_are_over(jump: float) -> None:
    """Ten years ahead no document stands: nothing new is asked of the person."""
    stage = Stage()
    stage.online()
    far = stage.viewing()
    stage.now = jumped(stage.now, jump)
    far.ask(Permission.CONTROL)
    assert bool(stage.told(ShowPrompt)) is (jump < YEARS)


# ---- brakes


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_brake_holds_for_its_pause_and_a_restart_on_a_wrong_clock_forgives_nothing(tmp_path: Path, jump: float) -> None:
    now = Instant(1_800_000_000.0, 5000.0)
    tally = Tally()
    for _ in range(SIGN_IN_BRAKE.failures):
        tally = failed(tally, SIGN_IN_BRAKE, now)
    paused = Deny(SIGN_IN_BRAKE.reason)
    assert may_try(tally, SIGN_IN_BRAKE, jumped(now, jump, SIGN_IN_BRAKE.pause - 1)) == paused
    assert may_try(tally, SIGN_IN_BRAKE, jumped(now, jump, SIGN_IN_BRAKE.pause)) == Allow()
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    await store.tallies.keep("anna", tally)
    booted = Instant(now.utc + min(jump, 0.0), 3.0)
    loaded = (await store.tallies.load(booted))["anna"]
    await store.close()
    assert may_try(loaded, SIGN_IN_BRAKE, booted.after(SIGN_IN_BRAKE.pause - 1)) == paused, "set back, it begins anew"
    assert may_try(loaded, SIGN_IN_BRAKE, booted.after(SIGN_IN_BRAKE.pause)) == Allow(), "and ends"


# ---- sign-ins, which outlive a process


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_sign_in_does_not_outlive_its_time_when_the_calendar_is_set(watching: Watching, jump: float) -> None:
    """An hour back would give twenty idle minutes eighty, and a second factor of five minutes sixty-five."""
    if abs(jump) <= 300:
        watching.table.wait(1)
    watching.table.now = jumped(watching.table.now, jump)
    live = await watching.shell.store.sign_ins.by_id(SIGN_IN, watching.table.now.utc)
    await watching.shell.look_at_sign_ins()
    if 0 < jump <= 300:
        assert live is not None
        assert watching.ear.told == []
    else:
        assert live is None
        assert watching.ear.told == [Reason.NOT_SIGNED_IN]
        assert watching.meeting.visit.over


async def test_a_correction_of_a_second_puts_nobody_out(watching: Watching) -> None:
    for correction in (-1.0, 1.0, -0.5):
        watching.table.now = jumped(watching.table.now, correction)
        await watching.shell.look_at_sign_ins()
    assert watching.ear.told == []


@pytest.mark.parametrize("jump", [-YEARS, -HOUR, -6.0, 301.0, HOUR, YEARS])
async def test_a_second_factor_is_not_fresh_by_a_clock_that_was_set(watching: Watching, jump: float) -> None:
    then = watching.table.now
    assert within_calendar(then.utc, 300, jumped(then, 0, 299).utc)
    assert not within_calendar(then.utc, 300, jumped(then, jump).utc)
    watching.table.now = jumped(then, jump)
    found: list[Any] = []

    def ask() -> Generator[Command, Any, None]:
        found.append((yield FindSignIn(SIGN_IN)))

    await watching.shell.perform(ask())
    assert found == [None] or found[0].factor_age > 300


async def test_a_row_that_says_it_proved_itself_tomorrow_has_not(watching: Watching) -> None:
    store, now = watching.shell.store, watching.table.now.utc
    assert await store.sign_ins.renew(SIGN_IN, b"n" * 32, now + DAY)
    await store.sign_ins.touch(SIGN_IN, now)
    assert await store.sign_ins.by_id(SIGN_IN, now) is None
    assert SIGN_IN not in await store.sign_ins.standing(now)


# ---- documents at a host


def test_a_hosts_calendar_of_ten_years_ago_revives_no_document_and_one_of_ten_years_ahead_admits_nobody(tmp_path: Path) -> None:
    vendor = Vendor()
    host = reader(tmp_path, vendor)
    assert host.refresh(vendor.fetch, at(10), LYON)
    assert host.in_force(at(20 - YEARS, 20)).issued
    for seconds in (-YEARS, -HOUR, 0.0):
        with pytest.raises(DocumentStale):
            host.in_force(at(DAY + 20 + seconds, DAY + 20))
    with pytest.raises(DocumentStale):
        host.in_force(at(YEARS, 20))
    assert host.in_force(at(20, 20)).issued, "set right again, it is as it was"


# ---- seconds and hours that come twice, or never


def test_a_leap_second_is_a_second_that_comes_twice_and_a_code_of_it_does_not() -> None:
    midnight = datetime(2017, 1, 1, tzinfo=UTC).timestamp()
    secret = pyotp.random_base32()
    step = int(midnight) // 30 - 1
    last = pyotp.HOTP(secret).at(step)
    assert step_of(secret, last, None, midnight - 0.5) == step
    for again in (midnight, midnight - 0.9, midnight + 0.1):
        assert step_of(secret, last, step, again) is None
    following = pyotp.HOTP(secret).at(step + 1)
    assert step_of(secret, following, step, midnight - 0.9) == step + 1, "one step of drift"
    assert step_of(secret, following, step + 1, midnight + 0.1) is None
    before = Instant(midnight + 0.9, 100.9)
    assert jumped(before, -1, 0.2).elapsed_since(before) == pytest.approx(0.2)


def test_an_hour_that_summer_time_takes_or_gives_is_closed_or_open_by_the_wall() -> None:
    berlin, rule = ZoneInfo("Europe/Berlin"), When(hours=frozenset({Hours(120, 180)}))

    def open_seconds(day: datetime) -> int:
        begin = int(day.timestamp())
        return sum(60 for minute in range(begin, begin + 4 * 3600, 60) if is_open(rule, wall(minute, berlin)))

    assert open_seconds(datetime(2026, 3, 28, tzinfo=berlin)) == 3600
    assert open_seconds(datetime(2026, 3, 29, tzinfo=berlin)) == 0, "the hour from two to three does not come"
    assert open_seconds(datetime(2026, 10, 25, tzinfo=berlin)) == 7200, "it comes twice"
    shifts = [datetime(2026, month, day, 0, 59, 59, tzinfo=UTC).timestamp() for month, day in ((3, 29), (10, 25))]
    for moment in shifts:
        tally = Tally()
        for _ in range(SIGN_IN_BRAKE.failures):
            tally = failed(tally, SIGN_IN_BRAKE, Instant(moment, 50.0))
        assert may_try(tally, SIGN_IN_BRAKE, Instant(moment + 3599, 3649.0)) == Deny(SIGN_IN_BRAKE.reason)


async def test_the_year_2038_comes_in_the_middle_of_a_visit(tmp_path: Path) -> None:
    table = Table(now=Instant(BEFORE_2038, 1000.0))
    table.board.believed = _for_ever(table)
    meeting = table.meet()
    meeting.view()
    table.wait(10)
    assert table.now.utc > 2**31
    assert meeting.visit.lease_left(table.now) == LEASE_SECONDS - 10
    assert entry_at(table.now).utc_ms == round((BEFORE_2038 + 10) * 1000)
    stage = Stage(now=Instant(BEFORE_2038, 1000.0))
    stage.online()
    stage.wait(10)
    stage.says(GetHelp())
    assert stage.core is not None
    secret, after = pyotp.random_base32(), int(BEFORE_2038) + 10
    assert step_of(secret, pyotp.TOTP(secret).at(after), None, after) == after // 30


def test_documents_cross_the_year_2038(tmp_path: Path) -> None:
    vendor, now = Vendor(), int(BEFORE_2038)
    vendor.rotate({}, "root", now=now)
    vendor.sign_all(now)
    host = reader(tmp_path, vendor)
    begin = Instant(BEFORE_2038 + 1, 1.0)
    assert host.refresh(vendor.fetch, begin, LYON)
    assert host.in_force(begin.after(60)).expires > 2**31
    with pytest.raises(DocumentStale):
        host.in_force(begin.after(DAY))
