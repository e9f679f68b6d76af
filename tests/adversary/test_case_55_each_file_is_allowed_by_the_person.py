"""Case 55: each file is allowed by the person, or all are because the rules offer that and the person chose it; the technician can raise
neither. What is taken back stops within one piece, and each file has its row with name, size, hash and direction.
"""

from dataclasses import replace

import pytest

from audit.events import files as log
from audit.events import visit as both
from host_client.link import Given, PromptAnswered, ShowPrompt
from host_client.link_files import FileBegin, FileDrop, FileKept, FileStop
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import Stage
from tests.helpers.host_transfer import Transfer, ask_file, committed, words_of
from tests.helpers.host_visit import cause
from tests.helpers.views import rules
from wire.messages.ledger import FileScope

pytestmark = pytest.mark.adversary
ALLOWED = '[[allow]]\nname = "all"\npermissions = ["view", "control", "file_to_host"]\n'
ONCE = f'{ALLOWED}[visits]\nfiles_ask = "session"\n'
CONTENT = bytes(range(256)) * 16


def place(vendor: str, site: str) -> Stage:
    """A host that lives by the rules of both."""
    stage = Stage()
    stage.online(stage.papers(vendor_policy=rules("vendor", vendor), site_policy=rules("site", site)))
    return stage


@pytest.mark.parametrize(("vendor", "site", "offered"), [(ONCE, ONCE, True), (ONCE, ALLOWED, False), (ALLOWED, ONCE, False)])
def test_all_files_are_offered_only_if_nobody_wants_each(vendor: str, site: str, offered: bool) -> None:
    stage = place(vendor, site)
    far = stage.viewing()
    ask_file(far, words_of(CONTENT))
    (prompt,) = stage.told(ShowPrompt)
    assert prompt.all_files is offered
    stage.wait(1.5)
    stage.says(PromptAnswered(prompt.ask, Given.ALLOW_ALL))
    assert bool(stage.told(FileBegin)) is offered
    assert (Permission.FILE_TO_HOST in stage.core.visit.standing.all_files) is offered  # type: ignore[union-attr]


def test_one_file_allowed_is_one_file() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send_all()
    moving.stage.says(FileKept(moving.ask, "method.bin"))
    moving.piece(len(CONTENT), b"more")
    assert moving.pieces() == []
    ask_file(moving.far, words_of(CONTENT))
    assert moving.stage.told(ShowPrompt)


def test_what_was_allowed_is_what_was_shown() -> None:
    stage = place(ALLOWED, ALLOWED)
    far = stage.viewing()
    harmless, other = words_of(CONTENT, "notes.txt"), words_of(b"x", "tool.exe")
    ask_file(far, harmless, file=committed(other))
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    assert stage.logged(log.FileBegun) == []


def test_the_technician_cannot_say_that_all_are_allowed() -> None:
    stage = place(ALLOWED, ALLOWED)
    far = stage.viewing()
    ask_file(far, words_of(CONTENT))
    stage.wait(1.5)
    stage.says(PromptAnswered(far.asks, Given.ALLOW))
    (answer,) = far.answers()
    assert answer.scope is FileScope.THIS
    stage.says(FileStop(far.asks))
    ask_file(far, replace(words_of(CONTENT), name="second.bin"))
    assert stage.told(ShowPrompt), "the next is asked for again"


@pytest.mark.parametrize("narrows", ["the person", "the rules", "the end"])
def test_what_is_taken_back_stops_within_one_piece(narrows: str) -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:100])
    if narrows == "the person":
        moving.stage.says(FileStop(moving.ask))
    elif narrows == "the rules":
        looking = '[[allow]]\nname = "look"\npermissions = ["view"]\n'
        moving.stage.hears(moving.stage.papers(vendor_policy=rules("vendor", looking)))
    else:
        assert FileDrop(moving.ask) in moving.stage.core.narrow_now()
    moving.send(CONTENT[100:200])
    assert moving.pieces() == []


def test_each_file_has_its_row_at_the_host() -> None:
    moving = Transfer.begun(CONTENT, stage=place(ONCE, ONCE))
    moving.stage.says(FileStop(moving.ask))
    moving.again(Given.ALLOW_ALL)
    moving.send_all()
    moving.stage.says(FileKept(moving.ask, "method.bin"))
    begun, done = moving.stage.logged(log.FileBegun), moving.stage.logged(log.FileDone)
    assert [(each.name, each.size, each.digest, each.permission) for each in begun[1:]] == [
        (each.name, each.size, each.digest, each.permission) for each in done
    ]
    for asked in moving.stage.logged(both.Asked)[1:]:
        assert asked.file is not None
        assert both.opens(asked.file, asked.file_name or "", asked.file_digest or b"", asked.file_key or b"")
