"""Writes tech_console/src/wire.gen.ts, so that the console has no list of its own. Run: python -m wire.gen_ts [--check]

Only what stands in the modules listed here goes out, and only classes that these modules define themselves.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import assert_never

from policy import carrier, decision, permissions, purpose, roles, session
from policy.permissions import TERMS
from policy.session import TRANSITIONS, SessionState
from wire import frames, limits, statements
from wire.messages import administration, audit, call, documents, evidence, handshake, ledger, presence, signin, ticket
from wire.messages import session as session_messages
from wire.schema import MESSAGES, Count, Number, Octets, Shape, Text, fields_of, name_of, shape_of
from wire.sealed import clipboard, direct, files, inner, plain_text, returning, screen, tiles
from wire.sealed import input as input_lane

TARGET = Path(__file__).resolve().parent.parent / "tech_console" / "src" / "wire.gen.ts"

SHAPED: tuple[ModuleType, ...] = (
    statements,
    documents,
    signin,
    administration,
    audit,
    presence,
    ticket,
    call,
    evidence,
    session_messages,
    handshake,
    ledger,
    inner,
    files,
    returning,
    direct,
)
"""Modules whose dataclasses are messages and parts."""
LISTED: tuple[ModuleType, ...] = (
    permissions,
    decision,
    purpose,
    session,
    roles,
    carrier,
    frames,
    *SHAPED,
    clipboard,
    screen,
    tiles,
    input_lane,
)
"""Modules whose enums are closed lists of the wire."""

HEAD = """\
// Written by `make gen` from the Python rooms policy/ and wire/. Do not edit; `make test` compares.
//
// How to read it
//   Permission, Reason, ...  closed lists: a const object and the union type of its values, under one name. ENUMS holds all.
//   Hello, Person, ...       what a message or part looks like in memory. bytes are Bytes, absent values are null, and
//                            names are those of the wire.
//   SHAPES                   the same at run time, for one strict reader and writer. Messages stand under their `type`
//                            (MESSAGE_NAMES lists these), parts under their class name. A field is one of
//        {kind: "bool"}                       true or false
//        {kind: "int", low, high}             an integer within these, both included
//        {kind: "str", low, high}             a string; its length is counted in code points, and no half surrogate is in it
//        {kind: "bytes", low, high}           base64url without padding; its length is counted in bytes
//        {kind: "enum", name}                 one of the values of ENUMS[name]
//        {kind: "list", most, item}           a list of at most `most` fields like `item`
//        {kind: "part", name}                 an object with exactly the fields of SHAPES[name] and no `type`
//      each with `optional: true` when null may stand in its place. The field itself is never left out.
//   A message is the fields of SHAPES[type] and `type`, nothing more, written as docs/protocol.md, section 2 says.
/* eslint-disable */
"""

BYTES_TYPE = """\
/** Bytes in memory of their own, as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;
"""
FIELD_TYPE = """\
export type Field = (
  | { readonly kind: "bool" }
  | { readonly kind: "int" | "str" | "bytes"; readonly low: number; readonly high: number }
  | { readonly kind: "enum"; readonly name: EnumName }
  | { readonly kind: "list"; readonly most: number; readonly item: Field }
  | { readonly kind: "part"; readonly name: ShapeName }
) & { readonly optional?: true };
"""


def generate() -> str:
    """The whole text of wire.gen.ts."""
    shaped = [cls for module in SHAPED for cls in _own(module) if is_dataclass(cls)]
    enums = [cls for module in LISTED for cls in _own(module) if issubclass(cls, Enum)]
    blocks = (HEAD, BYTES_TYPE, *_enum_blocks(enums), *_interfaces(shaped), *_tables(shaped), *_rules(), *_numbers())
    return "\n".join(blocks)


def _own(module: ModuleType) -> Iterator[type]:
    for name, value in vars(module).items():
        if isinstance(value, type) and value.__module__ == module.__name__ and value.__name__ == name:
            yield value


def key_of(cls: type) -> str:
    """Under which name a message or part stands in SHAPES; an enum keeps its own in ENUMS."""
    return name_of(cls) if cls in MESSAGES.values() else cls.__name__


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _comment(cls: type) -> str:
    return f"/** {(cls.__doc__ or '').splitlines()[0]} */"


def _enum_blocks(enums: Sequence[type[Enum]]) -> Iterator[str]:
    for cls in enums:
        members = "".join(f"  {member.name}: {_json(member.value)},\n" for member in cls)
        union = f"export type {cls.__name__} = (typeof {cls.__name__})[keyof typeof {cls.__name__}];"
        yield f"{_comment(cls)}\nexport const {cls.__name__} = {{\n{members}}} as const;\n{union}\n"
    names = "".join(f"  {cls.__name__},\n" for cls in enums)
    yield f"export const ENUMS = {{\n{names}}} as const;\nexport type EnumName = keyof typeof ENUMS;\n"


def _interfaces(shaped: Sequence[type]) -> Iterator[str]:
    for cls in shaped:
        lines = "".join(f"  readonly {name}: {_ts_type(shape)};\n" for name, shape in fields_of(cls).items())
        body = f"export interface {cls.__name__} {{\n{lines}}}" if lines else f"export type {cls.__name__} = Record<never, never>;"
        yield f"{_comment(cls)}\n{body}\n"


_TS_PLAIN = {"bool": "boolean", "int": "number", "str": "string", "bytes": "Bytes"}


def _ts_type(shape: Shape) -> str:
    nothing = " | null" if shape.optional else ""
    if shape.kind == "list":
        return f"readonly {_ts_type(shape_of(shape.inner))}[]{nothing}"
    return (_TS_PLAIN.get(shape.kind) or shape.inner.__name__) + nothing


def _tables(shaped: Sequence[type]) -> Iterator[str]:
    values = "".join(f"  {key_of(cls)}: {cls.__name__};\n" for cls in shaped)
    yield f"/** From a name in SHAPES to what it looks like in memory. */\nexport interface Values {{\n{values}}}\n"
    yield "export type ShapeName = keyof Values;\n"
    names = "".join(f"  {_json(name_of(cls))},\n" for cls in shaped if cls in MESSAGES.values())
    yield f"export const MESSAGE_NAMES = [\n{names}] as const;\nexport type MessageName = (typeof MESSAGE_NAMES)[number];\n"
    yield "/** A message as it is read and written: its fields and its `type`. */"
    yield "export type Message<N extends MessageName = MessageName> = { [K in N]: { readonly type: K } & Values[K] }[N];\n"
    yield FIELD_TYPE
    yield "export const SHAPES: { readonly [N in ShapeName]: { readonly [F in keyof Values[N]]: Field } } = {"
    yield "".join(_shape_block(cls) for cls in shaped) + "};\n"


def _shape_block(cls: type) -> str:
    lines = "".join(f"    {name}: {_field(shape)},\n" for name, shape in fields_of(cls).items())
    return f"  {key_of(cls)}: {{\n{lines}  }},\n"


def _field(shape: Shape) -> str:
    optional = ", optional: true" if shape.optional else ""
    return f'{{ kind: "{shape.kind}"{_details(shape)}{optional} }}'


def _details(shape: Shape) -> str:
    match shape.bound:
        case Number(low, high):
            return f", low: {low}, high: {high}"
        case Text(longest, shortest) | Octets(longest, shortest):
            return f", low: {shortest}, high: {longest}"
        case Count(most):
            return f", most: {most}, item: {_field(shape_of(shape.inner))}"
        case None:
            return f", name: {_json(key_of(shape.inner))}" if shape.inner else ""
        case _:
            assert_never(shape.bound)


def _rules() -> Iterator[str]:
    yield "/** What each permission requires. */\nexport interface Terms {"
    yield "  readonly lane: Lane;\n  readonly direction: Direction;\n  readonly requires: readonly Permission[];"
    yield "  readonly forbidden_on_phi: boolean;\n  readonly available: boolean;\n}\n"
    yield "export const TERMS: { readonly [P in Permission]: Terms } = {"
    for permission, terms in TERMS.items():
        requires = _json(sorted(terms.requires))
        yield f"  {permission}: {{ lane: {int(terms.lane)}, direction: {_json(terms.direction)}, requires: {requires},"
        yield f"    forbidden_on_phi: {_json(terms.forbidden_on_phi)}, available: {_json(terms.available)} }},"
    yield "};\n\n/** The order of a visit. A missing entry is a refusal. */"
    yield "export const TRANSITIONS: { readonly [S in SessionState]: { readonly [E in SessionEvent]?: SessionState } } = {"
    for state in SessionState:
        rows = ", ".join(f"{event}: {_json(after)}" for (before, event), after in TRANSITIONS.items() if before is state)
        yield f"  {state}: {{ {rows} }},"
    yield "};\n"


def _numbers() -> Iterator[str]:
    yield "/** Every bound of wire/limits.py: bytes and seconds unless the name says otherwise. */\nexport const LIMITS = {"
    for name, value in vars(limits).items():
        if name.isupper():
            yield f"  {name}: {value:_},"
    yield "} as const;\n\n/** Longest frame of each kind, its kind byte included. */"
    yield "export const FRAME_MAX: { readonly [K in FrameKind]: number } = {"
    for kind, most in frames.FRAME_MAX.items():
        yield f"  {int(kind)}: {most:_},"
    yield "};\n\n/** The keys of the input lane; their place in this list crosses the wire. */\nexport const KEYS = ["
    yield "".join(f"  {_json(name)},\n" for name in input_lane.KEYS) + "] as const;\nexport type KeyName = (typeof KEYS)[number];\n"
    refused = ", ".join(f"[{first}, {last}]" for first, last in plain_text.TEXT_REFUSED)
    yield "/** Code points that are never in a text one person hands another: first and last of each range, rising. */"
    yield f"export const TEXT_REFUSED: readonly (readonly [number, number])[] = [{refused}];\n"
    moving = ", ".join(str(int(lane)) for lane in sorted(direct.DIRECT_LANES))
    yield f"/** The lanes that move to a direct channel. */\nexport const DIRECT_LANES: readonly Lane[] = [{moving}];\n"
    yield f"export const BUTTONS = {input_lane.BUTTONS};\nexport const SUITE_V1 = {_json(handshake.SUITE_V1)};\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the file, or with --check leave with 1 and the command to run when it is not what would be written."""
    parser = argparse.ArgumentParser(prog="python -m wire.gen_ts", description="Write the console's wire types.")
    parser.add_argument("--check", action="store_true", help="only compare, and fail if the file is stale")
    parser.add_argument("--target", type=Path, default=TARGET, help="where the file stands")
    chosen = parser.parse_args(arguments)
    text = generate()
    if not chosen.check:
        chosen.target.parent.mkdir(parents=True, exist_ok=True)
        chosen.target.write_text(text, encoding="utf-8")
    elif not chosen.target.exists() or chosen.target.read_text(encoding="utf-8") != text:
        parser.exit(1, f"{chosen.target.name} is stale. Run: make gen\n")


if __name__ == "__main__":
    main()
