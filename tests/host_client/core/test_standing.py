"""Where a visit stands: the banner, the abilities, and the one way to narrow."""

import pytest

from host_client.core.standing import PauseCause
from host_client.link import BannerState, ClosePrompt, StopCapture
from host_client.link_files import FileDrop
from policy.decision import Deny, Reason
from policy.permissions import TERMS, Permission
from policy.session import SessionEvent
from tests.helpers.host_core import Stage
from tests.helpers.site_rules import ALL
from tests.helpers.views import rules


def online() -> Stage:
    stage = Stage()
    stage.online()
    return stage


def test_every_permission_that_is_available_has_an_ability_and_no_other() -> None:
    stage = online()
    stage.admitted()
    visit = stage.core.visit
    assert visit is not None
    for permission in Permission:
        assert (permission in visit.standing.abilities) is TERMS[permission].available
    assert visit.standing.banner(stage.now) is None
    assert visit.standing.limit_left(stage.now) == 3600
    assert visit.standing.move(SessionEvent.VIEW_ALLOWED) == Deny(Reason.WRONG_MOMENT)


@pytest.mark.parametrize(("word", "waits"), [("allow", False), ("only", True)])
def test_content_waits_while_the_line_is_cut_and_where_it_may_go_directly_only_until_a_channel_carries_it(word: str, waits: bool) -> None:
    stage = Stage()
    stage.online(stage.papers(site_policy=rules("site", f'direct = "{word}"\ndirect_ranges = ["10.0.0.0/8"]\n{ALL}')))
    stage.sealed()
    visit = stage.core.visit
    assert visit is not None
    standing = visit.standing
    assert standing.waits(stage.now) is waits
    standing.channel.carrying = True
    assert not standing.waits(stage.now)
    standing.parted = True
    assert standing.waits(stage.now)


def test_the_banner_follows_what_is_granted() -> None:
    stage = online()
    stage.sealed()
    visit = stage.core.visit
    assert visit is not None
    standing = visit.standing
    states = []
    for view, control in ((0, 0), (1, 0), (1, 2)):
        standing.view.grant, standing.control.grant = view, control
        banner = standing.banner(stage.now)
        assert banner is not None
        states.append(banner.state)
    assert states == [BannerState.ASKED, BannerState.VIEWING, BannerState.CONTROLLING]
    for paused, state in (
        ({PauseCause.LOCAL}, BannerState.WAITING),
        ({PauseCause.LOCAL, PauseCause.PERSON}, BannerState.PAUSED),
        (set(PauseCause), BannerState.SUSPENDED),
    ):
        standing.paused = frozenset(paused)
        banner = standing.banner(stage.now)
        assert banner is not None
        assert banner.state is state
        assert banner.granted == (Permission.CONTROL, Permission.VIEW)
        assert standing.halted is (paused != {PauseCause.LOCAL})


def test_a_screen_that_nobody_may_see_is_on_the_banner_before_what_is_granted_and_a_silent_broker_before_both() -> None:
    stage = online()
    stage.controlling()
    visit = stage.core.visit
    assert visit is not None
    standing = visit.standing
    states = []
    beside = frozenset({PauseCause.PERSON, PauseCause.LOCAL})
    for away, paused in ((Reason.SCREEN_LOCKED, beside), (Reason.MASK_NOT_PLACED, beside), (Reason.MASK_NOT_PLACED, frozenset(PauseCause))):
        standing.away, standing.paused = away, paused
        banner = standing.banner(stage.now)
        assert banner is not None
        states.append(banner.state)
    assert states == [BannerState.LOCKED, BannerState.UNMASKED, BannerState.SUSPENDED]


def test_a_cut_takes_hand_eye_and_question_and_nothing_the_second_time() -> None:
    stage = online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    visit = stage.core.visit
    assert visit is not None
    assert visit.standing.cut() == (StopCapture(1), ClosePrompt(2))
    assert visit.standing.cut() == ()
    assert visit.standing.consent.grants == ()
    assert len(list(visit.standing.tell_cut())) == 1
    stage = online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    stage.allow()
    visit = stage.core.visit
    assert visit is not None
    assert len(list(visit.standing.tell_cut())) == 4
    visit.standing.local_touches = 2
    assert len(list(visit.standing.tell_cut())) == 1
    visit.standing.move(SessionEvent.ENDED)
    assert visit.standing.over
    assert visit.standing.session_id == "s-1"


def test_a_file_that_was_picked_and_not_allowed_yet_is_let_go_with_the_question() -> None:
    stage = online()
    far = stage.viewing()
    far.ask(Permission.FILE_FROM_HOST)
    visit = stage.core.visit
    assert visit is not None
    assert visit.standing.cut() == (StopCapture(1), ClosePrompt(2), FileDrop(2))
