"""docs/protocol.md says what the code does: its examples are read by the code, its numbers are those of the code."""

import re
from pathlib import Path

import pytest

from tests import make_vectors
from wire.code import ALPHABET, read_code
from wire.frames import FRAME_MAX, FrameKind
from wire.messages.handshake import SUITE_V1
from wire.messages.presence import EndRole, Hello
from wire.schema import decode, encode
from wire.sealed.input import Batch, Button, Move, decode_batch
from wire.sealed.scene import Pointer
from wire.sealed.screen import Copy, FrameEnd, Layout, decode_picture

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")


def example(pattern: str) -> str:
    found = re.findall(pattern, PAGE, re.MULTILINE)
    assert len(found) == 1, f"{pattern} stands {len(found)} times on the page"
    return str(found[0])


def octets(pattern: str) -> bytes:
    return bytes.fromhex(re.sub(r"[ |]", "", example(pattern)))


def test_the_example_message_is_one() -> None:
    text = example(r'^\{"nonce".*\}$')
    assert decode(text.encode(), Hello) == Hello(1, EndRole.HOST, "h-00c4", bytes(range(16)), (), ())
    assert encode(decode(text.encode(), Hello)).decode() == text


def test_the_example_code_is_one() -> None:
    code = read_code(example(r"^(482-913 \S+)$"))
    assert code.shown() == "482-913 K7QF-2M9X"
    assert f"`{ALPHABET}`" in PAGE
    assert SUITE_V1 in PAGE


@pytest.mark.parametrize("kind", FrameKind)
def test_kinds_of_frames_have_the_length_that_the_page_gives_them(kind: FrameKind) -> None:
    row = example(rf"^ *\| {int(kind)} \| {kind.name} \|(.*)\|$")
    assert row.split("|")[1].strip() == f"{FRAME_MAX[kind]:,}".replace(",", " ")


def test_the_example_pictures_are_read_as_described() -> None:
    assert decode_picture(octets(r"^([0-9a-f ]+?) +LAYOUT ")) == Layout(1280, 800)
    assert decode_picture(octets(r"^([0-9a-f ]+?) +COPY ")) == Copy(7, 0, 16, 0, 0, 1280, 784)
    end = decode_picture(octets(r"^([0-9a-f ]+?) +FRAME_END "))
    assert isinstance(end, FrameEnd)
    assert end.frame == 7
    assert decode_picture(octets(r"^([0-9a-f ]+?) +POINTER ")) == Pointer(3, 640, 400)


def test_the_example_batch_is_read_as_described() -> None:
    batch = decode_batch(octets(r"^([0-9a-f |]+?) \| zeros +picture 7").ljust(64, b"\0"))
    assert batch == Batch(7, 61_000, (Move(640, 400), Button(0, True)))


def test_every_vector_file_is_described() -> None:
    described = set(re.findall(r"^\| (\w+)(?:/\*)?\.json \|", PAGE, re.MULTILINE))
    assert described == {name.partition("/")[0] for name in make_vectors.SETS}
