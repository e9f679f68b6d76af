"""Case 44 (the host's log by itself): killed at every step of a visit, its log is whole and nothing happened without its entry.

The shell's commands are the fail-points: the process is gone after the n-th of them, for every n. Left until
the sides exchange checkpoints: reconciling both logs.
"""

from pathlib import Path

import pytest

from audit.entry import At, at, decode_entry
from audit.events import host as log
from audit.events import visit as both
from audit.log import Side
from host_client.core.commands import Command, Note, Record, Tell
from host_client.link import EndPressed, ShowPrompt, StartCapture, StartInput
from policy.permissions import Permission
from runtime.file_log import FileLog
from runtime.log_lines import from_line, segments
from runtime.log_opening import open_log
from tests.helpers.host_core import Stage
from tests.helpers.playbook import NOON
from wire.messages.ledger import Answer

pytestmark = pytest.mark.adversary
WHEN: At = at(NOON)


class Killed(BaseException):
    """The process is gone."""


class Doomed(Stage):
    """A host that dies after so many commands; its log is a real one."""

    def __init__(self, book: FileLog, lives: int) -> None:
        super().__init__()
        self.book, self.lives = book, lives
        self.effects: list[type] = []

    def _record(self, command: Command) -> object:
        if self.lives == 0:
            raise Killed
        self.lives -= 1
        if isinstance(command, Record):
            self.book.append(command.events, WHEN)
        elif isinstance(command, Note):
            self.book.append((command.event,), WHEN)
        elif isinstance(command, Tell) and isinstance(command.said, StartCapture | StartInput | ShowPrompt):
            self.effects.append(type(command.said))
        return super()._record(command)


def live(stage: Stage) -> None:
    """A whole visit."""
    stage.online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    stage.allow()
    stage.says(EndPressed())


def commands_of_a_visit(folder: Path) -> int:
    with open_log(folder, Side.HOST, WHEN) as book:
        stage = Doomed(book, 10_000)
        live(stage)
    return 10_000 - stage.lives


def test_killed_after_any_command_the_log_is_whole_and_every_effect_has_its_entry(tmp_path: Path) -> None:
    whole = commands_of_a_visit(tmp_path / "whole")
    assert whole >= 50
    for lives in range(whole):
        folder = tmp_path / str(lives)
        book = open_log(folder, Side.HOST, WHEN)
        stage = Doomed(book, lives)
        with pytest.raises(Killed):
            live(stage)
        book.close()
        open_log(folder, Side.HOST, WHEN).close()  # raises if anything of the chain is broken
        entries = [
            decode_entry(from_line(line).entry).event for part in segments(folder) for line in part.read_bytes().splitlines(keepends=True)
        ]
        allowed = [each.permission for each in entries if isinstance(each, both.Answered) and each.answer is Answer.ALLOW]
        begun = {StartCapture: Permission.VIEW, StartInput: Permission.CONTROL}
        assert {begun[effect] for effect in stage.effects if effect in begun} <= set(allowed)
        assert len([effect for effect in stage.effects if effect is ShowPrompt]) <= len(
            [e for e in entries if isinstance(e, log.PromptShown)]
        )
