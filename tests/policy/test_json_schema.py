"""The JSON Schema: it is that of today, and says what the reader says as far as a schema can."""

import json
import re
import tomllib
from pathlib import Path

from policy.json_schema import json_schema
from policy.language import Document
from policy.permissions import Permission
from policy.shape import keys_of

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "trust" / "policy_example.toml"
WRITTEN = ROOT / "docs" / "policy.schema.json"


def test_the_schema_in_the_documentation_is_that_of_today() -> None:
    written = WRITTEN.read_text(encoding="utf-8")
    assert written == json.dumps(json_schema(), indent=2) + "\n", "run: chaperone-policy schema > docs/policy.schema.json"


def test_every_table_refuses_keys_it_does_not_know_and_every_key_is_described() -> None:
    tables = list(objects(json_schema()))
    assert len(tables) > 10
    assert all(table["additionalProperties"] is False for table in tables)
    assert set(properties(json_schema())) == {key.name for key in keys_of(Document)}


def test_the_example_has_only_keys_of_the_schema_and_those_it_requires() -> None:
    schema, example = json_schema(), tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert example.keys() <= properties(schema).keys()
    assert set(listed(schema["required"])) <= example.keys()
    rule = part(properties(schema)["allow"], "items")
    for each in example["allow"]:
        assert each.keys() <= properties(rule).keys()
        assert set(each["permissions"]) <= set(listed(part(part(properties(rule)["permissions"]), "items")["enum"]))


def test_hours_of_the_schema_are_hours_of_the_reader() -> None:
    when = part(properties(part(properties(json_schema())["black_out"], "items"))["when"])
    pattern = str(part(part(properties(when)["hours"]), "items")["pattern"])
    assert re.search(pattern, "08:00-24:00")
    assert not re.search(pattern, "8:00-18:00")
    assert not re.search(pattern, "08:00-24:01")


def test_ranges_of_the_schema_are_ranges_of_the_reader() -> None:
    pattern = str(part(part(properties(json_schema())["direct_ranges"], "items"))["pattern"])
    assert re.search(pattern, "10.0.0.0/8")
    assert re.search(pattern, "fd12:3456::/32")
    assert not re.search(pattern, "10.0.0.0")
    assert not re.search(pattern, "example.org/8")


def test_permissions_with_their_seconds_are_all_there() -> None:
    seconds = part(properties(part(properties(json_schema())["visits"]))["prompt_seconds"])
    assert set(properties(seconds)) == set(Permission)


def part(found: object, *path: str) -> dict[str, object]:
    for key in path:
        assert isinstance(found, dict)
        found = found[key]
    assert isinstance(found, dict)
    return found


def properties(found: dict[str, object]) -> dict[str, object]:
    return part(found, "properties")


def listed(found: object) -> list[object]:
    assert isinstance(found, list)
    return found


def objects(found: object) -> list[dict[str, object]]:
    if isinstance(found, list):
        return [table for each in found for table in objects(each)]
    if not isinstance(found, dict):
        return []
    own = [found] if found.get("type") == "object" else []
    return [*own, *(table for each in found.values() for table in objects(each))]
