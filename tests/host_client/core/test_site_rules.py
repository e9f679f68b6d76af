"""The site's own rules at the host: what they close, when they act, and that nobody can loosen them from outside."""

from datetime import UTC, datetime

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import Record, StartTimer
from host_client.core.events import Fired, SiteRulesRead, Timer
from host_client.core.rules import Rules
from host_client.core.site_rules import SiteFile, SiteRules, may_follow, rules_of
from host_client.link import ShowCodeOver, ShowPrompt, StopCapture, StopInput
from policy.decision import Allow, Deny, Reason
from policy.facts import InstrumentFacts
from policy.language import Party
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import Stage
from tests.helpers.site_rules import ALL, BROKEN, LOOK, NOTHING, site
from trust.rulebooks import silent
from wire.limits import PROMPT_SECONDS, SESSION_HARD_LIMIT_SECONDS

LAB = InstrumentFacts("h-1", "blue", "Site", "AX", "eu", listed=True, phi=False)


def online(read: SiteFile | None = None) -> Stage:
    stage = Stage()
    if read is not None:
        stage.give(SiteRulesRead(read))
    stage.online()
    return stage


def cause(stage: Stage) -> EndCause:
    return stage.logged(both.SessionEnded)[-1].cause


def last_step(stage: Stage) -> tuple[int, Reason | None]:
    step = stage.logged(both.AdmissionStep)[-1]
    return step.step, step.reason


def timer(stage: Stage, which: Timer) -> float:
    return [each.seconds for each in stage.did if isinstance(each, StartTimer) and each.timer is which][-1]


def test_without_a_document_the_site_restricts_nothing_by_itself() -> None:
    assert rules_of(None) == SiteRules()
    rules = Rules(silent(Party.VENDOR), silent(Party.SITE), SiteRules())
    assert isinstance(rules.open(LAB, 0.0), Allow)
    assert rules.local.version == 0
    assert (rules.prompt_seconds(Permission.VIEW), rules.limit_seconds()) == (PROMPT_SECONDS, SESSION_HARD_LIMIT_SECONDS)
    online().viewing()


@pytest.mark.parametrize(("read", "reason"), [(site(NOTHING), Reason.SITE_POLICY), (BROKEN, Reason.SITE_POLICY)])
def test_rules_that_allow_nothing_and_rules_that_cannot_be_read_let_nobody_in(read: SiteFile, reason: Reason) -> None:
    stage = online(read)
    stage.sealed()
    assert cause(stage) is EndCause.POLICY
    assert last_step(stage) == (6, reason)
    assert stage.told(ShowPrompt) == []
    assert stage.told(ShowCodeOver) == [ShowCodeOver(reason)], "the person who waits reads why nobody comes"


def test_a_black_out_is_step_4() -> None:
    stage = online(site(ALL + '[[black_out]]\nname = "series"\ntext = "Samples are running."\nwhen = { hours = ["00:00-24:00"] }\n'))
    stage.sealed()
    assert last_step(stage) == (4, Reason.BLACK_OUT)


def test_what_the_site_does_not_allow_is_answered_without_asking_anybody() -> None:
    stage = online(site(LOOK))
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    assert far.answers()[0].reason is Reason.SITE_POLICY
    assert stage.told(ShowPrompt) == []


def test_the_person_is_asked_for_as_long_as_the_site_says() -> None:
    stage = online(site("[visits]\nlimit_minutes = 5\nprompt_seconds = { view = 20 }\n" + ALL))
    far = stage.sealed()
    assert timer(stage, Timer.HARD_LIMIT) == 300.0
    far.ask(Permission.VIEW)
    assert stage.told(ShowPrompt)[0].seconds == 20
    assert timer(stage, Timer.PROMPT) == 20


def test_health_data_that_the_site_names_count() -> None:
    stage = online(site('[phi]\nmodels = ["ax"]\n' + ALL))
    assert stage.trusted.host_facts(stage.now).phi
    assert not online(site(ALL)).trusted.host_facts(stage.now).phi


# ---- while a visit runs


def test_new_rules_that_close_control_take_it_back_and_the_view_goes_on() -> None:
    stage = online(site(ALL))
    stage.controlling()
    did = stage.give(SiteRulesRead(site(LOOK, 2)))
    assert stage.told(StopInput)
    assert stage.told(StopCapture) == []
    kinds = [type(each).__name__ for each in did]
    assert kinds.index("Tell") < kinds.index("Record"), "a narrowing acts first"
    assert stage.logged(log.SitePolicyAccepted)[-1].version == 2


@pytest.mark.parametrize("read", [site(NOTHING, 2), BROKEN])
def test_new_rules_that_close_the_view_end_the_visit_at_once(read: SiteFile) -> None:
    stage = online(site(ALL))
    stage.controlling()
    stage.give(SiteRulesRead(read))
    assert stage.told(StopInput)
    assert stage.told(StopCapture)
    assert cause(stage) is EndCause.POLICY


def test_new_rules_that_open_more_count_once_they_are_recorded() -> None:
    stage = online(site(LOOK))
    stage.disk = False
    did = stage.give(SiteRulesRead(site(ALL, 2)))
    assert [type(each) for each in did] == [Record]
    assert stage.trusted.site.version == 2
    stage.disk = True
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    assert far.answers()[0].reason is Reason.SITE_POLICY, "both must allow until the new one is recorded"
    stage.give(SiteRulesRead(site(ALL, 2)))
    far.ask(Permission.CONTROL)
    assert stage.told(ShowPrompt)


def test_an_older_document_and_a_file_that_is_taken_away_change_nothing() -> None:
    stage = online(site(LOOK, 3))
    for read, reason in ((site(ALL, 2), Reason.DOCUMENT_STALE), (None, Reason.DOCUMENT_INVALID)):
        stage.give(SiteRulesRead(read))
        assert stage.logged(log.Refusal)[-1].reason is reason
        assert stage.trusted.site.version == 3
    assert may_follow(SiteRules(), None) == Allow()
    assert may_follow(rules_of(site(ALL, 3)), BROKEN) == Allow(), "a slip of the pen closes"
    assert may_follow(rules_of(site(ALL, 3)), site(ALL, 2)) == Deny(Reason.DOCUMENT_STALE)


def test_no_file_where_there_was_none_is_taken_as_it_is() -> None:
    stage = online()
    stage.give(SiteRulesRead(None))
    assert stage.trusted.site == SiteRules()
    stage.give(SiteRulesRead(BROKEN))
    assert stage.logged(log.SitePolicyBroken) == [log.SitePolicyBroken(digest=bytes(32))]
    stage.give(SiteRulesRead(site(ALL)))
    assert stage.trusted.site.version == 1


# ---- hours


def hours(permission: str, end: datetime) -> str:
    return f'[[allow]]\nname = "{permission} until"\npermissions = ["{permission}"]\nwhen = {{ hours = ["00:00-{end:%H:%M}"] }}\n'


def test_at_the_end_of_the_hours_the_visit_ends_and_not_before() -> None:
    stage = Stage()
    stage.now = type(stage.now)(datetime(2027, 3, 2, 11, 59, 30, tzinfo=UTC).timestamp(), stage.now.boot)
    stage.give(SiteRulesRead(site(hours("view", datetime(2027, 3, 2, 12, 0, tzinfo=UTC)))))
    stage.online()
    stage.sealed()
    assert timer(stage, Timer.POLICY) == pytest.approx(30.0)
    assert stage.far is not None
    stage.far.ask(Permission.VIEW)
    stage.allow()
    assert timer(stage, Timer.POLICY) == pytest.approx(28.5)
    stage.wait(20)
    stage.give(Fired(Timer.POLICY))
    assert timer(stage, Timer.POLICY) == pytest.approx(8.5)
    stage.wait(8.5)
    stage.give(Fired(Timer.POLICY))
    assert stage.told(StopCapture)
    assert cause(stage) is EndCause.POLICY


def test_control_can_close_before_the_view() -> None:
    stage = Stage()
    stage.now = type(stage.now)(datetime(2027, 3, 2, 11, 59, 30, tzinfo=UTC).timestamp(), stage.now.boot)
    stage.give(SiteRulesRead(site(LOOK + hours("control", datetime(2027, 3, 2, 12, 0, tzinfo=UTC)))))
    stage.online()
    stage.controlling()
    stage.wait(60)
    stage.give(Fired(Timer.POLICY))
    assert stage.told(StopInput)
    assert stage.told(StopCapture) == []


def test_a_technician_who_is_not_listed_any_more_has_no_time_left() -> None:
    stage = online(site(ALL))
    assert stage.trusted.until("t-nobody", Permission.VIEW, stage.now, 60) == 0.0
