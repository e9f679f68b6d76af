"""A file from this PC: one grant, one file, in order, within what was asked for, and an entry about how it ended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.events import files as log
from host_client.abilities.file_from_host import FileFromHost
from host_client.core.ports import Seat
from host_client.link_files import FileDrop, FileRead
from host_client.link_frames import FilePiece, ToDesk
from policy.decision import Reason
from tests.helpers.host_transfer import folder_of, words_of
from tests.helpers.playbook import NOON
from wire.errors import PeerMisbehaved
from wire.schema import MalformedMessage
from wire.sealed.files import DATA_MAX, Ack, decode_data, encode_ack
from wire.sealed.inner import FileWords

SEAT = Seat("en", "lab", "c1", 640, 480)
CONTENT = b"content"


def carried(words: FileWords | None = None) -> FileFromHost:
    ability = FileFromHost()
    ability.words = words or words_of(CONTENT)
    assert isinstance(ability.begun("s-1", 3, SEAT), log.FileBegun)
    assert ability.begin(3) == ()
    ability.carried(NOON)
    return ability


def ack(ability: FileFromHost, offset: int, window: int) -> tuple[ToDesk, ...]:
    return ability.acknowledged(encode_ack(Ack(offset, window)), NOON.after(1))


def left(ability: FileFromHost, offset: int, content: bytes) -> bytes:
    plain = ability.piece(FilePiece(3, offset, content))
    return decode_data(plain).content if plain is not None else b""


def test_the_desk_reads_what_was_asked_for_and_lets_go_at_the_end() -> None:
    ability = carried()
    assert ack(ability, 0, 3) == (FileRead(3, 0, 3),)
    assert ack(ability, 0, 3) == ()
    assert left(ability, 0, CONTENT) == b"con"
    assert ack(ability, 3, 100) == (FileRead(3, 3, 4),)
    before = ability.all_sent
    assert left(ability, 3, b"tent") == b"tent"
    assert (before, ability.all_sent) == (False, True)
    assert left(ability, 7, b"more") == b""
    assert ability.end() == (FileDrop(3),)
    assert ability.grant == 0


def test_the_entry_says_how_much_has_left_and_why_it_ended() -> None:
    words, stream = folder_of({"a": b"alpha"})
    ability = carried(words)
    ack(ability, 0, len(stream))
    left(ability, 0, stream[: words.manifest - 1])
    assert (ability.moved, ability.arrived) == (0, 0)
    left(ability, words.manifest - 1, stream[words.manifest - 1 :][:3])
    stopped = ability.ended("s-1", 3, Reason.FILE_CUT)
    assert isinstance(stopped, log.FileStopped)
    assert (stopped.moved, stopped.reason) == (2, Reason.FILE_CUT)
    over = ability.ended("s-1", 3, None)
    assert isinstance(over, log.FileStopped)
    assert over.reason is Reason.SESSION_OVER
    ability.done = True
    done = ability.ended("s-1", 3, None)
    assert isinstance(done, log.FileDone)
    assert (done.kept_as, done.size) == ("", 5)


def test_a_pause_loses_what_was_read_and_asks_for_it_again() -> None:
    ability = carried()
    ack(ability, 0, 5)
    left(ability, 0, b"co")
    assert ability.paused() == ()
    assert ability.again() == (FileRead(3, 2, 3),)
    fresh = carried()
    assert fresh.again() == (), "nothing was asked for yet"


@pytest.mark.parametrize("offset", [4, 7, 2**30])
def test_nobody_acknowledges_what_was_not_sent(offset: int) -> None:
    ability = carried()
    ack(ability, 0, 3)
    left(ability, 0, CONTENT)
    with pytest.raises(PeerMisbehaved):
        ack(ability, offset, 3)
    ability.carried(NOON)
    with pytest.raises(PeerMisbehaved):
        ack(ability, offset, 3)
    with pytest.raises(PeerMisbehaved):
        ability.acknowledged(b"\x01", NOON)


def test_another_socket_goes_on_from_where_the_other_end_is_and_a_cut_one_carries_nothing() -> None:
    ability = carried()
    ack(ability, 0, 7)
    left(ability, 0, CONTENT)
    ability.cut()
    assert ability.progress() == (0, 0)
    assert left(ability, 0, CONTENT) == b""
    ability.carried(NOON)
    assert left(ability, 0, CONTENT) == b"", "the other end has not spoken"
    assert ack(ability, 2, 3) == (FileRead(3, 2, 3),)
    assert left(ability, 0, CONTENT) == b"nte"
    assert ability.all_sent, "every byte has left once"
    assert left(ability, 6, b"t") == b"", "beyond the window"


def test_what_is_not_the_next_or_of_another_grant_or_too_long_does_not_leave() -> None:
    ability = carried()
    ack(ability, 0, 7)
    assert left(ability, 1, CONTENT) == b""
    assert ability.piece(FilePiece(4, 0, CONTENT)) is None
    with pytest.raises(MalformedMessage):
        ability.piece(FilePiece(3, 0, bytes(DATA_MAX + 1)))


def test_what_came_over_another_socket_says_nothing_of_this_ones_rate() -> None:
    ability = carried(words_of(bytes(10_000)))
    ack(ability, 0, 10_000)
    left(ability, 0, bytes(10_000))
    ability.carried(NOON)
    ability.acknowledged(encode_ack(Ack(9_000, 1000)), NOON.after(1e-6))
    assert ability.progress() == (0, 0)


def test_rate_and_time_left_are_those_of_what_arrived() -> None:
    ability = carried(words_of(bytes(1000)))
    ack(ability, 0, 1000)
    left(ability, 0, bytes(1000))
    ability.acknowledged(encode_ack(Ack(500, 1000)), NOON.after(2))
    rate, seconds = ability.progress()
    assert rate > 0
    assert seconds > 0


@given(
    st.binary(max_size=400), st.lists(st.tuples(st.booleans(), st.integers(0, 200), st.integers(1, 150), st.integers(1, 90)), max_size=20)
)
def test_any_windows_pieces_and_cuts_give_the_stream_in_its_order(content: bytes, steps: list[tuple[bool, int, int, int]]) -> None:
    ability = carried(words_of(content))
    got = bytearray()

    def read(told: tuple[ToDesk, ...], piece: int) -> None:
        for each in told:
            assert isinstance(each, FileRead)
            for at in range(each.offset, each.offset + each.size, piece):
                plain = ability.piece(FilePiece(3, at, content[at : min(at + piece, each.offset + each.size)]))
                if plain is not None:
                    data = decode_data(plain)
                    assert data.offset == len(got)
                    got.extend(data.content)

    for cut, lost, window, piece in steps:
        if cut:
            del got[max(0, len(got) - lost) :]
            ability.carried(NOON)
        read(ack(ability, len(got), window), piece)
    while len(got) < len(content):
        read(ack(ability, len(got), 64), 7)
    assert got == content
    assert ability.all_sent
