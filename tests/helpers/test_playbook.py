"""The playbook itself: it must fail where a dialogue differs."""

from collections.abc import Generator

import pytest

from policy.instant import Instant
from tests.helpers.playbook import NOON, Matching, Playbook, Reply


def echo(event: str, now: Instant) -> Generator[object, str | None, None]:
    """Yields the event, then what it was told, then the time."""
    told = yield event
    if told is not None:
        yield told
    yield now.boot


def test_a_dialogue_that_runs_as_written_passes() -> None:
    book = Playbook(echo)
    (book >> "hello" << "hello" >> Reply("well") << "well" << NOON.boot).end()
    (book.wait(5) >> "again" << str << Matching(float, lambda boot: boot == NOON.boot + 5)).end()
    assert book.last == NOON.boot + 5


def test_a_wrong_command_fails() -> None:
    with pytest.raises(AssertionError, match="expected 'bye'"):
        Playbook(echo) >> "hello" << "bye"


def test_a_matching_command_that_does_not_fit_fails() -> None:
    with pytest.raises(AssertionError, match="Matching"):
        Playbook(echo) >> "hello" << Matching(str, lambda said: said == "bye")


def test_a_command_that_never_comes_fails() -> None:
    with pytest.raises(AssertionError, match="nothing more came"):
        Playbook(echo) >> "hello" << str << float << float


def test_a_command_that_nobody_expected_fails() -> None:
    book = Playbook(echo)
    with pytest.raises(AssertionError, match="expected nothing more"):
        book >> "hello" << str >> "next"


def test_a_reply_before_any_command_fails() -> None:
    with pytest.raises(AssertionError, match="no command"):
        Playbook(echo) >> Reply(1)


def test_draining_answers_every_command_and_returns_them() -> None:
    book = Playbook(echo) >> "hello"
    assert book.drain(lambda command: "told" if command == "hello" else None) == ["hello", "told", NOON.boot]
    assert book.drain() == []
