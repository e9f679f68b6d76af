"""What the host reports of the way that content takes: recorded as it was said, in the only order there is, and nothing follows from it.

Seen to fail when: a report is not counted; `in_time` allows three at once, or does not move on; the number of a visit has no end; a try
with the number of one before begins; one begins while another stands; one ends that never began; a range that is no range, or an address,
is taken; a report of a path that begins has a cause or bytes; the start is noted after the fact instead of recorded.
"""

from dataclasses import replace

import pytest

from audit.events.visit import DirectEnded, DirectStarted
from broker.core.carriage import decide, take
from broker.core.commands import Note, Record
from policy.carrier import Carrier, DirectCause
from policy.decision import Allow, Deny, Reason
from policy.session import EndCause, SessionState
from tests.helpers.broker_core import Meeting, Table, control, messages, noted
from tests.helpers.playbook import NOON
from wire.limits import CARRIER_REPORTS_MAX
from wire.messages.session import CarrierReport, SessionOver

DIRECT = CarrierReport("", 1, Carrier.DIRECT, "10.0.0.0/8", "fd00::/8", None, 0, 0)
RELAY = CarrierReport("", 1, Carrier.RELAY, "", "", DirectCause.STALLED, 1_000_000, 20)


class Host:
    """The host of a visit whose two ends have agreed."""

    def __init__(self) -> None:
        self.meeting = Table().meet()
        self.meeting.seal()

    def says(self, report: CarrierReport, wait: float = 2.0) -> list[object]:
        self.meeting.table.wait(wait)
        return self.meeting.table.run(self.meeting.host_end, control(self.named(report)))

    def named(self, report: CarrierReport) -> CarrierReport:
        return replace(report, session_id=report.session_id or self.meeting.visit.session_id)

    def ended_for(self, reason: Reason, *reports: CarrierReport) -> bool:
        """Did the last of these end the visit, for this reason and in the host's name?"""
        *before, last = reports
        for each in before:
            assert not over(self.says(each))
        commands = self.says(last)
        refusal = noted(commands)[-1]
        return over(commands) == [EndCause.PEER_MISBEHAVED] and (refusal.reason, refusal.what) == (
            reason,
            f"sent by {self.meeting.visit.host_id}",
        )


def over(commands: list[object]) -> list[EndCause]:
    return sorted({said.cause for said in messages(commands, SessionOver)})


def test_a_path_that_begins_is_recorded_before_anything_else_and_its_end_is_noted() -> None:
    host = Host()
    session = host.meeting.visit.session_id
    started = DirectStarted(session_id=session, attempt=1, host_range="10.0.0.0/8", console_range="fd00::/8")
    assert host.says(DIRECT) == [Record((started,))]
    ended = DirectEnded(session_id=session, attempt=1, cause=DirectCause.STALLED, to_technician_bytes=1_000_000, to_host_bytes=20)
    assert host.says(RELAY) == [Note(ended)]
    assert host.says(replace(DIRECT, attempt=7)) == [Record((replace(started, attempt=7),))]


def test_nothing_else_follows_from_a_report() -> None:
    host = Host()
    before = (host.meeting.visit.state, host.meeting.visit.consent)
    host.says(DIRECT)
    assert (host.meeting.visit.state, host.meeting.visit.consent) == before


def test_a_path_that_cannot_be_recorded_ends_the_visit() -> None:
    host = Host()
    host.meeting.table.durable = False
    assert over(host.says(DIRECT)) == [EndCause.LOG_UNAVAILABLE]


@pytest.mark.parametrize(
    "reports",
    [
        (RELAY,),
        (replace(DIRECT, attempt=0),),
        (DIRECT, DIRECT),
        (DIRECT, replace(DIRECT, attempt=2)),
        (DIRECT, replace(RELAY, attempt=2)),
        (DIRECT, RELAY, RELAY),
        (DIRECT, RELAY, DIRECT),
        (replace(DIRECT, attempt=3), replace(RELAY, attempt=3), replace(DIRECT, attempt=2)),
        (replace(DIRECT, session_id="s-another"),),
    ],
    ids=["end first", "no number", "twice", "beside", "end of another", "end twice", "again", "back", "another visit"],
)
def test_a_report_out_of_its_order_ends_the_visit(reports: tuple[CarrierReport, ...]) -> None:
    assert Host().ended_for(Reason.WRONG_MOMENT, *reports)


@pytest.mark.parametrize("told", [True, False], ids=["told late", "lost"])
def test_after_a_cut_line_the_end_of_the_path_may_be_told_late_or_be_lost_with_it(told: bool) -> None:
    host = Host()
    host.says(DIRECT)
    host.meeting.visit.rejoins += 1
    if told:
        assert not over(host.says(replace(RELAY, cause=DirectCause.CUT)))
    assert not over(host.says(replace(DIRECT, attempt=2)))
    assert host.ended_for(Reason.WRONG_MOMENT, replace(DIRECT, attempt=3))


@pytest.mark.parametrize(
    "report",
    [
        replace(DIRECT, host_range="10.0.0.7"),
        replace(DIRECT, console_range="10.0.0.7/8"),
        replace(DIRECT, host_range=""),
        replace(DIRECT, console_range="127.0.0.0/8"),
        replace(DIRECT, host_range="patient: Doe"),
        replace(DIRECT, cause=DirectCause.CUT),
        replace(DIRECT, to_technician=1),
        replace(DIRECT, to_host=1),
    ],
    ids=["address", "writing", "nothing", "this machine", "words", "cause", "bytes to the technician", "bytes to the host"],
)
def test_a_path_begins_between_ranges_and_with_nothing_else(report: CarrierReport) -> None:
    assert Host().ended_for(Reason.MALFORMED, report)


@pytest.mark.parametrize(
    "report",
    [replace(RELAY, cause=None), replace(RELAY, host_range="10.0.0.0/8"), replace(RELAY, console_range="10.0.0.0/8")],
    ids=["no cause", "host", "console"],
)
def test_a_path_that_is_over_has_a_cause_and_no_ranges(report: CarrierReport) -> None:
    assert Host().ended_for(Reason.MALFORMED, DIRECT, report)


def test_two_reports_may_come_at_once_and_then_one_a_second() -> None:
    host = Host()
    host.says(DIRECT)
    assert not over(host.says(RELAY, wait=0.0))
    assert not over(host.says(replace(DIRECT, attempt=2), wait=1.0))
    commands = host.says(replace(RELAY, attempt=2), wait=0.5)
    assert over(commands) == [EndCause.PEER_MISBEHAVED]
    assert noted(commands)[-1].reason is Reason.TOO_FAST


def test_a_visit_has_so_many_reports_and_no_more() -> None:
    host, visit = Host(), None
    visit = host.meeting.visit
    for attempt in range(1, CARRIER_REPORTS_MAX // 2 + 1):
        assert not over(host.says(replace(DIRECT, attempt=attempt)))
        assert not over(host.says(replace(RELAY, attempt=attempt)))
    assert visit.carriage.reports == CARRIER_REPORTS_MAX
    assert host.ended_for(Reason.TOO_FAST, replace(DIRECT, attempt=CARRIER_REPORTS_MAX))


def test_a_report_may_overtake_the_word_that_the_ends_have_agreed() -> None:
    """The two travel on different sockets."""
    meeting = Table().meet()
    assert meeting.visit.state is SessionState.ADMITTED
    report = replace(DIRECT, session_id=meeting.visit.session_id)
    assert decide(meeting.visit, report, NOON) == Allow()
    assert isinstance(take(meeting.visit, report), DirectStarted)
    assert (meeting.visit.carriage.attempt, meeting.visit.carriage.direct) == (1, True)
    assert decide(meeting.visit, replace(report, attempt=2), NOON) == Deny(Reason.WRONG_MOMENT)


def test_the_console_does_not_report() -> None:
    meeting: Meeting = Host().meeting
    commands = meeting.table.run(meeting.console_end, control(replace(DIRECT, session_id=meeting.visit.session_id)))
    assert over(commands) == [EndCause.PEER_MISBEHAVED]
    assert noted(commands)[-1].what == f"sent by {meeting.visit.technician_id}"
