"""Case 38: the clipboard is off by default, each way is a right of its own, and text alone goes, bounded, on a word of both people.

Elsewhere: texts that go, and leave no trace (case 36); what was there before the session never leaves, on a real screen
(tests/host_client/desk/test_clipboard.py); a host with health data has no clipboard (case 54); the console touches the
technician's own on a press alone (tests/journeys/test_words.py).

Mutations that were tried, each of which makes tests/host_client/core/test_clipboards.py, or the file it names, fail:
    host_client/core/clipboards.py   `put` does not wait for its entry, or goes on when the grant went meanwhile; `_may_go` does not look
                                     at a screen that is away, or at the budget; `desk` gives while the visit waits
    host_client/abilities/clipboard_from_host.py   `given` answers what nobody asked, a text beyond the bound, one that was not cleaned
                                     (test_clipboard_from_host.py)
    host_client/abilities/clipboard_to_host.py   a number that came before is taken again (test_clipboard_to_host.py)
    wire/sealed/clipboard.py         what is put together has no bound (tests/wire/sealed/test_clipboard.py)
    host_client/desk/qt/clipboard.py   what was there before the grant is given; what a keeper of clipboards puts in again counts as
                                     copied; files count as text; what we put in stays after the end (desk/qt/test_clipboard.py)
"""

import pytest

from audit.events.visit import SessionEnded
from broker.core.lanes import Relayed
from host_client.link import ClipboardGiven, ClipboardPut, FetchClipboard, PutClipboard
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_core import Table
from tests.helpers.host_core import Far, Stage
from tests.helpers.playbook import NOON
from wire.frames import Frame, FrameKind, RecordHeader
from wire.limits import CLIPBOARD_TEXT_MAX
from wire.messages.presence import EndRole
from wire.sealed.clipboard import encode_fetch, encode_text, records_of

pytestmark = pytest.mark.adversary
INTO, OUT = Permission.CLIPBOARD_TO_HOST, Permission.CLIPBOARD_FROM_HOST
LANES = {INTO: Lane.CLIPBOARD_TO_HOST, OUT: Lane.CLIPBOARD_FROM_HOST}
SHORT = {INTO: next(iter(records_of(encode_text(1, "a")))), OUT: encode_fetch(1)}
TOO_LONG = tuple(records_of(b"\x01\0\0\0\x01" + b"x" * (CLIPBOARD_TEXT_MAX + 1)))
STEERS = b"\x00\x01\0\0\0\x01" + "gnp\u202eexe".encode()


def holding(*granted: Permission) -> tuple[Stage, Far]:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    for permission in granted:
        far.ask(permission)
        stage.allow()
    return stage, far


@pytest.mark.parametrize("way", [INTO, OUT])
@pytest.mark.parametrize("others", [(), (Permission.CONTROL,), (INTO,), (OUT,)], ids=str)
def test_without_its_own_grant_neither_way_does_anything(way: Permission, others: tuple[Permission, ...]) -> None:
    if way in others:
        return
    meeting = Table().meet()
    meeting.view()
    raw = Frame(FrameKind.SEALED, RecordHeader(LANES[way], 1, 0, 0).encode() + bytes(80)).encode()
    assert meeting.visit.lanes.judge(EndRole.CONSOLE, raw, NOON) is Relayed.MISBEHAVED
    stage, far = holding(*others)
    for grant in range(len(others) + 2):
        far.record(LANES[way], grant, SHORT[way])
        assert not stage.told(PutClipboard)
        assert not stage.told(FetchClipboard)
    for said in (ClipboardGiven(2, 1, "a"), ClipboardPut(2, 1, done=True)):
        assert not [each for each in stage.says(said) if type(each).__name__ == "SendSession"]


@pytest.mark.parametrize("records", [TOO_LONG, (STEERS,)], ids=["too long", "steers"])
def test_what_is_no_text_or_too_much_of_it_ends_the_visit(records: tuple[bytes, ...]) -> None:
    stage, far = holding(INTO)
    for record in records:
        far.record(LANES[INTO], 2, record)
        assert not stage.told(PutClipboard)
    assert stage.logged(SessionEnded)[-1].cause is EndCause.PEER_MISBEHAVED
