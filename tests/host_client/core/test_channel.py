"""The end of a channel: closed first, recorded and reported only if it was ever open."""

from collections.abc import Generator
from contextlib import suppress
from typing import Any

import pytest

from audit.events import visit as log
from host_client.core.channel import let_go
from host_client.core.commands import Carried, CloseDirect, Command, Note, SendSession
from host_client.core.standing import Standing
from policy.carrier import Carrier, DirectCause
from tests.helpers.host_core import SESSION, Stage
from wire.messages.session import CarrierReport
from wire.schema import decode

CARRIED = Carried(1, 2, 3)


def standing() -> Standing:
    stage = Stage()
    stage.online()
    stage.sealed()
    visit = stage.core.visit
    assert visit is not None
    return visit.standing


def all_of(of: Standing) -> list[Command]:
    """Every command of an end; it tells what the channel carried."""
    done: list[Carried] = []

    def whole() -> Generator[Command, Any, None]:
        done.append((yield from let_go(of, DirectCause.STALLED)))

    talk = whole()
    commands = [next(talk)]
    with suppress(StopIteration):
        commands.append(talk.send(CARRIED))
    commands += talk
    assert done == [CARRIED]
    return commands


def test_what_was_never_open_is_closed_and_that_is_all() -> None:
    assert all_of(standing()) == [CloseDirect()]


def test_what_was_open_is_closed_recorded_and_reported_in_this_order() -> None:
    of = standing()
    of.channel.attempt, of.channel.open, of.channel.carrying = 4, True, True
    closed, noted, told = all_of(of)
    assert closed == CloseDirect()
    ended = log.DirectEnded(session_id=SESSION, attempt=4, cause=DirectCause.STALLED, to_technician_bytes=2, to_host_bytes=3)
    assert noted == Note(ended)
    assert isinstance(told, SendSession)
    assert decode(told.frame[1:], CarrierReport) == CarrierReport(SESSION, 4, Carrier.RELAY, "", "", DirectCause.STALLED, 2, 3)
    assert (of.channel.open, of.channel.carrying) == (False, False)
    assert all_of(of) == [CloseDirect()]


@pytest.mark.parametrize("closed", [False, True])
def test_nobody_says_that_content_goes_directly_once_it_does_not(closed: bool) -> None:
    of = standing()
    of.channel.carrying = True
    if closed:
        next(let_go(of, DirectCause.CUT))
    assert of.channel.carrying is not closed
