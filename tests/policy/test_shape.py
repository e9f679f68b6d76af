"""What a dataclass says about the tables it is read from."""

from dataclasses import dataclass, field
from typing import Annotated

import pytest

from policy.language import Document, Party, Rule, Visits, Weekday, When
from policy.permissions import Permission
from policy.shape import Choice, Edge, HoursText, Key, Line, Number, Per, RangeText, Several, Table, Text, ZoneName, filled_in, keys_of


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    """Shapes are read once for a program; here they are read each time."""
    keys_of.cache_clear()
    filled_in.cache_clear()


def kinds(cls: type) -> dict[str, object]:
    return {key.name: key.kind for key in keys_of(cls)}


def test_every_form_that_the_language_uses_is_understood() -> None:
    assert kinds(When) == {
        "weekdays": Several(Choice(Weekday)),
        "hours": Several(HoursText()),
        "begins": Edge(last=False),
        "ends": Edge(last=True),
        "zone": ZoneName(),
    }
    assert kinds(Visits)["prompt_seconds"] == Per(Permission, Number(10, 300))
    assert kinds(Document)["allow"] == Table(Rule, tables=True)
    assert kinds(Document)["visits"] == Table(Visits)
    assert kinds(Document)["direct_ranges"] == Several(RangeText())
    assert kinds(Document)["party"] == Choice(Party)


def test_what_has_no_default_is_required_and_what_the_reader_fills_in_is_no_key() -> None:
    assert {key.name for key in keys_of(Rule) if key.required} == {"name", "permissions"}
    assert "line" not in kinds(Rule)
    assert set(filled_in(Rule)) == {"line"}
    assert set(filled_in(Document)) == {"file"}


@pytest.mark.parametrize("cls", [Document])
def test_every_key_of_the_language_says_what_it_means(cls: type) -> None:
    keys = list(all_keys(cls))
    assert len(keys) > 30
    assert [key.name for key in keys if not key.says.endswith(".")] == []


def all_keys(cls: type) -> list[Key]:
    found = list(keys_of(cls))
    return [*found, *(inner for key in found if isinstance(key.kind, Table) for inner in all_keys(key.kind.cls))]


def test_what_says_nothing_has_no_words() -> None:
    @dataclass(frozen=True)
    class Quiet:
        line: Line
        name: Annotated[str, Text(5)]
        names: frozenset[Annotated[str, Text(6)]] = field(default_factory=frozenset)

    assert keys_of(Quiet) == (Key("name", Text(5), True, ""), Key("names", Several(Text(6)), False, ""))


def test_a_type_that_no_table_holds_is_a_mistake_of_ours() -> None:
    @dataclass(frozen=True)
    class Strange:
        at: complex

    with pytest.raises(TypeError, match="complex"):
        keys_of(Strange)
