"""A screen that nobody may see for now: it is locked, belongs to another login, or a privacy mask cannot be placed.

The desk has stopped capturing and injecting by itself, with every held key let go; here it is told to both sides and recorded.
What was granted stands, and goes on with a whole picture when the desk says so (docs/protocol.md, section 7).
"""

from audit.events import host
from host_client.core.commands import Note, SendSession, Talk, Tell
from host_client.core.standing import Standing
from host_client.core.waiting import AWAY, dropped_for
from host_client.link import CapturePaused, CaptureResumed, InputVeiled
from policy.decision import Reason
from policy.instant import Instant
from wire.sealed.inner import HostNotice, Notice


def screen_paused(standing: Standing, said: CapturePaused, now: Instant) -> Talk:
    """The desk shows nothing any more. A reason that is none of these pauses too."""
    if not said.grant or said.grant != standing.view.grant or standing.away is said.reason:
        return
    standing.away = said.reason if said.reason in AWAY else Reason.SESSION_AWAY
    yield from _told(standing, AWAY[standing.away], now)
    yield Note(host.CapturePaused(session_id=standing.session_id, ask=said.grant, reason=standing.away))


def go_on(standing: Standing, said: CaptureResumed, now: Instant) -> Talk:
    """The desk captures again."""
    if standing.away is None or said.grant != standing.view.grant:
        return
    standing.control.superseded = (now, AWAY[standing.away])
    standing.away = None
    yield from _told(standing, dropped_for(standing) or Notice.SCREEN_RESUMED, now)
    yield Note(host.CaptureResumed(session_id=standing.session_id, ask=said.grant))


def veiled(standing: Standing, said: InputVeiled, now: Instant) -> Talk:
    """The desk dropped input that met a mask."""
    if said.grant and said.grant == standing.control.grant and standing.proven is not None:
        yield SendSession(standing.proven.seals.say(HostNotice(Notice.INPUT_MASKED), now))
        yield Note(host.InputDropped(session_id=standing.session_id, count=1, reason=Reason.MASKED))


def _told(standing: Standing, notice: Notice, now: Instant) -> Talk:
    banner = standing.banner(now)
    assert standing.proven is not None
    assert banner is not None, "somebody who was granted something has proven himself"
    yield Tell(banner)
    yield SendSession(standing.proven.seals.say(HostNotice(notice), now))
