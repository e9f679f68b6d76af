"""The JSON Schema of the policy language, for editors that complete and check while somebody types.

Generated from `language.py` through `shape.py`. It says less than the reader: hours that end before they begin, names
that stand twice and unknown zones are found by `chaperone-policy check` only.
"""

from typing import assert_never

from policy.language import Document
from policy.shape import Choice, Edge, HoursText, Kind, Number, Per, RangeText, Several, Table, Text, ZoneName, keys_of

Schema = dict[str, object]

_TITLE = "Chaperone policy"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_RANGE = "^[0-9a-f.:]{2,39}/[0-9]{1,3}$"
_HOURS = "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


def json_schema() -> Schema:
    """The schema of a whole document."""
    return {"$schema": _DIALECT, "title": _TITLE, **_table(Document)}


def _table(cls: type) -> Schema:
    keys = keys_of(cls)
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {key.name: {"description": key.says, **_schema(key.kind)} for key in keys},
    }
    required = [key.name for key in keys if key.required]
    return {**schema, "required": required} if required else schema


def _schema(kind: Kind) -> Schema:
    match kind:
        case Text(longest, shortest):
            return {"type": "string", "minLength": shortest, "maxLength": longest}
        case Number(low, high):
            return {"type": "integer", "minimum": low, "maximum": high}
        case ZoneName():
            return {"type": "string", "minLength": 1}
        case Edge():
            return {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
        case HoursText():
            return {"type": "string", "pattern": _HOURS}
        case RangeText():
            return {"type": "string", "pattern": _RANGE}
        case Choice(of):
            return {"enum": [member.value for member in of]}
        case _:
            return _gathered(kind)


def _gathered(kind: Several | Per | Table) -> Schema:
    match kind:
        case Several(item):
            return {"type": "array", "minItems": 1, "uniqueItems": True, "items": _schema(item)}
        case Per(of, number):
            each = {str(member.value): _schema(number) for member in of}
            return {"type": "object", "additionalProperties": False, "minProperties": 1, "properties": each}
        case Table(cls, tables):
            return {"type": "array", "items": _table(cls)} if tables else _table(cls)
        case _:
            assert_never(kind)
