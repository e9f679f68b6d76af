"""Writes docs/openapi.json from the table of routes and the dataclasses of the messages. Run: python -m broker.gen_openapi [--check]

The running broker does not serve it: whoever calls the API has the repository's page, and a stranger has nothing.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, assert_never

from broker.web.door import COOKIE
from broker.web.routes import DOORS, Door
from policy.roles import RIGHTS, Entry
from wire.messages.presence import Refused
from wire.schema import MESSAGES, Count, Number, Octets, Shape, Text, fields_of, name_of, shape_of

TARGET = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"
Json = dict[str, Any]
_COMPONENT = "#/components/schemas/"


def generate() -> str:
    """The whole text of docs/openapi.json."""
    paths: dict[str, Json] = {}
    for door in DOORS:
        paths.setdefault(door.path, {})[door.method.lower()] = _operation(door)
    cookie = {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Handed out at sign-in, and anew with each second factor."}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Chaperone broker", "version": "1", "description": _ABOUT},
        "paths": paths,
        "components": {"schemas": dict(sorted(_schemas())), "securitySchemes": {"sign_in": cookie}},
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


_ABOUT = (
    "Bodies are strict: canonical JSON in UTF-8 (no white space, no key twice), every field there and no other, `type` as given. "
    "Bytes are base64url without padding. A refusal is a `Refused` with its reason. Routes of people want the console's Origin, "
    "routes of machines none. What changes another's account wants a second factor of the last five minutes."
)


def _operation(door: Door) -> Json:
    described = door.takes or door.gives
    refusal = {"description": "Refused, with the reason.", "content": _content(Refused)}
    made: Json = {
        "operationId": f"{door.method.lower()}{door.path.replace('/', '_').replace('-', '_')}",
        "summary": _first_line(described),
        "tags": [door.operation.value],
        "x-entry": door.entry.value,
        "responses": {
            "default": refusal,
        },
    }
    if door.gives is not door.proposes:
        made["responses"] = {"200": {"description": _first_line(door.gives), "content": _content(door.gives)}, **made["responses"]}
    if door.proposes is not None:
        made["responses"]["202"] = {"description": _first_line(door.proposes), "content": _content(door.proposes)}
    if door.takes is not None:
        made["requestBody"] = {"required": True, "content": _content(door.takes)}
    if door.entry is Entry.SIGNED_IN:
        made["security"] = [{"sign_in": []}]
        made["x-roles"] = {role.value: rights[door.operation].scope.value for role, rights in RIGHTS.items() if door.operation in rights}
    return made


def _first_line(cls: type) -> str:
    return "A file." if cls is bytes else (cls.__doc__ or "").split("\n")[0]


def _content(cls: type) -> Json:
    if cls is bytes:
        return {"application/octet-stream": {}}
    return {"application/json": {"schema": {"$ref": _COMPONENT + cls.__name__}}}


def _schemas() -> Iterator[tuple[str, Json]]:
    """Every message that a route takes or gives, and the parts within them."""
    told = (cls for door in DOORS for cls in (door.takes, door.gives, door.proposes))
    waiting: list[type] = [Refused, *(cls for cls in told if cls is not None and cls is not bytes)]
    seen: set[type] = set()
    while waiting:
        cls = waiting.pop()
        if cls in seen:
            continue
        seen.add(cls)
        yield cls.__name__, _object(cls)
        waiting += [inner for shape in fields_of(cls).values() if (inner := _part(shape)) is not None]


def _part(shape: Shape) -> type | None:
    if shape.kind == "list":
        return _part(shape_of(shape.inner))
    inner = shape.inner
    return inner if shape.kind == "part" and isinstance(inner, type) and is_dataclass(inner) else None


def _object(cls: type) -> Json:
    properties: dict[str, Json] = {name: _field(shape) for name, shape in fields_of(cls).items()}
    if cls in MESSAGES.values():
        properties = {"type": {"const": name_of(cls)}, **properties}
    return {
        "type": "object",
        "description": _first_line(cls),
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _field(shape: Shape) -> Json:
    plain = _plain(shape)
    return {"anyOf": [plain, {"type": "null"}]} if shape.optional else plain


def _plain(shape: Shape) -> Json:
    if shape.kind == "enum":
        return {"type": "string", "enum": [member.value for member in shape.inner]}
    if shape.kind == "part":
        return {"$ref": _COMPONENT + shape.inner.__name__}
    if shape.kind == "bool":
        return {"type": "boolean"}
    return _bounded(shape)


def _bounded(shape: Shape) -> Json:
    match shape.bound:
        case Text(longest, shortest):
            return {"type": "string", "minLength": shortest, "maxLength": longest}
        case Number(lowest, highest):
            return {"type": "integer", "minimum": lowest, "maximum": highest}
        case Octets(longest, shortest):
            return {"type": "string", "contentEncoding": "base64url", "minLength": -(-shortest * 4 // 3), "maxLength": -(-longest * 4 // 3)}
        case Count(most):
            return {"type": "array", "items": _field(shape_of(shape.inner)), "maxItems": most}
        case None:
            raise TypeError(f"{shape} has no bound")
        case _:
            assert_never(shape.bound)


def main() -> None:
    """Write, or with --check compare and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != generate():
            raise SystemExit(f"{TARGET.name} is stale; run: make gen")
        return
    TARGET.write_text(generate(), encoding="utf-8")


if __name__ == "__main__":
    main()
