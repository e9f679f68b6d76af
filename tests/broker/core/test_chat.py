"""The chat as the broker sees it: from sealed on where policy lets it be, counted and never read, and shut when policy says so."""

import pytest

from audit.events.visit import ChatOver, SessionEnded
from broker.core.events import Received
from broker.core.lanes import Relayed
from broker.core.narrowing import documents_changed
from policy.decision import Reason
from policy.permissions import Lane
from policy.session import EndCause
from tests.helpers.broker_core import Meeting, Table, believed, control, framed, messages, noted, site_word
from tests.helpers.views import ALLOWS_ALL, SITE, rules
from wire.frames import FrameKind, RecordHeader
from wire.messages.presence import EndRole, Refused
from wire.messages.ticket import TicketSpent

ALLOW = '[[allow]]\nname = "all"\npermissions = ["view", "control"]\n'
NEVER = '[visits]\nchat = "never"\n'
ALWAYS = '[visits]\nchat = "always"\n'
RECORD = RecordHeader(Lane.CHAT, 0, 0, 0).encode() + bytes(40)


def relayed(meeting: Meeting, role: EndRole = EndRole.CONSOLE) -> Relayed:
    end = meeting.console_end if role is EndRole.CONSOLE else meeting.host_end
    verdict, _ = end.judge(bytes((FrameKind.SEALED,)) + RECORD, meeting.table.now)
    return verdict


def told(commands: list[object]) -> list[Reason]:
    return [said.reason for said in messages(commands, Refused) if said.about == "chat"]


def shut(meeting: Meeting) -> list[object]:
    """The site's documents say from now on that nobody writes."""
    table = meeting.table
    newer = believed(table.person, table.listed, sites={SITE: site_word(NEVER + ALLOW)})
    return table.carry(documents_changed(table.board, newer, table.now))


def test_it_passes_from_sealed_on_and_not_before() -> None:
    meeting = Table().meet()
    assert relayed(meeting) is Relayed.MISBEHAVED
    meeting.seal()
    assert relayed(meeting) is relayed(meeting, EndRole.HOST) is Relayed.FORWARD


def test_a_record_before_that_ends_the_visit() -> None:
    meeting = Table().meet()
    commands = meeting.table.run(meeting.console_end, framed(FrameKind.SEALED, RECORD))
    assert [each.cause for each in noted(commands) if isinstance(each, SessionEnded)] == [EndCause.PEER_MISBEHAVED]


@pytest.mark.parametrize("party", ["vendor", "site"])
def test_who_wants_none_has_none_and_both_ends_hear_whose_rule_it_is(party: str) -> None:
    table = Table()
    meeting = table.meet()
    if party == "vendor":
        table.board.believed = believed(table.person, table.listed, vendor=rules("vendor", NEVER + ALLOW))
    else:
        table.board.believed = believed(table.person, table.listed, sites={SITE: site_word(NEVER + ALLOW)})
    commands = table.run(meeting.host, seal(meeting))
    assert told(commands) == [Reason.VENDOR_POLICY if party == "vendor" else Reason.SITE_POLICY] * 2
    assert relayed(meeting) is Relayed.MISBEHAVED


def seal(meeting: Meeting) -> Received:
    return control(TicketSpent(meeting.visit.ticket, meeting.visit.session_id))


@pytest.mark.parametrize(("vendor", "site", "opens"), [("", "", False), (ALWAYS, "", False), ("", ALWAYS, False), (ALWAYS, ALWAYS, True)])
def test_with_health_data_both_parties_have_to_say_always(vendor: str, site: str, opens: bool) -> None:
    table = Table()
    meeting = table.meet()
    sites = {SITE: site_word(f"{site}[phi]\nhosts = ['{table.listed.id}']\n{ALLOW}")}
    table.board.believed = believed(table.person, table.listed, vendor=rules("vendor", vendor + ALLOW), sites=sites)
    meeting.seal()
    assert relayed(meeting) is (Relayed.FORWARD if opens else Relayed.MISBEHAVED)


def test_without_documents_in_force_there_is_none() -> None:
    table = Table()
    meeting = table.meet()
    table.board.believed = None
    assert told(table.run(meeting.host, seal(meeting))) == [Reason.DOCUMENT_STALE] * 2
    table = Table()
    meeting = table.meet()
    table.board.believed = believed(table.person, table.listed, vendor=ALLOWS_ALL, sites={SITE: None})
    assert told(table.run(meeting.host, seal(meeting))) == [Reason.DOCUMENT_STALE] * 2


def test_policy_shuts_it_at_once_tells_both_and_counts() -> None:
    meeting = Table().meet()
    meeting.view()
    relayed(meeting)
    relayed(meeting)
    relayed(meeting, EndRole.HOST)
    commands = shut(meeting)
    assert told(commands) == [Reason.SITE_POLICY] * 2
    assert [each for each in noted(commands) if isinstance(each, ChatOver)] == [
        ChatOver(session_id=meeting.visit.session_id, to_host=2, to_technician=1, reason=Reason.SITE_POLICY)
    ]
    assert relayed(meeting) is Relayed.DISCARD, "it was on its way"
    assert not meeting.visit.over
    newer = believed(meeting.table.person, meeting.table.listed)
    assert not told(meeting.table.carry(documents_changed(meeting.table.board, newer, meeting.table.now)))
    assert relayed(meeting) is Relayed.DISCARD, "it does not open again"


def test_the_end_says_how_much_was_written_if_anything_was() -> None:
    for count in (0, 3):
        meeting = Table().meet()
        meeting.view()
        for _ in range(count):
            relayed(meeting)
        commands = meeting.table.run(meeting.console_end, framed(FrameKind.SEALED, b"\xff"))
        over = [each for each in noted(commands) if isinstance(each, ChatOver)]
        assert [(each.to_host, each.to_technician, each.reason) for each in over] == ([(3, 0, None)] if count else [])
