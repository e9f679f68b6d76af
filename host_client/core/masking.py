"""What of the screen no technician may see in this visit: the masks of every document in force, together.

A mask that is taken away widens what is seen; it goes with the document that had it, and so never before its entry stands
(`site_rules.py`). With more masks than the desk takes, everything is hidden.
"""

from host_client.core.commands import Talk, tell
from host_client.core.standing import Standing
from host_client.link_masks import EVERYTHING, MASKS_MAX, MaskRule
from policy.instant import Instant
from policy.language import Mask, Region

_NO_REGION = (0, 0, 0, 0)


def put_on(standing: Standing, now: Instant) -> None:
    """What is captured from now on has the masks of now on."""
    masks = tuple(dict.fromkeys(map(_rule, standing.trusted.masks(now))))  # two documents may say the same
    standing.view.masks = masks if len(masks) <= MASKS_MAX else (EVERYTHING,)


def exchange(standing: Standing, now: Instant) -> Talk:
    """The documents changed: where other masks are needed, no picture with the old ones follows."""
    before = standing.view.masks
    put_on(standing, now)
    if set(standing.view.masks) != set(before) and standing.view.grant and not standing.halted:
        yield from tell((*standing.view.paused(), *standing.view.again()))  # from here on what was captured before is dropped


def _rule(mask: Mask) -> MaskRule:
    return MaskRule(mask.title, mask.window_class, mask.program, *(_NO_REGION if mask.region is None else _numbers(mask.region)))


def _numbers(region: Region) -> tuple[int, int, int, int]:
    return region.left, region.top, region.width, region.height
