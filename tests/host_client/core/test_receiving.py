"""What the technician's records mean under a grant: each lane finds its ability, and what was held back or never granted has no effect."""

from audit.events import host as log
from host_client.core.commands import Inject
from host_client.core.receiving import Receiving
from host_client.link import ClipboardGiven, FetchClipboard, Given, PictureShown, PromptAnswered, ShowPrompt
from policy.permissions import LANE_PERMISSION, TERMS, Lane, Permission
from policy.session import EndCause
from tests.helpers.host_transfer import Transfer
from tests.helpers.host_visit import batch, cause, controlled, drawn, online, since
from wire.schema import decode
from wire.sealed.clipboard import encode_fetch, encode_text
from wire.sealed.inner import HostNotice, Notice
from wire.sealed.screen import encode_ack


def test_every_lane_that_can_be_granted_is_in_the_table() -> None:
    stage = online()
    stage.viewing()
    visit = stage.core.visit
    assert visit is not None
    elsewhere = {Lane.FILE_TO_HOST, Lane.FILE_FROM_HOST}  # they have a socket, and a table, of their own
    elsewhere |= {Lane.RESTART}  # the yes is all there is; a record on it has no meaning
    lanes = {lane for lane, permission in LANE_PERMISSION.items() if TERMS[permission].available} - elsewhere
    assert Receiving(visit.standing).lanes == lanes


def test_an_acknowledgement_is_credit_and_one_for_the_future_is_none() -> None:
    stage = online()
    far = stage.viewing()
    drawn(stage)
    far.record(Lane.SCREEN, 1, encode_ack(1))
    assert stage.told(PictureShown) == [PictureShown(1, 1, 0)]
    far.record(Lane.SCREEN, 1, encode_ack(2))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_fresh_input_reaches_the_desk_and_stale_input_is_counted() -> None:
    stage, far = controlled()
    far.record(Lane.INPUT, 2, batch(stage, since(stage)))
    assert [type(each) for each in stage.did] == [Inject]
    far.record(Lane.INPUT, 2, batch(stage, since(stage) - 2500))
    assert len(far.opened()) == 1
    far.record(Lane.INPUT, 2, batch(stage, since(stage) + 9000))
    far.record(Lane.INPUT, 2, batch(stage, since(stage), picture=7))
    assert not any(isinstance(each, Inject) for each in stage.did)
    far.record(Lane.INPUT, 2, batch(stage, since(stage)))
    assert isinstance(stage.did[0], Inject)
    assert sum(each.count for each in stage.logged(log.InputDropped)) == 3


def test_input_while_a_prompt_is_up_is_dropped_and_so_is_what_was_held_back_until_after() -> None:
    stage, far = controlled()
    stage.wait(10)
    at = since(stage)
    far.ask(Permission.VIEW)  # refused by policy: no prompt, nothing superseded
    far.record(Lane.INPUT, 2, batch(stage, at))
    assert any(isinstance(each, Inject) for each in stage.did)
    visit = stage.core.visit
    assert visit is not None
    visit.standing.control.superseded = (stage.now.after(1), Notice.INPUT_DROPPED_PROMPT)
    far.record(Lane.INPUT, 2, batch(stage, at))
    assert not any(isinstance(each, Inject) for each in stage.did)
    assert [decode(plain, HostNotice).notice for _, plain in far.opened()][-1] is Notice.INPUT_DROPPED_PROMPT
    far.record(Lane.INPUT, 2, batch(stage, at + 9000))
    assert stage.logged(log.InputDropped)[-1].count == 1


def test_input_during_the_prompt_for_control_never_was_granted() -> None:
    stage = online()
    far = stage.viewing()
    drawn(stage)
    far.ask(Permission.CONTROL)
    assert stage.told(ShowPrompt)
    far.record(Lane.INPUT, 2, batch(stage))
    assert not any(isinstance(each, Inject) for each in stage.did)


def test_input_that_cannot_be_read_ends_the_visit() -> None:
    stage, far = controlled()
    far.record(Lane.INPUT, 2, b"\xff" * 64)
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    stage = online()
    far = stage.viewing()
    far.record(Lane.SCREEN, 1, b"\xff")
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_another_reason_begins_another_row_of_dropped_input() -> None:
    stage, far = controlled()
    far.record(Lane.INPUT, 2, batch(stage, since(stage) - 2500))
    visit = stage.core.visit
    assert visit is not None
    visit.standing.control.superseded = (stage.now.after(5), Notice.INPUT_DROPPED_PROMPT)
    far.record(Lane.INPUT, 2, batch(stage, since(stage)))
    assert [each.count for each in stage.logged(log.InputDropped)] == [1]


def test_a_record_of_a_grant_that_is_over_means_nothing_and_one_that_never_was_ends_the_visit() -> None:
    stage = online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    stage.says(PromptAnswered(2, Given.REFUSE))
    far.record(Lane.INPUT, 2, bytes(64))
    assert stage.did == []
    far.record(Lane.INPUT, 3, bytes(64))
    assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_file_that_was_allowed_has_no_place_on_this_socket() -> None:
    moving = Transfer.begun()
    moving.far.record(Lane.FILE_TO_HOST, moving.ask, bytes(20))
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


def test_a_question_for_the_clipboard_reaches_the_desk_and_its_answer_the_technician() -> None:
    stage = online()
    far = stage.viewing()
    far.ask(Permission.CLIPBOARD_FROM_HOST)
    stage.allow()
    far.record(Lane.CLIPBOARD_FROM_HOST, 2, encode_fetch(1))
    assert stage.told(FetchClipboard) == [FetchClipboard(2, 1)]
    stage.says(ClipboardGiven(2, 1, "a"))
    assert far.opened() == [(Lane.CLIPBOARD_FROM_HOST, b"\x00" + encode_text(1, "a"))]
