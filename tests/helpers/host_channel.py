"""A host's core with a visit whose content goes directly, from the first port to the last word: every door there is for a channel."""

from host_client.core.events import DirectEmptied, DirectEnd, DirectLost, DirectOpened, DirectWaits, Fired, Timer
from policy.carrier import DirectCause
from tests.helpers.host_core import SESSION, Stage
from tests.helpers.host_second import WATCH, people, watched_stage, watching
from tests.helpers.site_rules import ALL
from tests.helpers.views import rules
from wire.sealed.direct import DirectAnswer, DirectCandidate, DirectDescription, DirectOver, DirectTurn
from wire.statements import Label

HERE = DirectEnd(b"f" * 32, "here", "p" * 22, (DirectCandidate("10.0.0.7", 4000, 7),))
THERE = DirectDescription(SESSION, 1, b"t" * 32, "there", "q" * 22, (), False)


def says(word: str) -> str:
    """A site whose document says this of the direct path, and allows view and control."""
    return rules("site", f'direct = "{word}"\ndirect_ranges = ["10.0.0.0/8"]\n' + ALL)


def a_whole_channel() -> Stage:
    """Opened, turned, given up and tried again. Somebody who watches has none, and goes when content may go no other way."""
    stage = watched_stage()
    far = stage.viewing()
    watching(stage)
    stage.hears(stage.papers(**people(stage), site_policy=says("allow")))
    stage.give(DirectWaits(SESSION, 1, HERE))
    far.whisper(DirectAnswer(stage.device.sign(Label.DIRECT_TECHNICIAN, THERE)))
    stage.give(DirectOpened(SESSION, 1, "10.0.0.7", "10.9.0.1"))
    stage.give(DirectEmptied(SESSION, 1))
    far.whisper(DirectTurn(1))
    assert stage.give(DirectLost(WATCH, 1, DirectCause.FAILED)) == []
    stage.give(DirectLost(SESSION, 1, DirectCause.FAILED))
    far.whisper(DirectOver(1, 0, DirectCause.FAILED))
    stage.give(Fired(Timer.DIRECT))
    stage.hears(stage.papers(**people(stage), site_policy=says("only")))
    assert stage.core.second.visit is None
    return stage
