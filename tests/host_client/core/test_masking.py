"""Which masks a visit has, and when it has them."""

from host_client.core.commands import Note, Record, Tell
from host_client.core.events import Fired, SiteRulesRead, Timer
from host_client.core.masking import put_on
from host_client.core.site_rules import rules_of
from host_client.link import SECOND, PausePressed, ResumePressed, StartCapture, StopCapture
from host_client.link_masks import EVERYTHING, MASKS_MAX, MaskRule
from policy.language import MASKS_MAX as OF_A_DOCUMENT
from tests.helpers.host_core import Stage
from tests.helpers.host_second import watched_stage, watching
from tests.helpers.parcels import parcel
from tests.helpers.site_rules import ALL, site
from wire.sealed.screen import FrameEnd

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


def sent(stage: Stage, run: int, *, second: bool = False) -> int:
    """How many records a picture of this run becomes."""
    picture, message = stage.core.visit, parcel(FrameEnd(1, 0))
    if second:
        return len(stage.core.second.picture(1 + SECOND, message, stage.now, run))
    assert picture is not None
    return len(picture.picture(1, message, stage.now, run))


def test_what_was_captured_under_the_old_masks_is_shown_to_nobody_wherever_it_waited() -> None:
    """Mutations that were tried: any run passes; the run stays when masks change; it is the second person's alone, or the technician's;
    the new masks wait for what a disk has to take first; the desk is told of another run than passes.
    """
    stage = watched_stage()
    stage.viewing()
    watching(stage)
    assert (sent(stage, 0), sent(stage, 0, second=True)) == (1, 1)
    stage.give(SiteRulesRead(site(ALL + PLACE)))
    assert [(each.grant, each.run) for each in stage.told(StartCapture)] == [(1 + SECOND, 1), (1, 1)]
    first = next(at for at, each in enumerate(stage.did) if isinstance(each, Record | Note))
    assert all(
        at < first for at, each in enumerate(stage.did) if isinstance(each, Tell) and isinstance(each.said, StopCapture | StartCapture)
    )
    assert (sent(stage, 0), sent(stage, 0, second=True)) == (0, 0), "it was on its way, and stays here"
    assert (sent(stage, 1), sent(stage, 1, second=True)) == (1, 1)
    assert (sent(stage, 2), sent(stage, 2, second=True)) == (0, 0)
    stage.says(PausePressed())
    stage.says(ResumePressed())
    assert {each.run for each in stage.told(StartCapture)} == {2}
    assert (sent(stage, 1), sent(stage, 1, second=True)) == (0, 0), "nor does what was captured before a pause"


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
