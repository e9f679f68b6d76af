"""Documents or hours that change while a visit runs.

Mutations that were tried, each of which makes this file fail:
    host_client/core/rechecking.py    what is closed stays granted; the chat stays open; new hours are not set; a watcher stays
"""

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import StartTimer
from host_client.core.events import Fired, SiteRulesRead, Timer
from host_client.link import (
    ChatClosed,
    StopCapture,
    StopInput,
)
from policy.decision import Reason
from policy.permissions import Lane
from policy.session import EndCause
from tests.helpers.host_channel import a_whole_channel
from tests.helpers.host_second import WATCH
from tests.helpers.host_visit import cause, controlled, online, viewed
from tests.helpers.site_rules import ALL, LOOK, NOTHING, site
from tests.helpers.views import rules
from wire.schema import decode
from wire.sealed.inner import ChatStanding, HostNotice


def test_a_technician_who_is_off_the_list_leaves_and_before_anybody_is_proven_there_is_nobody_to_ask_about() -> None:
    stage = online()
    stage.admitted()
    assert stage.core.visit is not None
    assert list(stage.core.visit.recheck(stage.now)) == []
    stage, _ = viewed()
    assert stage.core.visit is not None
    assert [type(each) for each in stage.core.visit.recheck(stage.now)] == [StartTimer, StartTimer]
    stage.hears(stage.papers(active=False))
    assert cause(stage) is EndCause.POLICY
    assert stage.logged(log.Refusal)[-1].about == "visit"


def test_control_that_the_site_closes_is_taken_back_and_what_it_leaves_open_stays() -> None:
    stage = online()
    stage.controlling()
    stage.give(SiteRulesRead(site(ALL)))
    assert stage.told(StopInput) == []
    stage.give(SiteRulesRead(site(LOOK, 2)))
    assert stage.told(StopInput)
    assert stage.told(StopCapture) == []
    stage.give(SiteRulesRead(site(NOTHING, 3)))
    assert stage.told(StopCapture)
    assert cause(stage) is EndCause.POLICY


def test_hours_that_end_are_looked_at_again() -> None:
    stage, _ = viewed()
    stage.give(Fired(Timer.POLICY))
    assert stage.told(StopCapture) == []


def test_the_chat_is_shut_by_documents_that_close_it_and_the_visit_goes_on() -> None:
    stage, far = controlled()
    stage.hears(stage.papers(site_policy=rules("site", f'[visits]\nchat = "never"\n{ALL}')))
    assert stage.told(ChatClosed) == [ChatClosed(Reason.SITE_POLICY)]
    said = [decode(plain, ChatStanding, HostNotice) for lane, plain in far.opened() if lane is Lane.CONTROL]
    assert ChatStanding(Reason.SITE_POLICY) in said
    assert stage.core.visit is not None


def test_whoever_only_watches_goes_when_content_may_go_no_other_way_than_directly() -> None:
    assert [each.session_id for each in a_whole_channel().logged(both.SessionEnded)] == [WATCH]
