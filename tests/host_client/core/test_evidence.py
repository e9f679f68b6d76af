"""The two logs at the host: every message about them finds heads or receipts, and a doubt stops everything once.

Mutations that were tried, each of which makes this file fail:
    host_client/core/evidence.py    a head that is wanted is not given, or one that is shown not compared; a doubt is not heard or not read;
                                    a refusal is not noted, or leaves the question open; a receipt finds nobody; a visit ends uncompared
"""

import pytest

from audit.events import host as log
from audit.questions import Raised
from host_client.core.commands import CloseControl, FindHeld
from host_client.core.events import Acknowledged, DoubtsRead, Fired, Timer
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.host_core import BROKER, HOST
from tests.helpers.host_visit import cause, online, viewed
from wire.messages.evidence import Doubt, Head, HeadWanted, LogDoubted, ReceiptKept, ReceiptSigned
from wire.messages.presence import Refused
from wire.schema import name_of
from wire.statements import Algorithm, Label, Statement


def test_a_head_that_is_wanted_is_given_and_one_that_is_shown_is_compared() -> None:
    stage = online()
    stage.broker_log.add(log.HostStopped(host_id=HOST))
    stage.hears(HeadWanted(0, ""))
    assert stage.to_broker(Head)
    stage.hears(stage.broker_log.head(0))
    stage.give(Fired(Timer.HEADS))
    assert stage.to_broker(HeadWanted) == [HeadWanted(1, "")], "it goes on from the head that was shown"


def test_a_refusal_is_noted_and_the_question_is_not_asked_again_by_itself() -> None:
    stage = online()
    stage.hears(Refused("lease_renew", Reason.SESSION_OVER))
    assert stage.logged(log.Refusal)[-1].about == "lease_renew"
    stage.hears(Refused(name_of(HeadWanted), Reason.LOG_UNAVAILABLE))
    assert (stage.logged(log.Refusal)[-1].about, stage.logged(log.Refusal)[-1].reason) == ("head_wanted", Reason.LOG_UNAVAILABLE)
    stage.give(Fired(Timer.HEADS))
    assert stage.to_broker(HeadWanted), "the last one is not waited for any more"


@pytest.mark.parametrize(
    "said",
    [ReceiptSigned(Statement(Label.RECEIPT_BROKER, Algorithm.ED25519, b"", bytes(64))), ReceiptKept("s-1", bytes(32))],
    ids=["signed", "kept"],
)
def test_a_receipt_that_nobody_waits_for_ends_the_connection(said: ReceiptSigned | ReceiptKept) -> None:
    assert CloseControl(Reason.WRONG_MOMENT) in online().hears(said)


def test_a_doubt_stops_what_runs_and_stands_until_a_named_person_has_seen_it() -> None:
    stage, _ = viewed()
    stage.hears(LogDoubted(Doubt.FORKED, "a note", ""))
    assert cause(stage) is EndCause.LOG_DOUBTED
    evidence = stage.core._evidence
    assert evidence.doubted
    stage.give(Acknowledged(BROKER))
    assert stage.logged(log.HostStopped) == []
    assert (evidence.doubted, stage.core.visit) == (False, None)


def test_a_doubt_from_before_still_stands_when_it_is_read() -> None:
    stage = online()
    stage.give(DoubtsRead((Raised(BROKER, Doubt.FORKED),)))
    assert stage.core._evidence.doubted


def test_the_end_of_a_visit_is_compared_with_the_brokers() -> None:
    stage, _ = viewed()
    visit = stage.core.visit
    assert visit is not None
    stage.perform(visit.end(EndCause.HOST_ENDED, stage.now))
    did = stage.perform(stage.core._evidence.ended(visit.standing.session_id, stage.now))
    assert [type(each) for each in did] == [FindHeld], "it is compared behind the question that is open"
