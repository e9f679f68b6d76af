"""The readers of the screen lane against junk of many shapes: a message or MalformedMessage, and nothing that grows. Case 37."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wire.limits import ACK_PLAIN_MAX, PICTURE_PARCEL_MAX
from wire.schema import MalformedMessage
from wire.sealed.screen import Reassembly, decode_ack, decode_picture, encode_picture

VECTORS = json.loads((Path(__file__).parents[3] / "wire" / "vectors" / "screen.json").read_text())
GOOD = [data for each in VECTORS["good"] if len(data := bytes.fromhex(each["hex"])) < 4096]


def bent(dice: np.random.Generator) -> bytes:
    """A good message with bytes changed, cut, doubled or joined to another; sometimes nothing but noise."""
    data = bytearray(GOOD[dice.integers(len(GOOD))])
    for _ in range(dice.integers(1, 5)):
        at = int(dice.integers(len(data) + 1))
        match int(dice.integers(5)):
            case 0:
                data[at : at + 1] = dice.bytes(1)
            case 1:
                del data[at : at + dice.integers(1, 9)]
            case 2:
                data[at:at] = dice.bytes(int(dice.integers(1, 9)))
            case 3:
                data += GOOD[dice.integers(len(GOOD))][: dice.integers(40)]
            case _:
                data = bytearray(dice.bytes(int(dice.integers(60)))) if dice.random() < 0.2 else data
    return bytes(data)


def read(rounds: int, seed: int, reader: Callable[[bytes], object]) -> int:
    """How many of so many were read; whatever else is raised fails the test."""
    dice, taken = np.random.default_rng(seed), 0
    for _ in range(rounds):
        try:
            reader(bent(dice))
            taken += 1
        except MalformedMessage:
            continue
    return taken


def same_again(data: bytes) -> None:
    """What is read is written as it was: nothing was left out or made up."""
    assert encode_picture(decode_picture(data)) == data


def acknowledged(data: bytes) -> None:
    told = decode_ack(data[:ACK_PLAIN_MAX])
    assert 0 <= told.frame < 2**32


def test_bent_messages_are_read_or_refused() -> None:
    assert 0 < read(6_000, 11, same_again) < 6_000
    read(4_000, 12, acknowledged)


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(10))
def test_a_million_bent_messages_are_read_or_refused(tenth: int) -> None:
    """In tenths: a process whose one test lasts five minutes is ended as one that hangs, and on a busy machine the whole lasts longer."""
    assert 0 < read(100_000, 100 + tenth, same_again) < 100_000
    read(100_000, 200 + tenth, acknowledged)


def test_records_never_gather_more_than_a_parcel() -> None:
    dice, held = np.random.default_rng(15), 0
    joined = Reassembly()
    for _ in range(4_000):
        plain = bytes((int(dice.choice((0, 1, 1, 1, 1, 1, 1, 1, 2))),)) + dice.bytes(int(dice.integers(3_000)))
        try:
            whole = joined.add(plain)
        except MalformedMessage:
            joined, held = Reassembly(), 0
            continue
        held = 0 if whole is not None else held + len(plain) - 1
        assert held <= PICTURE_PARCEL_MAX
