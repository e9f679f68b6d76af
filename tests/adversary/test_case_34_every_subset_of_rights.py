"""Case 34: every subset of the rights there are, times every lane under every number on both sockets: no effect outside the grant.

It walks TERMS, so a new ability joins by itself. All subsets run in `make test-long`; every day those of at most two rights beside
the view, and all of them together.

Mutations, each seen to fail here: a record of a grant that is over or of another right counts on the socket of the visit; on that of
files; a record of any lane counts on that of files.
"""

from collections.abc import Iterator
from itertools import combinations, product

import pytest

from audit.events import visit as both
from host_client.core.commands import Inject, SendBulk, SendControl, Tell
from host_client.core.events import BulkReceived
from host_client.link import (
    ClosePrompt,
    ShowBanner,
    ShowCodeOver,
    ShowIdle,
    ShowSummary,
    StopCapture,
    StopClipboard,
    StopInput,
    TakeBackPressed,
)
from host_client.link_files import FileDrop
from policy.permissions import LANE_PERMISSION, TERMS, Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_leaving import picked
from tests.helpers.host_transfer import ask_file, words_of
from tests.helpers.host_visit import batch, drawn, since
from wire.frames import Frame, FrameKind
from wire.limits import FILE_WINDOW, INPUT_PLAIN
from wire.messages.session import BulkOffered, BulkOpened
from wire.schema import encode
from wire.sealed.clipboard import encode_fetch, encode_text
from wire.sealed.files import Ack, Data, encode_data
from wire.sealed.files import encode_ack as encode_file_ack
from wire.sealed.screen import encode_ack

pytestmark = pytest.mark.adversary
BESIDE_VIEW = [each for each, terms in TERMS.items() if terms.available and each not in {Permission.VIEW, Permission.RESTART}]
"""No record travels under a restart: one that does ends the visit (`test_case_34_grants_are_disjoint.py`)."""
NARROWING = (ShowBanner, ShowCodeOver, ShowIdle, ShowSummary, ClosePrompt, StopInput, StopCapture, StopClipboard, FileDrop)
"""What a host may say to its desk about a visit that it ends."""
OF_FILES = {Permission.FILE_TO_HOST, Permission.FILE_FROM_HOST}
FILE = words_of(b"content")
PLAIN = {
    Lane.SCREEN: encode_ack(1),
    Lane.FILE_TO_HOST: encode_data(Data(0, b"con")),
    Lane.FILE_FROM_HOST: encode_file_ack(Ack(0, FILE_WINDOW)),
    Lane.CLIPBOARD_TO_HOST: b"\x00" + encode_text(1, "a"),
    Lane.CLIPBOARD_FROM_HOST: encode_fetch(1),
}
"""A record that has an effect where its lane is open; any bytes for the others."""


def subsets(sizes: range) -> Iterator[tuple[Permission, ...]]:
    for size in sizes:
        yield from combinations(BESIDE_VIEW, size)


def granted(*beside: Permission) -> tuple[Stage, Far, dict[Permission, int]]:
    """A visit with the view and exactly these rights, and their numbers."""
    stage = Stage()
    stage.online()
    far = stage.viewing()
    drawn(stage)
    numbers = {Permission.VIEW: 1}
    for number, permission in enumerate(beside, 2):
        if permission is Permission.FILE_TO_HOST:
            ask_file(far, FILE)
        else:
            far.ask(permission)
        if permission is Permission.FILE_FROM_HOST:
            stage.says(picked(FILE, number))
        stage.allow()
        numbers[permission] = number
    if files := OF_FILES & numbers.keys():
        far.control(BulkOffered(SESSION, bytes(32), 30))
        for each in files:
            stage.give(BulkReceived(SESSION, Frame(FrameKind.CONTROL, encode(BulkOpened(SESSION, numbers[each]))).encode()))
    return stage, far, numbers


def effects(stage: Stage) -> list[object]:
    """What was done that is neither an end nor a word to the broker."""
    told = [each.said for each in stage.did if isinstance(each, Tell) and not isinstance(each.said, NARROWING)]
    return [*told, *(each for each in stage.did if isinstance(each, Inject | SendControl | SendBulk))]


def comes(stage: Stage, far: Far, lane: Lane, number: int, *, bulk: bool) -> None:
    """One record of a lane that has an effect where it belongs, on the socket of the visit or on that of files."""
    plain = batch(stage, since(stage)) if lane is Lane.INPUT else PLAIN.get(lane, bytes(INPUT_PLAIN))
    if bulk:
        stage.give(BulkReceived(SESSION, Frame(FrameKind.SEALED, far.seal(lane, number, plain)).encode()))
    else:
        far.record(lane, number, plain)


def belongs(lane: Lane, number: int, numbers: dict[Permission, int], *, bulk: bool) -> bool:
    permission = LANE_PERMISSION.get(lane)
    if permission is None:
        return lane is Lane.CONTROL and not bulk
    return bulk is (permission in OF_FILES) and numbers.get(permission) == number


def try_every_lane(beside: tuple[Permission, ...]) -> None:
    stage, far, numbers = granted(*beside)
    for lane, number, bulk in product(Lane, range(1, len(numbers) + 1), (False, True)):
        if belongs(lane, number, numbers, bulk=bulk):
            continue
        comes(stage, far, lane, number, bulk=bulk)
        assert effects(stage) == [], f"{lane.name} under {number} of {numbers}, on the socket of files: {bulk}"
        if stage.core.visit is None:  # a lane that nobody ever opens there ends the visit
            stage, far, numbers = granted(*beside)


@pytest.mark.parametrize("beside", dict.fromkeys([*subsets(range(min(3, len(BESIDE_VIEW) + 1))), tuple(BESIDE_VIEW)]), ids="+".join)
def test_nothing_of_any_lane_has_an_effect_outside_its_grant(beside: tuple[Permission, ...]) -> None:
    try_every_lane(beside)


@pytest.mark.long
def test_nothing_of_any_lane_has_an_effect_under_any_subset() -> None:
    for beside in subsets(range(len(BESIDE_VIEW) + 1)):
        try_every_lane(beside)


@pytest.mark.parametrize("permission", [*BESIDE_VIEW, Permission.VIEW])
def test_each_of_these_records_has_its_effect_under_its_grant(permission: Permission) -> None:
    stage, far, numbers = granted(*BESIDE_VIEW)
    comes(stage, far, TERMS[permission].lane, numbers[permission], bulk=permission in OF_FILES)
    assert effects(stage) != []


@pytest.mark.parametrize("lane", [lane for lane in Lane if lane is not Lane.CONTROL])
@pytest.mark.parametrize("number", [0, 99])
def test_a_number_that_never_was_ends_the_visit(lane: Lane, number: int) -> None:
    stage, far, _ = granted()
    comes(stage, far, lane, number, bulk=False)
    assert effects(stage) == []
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.PEER_MISBEHAVED


@pytest.mark.parametrize("taken", [*BESIDE_VIEW, Permission.VIEW])
def test_what_was_taken_back_has_no_effect_any_more(taken: Permission) -> None:
    stage, far, numbers = granted(*BESIDE_VIEW)
    stage.says(TakeBackPressed(taken))
    comes(stage, far, TERMS[taken].lane, numbers[taken], bulk=taken in OF_FILES)
    assert effects(stage) == []
    assert stage.core.visit is not None
