// Strict messages on the browser's side: the same verdicts as wire/schema.py, from the tables that `make gen` writes.
// The only place where bytes from outside become values; nothing else may parse JSON.

import {
  ENUMS,
  MESSAGE_NAMES,
  SHAPES,
  type Field,
  type Message,
  type MessageName,
  type ShapeName,
  type Values,
} from "../wire.gen";
import { base64url, fromBase64url, fromUtf8, utf8, type Bytes } from "./bytes";
import { canonical, MalformedMessage, parseJson, type Json, type JsonObject } from "./json";

export { MalformedMessage } from "./json";

/** Canonical bytes of a message. Throws RangeError for a value out of bounds: what we write, we must be able to read. */
export function encode<N extends MessageName>(message: Message<N>): Bytes {
  const fields = plainPart(message.type, message);
  fields["type"] = message.type;
  return checked(canonical(fields), (data) => decode(data, message.type));
}

/** Canonical bytes of a part: the payload of a statement, or bytes that both ends must hash alike. */
export function encodePart<N extends ShapeName>(name: N, value: Values[N]): Bytes {
  return checked(canonical(plainPart(name, value)), (data) => readPart(name, data));
}

/** Canonical bytes of a loose set of texts, numbers and lists, for associated data. */
export function canonicalBytes(value: JsonObject): Bytes {
  return utf8(canonical(value));
}

function checked(text: string, readBack: (data: Bytes) => unknown): Bytes {
  const data = utf8(text);
  try {
    readBack(data);
  } catch (fault) {
    if (fault instanceof MalformedMessage) throw new RangeError(`cannot be written: ${fault.message}`);
    throw fault;
  }
  return data;
}

function plainPart(name: ShapeName, value: object): JsonObject {
  const body: JsonObject = {};
  for (const [field, shape] of fieldsOf(name)) body[field] = plain(shape, (value as Record<string, unknown>)[field]);
  return body;
}

function plain(shape: Field, value: unknown): Json {
  if (value instanceof Uint8Array) return base64url(value);
  if (Array.isArray(value) && shape.kind === "list") return value.map((item) => plain(shape.item, item));
  if (shape.kind === "part" && typeof value === "object" && value !== null) return plainPart(shape.name, value);
  return (value ?? null) as Json;
}

function fieldsOf(name: ShapeName): [string, Field][] {
  return Object.entries(SHAPES[name]);
}

/** Read one message, which must be one of `allowed`. Throws MalformedMessage, and nothing else, on bad input. */
export function decode<N extends MessageName>(data: Uint8Array, ...allowed: readonly N[]): Message<N> {
  const { type, ...body } = parseObject(data);
  for (const name of allowed) {
    if (type === name) return { type: name, ...read(name, body, name) } as Message<N>;
  }
  throw new MalformedMessage("type", "is not expected here");
}

/** Read JSON that holds one part and no `type`. Throws MalformedMessage. */
export function readPart<N extends ShapeName>(name: N, data: Uint8Array): Values[N] {
  return read(name, parseObject(data), name) as Values[N];
}

/** Every name that a message can have. */
export function isMessageName(name: string): name is MessageName {
  return (MESSAGE_NAMES as readonly string[]).includes(name);
}

function parseObject(data: Uint8Array): JsonObject {
  const body = parseJson(textOf(data));
  if (!isObject(body)) throw new MalformedMessage("message", "is not an object");
  return body;
}

function textOf(data: Uint8Array): string {
  try {
    return fromUtf8(data);
  } catch {
    throw new MalformedMessage("message", "is not JSON");
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function read(name: ShapeName, body: JsonObject, path: string): Record<string, unknown> {
  const shapes = fieldsOf(name);
  if (Object.keys(body).some((field) => !Object.hasOwn(SHAPES[name], field))) {
    throw new MalformedMessage(path, "has an unknown field");
  }
  const value: Record<string, unknown> = {};
  for (const [field, shape] of shapes) {
    if (!Object.hasOwn(body, field)) throw new MalformedMessage(path, "has a missing field");
    value[field] = readField(shape, body[field] ?? null, `${path}.${field}`);
  }
  return value;
}

function readField(shape: Field, value: Json, path: string): unknown {
  if (value === null) {
    if (shape.optional === true) return null;
    throw new MalformedMessage(path, "is null");
  }
  switch (shape.kind) {
    case "bool":
      if (typeof value !== "boolean") throw new MalformedMessage(path, "is not true or false");
      return value;
    case "int":
      if (!Number.isSafeInteger(value)) throw new MalformedMessage(path, "is not an integer");
      if ((value as number) < shape.low || (value as number) > shape.high) throw new MalformedMessage(path, "is out of range");
      return value;
    case "str":
      return readText(value, shape.low, shape.high, path);
    case "bytes":
      return readBytes(value, shape.low, shape.high, path);
    case "enum":
      if (!(Object.values(ENUMS[shape.name]) as Json[]).includes(value)) throw new MalformedMessage(path, "is an unknown word");
      return value;
    case "list":
      return readList(value, shape.most, shape.item, path);
    case "part":
      if (!isObject(value)) throw new MalformedMessage(path, "is not an object");
      return read(shape.name, value, path);
  }
}

function readText(value: Json, low: number, high: number, path: string): string {
  if (typeof value !== "string") throw new MalformedMessage(path, "is not a string");
  const length = [...value].length; // code points, as the other language counts
  if (length < low || length > high) throw new MalformedMessage(path, "has a wrong length");
  if (/\p{Surrogate}/u.test(value)) throw new MalformedMessage(path, "holds half a character");
  return value;
}

function readBytes(value: Json, low: number, high: number, path: string): Bytes {
  if (typeof value !== "string") throw new MalformedMessage(path, "is not a string");
  const data = fromBase64url(value);
  if (data === null) throw new MalformedMessage(path, "is not canonical base64url");
  if (data.length < low || data.length > high) throw new MalformedMessage(path, "has a wrong length");
  return data;
}

function readList(value: Json, most: number, item: Field, path: string): unknown[] {
  if (!Array.isArray(value)) throw new MalformedMessage(path, "is not a list");
  if (value.length > most) throw new MalformedMessage(path, "has too many items");
  return value.map((each, index) => readField(item, each, `${path}[${index}]`));
}
