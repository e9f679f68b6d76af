"""What is said about an event, before it has a language. Apart from the events, so that whoever only needs words does not load them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """An argument that is itself a message of the catalogue, such as `reason-code_wrong`."""

    id: str


Argument = str | int | Message


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message of the catalogue and its arguments."""

    id: str
    arguments: Mapping[str, Argument]
