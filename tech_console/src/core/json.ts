// The strict reader and the one canonical writer of JSON. JSON.parse alone hides what must be refused: a key that stands
// twice, a number written as 1.0, a needless escape. Writing the value again and comparing shows all of them.

import { PeerMisbehaved } from "./bytes";

/** What a message can hold before its fields are checked. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
/** Fields by name. Only own fields count: ask with Object.hasOwn. */
export interface JsonObject {
  [name: string]: Json;
}

/** The bytes are not a message. `path` names the place; content is never quoted. */
export class MalformedMessage extends PeerMisbehaved {
  override name = "MalformedMessage";
  readonly path: string;

  constructor(path: string, why: string) {
    super(`${path} ${why}`);
    this.path = path;
  }
}

/** Parse one JSON text that is written plainly (docs/protocol.md, section 2). Throws MalformedMessage. */
export function parseJson(text: string): Json {
  const { value, plain } = readAndWrite(text);
  if (plain !== text) throw new MalformedMessage("message", "is not written plainly");
  return value;
}

function readAndWrite(text: string): { value: Json; plain: string } {
  try {
    const value = JSON.parse(text) as Json;
    return { value, plain: JSON.stringify(value) };
  } catch {
    throw new MalformedMessage("message", "is not JSON"); // also too deep to be written again
  }
}

/** Sorted keys, no spaces, characters as they are: the only way we write JSON. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(value).toSorted();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
