"""Which masks a visit has, and when it has them."""

from host_client.core.events import Fired, SiteRulesRead, Timer
from host_client.core.masking import put_on
from host_client.core.site_rules import rules_of
from host_client.link import StartCapture, StopCapture
from host_client.link_masks import EVERYTHING, MASKS_MAX, MaskRule
from policy.language import MASKS_MAX as OF_A_DOCUMENT
from tests.helpers.host_core import Stage
from tests.helpers.site_rules import ALL, site

LIST = '[[mask]]\nname = "list"\ntitle = "Patient*"\n'
PLACE = '[[mask]]\nname = "place"\nregion = { left = 1, top = 2, width = 3, height = 4 }\n'
ELSEWHERE = '[[mask]]\nname = "elsewhere"\nprogram = "x"\nwhere = { hosts = ["h-other"] }\n'
TITLE, REGION = MaskRule("Patient*", "", "", 0, 0, 0, 0), MaskRule("", "", "", 1, 2, 3, 4)


def viewing(rules: str) -> Stage:
    stage = Stage()
    stage.give(SiteRulesRead(site(ALL + rules)))
    stage.online()
    stage.viewing()
    return stage


def starts(stage: Stage) -> list[tuple[MaskRule, ...]]:
    return [each.masks for each in stage.told(StartCapture)]


def test_the_masks_of_this_instrument_are_on_from_the_first_picture() -> None:
    assert starts(viewing(LIST + PLACE + ELSEWHERE)) == [(TITLE, REGION)]
    assert starts(viewing("")) == [()]


def test_other_masks_in_the_middle_of_a_visit_stop_the_pictures_with_the_old_ones_first() -> None:
    stage = viewing(LIST)
    stage.give(SiteRulesRead(site(ALL + LIST + PLACE, version=2)))
    told = [type(each.said) for each in stage.did if hasattr(each, "said")]
    assert told.index(StopCapture) < told.index(StartCapture)
    assert [set(each) for each in starts(stage)] == [{TITLE, REGION}]
    stage.give(SiteRulesRead(site(ALL + PLACE + LIST, version=3)))
    assert starts(stage) == [], "the same masks in another order change nothing"
    stage.give(Fired(Timer.LEASE))
    stage.give(SiteRulesRead(site(ALL, version=4)))
    assert starts(stage) == [], "a suspended visit begins again with those of then"
    assert stage.core.visit is not None
    assert stage.core.visit.standing.view.masks == ()


def test_a_mask_that_is_taken_away_goes_only_once_the_change_is_recorded() -> None:
    stage = viewing(LIST)
    stage.give(SiteRulesRead(site(ALL, version=2)))
    assert starts(stage)[-1:] == [()]
    stage = viewing(LIST)
    stage.disk = False
    stage.give(SiteRulesRead(site(ALL, version=2)))
    assert () not in starts(stage)


def test_more_masks_than_can_be_told_hide_everything() -> None:
    many = "".join(f'[[mask]]\nname = "{number}"\ntitle = "{number}"\n' for number in range(OF_A_DOCUMENT))
    stage = viewing(many)
    view = stage.core.visit
    assert view is not None
    assert len(view.standing.view.masks) == OF_A_DOCUMENT
    for party in range(MASKS_MAX // OF_A_DOCUMENT):
        also = site(ALL + many.replace('title = "', f'title = "{party} '), version=1)
        view.standing.trusted.site = view.standing.trusted.site.with_also(rules_of(also))
    put_on(view.standing, stage.now)
    assert view.standing.view.masks == (EVERYTHING,)
